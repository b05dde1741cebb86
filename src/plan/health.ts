import { formatUsd, type MicroUsd } from '../core/cost.ts'

/** What is known of the calls to one provider in a month. */
export interface ProviderStats {
  provider: string
  /** Calls that have ended. */
  calls: number
  failed: number
  /** 0…1; undefined while no call has ended. */
  successRate?: number
  costMicroUsd: MicroUsd
  /** Of the calls that succeeded. */
  meanCostMicroUsd?: MicroUsd
  /** Of the calls that have ended. */
  meanDurationMs?: number
}

/** One call as the books have it. */
export interface CallFacts {
  provider: string
  state: 'reserved' | 'settled' | 'released' | 'maybe_spent'
  success: boolean | null
  costMicroUsd: MicroUsd
  durationMs: number | null
}

/** Providers by what they cost, then by name. */
export function providerStats(calls: readonly CallFacts[]): ProviderStats[] {
  const names = [...new Set(calls.map((call) => call.provider))]
  return names
    .map((provider) => {
      const own = calls.filter((call) => call.provider === provider)
      const ended = own.filter((call) => call.state !== 'reserved')
      const good = ended.filter((call) => call.success === true)
      const times = ended.flatMap((call) => call.durationMs ?? [])
      return {
        provider,
        calls: ended.length,
        failed: ended.length - good.length,
        ...(ended.length > 0 && { successRate: good.length / ended.length }),
        costMicroUsd: sum(own.map((call) => call.costMicroUsd)),
        ...(good.length > 0 && { meanCostMicroUsd: Math.round(sum(good.map((call) => call.costMicroUsd)) / good.length) }),
        ...(times.length > 0 && { meanDurationMs: Math.round(sum(times) / times.length) }),
      }
    })
    .sort((a, b) => b.costMicroUsd - a.costMicroUsd || (a.provider < b.provider ? -1 : 1))
}

/** What a score is made of. */
export interface HealthFacts {
  limitMicroUsd: MicroUsd | undefined
  /** What may have been spent included. */
  spentMicroUsd: MicroUsd
  reservedMicroUsd: MicroUsd
  providers: readonly ProviderStats[]
  /** Calls that broke off after they were sent. */
  maybeSpent: { calls: number; costMicroUsd: MicroUsd }
}

/** Why points were taken off. */
export interface HealthReason {
  /** Below 0. */
  points: number
  reason: string
}

/** Points that are taken off when at least this share of the month's budget is used. */
const budgetSteps = [
  { from: 1, points: -40 },
  { from: 0.9, points: -25 },
  { from: 0.75, points: -10 },
] as const
/** Points for a provider all of whose calls failed, weighed with its share of the calls. */
const allFailedPoints = -50
const maybeSpentPoints = -5
const mostMaybeSpentPoints = -15
const noLimitPoints = -10

/** 0…100: 100 less what is wrong with budget and providers, each with its reason. */
export function healthScore(facts: HealthFacts): { score: number; reasons: HealthReason[] } {
  const { limitMicroUsd, spentMicroUsd, reservedMicroUsd, maybeSpent } = facts
  const reasons: HealthReason[] = []
  const usedMicroUsd = spentMicroUsd + reservedMicroUsd
  if (limitMicroUsd === undefined) {
    if (usedMicroUsd > 0)
      reasons.push({ points: noLimitPoints, reason: `${formatUsd(usedMicroUsd)} were spent, and there is no monthly limit` })
  } else {
    // Of a limit of 0 nothing can be used up.
    const share = limitMicroUsd === 0 ? (usedMicroUsd > 0 ? 1 : 0) : usedMicroUsd / limitMicroUsd
    const step = budgetSteps.find(({ from }) => share >= from)
    if (step)
      reasons.push({
        points: step.points,
        reason: `${formatUsd(usedMicroUsd)} of the month's ${formatUsd(limitMicroUsd)} are used`,
      })
  }
  const allCalls = sum(facts.providers.map((one) => one.calls))
  for (const { provider, calls, failed } of facts.providers) {
    const points = Math.round((allFailedPoints * failed) / (allCalls || 1))
    if (points < 0) reasons.push({ points, reason: `${failed} of ${calls} calls to ${provider} failed` })
  }
  if (maybeSpent.calls > 0)
    reasons.push({
      points: Math.max(mostMaybeSpentPoints, maybeSpentPoints * maybeSpent.calls),
      reason:
        (maybeSpent.calls === 1
          ? 'a call broke off after it was sent'
          : `${maybeSpent.calls} calls broke off after they were sent`) +
        ` and may have cost ${formatUsd(maybeSpent.costMicroUsd)}`,
    })
  reasons.sort((a, b) => a.points - b.points)
  return { score: Math.max(0, 100 + sum(reasons.map(({ points }) => points))), reasons }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

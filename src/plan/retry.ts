import type { Failure, FailureKind } from '../core/provider-failure.ts'
import type { Random } from '../core/random.ts'

/** What a failed call means for money. */
export type Charge = 'free' | 'maybe' | 'charged'

const charges: Record<FailureKind, Charge> = {
  rejected: 'free',
  auth: 'free',
  money: 'free',
  'rate-limited': 'free',
  server: 'free',
  'not-sent': 'free',
  'maybe-spent': 'maybe',
  'bad-output': 'charged',
  // Given up after it may have been sent.
  aborted: 'maybe',
}

/** Of a failure of unknown kind, nobody knows whether it was paid. */
export function chargeOf(kind: FailureKind | undefined): Charge {
  return kind === undefined ? 'maybe' : charges[kind]
}

/** Calls of one job in all, the first included. */
export const maxAttempts = 4
/** A provider that asks for a longer wait than this fails instead, with the wait in the message. */
export const longestWaitMs = 60_000
const firstBackoffMs = 500
const longestBackoffMs = 8_000
/** Failed rounds of calls in a row after which a provider is left alone for the run. */
const breakerLimit = 5

/** Failures that tell of one job, or of too much haste, and not of the provider. */
const blameless: readonly (FailureKind | undefined)[] = ['rejected', 'rate-limited', 'aborted']

/** Whether a failure brings a provider nearer to being left alone. */
export function countsAgainstProvider(failure: Failure | undefined): boolean {
  return !blameless.includes(failure?.kind)
}

export type RetryDecision =
  | { retry: true; waitMs: number; pausesProvider: boolean }
  | { retry: false; why: 'final' | 'attempts' | 'wait-too-long' }

/**
 * Whether a failed call is made again. Only what certainly cost nothing is ever sent twice.
 * @param attempt - 1 for the first call
 */
export function decideRetry(failure: Failure | undefined, attempt: number, random: Random): RetryDecision {
  const kind = failure?.kind
  if (kind !== 'rate-limited' && kind !== 'server' && kind !== 'not-sent') return { retry: false, why: 'final' }
  const asked = failure?.retryAfterMs
  if (asked !== undefined && asked > longestWaitMs) return { retry: false, why: 'wait-too-long' }
  if (attempt >= maxAttempts) return { retry: false, why: 'attempts' }
  // Full jitter over the upper half: callers that failed together do not come back together.
  const backoffMs = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (attempt - 1)) * random.between(0.5, 1)
  return { retry: true, waitMs: Math.round(Math.max(asked ?? 0, backoffMs)), pausesProvider: kind === 'rate-limited' }
}

/**
 * Whether a failure tells that the provider itself is of no use for the rest of the run.
 * @param failedRounds - in a row, of failures that count against the provider
 */
export function stopsProvider(failure: Failure | undefined, failedRounds: number): boolean {
  return failure?.kind === 'money' || failure?.kind === 'auth' || failedRounds >= breakerLimit
}

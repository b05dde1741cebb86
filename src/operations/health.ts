import * as z from 'zod'
import { formatUsd } from '../core/cost.ts'
import { healthScore, providerStats } from '../plan/health.ts'
import { defineOperation } from './operation.ts'
import { table } from './table.ts'

const amount = z.number().int()

export default defineOperation({
  input: z.strictObject({
    recent: z.number().int().min(0).max(100).default(10).describe('How many of the last calls to list.'),
  }),
  output: z.object({
    score: z.number().int().min(0).max(100),
    reasons: z
      .array(z.object({ points: z.number().int(), reason: z.string() }))
      .describe('What took points off, worst first.'),
    month: z.string().describe('UTC; all figures are of it.'),
    budget: z.object({
      limitMicroUsd: amount.nullable().describe('budget.monthlyUsd; null when there is none.'),
      spentMicroUsd: amount.describe('What may have been spent counts as spent.'),
      reservedMicroUsd: amount.describe('Of calls under way.'),
      leftMicroUsd: amount.nullable(),
    }),
    providers: z.array(
      z.object({
        provider: z.string(),
        calls: z.number().int().describe('Calls that have ended.'),
        failed: z.number().int(),
        successRate: z.number().optional().describe('0…1.'),
        costMicroUsd: amount,
        meanCostMicroUsd: amount.optional().describe('Of the calls that succeeded.'),
        meanDurationMs: z.number().int().optional(),
      }),
    ),
    recent: z
      .array(
        z.object({
          at: z.string(),
          spec: z.string(),
          type: z.string(),
          provider: z.string(),
          model: z.string().nullable(),
          state: z.enum(['reserved', 'settled', 'released', 'maybe_spent']),
          success: z.boolean().nullable(),
          costMicroUsd: amount,
          durationMs: z.number().nullable(),
        }),
      )
      .describe('The last calls, latest first.'),
    cache: z.object({
      hits: z.number().int().describe('Assets made from a cached answer.'),
      misses: z.number().int().describe('Assets for which a provider was asked.'),
      hitRate: z.number().nullable().describe('0…1; null while nothing was made.'),
    }),
  }),
  effect: 'read',
  example: 'assetloom health',
  async run({ recent }, { workspace }) {
    const { ledger, cacheUse } = workspace.generation
    const { month, spentMicroUsd, reservedMicroUsd } = ledger.totals()
    const calls = ledger.rows(month)
    const limitMicroUsd = workspace.options.budget?.monthlyMicroUsd
    const providers = providerStats(calls)
    const broken = calls.filter((call) => call.state === 'maybe_spent')
    const { hits, misses } = cacheUse.of(month)
    return {
      ...healthScore({
        limitMicroUsd,
        spentMicroUsd,
        reservedMicroUsd,
        providers,
        maybeSpent: { calls: broken.length, costMicroUsd: broken.reduce((sum, call) => sum + call.costMicroUsd, 0) },
      }),
      month,
      budget: {
        limitMicroUsd: limitMicroUsd ?? null,
        spentMicroUsd,
        reservedMicroUsd,
        leftMicroUsd: limitMicroUsd === undefined ? null : Math.max(0, limitMicroUsd - spentMicroUsd - reservedMicroUsd),
      },
      providers,
      recent: calls
        .slice(calls.length - Math.min(recent, calls.length))
        .reverse()
        .map(({ at, spec, type, provider, model, state, success, costMicroUsd, durationMs }) => ({
          at,
          spec,
          type,
          provider,
          model,
          state,
          success,
          costMicroUsd,
          durationMs,
        })),
      cache: { hits, misses, hitRate: hits + misses === 0 ? null : hits / (hits + misses) },
    }
  },
  present({ score, reasons, month, budget, providers, recent, cache }) {
    const percent = (fraction: number | undefined | null) => (fraction == null ? '–' : `${Math.round(fraction * 100)}%`)
    const seconds = (ms: number | undefined | null) => (ms == null ? '–' : `${(ms / 1000).toFixed(1)} s`)
    const limit =
      budget.leftMicroUsd === null
        ? 'no monthly limit'
        : `${formatUsd(budget.leftMicroUsd)} of ${formatUsd(budget.limitMicroUsd!)} left`
    const reserved = budget.reservedMicroUsd > 0 ? `, ${formatUsd(budget.reservedMicroUsd)} reserved` : ''
    return [
      `${score} of 100 in ${month}${reasons.length === 0 ? '; nothing to find fault with' : ''}`,
      ...reasons.map(({ points, reason }) => `  ${points}  ${reason}`),
      `budget  ${formatUsd(budget.spentMicroUsd)} spent${reserved}, ${limit}`,
      `cache   ${cache.hitRate === null ? 'nothing was made yet' : `${percent(cache.hitRate)} of ${cache.hits + cache.misses} assets made without asking a provider`}`,
      ...(providers.length > 0 ? ['providers'] : []),
      ...table(
        providers.map((one) => [
          `  ${one.provider}`,
          `${one.calls} calls`,
          `${percent(one.successRate)} good`,
          `${formatUsd(one.costMicroUsd)} in all`,
          one.meanCostMicroUsd === undefined ? '' : `${formatUsd(one.meanCostMicroUsd)} each`,
          `${seconds(one.meanDurationMs)} each`,
        ]),
      ),
      ...(recent.length > 0 ? ['last calls'] : []),
      ...table(
        recent.map((one) => [
          `  ${one.at.slice(0, 19)}`,
          one.success === null ? '…' : one.success ? '✓' : '✗',
          one.spec,
          one.provider,
          formatUsd(one.costMicroUsd),
          seconds(one.durationMs),
        ]),
      ),
    ].join('\n')
  },
})

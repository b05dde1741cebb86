import { describe, expect, it } from 'vitest'
import { healthScore, providerStats, type CallFacts, type HealthFacts } from './health.ts'

const call = (more: Partial<CallFacts> = {}): CallFacts => ({
  provider: 'p',
  state: 'settled',
  success: true,
  costMicroUsd: 40,
  durationMs: 100,
  ...more,
})

describe('providerStats', () => {
  it('counts, and means only what it knows', () => {
    expect(
      providerStats([
        call(),
        call({ costMicroUsd: 61, durationMs: 300 }),
        call({ state: 'released', success: false, costMicroUsd: 0, durationMs: 50 }),
        call({ state: 'maybe_spent', success: false, durationMs: null }),
        call({ state: 'reserved', success: null, durationMs: null }),
        call({ provider: 'dear', costMicroUsd: 900 }),
        call({ provider: 'a-new', state: 'reserved', success: null, durationMs: null, costMicroUsd: 0 }),
      ]),
    ).toEqual([
      { provider: 'dear', calls: 1, failed: 0, successRate: 1, costMicroUsd: 900, meanCostMicroUsd: 900, meanDurationMs: 100 },
      { provider: 'p', calls: 4, failed: 2, successRate: 0.5, costMicroUsd: 181, meanCostMicroUsd: 51, meanDurationMs: 150 },
      { provider: 'a-new', calls: 0, failed: 0, costMicroUsd: 0 },
    ])
  })
})

describe('healthScore', () => {
  const well: HealthFacts = {
    limitMicroUsd: 100,
    spentMicroUsd: 10,
    reservedMicroUsd: 0,
    providers: [{ provider: 'p', calls: 4, failed: 0, costMicroUsd: 10 }],
    maybeSpent: { calls: 0, costMicroUsd: 0 },
  }
  const failing = (failed: number, calls: number) => ({ provider: 'p', calls, failed, costMicroUsd: 0 })

  it.each<[string, Partial<HealthFacts>, number, RegExp[]]>([
    ['all is well', {}, 100, []],
    ['nothing was ever done', { limitMicroUsd: undefined, spentMicroUsd: 0, providers: [] }, 100, []],
    ['a limit of 0 with nothing spent', { limitMicroUsd: 0, spentMicroUsd: 0 }, 100, []],
    ['money without a limit', { limitMicroUsd: undefined }, 90, [/no monthly limit/]],
    ['74% used', { spentMicroUsd: 74 }, 100, []],
    ['75% used', { spentMicroUsd: 75 }, 90, [/\$0\.000075 of/]],
    ['90% used by what is reserved', { spentMicroUsd: 10, reservedMicroUsd: 80 }, 75, [/are used/]],
    ['all used', { spentMicroUsd: 100 }, 60, [/are used/]],
    ['a limit lowered below what is spent', { limitMicroUsd: 0 }, 60, [/are used/]],
    ['half of the calls failed', { providers: [failing(2, 4)] }, 75, [/2 of 4 calls to p failed/]],
    ['one broken off call', { maybeSpent: { calls: 1, costMicroUsd: 40_000 } }, 95, [/may have cost \$0\.04/]],
    ['many broken off calls', { maybeSpent: { calls: 9, costMicroUsd: 1 } }, 85, [/9 calls/]],
    ['all at once, worst first', { spentMicroUsd: 100, providers: [failing(4, 4)], maybeSpent: { calls: 4, costMicroUsd: 1 } }, 0, [/failed/, /used/, /broke off/]],
  ])('%s', (_, more, score, reasons) => {
    const health = healthScore({ ...well, ...more })
    expect(health.score).toBe(score)
    expect(health.reasons).toHaveLength(reasons.length)
    for (const [i, pattern] of reasons.entries()) expect(health.reasons[i]!.reason).toMatch(pattern)
  })
})

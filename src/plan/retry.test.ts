import { describe, expect, it } from 'vitest'
import type { Failure, FailureKind } from '../core/provider-failure.ts'
import { createRandom } from '../core/random.ts'
import { chargeOf, countsAgainstProvider, decideRetry, longestWaitMs, maxAttempts, stopsProvider } from './retry.ts'

const random = createRandom('retry')
const failure = (kind: FailureKind, more: Partial<Failure> = {}): Failure => ({
  kind,
  provider: 'p',
  message: 'm',
  ...more,
})

describe('decideRetry', () => {
  it.each<[FailureKind, boolean]>([
    ['rate-limited', true],
    ['server', true],
    ['not-sent', true],
    ['rejected', false],
    ['auth', false],
    ['money', false],
    ['maybe-spent', false],
    ['bad-output', false],
    ['aborted', false],
  ])('%s is sent again: %s', (kind, isRetried) => {
    expect(decideRetry(failure(kind), 1, random).retry).toBe(isRetried)
    // What is sent again must never have cost anything.
    if (isRetried) expect(chargeOf(kind)).toBe('free')
  })

  it('waits longer each time, differently each time, and no longer than the cap without being asked', () => {
    const waits = Array.from({ length: 200 }, (_, i) => decideRetry(failure('server'), 1 + (i % 3), random)).map(
      (one) => (one.retry ? one.waitMs : NaN),
    )
    for (const [i, wait] of waits.entries()) {
      const full = 500 * 2 ** (i % 3)
      expect(wait).toBeGreaterThanOrEqual(full / 2)
      expect(wait).toBeLessThanOrEqual(full)
    }
    expect(new Set(waits).size).toBeGreaterThan(100)
  })

  it('honours Retry-After up to the cap', () => {
    expect(decideRetry(failure('rate-limited', { retryAfterMs: 20_000 }), 1, random)).toEqual({
      retry: true,
      waitMs: 20_000,
      pausesProvider: true,
    })
    expect(decideRetry(failure('rate-limited', { retryAfterMs: longestWaitMs + 1 }), 1, random)).toEqual({
      retry: false,
      why: 'wait-too-long',
    })
  })

  it('gives up after the last attempt', () => {
    expect(decideRetry(failure('server'), maxAttempts, random)).toEqual({ retry: false, why: 'attempts' })
  })

  it('takes a failure of unknown kind for one that may have cost money', () => {
    expect(decideRetry(undefined, 1, random)).toEqual({ retry: false, why: 'final' })
    expect(chargeOf(undefined)).toBe('maybe')
  })
})

it.each<[FailureKind, number, boolean]>([
  ['money', 1, true],
  ['auth', 1, true],
  ['server', 4, false],
  ['server', 5, true],
  ['rejected', 1, false],
])('after %s, %i failed rounds in a row, the provider is stopped: %s', (kind, inARow, isStopped) =>
  expect(stopsProvider(failure(kind), inARow)).toBe(isStopped),
)

it.each<[FailureKind, boolean]>([
  ['server', true],
  ['not-sent', true],
  ['maybe-spent', true],
  ['bad-output', true],
  ['rejected', false],
  ['rate-limited', false],
  ['aborted', false],
])('%s counts against the provider: %s', (kind, counts) => expect(countsAgainstProvider(failure(kind))).toBe(counts))

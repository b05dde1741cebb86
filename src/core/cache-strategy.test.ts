import { describe, expect, it } from 'vitest'
import { isGivenUp, mostKeeping, restMs } from './cache-strategy.ts'

describe('isGivenUp', () => {
  it.each([
    ['aggressive', false, restMs * 10, false],
    ['moderate', true, restMs, false],
    ['moderate', true, restMs + 1, true],
    ['moderate', false, 0, false],
    ['minimal', true, restMs, false],
    ['minimal', true, restMs + 1, true],
    ['minimal', false, 0, true],
  ] as const)('%s: present %s, unused for %i ms: %s', (strategy, isPresent, unusedMs, expected) => {
    expect(isGivenUp(strategy, { isPresent, unusedMs })).toBe(expected)
  })
})

it('of several strategies the one that keeps most holds', () => {
  expect(mostKeeping(['minimal', 'aggressive', 'moderate'])).toBe('aggressive')
  expect(mostKeeping(['minimal', 'moderate'])).toBe('moderate')
  expect(mostKeeping([])).toBeUndefined()
})

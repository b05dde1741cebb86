import { describe, expect, it } from 'vitest'
import { planPrune } from './prune-plan.ts'

const sizes = new Map([
  ['a', 40],
  ['b', 40],
  ['c', 40],
])
const records = [
  { key: 'old', hashes: ['a'], usedAtMs: 1 },
  { key: 'middle', hashes: ['b'], usedAtMs: 2 },
  { key: 'new', hashes: ['c'], usedAtMs: 3 },
]
const plan = (more: Partial<Parameters<typeof planPrune>[0]>) =>
  planPrune({ records, sizes, maxBytes: 1000, live: new Set(), ...more })

describe('planPrune', () => {
  it('keeps all that fits', () => expect(plan({})).toEqual({ keys: [], hashes: [], keptBytes: 120 }))
  it('drops what was used longest ago', () =>
    expect(plan({ maxBytes: 80 })).toEqual({ keys: ['old'], hashes: ['a'], keptBytes: 80 }))
  it('drops nothing newer than what it keeps', () =>
    expect(plan({ maxBytes: 79 })).toMatchObject({ keys: ['middle', 'old'], hashes: ['a', 'b'] }))
  it('keeps a blob that a newer record needs too', () =>
    expect(plan({ records: [...records, { key: 'newest', hashes: ['a'], usedAtMs: 9 }], maxBytes: 40 })).toEqual({
      keys: ['middle', 'new', 'old'],
      hashes: ['b', 'c'],
      keptBytes: 40,
    }))
  it('never drops what is live', () => expect(plan({ maxBytes: 0, live: new Set(['b']) }).hashes).toEqual(['a', 'c']))
  it('forgets records whose blob is gone', () =>
    expect(plan({ sizes: new Map([['a', 40]]) }).keys).toEqual(['middle', 'new']))
})

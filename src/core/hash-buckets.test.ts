import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashBuckets } from './hash-buckets.ts'

const names = fc.uniqueArray(fc.string({ maxLength: 6 }), { maxLength: 60 })

describe('hashBuckets', () => {
  it('holds every name once, in buckets no larger than asked, whatever the order', () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 9 }), (all, largest) => {
        const buckets = hashBuckets(all, largest)
        expect([...buckets.values()].flat().sort()).toEqual([...all].sort())
        for (const members of buckets.values()) expect(members.length).toBeLessThanOrEqual(largest)
        expect(hashBuckets(all.toReversed(), largest)).toEqual(buckets)
      }),
    )
  })

  it('changes or splits one bucket for one name more', () => {
    fc.assert(
      fc.property(names, fc.string({ minLength: 7 }), (all, added) => {
        const before = hashBuckets(all, 8)
        const after = hashBuckets([...all, added], 8)
        const gone = [...before].filter(([bits, members]) => after.get(bits)?.join('\0') !== members.join('\0'))
        expect(gone.length).toBeLessThanOrEqual(1)
      }),
    )
  })
})

import { sha256 } from './digest.ts'

/**
 * Share names out over buckets of at most `largest`, so that one more name changes one bucket: a bucket that grows too
 * large splits in two by the next bit of the names' digests, and no other bucket knows of it. The buckets depend on
 * the set of names only, not on the order in which they came.
 * @returns names, sorted, by the bits that their digests begin with; empty bits when all fit into one bucket
 */
export function hashBuckets(names: readonly string[], largest: number): Map<string, string[]> {
  const buckets = new Map<string, string[]>()
  const place = (bits: string, members: { name: string; digest: string }[]) => {
    if (members.length <= largest || bits.length === 32) {
      if (members.length > 0 || bits === '') buckets.set(bits, members.map((member) => member.name))
      return
    }
    for (const bit of ['0', '1'])
      place(bits + bit, members.filter(({ digest }) => bitAt(digest, bits.length) === bit))
  }
  place('', [...new Set(names)].sort().map((name) => ({ name, digest: sha256(name) })))
  return buckets
}

function bitAt(hexDigest: string, index: number): string {
  return (parseInt(hexDigest[index >> 2]!, 16) >> (3 - (index & 3))) & 1 ? '1' : '0'
}

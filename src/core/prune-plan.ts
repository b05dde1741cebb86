/** One record of the derived layer: a key and the blobs it needs. */
export interface DerivedRecord {
  key: string
  hashes: readonly string[]
  usedAtMs: number
}

export interface PrunePlan {
  /** Records to forget, with the blobs that only they needed. */
  keys: string[]
  hashes: string[]
  keptBytes: number
}

/**
 * Which processed files to drop so that the rest fits: those used longest ago go first.
 * A blob that a kept record needs, or that `live` names, is never dropped.
 * @param sizes - bytes of every derived blob on the disk, by hash
 */
export function planPrune(input: {
  records: readonly DerivedRecord[]
  sizes: ReadonlyMap<string, number>
  maxBytes: number
  live: ReadonlySet<string>
}): PrunePlan {
  const kept = new Set<string>()
  const keys: string[] = []
  let keptBytes = 0
  let isFull = false
  const newestFirst = [...input.records].sort((a, b) => b.usedAtMs - a.usedAtMs || (a.key < b.key ? -1 : 1))
  for (const { key, hashes } of newestFirst) {
    const fresh = [...new Set(hashes)].filter((hash) => !kept.has(hash))
    const bytes = fresh.reduce((sum, hash) => sum + (input.sizes.get(hash) ?? 0), 0)
    // What is gone from the disk is no cache; what came after the first that did not fit is older still.
    isFull ||= keptBytes + bytes > input.maxBytes
    if (isFull || hashes.some((hash) => !input.sizes.has(hash))) keys.push(key)
    else {
      for (const hash of fresh) kept.add(hash)
      keptBytes += bytes
    }
  }
  const named = new Set(input.records.flatMap(({ hashes }) => hashes))
  const hashes = [...input.sizes.keys()]
    .filter((hash) => named.has(hash) && !kept.has(hash) && !input.live.has(hash))
    .sort()
  return { keys: keys.sort(), hashes, keptBytes }
}

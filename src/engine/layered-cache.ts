import type { BlobPort, CachePort, SharedPort } from './ports.ts'

/** Records and their blobs: local first, then the team's; what the team has is kept locally. */
export interface LayeredCache<R> {
  get(key: string): Promise<{ record: R; blobs: Uint8Array[] } | undefined>
  /** @param recordOf - makes the record, given the digests of the blobs @returns the record */
  set(key: string, blobs: readonly Uint8Array[], recordOf: (hashes: string[]) => R): Promise<R>
}

/**
 * @param layer - prefix of the keys and layer of the blobs
 * @param hashesOf - the blobs that a record needs; one that is missing or damaged makes the record a miss
 */
export function createLayeredCache<R>(input: {
  layer: 'raw' | 'derived'
  blobs: BlobPort
  cache: CachePort
  shared: SharedPort | undefined
  hashesOf(record: R): string[]
}): LayeredCache<R> {
  const { layer, blobs, cache, shared, hashesOf } = input
  const name = (key: string) => `${layer}:${key}`

  const blobOf = async (hash: string): Promise<Uint8Array | undefined> => {
    const local = blobs.get(hash)
    if (local) return local
    const remote = await shared?.getBlob(hash)
    if (remote) await blobs.put(layer, remote)
    return remote
  }

  return {
    async get(key) {
      const local = await cache.get<R>(name(key))
      const record = local ?? (await shared?.getRecord<R>(name(key)))
      if (!record) return undefined
      const found: Uint8Array[] = []
      const hashes = hashesOf(record)
      // Others write to the team's store, too: what is no record of ours is a miss.
      if (!Array.isArray(hashes) || hashes.some((hash) => typeof hash !== 'string')) return undefined
      for (const hash of hashes) {
        const bytes = await blobOf(hash)
        if (!bytes) return undefined
        found.push(bytes)
      }
      if (!local) await cache.set(name(key), record)
      return { record, blobs: found }
    },
    async set(key, bytes, recordOf) {
      const hashes: string[] = []
      for (const one of bytes) {
        const hash = await blobs.put(layer, one)
        await shared?.setBlob(hash, one)
        hashes.push(hash)
      }
      const record = recordOf(hashes)
      await cache.set(name(key), record)
      await shared?.setRecord(name(key), record)
      return record
    },
  }
}

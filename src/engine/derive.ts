import { digestOf } from '../core/digest.ts'
import type { MediaBytes } from '../core/media.ts'
import { createLayeredCache } from './layered-cache.ts'
import type { BlobPort, CachePort, LockPort, SharedPort } from './ports.ts'

/** A processed file and what it was found to be. */
export interface DerivedFile {
  hash: string
  bytes: Uint8Array
  mediaType: string
  widthPx?: number
  heightPx?: number
}

interface DerivedRecord {
  hash: string
  /** Digest of what it was made of. */
  source: string
  mediaType: string
  widthPx?: number
  heightPx?: number
}

export interface Deriver {
  /**
   * The file that a transform makes of the bytes with a digest; made once, whoever asks.
   * @param input.recipe - everything that changes the result besides the bytes; enters the key
   * @param input.read - the source bytes, asked for only when the file is not in the cache
   */
  derive(input: {
    sourceHash: string
    recipe: unknown
    read(): Promise<Uint8Array> | Uint8Array
    make(bytes: Uint8Array): Promise<MediaBytes & { widthPx?: number; heightPx?: number }>
  }): Promise<DerivedFile>
}

/** Bump when the meaning of a derived key changes. */
const derivedKeyFormat = 1

/** Jobs under way in this process, over all plugin instances and environments of a project. */
const inFlight = new Map<string, Promise<DerivedFile>>()

/**
 * @param ports.project - tells projects of one process apart
 * @param ports.toolVersions - of the libraries that encode; part of every key
 */
export function createDeriver(ports: {
  project: string
  blobs: BlobPort
  cache: CachePort
  shared: SharedPort | undefined
  lock: LockPort
  toolVersions(): Promise<unknown>
  /** Bounds the encodes of the whole process. */
  queue<T>(work: () => Promise<T>): Promise<T>
}): Deriver {
  const layered = createLayeredCache<DerivedRecord>({ ...ports, layer: 'derived', hashesOf: (record) => [record.hash] })
  const fromCache = async (key: string): Promise<DerivedFile | undefined> => {
    const found = await layered.get(key)
    return found && { ...found.record, bytes: found.blobs[0]! }
  }
  let tools: Promise<unknown> | undefined
  return {
    async derive({ sourceHash, recipe, read, make }) {
      const key = digestOf({
        format: derivedKeyFormat,
        source: sourceHash,
        recipe,
        tools: await (tools ??= ports.toolVersions()),
      })
      const flight = `${ports.project}\n${key}`
      const running = inFlight.get(flight)
      if (running) return running
      const work = async (): Promise<DerivedFile> => {
        const cached = await fromCache(key)
        if (cached) return cached
        // The queue first: a build asks for thousands at once, and only those that are made hold a lock and their
        // source.
        return ports.queue(() =>
          ports.lock.alone(key, async () => {
            // Another process may have made it while this one waited.
            const made = await fromCache(key)
            if (made) return made
            const { bytes, mediaType, widthPx, heightPx } = await make(await read())
            const record = await layered.set(key, [bytes], ([hash]) => ({
              hash: hash!,
              source: sourceHash,
              mediaType,
              ...(widthPx && { widthPx }),
              ...(heightPx && { heightPx }),
            }))
            return { ...record, bytes }
          }),
        )
      }
      const flying = work().finally(() => inFlight.delete(flight))
      inFlight.set(flight, flying)
      return flying
    },
  }
}

import pLimit from 'p-limit'
import { contentHash } from '../core/digest.ts'
import type { Blobs } from './blobs.ts'
import type { SharedCache } from './shared-cache.ts'

/** The bytes of versions: in the project's own blobs and, where there is one, in the team's cache. */
export interface VersionBlobs {
  isKept(hash: string): boolean
  /**
   * Keep bytes; those that are kept already cost a look here and, where there is one, in the team's cache. They are on the
   * disk once {@link flush} returns.
   * @returns their hash
   * @throws WRITE_FAILED
   */
  keep(bytes: Uint8Array, hash?: string): string
  /** What was kept is on the disk when this returns: call it before anything names the bytes. @throws WRITE_FAILED */
  flush(): void
  /** From blobs of any layer, then from the team's cache. */
  get(hash: string): Promise<Uint8Array | undefined>
  /** What is on its way to the team's cache has arrived. */
  settled(): Promise<void>
}

/** Blobs on their way at once; each is read when its turn comes, so that an import does not hold them all. */
const sendsAtOnce = 4

export function createVersionBlobs({ blobs, shared }: { blobs: Blobs; shared: SharedCache | undefined }): VersionBlobs {
  const queue = pLimit(sendsAtOnce)
  const underWay = new Set<Promise<void>>()
  /** @param isNew - it was not here before, so that this machine never sent it */
  const send = (hash: string, isNew: boolean) => {
    const sending = queue(async () => {
      if (!isNew && (await shared!.hasBlob(hash))) return
      const bytes = blobs.get(hash)
      if (bytes) await shared!.setBlob(hash, bytes)
    }).finally(() => underWay.delete(sending))
    underWay.add(sending)
  }
  const keepHere = (hash: string, bytes: Uint8Array) => {
    try {
      blobs.keep(hash, bytes)
      blobs.flush()
    } catch {
      // The team's cache gives it again.
    }
  }
  return {
    isKept: blobs.isKept,
    flush: blobs.flush,
    keep(bytes, hash = contentHash(bytes)) {
      const isNew = !blobs.isKept(hash)
      if (isNew) blobs.keep(hash, bytes)
      // What is kept may be older than the team's cache.
      if (shared) send(hash, isNew)
      return hash
    },
    async get(hash) {
      const local = blobs.get(hash)
      if (local || !shared) return local
      const bytes = await shared.getBlob(hash)
      if (bytes) keepHere(hash, bytes)
      return bytes
    },
    async settled() {
      await Promise.all(underWay)
    },
  }
}

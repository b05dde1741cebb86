import pLimit from 'p-limit'
import { contentHash } from '../core/digest.ts'
import type { Blobs } from './blobs.ts'
import type { SharedCache } from './shared-cache.ts'

/** The bytes of versions: in the project's own blobs and, where there is one, in the team's cache. */
export interface VersionBlobs {
  isKept(hash: string): boolean
  /** Keep bytes; those that are kept already cost a look. @returns their hash */
  keep(bytes: Uint8Array, hash?: string): string
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
  const send = (hash: string) => {
    const sending = queue(async () => {
      const bytes = blobs.get(hash)
      if (bytes) await shared!.setBlob(hash, bytes)
    }).finally(() => underWay.delete(sending))
    underWay.add(sending)
  }
  return {
    isKept: blobs.isKept,
    keep(bytes, hash = contentHash(bytes)) {
      if (blobs.isKept(hash)) return hash
      blobs.keep(hash, bytes)
      if (shared) send(hash)
      return hash
    },
    async get(hash) {
      const local = blobs.get(hash)
      if (local || !shared) return local
      const bytes = await shared.getBlob(hash)
      if (bytes) blobs.keep(hash, bytes)
      return bytes
    },
    async settled() {
      await Promise.all(underWay)
    },
  }
}

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import { recordedFiles, type Entry } from '../core/manifest.ts'
import { requireVersion, type AssetHistory } from '../core/version/find-version.ts'
import { entryOfSnapshot, snapshotDigest, snapshotOf, type VersionState } from '../core/version/snapshot.ts'
import type { VersionBlobs } from './version-blobs.ts'

const bytesGone = defineError('VERSION_BYTES_GONE', {
  summary: 'The history tells of a version whose bytes are on this machine no more.',
  message: (d: { ref: string; version: string; what: string; hash: string }) =>
    `${d.what} of ${d.ref}@${d.version} is neither in .assetloom nor in a shared cache (${d.hash}).`,
  hint: (d) =>
    `Set cache.shared to what the machine that made it uses, copy its .assetloom/blobs, or take the file from git: git log -- ${d.what}.`,
  http: 404,
})

/**
 * The state of an asset at a version.
 * @param name - a version, a label, or a branch, which stands for its newest version
 * @throws VERSION_UNKNOWN, VERSION_BYTES_GONE naming the blob
 */
export async function readVersion(
  history: AssetHistory,
  name: string,
  { root, blobs }: { root: string; blobs: VersionBlobs },
): Promise<VersionState> {
  const { ref } = history
  const { version, digest, date } = requireVersion(history, name)
  const gone = (what: string, hash: string) => bytesGone({ ref, version, what, hash }, { details: { ref, version, hash } })
  const entryAt = async (): Promise<Entry> => {
    if (snapshotDigest(snapshotOf(history.entry)) === digest) return { ...history.entry, version }
    const snapshot = await blobs.get(digest)
    if (snapshot) return entryOfSnapshot(new TextDecoder().decode(snapshot), version, date)
    // Its source may have been noted anew since the line was written; the state is the same.
    if (history.entry.version === version) return history.entry
    throw gone('What the manifest said', digest)
  }
  const entry = await entryAt()
  const files = recordedFiles(entry).flatMap(({ file, hash }) => (hash === undefined ? [] : [{ file, hash }]))
  return {
    version,
    entry,
    files: files.map(({ file, hash }) => ({
      file,
      hash,
      async read() {
        const bytes = (await blobs.get(hash)) ?? fromDisk(join(root, file), hash)
        if (!bytes) throw gone(file, hash)
        return bytes
      },
    })),
  }
}

/** After a fresh checkout the present files are on the disk and in no blob. */
function fromDisk(path: string, hash: string): Uint8Array | undefined {
  if (!existsSync(path)) return undefined
  const bytes = readFileSync(path)
  return contentHash(bytes) === hash ? bytes : undefined
}

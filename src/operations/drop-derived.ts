import { statSync } from 'node:fs'
import type { Workspace } from '../workspace.ts'
import { derivedRecords, hash8Set, removeServed, servedFiles } from './cache-contents.ts'
import { heldHashes } from './reachable-blobs.ts'

/**
 * Forget records of processed files, and take away the files that only they named.
 * @returns bytes of these files
 */
export async function dropDerived(workspace: Workspace, going: readonly { key: string; hash: string }[]): Promise<number> {
  for (const { key } of going) await workspace.cache.delete(key)
  // The same bytes may have been made of another source, or be a file of the project.
  const kept = new Set([...heldHashes(workspace), ...derivedRecords(workspace).flatMap(({ hashes }) => hashes)])
  const gone = new Set(going.map(({ hash }) => hash).filter((hash) => !kept.has(hash)))
  let freedBytes = 0
  for (const hash of gone) {
    freedBytes += statSync(workspace.blobs.derivedPath(hash), { throwIfNoEntry: false })?.size ?? 0
    await workspace.blobs.remove('derived', hash)
  }
  const gone8 = hash8Set(gone)
  for (const file of servedFiles(workspace)) if (gone8.has(file.hash8)) removeServed(file)
  return freedBytes
}

import { existsSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hash8 } from '../core/digest.ts'
import type { DerivedRecord } from '../core/prune-plan.ts'
import type { Workspace } from '../workspace.ts'

/** A file handed to a host bundler. */
export interface ServedFile {
  path: string
  hash8: string
  sizeBytes: number
}

/** Files under `.assetloom/files/<hash8>/`. */
export function servedFiles(workspace: Workspace): ServedFile[] {
  const { folder } = workspace.served
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(join(folder, name), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => {
          const path = join(folder, name, entry.name)
          return { path, hash8: name, sizeBytes: statSync(path).size }
        }),
    )
}

/** Take a served file away, and its folder when it was the last. */
export function removeServed({ path }: ServedFile): void {
  rmSync(path, { force: true })
  try {
    rmdirSync(join(path, '..'))
  } catch {
    // Others lie beside it.
  }
}

/** Records of the derived layer with the blobs they name. */
export function derivedRecords(workspace: Workspace): DerivedRecord[] {
  return workspace.cache
    .records('derived:')
    .map(({ key, usedAtMs, value }) => ({ key, usedAtMs, hashes: hashesIn(value) }))
}

/** Every digest in a record, whatever its shape. */
function hashesIn(value: unknown): string[] {
  return [...new Set(JSON.stringify(value ?? null).match(/sha256:[0-9a-f]{64}/g) ?? [])]
}

/** Digests that the manifest names: of files, formats and raw answers. */
export function manifestHashes(workspace: Workspace): Set<string> {
  const hashes = new Set<string>()
  for (const entry of Object.values(workspace.manifest.read().assets))
    for (const hash of hashesIn(entry)) hashes.add(hash)
  return hashes
}

export function hash8Set(hashes: Iterable<string>): Set<string> {
  return new Set([...hashes].map(hash8))
}

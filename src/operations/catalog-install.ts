import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import { findAsset } from '../core/find-asset.ts'
import { refreshLock } from '../core/graph/lock.ts'
import type { Entry } from '../core/manifest.ts'
import { entryOf, plannedBytes, plannedFiles } from '../workspace/catalog-entry.ts'
import { fetchedDigest, type CheckedContent, type FetchedAsset } from '../workspace/catalogs.ts'
import type { Workspace } from '../workspace.ts'
import { refreshSources } from './asset-change.ts'

/* An asset of a catalog as one of the project. */

const taken = defineError('CATALOG_PROJECT_TAKEN', {
  summary: 'The project has another asset, or a file of its own, where one of a catalog is to go.',
  message: (d: { ref: string; why: string }) => `${d.ref} cannot be added to the project: ${d.why}.`,
  hint: () => 'Nothing was changed. Look with --dry-run --diff; move or delete what is there to take that of the catalog.',
  exit: 5,
})

export function isInProject(ref: string, { manifest }: Workspace): boolean {
  return findAsset(manifest.read().assets, ref) !== undefined
}

/**
 * Put an asset into the project: files first, then the manifest.
 * @returns false when it is there already
 * @throws CATALOG_PROJECT_TAKEN
 */
export async function addToProject(asset: FetchedAsset, content: CheckedContent, workspace: Workspace): Promise<boolean> {
  const { root } = workspace.options
  const { ref } = asset.row
  const digest = fetchedDigest(asset)
  const known = findAsset(workspace.manifest.read().assets, ref)
  if (known?.entry.source.type === 'catalog' && known.entry.source.digest === digest && isUnchanged(known.entry, root)) return false
  const places = plannedFiles(asset, content, workspace)
  const bytes = plannedBytes(asset, content)
  const staged: string[] = []
  try {
    for (const one of bytes) staged.push(await workspace.stageBytes(one, contentHash(one)))
    workspace.manifest.update((draft, changes) => {
      if (findAsset(draft.assets, ref)) throw taken({ ref, why: 'it has an asset of that name' })
      for (const [i, place] of places.entries()) {
        const path = resolve(root, place)
        // Items of one folder may share a style sheet.
        if (existsSync(path) && contentHash(readFileSync(path)) !== contentHash(bytes[i]!)) throw taken({ ref, why: `${place} exists already` })
        changes.place(staged[i]!, path)
      }
      draft.assets[ref] = entryOf(asset, content, places, digest, workspace)
      refreshLock(draft)
    }, { message: `Added from ${asset.catalog}` })
  } finally {
    for (const temporary of staged) workspace.dropTemporary(temporary)
  }
  await refreshSources(workspace)
  return true
}

function isUnchanged(entry: Entry, root: string): boolean {
  return [{ file: entry.file!, hash: entry.hash }, ...(entry.files ?? [])].every(({ file, hash }) => {
    const path = resolve(root, file)
    return existsSync(path) && contentHash(readFileSync(path)) === hash
  })
}

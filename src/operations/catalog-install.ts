import { existsSync, readFileSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import { findAsset } from '../core/find-asset.ts'
import { refreshLock } from '../core/graph/lock.ts'
import { itemEntry } from '../core/kinds/item-entry.ts'
import type { Entry } from '../core/manifest.ts'
import { fetchedDigest, type CheckedContent, type FetchedAsset } from '../workspace/catalogs.ts'
import type { Workspace } from '../workspace.ts'
import { contentMembers, refreshSources } from './asset-change.ts'

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

/** Where the files of an asset stand in the project, relative to it, in the order of the asset's. */
export function plannedFiles({ row, files }: FetchedAsset, content: CheckedContent, { options }: Workspace): string[] {
  const main = content.form === 'item' ? content.file : `${options.assetsDir}/${row.ref}${extname(files[0]!.path)}`
  return [main, ...files.slice(1).map(({ path }) => `${dirname(main)}/${path}`)]
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
  const bytes = asset.files.map((file, i) => (i === 0 && content.form === 'media' ? content.media.bytes : file.bytes))
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

function entryOf(asset: FetchedAsset, content: CheckedContent, places: readonly string[], digest: string, workspace: Workspace): Entry {
  const { row, catalog, from, revision, files } = asset
  const now = workspace.timestamp()
  const origin = { type: 'catalog' as const, catalog, from, revision, sha: row.sha, path: files[0]!.source, digest }
  if (content.form === 'item') {
    const { item, content: measured } = content.read
    return { ...itemEntry(item, measured, now), source: { ...origin, base: measured.digest } }
  }
  const hash = contentHash(content.media.bytes)
  return {
    id: row.ref,
    file: places[0]!,
    ...(files.length > 1 && { files: files.slice(1).map(({ bytes }, i) => ({ file: places[i + 1]!, hash: contentHash(bytes), size: bytes.length })) }),
    category: row.category,
    name: row.name,
    ...(row.description !== '' && { description: row.description }),
    ...(row.tags.length > 0 && { tags: [...row.tags] }),
    ...(row.license !== undefined && { license: row.license }),
    ...(Object.keys(row.dependencies).length > 0 && { dependencies: { ...row.dependencies } }),
    ...contentMembers(content.media, hash),
    version: row.version ?? '1.0.0',
    created: now,
    modified: now,
    source: { ...origin, base: hash },
  }
}

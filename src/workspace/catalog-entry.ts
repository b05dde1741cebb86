import { dirname, extname } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { itemEntry } from '../core/kinds/item-entry.ts'
import type { Entry } from '../core/manifest.ts'
import type { Workspace } from '../workspace.ts'
import type { CheckedContent, FetchedAsset } from './catalogs.ts'
import { contentMembers } from './media-members.ts'

/* What an asset of a catalog would be in a project. */

/** Where the files of an asset stand in the project, relative to it, in the order of the asset's. */
export function plannedFiles({ row, files }: FetchedAsset, content: CheckedContent, { options }: Workspace): string[] {
  const main = content.form === 'item' ? content.file : `${options.assetsDir}/${row.ref}${extname(files[0]!.path)}`
  return [main, ...files.slice(1).map(({ path }) => `${dirname(main)}/${path}`)]
}

/** The bytes of the files in the project: media are cleaned. */
export function plannedBytes({ files }: FetchedAsset, content: CheckedContent): Uint8Array[] {
  return files.map(({ bytes }, i) => (i === 0 && content.form === 'media' ? content.media.bytes : bytes))
}

/**
 * The manifest's entry of an asset.
 * @param places - see {@link plannedFiles}
 * @param digest - of what the catalog gave
 */
export function entryOf(asset: FetchedAsset, content: CheckedContent, places: readonly string[], digest: string, workspace: Workspace): Entry {
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

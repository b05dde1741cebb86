import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import gt from 'semver/functions/gt.js'
import { recordedFiles } from '../core/manifest.ts'
import { nextVersion } from '../core/version-step.ts'
import { mergeFiles, type MergeConflict } from '../core/version/merge-files.ts'
import { byPath, requireBaseFiles, type AssetUpdate, type FilesByPath } from '../workspace/catalog-updates.ts'
import type { CatalogHit, CheckedContent, FetchedAsset } from '../workspace/catalogs.ts'
import { mergeItem } from '../workspace/merge.ts'
import type { ReadItem, ReadMedia, Workspace } from '../workspace.ts'

/** What the user and a catalog made of one asset, in one: files by path in its folder. */
export type JoinedFiles = { files: FilesByPath; version: string } & ({ form: 'item'; read: ReadItem } | { form: 'media'; media: ReadMedia })

/**
 * Merge three ways: what was taken over, what is here, what the catalog has. Binaries that both sides changed are a
 * conflict.
 * @throws CATALOG_BASE_GONE, and ITEM_INVALID when what is here is no valid item
 */
export async function joinFiles(
  update: AssetUpdate & { hit: CatalogHit },
  theirs: FetchedAsset,
  content: CheckedContent,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<JoinedFiles | { conflicts: readonly MergeConflict[] }> {
  const sides = { base: await requireBaseFiles(update, workspace, signal), ours: await ourFiles(update, workspace), theirs: byPath(theirs) }
  if (content.form === 'item') {
    const { version: upstream } = content.read.item.head
    const version = update.layer === 'project' ? versionAfter(update.entry.version, upstream) : upstream
    const merged = await mergeItem(workspace.library, { file: content.file, sides, version })
    return merged.read ? { form: 'item', files: merged.files, read: merged.read, version } : { conflicts: merged.conflicts }
  }
  const main = theirs.files[0]!.path
  // What the project has was cleaned when it came in; so must be what it is compared with.
  const cleaned = async (files: FilesByPath): Promise<FilesByPath> => {
    const bytes = files.get(main)
    return bytes ? new Map(files).set(main, (await workspace.readMedia(bytes, main)).bytes) : files
  }
  const { files, conflicts } = mergeFiles({ base: await cleaned(sides.base), ours: sides.ours, theirs: await cleaned(sides.theirs) })
  if (conflicts.length > 0) return { conflicts }
  const media = await workspace.readMedia(files.get(main)!, main)
  return { form: 'media', files, media, version: update.layer === 'project' ? versionAfter(update.entry.version, theirs.row.version) : (theirs.row.version ?? '1.0.0') }
}

/** The next version of an asset: the catalog's own, when that is above the present one. */
export function versionAfter(present: string, upstream: string | undefined): string {
  return upstream !== undefined && gt(upstream, present) ? upstream : nextVersion(present)
}

/** The files as they lie here, with those that the user added to an item. */
async function ourFiles(update: AssetUpdate, workspace: Workspace): Promise<FilesByPath> {
  if (update.layer !== 'project') return present(update.kept.files)
  const { entry } = update
  const { root } = workspace.options
  const folder = dirname(entry.file!)
  const at = (file: string) => ({ path: file.slice(folder.length + 1), file: resolve(root, file) })
  const added = entry.digest === undefined ? [] : await workspace.library.contentNames(entry.file!, readFileSync(resolve(root, entry.file!)))
  const files = [...recordedFiles(entry).map(({ file }) => at(file)), ...added.map((name) => at(`${folder}/${name}`))]
  // A media file may have been given another name here.
  const own = (path: string) => (path === basename(entry.file!) && entry.digest === undefined ? mainName(update, path) : path)
  return new Map([...present(files)].map(([path, bytes]) => [own(path), bytes]))
}

function mainName({ hit }: AssetUpdate, path: string): string {
  return `${hit!.row.name}${/\.[^./]*$/.exec(path)?.[0] ?? ''}`
}

function present(files: readonly { path: string; file: string }[]): Map<string, Uint8Array> {
  return new Map(files.flatMap(({ path, file }) => (existsSync(file) ? [[path, readFileSync(file)] as const] : [])))
}

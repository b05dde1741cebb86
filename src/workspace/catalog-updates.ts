import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { updateStateOf, updateStates, type AssetDigests, type UpdateState } from '../core/catalog/update-state.ts'
import { contentHash, sha256 } from '../core/digest.ts'
import { isAssetloomError } from '../core/errors.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { recordedFiles, type Entry } from '../core/manifest.ts'
import { assetDigest, fetchedDigest, type KeptAsset } from '../store/catalog/asset-files.ts'
import { namedRows } from '../store/catalog/catalog.ts'
import { rowDigest } from '../store/catalog/download.ts'
import type { CatalogHit, FetchedAsset, WorkspaceCatalogs } from './catalogs.ts'
import type { Workspace } from '../workspace.ts'

/* What came from catalogs, beside what they have now. */

export { updateStates, type UpdateState }

/** The part of an entry's `source` that an asset of a catalog has. */
export interface CatalogEntrySource {
  type: 'catalog'
  catalog: string
  from: string
  revision: string
  /** Of what the catalog gave. */
  digest: string
  /** What `digest` (of an item) or `hash` (of media) of the entry is while the user changed nothing. */
  base: string
}

/** An asset here, with what the catalog has of it now. */
export type AssetUpdate = AssetDigests & { ref: string; state: UpdateState; catalog: string; hit: CatalogHit | undefined } & (
    | { layer: 'project'; entry: Entry; source: CatalogEntrySource }
    | { layer: 'global' | 'cache'; kept: KeptAsset }
  )

/** Assets whose catalog cannot be asked. */
export interface Unchecked {
  ref: string
  catalog: string
  why: string
}

interface Installed {
  ref: string
  catalog: string
  from: string
  base: string
  installed: string
}

/** Every asset of the project, the user's library and the cache that came from a catalog, with its state. */
export async function listUpdates(
  wanted: (ref: string) => boolean,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<{ updates: AssetUpdate[]; unchecked: Unchecked[] }> {
  const catalogs = await workspace.catalogs()
  const updates: AssetUpdate[] = []
  const unchecked: Unchecked[] = []
  const compare = async <T extends Installed>(one: T) => {
    const { ref, from, base, installed } = one
    try {
      const hit = await upstreamOf(ref, from, catalogs, signal)
      if (hit === 'unknown') return void unchecked.push({ ref, catalog: one.catalog, why: `the options name no catalog ${from}` })
      const upstream = hit && (rowDigest(hit.row) ?? fetchedDigest(await catalogs.fetch(hit, signal)))
      return { ...one, hit, upstream, state: updateStateOf({ base, installed, upstream }) }
    } catch (error) {
      if (!isAssetloomError(error) || signal.aborted) throw error
      unchecked.push({ ref, catalog: one.catalog, why: error.message })
      return undefined
    }
  }
  for (const [ref, entry] of Object.entries(workspace.manifest.read().assets)) {
    const source = catalogSourceOf(entry)
    if (!source || !wanted(ref)) continue
    const { catalog, from, digest } = source
    const found = await compare({ layer: 'project' as const, ref, entry, source, catalog, from, base: digest, installed: isAsTaken(entry, source, workspace) ? digest : filesDigest(entry, workspace) })
    if (found) updates.push(found)
  }
  for (const [layer, files] of [['global', catalogs.library], ['cache', catalogs.cache]] as const)
    for (const ref of files.list().filter(wanted)) {
      const kept = files.find(ref)
      const found = kept && (await compare({ layer, ref, kept, catalog: kept.catalog, from: kept.from, base: kept.digest, installed: kept.isIntact ? kept.digest : keptDigest(kept) }))
      if (found) updates.push(found)
    }
  return { updates, unchecked }
}

function catalogSourceOf({ source }: Entry): CatalogEntrySource | undefined {
  const { type, from, digest, base } = source as Partial<CatalogEntrySource>
  return type === 'catalog' && from !== undefined && digest !== undefined && base !== undefined ? (source as unknown as CatalogEntrySource) : undefined
}

/** What the catalog that an asset came from has under its ref; `unknown` when the options do not name that catalog. */
async function upstreamOf(ref: string, from: string, catalogs: WorkspaceCatalogs, signal: AbortSignal): Promise<CatalogHit | 'unknown' | undefined> {
  const catalog = catalogs.all().find((one) => one.from === from)
  if (!catalog) return 'unknown'
  const index = await catalog.index(signal)
  const row = namedRows(index, ref).find((one) => one.ref === ref)
  return row && { row, catalog, hasMetadata: index.state !== 'listing' }
}

/** The user changed nothing: neither by a command, nor by hand. */
function isAsTaken(entry: Entry, { base }: CatalogEntrySource, { options }: Workspace): boolean {
  if ((isItem(entry) ? entry.digest : entry.hash) !== base) return false
  return recordedFiles(entry).every(({ file, hash }) => {
    const path = resolve(options.root, file)
    return existsSync(path) && contentHash(readFileSync(path)) === hash
  })
}

function filesDigest(entry: Entry, { options }: Workspace): string {
  const folder = dirname(entry.file!)
  return digestOfFiles(recordedFiles(entry).map(({ file }) => ({ path: file.slice(folder.length + 1), file: resolve(options.root, file) })))
}

const keptDigest = ({ files }: KeptAsset) => digestOfFiles(files)

/** Of files as they lie there; those that are gone are no part of it. */
function digestOfFiles(files: readonly { path: string; file: string }[]): string {
  return assetDigest(files.flatMap(({ path, file }) => (existsSync(file) ? [{ path, sha256: sha256(readFileSync(file)) }] : [])))
}

/** Files by their path in the folder of the asset. */
export type FilesByPath = ReadonlyMap<string, Uint8Array>

/** The files as they were taken over, where they can still be had: of the cache, the history, or the catalog's own. */
export async function baseFiles(update: AssetUpdate, workspace: Workspace, signal: AbortSignal): Promise<FilesByPath | undefined> {
  const { cache } = await workspace.catalogs()
  const cached = cache.find(update.ref)
  const kept = cached?.digest === update.base ? cached.read() : undefined
  if (kept) return byPath(kept)
  try {
    if (update.layer === 'project') return await takenState(update, workspace)
    const { row, revision } = update.kept
    return revision === '' || !update.hit ? undefined : byPath(await update.hit.catalog.download(row, signal, revision))
  } catch (error) {
    if (isAssetloomError(error) && !signal.aborted) return undefined
    throw error
  }
}

export function byPath({ files }: FetchedAsset): FilesByPath {
  return new Map(files.map(({ path, bytes }) => [path, bytes]))
}

/** The version that was taken over. @throws VERSION_BYTES_GONE */
async function takenState({ ref, source }: Extract<AssetUpdate, { layer: 'project' }>, workspace: Workspace): Promise<FilesByPath | undefined> {
  const versions = await workspace.versions()
  for (const { version } of versions.history(ref).lines.toReversed()) {
    const { entry, files } = await versions.readVersion(ref, version)
    if ((isItem(entry) ? entry.digest : entry.hash) !== source.base) continue
    const folder = dirname(entry.file!)
    return new Map(await Promise.all(files.map(async ({ file, read }) => [file.slice(folder.length + 1), await read()] as const)))
  }
  return undefined
}

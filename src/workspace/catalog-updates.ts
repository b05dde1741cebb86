import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { updateStateOf, updateStates, type AssetDigests, type UpdateState } from '../core/catalog/update-state.ts'
import { contentHash, sha256 } from '../core/digest.ts'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { recordedFiles, type Entry } from '../core/manifest.ts'
import { assetDigest, fetchedDigest, type KeptAsset } from '../store/catalog/asset-files.ts'
import { namedRows } from '../store/catalog/catalog.ts'
import { rowDigest } from '../store/catalog/download.ts'
import type { CatalogHit, FetchedAsset, OpenIndexes, WorkspaceCatalogs } from './catalogs.ts'
import type { Workspace } from '../workspace.ts'

/* What came from catalogs, beside what they have now. */

export { updateStates, type UpdateState }

const baseGone = defineError('CATALOG_BASE_GONE', {
  summary: 'You and a catalog changed an asset, and what was taken over from the catalog can no longer be had, so that nobody can tell whose changes are whose.',
  message: (d: { ref: string; catalog: string; why: string }) =>
    `${d.ref} cannot be merged: what was taken over from ${d.catalog} is neither in the cache, nor a version here, nor in the catalog any more.${d.why && ` ${d.why}`}`,
  hint: (d) => `Nothing was written. Put your own aside, take the catalog's with assetloom delete ${d.ref} and assetloom add ${d.ref} --local, and bring your changes back in.`,
  exit: 5,
  http: 409,
})

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
  layer: AssetUpdate['layer']
  catalog: string
  /** The options name it; what other projects took over lies in the user's folder, too. */
  isNamed: boolean
  why: string
}

interface Installed {
  ref: string
  layer: AssetUpdate['layer']
  /** Name of the catalog that it came from. */
  catalog: string
  from: string
  base: string
  installed: string
}

/**
 * Every asset of the project, the user's library and the cache that came from a catalog, with its state. `asked` is what was
 * read for that: nothing when no catalog of the options has to do with any.
 */
export async function listUpdates(
  wanted: (ref: string) => boolean,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<{ updates: AssetUpdate[]; unchecked: Unchecked[]; asked: OpenIndexes }> {
  const catalogs = await workspace.catalogs()
  const updates: AssetUpdate[] = []
  const unchecked: Unchecked[] = []
  let asked: Promise<OpenIndexes> | undefined
  const ask = () => (asked ??= catalogs.indexes(signal))
  const compare = async <T extends Installed>(one: T) => {
    const { ref, layer, base, installed } = one
    try {
      const hit = await upstreamOf(one, catalogs, ask)
      if (hit === 'unknown') return void unchecked.push({ ref, layer, catalog: one.catalog, isNamed: false, why: `the options name no catalog ${one.from}` })
      const upstream = hit && (rowDigest(hit.row) ?? fetchedDigest(await catalogs.fetch(hit, signal)))
      return { ...one, hit, upstream, state: updateStateOf({ base, installed, upstream }) }
    } catch (error) {
      if (!isAssetloomError(error) || signal.aborted) throw error
      unchecked.push({ ref, layer, catalog: one.catalog, isNamed: true, why: error.message })
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
  const { library, cache } = catalogs
  const own = library.list().flatMap((ref) => library.find(ref) ?? [])
  for (const [layer, all] of [['global', own], ['cache', cache.all()]] as const)
    for (const kept of all.filter(({ row }) => wanted(row.ref))) {
      const { row, catalog, from, digest } = kept
      const found = await compare({ layer, ref: row.ref, kept, catalog, from, base: digest, installed: kept.isIntact ? digest : keptDigest(kept) })
      if (found) updates.push(found)
    }
  return { updates, unchecked, asked: (await asked) ?? { open: [], failed: [] } }
}

function catalogSourceOf({ source }: Entry): CatalogEntrySource | undefined {
  const { type, from, digest, base } = source as Partial<CatalogEntrySource>
  return type === 'catalog' && from !== undefined && digest !== undefined && base !== undefined ? (source as unknown as CatalogEntrySource) : undefined
}

/** What the catalog that an asset came from has under its ref; `unknown` when the options do not name that catalog. */
async function upstreamOf({ ref, catalog: name, from }: Installed, catalogs: WorkspaceCatalogs, ask: () => Promise<OpenIndexes>): Promise<CatalogHit | 'unknown' | undefined> {
  const same = catalogs.all().filter((one) => one.from === from)
  // A catalog may be called otherwise by now; of several that are read alike on different hosts, the name tells.
  const catalog = same.find((one) => one.name === name) ?? same[0]
  if (!catalog) return 'unknown'
  const { open, failed } = await ask()
  const index = open.find((one) => one.catalog === catalog.name)
  if (!index) throw failed.find((one) => one.catalog === catalog.name)!.error
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

/**
 * The files as they were taken over: from the cache, from the version that they were in the project, or from the catalog at
 * the commit that they were read at.
 * @throws CATALOG_BASE_GONE
 */
export async function requireBaseFiles(update: AssetUpdate & { hit: CatalogHit }, workspace: Workspace, signal: AbortSignal): Promise<FilesByPath> {
  const { ref, base, hit } = update
  const { cache } = await workspace.catalogs()
  const cached = cache.of(hit.catalog.name).find(ref)
  const kept = cached?.digest === base ? cached.read() : undefined
  if (kept) return byPath(kept)
  const why: string[] = []
  for (const found of [() => takenState(update, workspace), () => atItsCommit(update, signal)]) {
    try {
      const files = await found()
      if (files) return files
    } catch (error) {
      if (!isAssetloomError(error) || signal.aborted) throw error
      why.push(error.message)
    }
  }
  throw baseGone({ ref, catalog: hit.catalog.name, why: why.join(' ') })
}

export function byPath({ files }: FetchedAsset): FilesByPath {
  return new Map(files.map(({ path, bytes }) => [path, bytes]))
}

/** What the catalog has at the commit that the asset was read at; undefined when it has no commits, or other bytes. */
async function atItsCommit(update: AssetUpdate & { hit: CatalogHit }, signal: AbortSignal): Promise<FilesByPath | undefined> {
  const { ref, base, hit: { catalog } } = update
  const { revision } = update.layer === 'project' ? update.source : update.kept
  if (revision === '') return undefined
  const row = update.layer === 'project' ? await catalog.rowAt(ref, revision, signal) : update.kept.row
  const asset = row && (await catalog.download(row, signal, revision))
  return asset && fetchedDigest(asset) === base ? byPath(asset) : undefined
}

/** The version of the project that was taken over. @throws VERSION_BYTES_GONE */
async function takenState(update: AssetUpdate, workspace: Workspace): Promise<FilesByPath | undefined> {
  if (update.layer !== 'project') return undefined
  const { ref, source } = update
  const versions = await workspace.versions()
  for (const { version } of versions.history(ref).lines.toReversed()) {
    const { entry, files } = await versions.readVersion(ref, version)
    if ((isItem(entry) ? entry.digest : entry.hash) !== source.base) continue
    const folder = dirname(entry.file!)
    return new Map(await Promise.all(files.map(async ({ file, read }) => [file.slice(folder.length + 1), await read()] as const)))
  }
  return undefined
}

import { extname, resolve } from 'node:path'
import pLimit from 'p-limit'
import type { CatalogRow } from '../core/catalog/row.ts'
import { searchLines } from '../core/catalog/row-lines.ts'
import { movedFrom } from '../core/catalog/source.ts'
import { defineError, isAssetloomError, type AssetloomError } from '../core/errors.ts'
import { libraryKind } from '../core/kinds/index.ts'
import { itemSuffix } from '../core/kinds/item-id.ts'
import { formatOfExtension } from '../core/media.ts'
import { createAssetFiles, fetchedDigest, type AssetFiles, type FetchedAsset, type KeptAsset } from '../store/catalog/asset-files.ts'
import { createCatalogCache, type CatalogCache } from '../store/catalog/catalog-cache.ts'
import { createCatalog, namedRows, type Catalog, type OpenIndex } from '../store/catalog/catalog.ts'
import { openPage } from '../store/catalog/open-page.ts'
import { userPaths, type UserPaths } from '../store/catalog/user-folder.ts'
import type { ReadItem, ReadMedia, Workspace } from '../workspace.ts'

export { indexStates } from '../store/catalog/catalog.ts'
export type { Catalog, FetchedAsset, KeptAsset, OpenIndex }
export { fetchedDigest }

const noCatalog = defineError('CATALOG_NONE', {
  summary: 'A catalog was asked for, and the options name none.',
  message: () => 'The options name no catalog.',
  hint: () => 'Write one into assetloom.config.ts: catalog: ["github:owner/repo"].',
  exit: 2,
})
const notSound = defineError('CATALOG_ASSET_NOT_SOUND', {
  summary: 'An asset of a catalog has the right digest, and is still none that can be used.',
  message: (d: { ref: string; catalog: string; why: string }) => `${d.ref} of ${d.catalog} is not sound: ${d.why}`,
  hint: () => 'Nothing was kept. Tell who keeps the catalog to run assetloom index --check.',
})

/** Requests to catalogs at once. */
const requestsAtOnce = 8

/** A row with the catalog that has it. */
export interface CatalogHit {
  row: CatalogRow
  catalog: Catalog
  /** The index knows more of it than its name. */
  hasMetadata: boolean
}

/** The indexes of all catalogs, in the order of the options. */
export interface OpenIndexes {
  open: readonly OpenIndex[]
  /** Those that cannot be read and have no earlier index. */
  failed: readonly { catalog: string; error: AssetloomError }[]
}

/** An asset of a catalog, read as the project would read it. */
export type CheckedContent = { form: 'item'; file: string; read: ReadItem } | { form: 'media'; media: ReadMedia }

export interface WorkspaceCatalogs {
  readonly paths: UserPaths
  /** @throws CATALOG_NONE */
  all(): readonly Catalog[]
  readonly areConfigured: boolean
  /** Assets that the user took over for all projects. */
  readonly library: AssetFiles
  readonly cache: CatalogCache
  /** The indexes, read once in an operation. */
  indexes(signal: AbortSignal): Promise<OpenIndexes>
  search(query: string, limit: number, signal: AbortSignal): Promise<OpenIndexes & { total: number; hits: CatalogHit[] }>
  /** What a name stands for: a whole ref or its last part; of a ref that several catalogs have, that of the first. */
  named(name: string, signal: AbortSignal): Promise<OpenIndexes & { hits: CatalogHit[] }>
  /** What each catalog has under a ref, in the order of the options. */
  offers(ref: string, signal: AbortSignal): Promise<CatalogHit[]>
  /**
   * An asset with its files: from the cache when it holds the same, or downloaded. It is not kept yet.
   * @throws CATALOG_REQUEST_FAILED, CATALOG_ASSET_REFUSED
   */
  fetch(hit: CatalogHit, signal: AbortSignal): Promise<FetchedAsset>
  /** Hand an address to the user's browser. @returns whether one took it */
  openPage(page: string): Promise<boolean>
  /** @throws CATALOG_ASSET_NOT_SOUND */
  check(asset: FetchedAsset): Promise<CheckedContent>
}

export function createWorkspaceCatalogs(workspace: Workspace): WorkspaceCatalogs {
  const { options, log } = workspace
  const paths = userPaths(options.userFolder)
  const library = createAssetFiles({ folder: paths.library, tempFolder: paths.temp })
  const limited = pLimit(requestsAtOnce)
  /** Where an item would stand in the project. */
  const itemFile = (ref: string) => workspace.library.fileOf(ref)

  const namedIn = async ({ ref, type }: CatalogRow, { path, bytes }: { path: string; bytes: Uint8Array }) =>
    libraryKind(type) && path.endsWith(itemSuffix) ? workspace.library.contentNames(itemFile(ref), bytes) : []

  let isFaultTold = false
  /** Several things may be kept in one command, and the folder is the same. */
  const onFault = (error: unknown) => {
    if (isFaultTold) return
    isFaultTold = true
    log.write({
      event: 'CATALOG_NOT_KEPT',
      level: 'warn',
      subsystem: 'catalog',
      message: `What was read of the catalogs was not kept: ${(error as Error).message}`,
      hint: `Make ${paths.folder} writable; without it nothing works offline.`,
    })
  }

  const catalogs = (options.catalog?.sources ?? []).map((source) =>
    createCatalog({
      ...source,
      paths,
      resolveFolder: (folder) => resolve(options.root, folder),
      cached: () => cache.list().length,
      limited: (work) => limited(work),
      namedIn,
      onFault,
      onMoved: (to) =>
        log.write({
          event: 'CATALOG_MOVED',
          level: 'warn',
          subsystem: 'catalog',
          message: `The catalog ${source.name} is called ${to} on GitHub now.`,
          hint: `Write ${movedFrom(source.from, to)} in place of ${source.from} into the options: another may take the old name.`,
        }),
    }),
  )
  const cache = createCatalogCache({ folder: paths.cache, tempFolder: paths.temp, catalogs, onFault })
  const all = () => {
    if (catalogs.length === 0) throw noCatalog({})
    return catalogs
  }

  const indexes = async (signal: AbortSignal): Promise<OpenIndexes> => {
    const open: OpenIndex[] = []
    const failed: { catalog: string; error: AssetloomError }[] = []
    const answers = await Promise.allSettled(catalogs.map((catalog) => catalog.index(signal)))
    for (const [i, answer] of answers.entries()) {
      if (answer.status === 'fulfilled') open.push(answer.value)
      else if (isAssetloomError(answer.reason) && !signal.aborted) failed.push({ catalog: catalogs[i]!.name, error: answer.reason })
      else throw answer.reason
    }
    return { open, failed }
  }

  /** Whether what is cached is what a row means. Where the index names no files, only the commit tells. */
  const isOf = async (cached: KeptAsset, row: CatalogRow, catalog: Catalog, signal: AbortSignal) =>
    cached.row.sha === row.sha &&
    (row.files.length > 0
      ? JSON.stringify(cached.row.files) === JSON.stringify(row.files)
      : cached.revision !== '' && cached.revision === (await catalog.index(signal)).revision)

  const hitOf = (row: CatalogRow, index: OpenIndex): CatalogHit => ({
    row,
    catalog: catalogs.find(({ name }) => name === index.catalog)!,
    hasMetadata: index.state !== 'listing',
  })

  /** Of a ref that several have, that of the first. */
  const hitsOf = (found: readonly { index: OpenIndex; rows: readonly CatalogRow[] }[]): CatalogHit[] => {
    const known = new Set<string>()
    return found.flatMap(({ index, rows }) =>
      rows.flatMap((row) => {
        if (known.has(row.ref)) return []
        known.add(row.ref)
        return [hitOf(row, index)]
      }),
    )
  }

  return {
    paths,
    all,
    areConfigured: catalogs.length > 0,
    library,
    cache,
    openPage: (page) => openPage(page, options.pageOpeners),
    indexes,
    async search(query, limit, signal) {
      all()
      const opened = await indexes(signal)
      const found = opened.open.map((index) => ({ index, ...searchLines(index.lines, query, limit) }))
      return { ...opened, total: found.reduce((sum, { total }) => sum + total, 0), hits: hitsOf(found).slice(0, limit) }
    },
    async named(name, signal) {
      const opened = await indexes(signal)
      return { ...opened, hits: hitsOf(opened.open.map((index) => ({ index, rows: namedRows(index, name) }))) }
    },
    async offers(ref, signal) {
      const { open } = await indexes(signal)
      return open.flatMap((index) => namedRows(index, ref).flatMap((row) => (row.ref === ref ? [hitOf(row, index)] : [])))
    },
    async fetch({ row, catalog }, signal) {
      const cached = cache.of(catalog.name).find(row.ref)
      if (cached && (await isOf(cached, row, catalog, signal))) {
        const kept = cached.read()
        if (kept) return { ...kept, row }
      }
      return catalog.download(row, signal)
    },
    async check({ row, catalog, files }) {
      const [main] = files as [FetchedAsset['files'][number]]
      try {
        if (!libraryKind(row.type)) {
          // Texts of any name: what a format calls .toml or .tex is a text like another.
          const name = formatOfExtension(extname(main.path)) ? main.path : `${main.path}.txt`
          return { form: 'media', media: await workspace.readMedia(main.bytes, name) }
        }
        const file = itemFile(row.ref)
        const contents = new Map(files.slice(1).map(({ path, bytes }) => [path, bytes]))
        return { form: 'item', file, read: await workspace.library.check(file, main.bytes, contents) }
      } catch (error) {
        if (!isAssetloomError(error)) throw error
        throw notSound({ ref: row.ref, catalog, why: error.message }, { cause: error })
      }
    },
  }
}

import type { CatalogOrigin } from '../../core/catalog/source.ts'
import type { CatalogRow } from '../../core/catalog/row.ts'
import { rowsNamed } from '../../core/catalog/row-lines.ts'
import { defineError } from '../../core/errors.ts'
import type { FetchedAsset } from './asset-files.ts'
import { downloadAsset, type DownloadInput } from './download.ts'
import { createFolderTransport } from './folder.ts'
import { createGithubTransport } from './github.ts'
import { indexPath, maxIndexBytes, readIndex, type RowProblem } from './index-csv.ts'
import { createLastIndex, type KeptIndex } from './last-index.ts'
import { createStaticTransport } from './static-site.ts'
import { requestFault, type CatalogTransport, type PinnedRevision } from './transport.ts'
import { linesOfListing } from './tree-rows.ts'
import type { UserPaths } from './user-folder.ts'

const catalogUnreachable = defineError('CATALOG_UNREACHABLE', {
  summary: 'A catalog cannot be read, and no earlier index of it was kept.',
  message: (d: { catalog: string; why: string; cached: number }) => `The catalog ${d.catalog} cannot be read: ${d.why}`,
  hint: ({ cached }) =>
    `Searching and adding need the catalog. ${cached === 0 ? 'Assets of the project' : `Assets of the project, and ${cached} that were downloaded before,`} work without it.`,
})

export const indexStates = ['new', 'unchanged', 'listing', 'last-good'] as const

/** The index of a catalog as one operation sees it. */
export interface OpenIndex {
  catalog: string
  from: string
  /**
   * `new` was just read, `unchanged` is what it was, `listing` has names only, since there is no index that can be read,
   * `last-good` is of an earlier time, since the catalog does not answer.
   */
  state: (typeof indexStates)[number]
  revision: string
  /** Rows, see core/catalog/row-lines. */
  lines: string
  rows: number
  problems: readonly RowProblem[]
  problemCount: number
  /** When the catalog last said so. */
  confirmedMs: number
  /** Why it is a listing, or of an earlier time. */
  why?: string
}

export interface Catalog {
  readonly name: string
  readonly from: string
  /** The page for people. */
  readonly page: string
  placeOf(revision: string, path: string): string
  /** The index, read once in an operation. @throws CATALOG_UNREACHABLE */
  index(signal: AbortSignal): Promise<OpenIndex>
  /** Forget the index of the last operation. */
  forget(): void
  /**
   * An asset with its files.
   * @param revision - absent: that of the index
   * @throws CATALOG_REQUEST_FAILED, CATALOG_ASSET_REFUSED
   */
  download(row: CatalogRow, signal: AbortSignal, revision?: string): Promise<FetchedAsset>
}

/** @param input.resolveFolder - a folder that options name, as an absolute path */
export function createCatalog(input: {
  name: string
  from: string
  origin: CatalogOrigin
  apiURL?: string | undefined
  rawURL?: string | undefined
  token?: string | undefined
  paths: UserPaths
  resolveFolder(folder: string): string
  /** How many assets are cached. */
  cached(): number
  limited: DownloadInput['limited']
  namedIn: DownloadInput['namedIn']
  /** Told once when the index cannot be kept. */
  onFault(error: unknown): void
}): Catalog {
  const { name, from, paths } = input
  const transport = transportOf(input)
  // Two projects may mean different places by one text.
  const place = input.origin.type === 'folder' ? input.resolveFolder(input.origin.folder) : [from, input.apiURL, input.rawURL].filter(Boolean).join(' ')
  const last = createLastIndex({ folder: paths.indexes, tempFolder: paths.temp, name, from: place })
  let opened: Promise<OpenIndex> | undefined

  const keep = (index: Omit<KeptIndex, 'confirmedMs'>) => {
    try {
      last.keep(index)
    } catch (error) {
      input.onFault(error)
    }
  }

  const open = async (signal: AbortSignal): Promise<OpenIndex> => {
    const kept = last.read()
    let pinned: PinnedRevision | undefined
    try {
      pinned = await transport.pin(kept && { revision: kept.revision, etag: kept.revisionTag }, signal)
      const answer = await transport.read(pinned.revision, indexPath, { maxBytes: maxIndexBytes, etag: kept?.etag, signal })
      if (answer === 'unchanged') return confirmed(kept!, pinned)
      const read = readIndex(answer.bytes)
      if ('why' in read) return await listed(pinned, `its index was refused: ${read.why}`, kept, signal)
      keep({ ...read, revision: pinned.revision, revisionTag: pinned.etag, etag: answer.etag })
      return { ...read, catalog: name, from, state: 'new', revision: pinned.revision, confirmedMs: Date.now() }
    } catch (error) {
      const fault = requestFault(error)
      if (fault === undefined) throw error
      const why = (error as Error).message
      const isGone = fault === 'missing' || fault === 'refused'
      if (pinned && (isGone || !kept)) return listed(pinned, why, kept, signal, error)
      return lastGood(kept, why, error)
    }
  }

  const confirmed = (kept: KeptIndex, pinned: PinnedRevision): OpenIndex => {
    const { revisionTag: _tag, etag: _etag, ...index } = kept
    if (pinned.revision === kept.revision && pinned.etag === kept.revisionTag) last.confirm()
    else keep({ ...kept, revision: pinned.revision, revisionTag: pinned.etag })
    return { ...index, catalog: name, from, state: 'unchanged', revision: pinned.revision, confirmedMs: Date.now() }
  }

  /** Names and paths only, from the listing of files. */
  const listed = async (pinned: PinnedRevision, why: string, kept: KeptIndex | undefined, signal: AbortSignal, cause?: unknown): Promise<OpenIndex> => {
    try {
      const files = await transport.list?.(pinned.revision, signal)
      const lines = files && linesOfListing(files)
      if (!lines?.length) return lastGood(kept, why, cause)
      return { catalog: name, from, state: 'listing', revision: pinned.revision, lines: lines.join('\n'), rows: lines.length, problems: [], problemCount: 0, confirmedMs: Date.now(), why }
    } catch (error) {
      if (requestFault(error) === undefined) throw error
      return lastGood(kept, why, error)
    }
  }

  const lastGood = (kept: KeptIndex | undefined, why: string, cause: unknown): OpenIndex => {
    if (!kept) throw catalogUnreachable({ catalog: name, why: `${why.replace(/\.$/, '')}.`, cached: input.cached() }, { cause, details: { catalog: name } })
    const { revisionTag: _tag, etag: _etag, ...index } = kept
    return { ...index, catalog: name, from, state: 'last-good', why }
  }

  return {
    name,
    from,
    page: transport.page,
    placeOf: transport.placeOf,
    index: (signal) => (opened ??= open(signal).catch((error: unknown) => {
      opened = undefined
      throw error
    })),
    forget() {
      opened = undefined
    },
    async download(row, signal, earlier) {
      const revision = earlier ?? (await this.index(signal)).revision
      const files = await downloadAsset({ row, catalog: name, transport, revision, limited: input.limited, namedIn: input.namedIn, signal })
      return { row, catalog: name, from, revision, files }
    },
  }
}

function transportOf(input: Parameters<typeof createCatalog>[0]): CatalogTransport {
  const { name, origin, apiURL, rawURL, token } = input
  if (origin.type === 'github') return createGithubTransport({ name, origin, apiURL, rawURL, token })
  if (origin.type === 'static') return createStaticTransport({ name, url: origin.url, token })
  return createFolderTransport({ name, folder: input.resolveFolder(origin.folder) })
}

/** The rows of an index that a name stands for. */
export function namedRows(index: OpenIndex, name: string): CatalogRow[] {
  return rowsNamed(index.lines, name)
}

import { identityOf, usualName, type CatalogOrigin } from '../../core/catalog/source.ts'
import type { CatalogRow } from '../../core/catalog/row.ts'
import { rowsNamed } from '../../core/catalog/row-lines.ts'
import { sha256 } from '../../core/digest.ts'
import { defineError } from '../../core/errors.ts'
import type { FetchedAsset } from './asset-files.ts'
import { downloadAsset, type DownloadInput } from './download.ts'
import { createFolderTransport } from './folder.ts'
import { createGithubTransport } from './github.ts'
import { indexPath, maxIndexBytes, type RowProblem } from './index-file.ts'
import { createLastIndex, type KeptIndex } from './last-index.ts'
import { createStaticTransport } from './static-site.ts'
import { requestFault, type CatalogTransport, type PinnedRevision, type ReadAnswer } from './transport.ts'
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
  /** Of a listing that the server cut short: assets are missing. */
  isPartial?: boolean
  /** When the catalog last said so. */
  confirmedMs: number
  /** Why it is a listing, or of an earlier time. */
  why?: string
}

export interface Catalog {
  readonly name: string
  readonly from: string
  /** Name of a file or folder that is this catalog's alone, by what it is and not by what the options call it. */
  readonly place: string
  /** The page for people. */
  readonly page: string
  placeOf(revision: string, path: string): string
  /**
   * The index, read once in an operation: whoever asks with the same signal sees the same commit, and a workspace that
   * lives long sees a new one in its next operation.
   * @throws CATALOG_UNREACHABLE
   */
  index(signal: AbortSignal): Promise<OpenIndex>
  /**
   * A row as the index of a revision has it, or its listing of files where it has no index.
   * @throws CATALOG_REQUEST_FAILED
   */
  rowAt(ref: string, revision: string, signal: AbortSignal): Promise<CatalogRow | undefined>
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
  /** Told what the repository is called now, as `owner/repo`, whenever it names itself anew. */
  onMoved(to: string): void
  /** How long a request may take. @default 30000 */
  patienceMs?: number
}): Catalog {
  const { name, from, paths } = input
  const transport = transportOf(input)
  const { origin } = input
  // Two projects may mean different folders by one text.
  const identity = identityOf({ ...input, ...(origin.type === 'folder' && { folder: input.resolveFolder(origin.folder) }) })
  const place = `${usualName(origin).replace(/[^A-Za-z0-9_.-]/g, '-')}-${sha256(identity).slice(0, 12)}`
  const last = createLastIndex({ folder: paths.indexes, tempFolder: paths.temp, place, identity })
  const opened = new WeakMap<AbortSignal, Promise<OpenIndex>>()

  /** An index that cannot be kept serves all the same. */
  const record = (write: () => void) => {
    try {
      write()
    } catch (error) {
      input.onFault(error)
    }
  }
  const keep = (index: Omit<KeptIndex, 'confirmedMs'>) => record(() => last.keep(index))

  const open = async (signal: AbortSignal): Promise<OpenIndex> => {
    const earlier = last.read()
    const known = earlier?.head
    let pinned: PinnedRevision | undefined
    try {
      pinned = await transport.pin(known && { revision: known.revision, etag: known.revisionTag }, signal)
      if (pinned.movedTo !== undefined) input.onMoved(pinned.movedTo)
      const readNow = (etag?: string) => transport.read(pinned!.revision, indexPath, { maxBytes: maxIndexBytes, etag, signal })
      let answer = await readNow(known?.etag)
      if (answer === 'unchanged') {
        const kept = await earlier!.whole
        if (kept) return confirmed(kept, pinned)
        // What was kept is damaged.
        answer = await readNow()
      }
      const { bytes, etag } = answer as Exclude<ReadAnswer, 'unchanged'>
      const read = await readIndex(bytes)
      if ('why' in read) return await listed(pinned, `its index was refused: ${read.why}`, await earlier?.whole, signal)
      keep({ ...read, revision: pinned.revision, revisionTag: pinned.etag, etag })
      return { ...read, catalog: name, from, state: 'new', revision: pinned.revision, confirmedMs: Date.now() }
    } catch (error) {
      const fault = requestFault(error)
      if (fault === undefined) throw error
      const why = (error as Error).message
      const kept = await earlier?.whole
      const isGone = fault === 'missing' || fault === 'refused'
      if (pinned && (isGone || !kept)) return listed(pinned, why, kept, signal, error)
      return lastGood(kept, why, error)
    }
  }

  const confirmed = (kept: KeptIndex, pinned: PinnedRevision): OpenIndex => {
    const { revisionTag: _tag, etag: _etag, ...index } = kept
    if (pinned.revision === kept.revision && pinned.etag === kept.revisionTag) record(() => last.confirm())
    else keep({ ...kept, revision: pinned.revision, revisionTag: pinned.etag })
    return { ...index, catalog: name, from, state: 'unchanged', revision: pinned.revision, confirmedMs: Date.now() }
  }

  /** Names and paths only, from the listing of files. */
  const listed = async (pinned: PinnedRevision, why: string, kept: KeptIndex | undefined, signal: AbortSignal, cause?: unknown): Promise<OpenIndex> => {
    try {
      const listing = await transport.list?.(pinned.revision, signal)
      const lines = linesOfListing(listing?.files ?? [])
      if (!listing || lines.length === 0 || (listing.isPartial && kept)) return lastGood(kept, why, cause)
      return { catalog: name, from, state: 'listing', revision: pinned.revision, lines: lines.join('\n'), rows: lines.length, problems: [], problemCount: 0, isPartial: listing.isPartial, confirmedMs: Date.now(), why }
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

  /** The lines of the index of a revision; undefined when it has none that can be read. */
  const indexedAt = async (revision: string, signal: AbortSignal): Promise<string | undefined> => {
    try {
      const { bytes } = (await transport.read(revision, indexPath, { maxBytes: maxIndexBytes, signal })) as { bytes: Uint8Array }
      const read = await readIndex(bytes)
      return 'why' in read ? undefined : read.lines
    } catch (error) {
      if (requestFault(error) === 'missing') return undefined
      throw error
    }
  }

  return {
    name,
    from,
    place,
    page: transport.page,
    placeOf: transport.placeOf,
    index(signal) {
      const known = opened.get(signal)
      if (known) return known
      const index = open(signal)
      opened.set(signal, index)
      index.catch(() => opened.delete(signal))
      return index
    },
    async rowAt(ref, revision, signal) {
      const lines = (await indexedAt(revision, signal)) ?? linesOfListing((await transport.list?.(revision, signal))?.files ?? []).join('\n')
      return rowsNamed(lines, ref).find((row) => row.ref === ref)
    },
    async download(row, signal, earlier) {
      const revision = earlier ?? (await this.index(signal)).revision
      const files = await downloadAsset({ row, catalog: name, transport, revision, limited: input.limited, namedIn: input.namedIn, signal })
      return { row, catalog: name, from, revision, files }
    },
  }
}

/** What reads CSV is loaded when an index came: a search in the kept one goes without. */
async function readIndex(bytes: Uint8Array) {
  return (await import('./index-csv.ts')).readIndex(bytes)
}

function transportOf(input: Parameters<typeof createCatalog>[0]): CatalogTransport {
  const { name, origin, apiURL, rawURL, token, patienceMs } = input
  if (origin.type === 'github') return createGithubTransport({ name, origin, apiURL, rawURL, token, patienceMs })
  if (origin.type === 'static') return createStaticTransport({ name, url: origin.url, token, patienceMs })
  return createFolderTransport({ name, folder: input.resolveFolder(origin.folder) })
}

/** The rows of an index that a name stands for. */
export function namedRows(index: OpenIndex, name: string): CatalogRow[] {
  return rowsNamed(index.lines, name)
}

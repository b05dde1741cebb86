import { defineError } from '../../core/errors.ts'

/** What a catalog's server does not give. */
export type RequestFault =
  /** It asks to wait, longer than is polite to a person. */
  | 'rate-limited'
  /** No connection, no answer in time, an answer that breaks off, an error of the server. */
  | 'unreachable'
  /** It wants another key, or none. */
  | 'forbidden'
  /** There is no such file, commit or repository. */
  | 'missing'
  /** It answers with what is not taken: a redirect elsewhere, too many bytes. */
  | 'refused'

export const catalogRequestFailed = defineError('CATALOG_REQUEST_FAILED', {
  summary: 'A catalog did not give a file that it was asked for.',
  message: (d: { catalog: string; what: string; why: string; fault: RequestFault }) => `${d.catalog} did not give ${d.what}: ${d.why}.`,
  hint: ({ fault }) =>
    ({
      'rate-limited': 'Wait, or give the catalog a token: catalog.sources[].token has a higher limit.',
      unreachable: 'Look after the connection. What was downloaded before works without it.',
      forbidden: 'Check catalog.sources[].token, and that it may read this repository.',
      missing: 'Check the address and the ref of the catalog; a private repository needs a token.',
      refused: 'Nothing was kept of it. Tell who keeps the catalog.',
    })[fault],
})

export function requestFault(error: unknown): RequestFault | undefined {
  const { code, details } = error as { code?: string; details?: { fault?: RequestFault } }
  return code === 'CATALOG_REQUEST_FAILED' ? details?.fault : undefined
}

/** A file of a catalog, or that it is what it was. */
export type ReadAnswer = { bytes: Uint8Array; etag?: string } | 'unchanged'

export interface TreeFile {
  /** In the repository. */
  path: string
  /** Git blob SHA-1. */
  sha: string
  sizeBytes: number
}

export interface Listing {
  files: TreeFile[]
  /** There are more than the server names. */
  isPartial: boolean
}

/** How one sort of catalog is read. Every method throws CATALOG_REQUEST_FAILED. */
export interface CatalogTransport {
  /**
   * Fix what is read from now on, so that all files of one operation are of one state.
   * @param known - the answer of an earlier time
   * @returns the commit, or an empty text where there are none
   */
  pin(known: PinnedRevision | undefined, signal: AbortSignal): Promise<PinnedRevision>
  /** @param path - checked by rowPathRefusal */
  read(revision: string, path: string, limit: { maxBytes: number; etag?: string | undefined; signal: AbortSignal }): Promise<ReadAnswer>
  /** The files below `assets/`; undefined where they cannot be listed. */
  list?(revision: string, signal: AbortSignal): Promise<Listing>
  /** The page for people. */
  readonly page: string
  /** Where a file of the revision stands, for people. */
  placeOf(revision: string, path: string): string
}

export interface PinnedRevision {
  /** 40 hex digits, or empty. */
  revision: string
  etag?: string | undefined
  /** What the repository is called now, `owner/repo`, when that is not what the options call it. */
  movedTo?: string | undefined
}

/** What every transport over HTTP is given. */
export interface RemoteInput {
  name: string
  token?: string | undefined
  /** How long a request with its redirects and its body may take. @default 30000 */
  patienceMs?: number | undefined
}

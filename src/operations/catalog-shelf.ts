import type { CatalogRow } from '../core/catalog/row.ts'
import { defineError } from '../core/errors.ts'
import type { CatalogHit, FetchedAsset, OpenIndexes, WorkspaceCatalogs } from '../workspace/catalogs.ts'

const downloadOff = defineError('CATALOG_DOWNLOAD_OFF', {
  summary: 'Something was to be added from this machine alone, which does not have it.',
  message: (d: { query: string; isByFlag: boolean }) =>
    `Nothing on this machine is called ${JSON.stringify(d.query)}, and with ${d.isByFlag ? '--asset-download=false' : 'the option catalog.download: false'} no catalog is asked.`,
  hint: ({ isByFlag }) => `${isByFlag ? '' : '--asset-download allows it this once. '}Without a catalog an asset is named by its whole ref: type/category/name.`,
  http: 404,
})

/** Where what is taken over goes: the project, or the library that all projects of the user share. */
export type Destination = 'project' | 'global'

/** What could be taken over. */
export interface Candidate {
  row: CatalogRow
  /** Name of the catalog. */
  catalog: string
  /** Nothing is downloaded for it. */
  isHere: boolean
  /** Undefined when only the listing of files tells of it. */
  version: string | undefined
  fetch(): Promise<FetchedAsset>
}

/** The catalogs, and behind them what was taken from them before: it can be taken over with no catalog at all. */
export interface CatalogShelf {
  /** What a ref, a name or words stand for. @throws CATALOG_NONE, CATALOG_DOWNLOAD_OFF, CATALOG_UNREACHABLE */
  find(text: string): Promise<OpenIndexes & { found: Candidate[] }>
  /** What has exactly that ref: the catalogs' in the order of the options, then what is here. */
  offers(ref: string): Promise<Candidate[]>
  /** What has that ref on this machine, as it was downloaded. */
  here(ref: string): Candidate | undefined
  ofCatalog(hit: CatalogHit): Candidate
  /** Whether catalogs are asked. */
  readonly asks: boolean
}

/** @param how.isByFlag - a flag forbids to ask, and not the options */
export function createCatalogShelf(
  catalogs: WorkspaceCatalogs,
  { to, mayAsk, isByFlag, signal }: { to: Destination; mayAsk: boolean; isByFlag: boolean; signal: AbortSignal },
): CatalogShelf {
  const asks = mayAsk && catalogs.areConfigured
  const versionOf = ({ version = '1.0.0' }: CatalogRow) => version
  const ofCatalog = (hit: CatalogHit): Candidate => ({
    row: hit.row,
    catalog: hit.catalog.name,
    isHere: false,
    version: hit.hasMetadata ? versionOf(hit.row) : undefined,
    fetch: () => catalogs.fetch(hit, signal),
  })
  const here = (ref: string): Candidate | undefined => {
    const kept = [...(to === 'project' ? [catalogs.library] : []), catalogs.cache].map((files) => files.find(ref)).find((one) => one?.isIntact)
    return kept && { row: kept.row, catalog: kept.catalog, isHere: true, version: versionOf(kept.row), fetch: async () => kept.read()! }
  }
  const listOf = (one: Candidate | undefined) => (one ? [one] : [])
  return {
    asks,
    here,
    ofCatalog,
    async find(text) {
      if (!asks) {
        const found = listOf(here(text))
        if (found.length > 0) return { open: [], failed: [], found }
        catalogs.all()
        throw downloadOff({ query: text, isByFlag })
      }
      const { hits, ...indexes } = await catalogs.named(text, signal)
      const found = hits.length > 0 ? hits.map(ofCatalog) : listOf(here(text))
      if (found.length > 0) return { ...indexes, found }
      if (indexes.open.length === 0) throw indexes.failed[0]!.error
      const { hits: fitting, open, failed } = await catalogs.search(text, 100, signal)
      return { open, failed, found: fitting.map(ofCatalog) }
    },
    async offers(ref) {
      const hits = asks ? await catalogs.offers(ref, signal) : []
      return [...hits.map(ofCatalog), ...listOf(here(ref))]
    },
  }
}

/** What a person reads of it before a question. */
export function candidateText({ row, catalog }: Candidate, companions: readonly Candidate[]): string {
  return [
    `  Name: ${row.ref}`,
    ...(row.description === '' ? [] : [`  Description: ${row.description}`]),
    ...(row.tags.length === 0 ? [] : [`  Tags: ${row.tags.join(', ')}`]),
    `  From: ${catalog}`,
    ...(companions.length === 0 ? [] : [`  With: ${companions.map((one) => one.row.ref).join(', ')}`]),
  ].join('\n')
}

import type { DatabaseSync } from 'node:sqlite'
import { documentOf, embeddingText, type FacetName, type SearchDocument } from '../core/search-document.ts'
import { sha256 } from '../core/digest.ts'
import type { SearchFilters } from '../core/search-filters.ts'
import type { Entry } from '../core/manifest.ts'
import type { SearchQuery } from '../core/search-query.ts'
import { fuseRanks, scoreDocument } from '../core/search-ranking.ts'
import type { ManifestIndex } from './manifest-index.ts'
import { loadSearchColumns, type SearchColumns } from './search-columns.ts'
import { createTextMatcher } from './search-match.ts'
import { forgetDocument, isSearchSound, joinPieces, measureSearch, type SearchMeasure } from './search-upkeep.ts'
import { dropSearchTables, readSearchState, syncSearchTables, type SearchState } from './search-tables.ts'
import { searchVectors } from './search-vectors.ts'
import { createMemoryState, isSqliteFault, type StateDb } from './state-db.ts'
import { createStatements } from './statements.ts'

export type SearchFacets = Record<FacetName, { value: string; count: number }[]>

export interface SearchHit {
  document: SearchDocument
  /** Higher is better; comparable within one search only. */
  score: number
}

export interface SearchResult {
  /** All that answer, whatever the limit. */
  total: number
  hits: SearchHit[]
  facets: SearchFacets
  /** The query with the spellings that were taken for what was typed. */
  query: SearchQuery
}

/** An embedded query. */
export interface SemanticQuery {
  /** Whose vectors are compared. */
  model: string
  vector: Float32Array
}

/**
 * Full text and filters over the manifest. It follows the manifest by its digest: what changed since the last question
 * is read anew before an answer. When the state database cannot be had, the index lives in memory.
 */
export interface SearchIndex {
  /** @param input.semantic - nearest by meaning are merged with what the full text finds, by reciprocal rank */
  search(query: SearchQuery, input: { filters: SearchFilters; limit: number; semantic?: SemanticQuery | undefined }): SearchResult
  /** Refs of all assets that pass, sorted. */
  filter(filters: SearchFilters): { refs: string[]; facets: SearchFacets }
  /** Make the index anew, whatever it holds. */
  rebuild(): { indexed: number }
  /** Texts that a model has not embedded yet with so many dimensions, each once. */
  unembedded(model: string, dimensions: number): { digest: string; text: string }[]
  /** What it weighs; nothing is made for that. */
  measure(): SearchMeasure
  /** Check it against itself and the manifest; a damaged one is dropped, and made anew by the next search. */
  verify(): boolean
  /** Have an asset read anew by the next search. */
  forget(ref: string): void
  /** Forget all of it. @param withEmbeddings - these were paid for */
  drop(withEmbeddings: boolean): void
  /** Join the pieces that many changes leave. */
  optimize(): void
  keepEmbeddings(model: string, vectors: readonly { digest: string; vector: Float32Array }[]): void
}

/** So many are scored by the ranking rules; what BM25 puts further down stays there. */
const rescored = 40
/** Nearest by meaning that take part in the merge; a cosine further down says nothing. */
const mostNear = 100

export function createSearchIndex(input: { state: StateDb; index: ManifestIndex; onStateFault(error: unknown): void }): SearchIndex {
  const { index } = input
  let state = input.state
  let isInMemory = false
  let loaded: { db: DatabaseSync; columns: SearchColumns; matcher: ReturnType<typeof createTextMatcher> } | undefined
  const statements = createStatements()

  /** Work on an index that tells of the present manifest, all of it in one snapshot. */
  const withIndex = <T>(work: (parts: NonNullable<typeof loaded>) => T): T => {
    const attempt = () => {
      const digest = index.digest()
      const db = state.open()
      statements.use(db)
      const answer = (isWanted: (state: SearchState) => boolean) =>
        inSnapshot(db, () => {
          const found = readSearchState(statements)
          return found && isWanted(found) ? { value: work(partsOf(db, found.revision)) } : undefined
        })
      const fresh = answer((found) => found.manifestDigest === digest)
      if (fresh) return fresh.value
      state.exclusive(() => sync(db, digest))
      // Another process may have gone further by now; what it found is as good.
      return answer(() => true)!.value
    }
    return withRepair(attempt)
  }

  const partsOf = (db: DatabaseSync, revision: number) =>
    (loaded =
      loaded?.db === db && loaded.columns.revision === revision
        ? loaded
        : { db, columns: loadSearchColumns(db, revision), matcher: createTextMatcher(statements) })

  /** A damaged index is made anew; where that fails, too, or there is no database at all, one in memory serves. */
  const withRepair = <T>(attempt: () => T): T => {
    try {
      return attempt()
    } catch (error) {
      if (!isStateFault(error) || isInMemory) throw error
      try {
        loaded = undefined
        state.exclusive(dropSearchTables)
        return attempt()
      } catch (again) {
        if (!isStateFault(again)) throw again
        input.onStateFault(again)
        loaded = undefined
        isInMemory = true
        state = createMemoryState()
        return attempt()
      }
    }
  }

  const sync = (db: DatabaseSync, digest: string) => {
    if (isInMemory) copyEntries(db, index.startingWith(''))
    return syncSearchTables(db, digest)
  }

  const entryOf = (id: number): Entry =>
    JSON.parse(
      (
        statements.prepare('SELECT m.entry FROM search_docs d JOIN manifest_entries m ON m.ref = d.ref WHERE d.id = ?').get(id) as {
          entry: string
        }
      ).entry,
    ) as Entry

  return {
    search: (typed, { filters, limit, semantic }) =>
      withIndex(({ db, columns, matcher }) => {
        const mask = columns.passing(filters)
        const { query, ids, likely } = matcher.match(typed, mask, columns.highestId, Math.max(limit, rescored))
        const scored = likely.map(({ id, relevance }) => {
          const document = documentOf(entryOf(id))
          return { id, document, score: scoreDocument(query, document, relevance) }
        })
        scored.sort((a, b) => b.score - a.score || (a.document.ref < b.document.ref ? -1 : 1))
        if (!semantic)
          return { total: ids.length, hits: scored.slice(0, limit), facets: columns.facets(ids), query }
        const near = searchVectors.nearest(db, { ...semantic, mask, most: Math.max(limit, mostNear) })
        const known = new Map(scored.map((hit) => [hit.id, hit.document]))
        const all = Uint32Array.from(new Set([...ids, ...near.map(({ id }) => id)]))
        const hits = fuseRanks([scored.map(({ id }) => id), near.map(({ id }) => id)])
          .slice(0, limit)
          .map(({ item: id, score }) => ({ document: known.get(id) ?? documentOf(entryOf(id)), score }))
        return { total: all.length, hits, facets: columns.facets(all), query }
      }),
    filter: (filters) =>
      withIndex(({ db, columns }) => {
        const mask = columns.passing(filters)
        const ids = mask ? columns.ids().filter((id) => mask[id] === 1) : columns.ids()
        const wanted = new Set(ids)
        const rows = db.prepare('SELECT id, ref FROM search_docs ORDER BY ref').all() as { id: number; ref: string }[]
        return { refs: rows.filter(({ id }) => wanted.has(id)).map(({ ref }) => ref), facets: columns.facets(ids) }
      }),
    rebuild: () =>
      withRepair(() => {
        const digest = index.digest()
        return state.exclusive((db) => {
          dropSearchTables(db)
          loaded = undefined
          return { indexed: sync(db, digest).indexed }
        })
      }),
    measure: () => withoutDatabase(() => measureSearch(state.open()), { count: 0, bytes: 0, embeddings: 0 }),
    verify: () =>
      withoutDatabase(() => {
        const digest = index.digest()
        return state.exclusive((db) => {
          const isSound = isSearchSound(db, digest)
          if (!isSound) dropSearchTables(db)
          return isSound
        })
      }, true),
    forget: (ref) => withoutDatabase(() => state.exclusive((db) => forgetDocument(db, ref)), undefined),
    drop: (withEmbeddings) => withoutDatabase(() => state.exclusive((db) => dropSearchTables(db, { withEmbeddings })), undefined),
    optimize: () => withoutDatabase(() => state.exclusive(joinPieces), undefined),
    unembedded: (model, dimensions) =>
      withIndex(({ db }) =>
        searchVectors
          .missing(db, model, dimensions)
          .map(({ digest, entry }) => ({ digest, text: embeddingText(documentOf(JSON.parse(entry) as Entry)) })),
      ),
    keepEmbeddings: (model, vectors) => state.exclusive((db) => searchVectors.put(db, model, vectors)),
  }
}

/** Without a database nothing is kept that could be looked after. */
function withoutDatabase<T>(work: () => T, otherwise: T): T {
  try {
    return work()
  } catch (error) {
    if (!isStateFault(error)) throw error
    return otherwise
  }
}

function isStateFault(error: unknown): boolean {
  return isSqliteFault(error) || (error as { code?: string }).code === 'STATE_UNAVAILABLE'
}

/** Reads that belong together: another process may change the index between them. */
function inSnapshot<T>(db: DatabaseSync, work: () => T): T {
  if (db.isTransaction) return work()
  db.exec('BEGIN')
  try {
    return work()
  } finally {
    db.exec('COMMIT')
  }
}

/** For a database of its own: the entries that it would otherwise find beside it. */
function copyEntries(db: DatabaseSync, entries: readonly { ref: string; entry: Entry }[]): void {
  db.exec('DELETE FROM manifest_entries')
  const put = db.prepare('INSERT INTO manifest_entries (ref, digest, entry) VALUES (?, ?, ?)')
  for (const { ref, entry } of entries) {
    const json = JSON.stringify(entry)
    put.run(ref, sha256(json), json)
  }
}

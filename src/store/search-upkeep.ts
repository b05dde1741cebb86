import type { DatabaseSync } from 'node:sqlite'
import { loadSearchColumns } from './search-columns.ts'
import { readSearchState, searchTableNames } from './search-tables.ts'
import { isSqliteFault } from './state-db.ts'

/* What the search index weighs, and whether it is whole. */

export interface SearchMeasure {
  /** Assets that it holds. */
  count: number
  /** In the state database, embeddings included. */
  bytes: number
  /** Texts embedded for search by meaning. */
  embeddings: number
}

export function measureSearch(db: DatabaseSync): SearchMeasure {
  const has = (table: string) => db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(table) !== undefined
  const countOf = (table: string) => (has(table) ? (db.prepare(`SELECT count(*) AS count FROM ${table}`).get() as { count: number }).count : 0)
  const ownTables = searchTableNames.map((name) => `name = '${name}' OR name GLOB '${name}_*'`).join(' OR ')
  const { bytes } = db.prepare(`SELECT coalesce(sum(pgsize), 0) AS bytes FROM dbstat WHERE aggregate = TRUE AND (${ownTables})`).get() as { bytes: number }
  return { count: countOf('search_docs'), bytes, embeddings: countOf('search_vectors') }
}

/**
 * Whether the full text is whole, and the tables tell of the same documents as it does and, where they are of the
 * present manifest, of what stands in that. Within a transaction.
 */
export function isSearchSound(db: DatabaseSync, manifestDigest: string): boolean {
  try {
    const state = readSearchState(db)
    if (!state) return true
    db.exec("INSERT INTO search_text (search_text) VALUES ('integrity-check')")
    const count = (sql: string) => (db.prepare(sql).get() as { count: number }).count
    const documents = count('SELECT count(*) AS count FROM search_docs')
    if (count('SELECT count(*) AS count FROM search_docs d JOIN search_text t ON t.rowid = d.id') !== documents) return false
    if (count('SELECT count(*) AS count FROM search_text') !== documents) return false
    if (loadSearchColumns(db, state.revision).ids().length !== documents) return false
    if (state.manifestDigest !== manifestDigest) return true
    const matching = 'SELECT count(*) AS count FROM manifest_entries m JOIN search_docs d ON d.ref = m.ref AND d.digest = m.digest'
    return count(matching) === documents && count('SELECT count(*) AS count FROM manifest_entries') === documents
  } catch (error) {
    if (isSqliteFault(error) || error instanceof RangeError) return false
    throw error
  }
}

/** Have an asset read anew by the next search. */
export function forgetDocument(db: DatabaseSync, ref: string): void {
  if (!readSearchState(db)) return
  db.prepare("UPDATE search_docs SET digest = '' WHERE ref = ?").run(ref)
  db.prepare("UPDATE search_state SET manifest_digest = ''").run()
}

/** Join the pieces that many changes leave of the full text. */
export function joinPieces(db: DatabaseSync): void {
  if (readSearchState(db)) db.exec("INSERT INTO search_text (search_text) VALUES ('optimize')")
}

import type { DatabaseSync } from 'node:sqlite'
import { sha256 } from '../core/digest.ts'
import type { Entry } from '../core/manifest.ts'
import { documentOf, embeddingText, facetValues, fieldTexts, searchFields } from '../core/search-document.ts'
import { plainText } from '../core/search-query.ts'
import { termsIn } from '../core/search-text.ts'
import { createPackedCodes } from './search-columns.ts'

/** Bump when a table, the terms of a text or what an entry is searched by changes: the index is then made anew. */
const format = 1

/**
 * The full text holds terms that are split and folded already, so its tokenizer only has to leave them whole: `ascii`
 * takes every sign beyond ASCII for a letter.
 */
const tables = `
  CREATE TABLE search_state (
    id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, manifest_digest TEXT NOT NULL, revision INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE search_docs (
    id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, name TEXT NOT NULL, text_digest TEXT NOT NULL,
    tested INTEGER NOT NULL, size_bytes INTEGER NOT NULL, modified_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX search_docs_name ON search_docs (name);
  CREATE TABLE search_values (
    code INTEGER PRIMARY KEY, facet TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (facet, value)
  ) STRICT;
  CREATE TABLE search_codes (chunk INTEGER PRIMARY KEY, codes BLOB NOT NULL) STRICT;
  CREATE TABLE search_terms (term TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE VIRTUAL TABLE search_text USING fts5(
    ${searchFields.join(', ')}, tokenize = 'ascii', prefix = '2 3', content = '', contentless_delete = 1
  );
`
/** Of the index; embeddings stand in a table of their own. */
const names = ['search_text', 'search_terms', 'search_codes', 'search_values', 'search_docs', 'search_state']

/** Embeddings were paid for: they stay when the index is made anew. */
const vectorTable = `CREATE TABLE IF NOT EXISTS search_vectors (
  model TEXT NOT NULL, digest TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (model, digest)
) STRICT, WITHOUT ROWID;`

/** Every table that search keeps. */
export const searchTableNames = [...names, 'search_vectors']

/** So many changed at once leave a full text in many pieces, which a query would have to join each time. */
const manyDocuments = 2000

export interface SearchState {
  manifestDigest: string
  /** Goes up with every change of the index. */
  revision: number
}

/** Which manifest the index tells of; nothing when there is no index, or one of another format. */
export function readSearchState(db: Pick<DatabaseSync, 'prepare'>): SearchState | undefined {
  if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'search_state'").get()) return undefined
  const row = db.prepare('SELECT format, manifest_digest, revision FROM search_state').get() as
    | { format: number; manifest_digest: string; revision: number }
    | undefined
  return row?.format === format ? { manifestDigest: row.manifest_digest, revision: row.revision } : undefined
}

/** Forget the index; embeddings stay, unless they are to go, too. */
export function dropSearchTables(db: DatabaseSync, input: { withEmbeddings?: boolean } = {}): void {
  for (const name of input.withEmbeddings ? searchTableNames : names) db.exec(`DROP TABLE IF EXISTS ${name}`)
}

/**
 * Bring the index in step with the table of manifest entries; within a transaction.
 * @returns how many assets were read anew and how many were dropped
 */
export function syncSearchTables(db: DatabaseSync, manifestDigest: string): { indexed: number; dropped: number } {
  const before = readSearchState(db)
  if (!before) {
    dropSearchTables(db)
    db.exec(tables)
    db.exec(vectorTable)
  }
  const gone = db
    .prepare('SELECT id FROM search_docs WHERE NOT EXISTS (SELECT 1 FROM manifest_entries m WHERE m.ref = search_docs.ref)')
    .all() as { id: number }[]
  const changed = db
    .prepare(
      'SELECT m.ref, m.digest, m.entry, d.id FROM manifest_entries m LEFT JOIN search_docs d ON d.ref = m.ref WHERE d.digest IS NOT m.digest ORDER BY m.ref',
    )
    .all() as { ref: string; digest: string; entry: string; id: number | null }[]
  const writer = createWriter(db)
  for (const { id } of gone) writer.remove(id)
  for (const { digest, entry, id } of changed) writer.put(JSON.parse(entry) as Entry, digest, id)
  writer.finish()
  if (changed.length + gone.length >= manyDocuments) db.exec("INSERT INTO search_text (search_text) VALUES ('optimize')")
  db.prepare('INSERT OR REPLACE INTO search_state (id, format, manifest_digest, revision) VALUES (1, ?, ?, ?)').run(
    format,
    manifestDigest,
    (before?.revision ?? Date.now()) + 1,
  )
  return { indexed: changed.length, dropped: gone.length }
}

function createWriter(db: DatabaseSync) {
  const dropText = db.prepare('DELETE FROM search_text WHERE rowid = ?')
  const dropDocument = db.prepare('DELETE FROM search_docs WHERE id = ?')
  const putDocument = db.prepare(
    'INSERT INTO search_docs (id, ref, digest, name, text_digest, tested, size_bytes, modified_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const putText = db.prepare(
    `INSERT INTO search_text (rowid, ${searchFields.join(', ')}) VALUES (?${', ?'.repeat(searchFields.length)})`,
  )
  const putTerm = db.prepare('INSERT OR IGNORE INTO search_terms (term) VALUES (?)')
  const putValue = db.prepare('INSERT INTO search_values (facet, value) VALUES (?, ?)')
  const codes = new Map(
    (db.prepare('SELECT code, facet, value FROM search_values').all() as { code: number; facet: string; value: string }[]).map(
      ({ code, facet, value }) => [`${facet}\n${value}`, code],
    ),
  )
  const packed = createPackedCodes(db)
  /** Written once each, in order. Words of deleted assets stay: a slip towards one of them finds nothing. */
  const newTerms = new Set<string>()

  const codeOf = (facet: string, value: string) => {
    const key = `${facet}\n${value}`
    let code = codes.get(key)
    if (code === undefined) codes.set(key, (code = Number(putValue.run(facet, value).lastInsertRowid)))
    return code
  }
  const remove = (id: number) => {
    dropText.run(id)
    dropDocument.run(id)
    packed.set(id, undefined)
  }
  return {
    remove,
    put(entry: Entry, digest: string, oldId: number | null) {
      if (oldId !== null) remove(oldId)
      const document = documentOf(entry)
      const { lastInsertRowid } = putDocument.run(
        oldId,
        document.ref,
        digest,
        plainText(document.name),
        sha256(embeddingText(document)),
        document.tested ? 1 : 0,
        document.sizeBytes,
        document.modifiedMs,
      )
      const id = Number(lastInsertRowid)
      const texts = fieldTexts(document)
      const terms = searchFields.map((field) => termsIn(texts[field]))
      putText.run(id, ...terms.map((list) => list.join(' ')))
      for (const list of terms) for (const term of list) if (isWord(term)) newTerms.add(term)
      packed.set(
        id,
        facetValues(document).map(({ facet, value }) => codeOf(facet, value)),
      )
    },
    finish() {
      for (const term of [...newTerms].sort()) putTerm.run(term)
      packed.write()
    },
  }
}

/** What can hold a slip: codes and numbers stand one beside the other, each a slip from the next. */
const isWord = (term: string) => term.length > 2 && !/\d/.test(term)

import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { facetNames, type FacetName } from '../core/search-document.ts'
import { oneOfFilters, type SearchFilters } from '../core/search-filters.ts'
import { fold } from '../core/search-text.ts'

/**
 * What results are filtered and counted by, in memory: the codes of each document's facet values. Counting the facets of
 * tens of thousands of hits in SQL would take longer than finding them.
 */
export interface SearchColumns {
  readonly revision: number
  readonly highestId: number
  /** 1 at the id of each document that passes; nothing when all do. */
  passing(filters: SearchFilters): Uint8Array | undefined
  /** Ids of all documents, ascending. */
  ids(): Uint32Array
  /** How many of the documents have which value, most first. */
  facets(ids: Uint32Array): Record<FacetName, { value: string; count: number }[]>
}

/** Documents per row of search_codes: a change writes one row anew. */
const chunkSize = 1024
/** More values of a facet are told by none: a person cannot look through them. */
const mostValues = 50

/** Codes as they are stored: id, how many, the codes, of one document after the other. */
export function createPackedCodes(db: DatabaseSync) {
  const get = db.prepare('SELECT codes FROM search_codes WHERE chunk = ?')
  const put = db.prepare('INSERT OR REPLACE INTO search_codes (chunk, codes) VALUES (?, ?)')
  const chunks = new Map<number, Map<number, readonly number[]>>()
  const chunkOf = (id: number) => {
    const place = Math.floor(id / chunkSize)
    let chunk = chunks.get(place)
    if (!chunk) {
      chunk = new Map()
      const row = get.get(place) as { codes: Uint8Array } | undefined
      if (row) eachPacked(asIntegers(row.codes), (one, codes) => chunk!.set(one, [...codes]))
      chunks.set(place, chunk)
    }
    return chunk
  }
  return {
    set(id: number, codes: readonly number[] | undefined): void {
      if (codes) chunkOf(id).set(id, codes)
      else chunkOf(id).delete(id)
    },
    write(): void {
      for (const [place, chunk] of chunks) {
        const integers = [...chunk].flatMap(([id, codes]) => [id, codes.length, ...codes])
        put.run(place, new Uint8Array(Uint32Array.from(integers).buffer))
      }
    },
  }
}

function eachPacked(packed: Uint32Array, visit: (id: number, codes: Uint32Array) => void): void {
  for (let i = 0; i < packed.length; i += 2 + packed[i + 1]!) visit(packed[i]!, packed.subarray(i + 2, i + 2 + packed[i + 1]!))
}

function asIntegers(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4)
}

export function loadSearchColumns(db: DatabaseSync, revision: number): SearchColumns {
  const { highestId } = db.prepare('SELECT coalesce(max(id), 0) AS highestId FROM search_docs').get() as { highestId: number }
  const values = new Map(
    (db.prepare('SELECT code, facet, value FROM search_values').all() as { code: number; facet: FacetName; value: string }[]).map(
      ({ code, ...value }) => [code, value],
    ),
  )
  const highestCode = Math.max(0, ...values.keys())
  const chunks = (db.prepare('SELECT codes FROM search_codes ORDER BY chunk').all() as { codes: Uint8Array }[]).map((row) =>
    asIntegers(row.codes),
  )
  /** Where the codes of a document stand in `codes`: from starts[id], ends[id] is behind the last. */
  const starts = new Uint32Array(highestId + 1)
  const ends = new Uint32Array(highestId + 1)
  const codes = new Uint32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    codes.set(chunk, at)
    for (let i = 0; i < chunk.length; ) {
      const id = chunk[i]!
      starts[id] = at + i + 2
      ends[id] = at + i + 2 + chunk[i + 1]!
      i += 2 + chunk[i + 1]!
    }
    at += chunk.length
  }
  // Every document has a kind, so a place without codes is a gap in the ids.
  const isPresent = (id: number) => ends[id]! > starts[id]!

  const keepOneOf = (mask: Uint8Array, facet: FacetName, wanted: readonly string[]) => {
    const folded = new Set(wanted.map(fold))
    const isWanted = new Uint8Array(highestCode + 1)
    for (const [code, one] of values) if (one.facet === facet && folded.has(fold(one.value))) isWanted[code] = 1
    for (let id = 0; id <= highestId; id++) {
      if (mask[id] === 0) continue
      let passes = 0
      for (let i = starts[id]!; i < ends[id]!; i++) passes |= isWanted[codes[i]!]!
      mask[id] = passes
    }
  }

  return {
    revision,
    highestId,
    passing(filters) {
      const conditions = oneOfFilters(filters)
      const rest = restCondition(filters)
      if (conditions.length === 0 && !rest) return undefined
      const mask = new Uint8Array(highestId + 1)
      if (rest) for (const id of idsOf(db.prepare(`SELECT group_concat(id) AS ids FROM search_docs WHERE ${rest.sql}`).get(...rest.values))) mask[id] = 1
      else for (let id = 0; id <= highestId; id++) mask[id] = isPresent(id) ? 1 : 0
      for (const { facet, wanted } of conditions) keepOneOf(mask, facet, wanted)
      return mask
    },
    ids: () => Uint32Array.from({ length: highestId + 1 }, (_, id) => id).filter(isPresent),
    facets(ids) {
      const counts = new Uint32Array(highestCode + 1)
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i]!
        for (let k = starts[id]!; k < ends[id]!; k++) counts[codes[k]!]!++
      }
      const found = Object.fromEntries(facetNames.map((name) => [name, []])) as unknown as ReturnType<SearchColumns['facets']>
      for (const [code, { facet, value }] of values) if (counts[code]! > 0) found[facet].push({ value, count: counts[code]! })
      for (const name of facetNames)
        found[name] = found[name].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, mostValues)
      return found
    },
  }
}

/** Conditions on what is no facet. */
function restCondition(filters: SearchFilters): { sql: string; values: (string | number)[] } | undefined {
  const parts: [sql: string, value: string | number | undefined][] = [
    ['tested = ?', filters.tested === undefined ? undefined : filters.tested ? 1 : 0],
    ['size_bytes >= ?', filters.minSizeBytes],
    ['size_bytes <= ?', filters.maxSizeBytes],
    ['modified_ms >= ?', filters.sinceMs],
    ['modified_ms < ?', filters.untilMs],
    ['ref NOT IN (SELECT value FROM json_each(?))', filters.except && JSON.stringify([...filters.except])],
  ]
  const given = parts.filter((part): part is [string, string | number] => part[1] !== undefined)
  return given.length === 0 ? undefined : { sql: given.map(([sql]) => sql).join(' AND '), values: given.map(([, value]) => value) }
}

/**
 * Ids from a row with `group_concat(…) AS ids`. One text for all of them: a row each would cost several times the search.
 */
export function idsOf(row: Record<string, SQLOutputValue> | undefined): Uint32Array {
  const text = (row?.ids ?? '') as string
  const ids = new Uint32Array(text === '' ? 0 : text.length / 2 + 1)
  let count = 0
  let id = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 44) {
      ids[count++] = id
      id = 0
    } else id = id * 10 + (code - 48)
  }
  if (text !== '') ids[count++] = id
  return ids.subarray(0, count)
}

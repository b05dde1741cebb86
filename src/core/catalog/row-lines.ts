import { allColumns, isRow, readRow, type CatalogRow, type RowCells } from './row.ts'

/*
 * The rows of an index as one text, a line each, cells between tabs: what a search reads again and again. Rows are
 * checked before they come here; a line is taken apart only when it matches.
 */

// eslint-disable-next-line no-control-regex
const whiteSpace = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

/** Cells that are words for people; the others are checked as they are. */
const wordColumns = ['description', 'tags', 'bin', 'created', 'updated', 'license'] as const

/** Cells without what would tear a line: a line break within a description becomes a space. */
export function tidyCells(cells: RowCells): RowCells {
  return { ...cells, ...Object.fromEntries(wordColumns.map((column) => [column, cells[column].replace(whiteSpace, ' ').trim()])) }
}

export function lineOf(cells: RowCells): string {
  return allColumns.map((column) => cells[column]).join('\t')
}

export function rowOfLine(line: string): CatalogRow | undefined {
  const row = readRow(cellsOfLine(line))
  return isRow(row) ? row : undefined
}

function cellsOfLine(line: string): RowCells {
  const cells = line.split('\t')
  return Object.fromEntries(allColumns.map((column, i) => [column, cells[i] ?? ''])) as unknown as RowCells
}

/** The rows that a name stands for: a whole ref, or the last part of one. */
export function rowsNamed(lines: string, name: string): CatalogRow[] {
  const asked = name.split('/').at(-1)!
  const found: CatalogRow[] = []
  for (let at = lines.indexOf(`\t${asked}\t`); at >= 0; at = lines.indexOf(`\t${asked}\t`, at + 1)) {
    const start = lines.lastIndexOf('\n', at) + 1
    const end = lines.indexOf('\n', at)
    const row = rowOfLine(lines.slice(start, end < 0 ? undefined : end))
    if (row && row.name === asked && (row.ref === name || !name.includes('/')) && found.at(-1)?.ref !== row.ref) found.push(row)
  }
  return found
}

/** The refs of all rows. */
export function refsOf(lines: string): string[] {
  return lines.split('\n').flatMap((line) => (line === '' ? [] : line.split('\t', 3).join('/')))
}

/** Most words of a query that are looked at. */
const maxWords = 32

/** Weight of one word by where it stands; a name says more than a tag, a tag more than a description. */
const weights = { nameWhole: 100, nameStart: 60, nameWord: 50, nameWithin: 40, ref: 45, tagWhole: 35, tagWithin: 20, textWord: 15, textWithin: 10 }

/**
 * Find rows that hold every word of a query in name, description or tags, best first. A word with a slash is looked for
 * in the ref, too.
 * @param limit - most rows; `total` counts all
 */
export function searchLines(lines: string, query: string, limit: number): { total: number; rows: CatalogRow[] } {
  const words = query.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean).slice(0, maxWords)
  if (words.length === 0) return { total: 0, rows: [] }
  // The one letter whose lower case is longer: places in both texts must be the same.
  const folded = lines.replaceAll('İ', 'I').toLowerCase()
  // A slash alone is in every line.
  const lead = words.map(lastPart).reduce((a, b) => (b.length > a.length ? b : a)) || '\t'
  const hits: { start: number; end: number; score: number; ref: string }[] = []
  for (let at = folded.indexOf(lead); at >= 0; ) {
    const start = folded.lastIndexOf('\n', at) + 1
    const next = folded.indexOf('\n', at)
    const end = next < 0 ? folded.length : next
    const [type, category, name, description, tags] = folded.slice(start, end).split('\t', 5) as [string, string, string, string, string]
    const row = { name, description, tags, ref: `${type}/${category}/${name}` }
    const found = words.map((word) => weightOf(word, row))
    if (found.every((weight) => weight > 0)) hits.push({ start, end, score: found.reduce((sum, weight) => sum + weight, 0), ref: row.ref })
    at = folded.indexOf(lead, end)
  }
  hits.sort((a, b) => b.score - a.score || (a.ref < b.ref ? -1 : 1))
  return { total: hits.length, rows: hits.slice(0, limit).flatMap(({ start, end }) => rowOfLine(lines.slice(start, end)) ?? []) }
}

/** A word with slashes is a path; its end is a name. */
function lastPart(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1)
}

function weightOf(word: string, row: { name: string; description: string; tags: string; ref: string }): number {
  const inName = row.name.indexOf(word)
  if (row.name === word) return weights.nameWhole
  if (inName === 0) return weights.nameStart
  if (inName > 0 && isWordStart(row.name, word)) return weights.nameWord
  if (inName > 0) return weights.nameWithin
  if (word.includes('/') && row.ref.includes(word)) return weights.ref
  if (row.tags.includes(word)) return `;${row.tags};`.includes(`;${word};`) ? weights.tagWhole : weights.tagWithin
  if (!row.description.includes(word)) return 0
  return isWordStart(row.description, word) ? weights.textWord : weights.textWithin
}

const letter = /[\p{L}\p{N}]/u

function isWordStart(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (at === 0 || !letter.test(text[at - 1]!)) return true
  return false
}

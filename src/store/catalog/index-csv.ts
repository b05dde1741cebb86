import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { escapedCell, restoredCell } from '../../core/catalog/formula-cells.ts'
import { allColumns, cellsOf, compareRows, extraColumns, indexColumns, isRow, readRow, type CatalogRow, type RowCells } from '../../core/catalog/row.ts'
import { lineOf, tidyCells } from '../../core/catalog/row-lines.ts'
import { isLfsPointer } from '../../core/lfs-pointer.ts'
import { maxIndexBytes, type RowProblem } from './index-file.ts'

const maxRows = 200_000
/** Most problems that are told; the rest is counted. */
const maxProblems = 100

export interface ReadIndex {
  /** The good rows, as core/catalog/row-lines reads them. */
  lines: string
  rows: number
  problems: RowProblem[]
  /** With those that are not told. */
  problemCount: number
}

/**
 * Read an index. A bad row is a problem, and the others stay usable.
 * @returns what it holds, or why it is no index
 */
export function readIndex(bytes: Uint8Array): ReadIndex | { why: string } {
  if (bytes.length === 0) return { why: 'it is empty' }
  if (bytes.length > maxIndexBytes) return { why: `it has ${bytes.length} bytes; the most is ${maxIndexBytes}` }
  if (isLfsPointer(bytes)) return { why: 'it is a Git LFS pointer' }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { why: 'it is no UTF-8 text' }
  }
  if (/^\s*</.test(text)) return { why: 'it is a page of HTML' }

  let columns: string[] | undefined
  let refusal: string | undefined
  const problems: RowProblem[] = []
  let problemCount = 0
  const complain = (line: number, problem: string) => {
    if (++problemCount <= maxProblems) problems.push({ line, problem })
  }
  const lines: string[] = []
  const firstLines = new Map<string, number>()
  const take = (record: readonly string[], line: number): void => {
    if (!columns) {
      columns = record.map((name) => name.trim())
      refusal = headerRefusal(columns)
      return
    }
    if (refusal !== undefined) return
    if (record.length !== columns.length) return complain(line, `it has ${record.length} cells, and the head has ${columns.length}`)
    const row = cellsOfRecord(columns, record)
    const read = readRow(row)
    if (!isRow(read)) return complain(line, read)
    const folded = read.ref.toLowerCase()
    const first = firstLines.get(folded)
    if (first !== undefined) return complain(line, `${read.ref} stands on line ${first} already`)
    firstLines.set(folded, line)
    if (lines.length === maxRows) refusal = `it has more than ${maxRows} rows`
    lines.push(lineOf(row))
  }
  try {
    parse(text, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 1_000_000,
      on_record: (record: string[], { lines }) => {
        take(record, lines)
        return null
      },
    })
  } catch (error) {
    if (!columns || refusal !== undefined) return { why: `it is no CSV: ${(error as Error).message}` }
    // What follows a quote that does not end belongs to it: nothing more can be told apart.
    complain((error as { lines?: number }).lines ?? 0, `the rest cannot be read: ${(error as Error).message}`)
  }
  if (refusal === undefined && !columns) refusal = 'it is empty'
  if (refusal !== undefined) return { why: refusal }
  return { lines: lines.join('\n'), rows: lines.length, problems, problemCount }
}

function headerRefusal(columns: readonly string[]): string | undefined {
  const twice = columns.find((name, i) => columns.indexOf(name) !== i)
  if (twice !== undefined) return `its head names the column ${JSON.stringify(twice)} twice`
  const missing = indexColumns.filter((name) => !columns.includes(name))
  return missing.length > 0 ? `its head has no column ${missing.join(', ')}` : undefined
}

function cellsOfRecord(columns: readonly string[], record: readonly string[]): RowCells {
  const named = new Map(columns.map((column, i) => [column, record[i]!]))
  return tidyCells(Object.fromEntries(allColumns.map((column) => [column, restoredCell(named.get(column) ?? '')])) as unknown as RowCells)
}

/** The one spelling of an index: sorted rows, LF, extra columns only where a row has one. */
export function formatIndex(rows: readonly CatalogRow[]): string {
  const cells = [...rows].sort(compareRows).map((row) => tidyCells(cellsOf(row)))
  const columns = [...indexColumns, ...extraColumns.filter((column) => cells.some((row) => row[column] !== ''))]
  return stringify([columns, ...cells.map((row) => columns.map((column) => escapedCell(row[column])))])
}

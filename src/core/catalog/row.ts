import valid from 'semver/functions/valid.js'
import validRange from 'semver/ranges/valid.js'
import { rowPathRefusal } from './row-path.ts'

/* One line of a catalog's index, assets/index.csv. */

/** Columns that every index has, in their order. */
export const indexColumns = ['type', 'category', 'name', 'description', 'tags', 'bin', 'sha', 'size', 'created', 'updated'] as const
/** Columns that an index may have besides. */
export const extraColumns = ['sha256', 'files', 'dependencies', 'version', 'license'] as const
export const allColumns = [...indexColumns, ...extraColumns] as const
type Column = (typeof allColumns)[number]
/** The cells of a row as they stand in the index, by column. */
export type RowCells = Readonly<Record<Column, string>>

/** Most bytes of one file of a catalog. */
export const maxCatalogFileBytes = 5 * 1024 * 1024

export interface CatalogFile {
  /** In the repository: `assets/tools/analyzers/reading-time.ts`. */
  path: string
  sizeBytes: number
  sha256: string
}

/** One asset of a catalog. */
export interface CatalogRow {
  /** `type/category/name` */
  ref: string
  type: string
  category: string
  name: string
  description: string
  tags: readonly string[]
  bin: string
  /** Git blob SHA-1 of the content file; with several files, of the first. */
  sha: string
  sizeBytes: number
  created: string
  updated: string
  sha256?: string
  /** Every file, the content file first; empty when the index does not say. */
  files: readonly CatalogFile[]
  dependencies: Readonly<Record<string, string>>
  version?: string
  license?: string
}

/** Of a ref. */
export const idPart = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/
const gitSha = /^[0-9a-f]{40}$/
const hex64 = /^[0-9a-f]{64}$/
const wholeNumber = /^\d{1,15}$/

/**
 * Read one row.
 * @returns the row, or what is wrong with it in words
 */
export function readRow(cells: RowCells): CatalogRow | string {
  const { type, category, name } = cells
  for (const [column, parts] of [['type', type.split('/')], ['category', category.split('/')], ['name', [name]]] as const) {
    const refusal = rowPathRefusal(cells[column])
    if (cells[column] === '') return `${column} is empty`
    if (refusal) return `${column}: ${refusal}`
    if (!parts.every((one) => idPart.test(one))) return `${column} is ${JSON.stringify(cells[column])}; it may have letters, digits, ".", "-" and "_"`
  }
  if (!gitSha.test(cells.sha)) return 'sha is not the 40 hex digits of a git blob'
  if (!wholeNumber.test(cells.size)) return 'size is not a whole number of bytes'
  if (cells.sha256 !== '' && !hex64.test(cells.sha256)) return 'sha256 is not 64 hex digits'
  if (cells.version !== '' && valid(cells.version) !== cells.version) return `version ${JSON.stringify(cells.version)} is no semantic version`
  const files = readFiles(cells.files)
  if (typeof files === 'string') return files
  const dependencies = readDependencies(cells.dependencies)
  if (typeof dependencies === 'string') return dependencies
  return {
    ref: `${type}/${category}/${name}`,
    type,
    category,
    name,
    description: cells.description,
    tags: listOf(cells.tags),
    bin: cells.bin,
    sha: cells.sha,
    sizeBytes: Number(cells.size),
    created: cells.created,
    updated: cells.updated,
    ...(cells.sha256 !== '' && { sha256: cells.sha256 }),
    files,
    dependencies,
    ...(cells.version !== '' && { version: cells.version }),
    ...(cells.license !== '' && { license: cells.license }),
  }
}

export function isRow(read: CatalogRow | string): read is CatalogRow {
  return typeof read !== 'string'
}

const listOf = (cell: string) => cell.split(';').map((item) => item.trim()).filter((item) => item !== '')

function readFiles(cell: string): CatalogFile[] | string {
  const files: CatalogFile[] = []
  for (const item of listOf(cell)) {
    const [, path, size, sha256] = /^(.*):(\d{1,15}):([0-9a-f]{64})$/.exec(item) ?? []
    if (path === undefined) return `files: ${JSON.stringify(item)} is not path:size:sha256`
    const refusal = rowPathRefusal(path)
    if (refusal) return `files: ${JSON.stringify(path)}: ${refusal}`
    files.push({ path, sizeBytes: Number(size), sha256: sha256! })
  }
  const [main] = files
  const outside = main && files.find(({ path }) => !path.startsWith(folderOf(main.path)))
  if (outside) return `files: ${JSON.stringify(outside.path)} does not lie beside ${JSON.stringify(main.path)}`
  if (new Set(files.map(({ path }) => path.toLowerCase())).size < files.length) return 'files names one path twice'
  return files
}

/** The folder of a path with its closing slash. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

function readDependencies(cell: string): Record<string, string> | string {
  const dependencies: [string, string][] = []
  for (const item of listOf(cell)) {
    const at = item.lastIndexOf('@')
    const [ref, range] = at < 0 ? [item, '*'] : [item.slice(0, at), item.slice(at + 1)]
    if (rowPathRefusal(ref) || ref.split('/').some((one) => !idPart.test(one))) return `dependencies: ${JSON.stringify(item)} is not ref@range`
    if (validRange(range) === null) return `dependencies: ${JSON.stringify(range)} is no range of versions`
    dependencies.push([ref, range])
  }
  return Object.fromEntries(dependencies)
}

/** The cells of a row; {@link readRow} gives the row back. */
export function cellsOf(row: CatalogRow): RowCells {
  return {
    type: row.type,
    category: row.category,
    name: row.name,
    description: row.description,
    tags: row.tags.join(';'),
    bin: row.bin,
    sha: row.sha,
    size: String(row.sizeBytes),
    created: row.created,
    updated: row.updated,
    sha256: row.sha256 ?? '',
    files: row.files.map(({ path, sizeBytes, sha256 }) => `${path}:${sizeBytes}:${sha256}`).join(';'),
    dependencies: Object.entries(row.dependencies).map(([ref, range]) => `${ref}@${range}`).join(';'),
    version: row.version ?? '',
    license: row.license ?? '',
  }
}

/** The order of an index: type, category, name. */
export function compareRows(a: Pick<CatalogRow, 'type' | 'category' | 'name'>, b: typeof a): number {
  for (const column of ['type', 'category', 'name'] as const)
    if (a[column] !== b[column]) return a[column] < b[column] ? -1 : 1
  return 0
}

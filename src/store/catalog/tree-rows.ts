import { isRow, readRow, type RowCells } from '../../core/catalog/row.ts'
import { lineOf } from '../../core/catalog/row-lines.ts'
import type { TreeFile } from './transport.ts'

/** Endings of files that say something of an asset, or that stand beside one. */
const sidecar = /\.meta\.toml$/

/**
 * Rows of what a listing of files tells: names and paths. Files of one stem are one asset; the first that may be its
 * content gives the digest.
 */
export function linesOfListing(files: readonly TreeFile[]): string[] {
  const assets = new Map<string, { cells: RowCells; rank: number }>()
  for (const { path, sha, sizeBytes } of files) {
    const parts = path.split('/').slice(1)
    if (parts[0] === 'library') parts.shift()
    const file = parts.pop() ?? ''
    const category = parts.pop()
    if (category === undefined || parts.length === 0 || sidecar.test(file)) continue
    const name = file.replace(/\.asset\.yaml$|\.[^.]*$/, '')
    const cells: RowCells = {
      type: parts.join('/'), category, name, description: '', tags: '', bin: '', sha, size: String(sizeBytes), created: '', updated: '',
      sha256: '', files: '', dependencies: '', version: '', license: '',
    }
    const rank = file.endsWith('.asset.yaml') ? 0 : 1
    const row = readRow(cells)
    if (!isRow(row)) continue
    const known = assets.get(row.ref)
    if (!known || rank < known.rank) assets.set(row.ref, { cells, rank })
  }
  // A folder of content files is no group of assets beside the item that it belongs to.
  return [...assets].filter(([ref]) => !assets.has(ref.slice(0, ref.lastIndexOf('/')))).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { cells }]) => lineOf(cells))
}

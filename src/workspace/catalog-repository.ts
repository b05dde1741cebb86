import { cellsOf } from '../core/catalog/row.ts'
import type { RepositoryScan } from '../store/catalog/scan-repository.ts'

export { formatIndex } from '../store/catalog/index-csv.ts'
export { indexPath } from '../store/catalog/index-file.ts'
export { scanRepository } from '../store/catalog/scan-repository.ts'

/** The refs by which an index would differ from the one that stands there. */
export function compareIndex({ rows, previousRows }: RepositoryScan): { added: string[]; changed: string[]; removed: string[] } {
  const before = new Map(previousRows.map((row) => [row.ref, JSON.stringify(cellsOf(row))]))
  const now = new Set(rows.map(({ ref }) => ref))
  return {
    added: rows.filter(({ ref }) => !before.has(ref)).map(({ ref }) => ref).sort(),
    changed: rows.filter((row) => before.has(row.ref) && before.get(row.ref) !== JSON.stringify(cellsOf(row))).map(({ ref }) => ref).sort(),
    removed: [...before.keys()].filter((ref) => !now.has(ref)),
  }
}

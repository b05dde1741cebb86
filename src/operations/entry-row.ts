import * as z from 'zod'
import { entrySchema, type Entry } from '../core/manifest.ts'
import type { Workspace } from '../workspace.ts'

/** An entry with the ref it stands under. */
export const entryRowSchema = entrySchema.extend({ ref: z.string() })
export type EntryRow = z.output<typeof entryRowSchema>

export function toRow(ref: string, entry: Entry): EntryRow {
  return { ...entry, ref }
}

/** More rows than this are taken from one reading of all entries. */
const fewRows = 200

/** The entries of refs, in their order; refs that are gone by now are left out. */
export function rowsOf(workspace: Workspace, refs: readonly string[]): EntryRow[] {
  const { index } = workspace
  const all =
    refs.length > fewRows ? new Map(index.startingWith('').map(({ ref, entry }) => [ref, entry])) : undefined
  return refs.flatMap((ref) => {
    const entry = all ? all.get(ref) : index.find(ref)?.entry
    return entry ? [toRow(ref, entry)] : []
  })
}

/** `LOGO-ACME-MARK001  image  PNG 600×400  brand, primary` */
export function rowLine(row: EntryRow): string {
  return [row.ref, row.kind, measures(row), row.tags?.join(', ')].filter(Boolean).join('  ')
}

/** What a person wants to know of the content at a glance. */
export function measures(entry: Entry): string {
  if (entry.colorHex) return entry.colorHex
  const format = entry.mediaType?.split('/')[1]?.replace('svg+xml', 'svg').replace('mpeg', 'mp3').toUpperCase() ?? ''
  const size = entry.widthPx && entry.heightPx ? `${entry.widthPx}×${entry.heightPx}` : ''
  const duration = entry.durationMs !== undefined ? `${(entry.durationMs / 1000).toFixed(2)} s` : ''
  return [format, size, duration].filter(Boolean).join(' ')
}

import * as z from 'zod'
import { indexStates, type OpenIndexes } from '../workspace/catalogs.ts'

/* What operations tell of the catalogs that they asked. */

export const catalogReportSchema = z.object({
  name: z.string(),
  from: z.string(),
  state: z
    .enum([...indexStates, 'unreachable'])
    .describe('new or unchanged: asked just now; listing: names only; last-good: of an earlier time; unreachable: nothing is known.'),
  revision: z.string().optional().describe('The commit that everything was read at.'),
  assets: z.number().int(),
  ageMs: z.number().int().optional().describe('With last-good: since the catalog last answered.'),
  problems: z.array(z.object({ line: z.number().int(), problem: z.string() })).describe('Rows of the index that cannot be used.'),
  isPartial: z.boolean().optional().describe('Of a listing that the server cut short: the catalog has more assets.'),
  why: z.string().optional(),
})
export type CatalogReport = z.output<typeof catalogReportSchema>

export function reportOf({ open, failed }: OpenIndexes, nowMs: number): CatalogReport[] {
  return [
    ...open.map(({ catalog, from, state, revision, rows, problems, confirmedMs, isPartial, why }) => ({
      name: catalog,
      from,
      state,
      ...(revision !== '' && { revision }),
      assets: rows,
      ...(state === 'last-good' && { ageMs: Math.max(0, Math.round(nowMs - confirmedMs)) }),
      problems: [...problems],
      ...(isPartial && { isPartial }),
      ...(why !== undefined && { why }),
    })),
    ...failed.map(({ catalog, error }) => ({ name: catalog, from: '', state: 'unreachable' as const, assets: 0, problems: [], why: error.message })),
  ]
}

/** Lines for a person, as many as needed and no more. */
export function reportLines(reports: readonly CatalogReport[]): string[] {
  return reports.flatMap((report) => {
    const of = reports.length > 1 ? ` of ${report.name}` : ''
    const problems = report.problems.map(({ line, problem }) => `⚠ Line ${line} of the index${of} is left out: ${problem}`)
    const loaded = `(${report.assets} ${report.assets === 1 ? 'asset' : 'assets'})`
    switch (report.state) {
      case 'listing':
        return [`⚠ Index${of} unavailable, using directory listing (limited metadata)`, `  ${report.why ?? ''}`, ...(report.isPartial ? [`⚠ The listing${of} was cut short by the server: it has more assets than these ${report.assets}`] : [])]
      case 'last-good':
        return [`⚠ Index${of} unavailable, using the last good one, ${ageText(report.ageMs ?? 0)} old ${loaded}`, `  ${report.why ?? ''}`, ...problems]
      case 'unreachable':
        return [`✗ ${report.why ?? report.name}`]
      default:
        return [`✓ Loaded index${of} ${loaded}`, ...problems]
    }
  })
}

/** `3 days`, in the largest unit that fits. */
export function ageText(ageMs: number): string {
  const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1000]] as const
  const [unit, lengthMs] = units.find(([, lengthMs]) => ageMs >= lengthMs) ?? units[3]
  const count = Math.floor(ageMs / lengthMs)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

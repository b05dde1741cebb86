import { stringify } from 'csv-stringify/sync'
import * as z from 'zod'
import { formatUsd } from '../core/cost.ts'
import { defineOperation } from './operation.ts'
import { table } from './table.ts'

const callRow = z.object({
  at: z.string(),
  spec: z.string(),
  provider: z.string(),
  model: z.string().nullable(),
  type: z.string(),
  state: z.enum(['reserved', 'settled', 'released', 'maybe_spent']),
  quoteMicroUsd: z.number().int(),
  costMicroUsd: z.number().int(),
  success: z.boolean().nullable(),
  durationMs: z.number().nullable(),
  jobKey: z.string(),
  runId: z.string(),
})
const groupRow = z.object({
  provider: z.string().optional(),
  spec: z.string().optional(),
  calls: z.number().int(),
  failed: z.number().int(),
  costMicroUsd: z.number().int(),
  meanDurationMs: z.number().nullable(),
})

export default defineOperation({
  input: z.strictObject({
    month: z
      .string()
      .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'must be a month such as 2026-11')
      .optional()
      .describe('UTC month, YYYY-MM. Default: the present one.'),
    by: z.enum(['provider', 'spec']).optional().describe('Sum up by provider or by spec.'),
    csv: z.boolean().default(false).describe('Print the rows as CSV.'),
  }),
  output: z.object({
    month: z.string(),
    limitMicroUsd: z.number().int().nullable().describe('budget.monthlyUsd; null when there is none.'),
    spentMicroUsd: z.number().int().describe('What may have been spent counts as spent.'),
    reservedMicroUsd: z.number().int().describe('Of calls under way.'),
    rows: z.array(z.union([callRow, groupRow])),
  }),
  effect: 'read',
  example: 'assetloom costs --by provider',
  async run({ month, by }, { workspace }) {
    const { ledger } = workspace.generation
    const totals = ledger.totals(month)
    const calls = ledger.rows(totals.month)
    return {
      ...totals,
      limitMicroUsd: workspace.options.budget?.monthlyMicroUsd ?? null,
      rows: by ? grouped(calls, by) : calls.map(({ id: _id, month: _month, ...row }) => row),
    }
  },
  present(output, { csv, by }) {
    if (csv)
      return stringify(
        output.rows.map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, harmless(value)])),
        ),
        { header: true },
      ).trimEnd()
    const limit = output.limitMicroUsd === null ? 'no monthly limit' : `of ${formatUsd(output.limitMicroUsd)}`
    const lines = output.rows
      .filter((row) => row.costMicroUsd > 0 || by)
      .map((row) =>
        'calls' in row
          ? [
              row.provider ?? row.spec ?? '',
              `${row.calls} calls`,
              row.failed ? `${row.failed} failed` : '',
              formatUsd(row.costMicroUsd),
            ]
          : [row.at.slice(0, 19), row.spec, row.provider, row.state, formatUsd(row.costMicroUsd)],
      )
    return [
      `${output.month}: ${formatUsd(output.spentMicroUsd)} spent ${limit}${output.reservedMicroUsd ? `, ${formatUsd(output.reservedMicroUsd)} reserved` : ''}`,
      ...table(lines),
    ].join('\n')
  },
})

type Call = { provider: string; spec: string; costMicroUsd: number; success: boolean | null; durationMs: number | null }

function grouped(calls: readonly Call[], by: 'provider' | 'spec') {
  const groups = new Map<string, Call[]>()
  for (const call of calls) groups.set(call[by], [...(groups.get(call[by]) ?? []), call])
  return [...groups]
    .map(([name, of]) => {
      const times = of.flatMap((call) => call.durationMs ?? [])
      return {
        [by]: name,
        calls: of.length,
        failed: of.filter((call) => call.success === false).length,
        costMicroUsd: of.reduce((sum, call) => sum + call.costMicroUsd, 0),
        meanDurationMs: times.length > 0 ? Math.round(times.reduce((sum, time) => sum + time, 0) / times.length) : null,
      }
    })
    .sort((a, b) => b.costMicroUsd - a.costMicroUsd || (String(a[by]) < String(b[by]) ? -1 : 1))
}

/** A cell that a spreadsheet would run is made a text. */
function harmless(value: unknown): unknown {
  return typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
}

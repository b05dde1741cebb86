import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { catalogReportSchema, reportLines, reportOf } from './catalog-report.ts'
import { defineOperation } from './operation.ts'
import { requireUpdates, uncheckedSchema, updateLines, updateQueryField, updateRow, updateRowSchema } from './catalog-update-rows.ts'

const nothingCompared = defineError('CATALOG_NOTHING_COMPARED', {
  summary: 'Assets came from catalogs, and none of them could be compared with what its catalog has.',
  message: (d: { count: number }) => `${d.count} ${d.count === 1 ? 'asset' : 'assets'} came from a catalog, and none could be compared.`,
  hint: () => 'Look after the connection and the catalogs in the options, then run it again.',
})

export default defineOperation({
  input: z.strictObject({ query: updateQueryField }),
  output: z.object({
    items: z.array(updateRowSchema).describe('All but the current ones.'),
    compared: z.number().int().describe('How many were compared, the current ones as well.'),
    unchecked: z.array(uncheckedSchema).describe('Those whose catalog cannot be asked.'),
    catalogs: z.array(catalogReportSchema),
  }),
  positional: ['query'],
  effect: 'read',
  example: 'assetloom outdated',
  async run({ query }, { workspace, signal, progress }) {
    progress.start(1, 'Downloading catalog index')
    const { updates, unchecked, asked } = await requireUpdates(query, workspace, signal).finally(() => progress.stop())
    return {
      items: updates.filter(({ state }) => state !== 'current').map(updateRow),
      compared: updates.length,
      unchecked,
      catalogs: reportOf(asked, Date.now()),
    }
  },
  verdict({ compared, unchecked }) {
    // What other projects took over into the user's folder is none of this project's concern.
    const own = unchecked.filter(({ layer, isNamed }) => isNamed || layer === 'project')
    return compared === 0 && own.length > 0 ? nothingCompared({ count: own.length }) : undefined
  },
  present: ({ items, unchecked, catalogs }) =>
    [...reportLines(catalogs), ...(items.length + unchecked.length === 0 ? ['✓ All is current.'] : updateLines(items, unchecked))].join('\n'),
})

import * as z from 'zod'
import { filterShape, filtersOf } from './asset-filters.ts'
import { entryRowSchema, rowLine, rowsOf } from './entry-row.ts'
import { defineOperation } from './operation.ts'

export default defineOperation({
  input: z.strictObject({
    ...filterShape,
    limit: z.number().int().min(1).optional().describe('Most assets. Default: all.'),
  }),
  output: z.object({
    total: z.number().int().describe('All that pass, whatever the limit.'),
    assets: z.array(entryRowSchema),
  }),
  effect: 'read',
  example: 'assetloom filter --tags hero,minimal --since 2026-01-01',
  async run(input, { workspace }) {
    const { refs } = (await workspace.search()).filter(await filtersOf(input, workspace))
    return { total: refs.length, assets: rowsOf(workspace, refs.slice(0, input.limit)) }
  },
  present: ({ total, assets }) =>
    total === 0
      ? 'Nothing passes.'
      : [...assets.map(rowLine), ...(assets.length < total ? [`${assets.length} of ${total}`] : [])].join('\n'),
})

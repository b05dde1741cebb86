import * as z from 'zod'
import { defineOperation } from './operation.ts'
import { requireUpdates, uncheckedSchema, updateLines, updateQueryField, updateRow, updateRowSchema } from './catalog-update-rows.ts'

export default defineOperation({
  input: z.strictObject({ query: updateQueryField }),
  output: z.object({
    items: z.array(updateRowSchema).describe('All but the current ones.'),
    unchecked: z.array(uncheckedSchema).describe('Those whose catalog cannot be asked.'),
  }),
  positional: ['query'],
  effect: 'read',
  example: 'assetloom outdated',
  async run({ query }, { workspace, signal, progress }) {
    progress.start(1, 'Downloading catalog index')
    const { updates, unchecked } = await requireUpdates(query, workspace, signal).finally(() => progress.stop())
    return { items: updates.filter(({ state }) => state !== 'current').map(updateRow), unchecked }
  },
  present: ({ items, unchecked }) => (items.length + unchecked.length === 0 ? '✓ All is current.' : updateLines(items, unchecked).join('\n')),
})

import * as z from 'zod'
import { entryRowSchema, measures, toRow } from './entry-row.ts'
import { defineOperation } from './operation.ts'

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Token, alias or spec id of an asset made in several variations.'),
    variation: z.coerce.number().int().min(1).describe('Which one, from 1.'),
  }),
  output: entryRowSchema.extend({ variations: z.number().int() }),
  positional: ['ref', 'variation'],
  effect: 'write',
  example: 'assetloom pick particleWhite 3',
  async run({ ref, variation }, { workspace }) {
    const { ref: token, entry, made } = await workspace.generation.pick(ref, variation)
    return { ...toRow(token, entry), variations: made }
  },
  present: (row, { variation }) => `✓ ${row.ref} is variation ${variation} of ${row.variations}  ${measures(row)}`,
})

import * as z from 'zod'
import { defineOperation } from './operation.ts'

export default defineOperation({
  input: z.strictObject({}),
  output: z.object({ indexed: z.number().int().describe('Assets that can be searched now.') }),
  effect: 'write',
  example: 'assetloom reindex',
  async run(_input, { workspace }) {
    return (await workspace.search()).rebuild()
  },
  present: ({ indexed }) => `✓ ${indexed} assets indexed`,
})

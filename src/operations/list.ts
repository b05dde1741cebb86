import * as z from 'zod'
import { entryRowSchema, rowLine, toRow } from './entry-row.ts'
import { defineOperation } from './operation.ts'

export default defineOperation({
  input: z.strictObject({
    kind: z.string().optional().describe('Only this kind, e.g. image, audio, color.'),
    category: z.string().optional().describe('Only this category.'),
    family: z.string().optional().describe('Only this family.'),
    tag: z.array(z.string()).default([]).describe('Only assets with all of these tags.'),
  }),
  output: z.object({ total: z.number().int(), assets: z.array(entryRowSchema) }),
  effect: 'read',
  example: 'assetloom list --category Logos',
  async run(input, { workspace }) {
    const assets = Object.entries(workspace.manifest.read().assets)
      .map(([ref, entry]) => toRow(ref, entry))
      .filter(
        (row) =>
          (!input.kind || row.kind === input.kind) &&
          (!input.category || row.category?.toLowerCase() === input.category.toLowerCase()) &&
          (!input.family || row.family === input.family) &&
          input.tag.every((tag) => row.tags?.includes(tag)),
      )
    return { total: assets.length, assets }
  },
  present({ total, assets }, { kind, category, family, tag }) {
    if (total > 0) return assets.map(rowLine).join('\n')
    const isNarrowed = [kind, category, family, ...tag].some(Boolean)
    return isNarrowed ? 'No asset is of that sort.' : 'No assets yet. assetloom import brings the first one in.'
  },
})

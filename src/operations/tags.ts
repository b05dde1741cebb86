import * as z from 'zod'
import { defineOperation } from './operation.ts'

export default defineOperation({
  input: z.strictObject({}),
  output: z.object({ total: z.number().int(), tags: z.array(z.object({ tag: z.string(), count: z.number().int() })) }),
  effect: 'read',
  example: 'assetloom tags',
  async run(_input, { workspace }) {
    const counts = new Map<string, number>()
    for (const entry of Object.values(workspace.manifest.read().assets))
      for (const tag of new Set(entry.tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1)
    const tags = [...counts]
      .map(([tag, count]) => ({ tag, count }))
      .sort((a, b) => b.count - a.count || (a.tag < b.tag ? -1 : 1))
    return { total: tags.length, tags }
  },
  present: ({ tags }) =>
    tags.length === 0
      ? 'No tags yet. assetloom add-tags <ref> <tags…> adds some.'
      : tags.map(({ tag, count }) => `${String(count).padStart(5)}  ${tag}`).join('\n'),
})

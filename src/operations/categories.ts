import * as z from 'zod'
import { defineOperation } from './operation.ts'

const categorySchema = z.object({
  name: z.string(),
  prefix: z.string().optional().describe('Absent for groups of library assets.'),
  prefixName: z.string().optional(),
  count: z.number().int(),
  families: z.array(z.string()),
})

export default defineOperation({
  input: z.strictObject({ used: z.boolean().default(false).describe('Only categories that hold assets.') }),
  output: z.object({ total: z.number().int(), categories: z.array(categorySchema) }),
  effect: 'read',
  example: 'assetloom categories',
  async run(input, { workspace }) {
    const byCategory = new Map<string, { count: number; families: Set<string> }>()
    for (const entry of Object.values(workspace.manifest.read().assets)) {
      const group = byCategory.get(entry.category ?? entry.kind) ?? { count: 0, families: new Set() }
      group.count++
      if (entry.family) group.families.add(entry.family)
      byCategory.set(entry.category ?? entry.kind, group)
    }
    const known = workspace
      .words()
      .categories.map((category) => ({ ...category, ...countsOf(byCategory.get(category.name)) }))
    const names = new Set(known.map(({ name }) => name))
    const others = [...byCategory]
      .filter(([name]) => !names.has(name))
      .map(([name, group]) => ({ name, ...countsOf(group) }))
    const categories = [...known, ...others.sort((a, b) => (a.name < b.name ? -1 : 1))].filter(
      ({ count }) => !input.used || count > 0,
    )
    return { total: categories.length, categories }
  },
  present: ({ categories }) =>
    categories
      .map(({ name, prefix, count, families }) =>
        `${String(count).padStart(5)}  ${name.padEnd(16)}${(prefix ?? '').padEnd(10)}${families.join(', ')}`.trimEnd(),
      )
      .join('\n'),
})

function countsOf(group: { count: number; families: ReadonlySet<string> } | undefined) {
  return { count: group?.count ?? 0, families: [...(group?.families ?? [])].sort() }
}

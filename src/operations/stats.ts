import * as z from 'zod'
import type { Entry } from '../core/manifest.ts'
import { byteSize } from '../core/value-representation.ts'
import { defineOperation } from './operation.ts'

const countsSchema = z.record(z.string(), z.number().int())

export default defineOperation({
  input: z.strictObject({}),
  output: z.object({
    total: z.number().int(),
    totalBytes: z.number().int().describe('Of all files, further formats included.'),
    byKind: countsSchema,
    byCategory: countsSchema,
    byFamily: countsSchema,
    byFormat: countsSchema.describe('By media type.'),
    bySource: countsSchema,
    tags: z.number().int().describe('Different tags.'),
    untagged: z.number().int(),
    withoutAlt: z.number().int().describe('Pictures without alt text.'),
    generatedCostMicroUsd: z.number().int().describe('What the generated assets of the manifest cost.'),
    lastModified: z.string().optional(),
  }),
  effect: 'read',
  example: 'assetloom stats',
  async run(_input, { workspace }) {
    const entries = Object.values(workspace.manifest.read().assets)
    const lastModified = entries
      .map((entry) => entry.modified)
      .sort()
      .at(-1)
    return {
      total: entries.length,
      totalBytes: sum(
        entries.map((entry) => (entry.size ?? 0) + sum(Object.values(entry.formats ?? {}).map(({ size }) => size))),
      ),
      byKind: countBy(entries, (entry) => entry.kind),
      byCategory: countBy(entries, (entry) => entry.category),
      byFamily: countBy(entries, (entry) => entry.family),
      byFormat: countBy(entries, (entry) => entry.mediaType),
      bySource: countBy(entries, (entry) => entry.source.type),
      tags: new Set(entries.flatMap((entry) => entry.tags ?? [])).size,
      untagged: entries.filter((entry) => !entry.tags?.length).length,
      withoutAlt: entries.filter((entry) => entry.kind === 'image' && !entry.alt).length,
      generatedCostMicroUsd: sum(
        entries.map((entry) => (entry.source.type === 'spec' ? entry.source.costMicroUsd : 0)),
      ),
      ...(lastModified !== undefined && { lastModified }),
    }
  },
  present: (stats) =>
    [
      `${stats.total} assets, ${byteSize(stats.totalBytes)}, ${stats.tags} tags`,
      ...(
        [
          ['kinds', stats.byKind],
          ['categories', stats.byCategory],
          ['families', stats.byFamily],
          ['sources', stats.bySource],
        ] as const
      ).flatMap(([label, counts]) => {
        const text = Object.entries(counts)
          .map(([name, count]) => `${name} ${count}`)
          .join(', ')
        return text ? [`  ${label.padEnd(12)}${text}`] : []
      }),
      ...(stats.untagged > 0 ? [`  ${'untagged'.padEnd(12)}${stats.untagged}`] : []),
      ...(stats.withoutAlt > 0 ? [`  ${'no alt text'.padEnd(12)}${stats.withoutAlt} pictures`] : []),
      ...(stats.generatedCostMicroUsd > 0
        ? [`  ${'generated'.padEnd(12)}$${(stats.generatedCostMicroUsd / 1e6).toFixed(2)}`]
        : []),
    ].join('\n'),
})

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** Most first, then by name. */
function countBy(entries: readonly Entry[], key: (entry: Entry) => string | undefined): Record<string, number> {
  const counts = new Map<string, number>()
  for (const entry of entries) {
    const name = key(entry)
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return Object.fromEntries([...counts].sort(([a, i], [b, j]) => j - i || (a < b ? -1 : 1)))
}

import * as z from 'zod'
import { catalogReportSchema, reportLines, reportOf } from './catalog-report.ts'
import { defineOperation } from './operation.ts'

export const catalogHitSchema = z.object({
  ref: z.string(),
  type: z.string(),
  category: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  version: z.string().optional(),
  license: z.string().optional(),
  updated: z.string(),
  catalog: z.string(),
  hasMetadata: z.boolean().describe('False when only the listing of files tells of it.'),
})

export default defineOperation({
  input: z.strictObject({
    query: z
      .union([z.array(z.string()), z.string().transform((text) => [text])])
      .describe('Words that stand in name, description or tags; all of them.'),
    limit: z.number().int().min(1).max(1000).default(20).describe('Most results.'),
  }),
  output: z.object({
    total: z.number().int().describe('All that match, whatever the limit.'),
    results: z.array(catalogHitSchema).describe('Best first.'),
    catalogs: z.array(catalogReportSchema),
  }),
  positional: ['query'],
  effect: 'read',
  example: 'assetloom catalog search "contact form"',
  async run({ query, limit }, { workspace, signal, progress }) {
    const catalogs = await workspace.catalogs()
    catalogs.all()
    progress.start(1, 'Downloading catalog index')
    const found = await catalogs.search(query.join(' '), limit, signal).finally(() => progress.stop())
    if (found.open.length === 0) throw found.failed[0]!.error
    return {
      total: found.total,
      results: found.hits.map(({ row, catalog, hasMetadata }) => ({
        ref: row.ref,
        type: row.type,
        category: row.category,
        name: row.name,
        description: row.description,
        tags: [...row.tags],
        ...(row.version !== undefined && { version: row.version }),
        ...(row.license !== undefined && { license: row.license }),
        updated: row.updated,
        catalog: catalog.name,
        hasMetadata,
      })),
      catalogs: reportOf(found, Date.now()),
    }
  },
  present: ({ total, results, catalogs }) =>
    [
      ...reportLines(catalogs),
      '',
      total === 0 ? 'Found nothing.' : `Found ${total} ${total === 1 ? 'match' : 'matches'}${results.length < total ? `, the best ${results.length} of them` : ''}:`,
      ...results.flatMap(({ ref, description, tags, hasMetadata }) => [
        '',
        ref,
        ...(hasMetadata ? [] : ['  (Metadata unavailable - not in index)']),
        ...(description === '' ? [] : [`  Description: ${description}`]),
        ...(tags.length === 0 ? [] : [`  Tags: ${tags.join(', ')}`]),
      ]),
    ].join('\n'),
})

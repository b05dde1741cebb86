import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { catalogReportSchema, reportLines, reportOf } from './catalog-report.ts'
import { defineOperation } from './operation.ts'

const needsNetwork = defineError('CATALOG_BROWSE_OFFLINE', {
  summary: 'A catalog was to be browsed, and it cannot be reached.',
  message: (d: { catalog: string; why: string; cached: readonly string[]; isFolder: boolean }) =>
    `${d.isFolder ? `Cannot read ${d.catalog}.` : `Cannot connect to ${d.catalog}. Catalog browsing requires network access.`} ${d.why}`,
  hint: (d) =>
    d.cached.length === 0 ? 'Nothing was downloaded before.' : `Cached assets are still available: ${d.cached.slice(0, 10).join(', ')}${d.cached.length > 10 ? `, and ${d.cached.length - 10} more` : ''}.`,
})
const unknownName = defineError('CATALOG_UNKNOWN', {
  summary: 'The options name no catalog of that name.',
  message: (d: { name: string; names: readonly string[] }) => `There is no catalog ${JSON.stringify(d.name)}.`,
  hint: (d) => `Catalogs are ${d.names.join(', ')}.`,
  exit: 2,
})

export default defineOperation({
  input: z.strictObject({ catalog: z.string().optional().describe('Name of the catalog. Default: the first.') }),
  output: z.object({
    url: z.string(),
    catalog: z.string(),
    isOpened: z.boolean().describe('A browser was started; only on a terminal.'),
    types: z.record(z.string(), z.number().int()).describe('How many assets of each type it has.'),
    catalogs: z.array(catalogReportSchema),
  }),
  positional: ['catalog'],
  effect: 'read',
  example: 'assetloom catalog browse',
  async run(input, { workspace, signal, isInteractive }) {
    const catalogs = await workspace.catalogs()
    const all = catalogs.all()
    const catalog = input.catalog === undefined ? all[0]! : all.find(({ name }) => name === input.catalog)
    if (!catalog) throw unknownName({ name: input.catalog!, names: all.map(({ name }) => name) })
    const index = await catalog.index(signal).catch((error: unknown) => error as Error)
    if (index instanceof Error || index.state === 'last-good') {
      signal.throwIfAborted()
      const why = index instanceof Error ? index.message : (index.why ?? '')
      throw needsNetwork({ catalog: catalog.name, why, cached: catalogs.cache.list(), isFolder: catalog.from.startsWith('file:') }, index instanceof Error ? { cause: index } : {})
    }
    const types: Record<string, number> = {}
    for (const line of index.lines.split('\n')) {
      const [type = ''] = line.split('\t', 1)
      if (type !== '') types[type] = (types[type] ?? 0) + 1
    }
    const isOpened = isInteractive === true && (await catalogs.openPage(catalog.page))
    return { url: catalog.page, catalog: catalog.name, isOpened, types, catalogs: reportOf({ open: [index], failed: [] }, Date.now()) }
  },
  present: ({ url, types, catalogs, isOpened }) =>
    [
      ...reportLines(catalogs),
      ...Object.entries(types).map(([type, count]) => `  ${String(count).padStart(5)}  ${type}`),
      isOpened ? `Opened ${url}` : url,
    ].join('\n'),
})

import * as z from 'zod'
import { codeFilesOf } from '../core/catalog/code-files.ts'
import { defineError } from '../core/errors.ts'
import { fetchedDigest, type CatalogHit, type FetchedAsset, type WorkspaceCatalogs } from '../workspace/catalogs.ts'
import type { Workspace } from '../workspace.ts'
import { letIn } from './let-in.ts'
import { catalogReportSchema, reportLines, reportOf } from './catalog-report.ts'
import { addToProject, isInProject, plannedFiles } from './catalog-install.ts'
import { fileDiffs } from './catalog-diff.ts'
import { defineOperation, type OperationContext } from './operation.ts'

const notInCatalog = defineError('CATALOG_NOTHING_FOUND', {
  summary: 'No catalog has an asset that fits what was asked for.',
  message: (d: { query: string; catalogs: readonly string[] }) => `Nothing in ${d.catalogs.join(', ')} fits ${JSON.stringify(d.query)}.`,
  hint: () => 'assetloom catalog search finds by words; a ref is type/category/name.',
  http: 404,
})
const ambiguous = defineError('CATALOG_AMBIGUOUS', {
  summary: 'Several assets of a catalog fit what was asked for, and there is nobody to choose.',
  message: (d: { query: string; refs: readonly string[] }) => `${d.refs.length} assets fit ${JSON.stringify(d.query)}: ${d.refs.slice(0, 10).join(', ')}${d.refs.length > 10 ? ', …' : ''}.`,
  hint: (d) => `Name one: assetloom add ${d.refs[0]}.`,
  exit: 2,
})
const declined = defineError('CATALOG_DECLINED', {
  summary: 'A person answered no when an asset was to be downloaded.',
  message: (d: { ref: string }) => `${d.ref} was not added.`,
})

const addedSchema = z.object({
  ref: z.string(),
  layer: z.enum(['project', 'global']).describe('Where it was added: in the project, or in the library that all projects of the user share.'),
  state: z.enum(['added', 'current', 'planned']).describe('current: it was there already; planned: a dry run.'),
  files: z.array(z.string()).describe('Its files: relative to the project, or absolute.'),
  catalog: z.string(),
  revision: z.string().optional(),
  version: z.string().optional(),
  description: z.string(),
  code: z.array(z.string()).describe('Those of its files that hold code.'),
  diff: z.string().optional().describe('With --diff: what would change, as a unified diff.'),
})

export default defineOperation({
  input: z.strictObject({
    query: z
      .union([z.array(z.string()), z.string().transform((text) => [text])])
      .describe('A ref (type/category/name), a name, or words to search for.'),
    local: z.boolean().default(false).describe('Add it to this project. Default: to your own library, which all projects share.'),
    dryRun: z.boolean().default(false).describe('Say what would be written.'),
    diff: z.boolean().default(false).describe('Show what would be written against what is there.'),
  }),
  output: z.object({
    assets: z.array(addedSchema).describe('The asset last, before it what it depends on.'),
    missing: z.array(z.object({ ref: z.string(), needs: z.string(), range: z.string() })).describe('Dependencies that nobody has.'),
    catalogs: z.array(catalogReportSchema),
  }),
  positional: ['query'],
  effect: 'write',
  example: 'assetloom add ui-components/forms/contact-form --local',
  async run({ query, local, dryRun, diff }, context) {
    const { workspace, signal, progress } = context
    const catalogs = await workspace.catalogs()
    catalogs.all()
    progress.start(1, 'Downloading catalog index')
    const text = query.join(' ').trim()
    const found = await findHits(text, catalogs, signal).finally(() => progress.stop())
    const hit = await chooseHit(text, found.hits, catalogs, context)
    const { wanted, missing } = await withDependencies(hit, local, catalogs, workspace, signal)
    const question = wanted.length === 1 ? describeHit(hit) : `${describeHit(hit)}\n  With: ${wanted.slice(0, -1).map(({ row }) => row.ref).join(', ')}`
    if (!dryRun && context.isInteractive && !(await context.confirm(`Found in catalog:\n${question}\n\nDownload and add?`, 'yes'))) throw declined({ ref: hit.row.ref })

    const assets = []
    for (const one of wanted) assets.push(await addOne(one, { local, dryRun, diff }, catalogs, context))
    return { assets, missing, catalogs: reportOf(found, Date.now()) }
  },
  present: ({ assets, missing, catalogs }) =>
    [
      ...reportLines(catalogs),
      ...assets.flatMap(({ ref, layer, state, files, diff }) => [
        `${state === 'current' ? '·' : '✓'} ${{ added: `Added ${ref}`, current: `${ref} is there already`, planned: `Would add ${ref}` }[state]}${layer === 'global' ? ' to your library' : ''}`,
        ...files.map((file) => `  ${file}`),
        ...(diff === undefined ? [] : [diff]),
      ]),
      ...missing.map(({ ref, needs, range }) => `! ${ref} needs ${needs} ${range}, which no catalog has`),
      ...(assets.at(-1)?.state === 'added' ? [`  import item from "asset:${assets.at(-1)!.ref}"`] : []),
    ].join('\n'),
})

async function findHits(text: string, catalogs: WorkspaceCatalogs, signal: AbortSignal) {
  const named = await catalogs.named(text, signal)
  // What was downloaded before can be added with no catalog at all.
  if (named.open.length === 0 && catalogs.cache.find(text) === undefined) throw named.failed[0]!.error
  if (named.hits.length > 0 || named.open.length === 0) return { ...named, hits: named.hits.length > 0 ? named.hits : cachedHits(text, catalogs) }
  return catalogs.search(text, 100, signal)
}

function cachedHits(ref: string, { cache, all }: WorkspaceCatalogs): CatalogHit[] {
  const cached = cache.find(ref)
  const catalog = all().find(({ name }) => name === cached?.catalog)
  return cached && catalog ? [{ row: cached.row, catalog, hasMetadata: true }] : []
}

async function chooseHit(query: string, hits: readonly CatalogHit[], catalogs: WorkspaceCatalogs, { choose, isInteractive }: OperationContext): Promise<CatalogHit> {
  const [first] = hits
  if (!first) throw notInCatalog({ query, catalogs: catalogs.all().map(({ name }) => name) })
  if (hits.length === 1) return first
  const refs = hits.map(({ row }) => row.ref)
  const chosen = isInteractive
    ? await choose?.(`${hits.length} assets fit`, hits.map(({ row }) => ({ value: row.ref, label: `${row.ref}  ${row.description}` })))
    : undefined
  const hit = hits.find(({ row }) => row.ref === chosen)
  if (!hit) throw ambiguous({ query, refs })
  return hit
}

function describeHit({ row, catalog }: CatalogHit): string {
  return [
    `  Name: ${row.ref}`,
    ...(row.description === '' ? [] : [`  Description: ${row.description}`]),
    ...(row.tags.length === 0 ? [] : [`  Tags: ${row.tags.join(', ')}`]),
    `  From: ${catalog.name}`,
  ].join('\n')
}

/** The asset with what it depends on and nobody here has yet, dependencies first. */
async function withDependencies(hit: CatalogHit, local: boolean, catalogs: WorkspaceCatalogs, workspace: Workspace, signal: AbortSignal) {
  const wanted: CatalogHit[] = []
  const missing: { ref: string; needs: string; range: string }[] = []
  const seen = new Set<string>()
  const visit = async (one: CatalogHit): Promise<void> => {
    seen.add(one.row.ref)
    for (const [needs, range] of Object.entries(one.row.dependencies)) {
      if (seen.has(needs) || isInProject(needs, workspace) || (!local && catalogs.library.find(needs))) continue
      const [found] = (await catalogs.named(needs, signal)).hits.filter(({ row }) => row.ref === needs)
      if (found) await visit(found)
      else missing.push({ ref: one.row.ref, needs, range })
    }
    wanted.push(one)
  }
  await visit(hit)
  return { wanted, missing }
}

async function addOne(
  hit: CatalogHit,
  { local, dryRun, diff }: { local: boolean; dryRun: boolean; diff: boolean },
  catalogs: WorkspaceCatalogs,
  context: OperationContext,
): Promise<z.output<typeof addedSchema>> {
  const { workspace, signal, progress } = context
  const { row } = hit
  progress.start(1, `Downloading ${row.ref}`)
  const asset = await catalogs.fetch(hit, signal).finally(() => progress.stop())
  const content = await catalogs.check(asset)
  const code = codeFilesOf(row.type, asset.files.map(({ path }) => path))
  const plan = local ? plannedFiles(asset, content, workspace) : catalogs.library.placesOf(asset)
  const result = {
    ref: row.ref,
    layer: local ? ('project' as const) : ('global' as const),
    files: plan,
    catalog: asset.catalog,
    ...(asset.revision !== '' && { revision: asset.revision }),
    ...(row.version !== undefined && { version: row.version }),
    description: row.description,
    code,
    ...(diff && { diff: fileDiffs(asset, plan, workspace) }),
  }
  if (dryRun) return { ...result, state: 'planned' }
  if (code.length > 0) await letIn(asset, code, context)
  catalogs.cache.put(asset)
  // Whoever let the code in is not asked again before it runs here.
  if (code.length > 0 && content.form === 'item') workspace.consents.give(content.read.content.digest, `${row.ref} from ${asset.catalog}`)
  const isNew = local ? await addToProject(asset, content, workspace) : addToLibrary(asset, catalogs)
  return { ...result, state: isNew ? 'added' : 'current' }
}

const alreadyChanged = defineError('CATALOG_PLACE_TAKEN', {
  summary: 'An asset of a catalog is there already in another state, or its place is taken.',
  message: (d: { ref: string; place: string }) => `${d.ref} is there already, and is not what the catalog has now: ${d.place}.`,
  hint: () => 'Nothing was changed. Look with --dry-run --diff; move your own away to take that of the catalog.',
  exit: 5,
})

/** @returns whether it was not there. @throws CATALOG_PLACE_TAKEN */
function addToLibrary(asset: FetchedAsset, { library }: WorkspaceCatalogs): boolean {
  const there = library.find(asset.row.ref)
  if (there?.isIntact && there.digest === fetchedDigest(asset)) return false
  const taken = library.takenBy(asset)
  if (taken !== undefined) throw alreadyChanged({ ref: asset.row.ref, place: taken })
  library.put(asset)
  return true
}

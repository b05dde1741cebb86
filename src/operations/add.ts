import * as z from 'zod'
import { codeFilesOf } from '../core/catalog/code-files.ts'
import { refsOf } from '../core/catalog/row-lines.ts'
import type { CatalogRow } from '../core/catalog/row.ts'
import { defineError } from '../core/errors.ts'
import { didYouMean, namesLike } from '../core/near.ts'
import { plannedFiles } from '../workspace/catalog-entry.ts'
import type { CatalogHit, FetchedAsset, OpenIndexes, WorkspaceCatalogs } from '../workspace/catalogs.ts'
import type { Workspace } from '../workspace.ts'
import { assetDownloadField, mayDownload } from './asset-download.ts'
import { letIn } from './let-in.ts'
import { catalogReportSchema, reportLines, reportOf } from './catalog-report.ts'
import { addToLibrary, addToProject, installConflict, isInProject, standingsInLibrary, standingsInProject, type CheckedAsset, type Standing } from './catalog-install.ts'
import { fileDiffs } from './catalog-diff.ts'
import { defineOperation, type OperationContext } from './operation.ts'

const notInCatalog = defineError('CATALOG_NOTHING_FOUND', {
  summary: 'No catalog has an asset that fits what was asked for.',
  message: (d: { query: string; catalogs: readonly string[] }) => `Nothing in ${d.catalogs.join(', ')} fits ${JSON.stringify(d.query)}.`,
  hint: (d: { query: string; catalogs: readonly string[]; refs: readonly string[] }) =>
    didYouMean(d.query, namesLike(d.query, d.refs)) ?? 'assetloom catalog search finds by words; a ref is type/category/name.',
  http: 404,
})
const ambiguous = defineError('CATALOG_AMBIGUOUS', {
  summary: 'Several assets of a catalog fit what was asked for, and there is nobody to choose.',
  message: (d: { query: string; refs: readonly string[] }) => `${d.refs.length} assets fit ${JSON.stringify(d.query)}: ${d.refs.slice(0, 10).join(', ')}${d.refs.length > 10 ? ', …' : ''}.`,
  hint: (d) => `Name one: assetloom add ${d.refs[0]}.`,
  exit: 2,
})
const downloadOff = defineError('CATALOG_DOWNLOAD_OFF', {
  summary: 'Something was to be added from this machine alone, which does not have it.',
  message: (d: { query: string; isByFlag: boolean }) =>
    `Nothing on this machine is called ${JSON.stringify(d.query)}, and with ${d.isByFlag ? '--asset-download=false' : 'the option catalog.download: false'} no catalog is asked.`,
  hint: ({ isByFlag }) => `${isByFlag ? '' : '--asset-download allows it this once. '}Without a catalog an asset is named by its whole ref: type/category/name.`,
  http: 404,
})
const declined = defineError('CATALOG_DECLINED', {
  summary: 'A person answered no when an asset was to be downloaded.',
  message: (d: { ref: string }) => `${d.ref} was not added.`,
})

const addedSchema = z.object({
  ref: z.string(),
  layer: z.enum(['project', 'global']).describe('Where it was added: in the project, or in the library that all projects of the user share.'),
  state: z.enum(['added', 'current', 'planned', 'conflict']).describe('current: it was there already; planned, conflict: what a dry run would add, and where something else is.'),
  why: z.string().optional().describe('Of a conflict.'),
  files: z.array(z.string()).describe('Its files: relative to the project, or absolute.'),
  catalog: z.string(),
  revision: z.string().optional(),
  version: z.string().optional(),
  description: z.string(),
  code: z.array(z.string()).describe('Those of its files that hold code.'),
  diff: z.string().optional().describe('With --diff: what would change, as a unified diff.'),
})
type AddedAsset = z.output<typeof addedSchema>

export default defineOperation({
  input: z.strictObject({
    query: z
      .union([z.array(z.string()), z.string().transform((text) => [text])])
      .describe('A ref (type/category/name), a name, or words to search for.'),
    local: z.boolean().default(false).describe('Add it to this project. Default: to your own library, which all projects share.'),
    dryRun: z.boolean().default(false).describe('Say what would be written, and write nothing.'),
    diff: z.boolean().default(false).describe('Show what would be written against what is there, and write nothing.'),
    ...assetDownloadField,
  }),
  output: z.object({
    assets: z.array(addedSchema).describe('The asset last, before it what it depends on.'),
    missing: z.array(z.object({ ref: z.string(), needs: z.string(), range: z.string() })).describe('Dependencies that nobody has.'),
    catalogs: z.array(catalogReportSchema),
  }),
  positional: ['query'],
  effect: 'write',
  example: 'assetloom add ui-components/forms/contact-form --local',
  async run({ query, local, dryRun, diff, assetDownload }, context) {
    const { workspace, signal, progress } = context
    const catalogs = await workspace.catalogs()
    const text = query.join(' ').trim()
    const shelf = createShelf(catalogs, { local, mayAsk: mayDownload(assetDownload, workspace), isByFlag: assetDownload === false, signal })
    progress.start(1, 'Downloading catalog index')
    const { found, ...asked } = await shelf.find(text).finally(() => progress.stop())
    const chosen = await choose(text, found, asked, context)
    const { wanted, missing } = await withDependencies(chosen, local, shelf, catalogs, workspace)
    const about = wanted.length === 1 ? describe(chosen) : `${describe(chosen)}\n  With: ${wanted.slice(0, -1).map(({ row }) => row.ref).join(', ')}`
    const question = chosen.isHere ? `Found on this machine:\n${about}\n\nAdd?` : `Found in catalog:\n${about}\n\nDownload and add?`
    const isPreview = dryRun || diff
    if (!isPreview && context.isInteractive && !(await context.confirm(question, 'yes'))) throw declined({ ref: chosen.row.ref })

    // Everything that may be refused comes before the first write.
    const checked = []
    for (const one of wanted) checked.push(await checkOne(one, catalogs, context))
    const standings = local ? standingsInProject(checked, workspace) : standingsInLibrary(checked, catalogs)
    const planned = checked.map((one, i) => addedRow(one, standings[i]!, { local, diff }, catalogs, workspace))
    const report = { missing, catalogs: reportOf(asked, Date.now()) }
    if (isPreview) return { assets: planned, ...report }
    const conflict = conflictOf(planned)
    if (conflict) throw conflict
    for (const { asset, code } of checked) if (code.length > 0) await letIn(asset, code, context)
    for (const { asset, content, code } of checked) {
      catalogs.cache.put(asset)
      // Whoever let the code in is not asked again before it runs here.
      if (code.length > 0 && content.form === 'item') workspace.consents.give(content.read.content.digest, `${asset.row.ref} from ${asset.catalog}`)
    }
    const areNew = local ? await addToProject(checked, workspace) : addToLibrary(checked, catalogs)
    return { assets: planned.map((one, i) => ({ ...one, state: areNew[i] ? ('added' as const) : ('current' as const) })), ...report }
  },
  verdict: ({ assets }) => conflictOf(assets),
  present: ({ assets, missing, catalogs }) =>
    [
      ...reportLines(catalogs),
      ...assets.flatMap((asset) => [stateText(asset), ...asset.files.map((file) => `  ${file}`), ...(asset.diff === undefined ? [] : [asset.diff])]),
      ...missing.map(({ ref, needs, range }) => `! ${ref} needs ${needs} ${range}, which no catalog has`),
      ...(assets.at(-1)?.state === 'added' ? [`  import item from "asset:${assets.at(-1)!.ref}"`] : []),
    ].join('\n'),
})

/** What could be added. */
interface Candidate {
  row: CatalogRow
  /** Name of the catalog. */
  catalog: string
  /** Nothing is downloaded for it. */
  isHere: boolean
  fetch(): Promise<FetchedAsset>
}

/** The catalogs, and behind them what was taken from them before: it can be added with no catalog at all. */
function createShelf(catalogs: WorkspaceCatalogs, { local, mayAsk, isByFlag, signal }: { local: boolean; mayAsk: boolean; isByFlag: boolean; signal: AbortSignal }) {
  const asks = mayAsk && catalogs.areConfigured
  const ofCatalog = (hit: CatalogHit): Candidate => ({ row: hit.row, catalog: hit.catalog.name, isHere: false, fetch: () => catalogs.fetch(hit, signal) })
  const here = (ref: string): Candidate[] => {
    const kept = [...(local ? [catalogs.library] : []), catalogs.cache].map((files) => files.find(ref)).find((one) => one?.isIntact)
    return kept ? [{ row: kept.row, catalog: kept.catalog, isHere: true, fetch: async () => kept.read()! }] : []
  }
  return {
    async find(text: string): Promise<OpenIndexes & { found: Candidate[] }> {
      if (!asks) {
        const found = here(text)
        if (found.length > 0) return { open: [], failed: [], found }
        catalogs.all()
        throw downloadOff({ query: text, isByFlag })
      }
      const { hits, ...indexes } = await catalogs.named(text, signal)
      const found = hits.length > 0 ? hits.map(ofCatalog) : here(text)
      if (found.length > 0) return { ...indexes, found }
      if (indexes.open.length === 0) throw indexes.failed[0]!.error
      const { hits: fitting, open, failed } = await catalogs.search(text, 100, signal)
      return { open, failed, found: fitting.map(ofCatalog) }
    },
    async named(ref: string): Promise<Candidate | undefined> {
      const hit = asks ? (await catalogs.named(ref, signal)).hits.find(({ row }) => row.ref === ref) : undefined
      return hit ? ofCatalog(hit) : here(ref)[0]
    },
  }
}

async function choose(query: string, found: readonly Candidate[], { open, failed }: OpenIndexes, context: OperationContext): Promise<Candidate> {
  const [first] = found
  if (!first) throw notInCatalog({ query, catalogs: [...open, ...failed].map(({ catalog }) => catalog), refs: open.flatMap(({ lines }) => refsOf(lines)) })
  if (found.length === 1) return first
  const refs = found.map(({ row }) => row.ref)
  const ref = context.isInteractive
    ? await context.choose?.(`${found.length} assets fit`, found.map(({ row }) => ({ value: row.ref, label: `${row.ref}  ${row.description}` })))
    : undefined
  const chosen = found.find(({ row }) => row.ref === ref)
  if (!chosen) throw ambiguous({ query, refs })
  return chosen
}

function describe({ row, catalog }: Candidate): string {
  return [
    `  Name: ${row.ref}`,
    ...(row.description === '' ? [] : [`  Description: ${row.description}`]),
    ...(row.tags.length === 0 ? [] : [`  Tags: ${row.tags.join(', ')}`]),
    `  From: ${catalog}`,
  ].join('\n')
}

/** The asset with what it depends on and nobody here has yet, dependencies first. */
async function withDependencies(chosen: Candidate, local: boolean, shelf: ReturnType<typeof createShelf>, catalogs: WorkspaceCatalogs, workspace: Workspace) {
  const wanted: Candidate[] = []
  const missing: { ref: string; needs: string; range: string }[] = []
  const seen = new Set<string>()
  const visit = async (one: Candidate): Promise<void> => {
    seen.add(one.row.ref)
    for (const [needs, range] of Object.entries(one.row.dependencies)) {
      if (seen.has(needs) || isInProject(needs, workspace) || (!local && catalogs.library.find(needs))) continue
      const found = await shelf.named(needs)
      if (found) await visit(found)
      else missing.push({ ref: one.row.ref, needs, range })
    }
    wanted.push(one)
  }
  await visit(chosen)
  return { wanted, missing }
}

/** An asset with its files, read and verified, and nothing kept of it. */
async function checkOne(one: Candidate, catalogs: WorkspaceCatalogs, { progress }: OperationContext): Promise<CheckedAsset & { code: string[] }> {
  progress.start(1, `Downloading ${one.row.ref}`)
  const asset = await one.fetch().finally(() => progress.stop())
  return { asset, content: await catalogs.check(asset), code: codeFilesOf(one.row.type, asset.files.map(({ path }) => path)) }
}

function addedRow(
  { asset, content, code }: CheckedAsset & { code: string[] },
  standing: Standing,
  { local, diff }: { local: boolean; diff: boolean },
  catalogs: WorkspaceCatalogs,
  workspace: Workspace,
): AddedAsset {
  const { row, catalog, revision } = asset
  const files = local ? plannedFiles(asset, content, workspace) : catalogs.library.placesOf(asset)
  return {
    ref: row.ref,
    layer: local ? 'project' : 'global',
    state: standing === 'new' ? 'planned' : standing === 'current' ? 'current' : 'conflict',
    ...(typeof standing === 'object' && { why: standing.why }),
    files,
    catalog,
    ...(revision !== '' && { revision }),
    ...(row.version !== undefined && { version: row.version }),
    description: row.description,
    code,
    ...(diff && { diff: fileDiffs(asset, files, workspace) }),
  }
}

/** Of the first asset whose place is taken. */
function conflictOf(assets: readonly AddedAsset[]) {
  const [first] = assets.filter(({ state }) => state === 'conflict')
  return first && installConflict(first.layer, first.ref, first.why!)
}

function stateText({ ref, layer, state, why }: AddedAsset): string {
  const isGlobal = layer === 'global'
  switch (state) {
    case 'added':
      return `✓ Added ${ref}${isGlobal ? ' to your library' : ''}`
    case 'planned':
      return `✓ Would add ${ref}${isGlobal ? ' to your library' : ''}`
    case 'current':
      return `· ${ref} is there already, in ${isGlobal ? 'your library' : 'the project'}`
    case 'conflict':
      return `! ${ref} cannot be added: ${why}`
  }
}

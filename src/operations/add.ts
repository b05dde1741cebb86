import * as z from 'zod'
import { refsOf } from '../core/catalog/row-lines.ts'
import { defineError } from '../core/errors.ts'
import { didYouMean, namesLike } from '../core/near.ts'
import { plannedFiles } from '../workspace/catalog-entry.ts'
import type { OpenIndexes, WorkspaceCatalogs } from '../workspace/catalogs.ts'
import type { Workspace } from '../workspace.ts'
import { assetDownloadField, mayDownload } from './asset-download.ts'
import { fileDiffs } from './catalog-diff.ts'
import { installConflict } from './catalog-install.ts'
import { catalogReportSchema, reportLines, reportOf } from './catalog-report.ts'
import { candidateText, createCatalogShelf, type Candidate, type Destination } from './catalog-shelf.ts'
import { unmetSchema, unmetText, withNeeded } from './needed-assets.ts'
import { defineOperation, type OperationContext } from './operation.ts'
import { makeReady, takeOver, type ReadyAsset } from './take-over.ts'

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
    missing: z.array(unmetSchema).describe('Dependencies that nobody has in a version that fits.'),
    catalogs: z.array(catalogReportSchema),
  }),
  positional: ['query'],
  effect: 'write',
  example: 'assetloom add ui-components/forms/contact-form --local',
  async run({ query, local, dryRun, diff, assetDownload }, context) {
    const { workspace, signal, progress } = context
    const catalogs = await workspace.catalogs()
    const text = query.join(' ').trim()
    const to = local ? 'project' : 'global'
    const shelf = createCatalogShelf(catalogs, { to, mayAsk: mayDownload(assetDownload, workspace), isByFlag: assetDownload === false, signal })
    progress.start(1, 'Downloading catalog index')
    const { found, ...asked } = await shelf.find(text).finally(() => progress.stop())
    const chosen = await choose(text, found, asked, context)
    const { wanted, unmet } = await withNeeded(chosen, { to, shelf, catalogs, workspace })
    const about = candidateText(chosen, wanted.slice(0, -1))
    const question = chosen.isHere ? `Found on this machine:\n${about}\n\nAdd?` : `Found in catalog:\n${about}\n\nDownload and add?`
    const isPreview = dryRun || diff
    if (!isPreview && context.isInteractive && !(await context.confirm(question, 'yes'))) throw declined({ ref: chosen.row.ref })

    // Everything that may be refused comes before the first write.
    const ready = await makeReady(wanted, to, catalogs, context)
    const planned = ready.map((one) => addedRow(one, { to, diff }, catalogs, workspace))
    const report = { missing: unmet, catalogs: reportOf(asked, Date.now()) }
    if (isPreview) return { assets: planned, ...report }
    const areNew = await takeOver(ready, to, catalogs, context)
    return { assets: planned.map((one, i) => ({ ...one, state: areNew[i] ? ('added' as const) : ('current' as const) })), ...report }
  },
  verdict: ({ assets }) => conflictOf(assets),
  present: ({ assets, missing, catalogs }) =>
    [
      ...reportLines(catalogs),
      ...assets.flatMap((asset) => [stateText(asset), ...asset.files.map((file) => `  ${file}`), ...(asset.diff === undefined ? [] : [asset.diff])]),
      ...missing.map((one) => unmetText(one, catalogs.length > 0)),
      ...(assets.at(-1)?.state === 'added' ? [`  import item from "asset:${assets.at(-1)!.ref}"`] : []),
    ].join('\n'),
})

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

function addedRow(
  { asset, content, code, standing }: ReadyAsset,
  { to, diff }: { to: Destination; diff: boolean },
  catalogs: WorkspaceCatalogs,
  workspace: Workspace,
): AddedAsset {
  const { row, catalog, revision } = asset
  const files = to === 'project' ? plannedFiles(asset, content, workspace) : catalogs.library.placesOf(asset)
  return {
    ref: row.ref,
    layer: to,
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

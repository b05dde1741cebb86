import * as z from 'zod'
import { codeFilesOf } from '../core/catalog/code-files.ts'
import { defineError } from '../core/errors.ts'
import type { AssetUpdate } from '../workspace/catalog-updates.ts'
import type { CheckedContent, FetchedAsset } from '../workspace/catalogs.ts'
import type { Workspace } from '../workspace.ts'
import { catalogReportSchema, reportLines, reportOf } from './catalog-report.ts'
import { joinFiles, type JoinedFiles } from './catalog-join.ts'
import { updateProjectAsset } from './catalog-replace.ts'
import { requireUpdates, uncheckedSchema, updateLines, updateQueryField, updateRow, updateRowSchema } from './catalog-update-rows.ts'
import { letIn } from './let-in.ts'
import { conflictSchema, presentConflict } from './merge-conflicts.ts'
import { defineOperation, type OperationContext } from './operation.ts'

const updateConflict = defineError('CATALOG_UPDATE_CONFLICT', {
  summary: 'You and a catalog changed the same of an asset; nothing was written.',
  message: (d: { refs: readonly string[] }) => `${d.refs.join(', ')} cannot be merged with what the catalog has. Nothing was written.`,
  hint: (d) => `Bring both together by hand, or leave it out: assetloom catalog update names others. assetloom add ${d.refs[0]} --diff shows what the catalog has.`,
  exit: 5,
  http: 409,
})
const mergeNeedsApply = defineError('CATALOG_MERGE_WITHOUT_APPLY', {
  summary: '--merge was given without --apply.',
  message: () => '--merge changes files, and only --apply does that.',
  hint: () => 'Give both: assetloom catalog update --apply --merge. With --dry-run besides, it says what would come of it.',
  exit: 2,
})

const actions = ['none', 'updated', 'merged', 'kept', 'conflict'] as const
const itemSchema = updateRowSchema.extend({
  action: z.enum(actions).describe('What was done, or with a dry run would be; kept: your changes stay as they are; conflict: it cannot be merged.'),
  conflicts: z.array(conflictSchema).describe('What you and the catalog changed, each otherwise.'),
})
type Item = z.output<typeof itemSchema>

/** What is to become of one asset. */
interface Step {
  update: AssetUpdate
  action: Item['action']
  conflicts: Item['conflicts']
  asset?: FetchedAsset
  content?: CheckedContent
  joined?: JoinedFiles
}

export default defineOperation({
  input: z.strictObject({
    query: updateQueryField,
    apply: z.boolean().default(false).describe('Do it. Default: say what would be done.'),
    merge: z.boolean().default(false).describe('With --apply: merge what you changed with what the catalog changed. Default: what you changed stays as it is.'),
    dryRun: z.boolean().default(false).describe('Say what --apply, or --apply --merge, would do.'),
  }),
  output: z.object({
    items: z.array(itemSchema),
    unchecked: z.array(uncheckedSchema).describe('Those whose catalog cannot be asked.'),
    isDryRun: z.boolean(),
    catalogs: z.array(catalogReportSchema),
  }),
  positional: ['query'],
  effect: 'write',
  example: 'assetloom catalog update --apply',
  async run({ query, apply, merge, dryRun }, context) {
    if (merge && !apply) throw mergeNeedsApply({})
    const { workspace, signal, progress } = context
    progress.start(1, 'Downloading from catalogs')
    const { steps, unchecked, asked } = await plan(query, merge, workspace, signal).finally(() => progress.stop())
    const isDryRun = dryRun || !apply
    const items = steps.map(({ update, action, conflicts }): Item => ({ ...updateRow(update), action, conflicts }))
    const result = { items, unchecked, isDryRun, catalogs: reportOf(asked, Date.now()) }
    if (isDryRun || steps.some(({ action }) => action === 'conflict')) return result
    for (const step of steps) await allow(step, context)
    for (const step of steps) await carryOutStep(step, workspace)
    return result
  },
  verdict({ items }) {
    const refs = items.filter(({ action }) => action === 'conflict').map(({ ref }) => ref)
    return refs.length > 0 ? updateConflict({ refs }) : undefined
  },
  present({ items, unchecked, isDryRun, catalogs }) {
    const isChange = ({ action }: Item) => action === 'updated' || action === 'merged'
    const count = items.filter(isChange).length
    const isRefused = items.some(({ action }) => action === 'conflict')
    return [
      ...reportLines(catalogs),
      ...updateLines(items, unchecked, (item) => (!isDryRun && !isRefused && isChange(item) ? item.action : undefined)),
      ...items.flatMap(({ conflicts }) => conflicts.flatMap(presentConflict)),
      ...(isRefused || count === 0 ? [] : [isDryRun ? `${count} would be brought up to date: --apply does it.` : `✓ ${count} brought up to date.`]),
    ].join('\n')
  },
})

/** Everything that may fail comes before the first write. */
async function plan(query: readonly string[], merges: boolean, workspace: Workspace, signal: AbortSignal) {
  const { updates, ...rest } = await requireUpdates(query, workspace, signal)
  const steps: Step[] = []
  for (const update of updates) steps.push(await stepFor(update, merges, workspace, signal))
  const nameOf = ({ update: { ref, hit } }: Step) => `${hit?.catalog.name} ${ref}`
  const kept = new Set(steps.filter(({ action }) => action === 'kept').map(nameOf))
  // The copy in the cache is what a later merge starts from.
  return { steps: steps.map((step) => (step.update.layer === 'cache' && kept.has(nameOf(step)) ? { ...step, action: 'kept' as const } : step)), ...rest }
}

async function stepFor(update: AssetUpdate, merges: boolean, workspace: Workspace, signal: AbortSignal): Promise<Step> {
  const { state, hit, layer } = update
  const step: Step = { update, action: 'none', conflicts: [] }
  if (state === 'current' || state === 'gone' || !hit) return step
  const isOwn = layer !== 'cache' && state !== 'outdated'
  if (isOwn && state === 'modified') return { ...step, action: 'kept' }
  if (isOwn && !merges) return { ...step, action: 'kept' }
  const catalogs = await workspace.catalogs()
  const asset = await catalogs.fetch(hit, signal)
  const content = await catalogs.check(asset)
  if (!isOwn) return { ...step, action: 'updated', asset, content }
  const joined = await joinFiles({ ...update, hit }, asset, content, workspace, signal)
  if ('conflicts' in joined) return { ...step, action: 'conflict', conflicts: [...joined.conflicts] }
  return { ...step, action: 'merged', asset, content, joined }
}

/** What lies in the cache runs nowhere without being asked for. */
async function allow({ update, asset }: Step, context: OperationContext): Promise<void> {
  if (!asset || update.layer === 'cache') return
  const code = codeFilesOf(asset.row.type, asset.files.map(({ path }) => path))
  if (code.length > 0) await letIn(asset, code, context)
}

async function carryOutStep({ update, action, asset, content, joined }: Step, workspace: Workspace): Promise<void> {
  if (action === 'kept' || !asset || !content) return
  const { library, cache } = await workspace.catalogs()
  if (update.layer === 'project') await updateProjectAsset(update, asset, content, joined, workspace)
  if (update.layer === 'global') library.put(asset, joined?.files)
  if (update.layer === 'cache') cache.of(asset.catalog).put(asset)
  else cache.put(asset)
}

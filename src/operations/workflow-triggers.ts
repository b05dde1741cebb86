import { defineError } from '../core/errors.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import type { Trigger } from '../core/workflow/workflow.ts'
import type { OperationContext } from './operation.ts'
import { requireItem } from './require-item.ts'
import type { ReachedItem } from './require-item-anywhere.ts'
import { planWorkflow, runWorkflow, type WorkflowWish } from './run-workflow.ts'
import type { CronOutput, WatchOutput, WorkflowRunOutput } from './workflow-output.ts'

const triggerMissing = defineError('TRIGGER_MISSING', {
  summary: 'A workflow was to be run on a trigger that it does not have.',
  message: (d: { ref: string; on: string; what: string }) => `${d.ref} has no trigger ${d.on} with ${d.what}.`,
  hint: (d) => (d.on === 'schedule' ? 'Write triggers: [{ on: schedule, cron: "0 3 * * *" }].' : 'Write triggers: [{ on: file-change, paths: ["content/**/*.md"] }].'),
  exit: 2,
})

const triggersOf = ({ kind, item }: ReachedItem): readonly Trigger[] => kind.workflow!(item).triggers

/**
 * Lines with which the host's cron carries a workflow out.
 * @throws TRIGGER_MISSING
 */
export function cronLines(found: ReachedItem, input: unknown, { workspace }: OperationContext): CronOutput {
  const ref = found.item.id
  const times = triggersOf(found).flatMap(({ on, cron }) => (on === 'schedule' && cron !== undefined ? [cron.trim()] : []))
  if (times.length === 0) throw triggerMissing({ ref, on: 'schedule', what: 'cron' })
  const hasInput = Object.keys((input ?? {}) as object).length > 0
  // Cron ends a command at a percent sign that no backslash stands before.
  const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`.replaceAll('%', String.raw`\%`)
  const command = `cd ${quoted(workspace.options.root)} && npx assetloom run ${ref}${hasInput ? ` --input ${quoted(JSON.stringify(input))}` : ''} --json`
  return { ref, cron: times.map((time) => `${time} ${command}`) }
}

/** An input of this name is given the files that changed. */
const changedInput = 'changed'

/**
 * Run a workflow whenever files of its triggers change, until the signal. What changes while it runs is not seen, so that a workflow that
 * writes what it watches does not run for ever.
 * @throws TRIGGER_MISSING, and what preparing the run throws
 */
export async function watchWorkflow(found: ReachedItem, wish: WorkflowWish, context: OperationContext): Promise<WatchOutput> {
  const { workspace, signal, echo } = context
  const ref = found.item.id
  const globs = [...new Set(triggersOf(found).flatMap(({ on, paths }) => (on === 'file-change' ? (paths ?? []) : [])))]
  if (globs.length === 0) throw triggerMissing({ ref, on: 'file-change', what: 'paths' })
  const runs: WatchOutput['runs'] = []
  const takesChanged = found.kind.workflow!(found.item).inputs?.some(({ name }) => name === changedInput) ?? false
  for (;;) {
    const watch = await workspace.watchFiles(globs)
    echo?.(`Watching ${globs.join(', ')}`)
    const changed = await watch.next(signal).catch(() => undefined)
    await watch.close()
    if (!changed) return { ref, watched: globs, runs }
    echo?.(`${changed.join(', ')} changed`)
    const input = takesChanged ? { ...(wish.input as object), [changedInput]: changed } : wish.input
    const output = await runWorkflow(found, { ...wish, input }, { ...context, isInteractive: false })
    runs.push({ run: output.run, status: output.status, changed })
    echo?.(`${ref} ${output.status}${output.error ? `: ${output.error.message}` : ''}`)
  }
}

/**
 * The workflows of the project that wait for a generation to finish, checked now so that nothing is made in vain.
 * @returns what runs them one after the other
 * @throws what preparing them throws
 */
export async function runsAfterGeneration(wish: WorkflowWish, context: OperationContext): Promise<() => Promise<WorkflowRunOutput[]>> {
  const { workspace } = context
  const { assets } = workspace.manifest.read()
  const refs = Object.entries(assets).flatMap(([ref, entry]) => (isItem(entry) && entry.kind === 'workflows' ? [ref] : []))
  const triggered: ReachedItem[] = []
  for (const ref of refs.sort()) {
    const found = await requireItem(ref, 'run', workspace)
    if (!triggersOf(found).some(({ on }) => on === 'generation-finished')) continue
    await planWorkflow(found, wish, context)
    triggered.push(found)
  }
  return async () => {
    const outputs: WorkflowRunOutput[] = []
    for (const found of triggered) outputs.push(await runWorkflow(found, wish, { ...context, isInteractive: false }))
    return outputs
  }
}

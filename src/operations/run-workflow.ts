import pLimit from 'p-limit'
import { formatUsd, type MicroUsd } from '../core/cost.ts'
import { defineError } from '../core/errors.ts'
import { hopsOf } from '../core/workflow/hops.ts'
import { isDone } from '../core/workflow/run-state.ts'
import { stepsBefore, type Trigger, type WorkflowStep } from '../core/workflow/workflow.ts'
import { holdsBeforehand, inOrder } from '../plan/workflow.ts'
import { stepWaits, type RunEnd, type RunState, type StepOrder, type StepResult, type WorkspaceWorkflows } from '../workspace/workflows.ts'
import { carryOut, checkedInput, requireObject, type Limits } from './carry-out.ts'
import type { OperationContext } from './operation.ts'
import { performAgent } from './perform-agent.ts'
import { modelsOf, prepareWorkflow, type PreparedWorkflow } from './prepare-workflow.ts'
import type { Reach, ReachedItem } from './require-item-anywhere.ts'
import { outputOf, type WorkflowPlanOutput, type WorkflowRunOutput } from './workflow-output.ts'

const runUnknown = defineError('RUN_UNKNOWN', {
  summary: 'A run was to be taken up that there is not, or that is one of another workflow.',
  message: (d: { run: string; ref: string; of?: string | undefined }) => (d.of === undefined ? `There is no run ${d.run} of ${d.ref}.` : `The run ${d.run} is one of ${d.of}, not of ${d.ref}.`),
  hint: () => '--resume last takes up the newest one; the runs stand in .assetloom/reports.',
  exit: 2,
  http: 404,
})

const runChanged = defineError('RUN_CHANGED', {
  summary: 'A run was to be taken up whose workflow has changed since.',
  message: (d: { run: string; ref: string }) => `${d.ref} has changed since the run ${d.run} began, so what is done may not fit what is not.`,
  hint: (d) => `Begin a new run: assetloom run ${d.ref}.`,
  exit: 5,
  http: 409,
})

const resumeInput = defineError('RESUME_INPUT', {
  summary: 'A run was to be taken up with another input.',
  message: (d: { run: string }) => `The run ${d.run} has its input already.`,
  hint: () => 'Leave the input out, or begin a new run without --resume.',
  exit: 2,
})

const agentsUnpaid = defineError('AGENTS_UNPAID', {
  summary: 'Paid steps of agents were not confirmed, or there is no budget for them; nothing was run.',
  message: (d: { ref: string; why: string }) => `${d.ref} asks a paid language model, and ${d.why}. Nothing was run.`,
  hint: () => 'Set budget: { monthlyUsd: … } in the options, or run it with --yes in a terminal.',
  exit: 3,
})

export interface WorkflowWish {
  input: unknown
  /** Id of a run, or `last`. */
  resume?: string | undefined
  concurrency: number
  limits: Limits
  reach: Reach
  /** Ask an agent once more of whom nobody knows whether it was paid. */
  repeatPaid: boolean
  /** Most that the run may spend. */
  maxCostMicroUsd: MicroUsd | undefined
}

/**
 * Run a workflow, or go on with a run of it.
 * @throws what preparing throws, RUN_UNKNOWN, RUN_TAKEN, RUN_CHANGED, PROGRAM_INPUT; a step that fails is told in the output
 */
export async function runWorkflow(found: ReachedItem, wish: WorkflowWish, context: OperationContext): Promise<WorkflowRunOutput> {
  const { workspace, progress } = context
  const startMs = performance.now()
  const prepared = await prepareWorkflow(found, context, wish.reach)
  const workflows = await workspace.workflows()
  const { named } = prepared
  await allowPaid(prepared, context)
  const state = await stateFor(prepared, wish, workflows, context)
  const total = named.workflow.steps.length
  progress.start(total, named.name)
  const end = await carryOutRun(prepared, state, workflows, wish, context)
  progress.stop()
  const output = outputOf(state, end, performance.now() - startMs)
  workspace.counters.add(named.id, 'usageCount')
  workspace.runTotals.add(named.id, { isSuccess: end.status === 'completed', durationMs: output.durationMs, tokens: output.tokens, costMicroUsd: output.costMicroUsd })
  const report = await reportOf(output, context)
  return { ...output, ...(report && { report }) }
}

/** A report that cannot be written is worth no failure. */
async function reportOf(output: WorkflowRunOutput, { workspace }: OperationContext): Promise<WorkflowRunOutput['report']> {
  try {
    return (await import('./workflow-report.ts')).writeWorkflowReport(output, workspace)
  } catch (error) {
    const message = `The report could not be written: ${String((error as Error).message)}`
    workspace.log.write({ event: 'REPORT_UNWRITTEN', level: 'warn', subsystem: 'workflow', message })
    return undefined
  }
}

/** Without a budget a person who asked for it may pay, as with `generate`. @throws LLM_MISSING, LLM_UNPRICED, AGENTS_UNPAID */
async function allowPaid(prepared: PreparedWorkflow, { workspace, confirm, isInteractive, paysWithoutBudget }: OperationContext): Promise<void> {
  const models = modelsOf(prepared)
  if (models.length === 0) return
  const { isFree, mostAnAnswerMicroUsd } = (await workspace.agents()).check(models)
  if (isFree || workspace.options.budget) return
  const ref = prepared.named.id
  if (!paysWithoutBudget) throw agentsUnpaid({ ref, why: 'there is no budget' })
  const message = `${models.length} steps ask a paid language model, up to ${formatUsd(mostAnAnswerMicroUsd)} for each of its answers and what it reads beside; there is no budget.`
  workspace.log.write({ event: 'COST_QUOTED', level: 'warn', subsystem: 'workflow', message })
  if (isInteractive && !(await confirm(`${message} Go on?`, 'no'))) throw agentsUnpaid({ ref, why: 'it was not confirmed' })
}

/** The input with defaults. @throws PROGRAM_INPUT */
export function inputsOf({ named: { id, workflow } }: PreparedWorkflow, input: unknown): Record<string, unknown> {
  const takes = { parameters: workflow.inputs }
  return requireObject(checkedInput(input, id, takes), id, takes)
}

/** The run that is asked for, one that lies open and that a person wants to go on with, or a new one. */
async function stateFor(prepared: PreparedWorkflow, wish: WorkflowWish, workflows: WorkspaceWorkflows, { confirm, isInteractive }: OperationContext): Promise<RunState> {
  if (wish.resume !== undefined) return takeUp(prepared, wish, workflows)
  const { named } = prepared
  const inputs = inputsOf(prepared, wish.input)
  const open = isInteractive ? workflows.openRun(named, inputs) : undefined
  if (!open) return workflows.begin(named, inputs)
  const steps = [...open.steps.values()]
  const question = `A run of ${named.id} of ${open.createdAt} is ${open.status}, with ${steps.filter(({ status }) => isDone(status)).length} of ${steps.length} steps done. Go on with it?`
  if (!(await confirm(question, 'yes'))) return workflows.begin(named, inputs)
  return takeUp(prepared, { ...wish, resume: open.id, input: {} }, workflows)
}

function takeUp({ named }: PreparedWorkflow, { resume, input }: WorkflowWish, workflows: WorkspaceWorkflows): RunState {
  const ref = named.id
  const run = resume === 'last' ? (workflows.list(ref)[0]?.id ?? 'last') : resume!
  const state = workflows.find(run)
  if (state?.workflow !== ref) throw runUnknown({ run, ref, of: state?.workflow })
  if (Object.keys(requireObject(input, ref, { parameters: undefined })).length > 0) throw resumeInput({ run })
  if (!workflows.isSame(state, named.workflow)) throw runChanged({ run, ref })
  workflows.take(run)
  // Another process may have gone on with it until it was ours.
  return workflows.find(run)!
}

async function carryOutRun(prepared: PreparedWorkflow, state: RunState, workflows: WorkspaceWorkflows, wish: WorkflowWish, context: OperationContext): Promise<RunEnd> {
  const { progress, signal } = context
  // Two questions at once would be answered by one key, and a bar would be drawn over one.
  const oneQuestion = pLimit(1)
  const confirm: OperationContext['confirm'] = (...asked) =>
    oneQuestion(() => {
      progress.stop()
      return context.confirm(...asked)
    })
  return workflows.carryOut(prepared.named, state, {
    signal,
    concurrency: wish.concurrency,
    perform: (order) => perform(order, prepared, workflows, wish, { ...context, confirm, signal: order.signal }),
    onStep: ({ key, status }) => {
      if (status === 'running') progress.advance(0, key)
      else if (status === 'completed' || status === 'skipped') progress.advance(1, key)
    },
  })
}

/** Carry out one step. @throws what it fails of, STEP_WAITS */
async function perform(order: StepOrder, { steps, named: { workflow } }: PreparedWorkflow, workflows: WorkspaceWorkflows, wish: WorkflowWish, context: OperationContext): Promise<StepResult> {
  const { step, input } = order
  const prepared = steps.get(step.id)!
  switch (prepared.form) {
    case 'person':
      return askPerson(step, context)
    case 'agent':
      return performAgent(order, { ...prepared, before: stepsBefore(step.id, workflow.steps) }, wish, context)
    case 'workflow':
      return performWorkflow(prepared.prepared, order, workflows, wish, context)
    case 'item': {
      const { found, use } = prepared
      const timeLimitMs = Math.max(wish.limits.timeLimitMs, step.timeoutMs ?? 0)
      const startMs = performance.now()
      const counted = (isSuccess: boolean) => context.workspace.runTotals.add(found.item.id, { isSuccess, durationMs: performance.now() - startMs })
      try {
        const output = await carryOut(found, use, input, { ...wish.limits, timeLimitMs }, context)
        counted(true)
        return { output }
      } catch (error) {
        if (!context.signal.aborted) counted(false)
        throw error
      }
    }
  }
}

async function askPerson(step: WorkflowStep, { confirm }: OperationContext): Promise<StepResult> {
  const what = [step.name, step.description].filter(Boolean).join(': ') || step.id
  if (await confirm(`${what}\nDone?`, 'yes')) return { output: null }
  throw stepWaits({ step: step.id, what })
}

/** A workflow in a workflow is a run of its own, which a step that is carried out again goes on with. */
async function performWorkflow(prepared: PreparedWorkflow, { step, input, run }: StepOrder, workflows: WorkspaceWorkflows, wish: WorkflowWish, context: OperationContext): Promise<StepResult> {
  const known = workflows.childOf(run.id, step.id)
  if (known) workflows.take(known.id)
  const state = known ?? workflows.begin(prepared.named, inputsOf(prepared, input), `${run.id}.${step.id}`)
  const end = await carryOutRun(prepared, state, workflows, wish, { ...context, progress: { start() {}, advance() {}, stop() {} } })
  context.signal.throwIfAborted()
  if (end.fault) throw end.fault.error
  const { outputs, steps } = end
  const sum = (of: (one: RunEnd['steps'][number]) => number) => steps.reduce((total, one) => total + of(one), 0)
  return {
    output: outputs,
    use: { inputTokens: sum((one) => one.inputTokens), outputTokens: sum((one) => one.outputTokens), costMicroUsd: sum((one) => one.costMicroUsd) },
  }
}

/** What a run would do. */
export async function planWorkflow(found: ReachedItem, wish: Pick<WorkflowWish, 'input' | 'reach'>, context: OperationContext): Promise<WorkflowPlanOutput> {
  const prepared = await prepareWorkflow(found, context, wish.reach)
  const { id, workflow } = prepared.named
  const inputs = inputsOf(prepared, wish.input)
  const byId = new Map(workflow.steps.map((step) => [step.id, step]))
  return {
    ref: id,
    dryRun: true,
    hops: inOrder(hopsOf(workflow)).map((hop) => ({
      id: hop.id,
      after: [...hop.needs],
      steps: hop.steps.map((key) => {
        const step = byId.get(key)!
        const holds = holdsBeforehand(step.when, workflow, inputs)
        return { id: key, does: doingOf(step), ...(step.when !== undefined && { when: step.when, ...(holds !== undefined && { holds }) }) }
      }),
    })),
    triggers: workflow.triggers.map(triggerText),
  }
}

function doingOf({ use, agent, name, description }: WorkflowStep): string {
  if (agent !== undefined) return `the agent ${agent}${use === undefined ? '' : ` with ${use}`}`
  return use ?? `a person: ${name ?? description ?? ''}`
}

function triggerText({ on, paths, cron }: Trigger): string {
  return [on, ...(paths ?? []), ...(cron === undefined ? [] : [cron])].join(' ')
}

import type { AssetloomError } from '../core/errors.ts'
import { failureOf } from '../core/provider-failure.ts'
import type { Random } from '../core/random.ts'
import { evaluate, parseExpression, type Scope } from '../core/workflow/expression.ts'
import type { Hop } from '../core/workflow/hops.ts'
import { isDone, type RunState, type StepState, type StepStatus } from '../core/workflow/run-state.ts'
import type { Workflow, WorkflowStep } from '../core/workflow/workflow.ts'

/**
 * The hops to begin now.
 * @param statusOf - of a step
 * @param begun - ids of hops that are under way or were begun in this run
 * @param free - how many hops may still be begun
 */
export function hopsToBegin(
  hops: readonly Hop[],
  { statusOf, begun, free, isInTurn }: { statusOf(step: string): StepStatus; begun: ReadonlySet<string>; free: number; isInTurn: boolean },
): Hop[] {
  const isFinished = (hop: Hop) => hop.steps.every((step) => isDone(statusOf(step)))
  const byId = new Map(hops.map((hop) => [hop.id, hop]))
  const open = hops.filter((hop) => !isFinished(hop))
  const ready = open.filter((hop) => !begun.has(hop.id) && hop.needs.every((id) => isFinished(byId.get(id)!)))
  const isBusy = open.some((hop) => begun.has(hop.id))
  if (isInTurn) return isBusy ? [] : ready.slice(0, 1)
  return ready.slice(0, Math.max(0, free))
}

/** What expressions of a run see: `inputs`, `steps`, and conditions by name, each evaluated when it is asked for. */
export function scopeOf({ conditions }: Pick<Workflow, 'conditions'>, run: Pick<RunState, 'inputs' | 'steps'>): Scope {
  const steps = [...run.steps.values()].map(({ key, status, output = null, durationMs }) => [key, { status, output, durationMs }] as const)
  const values = new Map<string, unknown>([
    ['inputs', run.inputs],
    ['steps', Object.fromEntries(steps)],
  ])
  return {
    get: (name) => (Object.hasOwn(conditions, name) ? evaluate(parseExpression(conditions[name]!), values) : values.get(name)),
  }
}

const firstWaitMs = 500
const longestWaitMs = 30_000

/** Failures of a model's call after which the same call would fail again, or be paid twice. */
const finalFailures: readonly string[] = ['rejected', 'auth', 'money', 'maybe-spent', 'aborted']

/**
 * How long to wait before a failed step is tried again; undefined when it is not. A wrong input, a budget, a missing yes stay as they are.
 * @param attempt - 1 for the first try
 */
export function stepRetryWaitMs(step: Pick<WorkflowStep, 'retries'>, error: AssetloomError, attempt: number, random: Random): number | undefined {
  if (attempt > (step.retries ?? 0)) return undefined
  if (error.exit !== 1 || finalFailures.includes(failureOf(error)?.kind ?? '') || unrepeatable.has(error.code)) return undefined
  return Math.round(Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1)) * random.between(0.5, 1))
}

const unrepeatable: ReadonlySet<string> = new Set(['CONSENT_MISSING', 'INTERRUPTED', 'EXPRESSION_FAILED', 'STEP_WAITS', 'AGENT_CALL_UNKNOWN'])

/** What becomes of a step of a run that is taken up again. */
export function statusOnResume({ status }: Pick<StepState, 'status'>): StepStatus {
  return isDone(status) ? status : 'pending'
}

/** Whether a condition holds before anything ran: undefined when that follows from results. */
export function holdsBeforehand(when: string | undefined, workflow: Pick<Workflow, 'conditions'>, inputs: Readonly<Record<string, unknown>>): boolean | undefined {
  if (when === undefined) return true
  const asksForSteps = (text: string): boolean =>
    parseExpression(text).references.some(({ path: [root] }) => root === 'steps' || (Object.hasOwn(workflow.conditions, root!) && asksForSteps(workflow.conditions[root!]!)))
  return asksForSteps(when) ? undefined : Boolean(evaluate(parseExpression(when), scopeOf(workflow, { inputs, steps: new Map() })))
}

/** Hops one after the other, so that none stands before what it needs. */
export function inOrder(hops: readonly Hop[]): Hop[] {
  const placed = new Set<string>()
  const ordered: Hop[] = []
  const place = (hop: Hop) => {
    if (placed.has(hop.id)) return
    placed.add(hop.id)
    for (const id of hop.needs) place(hops.find((one) => one.id === id)!)
    ordered.push(hop)
  }
  hops.forEach(place)
  return ordered
}

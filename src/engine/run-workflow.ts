import pLimit from 'p-limit'
import { defineError, isAssetloomError, toAssetloomError, type AssetloomError } from '../core/errors.ts'
import type { Log } from '../core/ports.ts'
import { createRandom } from '../core/random.ts'
import { evaluate, parseExpression } from '../core/workflow/expression.ts'
import { fillExpressions } from '../core/workflow/fill-expressions.ts'
import { hopsOf, type Hop } from '../core/workflow/hops.ts'
import { isDone, type MissionStatus, type RunState, type StepFault, type StepState, type StepStatus, type StepUse } from '../core/workflow/run-state.ts'
import type { Workflow, WorkflowStep } from '../core/workflow/workflow.ts'
import { hopsToBegin, scopeOf, statusOnResume, stepRetryWaitMs } from '../plan/workflow.ts'

const stepTimedOut = defineError('STEP_TIMED_OUT', {
  summary: 'A step of a workflow took longer than its timeoutMs.',
  message: (d: { step: string; limitMs: number }) => `The step ${d.step} took longer than ${d.limitMs} ms and was stopped.`,
  hint: () => 'Raise timeoutMs of the step, or let it do less.',
})

/** Thrown by what carries out a step that waits for a person: the run pauses. */
export const stepWaits = defineError('STEP_WAITS', {
  summary: 'A step of a workflow waits for a person.',
  message: (d: { step: string; what: string }) => `The step ${d.step} waits for a person: ${d.what}`,
  hint: () => 'On a terminal it is asked; elsewhere --yes says that it is done.',
})

/** What carrying out one step is given. */
export interface StepOrder {
  step: WorkflowStep
  /** `with`, filled in. */
  input: Readonly<Record<string, unknown>>
  /** `prompt`, filled in. */
  task: string | undefined
  /** The run as it stands. */
  run: RunState
  /** What was remembered of an earlier try that was cut short. */
  memory: unknown
  /** Keep what a later try goes on from. */
  remember(memory: unknown, use: StepUse): void
  signal: AbortSignal
}

export interface StepResult {
  output: unknown
  use?: Partial<StepUse>
}

/** Where runs rest; see store/run-records. */
export interface RunRecordPort {
  stepBegins(run: string, hop: string, key: string, attempt: number): void
  stepRemembers(run: string, key: string, memory: unknown, use: StepUse): void
  stepEnds(run: string, hop: string, key: string, end: { status: StepStatus; use: StepUse; output?: unknown; error?: StepFault | undefined }): void
  end(run: string, status: MissionStatus, outputs?: Readonly<Record<string, unknown>>): void
}

export interface WorkflowPorts {
  records: RunRecordPort
  /** @throws what the step failed of; STEP_WAITS pauses the run */
  perform(order: StepOrder): Promise<StepResult>
  log: Log
  /** Milliseconds that only grow. */
  now(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Told of every change of a step. */
  onStep?(state: StepState): void
}

export interface RunEnd {
  status: MissionStatus
  steps: readonly StepState[]
  outputs: Readonly<Record<string, unknown>>
  /** The first step that failed or waits, and why. */
  fault?: { step: string; error: AssetloomError }
}

const subsystem = 'workflow'

/**
 * Carry out what of a run is not done yet. A failed step lets those under way finish and begins no other.
 * @param state - as it rests; steps that were under way begin again
 * @param input.concurrency - most steps at once
 */
export async function runWorkflow(
  workflow: Workflow,
  state: RunState,
  ports: WorkflowPorts,
  input: { signal: AbortSignal; concurrency: number },
): Promise<RunEnd> {
  const { records, log, now } = ports
  const hops = hopsOf(workflow)
  const byId = new Map(workflow.steps.map((step) => [step.id, step]))
  const steps = new Map([...state.steps].map(([key, step]): [string, StepState] => [key, { ...step, status: statusOnResume(step) }]))
  const run: RunState = { ...state, steps }
  const random = createRandom(run.id)
  const limit = pLimit(input.concurrency)
  const stop = new AbortController()
  const signal = AbortSignal.any([input.signal, stop.signal])
  let fault: RunEnd['fault']

  const tell = (event: string, step: string, message: string, facts: Readonly<Record<string, unknown>> = {}) =>
    log.write({ event, level: event === 'STEP_RETRY' ? 'warn' : 'info', subsystem, run: run.id, workflow: run.workflow, step, ...facts, message })

  const change = (key: string, changes: Partial<StepState>) => {
    const next = { ...steps.get(key)!, ...changes }
    steps.set(key, next)
    ports.onStep?.(next)
    return next
  }

  const finish = (hop: Hop, key: string, status: StepStatus, more: { output?: unknown; error?: AssetloomError } = {}) => {
    const { output, error } = more
    const { code, message, hint } = error ?? {}
    const kept: StepFault | undefined = error && { code: code!, message: message!, ...(hint !== undefined && { hint }) }
    const use = steps.get(key)!
    records.stepEnds(run.id, hop.id, key, { status, use, output, error: kept })
    change(key, { status, output, error: kept })
  }

  const carryOut = async (step: WorkflowStep, hop: Hop): Promise<void> => {
    const { id } = step
    if (isDone(steps.get(id)!.status) || fault || signal.aborted) return
    for (let attempt = 1; ; attempt++) {
      const startedMs = now()
      const before = steps.get(id)!
      const spent = () => change(id, { durationMs: before.durationMs + (now() - startedMs) })
      try {
        const scope = scopeOf(workflow, run)
        if (step.when !== undefined && !evaluate(parseExpression(step.when), scope)) {
          finish(hop, id, 'skipped')
          tell('STEP_SKIPPED', id, `${id} is passed over: ${step.when} does not hold.`)
          return
        }
        records.stepBegins(run.id, hop.id, id, before.attempts + 1)
        change(id, { status: 'running', attempts: before.attempts + 1 })
        tell('STEP_START', id, `${id} begins.`, { attempt })
        const { output, use = {} } = await withinTime(step, signal, (stepSignal) =>
          ports.perform({
            step,
            input: fillExpressions(step.with ?? {}, scope) as Record<string, unknown>,
            task: step.prompt === undefined ? undefined : String(fillExpressions(step.prompt, scope)),
            run,
            memory: before.memory,
            remember: (memory, soFar) => {
              const total = { ...soFar, durationMs: before.durationMs + (now() - startedMs) }
              records.stepRemembers(run.id, id, memory, total)
              change(id, { memory, ...total })
            },
            signal: stepSignal,
          }),
        )
        change(id, use)
        const { durationMs } = spent()
        finish(hop, id, 'completed', { output: output ?? null })
        tell('STEP_DONE', id, `${id} is done.`, { duration_ms: Math.round(durationMs) })
        return
      } catch (thrown) {
        spent()
        if (signal.aborted) {
          finish(hop, id, 'pending')
          if (!isAssetloomError(thrown) && !input.signal.aborted) throw thrown
          return
        }
        const error = toAssetloomError(thrown)
        const waitMs = stepRetryWaitMs(step, error, attempt, random)
        if (waitMs === undefined) {
          fault ??= { step: id, error }
          finish(hop, id, error.code === 'STEP_WAITS' ? 'waiting' : 'failed', { error })
          tell('STEP_FAILED', id, `${id}: ${error.message}`, { code: error.code })
          return
        }
        tell('STEP_RETRY', id, `${id} failed and is tried again: ${error.message}`, { code: error.code, wait_ms: waitMs })
        await ports.sleep(waitMs, signal).catch(() => undefined)
        if (signal.aborted) return finish(hop, id, 'pending')
      }
    }
  }

  const begun = new Set<string>()
  const underWay = new Set<Promise<void>>()
  log.write({ event: 'WORKFLOW_START', level: 'info', subsystem, run: run.id, workflow: run.workflow, message: `${run.workflow} begins.` })
  try {
    for (;;) {
      const next =
        fault || signal.aborted
          ? []
          : hopsToBegin(hops, { statusOf: (key) => steps.get(key)!.status, begun, free: input.concurrency - underWay.size, isInTurn: workflow.isInTurn })
      for (const hop of next) {
        begun.add(hop.id)
        const work = Promise.all(hop.steps.map((key) => limit(() => carryOut(byId.get(key)!, hop)))).then(() => undefined)
        const tracked: Promise<void> = work.finally(() => underWay.delete(tracked))
        underWay.add(tracked)
      }
      if (underWay.size === 0) break
      await Promise.race(underWay)
    }
  } catch (error) {
    // The records cannot be written: what is under way is stopped, and told nobody.
    stop.abort(error)
    await Promise.allSettled(underWay)
    throw error
  }
  const { status, outputs } = endOf()
  records.end(run.id, status, outputs)
  log.write({ event: 'WORKFLOW_END', level: 'info', subsystem, run: run.id, workflow: run.workflow, status, message: `${run.workflow} is ${status}.` })
  return { status, outputs, steps: [...steps.values()], ...(fault && { fault }) }

  function endOf(): Pick<RunEnd, 'status' | 'outputs'> {
    if (fault) return { status: steps.get(fault.step)?.status === 'waiting' ? 'waiting' : 'failed', outputs: {} }
    if (![...steps.values()].every((step) => isDone(step.status))) return { status: 'cancelled', outputs: {} }
    try {
      const scope = scopeOf(workflow, run)
      return { status: 'completed', outputs: Object.fromEntries(Object.entries(workflow.outputs).map(([name, text]) => [name, evaluate(parseExpression(text), scope)])) }
    } catch (error) {
      fault = { step: 'outputs', error: toAssetloomError(error) }
      return { status: 'failed', outputs: {} }
    }
  }
}

/** One try, stopped at the step's own limit. */
async function withinTime<T>({ id, timeoutMs }: WorkflowStep, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (timeoutMs === undefined) return work(signal)
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(stepTimedOut({ step: id, limitMs: timeoutMs })), timeoutMs)
  try {
    return await work(AbortSignal.any([signal, limit.signal]))
  } catch (error) {
    throw limit.signal.aborted && !signal.aborted ? limit.signal.reason : error
  } finally {
    clearTimeout(timer)
  }
}


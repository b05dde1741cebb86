import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { digestOf } from '../core/digest.ts'
import type { Log } from '../core/ports.ts'
import { hopsOf } from '../core/workflow/hops.ts'
import type { RunState, StepState } from '../core/workflow/run-state.ts'
import type { Workflow } from '../core/workflow/workflow.ts'
import { runWorkflow, stepWaits, type RunEnd, type StepOrder, type StepResult } from '../engine/run-workflow.ts'
import { createRunRecords, type RunSummary } from '../store/run-records.ts'
import type { StateDb } from '../store/state-db.ts'

export { stepWaits }
export type { RunEnd, RunState, RunSummary, StepOrder, StepResult, StepState }

/** A workflow that is to be run, with its name. */
export interface NamedWorkflow {
  /** Id of its item. */
  id: string
  name: string
  description: string
  workflow: Workflow
}

/** Runs of workflows: begun, carried out, taken up again. */
export interface WorkspaceWorkflows {
  /** Write a new run down. @param parentStep - of which it is a part */
  begin(named: NamedWorkflow, inputs: Readonly<Record<string, unknown>>, parentStep?: string): RunState
  find(run: string): RunState | undefined
  /** Newest first. */
  list(workflow?: string): RunSummary[]
  /** The newest run with the same workflow and input, when it is not done and nobody carries it out. */
  openRun(named: NamedWorkflow, inputs: Readonly<Record<string, unknown>>): RunState | undefined
  /** The run that a step of another one began. */
  childOf(run: string, step: string): RunState | undefined
  /** Hold a run that is to be taken up. @throws RUN_TAKEN */
  take(run: string): void
  /** Whether the workflow is still what it was when the run began. */
  isSame(run: RunState, workflow: Workflow): boolean
  /** Carry out what is not done yet. */
  carryOut(
    named: NamedWorkflow,
    run: RunState,
    input: {
      perform(order: StepOrder): Promise<StepResult>
      onStep?(state: StepState): void
      signal: AbortSignal
      concurrency: number
    },
  ): Promise<RunEnd>
}

export function createWorkspaceWorkflows(input: { state: StateDb; log: Log; userId: string; now(): string }): WorkspaceWorkflows {
  const { state, log, userId, now } = input
  const records = createRunRecords({ state, userId, now })
  const stepName = (run: string, step: string) => `${run}.${step}`
  return {
    find: records.find,
    list: records.list,
    take: records.take,
    begin({ id, name, description, workflow }, inputs, parentStep) {
      const run = `${new Date().toISOString().replace(/[:.]/g, '-').slice(0, 19)}-${randomUUID().slice(0, 8)}`
      return records.begin({ id: run, workflow: id, workflowDigest: digestOf(workflow), name, description, definition: workflow, hops: hopsOf(workflow), inputs, parentStep })
    },
    childOf(run, step) {
      const child = records.childOf(stepName(run, step))
      return child === undefined ? undefined : records.find(child)
    },
    openRun({ id, workflow }, inputs) {
      const [newest] = records.list(id)
      if (!newest || newest.status === 'completed' || records.isHeld(newest.id)) return undefined
      const run = records.find(newest.id)!
      return run.workflowDigest === digestOf(workflow) && digestOf(run.inputs) === digestOf(inputs) ? run : undefined
    },
    isSame: (run, workflow) => run.workflowDigest === digestOf(workflow),
    async carryOut({ workflow }, run, { perform, onStep, signal, concurrency }) {
      const ports = { records, perform, log, now: () => performance.now(), sleep: async (ms: number, stop: AbortSignal) => sleep(ms, undefined, { signal: stop }), ...(onStep && { onStep }) }
      try {
        return await runWorkflow(workflow, run, ports, { signal, concurrency })
      } catch (error) {
        letGo(run.id)
        throw error
      }
    },
  }

  /** What failed may be the records themselves; then the end of the process lets go of the run. */
  function letGo(run: string): void {
    try {
      records.end(run, 'failed')
    } catch {
      // Told by the error that is on its way.
    }
  }
}

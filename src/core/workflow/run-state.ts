import type { MicroUsd } from '../cost.ts'

/*
 * A run of a workflow as it rests in the state database: a mission, a hop for each step or group, and a tool step for each step. What goes
 * in and comes out are assets of the mission's or the hop's scope.
 */

export const missionStatuses = ['pending', 'running', 'completed', 'failed', 'cancelled', 'waiting'] as const
/** `waiting`: for a person who carries out a step, or says yes to something. */
export type MissionStatus = (typeof missionStatuses)[number]

export const stepStatuses = ['pending', 'running', 'completed', 'skipped', 'failed', 'waiting'] as const
export type StepStatus = (typeof stepStatuses)[number]

/** Passed over counts as done: what comes after it goes on. */
export function isDone(status: StepStatus): boolean {
  return status === 'completed' || status === 'skipped'
}

export interface StepFault {
  code: string
  message: string
  hint?: string | undefined
}

/** What one step took. */
export interface StepUse {
  durationMs: number
  inputTokens: number
  outputTokens: number
  costMicroUsd: MicroUsd
}

export const noUse: StepUse = { durationMs: 0, inputTokens: 0, outputTokens: 0, costMicroUsd: 0 }

/** One step of a run, as it rests. */
export interface StepState extends StepUse {
  /** The step's id in the workflow. */
  key: string
  status: StepStatus
  /** Tries so far. */
  attempts: number
  error?: StepFault | undefined
  /** What came out, of a step that is completed. */
  output?: unknown
  /** What an agent has said and heard so far, so that it goes on from there. */
  memory?: unknown
}

/** A run as it rests. */
export interface RunState {
  id: string
  /** Id of the workflow. */
  workflow: string
  /** Of its definition when the run began. */
  workflowDigest: string
  status: MissionStatus
  inputs: Readonly<Record<string, unknown>>
  /** By key, in the workflow's order. */
  steps: ReadonlyMap<string, StepState>
  createdAt: string
  updatedAt: string
}

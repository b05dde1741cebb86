import type { Parameter } from '../kinds/parameters.ts'

/** One step of a workflow; what is not said is filled in. */
export interface WorkflowStep {
  id: string
  name?: string | undefined
  description?: string | undefined
  /** Ref of a tool, skill, prompt or workflow. */
  use?: string | undefined
  /** Input of what is used; texts may hold `{{ expression }}`. */
  with?: Readonly<Record<string, unknown>> | undefined
  needs?: readonly string[] | undefined
  /** Expression: the step is passed over when it does not hold. */
  when?: string | undefined
  /** How often it is tried again. @default 0 */
  retries?: number | undefined
  timeoutMs?: number | undefined
  /** Name of one of the workflow's agents. */
  agent?: string | undefined
  /** What the agent is asked to do; may hold `{{ expression }}`. */
  prompt?: string | undefined
}

export interface Trigger {
  on: 'manual' | 'file-change' | 'schedule' | 'generation-finished'
  paths?: readonly string[] | undefined
  cron?: string | undefined
}

/** What `run` carries out: workflows and those of agents, in one shape. */
export interface Workflow {
  steps: readonly WorkflowStep[]
  /** Refs of sub-agents by the name that steps use. */
  agents: Readonly<Record<string, string>>
  /** Ids of steps that run at the same time, as one. */
  groups: readonly (readonly string[])[]
  /** Only steps of a group run at the same time. */
  isInTurn: boolean
  /** Expressions by name, for `when`. */
  conditions: Readonly<Record<string, string>>
  /** Expressions over the results, by name. */
  outputs: Readonly<Record<string, string>>
  triggers: readonly Trigger[]
  /** What a run is given; absent: anything. */
  inputs: readonly Parameter[] | undefined
}

/** Ids of all steps that must be done before one, however far back. */
export function stepsBefore(id: string, steps: readonly Pick<WorkflowStep, 'id' | 'needs'>[]): ReadonlySet<string> {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const before = new Set<string>()
  const visit = (one: string) => {
    for (const needed of byId.get(one)?.needs ?? [])
      if (!before.has(needed)) {
        before.add(needed)
        visit(needed)
      }
  }
  visit(id)
  return before
}

import { randomUUID } from 'node:crypto'
import { defineError } from '../core/errors.ts'
import type { Hop } from '../core/workflow/hops.ts'
import { isDone, type MissionStatus, type RunState, type StepFault, type StepState, type StepStatus, type StepUse } from '../core/workflow/run-state.ts'
import type { Workflow } from '../core/workflow/workflow.ts'
import { isAlive } from './atomic-write.ts'
import { createScopedAssets, type ScopedAssets } from './scoped-assets.ts'
import type { StateDb } from './state-db.ts'

const runTaken = defineError('RUN_TAKEN', {
  summary: 'A run was to be taken up that another process is carrying out.',
  message: (d: { run: string; pid: string }) => `The run ${d.run} is being carried out by the process ${d.pid}.`,
  hint: () => 'Wait until it is done, or end that process.',
  exit: 5,
  http: 409,
})

/** A run in short. */
export interface RunSummary {
  id: string
  workflow: string
  status: MissionStatus
  createdAt: string
  updatedAt: string
}

/**
 * Runs of workflows in the state database. Each change is one transaction, so that a process that dies at any moment leaves a run that can
 * be taken up.
 */
export interface RunRecords {
  /** Write a new run down, held by this process. */
  begin(run: {
    id: string
    workflow: string
    workflowDigest: string
    name: string
    description?: string | undefined
    definition: Workflow
    hops: readonly Hop[]
    inputs: Readonly<Record<string, unknown>>
    parentStep?: string | undefined
  }): RunState
  find(id: string): RunState | undefined
  /** Runs of a workflow that a person began, newest first. @param workflow - absent: of all */
  list(workflow?: string): RunSummary[]
  /**
   * Hold a run, so that no other process carries it out; one whose process is gone is free.
   * @throws RUN_TAKEN
   */
  take(id: string): void
  /** Whether a process carries a run out. */
  isHeld(id: string): boolean
  /** The run of a step that is a workflow of its own. */
  childOf(parentStep: string): string | undefined
  stepBegins(run: string, hop: string, key: string, attempt: number): void
  /** What an agent has said and heard so far. */
  stepRemembers(run: string, key: string, memory: unknown, use: StepUse): void
  stepEnds(run: string, hop: string, key: string, end: { status: StepStatus; use: StepUse; output?: unknown; error?: StepFault | undefined }): void
  /** The run ends or pauses; this process holds it no longer. */
  end(run: string, status: MissionStatus, outputs?: Readonly<Record<string, unknown>>): void
  readonly assets: ScopedAssets
}

/**
 * @param input.userId - whose runs these are
 * @param input.now - ISO time with milliseconds: runs are told apart by when they began
 */
export function createRunRecords(input: { state: StateDb; userId: string; now(): string }): RunRecords {
  const { state, userId, now } = input
  const assets = createScopedAssets(state)
  const holder = `${process.pid} ${randomUUID()}`
  const prepare = (sql: string) => state.open().prepare(sql)
  const hopId = (run: string, hop: string) => `${run}.${hop}`
  const stepId = (run: string, key: string) => `${run}.${key}`
  const touch = (run: string, at: string) => prepare('UPDATE missions SET updated_at = ? WHERE id = ?').run(at, run)
  const setStep = (id: string, values: Readonly<Record<string, string | number | null>>) => {
    const names = Object.keys(values)
    prepare(`UPDATE tool_steps SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`).run(...Object.values(values), id)
  }

  const find = (id: string): RunState | undefined => {
    const row = prepare('SELECT * FROM missions WHERE id = ? AND workflow IS NOT NULL').get(id) as MissionRow | undefined
    if (!row) return undefined
    const given = assets.list(userId, { type: 'mission', id }).filter(({ role }) => role === 'input')
    const steps = prepare('SELECT * FROM tool_steps WHERE mission_id = ? ORDER BY position').all(id) as unknown as StepRow[]
    return {
      id,
      workflow: row.workflow,
      workflowDigest: row.workflow_digest,
      status: row.status,
      inputs: Object.fromEntries(given.map((one) => [one.key, assets.withContent(one).content])),
      steps: new Map(steps.map((step) => [step.key, stepOf(step)])),
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }
  }

  const stepOf = (row: StepRow): StepState => {
    const kept = row.status === 'completed' ? assets.find(userId, [{ type: 'hop', id: row.hop_id }], row.key) : undefined
    return {
      key: row.key,
      status: row.status,
      attempts: row.attempts,
      durationMs: row.duration_ms,
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      costMicroUsd: row.cost_micro_usd,
      ...(row.error !== null && { error: JSON.parse(row.error) as StepFault }),
      ...(row.memory !== null && { memory: JSON.parse(row.memory) as unknown }),
      ...(kept && { output: assets.withContent(kept).content }),
    }
  }

  /** The process that carries a run out. */
  const holderOf = (id: string): string | undefined => {
    const row = prepare('SELECT holder FROM missions WHERE id = ?').get(id) as { holder: string | null } | undefined
    const [pid] = row?.holder?.split(' ') ?? []
    // A process with our own id that is not us is one of before, whose id was given again.
    const isHeld = row?.holder === holder || (pid !== undefined && Number(pid) !== process.pid && isAlive(Number(pid)))
    return isHeld ? pid : undefined
  }

  return {
    assets,
    find,
    isHeld: (id) => holderOf(id) !== undefined,
    begin({ id, workflow, workflowDigest, name, description = '', definition, hops, inputs, parentStep }) {
      state.exclusive(() => {
        const at = now()
        prepare(
          `INSERT INTO missions (id, user_id, name, description, goal, status, mission_state, workflow, workflow_digest, parent_step, holder, created_at, updated_at)
           VALUES (?, ?, ?, ?, ?, 'running', '{}', ?, ?, ?, ?, ?, ?)`,
        ).run(id, userId, name, description, description, workflow, workflowDigest, parentStep ?? null, holder, at, at)
        for (const [key, content] of Object.entries(inputs)) assets.put({ userId, scope: { type: 'mission', id }, key, role: 'input', content }, at)
        for (const [position, hop] of hops.entries()) {
          prepare("INSERT INTO hops (id, mission_id, position, name, status) VALUES (?, ?, ?, ?, 'pending')").run(hopId(id, hop.id), id, position, hop.id)
        }
        for (const [position, step] of definition.steps.entries()) {
          const hop = hops.find(({ steps }) => steps.includes(step.id))!
          const mapping = Object.fromEntries(Object.entries(step.with ?? {}).map(([key, value]) => [key, { type: 'literal', value }]))
          prepare(
            `INSERT INTO tool_steps (id, mission_id, hop_id, key, position, tool_id, parameter_mapping, result_mapping, status, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?)`,
          ).run(stepId(id, step.id), id, hopId(id, hop.id), step.id, position, step.use ?? null, JSON.stringify(mapping), JSON.stringify({ output: step.id }), at)
        }
      })
      return find(id)!
    },
    list(workflow) {
      const rows = prepare(
        `SELECT id, workflow, status, created_at AS createdAt, updated_at AS updatedAt FROM missions
         WHERE workflow IS NOT NULL AND parent_step IS NULL ${workflow === undefined ? '' : 'AND workflow = ?'} ORDER BY created_at DESC, updated_at DESC, id DESC`,
      ).all(...(workflow === undefined ? [] : [workflow]))
      return rows as unknown as RunSummary[]
    },
    take(id) {
      state.exclusive(() => {
        const pid = holderOf(id)
        if (pid !== undefined) throw runTaken({ run: id, pid })
        prepare("UPDATE missions SET holder = ?, status = 'running', updated_at = ? WHERE id = ?").run(holder, now(), id)
      })
    },
    childOf(parentStep) {
      return (prepare('SELECT id FROM missions WHERE parent_step = ?').get(parentStep) as { id: string } | undefined)?.id
    },
    stepBegins(run, hop, key, attempt) {
      state.exclusive(() => {
        const at = now()
        setStep(stepId(run, key), { status: 'running', attempts: attempt, error: null, updated_at: at })
        prepare("UPDATE hops SET status = 'running' WHERE id = ?").run(hopId(run, hop))
        prepare('UPDATE missions SET current_hop = ? WHERE id = ?').run(hopId(run, hop), run)
        touch(run, at)
      })
    },
    stepRemembers(run, key, memory, use) {
      state.exclusive(() => {
        const at = now()
        setStep(stepId(run, key), { memory: JSON.stringify(memory), ...columnsOf(use), updated_at: at })
        touch(run, at)
      })
    },
    stepEnds(run, hop, key, { status, use, output, error }) {
      state.exclusive(() => {
        const at = now()
        if (status === 'completed')
          assets.put({ userId, scope: { type: 'hop', id: hopId(run, hop) }, key, role: 'intermediate', content: output }, at)
        setStep(stepId(run, key), { status, ...columnsOf(use), error: error ? JSON.stringify(error) : null, updated_at: at })
        const { open } = prepare("SELECT count(*) AS open FROM tool_steps WHERE hop_id = ? AND status NOT IN ('completed', 'skipped')").get(hopId(run, hop)) as { open: number }
        const hopStatus = open === 0 ? 'completed' : isDone(status) ? 'running' : status
        prepare('UPDATE hops SET status = ? WHERE id = ?').run(hopStatus, hopId(run, hop))
        if (open === 0) prepare("UPDATE missions SET hop_history = json_insert(hop_history, '$[#]', ?) WHERE id = ?").run(hopId(run, hop), run)
        touch(run, at)
      })
    },
    end(run, status, outputs = {}) {
      state.exclusive(() => {
        const at = now()
        for (const [key, content] of Object.entries(outputs)) assets.put({ userId, scope: { type: 'mission', id: run }, key: `output.${key}`, name: key, role: 'output', content }, at)
        prepare('UPDATE missions SET status = ?, holder = NULL, updated_at = ? WHERE id = ?').run(status, at, run)
      })
    },
  }
}

function columnsOf({ durationMs, inputTokens, outputTokens, costMicroUsd }: StepUse): Record<string, number> {
  return { duration_ms: Math.round(durationMs), input_tokens: inputTokens, output_tokens: outputTokens, cost_micro_usd: costMicroUsd }
}

interface MissionRow {
  workflow: string
  workflow_digest: string
  status: MissionStatus
  created_at: string
  updated_at: string
}

interface StepRow {
  hop_id: string
  key: string
  status: StepStatus
  attempts: number
  error: string | null
  memory: string | null
  duration_ms: number
  input_tokens: number
  output_tokens: number
  cost_micro_usd: number
}

import { randomUUID } from 'node:crypto'
import type { MicroUsd } from '../core/cost.ts'
import { defineError, isAssetloomError, type AssetloomError } from '../core/errors.ts'
import type { Operation } from '../operations/operation.ts'
import { callRemotely } from '../operations/remote.ts'
import type { Workspace } from '../workspace.ts'
import { serverBusy } from './request-errors.ts'

const runUnknown = defineError('RUN_NOT_SERVED', {
  summary: 'A run was asked for that the server does not know, or no longer.',
  message: (d: { id: string }) => `There is no run ${JSON.stringify(d.id)}.`,
  hint: () => 'The server keeps the last 100 of its own runs; /api/runs lists them.',
  http: 404,
})

/** One execution of an operation that takes long or costs money. */
export interface Run {
  id: string
  operation: string
  status: 'running' | 'done' | 'failed'
  startedAt: string
  finishedAt?: string
  progress: { done: number; total: number; label: string }
  jobs?: number
  quoteMicroUsd: MicroUsd
  spentMicroUsd: MicroUsd
  /** The output of the operation, also of one of which a part failed. */
  output?: unknown
  error?: { status: number; code: string; message: string; hint?: string }
}

export interface RunEvent {
  /** From 1 on. */
  id: number
  type: 'planned' | 'progress' | 'job' | 'finished'
  data: Readonly<Record<string, unknown>>
}

export interface Runs {
  /**
   * Begin a run. What is refused before anything is made or paid is thrown.
   * @throws SERVER_BUSY, and what the operation throws before it begins
   */
  begin(name: string, operation: Operation, input: unknown): Promise<Run>
  /** Newest first. */
  list(): Run[]
  /** @throws RUN_NOT_SERVED */
  get(id: string): Run
  /** No further job is begun; what is paid for is finished. @throws RUN_NOT_SERVED */
  stop(id: string): Run
  /**
   * What has happened after an event and what happens from now on, until the run has finished.
   * @returns what ends the listening
   * @throws RUN_NOT_SERVED
   */
  follow(id: string, after: number, hear: (event: RunEvent) => void): () => void
  /** Stop all, and wait until each has finished what it paid for. */
  close(): Promise<void>
}

interface KeptRun {
  run: Run
  events: RunEvent[]
  listeners: Set<(event: RunEvent) => void>
  stop: AbortController
  finished: Promise<void>
}

const mostAtOnce = 4
const mostKept = 100
/** Older words of a long run are dropped; its state says what they came to. */
const mostEvents = 5_000

/** The runs of one server: they live as long as it does; what they made and paid is in the manifest and the ledger. */
export function createRuns(workspace: Workspace): Runs {
  const kept = new Map<string, KeptRun>()

  const require = (id: string): KeptRun => {
    const found = kept.get(id)
    if (!found) throw runUnknown({ id })
    return found
  }
  const tell = ({ events, listeners }: KeptRun, type: RunEvent['type'], data: RunEvent['data']) => {
    const event = { id: (events.at(-1)?.id ?? 0) + 1, type, data }
    events.push(event)
    if (events.length > mostEvents) events.shift()
    for (const hear of listeners) hear(event)
  }

  const carryOut = async (one: KeptRun, operation: Operation, input: unknown, onBegun: () => void): Promise<void> => {
    const { run } = one
    const progressed = () => tell(one, 'progress', { ...run.progress, spentMicroUsd: run.spentMicroUsd })
    const { output, error } = await callRemotely(operation, input, {
      workspace,
      runId: run.id,
      signal: one.stop.signal,
      progress: {
        start(total, label) {
          run.progress = { done: 0, total, label }
          progressed()
        },
        advance(done, label) {
          run.progress = { ...run.progress, done: run.progress.done + done, ...(label !== undefined && { label }) }
          progressed()
        },
        stop() {},
      },
      onEvent({ type, ...data }) {
        if ('quoteMicroUsd' in data) {
          Object.assign(run, data)
          onBegun()
        } else run.spentMicroUsd = data.spentMicroUsd
        tell(one, type, data)
      },
    })
    run.output = output
    if (error) throw error
  }

  return {
    async begin(name, operation, input) {
      if ([...kept.values()].filter(({ run }) => run.status === 'running').length >= mostAtOnce)
        throw serverBusy({ what: 'runs', most: mostAtOnce })
      const run: Run = {
        id: randomUUID(),
        operation: name,
        status: 'running',
        startedAt: new Date().toISOString(),
        progress: { done: 0, total: 0, label: '' },
        quoteMicroUsd: 0,
        spentMicroUsd: 0,
      }
      let onBegun = () => {}
      const begun = new Promise<void>((resolve) => (onBegun = resolve))
      const one: KeptRun = { run, events: [], listeners: new Set(), stop: new AbortController(), finished: Promise.resolve() }
      const work = carryOut(one, operation, input, onBegun)
      one.finished = work.then(() => finish(one, undefined), (error: unknown) => finish(one, error)).then(onBegun)
      kept.set(run.id, one)
      await begun
      const refusal = run.jobs === undefined && run.output === undefined ? await work.then(() => undefined, (error: unknown) => error) : undefined
      if (refusal !== undefined) {
        kept.delete(run.id)
        throw refusal
      }
      forgetOldest()
      return run
    },
    list: () => [...kept.values()].map(({ run }) => run).reverse(),
    get: (id) => require(id).run,
    stop(id) {
      const { stop, run } = require(id)
      stop.abort()
      return run
    },
    follow(id, after, hear) {
      const { events, listeners, run } = require(id)
      for (const event of events) if (event.id > after) hear(event)
      if (run.status === 'running') listeners.add(hear)
      return () => listeners.delete(hear)
    },
    async close() {
      for (const { stop } of kept.values()) stop.abort()
      await Promise.all([...kept.values()].map(({ finished }) => finished))
    },
  }

  function finish(one: KeptRun, thrown: unknown): void {
    const { run } = one
    run.finishedAt = new Date().toISOString()
    run.status = thrown === undefined ? 'done' : 'failed'
    if (isAssetloomError(thrown)) run.error = plainError(thrown)
    const { status, spentMicroUsd, error } = run
    tell(one, 'finished', { status, spentMicroUsd, ...(error && { error }) })
    one.listeners.clear()
  }

  function forgetOldest(): void {
    for (const [id, { run }] of kept) {
      if (kept.size <= mostKept) return
      if (run.status !== 'running') kept.delete(id)
    }
  }
}

const plainError = ({ http: status, code, message, hint }: AssetloomError) => ({ status, code, message, ...(hint && { hint }) })

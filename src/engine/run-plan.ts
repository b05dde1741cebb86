import { formatUsd, type MicroUsd } from '../core/cost.ts'
import { toAssetloomError, type AssetloomError } from '../core/errors.ts'
import type { Reference } from '../core/job.ts'
import type { Entry } from '../core/manifest.ts'
import type { Log, Progress, Provider } from '../core/ports.ts'
import type { SpendingLimits } from '../core/spending.ts'
import type { JobAction, Plan, PlannedJob } from '../plan/plan.ts'
import { createLanes } from './lanes.ts'
import type { LayeredCache } from './layered-cache.ts'
import { obtainAnswers } from './obtain-answers.ts'
import type { LedgerPort, LockPort } from './ports.ts'
import { createQuietMoment } from './quiet-moment.ts'
import type { RawAnswers, RawRecord } from './raw-record.ts'
import {
  reportCacheHit,
  reportFailure,
  reportLicense,
  reportProgress,
  reportStart,
  reportSuccess,
} from './run-events.ts'

/** done: right and in the manifest; refused: the budget; cancelled: not begun when the run was stopped. */
export type JobStatus = 'done' | 'failed' | 'refused' | 'cancelled'

export interface JobResult {
  job: PlannedJob
  ref: string
  entry: Entry | undefined
  /** What was done in the end; another process may have made what was planned here. */
  action: JobAction
  status: JobStatus
  /** Spent by this run for this asset, what may be spent included. */
  costMicroUsd: MicroUsd
  /** Requests sent to a provider other than local. */
  calls: number
  durationMs: number
  error?: AssetloomError
}

export interface RunResult {
  results: JobResult[]
  costMicroUsd: MicroUsd
  providerCalls: number
  durationMs: number
}

/** A finished asset whose files lie ready, not yet in the manifest. */
export interface StagedAsset<S> {
  job: PlannedJob
  record: RawRecord
  staged: S
}

/** How the engine reaches what it does not know. `S` is the store's own handle of files that lie ready. */
export interface RunPorts<S> {
  runId: string
  log: Log
  progress: Progress
  ledger: LedgerPort
  limits: SpendingLimits
  lock: LockPort
  raw: LayeredCache<RawRecord>
  provider(id: string): Promise<Provider>
  referencesOf(job: PlannedJob): Promise<Reference[]>
  /** Turn raw answers into files that lie ready. @throws what processing throws */
  make(job: PlannedJob, answers: RawAnswers): Promise<S>
  /** Put files in place and entries in the manifest, all in one change; each asset fails for itself. */
  place(assets: readonly StagedAsset<S>[]): ({ ref: string; entry: Entry } | { error: AssetloomError })[]
  /** Write entries anew whose metadata changed. */
  refresh(jobs: readonly PlannedJob[]): Promise<({ ref: string; entry: Entry } | { error: AssetloomError })[]>
  /** Called after assets that cost money are in the manifest; nobody waits for what it does, and it does not fail. */
  afterPaid(): Promise<void>
  sleep(ms: number, signal: AbortSignal): Promise<void>
  now(): number
  isoTime(): string
}

/** Assets are put into the manifest in groups: each write of it costs as much as the manifest is long. */
const placeTogether = 200
/**
 * What was paid for stands in the manifest about this time after. Its bytes are kept and its cost is booked before:
 * whatever ends the run in between, the next one pays nothing for it.
 */
const placePaidWithinMs = 250
/** Placing holds up everything else: in a long manifest it comes so seldom that it takes this share of the time. */
const placingShare = 0.02
/** And it waits so long for a moment in which no answer is due. */
const placeLaterMs = 250

/** Answers that came together are looked at when no other is due for so long; the calls that follow them go out first. */
const lookingMs = 10
/** How long an answer waits for that. */
const lookWithinMs = 40

/**
 * Carry out a plan: cache, reserve, provider, settle, process, place. Nothing that fails stops the others; a failed
 * asset keeps its last good state and is not remembered as failed, so the next run tries it again.
 * @param input.signal - stops before the next job; what is paid for is finished
 */
export async function runPlan<S>(
  plan: Plan,
  ports: RunPorts<S>,
  input: {
    signal: AbortSignal
    concurrency?: number | undefined
    force?: boolean | undefined
    /** An asset that is ready waits this long for others to be put into the manifest with. */
    placeWithinMs: number
    onResult?: ((result: JobResult) => void) | undefined
  },
): Promise<RunResult> {
  const started = ports.now()
  const results = new Map<PlannedJob, JobResult>()
  let spentMicroUsd = 0
  const work = plan.jobs.filter((job) => job.action !== 'hit' && job.error === undefined)
  const isWork = new Set(work)
  const detailOf = (text: string) => `${formatUsd(spentMicroUsd)} spent  ${text}`
  const finish = (job: PlannedJob, result: Omit<JobResult, 'job'>) => {
    const whole = { job, ...result }
    results.set(job, whole)
    input.onResult?.(whole)
    const { error, costMicroUsd, durationMs } = result
    if (error && result.status !== 'cancelled') reportFailure(ports.log, job, { error, costMicroUsd, durationMs })
    if (isWork.has(job)) ports.progress.advance(1, detailOf(result.ref))
  }
  const begin = () => ({ calls: 0, costMicroUsd: 0, startedMs: ports.now() })
  const failed = (job: PlannedJob, thrown: unknown, tally: ReturnType<typeof begin>) => {
    const error = toAssetloomError(thrown)
    const isCancelled = input.signal.aborted && tally.calls === 0 && error.code !== 'BUDGET_EXCEEDED'
    finish(job, {
      ref: job.ref,
      entry: job.existing?.entry,
      action: job.action,
      status: isCancelled ? 'cancelled' : error.code === 'BUDGET_EXCEEDED' ? 'refused' : 'failed',
      costMicroUsd: tally.costMicroUsd,
      calls: tally.calls,
      durationMs: ports.now() - tally.startedMs,
      error,
    })
  }

  for (const job of plan.jobs) {
    if (job.error) failed(job, job.error, begin())
    else if (job.action === 'hit' && !job.needsRefresh)
      finish(job, {
        ref: job.ref,
        entry: job.existing?.entry,
        action: 'hit',
        status: 'done',
        costMicroUsd: 0,
        calls: 0,
        durationMs: 0,
      })
  }
  const refreshes = plan.jobs.filter((job) => job.action === 'hit' && job.needsRefresh && !job.error)
  if (refreshes.length > 0) {
    const written = await ports.refresh(refreshes)
    for (const [i, job] of refreshes.entries()) {
      const outcome = written[i]!
      if ('error' in outcome) failed(job, outcome.error, begin())
      else finish(job, { ...outcome, action: 'hit', status: 'done', costMicroUsd: 0, calls: 0, durationMs: 0 })
    }
  }

  /** `durationMs`: until the asset was ready; that it then waits for others is no work on it. */
  const waiting: { asset: StagedAsset<S>; tally: ReturnType<typeof begin>; action: JobAction; durationMs: number }[] = []
  let placing: { timer: NodeJS.Timeout; atMs: number } | undefined
  let holdUpMs = 0
  const quiet = createQuietMoment(ports)
  const lull = () => quiet.lasting(lookingMs, lookWithinMs)
  const placeSoon = (withinMs: number) => {
    const atMs = ports.now() + withinMs
    if (placing && placing.atMs <= atMs) return
    clearTimeout(placing?.timer)
    placing = { timer: setTimeout(() => void quiet.lasting(holdUpMs, placeLaterMs).then(placeWaiting), withinMs), atMs }
  }
  const placeWaiting = () => {
    clearTimeout(placing?.timer)
    placing = undefined
    const group = waiting.splice(0)
    if (group.length === 0) return
    let outcomes: ReturnType<RunPorts<S>['place']>
    const placingStarted = ports.now()
    try {
      outcomes = ports.place(group.map(({ asset }) => asset))
    } catch (error) {
      for (const { asset, tally } of group) failed(asset.job, error, tally)
      return
    }
    for (const [i, { asset, tally, action, durationMs }] of group.entries()) {
      const outcome = outcomes[i]!
      if ('error' in outcome) {
        failed(asset.job, outcome.error, tally)
        continue
      }
      const { costMicroUsd, calls } = tally
      finish(asset.job, { ...outcome, action, status: 'done', costMicroUsd, calls, durationMs })
      const { provider } = asset.record
      reportSuccess(ports.log, asset.job, { ref: outcome.ref, provider, costMicroUsd, durationMs })
    }
    const isPaid = group.some(({ tally }) => tally.costMicroUsd > 0)
    void (isPaid ? ports.afterPaid() : Promise.resolve()).then(() => (holdUpMs = ports.now() - placingStarted))
  }

  const lanes = createLanes(ports, input.concurrency)
  const toldFallbacks = new Set<string>()
  const toldLicenses = new Set<string>()
  ports.progress.start(work.length, 'Generating')
  const runJob = async (job: PlannedJob) => {
    const tally = begin()
    const candidate = job.candidate!
    const onCall = () => {
      if (candidate.provider === 'local') return noop
      tally.calls++
      return quiet.sent(candidate.provider)
    }
    const onSpent = (amount: MicroUsd) => {
      tally.costMicroUsd += amount
      spentMicroUsd += amount
    }
    const onProgress = (fraction: number) => {
      reportProgress(ports.log, job, candidate.provider, fraction)
      ports.progress.advance(0, detailOf(`${job.ref} ${Math.round(fraction * 100)} %`))
    }
    try {
      input.signal.throwIfAborted()
      const lane = await lanes.of(candidate.provider)
      reportStart(ports.log, job, candidate, toldFallbacks)
      const { answers, isCached } = await ports.lock.alone(
        candidate.jobKey,
        () => obtainAnswers(job, candidate, lane, { ...ports, onCall, onSpent, onProgress, lull }, input),
        input.signal,
      )
      if (isCached) reportCacheHit(ports.log, job, answers.record.provider)
      reportLicense(ports.log, job, answers.record, toldLicenses)
      const staged = await ports.make(job, answers)
      waiting.push({
        asset: { job, record: answers.record, staged },
        tally,
        action: isCached ? 'derive' : 'generate',
        durationMs: ports.now() - tally.startedMs,
      })
      if (waiting.length >= placeTogether) placeWaiting()
      else {
        const paidWithinMs = Math.max(placePaidWithinMs, holdUpMs / placingShare)
        placeSoon(tally.costMicroUsd > 0 ? Math.min(paidWithinMs, input.placeWithinMs) : input.placeWithinMs)
      }
    } catch (error) {
      failed(job, error, tally)
    }
  }
  await Promise.all(work.map(async (job) => (await lanes.jobs(job)).call(undefined, () => runJob(job))))
  placeWaiting()
  quiet.end()
  ports.progress.stop()

  const ordered = plan.jobs.map((job) => results.get(job)!)
  return {
    results: ordered,
    costMicroUsd: spentMicroUsd,
    providerCalls: ordered.reduce((sum, result) => sum + result.calls, 0),
    durationMs: ports.now() - started,
  }
}

const noop = () => undefined

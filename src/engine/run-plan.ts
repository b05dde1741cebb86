import pLimit, { type LimitFunction } from 'p-limit'
import { formatUsd, type MicroUsd } from '../core/cost.ts'
import { contentHash, digestOf } from '../core/digest.ts'
import { toAssetloomError, type AssetloomError } from '../core/errors.ts'
import type { Job, Reference } from '../core/job.ts'
import type { Entry } from '../core/manifest.ts'
import type { Log, Progress, Provider } from '../core/ports.ts'
import { callsFor } from '../plan/batch.ts'
import type { RunLimits } from '../plan/budget.ts'
import type { Candidate, JobAction, Plan, PlannedJob } from '../plan/plan.ts'
import { callProvider } from './call-provider.ts'
import type { LayeredCache } from './layered-cache.ts'
import type { LedgerPort, LockPort } from './ports.ts'
import { createProviderGate, type ProviderGate } from './provider-gate.ts'
import { answersOf, joinAnswers, type RawAnswers, type RawRecord } from './raw-record.ts'

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
  limits: RunLimits
  lock: LockPort
  raw: LayeredCache<RawRecord>
  provider(id: string): Promise<Provider>
  referencesOf(job: PlannedJob): Promise<Reference[]>
  /** Turn raw answers into files that lie ready. @throws what processing throws */
  make(job: PlannedJob, answers: RawAnswers): Promise<S>
  /** Put files in place and entries in the manifest, all in one change; each asset fails for itself. */
  place(assets: readonly StagedAsset<S>[]): ({ ref: string; entry: Entry } | { error: AssetloomError })[]
  /** Write entries anew whose metadata changed. */
  refresh(jobs: readonly PlannedJob[]): ({ ref: string; entry: Entry } | { error: AssetloomError })[]
  /** Called after assets that cost money are in the manifest. */
  afterPaid(): Promise<void>
  sleep(ms: number, signal: AbortSignal): Promise<void>
  now(): number
  isoTime(): string
}

/** Assets of free providers are put into the manifest in groups: each write of it costs as much as the manifest is long. */
const placeTogether = 200

/** Assets in work at once whose raw answers are in the cache. */
const derivesAtOnce = 4

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
  const finish = (job: PlannedJob, result: Omit<JobResult, 'job'>) => {
    const whole = { job, ...result }
    results.set(job, whole)
    input.onResult?.(whole)
    if (result.error && result.status !== 'cancelled') reportFailure(ports.log, job, result.error)
    if (isWork.has(job)) ports.progress.advance(1, `${result.ref}  ${formatUsd(spentMicroUsd)} spent`)
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
      finish(job, { ref: job.ref, entry: job.existing?.entry, action: 'hit', status: 'done', costMicroUsd: 0, calls: 0, durationMs: 0 })
  }
  const refreshes = plan.jobs.filter((job) => job.action === 'hit' && job.needsRefresh && !job.error)
  if (refreshes.length > 0) {
    const written = ports.refresh(refreshes)
    for (const [i, job] of refreshes.entries()) {
      const outcome = written[i]!
      if ('error' in outcome) failed(job, outcome.error, begin())
      else finish(job, { ...outcome, action: 'hit', status: 'done', costMicroUsd: 0, calls: 0, durationMs: 0 })
    }
  }

  const waiting: { asset: StagedAsset<S>; tally: ReturnType<typeof begin>; action: JobAction }[] = []
  let placing: NodeJS.Timeout | undefined
  const placeWaiting = () => {
    clearTimeout(placing)
    placing = undefined
    const group = waiting.splice(0)
    if (group.length === 0) return
    let outcomes: ReturnType<RunPorts<S>['place']>
    try {
      outcomes = ports.place(group.map(({ asset }) => asset))
    } catch (error) {
      for (const { asset, tally } of group) failed(asset.job, error, tally)
      return
    }
    for (const [i, { asset, tally, action }] of group.entries()) {
      const outcome = outcomes[i]!
      if ('error' in outcome) {
        failed(asset.job, outcome.error, tally)
        continue
      }
      const { costMicroUsd, calls, startedMs } = tally
      finish(asset.job, { ...outcome, action, status: 'done', costMicroUsd, calls, durationMs: ports.now() - startedMs })
      reportSuccess(ports.log, asset, outcome.ref, costMicroUsd, ports.now() - startedMs)
    }
  }

  const lanes = createLanes(ports, input.concurrency)
  const toldFallbacks = new Set<string>()
  ports.progress.start(work.length, 'Generating')
  const runJob = async (job: PlannedJob) => {
    const tally = begin()
    const candidate = job.candidate!
    try {
      input.signal.throwIfAborted()
      const lane = await lanes.of(candidate.provider)
      reportStart(ports.log, job, candidate, toldFallbacks)
      const { answers, isCached } = await ports.lock.alone(
        candidate.jobKey,
        () =>
          obtain(job, candidate, lane, ports, input, {
            onCall: () => {
              if (candidate.provider !== 'local') tally.calls++
            },
            onSpent: (amount) => {
              tally.costMicroUsd += amount
              spentMicroUsd += amount
            },
          }),
        input.signal,
      )
      const staged = await ports.make(job, answers)
      waiting.push({ asset: { job, record: answers.record, staged }, tally, action: isCached ? 'derive' : 'generate' })
      const isPaid = tally.costMicroUsd > 0
      if (isPaid || waiting.length >= placeTogether) placeWaiting()
      else placing ??= setTimeout(placeWaiting, input.placeWithinMs)
      if (isPaid) await ports.afterPaid()
    } catch (error) {
      failed(job, error, tally)
    }
  }
  await Promise.all(work.map(async (job) => (await lanes.jobs(job)).call(undefined, () => runJob(job))))
  placeWaiting()
  ports.progress.stop()

  const ordered = plan.jobs.map((job) => results.get(job)!)
  return {
    results: ordered,
    costMicroUsd: spentMicroUsd,
    providerCalls: ordered.reduce((sum, result) => sum + result.calls, 0),
    durationMs: ports.now() - started,
  }
}

interface Lane {
  provider: Provider
  gate: ProviderGate
  calls: LimitFunction
}

/** Bounded parallelism per provider: over jobs, and over the calls that they make. */
function createLanes(ports: Pick<RunPorts<unknown>, 'provider' | 'now' | 'sleep'>, concurrency: number | undefined) {
  const lanes = new Map<string, Promise<Lane & { jobs: LimitFunction }>>()
  const derives = pLimit(derivesAtOnce)
  const of = (id: string) => {
    let lane = lanes.get(id)
    if (!lane) {
      lane = ports.provider(id).then((provider) => {
        const atOnce = Math.max(1, Math.min(provider.concurrency, concurrency ?? Infinity))
        return { provider, gate: createProviderGate({ provider: id, now: ports.now, sleep: ports.sleep }), calls: pLimit(atOnce), jobs: pLimit(atOnce) }
      })
      lanes.set(id, lane)
    }
    return lane
  }
  return {
    of,
    jobs: async (job: PlannedJob): Promise<LimitFunction> => (job.action === 'derive' ? derives : (await of(job.candidate!.provider)).jobs),
  }
}

/** The raw answers of a job: from the cache, or from its provider in as many calls as that takes. Runs alone among all processes. */
async function obtain<S>(
  job: PlannedJob,
  candidate: Candidate,
  lane: Lane,
  ports: RunPorts<S>,
  input: { signal: AbortSignal; force?: boolean | undefined },
  tell: { onCall(): void; onSpent(amount: MicroUsd): void },
): Promise<{ answers: RawAnswers; isCached: boolean }> {
  if (!input.force) {
    // Another process may have made it while this one waited.
    const found = await ports.raw.get(candidate.jobKey)
    if (found) return { answers: answersOf(found.record, found.blobs), isCached: true }
  }
  const { provider, gate } = lane
  const references = await ports.referencesOf(job)
  const shares = callsFor(candidate.request.variations, provider.capabilities.variationsPerCall)
  const isWhole = shares.length === 1
  const outcomes = await Promise.allSettled(
    shares.map((share) =>
      lane.calls(async (): Promise<RawAnswers> => {
        const key = isWhole ? candidate.jobKey : digestOf({ job: candidate.jobKey, ...share })
        if (!isWhole && !input.force) {
          const paid = await ports.raw.get(key)
          if (paid) return answersOf(paid.record, paid.blobs)
        }
        const { seed } = candidate.request
        const request = { ...candidate.request, variations: share.count, ...(seed !== undefined && { seed: seed + share.first }) }
        const call: Job = { key, specId: job.instance.specId, provider: provider.id, request, references }
        return callProvider(provider, call, gate, { ...ports, ...tell }, input.signal, async (generation) => {
          const outputs = generation.outputs
          const record: RawRecord = {
            hashes: outputs.map((output) => contentHash(output.bytes)),
            mediaTypes: outputs.map((output) => output.mediaType),
            provider: provider.id,
            ...((generation.model ?? request.model) !== undefined && { model: generation.model ?? request.model }),
            costMicroUsd: generation.costMicroUsd,
            ...(generation.seed !== undefined && { seed: generation.seed }),
            ...(generation.revisedPrompt !== undefined && { revisedPrompt: generation.revisedPrompt }),
            generated: ports.isoTime(),
            ...(generation.meta && { meta: generation.meta }),
          }
          await ports.raw.set(key, record, outputs.map((output) => output.bytes))
          return { record, outputs }
        })
      }),
    ),
  )
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  // What the other calls returned is in the cache and is not paid for again.
  if (failure) throw failure.reason
  const answers = joinAnswers(outcomes.map((outcome) => (outcome as PromiseFulfilledResult<RawAnswers>).value))
  if (!isWhole) await ports.raw.set(candidate.jobKey, answers.record, answers.outputs.map((output) => output.bytes))
  return { answers, isCached: false }
}

const subsystem = 'asset-generation'

/** @param told - fallbacks that were warned of: one word about a missing key is enough for a hundred assets */
function reportStart(log: Log, job: PlannedJob, candidate: Candidate, told: Set<string>): void {
  const { instance } = job
  log.write({ event: 'ASSET_GENERATION_START', level: 'info', subsystem, spec_id: instance.specId, type: instance.request.type, provider: candidate.provider, reason: job.reason, message: `Making ${instance.specId}: ${job.reason}.` })
  log.write({ event: 'PROVIDER_SELECTED', level: 'info', subsystem, spec_id: instance.specId, provider: candidate.provider, model: candidate.request.model, message: `${instance.specId}: ${candidate.provider}.` })
  for (const { provider, reason } of job.passedOver) {
    const what = `${provider} ${candidate.provider} ${reason}`
    const level = told.has(what) ? 'info' : 'warn'
    told.add(what)
    log.write({ event: 'PROVIDER_FALLBACK', level, subsystem, spec_id: instance.specId, requested: provider, fallback: candidate.provider, message: `${instance.specId}: ${candidate.provider} takes the place of ${provider}: ${reason}.` })
  }
}

function reportSuccess<S>(log: Log, asset: StagedAsset<S>, ref: string, costMicroUsd: MicroUsd, durationMs: number): void {
  const { instance } = asset.job
  const facts = { subsystem, spec_id: instance.specId, ref, provider: asset.record.provider, cost_micro_usd: costMicroUsd }
  log.write({ event: 'ASSET_GENERATION_SUCCESS', level: 'info', ...facts, duration_ms: Math.round(durationMs), message: `Made ${ref}.` })
  if (instance.tracksCost && costMicroUsd > 0) log.write({ event: 'COST_TRACKED', level: 'info', ...facts, message: `${ref} cost ${formatUsd(costMicroUsd)}.` })
}

function reportFailure(log: Log, job: PlannedJob, error: AssetloomError): void {
  log.write({
    event: 'ASSET_GENERATION_FAILED',
    level: 'warn',
    subsystem,
    spec_id: job.instance.specId,
    provider: job.candidate?.provider,
    code: error.code,
    message: `${job.instance.specId} was not made: ${error.message}`,
    ...(error.hint && { hint: error.hint }),
  })
}

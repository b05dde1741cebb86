import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MicroUsd } from '../core/cost.ts'
import { defineError } from '../core/errors.ts'
import type { SpecInstance } from '../core/spec-instance.ts'
import type { Entry } from '../core/manifest.ts'
import type { Progress } from '../core/ports.ts'
import { createLayeredCache } from '../engine/layered-cache.ts'
import { answersOf, type RawAnswers, type RawRecord } from '../engine/raw-record.ts'
import { reportInit } from '../engine/run-events.ts'
import { runPlan, type JobResult, type RunPorts, type RunResult } from '../engine/run-plan.ts'
import { createProviders, type Providers } from '../generators/providers.ts'
import { limitsOf } from '../plan/budget.ts'
import type { Plan, PlannedJob } from '../plan/plan.ts'
import { createCacheUse, type CacheUse } from '../store/cache-use.ts'
import { createJobLock } from '../store/job-lock.ts'
import { createLedger, type Ledger } from '../store/ledger.ts'
import { packageFolder, packageVersion } from '../store/package-folder.ts'
import { createForeseenTokens, type ForeseenTokens } from '../store/place-assets.ts'
import { createSpecFiles, type SpecFiles } from '../store/spec-files.ts'
import { specNames } from '../store/spec-names.ts'
import { createRefEnsuring, type RefEnsuring } from './ensure.ts'
import { createPlacing, type Ready } from './placing.ts'
import { createPlanner } from './plan.ts'
import { createSpecSelection, specNotFound, type Selection } from './selection.ts'
import type { Workspace } from '../workspace.ts'

export type { JobResult, Plan, PlannedJob, RunResult }

const rawGone = defineError('RAW_GONE', {
  summary: 'The raw answers of an asset are in no cache, so another variation cannot be chosen.',
  message: (d: { ref: string }) => `The variations of ${d.ref} are not in the cache of this machine or the team.`,
  hint: (d) => `assetloom generate ${d.ref} --force makes them anew.`,
})

/** During a run, types and constants are written this often at most. */
const sourcesWithinMs = 2_000

/** When assets follow one another, types and constants wait for the next ones, to be written at the same moment. */
const placingWithinMs = 1_000

export interface RunInput {
  signal?: AbortSignal
  progress?: Progress
  concurrency?: number | undefined
  maxCostMicroUsd?: MicroUsd | undefined
  /** What `maxCostMicroUsd` counts as one. @default the run of the workspace */
  runId?: string
  force?: boolean | undefined
  onResult?: (result: JobResult) => void
  /** An asset that is ready waits this long for others to be put into the manifest with. @default 2000 */
  placeWithinMs?: number
  /** Types and constants are written by someone else. @default false */
  leavesSources?: boolean
}

/** Generation as one part of the workspace. */
export interface WorkspaceGeneration extends RefEnsuring {
  readonly ledger: Ledger
  readonly cacheUse: CacheUse
  readonly providers: Providers
  readonly specs: SpecFiles
  /**
   * What is stale, how it would be made and what that would cost. Calls no provider, writes nothing.
   * @throws SPEC_INVALID, SPEC_NOT_FOUND, …
   */
  plan(selection?: Selection): Promise<Plan>
  /** Carry out a plan. Never throws for a single asset: see each result. */
  run(plan: Plan, input: RunInput): Promise<RunResult>
  /** The spec that makes a ref: by token, alias or spec id. @throws SPEC_INVALID of a broken file when none does */
  findSpecFor(ref: string): Promise<SpecInstance | undefined>
  close(): void
  /** Absolute paths to watch for a ref: spec, template, references, inputs of steps. */
  specFilesOf(ref: string): Promise<string[]>
  /** Names that only specs know: aliases and full tokens of assets that are not made yet. */
  unmadeNames(): Promise<string[]>
  /** Process what a provider returned before anew with another variation chosen. */
  pick(ref: string, variation: number): Promise<{ ref: string; entry: Entry; made: number }>
  /** Raw answers of an asset, when a cache still has them. */
  rawOf(entry: Entry): Promise<RawAnswers | undefined>
  /** Loudest sample of each part of a sound, 0…1, for a drawing of it. */
  peaksOf(sound: Uint8Array, parts: number): Promise<number[]>
}

const silent: Progress = { start() {}, advance() {}, stop() {} }

export function createGeneration(workspace: Workspace): WorkspaceGeneration {
  const { options, paths, log, blobs, cache, shared } = workspace
  const { root } = paths
  const providers = createProviders({
    options: options.providers,
    keys: options.keys,
    prices: options.prices,
    redact: workspace.redact,
    media: {
      ...workspace.media,
      async ready() {
        await Promise.all([workspace.media.ready(), blobs.ready()])
      },
    },
  })
  const raw = createLayeredCache<RawRecord>({ layer: 'raw', blobs, cache, shared, hashesOf: (record) => record.hashes })
  const planner = createPlanner(workspace, { providers, raw })
  // Not the workspace's clock: a fixed time for equal bytes must not hold the month still.
  const ledger = createLedger({ state: workspace.state, now: () => Date.now() })
  const cacheUse = createCacheUse(workspace.state)
  const lock = createJobLock(join(paths.home, 'locks', 'raw'))
  const specs = createSpecFiles({
    root,
    specsFolder: paths.specs,
    shippedFolder: packageFolder(),
    state: workspace.state,
    toolVersion: packageVersion(),
    checkSteps: async (type, steps) =>
      (await import('../generators/steps.ts')).checkSteps(type as never, steps as never),
    checkRecipe: async (type, recipe) =>
      (await import('../generators/local/index.ts')).recipeProblem(type as never, recipe),
    onStateFault: workspace.onStateFault,
  })
  const selection = createSpecSelection({ workspace, specs })
  const placing = createPlacing(workspace)
  const writeSources = mergeCalls(() => workspace.writeDerivedSources())
  let writing: NodeJS.Timeout | undefined
  let writtenMs = -Infinity
  /**
   * At the moment that assets are placed, which is chosen well, or soon after. What fails here is told at the end of the
   * run, when they are written once more.
   */
  const writeSourcesSoon = async () => {
    const write = async () => {
      clearTimeout(writing)
      writing = undefined
      writtenMs = performance.now()
      await writeSources().catch(() => undefined)
    }
    const waitMs = writtenMs + sourcesWithinMs - performance.now()
    if (waitMs <= 0) return write()
    writing ??= setTimeout(() => void write(), waitMs + placingWithinMs)
  }
  const warned = new Set<string>()
  const begin = (instances: readonly SpecInstance[]) => {
    log.heed(instances)
    for (const { specId, warnings, file } of instances)
      for (const warning of warnings) {
        if (warned.has(`${specId} ${warning}`)) continue
        warned.add(`${specId} ${warning}`)
        const message = `${file}: ${warning}`
        log.write({ event: 'SPEC_WARNING', level: 'warn', subsystem: 'asset-generation', spec_id: specId, message })
      }
  }

  const rawOf = async (jobKey: string): Promise<RawAnswers | undefined> => {
    const found = await raw.get(jobKey)
    return found && answersOf(found.record, found.blobs)
  }

  /** Statistics are worth no failure. */
  const quietly = (record: () => void) => {
    try {
      record()
    } catch (error) {
      const message = String((error as Error).message)
      log.write({ event: 'LEDGER_UNAVAILABLE', level: 'debug', subsystem: 'asset-generation', message })
    }
  }

  const portsFor = (input: RunInput, foreseen: ForeseenTokens): RunPorts<Ready> => ({
    runId: input.runId ?? workspace.runId,
    log,
    progress: input.progress ?? silent,
    ledger: { ...ledger, recordFree: (calls) => quietly(() => ledger.recordFree(calls)) },
    limits: limitsOf(options.budget, input.maxCostMicroUsd),
    lock,
    raw,
    provider: (id) => providers.get(id),
    referencesOf: (job) => planner.referencesOf(job.instance),
    make: (job, answers) => placing.make(job, answers),
    place: (assets) => placing.place(assets, input.force ?? false, foreseen),
    refresh: (jobs) => placing.refresh(jobs, foreseen),
    afterPaid: writeSourcesSoon,
    sleep: async (ms, signal) => sleep(ms, undefined, { signal }),
    now: () => performance.now(),
    isoTime: () => workspace.timestamp(),
  })

  let isTold = false
  const run = async (planned: Plan, input: RunInput): Promise<RunResult> => {
    if (!isTold) reportInit(log, planned, options.budget?.monthlyMicroUsd)
    isTold = true
    const result = await runPlan(planned, portsFor(input, createForeseenTokens(planned.sequences)), {
      signal: input.signal ?? new AbortController().signal,
      concurrency: input.concurrency,
      force: input.force,
      placeWithinMs: input.placeWithinMs ?? 2_000,
      onResult: input.onResult,
    })
    clearTimeout(writing)
    writing = undefined
    const made = (action: JobResult['action']) =>
      result.results.filter((one) => one.action === action && one.status === 'done').length
    const use = { hits: made('derive'), misses: made('generate') }
    if (use.hits + use.misses > 0) quietly(() => cacheUse.add(ledger.currentMonth(), use))
    const isWritten = (one: JobResult) => one.status === 'done' && (one.action !== 'hit' || one.job.needsRefresh)
    if (!input.leavesSources && result.results.some(isWritten)) await writeSources()
    return result
  }

  const ensuring = createRefEnsuring({
    workspace,
    selection,
    planner,
    placing,
    rawOf,
    runJobs: (jobs, asked, onResult) =>
      run(
        { jobs, quoteMicroUsd: 0, sequences: workspace.index.head().sequences },
        { ...asked, placeWithinMs: 40, onResult },
      ),
    begin,
  })

  return {
    ledger,
    cacheUse,
    providers,
    specs,
    async plan(selected = {}) {
      const instances = await selection.select(selected)
      begin(instances)
      const planned = await planner.plan(instances, selected)
      if (selected.only !== 'stale') return planned
      return { ...planned, jobs: planned.jobs.filter((job) => job.action !== 'hit' || job.error) }
    },
    run,
    close: lock.close,
    ...ensuring,
    findSpecFor: selection.findFor,
    async specFilesOf(ref) {
      const known = workspace.index.find(ref)?.entry.source
      const instance = await selection.findFor(ref).catch(() => undefined)
      // A broken spec must be watched all the more.
      if (!instance) return known?.type === 'spec' ? [resolve(root, known.spec)] : []
      const inputs = await planner.stepInputsOf(instance).catch(() => [])
      const { file, templateFile, references } = instance
      const files = [file, ...(templateFile ? [templateFile] : []), ...references.map(({ path }) => path), ...inputs]
      return [...new Set(files)].filter((one) => !one.startsWith('assetloom/')).map((one) => resolve(root, one))
    },
    async unmadeNames() {
      const { instances } = await specs.load()
      const unmade = instances.filter((instance) => !workspace.index.findBySpecId(instance.specId))
      return unmade.flatMap((instance) => specNames(instance).slice(1))
    },
    async pick(ref, variation) {
      const instance = await selection.findFor(ref)
      const known = workspace.index.find(ref)
      if (!instance || !known) throw specNotFound({ name: ref, known: workspace.index.names() })
      const planned = await planner.plan([instance], {})
      const job = planned.jobs[0]!
      if (job.error) throw job.error
      const { source } = known.entry
      const answers = source.type === 'spec' ? await rawOf(source.jobKey) : undefined
      if (!answers || source.type !== 'spec') throw rawGone({ ref: known.ref })
      const picked = { ...job, candidate: { ...job.candidate!, jobKey: source.jobKey } }
      const staged = await placing.make(picked, answers, variation)
      const asset = { job: picked, record: answers.record, staged }
      const [placed] = placing.place([asset], false, createForeseenTokens(planned.sequences))
      if ('error' in placed!) throw placed.error
      await writeSources()
      return { ...placed!, made: answers.outputs.length }
    },
    rawOf: async (entry) => (entry.source.type === 'spec' ? rawOf(entry.source.jobKey) : undefined),
    peaksOf: workspace.media.peaks,
  }
}

/** One call at a time; those that come while it lasts are all served by one more. */
function mergeCalls(work: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<void> | undefined
  let isAskedAgain = false
  return async () => {
    if (running) isAskedAgain = true
    else
      running = (async () => {
        do {
          isAskedAgain = false
          await work()
        } while (isAskedAgain)
      })().finally(() => (running = undefined))
    await running
  }
}

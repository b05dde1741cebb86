import { join } from 'node:path'
import { formatUsd, type MicroUsd } from '../core/cost.ts'
import { defineError, isAssetloomError, type AssetloomError } from '../core/errors.ts'
import type { SpecInstance } from '../core/spec-instance.ts'
import type { Entry } from '../core/manifest.ts'
import type { RawAnswers } from '../engine/raw-record.ts'
import type { JobResult } from '../engine/run-plan.ts'
import type { PlannedJob } from '../plan/plan.ts'
import type { Placing } from './placing.ts'
import type { Planner } from './plan.ts'
import type { SpecSelection } from './selection.ts'
import type { Workspace } from '../workspace.ts'

const staleFrozen = defineError('STALE_FROZEN', {
  summary: 'Generation is frozen, and assets are missing or older than their specs.',
  message: (d: { stale: { name: string; file: string; reason: string }[]; command: string }) => {
    const count = d.stale.length === 1 ? 'an asset is' : `${d.stale.length} assets are`
    const rows = d.stale.map(({ name, file, reason }) => `  ${name} (${file}): ${reason}`)
    return `Generation is frozen, and ${count} not up to date:\n${rows.join('\n')}`
  },
  hint: (d) => `Run \`${d.command}\` where generating is allowed, and commit what it writes.`,
  exit: 4,
  http: 409,
})

const paidNeedsBudget = defineError('PAID_NEEDS_BUDGET', {
  summary: 'A paid provider would run inside dev or build, and no budget is configured.',
  message: (d: { spec: string; provider: string; quoteMicroUsd: MicroUsd; command: string }) =>
    `Making ${d.spec} with ${d.provider} costs ${formatUsd(d.quoteMicroUsd)}, ` +
    'and dev and build pay only within a budget.',
  hint: (d) => `Run \`${d.command}\`, or set budget: { monthlyUsd: … } in the options.`,
  exit: 3,
  http: 402,
})

/** What became of one ref that a host asked for. */
export interface Ensured {
  /**
   * hit: it was right. made: it was made. kept: it could not be made, the last good state stays (see `error`).
   * transient: made from the shared cache while frozen, so it is not in the manifest; `file` lies in `.assetloom`.
   */
  state: 'hit' | 'made' | 'kept' | 'transient'
  ref: string
  entry: Entry
  /** Absolute path of the file. */
  file: string | undefined
  error?: AssetloomError
}

interface Asked {
  signal: AbortSignal
  /** Types and constants are kept by someone who follows the manifest: nobody waits for them here. */
  leavesSources: boolean
}

type RunJobs = (jobs: PlannedJob[], asked: Asked, onResult: (result: JobResult) => void) => Promise<unknown>

/** One ref at a time, for dev and build. */
export interface RefEnsuring {
  /**
   * Make sure that what a ref stands for is there and up to date, as the option `generate` says. One job per ref at a
   * time.
   * @returns undefined when neither the manifest nor a spec knows the ref
   * @throws STALE_FROZEN, PAID_NEEDS_BUDGET, SPEC_INVALID, and the failure of a job that has no last good state
   */
  ensure(ref: string, input?: Partial<Asked>): Promise<Ensured | undefined>
  /** @throws STALE_FROZEN listing every asset that is missing or stale, and the command that mends it */
  requireFresh(): Promise<void>
}

/**
 * @param ports.runJobs - runs jobs as one plan
 * @param ports.warn - tells what the author of specs should know
 */
export function createRefEnsuring(ports: {
  workspace: Pick<Workspace, 'options' | 'paths' | 'index' | 'shared'>
  selection: SpecSelection
  planner: Planner
  placing: Pick<Placing, 'makeTransient'>
  rawOf(jobKey: string): Promise<RawAnswers | undefined>
  runJobs: RunJobs
  begin(instances: readonly SpecInstance[]): void
}): RefEnsuring {
  const { options, paths, index } = ports.workspace
  const fileOf = (entry: Entry) => (entry.file === undefined ? undefined : join(paths.root, entry.file))
  const enqueue = createJobGathering(ports.runJobs)

  const ensureNow = async (ref: string, asked: Asked): Promise<Ensured | undefined> => {
    const known = index.find(ref)
    let instance: SpecInstance | undefined
    try {
      instance = await ports.selection.findFor(ref)
    } catch (error) {
      // A spec that is being edited: what was made from its last good state stays.
      if (!known || !isAssetloomError(error)) throw error
      return { state: 'kept', ...known, file: fileOf(known.entry), error }
    }
    if (!instance) return known && { state: 'hit', ...known, file: fileOf(known.entry) }
    ports.begin([instance])
    const planned = await ports.planner.plan([instance], {})
    const job = planned.jobs[0]!
    const existing = job.existing
    const isThere = existing !== undefined && job.reason !== 'its file is missing or changed'
    const hit = (): Ensured => ({ state: 'hit', ...existing!, file: fileOf(existing!.entry) })
    if (!job.error && job.action === 'hit' && (!job.needsRefresh || options.generate !== 'auto')) return hit()
    if (options.generate === 'missing' && isThere) return hit()
    if (options.generate === 'frozen') {
      if (!job.error && job.action === 'derive') return transient(job)
      await requireFresh(job)
    }
    const keptOr = (error: AssetloomError): Ensured => {
      if (isThere) return { state: 'kept', ...existing!, file: fileOf(existing!.entry), error }
      throw error
    }
    if (job.error) return keptOr(job.error)
    if (job.action === 'generate' && !job.candidate!.isFree && !options.budget) {
      const command = `npx assetloom generate ${instance.adHoc ? ref : instance.file}`
      const { provider } = job.candidate!
      return keptOr(paidNeedsBudget({ spec: instance.specId, provider, quoteMicroUsd: job.quoteMicroUsd, command }))
    }
    const result = await enqueue(job, asked)
    if (result.status !== 'done') return keptOr(result.error!)
    const entry = result.entry!
    return { state: result.action === 'hit' ? 'hit' : 'made', ref: result.ref, entry, file: fileOf(entry) }
  }

  /** While frozen, what the cache has is processed and served, and the manifest stays as it is. */
  const transient = async (job: PlannedJob): Promise<Ensured> => {
    const answers = await ports.rawOf(job.candidate!.jobKey)
    if (!answers) return requireFresh(job) as never
    return { state: 'transient', ...(await ports.placing.makeTransient(job, answers)) }
  }

  const requireFresh = async (first?: PlannedJob): Promise<void> => {
    const { jobs } = await ports.planner.plan(await ports.selection.select({}), {})
    // What a team's cache has costs nothing and is no work of this build: it is processed and served as it is asked for.
    const isCached = (job: PlannedJob) => ports.workspace.shared !== undefined && job.action === 'derive'
    const stale = jobs.filter((job) => job.error !== undefined || (job.action !== 'hit' && !isCached(job)))
    const isListed = !first || stale.some((job) => job.instance.specId === first.instance.specId)
    const all = isListed ? stale : [first, ...stale]
    if (all.length === 0) return
    const rows = all.map(({ ref, instance, error, reason }) => ({
      ref,
      spec: instance.specId,
      name: instance.aliases[0] ?? ref,
      file: instance.file,
      reason: error?.message ?? reason,
    }))
    throw staleFrozen(
      { stale: rows, command: 'npx assetloom generate' },
      { details: { stale: rows.map(({ name: _, ...row }) => row) } },
    )
  }

  const inFlight = new Map<string, Promise<Ensured | undefined>>()
  const never = new AbortController().signal
  return {
    ensure(ref, input = {}) {
      let flight = inFlight.get(ref)
      if (!flight) {
        flight = ensureNow(ref, { signal: never, leavesSources: false, ...input }).finally(() => inFlight.delete(ref))
        inFlight.set(ref, flight)
      }
      return flight
    },
    requireFresh: () => requireFresh(),
  }
}

/** Long enough for a host to ask for the other refs of a module, too short to be felt. */
const gatherMs = 4

/** Jobs that are asked for at the same moment run as one plan, so that the manifest is written once for all of them. */
function createJobGathering(run: RunJobs): (job: PlannedJob, asked: Asked) => Promise<JobResult> {
  let gathered: { job: PlannedJob; asked: Asked; done(result: JobResult): void; fail(error: unknown): void }[] = []
  return (job, asked) =>
    new Promise<JobResult>((done, fail) => {
      gathered.push({ job, asked, done, fail })
      if (gathered.length > 1) return
      setTimeout(() => {
        const batch = gathered
        gathered = []
        const byJob = new Map(batch.map((one) => [one.job, one]))
        const leavesSources = batch.every((one) => one.asked.leavesSources)
        const onResult = (result: JobResult) => byJob.get(result.job)?.done(result)
        run([...byJob.keys()], { signal: asked.signal, leavesSources }, onResult).catch((error: unknown) => {
          for (const one of batch) one.fail(error)
        })
      }, gatherMs)
    })
}

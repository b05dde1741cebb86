import { formatUsd, type MicroUsd } from '../core/cost.ts'
import type { AssetloomError } from '../core/errors.ts'
import type { Log } from '../core/ports.ts'
import type { Candidate, Plan, PlannedJob } from '../plan/plan.ts'
import type { RawRecord } from './raw-record.ts'

/* What the log tells of a run. */

const subsystem = 'asset-generation'

export function reportInit(log: Log, { jobs, quoteMicroUsd }: Plan, budgetMicroUsd: MicroUsd | undefined): void {
  log.write({
    event: 'ASSET_ORCHESTRATOR_INIT',
    level: 'info',
    subsystem,
    jobs: jobs.length,
    quote_micro_usd: quoteMicroUsd,
    budget_micro_usd: budgetMicroUsd,
    message: `Generation is ready: ${jobs.length} assets, about ${formatUsd(quoteMicroUsd)}.`,
  })
}

/** @param told - fallbacks that were warned of: one word about a missing key is enough for a hundred assets */
export function reportStart(log: Log, job: PlannedJob, candidate: Candidate, told: Set<string>): void {
  const { specId, request } = job.instance
  const { provider } = candidate
  const { reason } = job
  log.write({
    event: 'ASSET_GENERATION_START',
    level: 'info',
    subsystem,
    spec_id: specId,
    type: request.type,
    provider,
    quote_micro_usd: job.quoteMicroUsd,
    reason,
    message: `Making ${specId}: ${reason}.`,
  })
  log.write({
    event: 'PROVIDER_SELECTED',
    level: 'info',
    subsystem,
    spec_id: specId,
    provider,
    model: candidate.request.model,
    message: `${specId}: ${provider}.`,
  })
  for (const passed of job.passedOver) {
    const what = `${passed.provider} ${provider} ${passed.reason}`
    const level = told.has(what) ? 'info' : 'warn'
    told.add(what)
    log.write({
      event: 'PROVIDER_FALLBACK',
      level,
      subsystem,
      spec_id: specId,
      provider,
      requested: passed.provider,
      reason: passed.reason,
      message: `${specId}: ${provider} takes the place of ${passed.provider}: ${passed.reason}.`,
    })
  }
}

/** @param fraction - 0…1, as its provider says */
export function reportProgress(log: Log, job: PlannedJob, provider: string, fraction: number): void {
  const { specId } = job.instance
  log.write({
    event: 'ASSET_GENERATION_PROGRESS',
    level: 'debug',
    subsystem,
    spec_id: specId,
    provider,
    fraction,
    message: `${specId}: ${provider} is ${Math.round(fraction * 100)} % done.`,
  })
}

export function reportSuccess(
  log: Log,
  job: PlannedJob,
  made: { ref: string; provider: string; costMicroUsd: MicroUsd; durationMs: number },
): void {
  const { specId, tracksCost } = job.instance
  const { ref, provider, costMicroUsd } = made
  const facts = {
    level: 'info' as const,
    subsystem,
    spec_id: specId,
    ref,
    provider,
    cost_micro_usd: costMicroUsd,
    duration_ms: Math.round(made.durationMs),
  }
  log.write({ event: 'ASSET_GENERATION_SUCCESS', ...facts, message: `Made ${ref}.` })
  if (tracksCost && costMicroUsd > 0)
    log.write({ event: 'COST_TRACKED', ...facts, message: `${ref} cost ${formatUsd(costMicroUsd)}.` })
}

/** @param told - notes that were told of before: one word is enough for a hundred assets */
export function reportLicense(log: Log, job: PlannedJob, { provider, licenseNote }: RawRecord, told: Set<string>): void {
  if (licenseNote === undefined || told.has(licenseNote)) return
  told.add(licenseNote)
  log.write({
    event: 'LICENSE_NOTE',
    level: 'warn',
    subsystem,
    spec_id: job.instance.specId,
    provider,
    message: licenseNote,
  })
}

/** The raw answers were there: nobody is asked, nothing is paid. */
export function reportCacheHit(log: Log, job: PlannedJob, provider: string): void {
  const { specId } = job.instance
  log.write({
    event: 'CACHE_HIT',
    level: 'info',
    subsystem,
    spec_id: specId,
    provider,
    cost_micro_usd: 0,
    message: `${specId}: what ${provider} answered before is used.`,
  })
}

export function reportFailure(
  log: Log,
  job: PlannedJob,
  failed: { error: AssetloomError; costMicroUsd: MicroUsd; durationMs: number },
): void {
  const { error } = failed
  log.write({
    event: 'ASSET_GENERATION_FAILED',
    level: 'warn',
    subsystem,
    spec_id: job.instance.specId,
    provider: job.candidate?.provider,
    cost_micro_usd: failed.costMicroUsd,
    duration_ms: Math.round(failed.durationMs),
    code: error.code,
    message: `${job.instance.specId} was not made: ${error.message}`,
    ...(error.hint && { hint: error.hint }),
  })
}

import { jobKey, type Job, type JobRequest, type Reference } from '../core/job.ts'
import type { Provider } from '../core/ports.ts'
import type { SpecInstance } from '../core/spec-instance.ts'
import { callsFor } from '../plan/batch.ts'
import type { Candidate } from '../plan/plan.ts'
import { unfitReason } from '../plan/route.ts'

/** The providers that an instance may be made by, in order. */
export function choicesOf({ providers }: SpecInstance, wanted: string | undefined): SpecInstance['providers'] {
  return wanted === undefined ? providers : [providers.find(({ id }) => id === wanted) ?? { id: wanted }]
}

/** @param by.referenceHashes - digests of the instance's references, `mask:` before that of a mask */
export function candidateOf(
  instance: SpecInstance,
  by: { provider: Provider; model: string | undefined; referenceHashes: readonly string[] },
): Candidate {
  const { provider, referenceHashes } = by
  const model = by.model ?? provider.defaultModel?.(instance.request)
  const asksForAlpha = instance.needsAlpha && provider.capabilities.alpha === 'on-request'
  const request: JobRequest = {
    ...instance.request,
    ...(model !== undefined && { model }),
    ...(asksForAlpha && { alpha: true }),
  }
  return {
    provider: provider.id,
    request,
    jobKey: jobKey({ request, provider: provider.id, providerVersion: provider.version, referenceHashes }),
    isFree: provider.free,
  }
}

/** Says why the provider cannot take it. Asked only for what is stale: a hit asks nobody. */
export function withFitness(candidate: Candidate, provider: Provider, instance: SpecInstance): Candidate {
  const { available, reason } = provider.isAvailable()
  const needs = { alpha: instance.needsAlpha, references: instance.references.length }
  const unfit = available
    ? unfitReason(provider.capabilities, candidate.request, needs)
    : (reason ?? 'it is not available')
  return { ...candidate, ...(unfit !== undefined && { unfit }) }
}

export function quoteOf(
  provider: Provider,
  instance: SpecInstance,
  candidate: Candidate,
  references: Reference[],
): number {
  const job = (variations: number): Job => ({
    key: candidate.jobKey,
    specId: instance.specId,
    provider: provider.id,
    request: { ...candidate.request, variations },
    references,
  })
  return callsFor(candidate.request.variations, provider.capabilities.variationsPerCall).reduce(
    (sum, share) => sum + provider.quote(job(share.count)),
    0,
  )
}

import type { MicroUsd } from '../core/cost.ts'
import { defineError, type AssetloomError } from '../core/errors.ts'
import type { SpecInstance } from '../core/spec-instance.ts'
import type { JobRequest } from '../core/job.ts'
import type { Entry, SpecSource } from '../core/manifest.ts'
import type { TokenPlan } from '../core/issue-token.ts'

export const noProvider = defineError('NO_PROVIDER', {
  summary: 'No provider that a spec names can make the asset.',
  message: (d: { spec: string; tried: { provider: string; reason: string }[] }) =>
    `No provider can make ${d.spec}: ${d.tried.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ')}.`,
  hint: () =>
    'Set the key or option that is missing, or add a fallback to the spec; local is always there for pictures, sounds and text.',
})

export const jobActions = ['hit', 'derive', 'generate'] as const
/** hit: nothing to do; derive: process what was made before; generate: ask a provider. */
export type JobAction = (typeof jobActions)[number]

/** One provider's way to make an asset. */
export interface Candidate {
  provider: string
  /** With the model of this provider. */
  request: JobRequest
  jobKey: string
  isFree: boolean
  /** Why this provider cannot take it. */
  unfit?: string
}

/** A candidate after a look into the cache. */
export interface ProbedCandidate extends Candidate {
  isCached: boolean
}

/** One asset of a plan. */
export interface PlannedJob {
  instance: SpecInstance
  /** The token it has, or would be given. */
  ref: string
  token?: TokenPlan
  action: JobAction
  /** Why it is not a hit. */
  reason: string
  candidate?: Candidate
  /** Providers that were passed over, with the reason. */
  passedOver: { provider: string; reason: string }[]
  quoteMicroUsd: MicroUsd
  processHash: string
  existing?: { ref: string; entry: Entry }
  /** A hit whose metadata changed: the entry is written anew, nothing is made. */
  needsRefresh: boolean
  /** Why it cannot be made. */
  error?: AssetloomError
}

export interface Plan {
  jobs: PlannedJob[]
  quoteMicroUsd: MicroUsd
  /** The highest numbers issued when the plan was made: while nobody else issues one, the tokens of the plan hold. */
  sequences: Readonly<Record<string, number>>
}

/** What is known of an asset before anything is made. */
export interface AssetFacts {
  entry: Entry | undefined
  processHash: string
  /** The files of the entry stand there with their digests. */
  fileIsIntact: boolean
  /** The file has the format that the spec wants. */
  formatFits: boolean
}

/** The state of the spec that an asset stands for: the one it was made of, or the one it was rolled back under. */
export function metBy(source: SpecSource): Pick<SpecSource, 'provider' | 'jobKey' | 'processHash'> {
  return source.accepted ?? source
}

/**
 * Why an asset must be made again, or undefined when what is there is right.
 * An asset made by any of the spec's own providers is right: which of them is available today plays no part.
 */
export function staleReason(facts: AssetFacts, candidates: readonly Candidate[]): string | undefined {
  const source = facts.entry?.source
  if (source?.type !== 'spec') return 'it is not made yet'
  const met = metBy(source)
  const own = candidates.find((candidate) => candidate.provider === met.provider)
  if (!own) return `${met.provider}, which made it, is no longer in the spec`
  if (own.jobKey !== met.jobKey) return 'prompt, parameters, model or references changed'
  if (met.processHash !== facts.processHash) return 'post-processing changed'
  if (!source.accepted && !facts.formatFits) return 'another format is wanted'
  if (!facts.fileIsIntact) return 'its file is missing or changed'
  return undefined
}

/**
 * Choose the way to make a stale asset: what is in the cache costs nothing, so availability does not count for it.
 * @returns undefined when no provider can take it
 */
export function chooseCandidate(
  candidates: readonly ProbedCandidate[],
  entry: Entry | undefined,
  isForced: boolean,
):
  | { action: 'derive' | 'generate'; candidate: Candidate; passedOver: { provider: string; reason: string }[] }
  | { passedOver: { provider: string; reason: string }[] } {
  const source = entry?.source.type === 'spec' ? entry.source : undefined
  const own = candidates.find(
    (candidate) => candidate.provider === source?.provider && candidate.jobKey === source.jobKey,
  )
  if (!isForced && own?.isCached) return { action: 'derive', candidate: own, passedOver: [] }
  const passedOver: { provider: string; reason: string }[] = []
  for (const candidate of candidates) {
    if (!isForced && candidate.isCached) return { action: 'derive', candidate, passedOver }
    if (candidate.unfit === undefined) return { action: 'generate', candidate, passedOver }
    passedOver.push({ provider: candidate.provider, reason: candidate.unfit })
  }
  return { passedOver }
}

import { digestOf } from '../core/digest.ts'
import type { Job, JobRequest, Reference } from '../core/job.ts'
import type { Generation } from '../core/ports.ts'
import { callsFor } from '../plan/batch.ts'
import type { Candidate, PlannedJob } from '../plan/plan.ts'
import { callProvider, type CallPorts } from './call-provider.ts'
import type { Lane } from './lanes.ts'
import type { LayeredCache } from './layered-cache.ts'
import { answersOf, joinAnswers, type RawAnswers, type RawRecord } from './raw-record.ts'

export interface AnswerPorts extends Omit<CallPorts, 'isPrivate' | 'takePlace' | 'onAnswered'> {
  raw: LayeredCache<RawRecord>
  referencesOf(job: PlannedJob): Promise<Reference[]>
  /** Ends when the provider is about to be silent for a moment. */
  lull(): Promise<void>
  isoTime(): string
}

/**
 * The raw answers of a job: from the cache, or from its provider in as many calls as that takes. Runs alone among all
 * processes.
 * @param input.force - ask the provider even for what is cached
 * @throws what {@link callProvider} throws
 */
export async function obtainAnswers(
  job: PlannedJob,
  candidate: Candidate,
  lane: Lane,
  ports: AnswerPorts,
  input: { signal: AbortSignal; force?: boolean | undefined },
): Promise<{ answers: RawAnswers; isCached: boolean }> {
  const cached = async (key: string): Promise<RawAnswers | undefined> => {
    const found = input.force ? undefined : await ports.raw.get(key)
    return found && answersOf(found.record, found.blobs)
  }
  const keep = async (
    key: string,
    outputs: RawAnswers['outputs'],
    recordOf: (hashes: string[]) => RawRecord,
  ): Promise<RawAnswers> => {
    const record = await ports.raw.set(key, outputs.map((output) => output.bytes), recordOf)
    return { record, outputs }
  }

  // Another process may have made it while this one waited.
  const found = await cached(candidate.jobKey)
  if (found) return { answers: found, isCached: true }
  const { provider, gate } = lane
  const references = await ports.referencesOf(job)
  const shares = callsFor(candidate.request.variations, provider.capabilities.variationsPerCall)
  const isWhole = shares.length === 1
  const { isPrivate } = job.instance
  const fractions = shares.map(() => 0)
  const told = (share: number, fraction: number) => {
    fractions[share] = fraction
    ports.onProgress(fractions.reduce((sum, one) => sum + one, 0) / fractions.length)
  }
  const outcomes = await Promise.allSettled(
    shares.map((share, i) =>
      lane.reservations(async (): Promise<RawAnswers> => {
        const key = isWhole ? candidate.jobKey : digestOf({ job: candidate.jobKey, ...share })
        const paid = isWhole ? undefined : await cached(key)
        if (paid) {
          told(i, 1)
          return paid
        }
        const { seed } = candidate.request
        const ownSeed = seed !== undefined && { seed: seed + share.first }
        const request = { ...candidate.request, variations: share.count, ...ownSeed }
        const call: Job = { key, specId: job.instance.specId, provider: provider.id, request, references }
        let giveBackPlace: () => void = noop
        const callPorts: CallPorts = {
          ...ports,
          isPrivate,
          async takePlace() {
            giveBackPlace = await lane.places.take()
            // It may have waited for its turn.
            input.signal.throwIfAborted()
          },
          onProgress: (fraction) => told(i, fraction),
          async onAnswered() {
            if (gate.isSuspect()) return
            gate.booking(calling)
            const isAwaited = lane.places.areAwaited()
            giveBackPlace()
            // The calls that take the places of this answer and of those beside it go out first.
            if (isAwaited) await ports.lull()
          },
        }
        const calling = callProvider(provider, call, gate, callPorts, input.signal, async (generation) => {
          const made = { provider: provider.id, request, generated: ports.isoTime(), isPrivate }
          const answers = await keep(key, generation.outputs, (hashes) => recordOf(generation, hashes, made))
          if (!isWhole) told(i, 1)
          return answers
        })
        return calling.finally(() => giveBackPlace())
      }),
    ),
  )
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  // What the other calls returned is in the cache and is not paid for again.
  if (failure) throw failure.reason
  const answers = joinAnswers(outcomes.map((outcome) => (outcome as PromiseFulfilledResult<RawAnswers>).value))
  if (!isWhole) await keep(candidate.jobKey, answers.outputs, () => answers.record)
  return { answers, isCached: false }
}

const noop = () => undefined

/** The record may be shared with a team: what a private prompt became is no part of it. */
function recordOf(
  generation: Generation,
  hashes: string[],
  made: { provider: string; request: JobRequest; generated: string; isPrivate: boolean },
): RawRecord {
  const { provider, request, generated, isPrivate } = made
  const { outputs, costMicroUsd, seed, revisedPrompt, licenseNote, meta } = generation
  const model = generation.model ?? request.model
  return {
    hashes,
    mediaTypes: outputs.map((output) => output.mediaType),
    provider,
    ...(model !== undefined && { model }),
    costMicroUsd,
    ...(seed !== undefined && { seed }),
    ...(revisedPrompt !== undefined && !isPrivate && { revisedPrompt }),
    ...(licenseNote !== undefined && { licenseNote }),
    generated,
    ...(meta && { meta }),
  }
}

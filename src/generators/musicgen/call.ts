import * as z from 'zod'
import type { Job } from '../../core/job.ts'
import type { ProviderCapabilities } from '../../core/ports.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { numberFrom, requireParameters, wholeNumber } from '../strict-parameters.ts'

/** What the model hears in one go; longer music would repeat itself. */
export const capabilities: ProviderCapabilities = { types: ['music'], minDurationSeconds: 1, maxDurationSeconds: 30 }

/** Of music that asks for no length. */
const usualSeconds = 8
/** One step of the model is a fiftieth of a second. */
const tokensPerSecond = 50
const largestSeed = 2 ** 32 - 1

/** How the next step is drawn. */
const sampling = { temperature: numberFrom(0.01, 10), top_k: wholeNumber(0, 2048), top_p: numberFrom(0, 1) }
const guidance = numberFrom(1, 20)

const replicateParameters = z
  .strictObject({
    model_version: z.enum(['stereo-melody-large', 'stereo-large', 'melody-large', 'large']),
    output_format: z.enum(['wav', 'mp3']),
    normalization_strategy: z.enum(['loudness', 'clip', 'peak', 'rms']),
    multi_band_diffusion: z.boolean(),
    classifier_free_guidance: guidance,
    ...sampling,
  })
  .partial()

const transformersParameters = z.strictObject({ do_sample: z.boolean(), guidance_scale: guidance, ...sampling }).partial()

/**
 * What a job asks of `meta/musicgen` at Replicate, which takes whole seconds.
 * @throws PROVIDER_REJECTED
 */
export function replicateInput(job: Job): Record<string, unknown> {
  const asked = askedOf(job, replicateParameters, { guidance_scale: 'Write classifier_free_guidance.' })
  const { prompt, seed } = job.request
  if (seed !== undefined && seed > largestSeed) throw musicRejected(`seed is ${seed}, and at most ${largestSeed} is taken`)
  return {
    prompt,
    duration: Math.ceil(secondsOf(job)),
    ...(seed !== undefined && { seed }),
    output_format: 'wav',
    ...asked,
  }
}

/**
 * What a job asks of the model as the transformers libraries name it, beside its prompt. They take no seed: it is part
 * of the job key alone.
 * @throws PROVIDER_REJECTED
 */
export function transformersInput(job: Job): Record<string, unknown> {
  const asked = askedOf(job, transformersParameters, { classifier_free_guidance: 'Write guidance_scale.' })
  const tokens = Math.ceil(secondsOf(job) * tokensPerSecond)
  return { max_new_tokens: tokens, do_sample: true, ...asked }
}

/** Names of the APIs that a spec says in its own words. */
const elsewhere = {
  max_new_tokens: 'Write duration, in seconds.',
  input_audio: 'Music from a melody is not supported.',
  continuation: 'Music from a melody is not supported.',
}

function askedOf(
  job: Job,
  parameters: z.ZodObject,
  otherNames: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const { request } = job
  const asked = requireParameters(job, parameters, {
    fields: ['duration', 'n_variations', 'seed'],
    elsewhere: { ...elsewhere, ...otherNames },
  })
  if (request.negative !== undefined)
    throw musicRejected('MusicGen would hear what prompt.negative names as a wish', 'Say in prompt.base what is wanted.')
  if (request.voice !== undefined) throw musicRejected('MusicGen sings nothing: leave voice out')
  return asked
}

/** The route holds to these bounds, too; a job may come another way. */
function secondsOf({ request: { durationSeconds = usualSeconds } }: Job): number {
  const { minDurationSeconds: least = 0, maxDurationSeconds: most = Infinity } = capabilities
  if (durationSeconds >= least && durationSeconds <= most) return durationSeconds
  throw musicRejected(`music lasts ${least} to ${most} s, and ${durationSeconds} s are asked`)
}

export function musicRejected(message: string, hint?: string) {
  return providerFailure({ kind: 'rejected', provider: 'musicgen', message, ...(hint && { hint }) })
}

import * as z from 'zod'
import type { Job } from '../../core/job.ts'
import type { ProviderCapabilities } from '../../core/ports.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { numberFrom, requireParameters } from '../strict-parameters.ts'

/** A sound lasts as long as its text says; what does not fit into one is cut off without a word. */
export const capabilities: ProviderCapabilities = { types: ['speech', 'audio'], maxDurationSeconds: 13 }

/** Nobody says more than this in 13 seconds. */
const longestText = 400

const languages = ['en', 'de', 'es', 'fr', 'hi', 'it', 'ja', 'ko', 'pl', 'pt', 'ru', 'tr', 'zh']
const voiceName = new RegExp(`^(?:announcer|(?:${languages.join('|')})_speaker_[0-9])$`)

const temperature = numberFrom(0.01, 2)
const replicateParameters = z.strictObject({ text_temp: temperature, waveform_temp: temperature }).partial()
const transformersParameters = z
  .strictObject({
    do_sample: z.boolean(),
    semantic_temperature: temperature,
    coarse_temperature: temperature,
    fine_temperature: temperature,
  })
  .partial()

/** Names of the APIs that a spec says in its own words. */
const elsewhere = {
  history_prompt: 'Write voice.',
  voice_preset: 'Write voice.',
  custom_history_prompt: 'Voices of your own are not supported.',
}

/**
 * What a job asks of `suno-ai/bark` at Replicate. It takes no seed and no length: both are part of the job key alone.
 * @throws PROVIDER_REJECTED
 */
export function replicateInput(job: Job): Record<string, unknown> {
  const asked = askedOf(job, replicateParameters)
  const voice = voiceOf(job)
  return { prompt: job.request.prompt, ...(voice !== undefined && { history_prompt: voice }), ...asked }
}

/**
 * What a job asks of the model as the transformers libraries name it, beside its text.
 * @throws PROVIDER_REJECTED
 */
export function transformersInput(job: Job): Record<string, unknown> {
  const asked = askedOf(job, transformersParameters)
  const voice = voiceOf(job)
  return { ...(voice !== undefined && { voice_preset: voice === 'announcer' ? voice : `v2/${voice}` }), ...asked }
}

function askedOf(job: Job, parameters: z.ZodObject): Record<string, unknown> {
  const { prompt, negative } = job.request
  const fields = ['voice', 'duration', 'n_variations', 'seed']
  const asked = requireParameters(job, parameters, { fields, elsewhere })
  if (negative !== undefined) throw rejected('Bark says its prompt word for word: prompt.negative has no meaning')
  if (prompt.length > longestText)
    throw rejected(
      `the text has ${prompt.length} characters, and at most ${longestText} fit into the 13 seconds that Bark makes`,
      'Split it into several specs.',
    )
  return asked
}

function voiceOf({ request }: Job): string | undefined {
  const named = request.voice?.replace(/^v2\//, '')
  if (named === undefined || voiceName.test(named)) return named
  throw rejected(
    `there is no voice ${JSON.stringify(request.voice)}`,
    `Voices are announcer and <language>_speaker_0 to 9, e.g. en_speaker_6; languages are ${languages.join(', ')}.`,
  )
}

function rejected(message: string, hint?: string) {
  return providerFailure({ kind: 'rejected', provider: 'bark', message, ...(hint && { hint }) })
}

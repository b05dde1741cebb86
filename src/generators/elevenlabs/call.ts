import * as z from 'zod'
import type { GenerationType, Job } from '../../core/job.ts'
import type { DurationBounds } from '../../core/ports.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { numberFrom, requireParameters } from '../strict-parameters.ts'
import { chunkPlan, planLengthMs, sectionPlan } from './composition-plan.ts'
import { defaultFormat, musicFormats, soundFormats, speechFormats } from './output-format.ts'
import type { Priced } from './prices.ts'

/** One request for one sound. */
export interface SoundCall {
  /** With its leading slash. */
  path: string
  outputFormat: string
  /** As the API spells it. */
  body: Record<string, unknown>
  priced: Priced
}

type SoundType = Extract<GenerationType, 'audio' | 'music' | 'speech'>

/** What it can be asked for at each type. */
export const durations: Readonly<Partial<Record<GenerationType, DurationBounds>>> = {
  audio: { minSeconds: 0.5, maxSeconds: 30 },
  music: { minSeconds: 3, maxSeconds: 600 },
}
/** Music is paid by its length, so one is always asked. */
const defaultMusicSeconds = 30
const longestMusicPrompt = 4_100
const largestMusicSeed = 2 ** 31 - 1
const largestSpeechSeed = 2 ** 32 - 1

export const defaultModels: Readonly<Record<SoundType, string>> = {
  audio: 'eleven_text_to_sound_v2',
  music: 'music_v2',
  speech: 'eleven_multilingual_v2',
}

const share = numberFrom(0, 1)

const soundParameters = z.strictObject({
  output_format: z.enum(soundFormats).default(defaultFormat),
  prompt_influence: share.optional(),
  loop: z.boolean().optional(),
})

const musicParameters = z.strictObject({
  output_format: z.enum(musicFormats).default(defaultFormat),
  composition_plan: z.looseObject({}).optional(),
  force_instrumental: z.boolean().optional(),
  respect_sections_durations: z.boolean().optional(),
  finetune_id: z.string().min(1).optional(),
  sign_with_c2pa: z.boolean().optional(),
})

const speechParameters = z.strictObject({
  output_format: z.enum(speechFormats).default(defaultFormat),
  voice_settings: z
    .strictObject({
      stability: share.optional(),
      similarity_boost: share.optional(),
      style: share.optional(),
      speed: z.number().positive().max(4).optional(),
      use_speaker_boost: z.boolean().optional(),
    })
    .optional(),
  language_code: z.string().min(2).optional(),
  previous_text: z.string().optional(),
  next_text: z.string().optional(),
  apply_text_normalization: z.enum(['auto', 'on', 'off']).optional(),
})

/** Names of the API that a spec says in its own words. */
const elsewhere = {
  duration_seconds: 'Write duration, in seconds.',
  music_length_ms: 'Write duration, in seconds.',
  model_id: 'Write generation.model.',
  voice_id: 'Write voice.',
}

/**
 * What a job asks of the API. Everything that could only be refused there is refused here, naming what is allowed.
 * Sounds and music from a prompt have no seed: it is part of the job key alone. What is not wanted becomes a last line
 * of their prompt.
 * @throws PROVIDER_REJECTED
 */
export function soundCall(job: Job): SoundCall {
  const { type, variations } = job.request
  if (variations > 1) throw rejected(`a call makes one sound, and ${variations} are asked`)
  if (type === 'audio') return effectCall(job)
  if (type === 'music') return musicCall(job)
  return speechCall(job)
}

function effectCall(job: Job): SoundCall {
  const { request } = job
  const { output_format, ...asked } = requireParameters(job, soundParameters, { fields: ['duration'], elsewhere })
  const model = request.model ?? defaultModels.audio
  requireDuration(job, 'a sound')
  const body = {
    text: textOf(job),
    model_id: model,
    ...(request.durationSeconds !== undefined && { duration_seconds: request.durationSeconds }),
    ...asked,
  }
  return { path: '/v1/sound-generation', outputFormat: output_format, body, priced: { model } }
}

function musicCall(job: Job): SoundCall {
  const { request } = job
  const fields = ['duration', 'seed']
  const { output_format, composition_plan, ...asked } = requireParameters(job, musicParameters, { fields, elsewhere })
  const model = request.model ?? defaultModels.music
  const call = (lengthMs: number, content: Record<string, unknown>): SoundCall => ({
    path: '/v1/music',
    outputFormat: output_format,
    body: { ...content, model_id: model, ...asked },
    priced: { model, lengthMs },
  })
  if (composition_plan === undefined) {
    if (asked.respect_sections_durations !== undefined)
      throw rejected('respect_sections_durations is for a composition_plan')
    const prompt = textOf(job)
    if (prompt.length > longestMusicPrompt)
      throw rejected(`the prompt has ${prompt.length} characters, and at most ${longestMusicPrompt} are taken`)
    requireDuration(job, 'music')
    const lengthMs = Math.round((request.durationSeconds ?? defaultMusicSeconds) * 1000)
    return call(lengthMs, { prompt, music_length_ms: lengthMs })
  }
  const plan = readPlan(composition_plan, model)
  if (request.durationSeconds !== undefined)
    throw rejected('a composition_plan says how long its parts are: leave duration out')
  if (asked.force_instrumental !== undefined) throw rejected('force_instrumental is for music from a prompt')
  return call(planLengthMs(plan), { composition_plan: plan, ...seedOf(job, largestMusicSeed) })
}

function speechCall(job: Job): SoundCall {
  const { request } = job
  const fields = ['voice', 'seed']
  const { output_format, ...asked } = requireParameters(job, speechParameters, { fields, elsewhere })
  const model = request.model ?? defaultModels.speech
  const { voice, prompt } = request
  if (voice === undefined)
    throw rejected('speech needs a voice', 'Write the id of a voice of the account as prompt.parameters.voice.')
  if (!/^\w+$/.test(voice))
    throw rejected(`${JSON.stringify(voice)} is no id of a voice`, 'It is made of letters and digits, and no name.')
  if (request.negative !== undefined)
    throw rejected('speech says its prompt word for word: prompt.negative has no meaning')
  if (request.durationSeconds !== undefined) throw rejected('speech lasts as long as its text: leave duration out')
  return {
    path: `/v1/text-to-speech/${voice}`,
    outputFormat: output_format,
    body: { text: prompt, model_id: model, ...seedOf(job, largestSpeechSeed), ...asked },
    priced: { model, characters: prompt.length },
  }
}

/** `music_v1` takes sections, every later model chunks. */
function readPlan(given: object, model: string) {
  const plan = (model === 'music_v1' ? sectionPlan : chunkPlan).safeParse(given)
  if (!plan.success) {
    const issue = plan.error.issues[0]!
    const place = ['composition_plan', ...issue.path.map(String)].join('.')
    throw rejected(`${place}: ${issue.message}`, `${model} takes a plan of ${model === 'music_v1' ? 'sections' : 'chunks'}.`)
  }
  const seconds = planLengthMs(plan.data) / 1000
  const { minSeconds, maxSeconds } = durations.music!
  if (seconds < minSeconds || seconds > maxSeconds)
    throw rejected(`the composition_plan lasts ${seconds} s, and music lasts ${minSeconds} to ${maxSeconds} s`)
  return plan.data
}

function textOf({ request }: Job): string {
  return request.negative ? `${request.prompt}\nAvoid: ${request.negative}` : request.prompt
}

function seedOf({ request: { seed } }: Job, largest: number): { seed?: number } {
  if (seed === undefined) return {}
  if (seed > largest) throw rejected(`seed is ${seed}, and at most ${largest} is taken`)
  return { seed }
}

/** The route holds to these bounds, too; a job may come another way. */
function requireDuration({ request: { type, durationSeconds } }: Job, what: string): void {
  const { minSeconds, maxSeconds } = durations[type]!
  if (durationSeconds !== undefined && (durationSeconds < minSeconds || durationSeconds > maxSeconds))
    throw rejected(`${what} lasts ${minSeconds} to ${maxSeconds} s, and ${durationSeconds} s are asked`)
}

function rejected(message: string, hint?: string) {
  return providerFailure({ kind: 'rejected', provider: 'elevenlabs', message, ...(hint && { hint }) })
}

import * as z from 'zod'
import type { Job } from '../../core/job.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { numberFrom, requireParameters } from '../strict-parameters.ts'
import { aspectRatios, nearestAspectRatio } from './aspect-ratio.ts'
import { defaultModel, modelsWithReference, stabilityModel, type StabilityModel } from './models.ts'

/** What a job asks of the API, its picture aside. */
export interface StabilityCall {
  /** As the spec names it. */
  model: string
  /** What is known of it; undefined of one that only the options price. */
  known: StabilityModel | undefined
  path: string
  /** Text fields of the form, as the API spells them. */
  fields: Record<string, string>
}

const maxPromptLength = 10_000
const largestSeed = 4_294_967_294
/** How far from the reference: 0 gives it back, 1 leaves nothing of it. */
const usualStrength = 0.5

const stylePresets = [
  '3d-model',
  'analog-film',
  'anime',
  'cinematic',
  'comic-book',
  'digital-art',
  'enhance',
  'fantasy-art',
  'isometric',
  'line-art',
  'low-poly',
  'modeling-compound',
  'neon-punk',
  'origami',
  'photographic',
  'pixel-art',
  'tile-texture',
] as const

const elsewhere: Readonly<Record<string, string>> = {
  negative_prompt: 'Write prompt.negative.',
  image: 'Write prompt.references.',
  mode: 'A spec with references changes a picture, one without makes a new one.',
  model: 'Write generation.model.',
  background: 'Stability makes no transparency: leave it out, and use the step background-remove.',
  style: 'Write style_preset.',
}

/**
 * What a job asks of the API. Everything that could only be refused there is refused here, naming what is allowed.
 * `quality` has no counterpart and is left aside, so that a spec may name Stability as a fallback.
 * @throws PROVIDER_REJECTED
 */
export function stabilityCall(job: Job): StabilityCall {
  const { request, references } = job
  const model = request.model ?? defaultModel
  const known = stabilityModel(model)
  // Only this endpoint takes the name of a model, so one that the list does not have can be asked nowhere else.
  const endpoint = known?.endpoint ?? 'sd3'
  const isEdit = references.length > 0

  if (references.some(({ role }) => role === 'mask')) throw rejected(`${model} takes no mask`)
  if (references.length > 1) throw rejected(`${model} takes one reference, and the spec has ${references.length}`)
  if (isEdit && known?.takesReference === false)
    throw rejected(`${model} takes no references`, `Models that do: ${modelsWithReference.join(', ')}.`)
  const subject = isEdit ? `${model} with a reference` : model
  const asked = requireParameters(job, parametersOf(endpoint, isEdit), { subject, elsewhere })
  for (const [what, text] of [['prompt', request.prompt], ['negative prompt', request.negative ?? '']] as const)
    if (text.length > maxPromptLength)
      throw rejected(`the ${what} has ${text.length} characters, and at most ${maxPromptLength} are taken`)
  const { seed, widthPx, heightPx } = request
  if (seed !== undefined && seed > largestSeed) throw rejected(`the seed must be at most ${largestSeed}`)

  const shaped = takesShape(endpoint, isEdit) && widthPx !== undefined && heightPx !== undefined
  const fields: Record<string, unknown> = {
    prompt: request.prompt,
    ...(request.negative && { negative_prompt: request.negative }),
    ...(endpoint === 'sd3' && { model: known?.names[0] ?? model, mode: isEdit ? 'image-to-image' : 'text-to-image' }),
    ...(isEdit && { strength: usualStrength }),
    ...(shaped && { aspect_ratio: nearestAspectRatio(widthPx, heightPx) }),
    ...(seed !== undefined && { seed }),
    ...asked,
  }
  return {
    model,
    known,
    path: `/v2beta/stable-image/generate/${endpoint}`,
    fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])),
  }
}

/** `prompt.parameters` that reach the API beside size and seed, and what each may be. */
function parametersOf(endpoint: StabilityModel['endpoint'], isEdit: boolean): z.ZodObject {
  return z
    .strictObject({
      style_preset: z.enum(stylePresets),
      output_format: z.enum(['png', 'jpeg', 'webp']),
      ...(takesShape(endpoint, isEdit) && { aspect_ratio: z.enum(aspectRatios) }),
      ...(endpoint === 'sd3' && { cfg_scale: numberFrom(1, 10) }),
      ...(isEdit && { strength: numberFrom(0, 1) }),
    })
    .partial()
}

/** SD 3.5 gives an edited picture the shape of its reference. */
const takesShape = (endpoint: StabilityModel['endpoint'], isEdit: boolean) => endpoint !== 'sd3' || !isEdit

function rejected(message: string, hint?: string) {
  return providerFailure({ kind: 'rejected', provider: 'stability', message, ...(hint && { hint }) })
}

import * as z from 'zod'
import type { Job } from '../../core/job.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import type { Size } from '../covering-size.ts'
import { requireParameters, wholeNumber } from '../strict-parameters.ts'
import { defaultModel, imageModel, type ImageModel } from './models.ts'
import type { Priced } from './prices.ts'
import { freeSizesInWords, sizeToAsk, standardSizes } from './size.ts'

/** The fields of a call beside its pictures, as the API spells them. */
export interface ImageCall {
  isEdit: boolean
  isStreamed: boolean
  fields: {
    prompt: string
    model: string
    n: number
    size: Size
    quality: string
    output_format?: string
  } & Record<string, unknown>
}

const maxPromptLength = 32_000
const maxVariations = 10
export const maxReferences = 16

/** `prompt.parameters` that reach the API beside size, quality and n_variations. */
const parameters = z
  .strictObject({
    background: z.enum(['auto', 'opaque', 'transparent']),
    output_format: z.enum(['png', 'jpeg', 'webp', 'gif', 'svg']),
    output_compression: wholeNumber(0, 100),
    moderation: z.enum(['auto', 'low']),
    complexity: z.enum(['low', 'medium', 'high']),
    stream: z.boolean(),
    partial_images: wholeNumber(0, 3),
    frame_count: wholeNumber(2, 16),
    frame_duration_ms: wholeNumber(10, 655_350),
    svg: z.looseObject({ model: z.string(), reasoning: z.looseObject({}).nullish() }),
    input_fidelity: z.enum(['low', 'high']),
    safety_identifier: z.string().min(1),
  })
  .partial()
type Parameters = z.infer<typeof parameters>

const usualFormat = 'png'

/** Parameters that specs written for other models or APIs carry, and what to do about each. */
const elsewhere: Readonly<Record<string, string>> = {
  n: 'Write n_variations.',
  style: 'It ended with DALL-E: say it in prompt.style.',
  response_format: 'It ended with DALL-E: leave it out.',
  negative_prompt: 'Write prompt.negative.',
}

/**
 * What a job asks of the API. Everything that could only be refused there is refused here, naming what is allowed.
 * The API has no seed and no negative prompt: the seed is part of the job key alone, what is not wanted becomes a last
 * line of the prompt.
 * @throws PROVIDER_REJECTED
 */
export function imageCall(job: Job): ImageCall {
  const { request } = job
  const name = request.model ?? defaultModel
  const model = imageModel(name)

  const asked: Parameters = {
    ...(request.alpha && { background: 'transparent' }),
    ...requireParameters(job, parameters, { elsewhere }),
  }
  requireFitting(asked, job, model)
  const prompt = request.negative ? `${request.prompt}\nAvoid: ${request.negative}` : request.prompt
  if (prompt.length > maxPromptLength)
    throw rejected(`the prompt has ${prompt.length} characters, and at most ${maxPromptLength} are taken`)
  if (request.variations > maxVariations)
    throw rejected(`a call makes at most ${maxVariations} pictures, and ${request.variations} are asked`)
  const pictures = job.references.filter(({ role }) => role === 'reference').length
  if (pictures > maxReferences)
    throw rejected(`at most ${maxReferences} references are taken, and the spec has ${pictures}`)
  const partials = asked.partial_images ?? 0
  const isStreamed = asked.stream || partials > 0
  const { stream: _, partial_images: __, ...rest } = asked
  return {
    isEdit: job.references.length > 0,
    isStreamed,
    fields: {
      prompt,
      model: name,
      n: request.variations,
      size: sizeOf(job, name, model),
      quality: qualityOf(job, name, model),
      ...rest,
      ...(isStreamed && { stream: true, partial_images: partials }),
    },
  }
}

/**
 * Parameters that do not fit together, or not to the job.
 * @throws PROVIDER_REJECTED
 */
function requireFitting(asked: Parameters, { request, references }: Job, model: ImageModel | undefined): void {
  const { output_format: format = usualFormat } = asked
  const isEdit = references.length > 0
  const refuse = (parameter: keyof Parameters, isUnfit: boolean, problem: string) => {
    if (isUnfit && asked[parameter] !== undefined) throw rejected(`${parameter} ${problem}`)
  }
  const onlyFor = (parameter: keyof Parameters, ...formats: string[]) =>
    refuse(parameter, !formats.includes(format), `is for output_format ${formats.join(' and ')} only`)
  const oneVariation = (parameter: keyof Parameters) =>
    refuse(
      parameter,
      request.variations > 1,
      `works with one picture at a time, and n_variations is ${request.variations}`,
    )

  const isClear = asked.background === 'transparent'
  refuse('background', isClear && !['png', 'webp'].includes(format), 'transparent needs output_format png or webp')
  if (format === 'svg') {
    refuse('output_format', isEdit, 'svg cannot be made from references')
    oneVariation('output_format')
  }
  onlyFor('output_compression', 'jpeg', 'webp')
  onlyFor('frame_count', 'gif')
  onlyFor('frame_duration_ms', 'gif')
  onlyFor('svg', 'svg')
  refuse('moderation', isEdit, 'cannot be used with references')
  for (const streaming of ['stream', 'partial_images'] as const) {
    refuse(streaming, ['gif', 'svg'].includes(format), `cannot be used with output_format ${format}`)
    oneVariation(streaming)
  }
  const { input_fidelity: fidelity } = asked
  refuse('input_fidelity', !isEdit, 'is for specs with references only')
  if (!model || !fidelity) return
  refuse('input_fidelity', model.fidelities.length === 0, `is not taken by ${request.model}; leave it out`)
  refuse('input_fidelity', !model.fidelities.includes(fidelity), `must be one of ${model.fidelities.join(', ')}`)
}

/** What decides about the price of a call. */
export function pricedBy({ fields }: ImageCall, job: Job): Priced {
  return {
    model: fields.model,
    size: fields.size,
    quality: fields.quality,
    outputFormat: fields.output_format ?? usualFormat,
    variations: fields.n,
    partialImages: Number(fields.partial_images ?? 0),
    promptBytes: Buffer.byteLength(fields.prompt),
    inputImages: job.references.length,
  }
}

function sizeOf({ request }: Job, name: string, model: ImageModel | undefined): Size {
  const { widthPx, heightPx } = request
  if (!widthPx || !heightPx) return standardSizes[0]!
  // A compatible server has sizes of its own.
  if (!model) return `${widthPx}x${heightPx}`
  const size = sizeToAsk(widthPx, heightPx, model.hasFreeSizes)
  if (size) return size
  const made = [...standardSizes, ...(model.hasFreeSizes ? [freeSizesInWords] : [])].join(', ')
  throw rejected(`${name} makes nothing that covers ${widthPx}x${heightPx}`, `It makes ${made}.`)
}

function qualityOf({ request }: Job, name: string, model: ImageModel | undefined): string {
  const { quality = 'auto' } = request
  if (!model || quality === 'auto' || model.qualities.includes(quality)) return quality
  throw rejected(`${name} has no quality ${quality}`, `Allowed: auto, ${model.qualities.join(', ')}.`)
}

function rejected(message: string, hint?: string) {
  return providerFailure({ kind: 'rejected', provider: 'openai', message, ...(hint && { hint }) })
}

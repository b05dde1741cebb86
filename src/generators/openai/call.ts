import { didYouMean } from '../../core/near.ts'
import type { Job } from '../../core/job.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import type { Size } from '../covering-size.ts'
import { oneOf, wholeNumber } from '../parameter-checks.ts'
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
  } & Record<string, unknown>
}

const maxPromptLength = 32_000
const maxVariations = 10
export const maxReferences = 16

type Check = (value: unknown, job: Job, model: ImageModel | undefined) => string | undefined

const formatOf = ({ request }: Job) => (request.parameters.output_format as string | undefined) ?? 'png'
const isEditing = ({ references }: Job) => references.length > 0
const both = (...checks: Check[]): Check => (value, job, model) => {
  for (const check of checks) {
    const problem = check(value, job, model)
    if (problem) return problem
  }
  return undefined
}
const onlyFor = (...formats: string[]): Check => (_, job) =>
  formats.includes(formatOf(job)) ? undefined : `is for output_format ${formats.join(' and ')} only`
const notWith = (...formats: string[]): Check => (_, job) =>
  formats.includes(formatOf(job)) ? `cannot be used with output_format ${formatOf(job)}` : undefined
const oneVariation: Check = (_, { request }) =>
  request.variations > 1 ? `works with one picture at a time, and n_variations is ${request.variations}` : undefined

/** `prompt.parameters` that reach the API beside size, quality and n_variations, and what each may be. */
const parameters: Readonly<Record<string, Check>> = {
  background: both(oneOf('auto', 'opaque', 'transparent'), (value, job) =>
    value === 'transparent' && !['png', 'webp'].includes(formatOf(job))
      ? 'transparent needs output_format png or webp'
      : undefined,
  ),
  output_format: (value, job, model) =>
    value === 'svg' && isEditing(job)
      ? 'svg cannot be made from references'
      : value === 'svg'
        ? oneVariation(value, job, model)
        : oneOf('png', 'jpeg', 'webp', 'gif', 'svg')(value),
  output_compression: both(wholeNumber(0, 100), onlyFor('jpeg', 'webp')),
  moderation: both(oneOf('auto', 'low'), (_, job) => (isEditing(job) ? 'cannot be used with references' : undefined)),
  complexity: oneOf('low', 'medium', 'high'),
  stream: both(
    (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
    notWith('gif', 'svg'),
    oneVariation,
  ),
  partial_images: both(wholeNumber(0, 3), notWith('gif', 'svg'), oneVariation),
  frame_count: both(wholeNumber(2, 16), onlyFor('gif')),
  frame_duration_ms: both(wholeNumber(10, 655_350), onlyFor('gif')),
  svg: both(
    (value) => (typeof value === 'object' && value !== null ? undefined : 'must be { model, reasoning? }'),
    onlyFor('svg'),
  ),
  input_fidelity: (value, job, model) =>
    !isEditing(job)
      ? 'is for specs with references only'
      : model && model.fidelities.length === 0
        ? `is not taken by ${job.request.model}; leave it out`
        : oneOf(...(model?.fidelities ?? ['low', 'high']))(value),
  safety_identifier: (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a text'),
}

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
  const isEdit = isEditing(job)

  const asked: Record<string, unknown> = { ...(request.alpha && { background: 'transparent' }), ...request.parameters }
  for (const [parameter, value] of Object.entries(asked)) {
    const check = Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined
    if (!check) throw rejected(`there is no parameter ${parameter}`, adviceOn(parameter))
    const problem = check(value, job, model)
    if (problem) throw rejected(`${parameter} ${problem}`)
  }
  const prompt = request.negative ? `${request.prompt}\nAvoid: ${request.negative}` : request.prompt
  if (prompt.length > maxPromptLength)
    throw rejected(`the prompt has ${prompt.length} characters, and at most ${maxPromptLength} are taken`)
  if (request.variations > maxVariations)
    throw rejected(`a call makes at most ${maxVariations} pictures, and ${request.variations} are asked`)
  const pictures = job.references.filter(({ role }) => role === 'reference').length
  if (pictures > maxReferences)
    throw rejected(`at most ${maxReferences} references are taken, and the spec has ${pictures}`)
  const partials = Number(asked.partial_images ?? 0)
  const isStreamed = asked.stream === true || partials > 0
  const { stream: _, partial_images: __, ...rest } = asked
  return {
    isEdit,
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

/** What decides about the price of a call. */
export function pricedBy({ fields }: ImageCall, job: Job): Priced {
  return {
    model: fields.model,
    size: fields.size,
    quality: fields.quality,
    outputFormat: formatOf(job),
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

function adviceOn(parameter: string): string {
  const allowed = ['size', 'quality', 'n_variations', 'seed', ...Object.keys(parameters)]
  const advice = Object.hasOwn(elsewhere, parameter) ? elsewhere[parameter] : didYouMean(parameter, allowed)
  return `${advice ? `${advice} ` : ''}Allowed: ${allowed.join(', ')}.`
}

function rejected(message: string, hint?: string) {
  return providerFailure({ kind: 'rejected', provider: 'openai', message, ...(hint && { hint }) })
}

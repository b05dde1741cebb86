import * as z from 'zod'
import type { Job, Reference } from '../../core/job.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { coveringSize, parseSize } from '../covering-size.ts'
import { requireParameters, wholeNumber } from '../strict-parameters.ts'
import { defaultModel, defaultSize, fireflyModels, type FireflyModel } from './models.ts'

/** What a reference is given for. */
export type ReferenceUse = 'style' | 'structure'

/** A call before its references are uploaded. */
export interface FireflyCall {
  model: string
  /** As the API spells it. */
  body: Record<string, unknown> & { style?: object; structure?: object }
  inputs: readonly { use: ReferenceUse; reference: Reference }[]
}

const longestPrompt = 1024
export const maxVariations = 4
export const maxReferences = 2

/** `prompt.parameters` that reach the API beside size, seed and n_variations. */
const parameters = z.strictObject({
  contentClass: z.enum(['photo', 'art']).optional(),
  visualIntensity: wholeNumber(2, 10).optional(),
  style: z
    .strictObject({
      presets: z.array(z.string().min(1)).min(1).optional(),
      strength: wholeNumber(1, 100).optional(),
    })
    .optional(),
  structure: z.strictObject({ strength: wholeNumber(0, 100).optional() }).optional(),
  promptBiasingLocaleCode: z.string().min(2).optional(),
  customModelId: z.string().min(1).optional(),
  upsamplerType: z.enum(['default', 'low_creativity']).optional(),
})

/** Names of the API that a spec says in its own words. */
const elsewhere = {
  n: 'Write n_variations.',
  numVariations: 'Write n_variations.',
  seeds: 'Write seed.',
  negativePrompt: 'Write prompt.negative.',
  negative_prompt: 'Write prompt.negative.',
  imageReference: 'Name the picture in prompt.references.',
}

/**
 * What a job asks of the API. Everything that could only be refused there is refused here, naming what is allowed.
 * @throws PROVIDER_REJECTED
 */
export function fireflyCall(job: Job): FireflyCall {
  const { request } = job
  const asked = requireParameters(job, parameters, { fields: ['size', 'seed', 'n_variations'], elsewhere })
  const name = request.model ?? defaultModel
  const model = modelOf(name)
  if (model.isCustom !== (asked.customModelId !== undefined))
    throw rejected(model.isCustom ? `${name} needs customModelId` : `customModelId is for custom models, not ${name}`)
  requireLength('prompt', request.prompt)
  if (request.negative) requireLength('negative prompt', request.negative)
  const { variations, seed } = request
  if (variations > maxVariations)
    throw rejected(`a call makes at most ${maxVariations} pictures, and ${variations} are asked`)
  return {
    model: name,
    inputs: inputsOf(job, asked.structure !== undefined),
    body: {
      prompt: request.prompt,
      ...(request.negative && { negativePrompt: request.negative }),
      numVariations: variations,
      ...(seed !== undefined && { seeds: Array.from({ length: variations }, (_, i) => seed + i) }),
      size: sizeOf(job, name, model),
      ...asked,
    },
  }
}

function modelOf(name: string): FireflyModel {
  const model = fireflyModels.find(({ names }) => names.includes(name))
  if (model) return model
  throw rejected(`there is no model ${name}`, `Allowed: ${fireflyModels.flatMap(({ names }) => names).join(', ')}.`)
}

function requireLength(what: string, text: string): void {
  if (text.length > longestPrompt)
    throw rejected(`the ${what} has ${text.length} characters, and at most ${longestPrompt} are taken`)
}

function sizeOf({ request }: Job, name: string, { sizes }: FireflyModel): { width: number; height: number } {
  const { widthPx, heightPx } = request
  const size = widthPx && heightPx ? coveringSize(sizes, widthPx, heightPx) : defaultSize
  if (!size) throw rejected(`${name} makes nothing that covers ${widthPx}x${heightPx}`, `It makes ${sizes.join(', ')}.`)
  const made = parseSize(size)
  return { width: made.widthPx, height: made.heightPx }
}

/** Of two references the first is the style and the second the structure; one is what the parameters speak of. */
function inputsOf({ references }: Job, hasStructure: boolean): FireflyCall['inputs'] {
  if (references.some(({ role }) => role === 'mask')) throw rejected('it takes no mask')
  if (references.length > maxReferences)
    throw rejected(`at most ${maxReferences} references are taken, and the spec has ${references.length}`)
  const [first, second] = references
  if (!first) {
    if (hasStructure) throw rejected('structure needs a picture in prompt.references')
    return []
  }
  if (!second) return [{ use: hasStructure ? 'structure' : 'style', reference: first }]
  return [
    { use: 'style', reference: first },
    { use: 'structure', reference: second },
  ]
}

function rejected(message: string, hint?: string) {
  return providerFailure({ kind: 'rejected', provider: 'firefly', message, ...(hint && { hint }) })
}

import * as z from 'zod'
import type { Job } from '../../core/job.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { numberFrom, requireParameters, wholeNumber } from '../strict-parameters.ts'
import type { Size } from '../transform/target-size.ts'
import type { PictureCall } from './flavor.ts'

/** The models work on blocks of so many pixels. */
const stepPx = 8
const leastPx = 64
/** What the servers take when nothing is said. */
const usualSidePx = 512
/** How far from the reference, where a spec does not say. */
export const usualStrength = 0.75

/** A name that only the server knows. */
const someText = z.string().regex(/\S/, 'must be a text')

/** `prompt.parameters` that reach a server beside size and seed. */
const parameters = z
  .strictObject({
    steps: wholeNumber(1, 150),
    cfg_scale: numberFrom(0, 30),
    sampler: someText,
    scheduler: someText,
    strength: numberFrom(0, 1),
  })
  .partial()

const elsewhere: Readonly<Record<string, string>> = {
  negative_prompt: 'Write prompt.negative.',
  cfg: 'Write cfg_scale.',
  sampler_name: 'Write sampler.',
  denoise: 'Write strength.',
  denoising_strength: 'Write strength.',
  width: 'Write size: 512x512.',
  height: 'Write size: 512x512.',
  checkpoint: 'Write generation.model.',
  model: 'Write generation.model.',
  background: 'Stable Diffusion makes no transparency: leave it out, and use the step background-remove.',
}

/** A call before its source is read: the size may be that of the source. */
export type Draft = Omit<PictureCall, 'source' | keyof Size> & { size: Size | undefined; strength: number }

/**
 * What a job asks of a server. `quality` has no counterpart and is left aside, so that a spec may name Stable
 * Diffusion as a fallback.
 * @param seed - taken when the spec has none
 * @throws PROVIDER_REJECTED naming what is allowed
 */
export function draftCall(job: Job, seed: number): Draft {
  const { request, references } = job
  const pictures = references.filter(({ role }) => role === 'reference')
  if (pictures.length > 1) throw rejected(`one reference is taken, and the spec has ${pictures.length}`)
  const asked = requireParameters(job, parameters, { elsewhere })
  if (asked.strength !== undefined && pictures.length === 0) throw rejected('strength is for specs with a reference only')
  const { widthPx, heightPx } = request
  return {
    prompt: request.prompt,
    negative: request.negative ?? '',
    seed: request.seed ?? seed,
    ...(request.model !== undefined && { model: request.model }),
    ...(asked.steps !== undefined && { steps: asked.steps }),
    ...(asked.cfg_scale !== undefined && { cfgScale: asked.cfg_scale }),
    ...(asked.sampler !== undefined && { sampler: asked.sampler }),
    ...(asked.scheduler !== undefined && { scheduler: asked.scheduler }),
    strength: asked.strength ?? usualStrength,
    size: widthPx && heightPx ? madeSize({ widthPx, heightPx }) : undefined,
  }
}

/** The size to ask for: the wanted one, or the next larger one that the models can make. */
export function madeSize({ widthPx, heightPx }: Size): Size {
  const up = (px: number) => Math.max(leastPx, Math.ceil(px / stepPx) * stepPx)
  return { widthPx: up(widthPx), heightPx: up(heightPx) }
}

export const usualSize: Size = { widthPx: usualSidePx, heightPx: usualSidePx }

function rejected(message: string) {
  return providerFailure({ kind: 'rejected', provider: 'stable-diffusion', message })
}

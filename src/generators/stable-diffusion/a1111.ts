import * as z from 'zod'
import type { Flavor, PictureCall } from './flavor.ts'
import { usualCfgScale, usualSteps } from './flavor.ts'

const answer = z.looseObject({ images: z.array(z.string()).min(1), info: z.string().optional() })

/** AUTOMATIC1111's web UI, Forge and what else has their API: one request that is answered when the picture is done. */
export const askA1111: Flavor = async ({ baseURL, http }, call, signal) => {
  const url = `${baseURL}/sdapi/v1/${call.source ? 'img2img' : 'txt2img'}`
  const { images, info } = await http.sendForJson(
    { url, json: bodyOf(call), signal, isFree: true, isSlow: true },
    answer,
  )
  const seed = seedOf(info)
  // Some put the prefix of a data URL before it.
  const base64 = images[0]!.replace(/^data:[^,]*,/, '')
  return { bytes: new Uint8Array(Buffer.from(base64, 'base64')), ...(seed !== undefined && { seed }) }
}

function bodyOf(call: PictureCall) {
  const { source } = call
  return {
    prompt: call.prompt,
    negative_prompt: call.negative,
    seed: call.seed,
    steps: call.steps ?? usualSteps,
    cfg_scale: call.cfgScale ?? usualCfgScale,
    width: call.widthPx,
    height: call.heightPx,
    ...(call.sampler !== undefined && { sampler_name: call.sampler }),
    ...(call.scheduler !== undefined && { scheduler: call.scheduler }),
    batch_size: 1,
    n_iter: 1,
    ...(call.model !== undefined && { override_settings: { sd_model_checkpoint: call.model } }),
    send_images: true,
    save_images: false,
    ...(source && { init_images: [base64(source.image)], denoising_strength: source.strength }),
    // Filled with what was there, not with noise.
    ...(source?.mask && { mask: base64(source.mask), inpainting_fill: 1 }),
  }
}

/** The seed within `info`, which is JSON in a text, or nothing. */
function seedOf(info: string | undefined): number | undefined {
  try {
    const { seed } = JSON.parse(info ?? '') as { seed?: unknown }
    return typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0 ? seed : undefined
  } catch {
    return undefined
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

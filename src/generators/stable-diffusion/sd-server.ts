import * as z from 'zod'
import type { HttpRequest } from '../http/create-http.ts'
import type { Flavor, PictureCall } from './flavor.ts'

const answer = z.looseObject({ data: z.array(z.looseObject({ b64_json: z.string() })).min(1) })

/** The server of stable-diffusion.cpp, by its OpenAI-like API: one request that is answered when the picture is done. */
export const askSdServer: Flavor = async ({ baseURL, http }, call, signal) => {
  const { data } = await http.sendForJson(
    { ...requestOf(baseURL, call), signal, isFree: true, isSlow: true },
    answer,
  )
  return { bytes: new Uint8Array(Buffer.from(data[0]!.b64_json, 'base64')) }
}

function requestOf(baseURL: string, call: PictureCall): Pick<HttpRequest, 'url' | 'json' | 'body'> {
  const fields = {
    prompt: promptOf(call),
    n: 1,
    size: `${call.widthPx}x${call.heightPx}`,
    output_format: 'png',
    // Read by servers of the same API that hold several models.
    ...(call.model !== undefined && { model: call.model }),
  }
  if (!call.source) return { url: `${baseURL}/v1/images/generations`, json: fields }
  const { image, mask } = call.source
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, String(value))
  body.append('image[]', new File([new Uint8Array(image)], 'reference.png', { type: 'image/png' }))
  if (mask) body.append('mask', new File([new Uint8Array(mask)], 'mask.png', { type: 'image/png' }))
  return { url: `${baseURL}/v1/images/edits`, body }
}

/** What the API has no field for travels within the prompt; the server takes it out again. */
function promptOf({ prompt, negative, seed, steps, cfgScale, sampler, scheduler, source }: PictureCall): string {
  const sampling = {
    ...(steps !== undefined && { sample_steps: steps }),
    ...(sampler !== undefined && { sample_method: sampler }),
    ...(scheduler !== undefined && { scheduler }),
    ...(cfgScale !== undefined && { guidance: { txt_cfg: cfgScale } }),
  }
  const more = {
    seed,
    ...(negative && { negative_prompt: negative }),
    ...(source && { strength: source.strength }),
    ...(Object.keys(sampling).length > 0 && { sample_params: sampling }),
  }
  // A tag within a text would end here what only its own end may.
  return `${prompt} <sd_cpp_extra_args>${JSON.stringify(more).replaceAll('<', '\\u003c')}</sd_cpp_extra_args>`
}

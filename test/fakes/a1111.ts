import sharp from 'sharp'
import { makePicture } from './fake-media.ts'
import type { FakeAnswer, FakeDefinition } from './fake.ts'

/** What no source confirms; change it here when one does. */
const unconfirmed = {
  /** Older servers answer 404. */
  badSamplerStatus: 400,
  checkpoints: ['v1-5-pruned-emaonly.safetensors', 'sd_xl_base_1.0.safetensors'],
  schedulers: ['automatic', 'karras', 'exponential', 'normal'],
}

const samplers = ['Euler a', 'Euler', 'DPM++ 2M', 'DDIM']
const known = 'prompt negative_prompt seed steps cfg_scale width height sampler_name scheduler batch_size n_iter styles override_settings send_images save_images alwayson_scripts'.split(' ')
const ofPictures = ['init_images', 'mask', 'denoising_strength', 'inpainting_fill']

type Asked = Record<string, unknown> & { override_settings?: { sd_model_checkpoint?: string }; init_images?: string[]; mask?: string }

const detail = (status: number, text: unknown): FakeAnswer => ({ status, body: { detail: text } })
const invalid = (field: string, msg: string) => detail(422, [{ loc: ['body', field], msg, type: 'value_error' }])

async function refusalOf(asked: Asked, isEdit: boolean): Promise<FakeAnswer | undefined> {
  for (const name of Object.keys(asked)) if (![...known, ...(isEdit ? ofPictures : [])].includes(name)) return invalid(name, 'extra fields not permitted')
  const numeric = ['seed', 'steps', 'cfg_scale', 'width', 'height', 'batch_size', 'n_iter', 'denoising_strength']
  for (const name of numeric) if (asked[name] !== undefined && typeof asked[name] !== 'number') return invalid(name, 'value is not a valid number')
  if (Number(asked.width ?? 512) % 8 || Number(asked.height ?? 512) % 8) return invalid('width', 'ensure this value is a multiple of 8')
  if (asked.sampler_name !== undefined && !samplers.includes(String(asked.sampler_name))) return detail(unconfirmed.badSamplerStatus, 'Sampler not found')
  if (asked.scheduler !== undefined && !unconfirmed.schedulers.includes(String(asked.scheduler))) return detail(400, 'Scheduler not found')
  const checkpoint = asked.override_settings?.sd_model_checkpoint
  if (checkpoint !== undefined && !unconfirmed.checkpoints.includes(checkpoint)) return { status: 500, body: { error: 'RuntimeError', detail: '', body: '', errors: `Unknown checkpoint: ${checkpoint}` } }
  if (!isEdit) return undefined
  if (!asked.init_images?.length) return detail(404, 'Init image not found')
  for (const picture of [...asked.init_images, ...(asked.mask === undefined ? [] : [asked.mask])]) {
    const facts = await sharp(Buffer.from(picture, 'base64')).metadata().catch(() => undefined)
    if (!facts) return detail(500, 'Invalid encoded image')
  }
  return undefined
}

/** The API of AUTOMATIC1111's web UI and Forge. */
export const a1111Fake: FakeDefinition = {
  id: 'a1111',
  summary: 'Stable Diffusion web UI (A1111, Forge) started with --api.',
  credentials: {},
  options: ({ origin }) => ({ 'stable-diffusion': { baseURL: origin, flavor: 'a1111' } }),
  isPaid: ({ method, path }) => method === 'POST' && path.startsWith('/sdapi/v1/'),
  faults: {
    unauthorized: detail(401, 'Incorrect username or password'),
    'no-api': detail(404, 'Not Found'),
    sampler: detail(unconfirmed.badSamplerStatus, 'Sampler not found'),
    fields: detail(422, [{ loc: ['body', 'width'], msg: 'value is not a valid integer', type: 'type_error.integer' }]),
    script: detail(422, "Script 'x' not found"),
    memory: { status: 500, body: { error: 'OutOfMemoryError', detail: '', body: '', errors: 'CUDA out of memory. Tried to allocate 2.00 GiB' } },
    'no-images': { body: { images: [], parameters: {}, info: '{}' } },
  },
  create() {
    return async (request) => {
      const isEdit = request.path === '/sdapi/v1/img2img'
      if (request.method !== 'POST' || !(isEdit || request.path === '/sdapi/v1/txt2img')) return detail(404, 'Not Found')
      if (request.json === null || typeof request.json !== 'object') return detail(422, [{ loc: ['body'], msg: 'field required', type: 'value_error.missing' }])
      const asked = request.json as Asked
      const refusal = await refusalOf(asked, isEdit)
      if (refusal) return refusal
      const widthPx = Number(asked.width ?? 512)
      const heightPx = Number(asked.height ?? 512)
      const seed = asked.seed === undefined || asked.seed === -1 ? Math.floor(Math.random() * 2 ** 32) : Number(asked.seed)
      const bytes = await makePicture({ text: JSON.stringify([asked, seed]), widthPx, heightPx, format: 'png', damage: request.damage })
      const info = JSON.stringify({ prompt: asked.prompt, seed, all_seeds: [seed], width: widthPx, height: heightPx, infotexts: [`Seed: ${seed}`] })
      return { body: { images: [bytes.toString('base64')], parameters: asked, info } }
    }
  },
}

import sharp from 'sharp'
import { makePicture } from './fake-media.ts'
import type { FakeAnswer, FakeDefinition } from './fake.ts'
import type { FakeRequest } from './fake-request.ts'

/** What no source confirms; change it here when one does. */
const unconfirmed = {
  wrongBodyText: 'invalid json',
  missingPictureText: 'at least one image[] required',
  /** Larger ones are refused. */
  longestSidePx: 4096,
}

const refuse = (status: number, error: string): FakeAnswer => ({ status, body: { error } })

interface Asked {
  prompt?: string
  n?: unknown
  size?: string
  output_format?: string
}

function askedOf(request: FakeRequest): Asked | undefined {
  if (request.path === '/v1/images/generations') return typeof request.json === 'object' && request.json !== null ? request.json : undefined
  return request.parts && Object.fromEntries(request.parts.filter(({ text }) => text !== undefined).map(({ name, text }) => [name, text]))
}

/** What travels within the prompt: none, or not JSON. */
function extraOf(prompt: string): unknown {
  const tag = /<sd_cpp_extra_args>(.*?)<\/sd_cpp_extra_args>/s.exec(prompt)
  return tag ? (JSON.parse(tag[1]!) as unknown) : {}
}

/** The server of stable-diffusion.cpp, its OpenAI-like part. */
export const sdServerFake: FakeDefinition = {
  id: 'sd-server',
  summary: 'sd-server of stable-diffusion.cpp.',
  credentials: {},
  options: ({ origin }) => ({ 'stable-diffusion': { baseURL: origin, flavor: 'sd-server' } }),
  isPaid: ({ method, path }) => method === 'POST' && path.startsWith('/v1/images/'),
  faults: {
    'no-prompt': refuse(400, 'prompt required'),
    server: { status: 500, body: { error: 'server_error', message: 'vector::_M_range_check' } },
    'openai-error': { status: 400, body: { error: { message: 'invalid size', type: 'invalid_request_error' } } },
    empty: { body: { created: 1, output_format: 'png', data: [] } },
  },
  create() {
    return async (request) => {
      const { method, path } = request
      if (method === 'GET' && path === '/v1/models') return { body: { data: [{ id: 'sd-cpp-local', object: 'model', owned_by: 'local' }] } }
      if (method !== 'POST' || !['/v1/images/generations', '/v1/images/edits'].includes(path)) return { status: 404, body: '' }
      const asked = askedOf(request)
      if (!asked) return refuse(400, unconfirmed.wrongBodyText)
      if (!asked.prompt) return refuse(400, 'prompt required')
      const pictures = request.parts?.filter(({ name }) => ['image', 'image[]', 'mask'].includes(name)) ?? []
      if (path.endsWith('/edits') && !pictures.some(({ name }) => name !== 'mask')) return refuse(400, unconfirmed.missingPictureText)
      for (const { bytes } of pictures) if (!(await sharp(bytes).metadata().catch(() => undefined))) return { status: 500, body: { error: 'server_error', message: 'cannot decode image' } }
      const size = /^(\d+)x(\d+)$/.exec(asked.size ?? '512x512')
      const [widthPx, heightPx] = [Number(size?.[1]), Number(size?.[2])]
      if (!size || Math.max(widthPx, heightPx) > unconfirmed.longestSidePx) return refuse(400, 'invalid size')
      const format = asked.output_format ?? 'png'
      if (!['png', 'jpeg', 'webp'].includes(format)) return refuse(400, 'invalid output_format, must be one of [png, jpeg, webp]')
      const extra = extraOf(asked.prompt)
      const bytes = await makePicture({ text: JSON.stringify([asked.prompt, extra]), widthPx, heightPx, format: format as 'png', damage: request.damage })
      return { body: { created: 1_789_000_000, output_format: format, data: [{ b64_json: bytes.toString('base64') }] } }
    }
  },
}

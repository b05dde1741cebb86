import sharp from 'sharp'
import { makePicture } from './fake-media.ts'
import type { FakeAnswer, FakeDefinition } from './fake.ts'
import type { FakePart, FakeRequest } from './fake-request.ts'

/** What no source confirms; change it here when one does. */
const unconfirmed = {
  wrongContentType: 400,
  retiredModelStatus: 404,
  leastPixels: 655_360,
  mostPixels: 8_294_400,
  /** Tokens of one input picture. */
  inputImageTokens: 1024,
  newestTakesNewestQualities: true,
}

const newest = ['gpt-image-2.5-sunburst', 'gpt-image-2.5-flare', 'gpt-image-2.6-sunburst', 'gpt-image-2.6-flare', 'gpt-image-2.5-sunburst-2026-09-08', 'gpt-image-2.5-flare-2026-09-08']
const second = ['gpt-image-2', 'gpt-image-2-2026-04-21']
const older = ['gpt-image-1.5', 'gpt-image-1.5-2025-12-16', 'gpt-image-1-mini', 'chatgpt-image-latest']

/** Micro-USD per token. */
const prices = (model: string) => (older.includes(model) ? { text: 5, imageIn: 8, imageOut: 32 } : { text: 5, imageIn: 8, imageOut: 30 })

/** Tokens of one picture. */
function outputTokens(model: string, quality: string, size: string): number {
  const isSquare = size === '1024x1024'
  const table: Record<string, number> = newest.includes(model)
    ? { low: 196, medium: 439, high: 1756, xhigh: 3122, max: 7024 }
    : second.includes(model)
      ? isSquare
        ? { low: 196, medium: 1756, high: 7024 }
        : { low: 165, medium: 1360, high: 5495 }
      : model === 'gpt-image-1-mini'
        ? { low: 156, medium: 344, high: 1125 }
        : isSquare
          ? { low: 280, medium: 1060, high: 4150 }
          : { low: 405, medium: 1560, high: 6240 }
  return table[quality] ?? table.medium!
}

const refuse = (status: number, message: string, more: { type?: string; param?: string | null; code?: string | null } = {}): FakeAnswer => ({
  status,
  headers: { 'x-request-id': 'req_fake' },
  body: { error: { message, type: more.type ?? 'invalid_request_error', param: more.param ?? null, code: more.code ?? null } },
})

const rateLimited = (headers: () => Record<string, string>) => () => ({
  ...refuse(429, 'Rate limit exceeded for images per minute in organization org-fake. Limit: 5/1min. Current: 6/1min.', { type: 'requests', code: 'rate_limit_exceeded' }),
  headers: { 'x-request-id': 'req_fake', ...headers() },
})

const fields = {
  both: ['prompt', 'model', 'n', 'size', 'quality', 'background', 'output_format', 'output_compression', 'stream', 'partial_images', 'complexity', 'frame_count', 'frame_duration_ms', 'safety_identifier', 'user'],
  generation: ['moderation', 'svg'],
  edit: ['image', 'image[]', 'mask', 'markup', 'input_fidelity'],
}

type Asked = Record<string, unknown>

/** The error answer to fields that the API would refuse. */
function refusalOf(asked: Asked, isEdit: boolean): FakeAnswer | undefined {
  const allowed = [...fields.both, ...(isEdit ? fields.edit : fields.generation)]
  for (const name of Object.keys(asked)) if (!allowed.includes(name)) return refuse(400, `Unknown parameter: '${name}'.`, { param: name, code: 'unknown_parameter' })
  const invalid = (param: string, why: string) => refuse(400, `Invalid value for '${param}': ${why}`, { param, code: 'invalid_value' })
  const model = String(asked.model ?? '')
  if (![...newest, ...second, ...older].includes(model)) return refuse(unconfirmed.retiredModelStatus, `The model '${model}' does not exist or you do not have access to it.`, { param: 'model', code: 'model_not_found' })
  const isOlder = older.includes(model)
  if (typeof asked.prompt !== 'string' || asked.prompt.length === 0 || asked.prompt.length > 32_000) return invalid('prompt', 'a string of 1 to 32000 characters is required.')
  const within = (name: string, least: number, most: number) => asked[name] === undefined || (Number.isInteger(asked[name]) && Number(asked[name]) >= least && Number(asked[name]) <= most)
  if (!within('n', 1, 10)) return invalid('n', 'must be 1 to 10.')
  if (!within('partial_images', 0, 3)) return invalid('partial_images', 'must be 0 to 3.')
  const oneOf = (name: string, ...values: string[]) => asked[name] === undefined || values.includes(String(asked[name]))
  if (!oneOf('quality', 'auto', 'low', 'medium', 'high', ...(newest.includes(model) && unconfirmed.newestTakesNewestQualities ? ['xhigh', 'max'] : []))) return invalid('quality', `'${String(asked.quality)}' is not supported by ${model}.`)
  if (!oneOf('background', 'auto', 'opaque', 'transparent')) return invalid('background', 'unknown.')
  if (!oneOf('output_format', 'png', 'jpeg', 'webp', 'gif', ...(isEdit ? [] : ['svg']))) return invalid('output_format', 'unknown.')
  if (!oneOf('moderation', 'auto', 'low')) return invalid('moderation', 'unknown.')
  if (!oneOf('complexity', 'low', 'medium', 'high')) return invalid('complexity', 'unknown.')
  const format = String(asked.output_format ?? 'png')
  if (asked.background === 'transparent' && !['png', 'webp'].includes(format)) return invalid('background', 'transparent needs png or webp.')
  if (asked.output_compression !== undefined && (!['jpeg', 'webp'].includes(format) || !within('output_compression', 0, 100))) return invalid('output_compression', 'only for jpeg and webp, 0 to 100.')
  if (asked.frame_count !== undefined && (format !== 'gif' || !within('frame_count', 2, 16))) return invalid('frame_count', 'only for gif, 2 to 16.')
  if (asked.input_fidelity !== undefined && (!isOlder || !oneOf('input_fidelity', 'low', ...(model === 'gpt-image-1-mini' ? [] : ['high'])))) return invalid('input_fidelity', `not supported by ${model}.`)
  const size = String(asked.size ?? 'auto')
  if (['auto', '1024x1024', '1536x1024', '1024x1536'].includes(size)) return undefined
  const [width = 0, height = 0] = /^\d+x\d+$/.test(size) ? size.split('x').map(Number) : []
  const isFree =
    !isOlder && width % 16 === 0 && height % 16 === 0 && width <= height * 3 && height <= width * 3 && Math.max(width, height) <= 3840 && Math.min(width, height) <= 2160 && width * height >= unconfirmed.leastPixels && width * height <= unconfirmed.mostPixels
  return isFree ? undefined : invalid('size', `'${size}' is not supported by ${model}.`)
}

/** Text fields of a form as the JSON endpoint would have them. */
function askedOf(parts: readonly FakePart[]): Asked {
  const numbers = ['n', 'output_compression', 'partial_images', 'frame_count', 'frame_duration_ms']
  return Object.fromEntries(
    parts.map(({ name, text, bytes }) => [name, text === undefined ? bytes : numbers.includes(name) ? Number(text) : name === 'stream' ? text === 'true' : text]),
  )
}

async function filesRefusal(parts: readonly FakePart[]): Promise<FakeAnswer | undefined> {
  const images = parts.filter(({ name }) => name === 'image' || name === 'image[]')
  const invalid = (param: string, message: string) => refuse(400, message, { param, code: 'invalid_image_file' })
  if (images.length === 0) return invalid('image', 'Missing required parameter: image.')
  if (images.length > 16) return invalid('image', 'At most 16 images.')
  if (images.length > 1 && images.some(({ name }) => name === 'image')) return refuse(400, "Duplicate parameter: 'image'. Use image[] for several.", { param: 'image' })
  const facts = await Promise.all(images.map(({ bytes }) => sharp(bytes).metadata().catch(() => undefined)))
  if (facts.some((one) => !one || !['png', 'jpeg', 'webp'].includes(one.format))) return invalid('image', 'Invalid image file or mode for image 1, please check your image file.')
  const mask = parts.find(({ name }) => name === 'mask')
  if (!mask) return undefined
  const maskFacts = await sharp(mask.bytes).metadata().catch(() => undefined)
  if (maskFacts?.format !== 'png' || mask.bytes.length > 4 * 1024 * 1024) return invalid('mask', 'The mask must be a PNG of less than 4 MB.')
  if (maskFacts.width !== facts[0]!.width || maskFacts.height !== facts[0]!.height) return invalid('mask', 'The mask must have the dimensions of the image.')
  return maskFacts.hasAlpha ? undefined : invalid('mask', 'The mask has no alpha channel.')
}

/** The Images API: generations and edits, JSON and SSE answers. */
export const openaiFake: FakeDefinition = {
  id: 'openai',
  summary: 'OpenAI Images API.',
  credentials: { apiKey: 'sk-fake-0123456789abcdef' },
  options: ({ origin, credentials }) => ({ openai: { baseURL: `${origin}/v1`, apiKey: credentials.apiKey! } }),
  isPaid: ({ method, path }) => method === 'POST' && path.startsWith('/v1/images/'),
  faults: {
    'rate-limit': rateLimited(() => ({})),
    'rate-limit-seconds': rateLimited(() => ({ 'retry-after': '2' })),
    'rate-limit-date': rateLimited(() => ({ 'retry-after': new Date(Date.now() + 5000).toUTCString() })),
    quota: refuse(429, 'You exceeded your current quota, please check your plan and billing details.', { type: 'insufficient_quota', code: 'insufficient_quota' }),
    payment: refuse(400, 'Billing hard limit has been reached', { code: 'billing_hard_limit_reached' }),
    unauthorized: ({ headers }) => refuse(401, `Incorrect API key provided: ${headers.authorization?.slice('Bearer '.length)}. You can find your API key in your settings.`, { code: 'invalid_api_key' }),
    forbidden: refuse(403, 'Your organization must be verified to use the model.'),
    'model-not-found': refuse(404, "The model 'gone' does not exist or you do not have access to it.", { param: 'model', code: 'model_not_found' }),
    filtered: refuse(400, 'Your request was rejected by the safety system. If you believe this is an error, contact support. safety_violations=[violence].', { type: 'image_generation_user_error', code: 'moderation_blocked' }),
    server: refuse(500, 'The server had an error while processing your request.', { type: 'server_error' }),
    overloaded: refuse(503, 'The engine is currently overloaded, please try again later.', { type: 'server_error' }),
  },
  create(fake) {
    const answer = async (request: FakeRequest, asked: Asked, inputImages: number): Promise<FakeAnswer> => {
      const model = String(asked.model)
      const size = asked.size === undefined || asked.size === 'auto' ? '1024x1024' : String(asked.size)
      const quality = asked.quality === undefined || asked.quality === 'auto' ? 'medium' : String(asked.quality)
      const format = String(asked.output_format ?? 'png') as 'png'
      const background = asked.background === undefined || asked.background === 'auto' ? 'opaque' : String(asked.background)
      const [widthPx, heightPx] = size.split('x').map(Number) as [number, number]
      const n = Number(asked.n ?? 1)
      const pictures = await Promise.all(
        Array.from({ length: n }, (_, i) =>
          makePicture({ text: `${String(asked.prompt)} ${i}`, widthPx, heightPx, format, alpha: background === 'transparent', damage: request.damage }),
        ),
      )
      const partials = asked.stream ? Number(asked.partial_images ?? 0) : 0
      const text = Math.ceil(String(asked.prompt).length / 4)
      const image = inputImages * unconfirmed.inputImageTokens
      const output = n * (outputTokens(model, quality, size) + partials * 100)
      const price = prices(model)
      fake.bill(text * price.text + image * price.imageIn + output * price.imageOut)
      const facts = { background, output_format: format, quality, size }
      const usage = {
        input_tokens: text + image,
        input_tokens_details: { text_tokens: text, image_tokens: image },
        output_tokens: output,
        output_tokens_details: { image_tokens: output, text_tokens: 0 },
        total_tokens: text + image + output,
      }
      const created = 1_789_000_000
      if (!asked.stream) return { body: { created, ...facts, data: pictures.map((bytes) => ({ b64_json: bytes.toString('base64') })), usage } }
      const kind = request.path.endsWith('/edits') ? 'image_edit' : 'image_generation'
      const events = [
        ...Array.from({ length: partials }, (_, index) => ({ type: `${kind}.partial_image`, b64_json: pictures[0]!.toString('base64'), partial_image_index: index, created_at: created, ...facts })),
        ...pictures.map((bytes) => ({ type: `${kind}.completed`, b64_json: bytes.toString('base64'), created_at: created, ...facts, usage })),
      ]
      return { headers: { 'content-type': 'text/event-stream' }, body: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('') }
    }
    return async (request) => {
      const isEdit = request.path === '/v1/images/edits'
      if (request.method !== 'POST' || !(isEdit || request.path === '/v1/images/generations')) return refuse(404, `Invalid URL (${request.method} ${request.path})`)
      const { authorization = '' } = request.headers
      if (!authorization) return refuse(401, "You didn't provide an API key.")
      if (authorization !== `Bearer ${fake.credentials.apiKey}`)
        return refuse(401, `Incorrect API key provided: ${authorization.slice(7, 10)}***. You can find your API key in your settings.`, { code: 'invalid_api_key' })
      if (isEdit && !request.parts) return refuse(unconfirmed.wrongContentType, 'This endpoint takes multipart/form-data.')
      if (!isEdit && (request.json === null || typeof request.json !== 'object')) return refuse(unconfirmed.wrongContentType, 'We could not parse the JSON body of your request.')
      const asked = isEdit ? askedOf(request.parts!) : (request.json as Asked)
      const refusal = refusalOf(asked, isEdit) ?? (isEdit ? await filesRefusal(request.parts!) : undefined)
      if (refusal) return refusal
      return answer(request, asked, isEdit ? request.parts!.filter(({ name }) => name.startsWith('image')).length : 0)
    }
  },
}

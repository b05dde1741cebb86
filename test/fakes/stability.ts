import sharp from 'sharp'
import { makePicture } from './fake-media.ts'
import type { FakeAnswer, FakeDefinition } from './fake.ts'
import type { FakePart, FakeRequest } from './fake-request.ts'

/** What no source confirms; change it here when one does. */
const unconfirmed = {
  paymentText: 'You lack sufficient credits to make this request. Please purchase more credits at https://platform.stability.ai/account/credits and try again.',
  requiredText: (field: string) => `${field}: is required`,
  unknownText: (field: string) => `${field}: is not a known field`,
  /** The API's list has it in the text and not in the enum. */
  takesFlash: true,
}

const refuse = (status: number, name: string, ...errors: string[]): FakeAnswer => ({ status, headers: { 'x-request-id': 'fake' }, body: { id: '9160aa70ed7ae39f3e7f4a1e1d1c2f5b', name, errors } })
const tooMany = 'You have exceeded the rate limit of 150 requests within a 10 second period, and have been timed out for 60 seconds.'

const ratios: Record<string, readonly [number, number]> = {
  '21:9': [1536, 640], '16:9': [1344, 768], '3:2': [1216, 832], '5:4': [1152, 896], '1:1': [1024, 1024], '4:5': [896, 1152], '2:3': [832, 1216], '9:16': [768, 1344], '9:21': [640, 1536],
}
const styles = '3d-model analog-film anime cinematic comic-book digital-art enhance fantasy-art isometric line-art low-poly modeling-compound neon-punk origami photographic pixel-art tile-texture'.split(' ')
/** Micro-USD of a picture. */
const sd3Prices: Record<string, number> = { 'sd3.5-large': 65_000, 'sd3.5-large-turbo': 40_000, 'sd3.5-medium': 35_000, ...(unconfirmed.takesFlash && { 'sd3.5-flash': 25_000 }) }

const usualFields = ['prompt', 'negative_prompt', 'aspect_ratio', 'seed', 'output_format', 'style_preset']
const fieldsOf: Record<string, readonly string[]> = {
  ultra: [...usualFields, 'image', 'strength'],
  core: usualFields,
  sd3: [...usualFields, 'image', 'strength', 'mode', 'model', 'cfg_scale'],
}

type Asked = Record<string, string>

/** The first thing that the API would not take. */
function problemOf(endpoint: string, asked: Asked, image: FakePart | undefined): string | undefined {
  const within = (name: string, least: number, most: number, isWhole = false) => {
    if (asked[name] === undefined) return undefined
    const value = Number(asked[name])
    return asked[name] !== '' && value >= least && value <= most && (!isWhole || Number.isInteger(value)) ? undefined : `${name}: must be between ${least} and ${most}`
  }
  const oneOf = (name: string, values: readonly string[]) => (asked[name] === undefined || values.includes(asked[name]) ? undefined : `${name}: must be one of ${values.join(', ')}`)
  const isEdit = image !== undefined
  const unknown = [...Object.keys(asked), ...(image ? ['image'] : [])].find((name) => !fieldsOf[endpoint]!.includes(name))
  if (unknown) return unconfirmed.unknownText(unknown)
  if (!asked.prompt) return unconfirmed.requiredText('prompt')
  if (asked.prompt.length > 10_000) return 'prompt: cannot be longer than 10000 characters'
  if ((asked.negative_prompt ?? '').length > 10_000) return 'negative_prompt: cannot be longer than 10000 characters'
  if (isEdit && asked.strength === undefined) return unconfirmed.requiredText('strength')
  if (endpoint === 'sd3') {
    const mode = asked.mode ?? 'text-to-image'
    if (isEdit !== (mode === 'image-to-image')) return isEdit ? 'image: is for mode image-to-image only' : unconfirmed.requiredText('image')
    if (isEdit && asked.aspect_ratio !== undefined) return 'aspect_ratio: is for mode text-to-image only'
  }
  if (!isEdit && asked.strength !== undefined) return 'strength: needs an image'
  return (
    oneOf('aspect_ratio', Object.keys(ratios)) ?? oneOf('output_format', ['png', 'jpeg', 'webp']) ?? oneOf('style_preset', styles) ?? oneOf('mode', ['text-to-image', 'image-to-image']) ?? oneOf('model', Object.keys(sd3Prices)) ?? within('seed', 0, 4_294_967_294, true) ?? within('cfg_scale', 1, 10) ?? within('strength', 0, 1)
  )
}

/** Stable Image v2beta: ultra, core and sd3, bytes and JSON. */
export const stabilityFake: FakeDefinition = {
  id: 'stability',
  summary: 'Stability AI, Stable Image v2beta.',
  credentials: { apiKey: 'sk-stability-fake-0123456789' },
  options: ({ origin, credentials }) => ({ stability: { baseURL: origin, apiKey: credentials.apiKey! } }),
  isPaid: ({ method, path }) => method === 'POST' && path.startsWith('/v2beta/stable-image/'),
  faults: {
    'rate-limit': refuse(429, 'rate_limit_exceeded', tooMany),
    'rate-limit-seconds': { ...refuse(429, 'rate_limit_exceeded', tooMany), headers: { 'retry-after': '2' } },
    payment: refuse(402, 'payment_required', unconfirmed.paymentText),
    unauthorized: ({ headers }) => refuse(401, 'unauthorized', `authorization: invalid or missing header value ${headers.authorization}`),
    forbidden: refuse(403, 'forbidden', 'You are not allowed to use this model.'),
    moderation: refuse(403, 'content_moderation', 'Your request was flagged by our content moderation system, as a result your request was denied and you were not charged.'),
    'public-figure': refuse(422, 'public_figure', 'Our system detected the likeness of a public figure in your image.'),
    language: refuse(422, 'invalid_language', 'English is the only supported language for this service.'),
    'too-large': refuse(413, 'payload_too_large', 'Your request was larger than 10MiB.'),
    server: refuse(500, 'internal_error', 'An unexpected server error has occurred, please try again later.'),
    // Answered with 200 and a picture that is blurred.
    filtered: { headers: { 'content-type': 'image/png', 'finish-reason': 'CONTENT_FILTERED', seed: '1' }, body: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGOora39DwAFaQKzePXmVQAAAABJRU5ErkJggg==', 'base64') },
    'filtered-json': { headers: { 'content-type': 'application/json; type=image/png' }, body: { image: '', finish_reason: 'CONTENT_FILTERED', seed: 1 } },
    'gone-model': refuse(400, 'bad_request', 'model: must be one of sd3.5-large, sd3.5-large-turbo, sd3.5-medium'),
  },
  create(fake) {
    const make = async (request: FakeRequest, endpoint: string): Promise<FakeAnswer> => {
      const parts = request.parts!
      const asked: Asked = Object.fromEntries(parts.filter(({ text }) => text !== undefined).map(({ name, text }) => [name, text!]))
      const image = parts.find(({ name, fileName }) => name === 'image' && fileName !== undefined)
      const problem = problemOf(endpoint, asked, image)
      if (problem) return refuse(400, 'bad_request', problem)
      const facts = image && (await sharp(image.bytes).metadata().catch(() => undefined))
      if (image && !facts) return refuse(400, 'bad_request', 'image: cannot be decoded')
      const [widthPx, heightPx] = facts && endpoint === 'sd3' ? [facts.width, facts.height] : ratios[asked.aspect_ratio ?? '1:1']!
      const seed = Number(asked.seed ?? 0) || 343_940_597
      const format = (asked.output_format ?? 'png') as 'png'
      const bytes = await makePicture({ text: JSON.stringify([endpoint, asked, seed]), widthPx, heightPx, format, damage: request.damage })
      fake.bill(endpoint === 'ultra' ? 80_000 : endpoint === 'core' ? 30_000 : sd3Prices[asked.model ?? 'sd3.5-large']!)
      const isJson = request.headers.accept === 'application/json'
      return isJson
        ? { headers: { 'content-type': `application/json; type=image/${format}` }, body: { image: bytes.toString('base64'), finish_reason: 'SUCCESS', seed } }
        : { headers: { 'content-type': `image/${format}`, 'finish-reason': 'SUCCESS', seed: String(seed), 'x-request-id': 'fake' }, body: bytes }
    }
    return async (request) => {
      const { authorization } = request.headers
      if (authorization !== `Bearer ${fake.credentials.apiKey}`) return refuse(401, 'unauthorized', 'authorization: invalid or missing header value')
      const endpoint = /^\/v2beta\/stable-image\/generate\/(ultra|core|sd3)$/.exec(request.path)?.[1]
      if (request.method !== 'POST' || !endpoint) return refuse(404, 'not_found', `${request.method} ${request.path} does not exist`)
      if (!request.parts) return refuse(400, 'bad_request', 'content-type: must be multipart/form-data')
      if (!['image/*', 'application/json'].includes(request.headers.accept ?? '')) return refuse(400, 'bad_request', 'accept: must be image/* or application/json')
      if (request.bytes.length > 10 * 1024 * 1024) return refuse(413, 'payload_too_large', 'Your request was larger than 10MiB.')
      return make(request, endpoint)
    }
  },
}

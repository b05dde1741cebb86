import sharp from 'sharp'
import { makePicture, type MediaDamage } from './fake-media.ts'
import type { FakeAnswer, FakeDefinition } from './fake.ts'
import type { FakeRequest } from './fake-request.ts'

/** What no source confirms; change it here when one does. */
const unconfirmed = {
  tokenRefusedStatus: 400,
  unauthorizedCode: 'unauthorized',
  jpegOnly: true,
  leastStyleStrength: 1,
  /** A customer's contract; there is no public price. */
  contractPriceMicroUsd: 50_000,
  tokenSeconds: 86_399,
}

const image3 = ['2048x2048', '1024x1024', '2304x1792', '1792x2304', '2688x1536', '2688x1512', '1344x768', '1344x756', '1152x896', '896x1152']
const image4 = ['2048x2048', '2304x1792', '1792x2304', '2688x1536', '1440x2560']
const sizesOf: Record<string, string[]> = { image3, image3_custom: image3, image4_standard: image4, image4_ultra: image4, image4_custom: image4 }
const fields = ['prompt', 'negativePrompt', 'numVariations', 'seeds', 'size', 'contentClass', 'visualIntensity', 'style', 'structure', 'promptBiasingLocaleCode', 'customModelId', 'upsamplerType']
const inputHosts = /(?:^|\.)(?:amazonaws\.com|windows\.net|dropboxusercontent\.com|storage\.googleapis\.com)$/

const refuse = (status: number, error_code: string, message: string, more: { headers?: Record<string, string>; validation_errors?: object[] } = {}): FakeAnswer => ({
  status,
  headers: { 'x-request-id': 'fake', ...more.headers },
  body: { error_code, message, ...(more.validation_errors && { validation_errors: more.validation_errors }) },
})
const denied = (why: string) => refuse(403, 'access_error', 'Access is denied.', { headers: { 'x-access-error': why } })
const invalid = (field: string, msg: string, type = 'value_error') => refuse(422, 'validation_error', 'Validation error', { validation_errors: [{ loc: ['body', field], msg, type }] })
const rateLimited = (headers: () => Record<string, string>) => () => refuse(429, 'rate_limited', 'Rate limit exceeded.', { headers: { 'x-access-rate-limit-level': 'org', ...headers() } })

/** A job is accepted, and its id says what becomes of it. */
const takenOn = (name: string) => ({ headers }: FakeRequest): FakeAnswer => acceptedAt(`http://${headers.host}`, `urn:ff:jobs:fake:${name}`)
const acceptedAt = (origin: string, jobId: string): FakeAnswer => ({
  status: 202,
  body: { jobId, statusUrl: `${origin}/v3/status/${jobId}`, cancelUrl: `${origin}/v3/cancel/${jobId}` },
})

type Asked = Record<string, unknown>

/** The error answer to a body that the API would refuse. */
function refusalOf(asked: Asked, model: string, uploads: ReadonlySet<string>): FakeAnswer | undefined {
  for (const name of Object.keys(asked)) if (!fields.includes(name)) return invalid(name, 'extra fields not permitted', 'extra_forbidden')
  const text = (name: string, least: number) => typeof asked[name] === 'string' && asked[name].length >= least && asked[name].length <= 1024
  if (!text('prompt', 1)) return invalid('prompt', 'a string of 1 to 1024 characters is required')
  if (asked.negativePrompt !== undefined && !text('negativePrompt', 0)) return invalid('negativePrompt', 'at most 1024 characters')
  const within = (value: unknown, least: number, most: number) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most
  const variations = asked.numVariations ?? 1
  if (!within(variations, 1, 4)) return invalid('numVariations', 'must be 1 to 4')
  if (asked.seeds !== undefined) {
    const seeds = asked.seeds as unknown[]
    if (!Array.isArray(seeds) || !seeds.every(Number.isInteger) || new Set(seeds).size !== seeds.length || seeds.length !== variations) return invalid('seeds', 'must be unique integers, as many as numVariations')
  }
  if (asked.size !== undefined) {
    const { width, height } = asked.size as { width?: number; height?: number }
    if (!sizesOf[model]!.includes(`${width}x${height}`)) return invalid('size', `not allowed for ${model}`)
  }
  if (asked.contentClass !== undefined && !['photo', 'art'].includes(String(asked.contentClass))) return invalid('contentClass', "value is not a valid enumeration member; permitted: 'photo', 'art'", 'enum')
  if (asked.visualIntensity !== undefined && !within(asked.visualIntensity, 2, 10)) return invalid('visualIntensity', 'must be 2 to 10')
  if (model.endsWith('_custom') !== (asked.customModelId !== undefined)) return invalid('customModelId', 'goes with a custom model')
  for (const [use, least] of [['style', unconfirmed.leastStyleStrength], ['structure', 0]] as const) {
    if (asked[use] === undefined) continue
    const { strength, imageReference } = asked[use] as { strength?: unknown; imageReference?: { source?: { uploadId?: string; url?: string } } }
    if (strength !== undefined && !within(strength, least, 100)) return invalid(use, `strength must be ${least} to 100`)
    const source = imageReference?.source
    if (use === 'structure' && !source) return invalid(use, 'imageReference is required')
    if (source?.uploadId !== undefined && !uploads.has(source.uploadId)) return invalid(use, 'no such upload')
    if (source?.url !== undefined && !inputHosts.test(new URL(source.url).hostname)) return invalid(use, 'host is not allowed')
  }
  return undefined
}

interface FakeJob {
  asked: Asked
  damage: MediaDamage
  looks: number
  outputs?: object[]
  isCancelled?: boolean
}

/** @param settings.tokenSeconds - how long its tokens hold */
export function fireflyFakeWith(settings: { tokenSeconds?: number } = {}): FakeDefinition {
  const tokenSeconds = settings.tokenSeconds ?? unconfirmed.tokenSeconds
  return {
    id: 'firefly',
    summary: 'Adobe Firefly Services v3: token, asynchronous jobs, presigned results.',
    credentials: { clientId: 'firefly-fake-client-01', clientSecret: 'p8e-fake-secret-0123456789' },
    options: ({ origin, credentials }) => ({
      firefly: { baseURL: origin, imsBaseURL: origin, clientId: credentials.clientId!, clientSecret: credentials.clientSecret! },
    }),
    isPaid: ({ method, path }) => method === 'POST' && path === '/v3/images/generate-async',
    faults: {
      'rate-limit': rateLimited(() => ({})),
      'rate-limit-seconds': rateLimited(() => ({ 'retry-after': '15' })),
      'rate-limit-date': rateLimited(() => ({ 'retry-after': new Date(Date.now() + 5000).toUTCString() })),
      quota: denied('quota_exhausted'),
      'not-entitled': denied('user_non_entitled'),
      'wrong-scope': denied('invalid_ims_scope'),
      'api-key': refuse(403, '403003', 'Api Key is invalid'),
      'token-expired': refuse(401, unconfirmed.unauthorizedCode, 'Oauth token is not valid'),
      unsafe: refuse(451, 'prompt_unsafe', 'The provided prompt is considered unsafe and it cannot be used to generate content.'),
      validation: invalid('contentClass', "value is not a valid enumeration member; permitted: 'photo', 'art'", 'enum'),
      'too-large': { status: 413, headers: { 'content-type': 'text/html' }, body: '<html><title>413 Request Entity Too Large</title></html>' },
      timeout: refuse(408, 'timeout_error', 'The request timed out.'),
      server: refuse(500, 'runtime_error', 'Internal error.'),
      'job-slow': takenOn('slow'),
      'job-failed': takenOn('failed-runtime_error'),
      'job-unsafe': takenOn('failed-image_unsafe'),
      'job-timeout': takenOn('timeout'),
      'job-cancelled': takenOn('cancelled'),
      'job-empty': takenOn('empty'),
      'job-unknown': takenOn('gone'),
      'strange-host': () => acceptedAt('https://status.example.test', 'urn:ff:jobs:fake:slow'),
    },
    create(fake) {
      const tokens = new Set<string>()
      const uploads = new Set<string>()
      const jobs = new Map<string, FakeJob>()

      const giveToken = ({ bytes, headers }: FakeRequest): FakeAnswer => {
        if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return { status: 415, body: { error: 'unsupported_media_type' } }
        const form = new URLSearchParams(bytes.toString())
        if (form.get('grant_type') !== 'client_credentials') return { status: 400, body: { error: 'unsupported_grant_type' } }
        const { clientId, clientSecret } = fake.credentials
        if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
          return { status: unconfirmed.tokenRefusedStatus, body: { error: 'invalid_client', error_description: 'invalid client_id or client_secret parameter' } }
        for (const needed of ['openid', 'AdobeID', 'firefly_api', 'ff_apis'])
          if (!form.get('scope')?.split(',').includes(needed)) return { status: 400, body: { error: 'invalid_scope' } }
        const token = `eyJ-fake-token-${tokens.size + 1}`
        tokens.add(token)
        return { body: { access_token: token, token_type: 'bearer', expires_in: tokenSeconds } }
      }

      const accessRefusal = ({ headers }: FakeRequest): FakeAnswer | undefined => {
        const { authorization = '' } = headers
        if (!tokens.has(authorization.replace(/^Bearer /, ''))) return refuse(401, unconfirmed.unauthorizedCode, 'Oauth token is not valid')
        return headers['x-api-key'] === fake.credentials.clientId ? undefined : refuse(403, '403003', 'Api Key is invalid')
      }

      const upload = async ({ headers, bytes }: FakeRequest): Promise<FakeAnswer> => {
        const format = /^image\/(jpeg|png|webp)$/.exec(headers['content-type'] ?? '')?.[1]
        if (!format) return refuse(415, 'invalid_content_type', 'The content type is not supported.')
        const facts = await sharp(bytes).metadata().catch(() => undefined)
        if (facts?.format !== format) return refuse(400, 'bad_request', 'The image cannot be read.')
        const id = `upload-${uploads.size + 1}`
        uploads.add(id)
        return { body: { images: [{ id }] } }
      }

      const handIn = (request: FakeRequest): FakeAnswer => {
        if (!request.headers['content-type']?.startsWith('application/json')) return refuse(415, 'invalid_content_type', 'The content type must be application/json.')
        if (typeof request.json !== 'object' || request.json === null) return refuse(400, 'empty_input_body', 'The body is empty.')
        const model = request.headers['x-model-version'] ?? 'image3'
        if (!sizesOf[model]) return refuse(400, 'bad_request', `Unknown model version ${model}.`)
        const asked = request.json as Asked
        const refusal = refusalOf(asked, model, uploads)
        if (refusal) return refusal
        const id = `urn:ff:jobs:fake:${jobs.size + 1}`
        jobs.set(id, { asked, damage: request.damage, looks: 0 })
        fake.bill(Number(asked.numVariations ?? 1) * unconfirmed.contractPriceMicroUsd)
        return acceptedAt(fake.origin, id)
      }

      const outputsOf = async ({ asked, damage }: FakeJob) => {
        const { width, height } = (asked.size ?? { width: 2048, height: 2048 }) as { width: number; height: number }
        const seeds = (asked.seeds ?? Array.from({ length: Number(asked.numVariations ?? 1) }, (_, i) => 1_842_533_538 + i)) as number[]
        const format = unconfirmed.jpegOnly ? 'jpeg' : 'png'
        return Promise.all(
          seeds.map(async (seed) => {
            const bytes = await makePicture({ text: `${String(asked.prompt)} ${seed}`, widthPx: width, heightPx: height, format, damage })
            return { seed, image: { url: fake.publish(bytes, `image/${format}`) } }
          }),
        )
      }

      const statusOf = async (jobId: string): Promise<FakeAnswer> => {
        const name = jobId.split(':').at(-1)!
        if (name === 'cancelled' || name === 'timeout') return { body: { status: name, jobId } }
        if (name === 'empty') return { body: { status: 'succeeded', jobId, result: { outputs: [] } } }
        if (name.startsWith('failed-')) return { body: { status: 'failed', jobId, error_code: name.slice('failed-'.length), message: 'The job came to nothing.' } }
        if (name === 'slow' && !jobs.has(jobId)) jobs.set(jobId, { asked: { prompt: 'slow', size: { width: 1024, height: 1024 } }, damage: undefined, looks: 0 })
        const job = jobs.get(jobId)
        if (!job) return refuse(404, 'unknown_job_id', 'The job id is unknown.')
        if (job.isCancelled) return { body: { status: 'cancelled', jobId } }
        if (name === 'slow' && job.looks++ === 0) return { body: { status: 'running', jobId, progress: 40 } }
        job.outputs ??= await outputsOf(job)
        return { body: { status: 'succeeded', jobId, result: { size: job.asked.size, contentClass: job.asked.contentClass ?? 'photo', outputs: job.outputs, promptHasDeniedWords: false, promptHasBlockedArtists: false } } }
      }

      const cancel = (jobId: string): FakeAnswer => {
        const job = jobs.get(jobId)
        if (!job) return refuse(404, 'unknown_job_id', 'The job id is unknown.')
        if (job.outputs) return refuse(409, 'job_completed', 'The job is completed.')
        if (job.isCancelled) return refuse(409, 'job_already_canceled', 'The job is cancelled already.')
        job.isCancelled = true
        return { status: 202, body: { jobId, status: 'cancel_pending' } }
      }

      return async (request) => {
        const { method, path } = request
        if (method === 'POST' && path === '/ims/token/v3') return giveToken(request)
        const refusal = accessRefusal(request)
        if (refusal) return refusal
        if (method === 'POST' && path === '/v2/storage/image') return upload(request)
        if (method === 'POST' && path === '/v3/images/generate-async') return handIn(request)
        const [, action, jobId] = /^\/v3\/(status|cancel)\/(.+)$/.exec(decodeURIComponent(path)) ?? []
        if (action === 'status' && method === 'GET') return statusOf(jobId!)
        if (action === 'cancel' && method === 'PUT') return cancel(jobId!)
        return refuse(404, 'not_found', `There is no ${method} ${path}.`)
      }
    },
  }
}

/** Firefly Services: token server, jobs and storage on one host, results on another. */
export const fireflyFake = fireflyFakeWith()

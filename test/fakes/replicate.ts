import { randomBytes } from 'node:crypto'
import { makeSound } from './fake-media.ts'
import type { FakeAnswer, FakeDefinition } from './fake.ts'

/** What no source confirms; change it here when one does. */
const unconfirmed = {
  wrongContentType: 400,
  /** Micro-USD of a run, whatever it makes. */
  runMicroUsd: 50_000,
  longestMusicSeconds: 30,
  barkSecondsPerCharacter: 0.065,
  barkLongestSeconds: 13,
}

/** From `starting` to `processing` to `succeeded`; a prompt that says "takes a minute" does. */
const startMs = 60
const runMs = (prompt: string) => (prompt.includes('takes a minute') ? 60_000 : 160)

type Input = Record<string, unknown>
type Field = (value: unknown) => boolean

const number = (least: number, most: number): Field => (value) => typeof value === 'number' && value >= least && value <= most
const integer = (least: number, most: number): Field => (value) => Number.isInteger(value) && number(least, most)(value)
const oneOf = (...values: string[]): Field => (value) => values.includes(value as string)
const text: Field = (value) => typeof value === 'string' && value !== ''
const flag: Field = (value) => typeof value === 'boolean'

interface Model {
  name: string
  fields: Record<string, Field>
  make(input: Input, damage: Parameters<typeof makeSound>[0]['damage']): { bytes: Promise<Buffer>; mediaType: string }
  outputOf(url: string): unknown
}

const musicgen: Model = {
  name: 'meta/musicgen',
  fields: {
    prompt: text,
    model_version: oneOf('stereo-melody-large', 'stereo-large', 'melody-large', 'large', 'encode-decode'),
    duration: integer(1, unconfirmed.longestMusicSeconds),
    multi_band_diffusion: flag,
    normalization_strategy: oneOf('loudness', 'clip', 'peak', 'rms'),
    top_k: integer(0, Infinity),
    top_p: number(0, 1),
    temperature: number(0, Infinity),
    classifier_free_guidance: number(0, Infinity),
    output_format: oneOf('wav', 'mp3'),
    seed: integer(-1, 2 ** 32 - 1),
  },
  make(input, damage) {
    const format = (input.output_format ?? 'wav') as 'wav'
    const stereo = String(input.model_version ?? 'stereo-melody-large').startsWith('stereo')
    const bytes = makeSound({ text: JSON.stringify(input), seconds: Number(input.duration ?? 8), format, sampleRateHz: 32_000, channels: stereo ? 2 : 1, damage })
    return { bytes, mediaType: format === 'wav' ? 'audio/wav' : 'audio/mpeg' }
  },
  outputOf: (url) => url,
}

const bark: Model = {
  name: 'suno-ai/bark',
  fields: {
    prompt: text,
    history_prompt: (value) => typeof value === 'string' && /^(?:announcer|[a-z]{2}_speaker_[0-9])$/.test(value),
    text_temp: number(0, Infinity),
    waveform_temp: number(0, Infinity),
    output_full: flag,
  },
  make(input, damage) {
    const seconds = Math.min(unconfirmed.barkLongestSeconds, 0.3 + String(input.prompt).length * unconfirmed.barkSecondsPerCharacter)
    return { bytes: makeSound({ text: JSON.stringify(input), seconds, format: 'wav', sampleRateHz: 24_000, damage }), mediaType: 'audio/wav' }
  },
  outputOf: (url) => ({ audio_out: url, prompt_npz: null }),
}

const models: Readonly<Record<string, Model>> = {
  b05b1dff1d8c6dc63d14b0cdb42135378dcb87f6373b0d3d341ede46e59e2b38: musicgen,
  '2b5dc5f29cee83fd5cdf8f9c92e555aae7ca2a69b73c5182f3065362b2fa0a45': musicgen,
  b76242b40d67c76ab6742e987628a2a9ac019e11d56ab96c4e91ce03b79b2787: bark,
}

const refuse = (status: number, title: string, detail: string): FakeAnswer => ({ status, headers: { 'content-type': 'application/problem+json' }, body: { title, detail, status } })

const wrongVersion = refuse(422, 'Invalid version or not permitted', "The specified version does not exist (or perhaps you don't have permission to use it?)")

interface Run {
  id: string
  model: Model
  version: string
  input: Input
  createdMs: number
  url: string
  canceledMs?: number
}

/** A run as the API tells of it; a finished one by its ending. */
function told(run: Pick<Run, 'id'> & Partial<Run>, status: string, more: object = {}): object {
  const at = (ms: number) => new Date((run.createdMs ?? Date.now()) + ms).toISOString()
  const own = `https://api.replicate.com/v1/predictions/${run.id}`
  const isOver = !['starting', 'processing'].includes(status)
  return {
    id: run.id,
    model: run.model?.name,
    version: run.version,
    input: run.input,
    logs: '',
    output: null,
    error: null,
    status,
    created_at: at(0),
    data_removed: false,
    source: 'api',
    ...(status !== 'starting' && status !== 'aborted' && { started_at: at(startMs) }),
    ...(isOver && { completed_at: at(runMs('')), metrics: { predict_time: 4.2, total_time: 5.1 } }),
    // As the real host writes them, wherever it is asked: whoever follows them sends its key there.
    urls: { web: `https://replicate.com/p/${run.id}`, get: own, cancel: `${own}/cancel` },
    ...more,
  }
}

/** A run that is over in its first answer, or in that of the look that meets the fault. */
const ended = (status: string, error: string | null): FakeDefinition['faults'][string] => ({ method, path }) => ({
  status: method === 'POST' ? 201 : 200,
  body: told({ id: method === 'POST' ? 'endedatonce' : path.split('/').at(-1)! }, status, { error }),
})

/** Predictions of the two models of sounds. */
export const replicateFake: FakeDefinition = {
  id: 'replicate',
  summary: 'Replicate: meta/musicgen and suno-ai/bark.',
  credentials: { apiKey: 'r8_fake0123456789abcdef' },
  options({ origin, credentials }) {
    const options = { via: 'replicate' as const, baseURL: `${origin}/v1`, apiKey: credentials.apiKey! }
    return { musicgen: options, bark: options }
  },
  isPaid: ({ method, path }) => method === 'POST' && path === '/v1/predictions',
  faults: {
    throttled: { status: 429, body: { detail: 'Request was throttled. Your rate limit resets in ~30s.' } },
    'rate-limit': { status: 429, body: { detail: 'Request was throttled.' } },
    'rate-limit-seconds': { status: 429, headers: { 'retry-after': '2' }, body: { detail: 'Request was throttled. Your rate limit resets in ~30s.' } },
    credit: refuse(402, 'Insufficient credit', 'You have insufficient credit to run this model. Go to https://replicate.com/account/billing to purchase credit.'),
    unauthorized: refuse(401, 'Unauthenticated', 'You did not pass a valid authentication token'),
    'wrong-version': wrongVersion,
    'wrong-input': refuse(422, 'Input validation failed', '- input.duration: Must be less than or equal to 30\n'),
    server: refuse(500, 'Internal server error', 'Something went wrong.'),
    'run-failed': ended('failed', 'CUDA out of memory (E1001)'),
    'run-canceled': ended('canceled', null),
    'run-aborted': ended('aborted', null),
    'no-output': ended('succeeded', null),
  },
  create(fake) {
    const runs = new Map<string, Run>()
    const stateOf = (run: Run): object => {
      const { createdMs, canceledMs, input, model, url } = run
      const age = (canceledMs ?? Date.now()) - createdMs
      if (age >= runMs(String(input.prompt))) return told(run, 'succeeded', { output: model.outputOf(url) })
      if (canceledMs !== undefined) return told(run, 'canceled')
      return told(run, age < startMs ? 'starting' : 'processing')
    }
    return async (request) => {
      const { authorization } = request.headers
      if (authorization !== `Bearer ${fake.credentials.apiKey}`)
        return refuse(401, 'Unauthenticated', authorization ? 'You did not pass a valid authentication token' : 'You did not pass an authentication token')
      const [, id, action] = /^\/v1\/predictions(?:\/(\w+)(?:\/(cancel))?)?$/.exec(request.path) ?? []
      const run = id === undefined ? undefined : runs.get(id)
      if (run && request.method === 'GET' && !action) return { body: stateOf(run) }
      if (run && request.method === 'POST' && action) {
        run.canceledMs ??= Date.now()
        return { body: stateOf(run) }
      }
      if (request.method !== 'POST' || request.path !== '/v1/predictions') return refuse(404, 'Not found', 'The requested resource could not be found.')
      if (request.json === null || typeof request.json !== 'object') return refuse(unconfirmed.wrongContentType, 'Bad request', 'The body is no JSON.')
      const cancelAfter = request.headers['cancel-after']
      if (cancelAfter !== undefined && !/^\d+[smh]$/.test(cancelAfter)) return refuse(422, 'Invalid header', `Cancel-After: ${cancelAfter}`)
      const { version, input } = request.json as { version?: unknown; input?: Input }
      const model = typeof version === 'string' && Object.hasOwn(models, version) ? models[version] : undefined
      if (!model) return wrongVersion
      const invalid = (detail: string) => refuse(422, 'Input validation failed', detail)
      if (typeof input !== 'object' || input === null) return invalid('- input is required')
      if (input.prompt === undefined) return invalid('- input.prompt is required')
      for (const [name, value] of Object.entries(input)) if (!model.fields[name]?.(value)) return invalid(`- input.${name}: ${JSON.stringify(value)} is not allowed`)
      const { bytes, mediaType } = model.make(input, request.damage)
      fake.bill(unconfirmed.runMicroUsd)
      const made: Run = { id: randomBytes(13).toString('hex'), model, version: version as string, input, createdMs: Date.now(), url: fake.publish(await bytes, mediaType) }
      runs.set(made.id, made)
      if (!request.headers.prefer?.startsWith('wait')) return { status: 201, body: told(made, 'starting') }
      made.createdMs -= runMs('')
      return { status: 201, body: stateOf(made) }
    }
  },
}

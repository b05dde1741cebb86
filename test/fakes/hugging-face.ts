import { decodeSound } from '../../src/generators/media/decode-sound.ts'
import { makeSound } from './fake-media.ts'
import type { FakeAnswer, FakeDefinition } from './fake.ts'

/** What no source confirms; change it here when one does. */
const unconfirmed = {
  wrongContentType: 422,
  /** Micro-USD that a sound is worth in time of the endpoint. */
  soundMicroUsd: 20_000,
  mostTokens: 1503,
  tokensPerSecond: 50,
  barkSecondsPerCharacter: 0.065,
}

const refuse = (status: number, error: string | string[], more: object = {}): FakeAnswer => ({ status, body: { error, ...more } })

type Parameters = Record<string, unknown>
type Field = (value: unknown) => boolean

const number: Field = (value) => typeof value === 'number' && value >= 0
const flag: Field = (value) => typeof value === 'boolean'

interface Handler {
  fields: Record<string, Field>
  sampleRateHz: number
  secondsOf(text: string, parameters: Parameters): number
}

const handlers: Readonly<Record<'musicgen' | 'bark', Handler>> = {
  musicgen: {
    fields: {
      max_new_tokens: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= unconfirmed.mostTokens,
      do_sample: flag,
      guidance_scale: number,
      temperature: number,
      top_k: number,
      top_p: number,
    },
    sampleRateHz: 32_000,
    secondsOf: (_, { max_new_tokens = 256 }) => Number(max_new_tokens) / unconfirmed.tokensPerSecond,
  },
  bark: {
    fields: {
      voice_preset: (value) => typeof value === 'string' && /^v2\/[a-z]{2}_speaker_[0-9]$|^announcer$/.test(value),
      do_sample: flag,
      semantic_temperature: number,
      coarse_temperature: number,
      fine_temperature: number,
    },
    sampleRateHz: 24_000,
    secondsOf: (text) => Math.min(13, 0.3 + text.length * unconfirmed.barkSecondsPerCharacter),
  },
}

const served = /^\/(?:hf-inference\/models\/[\w.-]+\/)?(musicgen|bark)(?:-small)?(-samples)?$/

/** Endpoints that serve the two models: `/musicgen` and `/bark` as audio, `/musicgen-samples` and `/bark-samples` as JSON. */
export const huggingFaceFake: FakeDefinition = {
  id: 'hugging-face',
  summary: 'Inference endpoints of Hugging Face: MusicGen and Bark.',
  credentials: { apiKey: 'hf_fake0123456789abcdef' },
  options({ origin, credentials }) {
    const optionsOf = (name: string) => ({ via: 'huggingface' as const, baseURL: `${origin}/${name}`, apiKey: credentials.apiKey! })
    return { musicgen: optionsOf('musicgen'), bark: optionsOf('bark') }
  },
  isPaid: ({ method }) => method === 'POST',
  faults: {
    loading: refuse(503, 'Model facebook/musicgen-small is currently loading', { estimated_time: 20 }),
    'loading-long': refuse(503, 'Model facebook/musicgen-small is currently loading', { estimated_time: 900.5 }),
    unavailable: refuse(503, 'Service Unavailable'),
    credit: refuse(402, 'You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get 20x more monthly included credits.'),
    unauthorized: refuse(401, 'Invalid username or password.'),
    'not-found': refuse(404, 'Not Found'),
    unsupported: refuse(400, 'Model not supported by provider hf-inference'),
    'wrong-input': refuse(400, ['Error in `parameters`: extra fields not permitted', 'Error in `inputs`: field required']),
    'rate-limit': refuse(429, 'Too many requests'),
    'rate-limit-seconds': { ...refuse(429, 'Too many requests'), headers: { 'retry-after': '2' } },
    server: refuse(500, 'CUDA out of memory'),
  },
  create(fake) {
    return async ({ method, path, headers, json, damage }) => {
      if (headers.authorization !== `Bearer ${fake.credentials.apiKey}`)
        return refuse(401, headers.authorization ? 'Invalid credentials in Authorization header' : 'Invalid username or password.')
      const [, name, samples] = served.exec(path) ?? []
      if (method !== 'POST' || name === undefined) return refuse(404, 'Not Found')
      if (json === null || typeof json !== 'object') return refuse(unconfirmed.wrongContentType, 'Expected request with `Content-Type: application/json`')
      const { inputs, parameters = {}, ...rest } = json as { inputs?: unknown; parameters?: Parameters }
      if (typeof inputs !== 'string' || inputs === '') return refuse(400, ['Error in `inputs`: field required'])
      const handler = handlers[name as 'bark']
      const wrong = [...Object.keys(rest), ...Object.entries(parameters).flatMap(([field, value]) => (handler.fields[field]?.(value) ? [] : [field]))]
      if (wrong.length > 0) return refuse(400, wrong.map((field) => `Error in \`${field}\`: not permitted`))
      const { sampleRateHz } = handler
      const bytes = await makeSound({ text: JSON.stringify([inputs, parameters]), seconds: handler.secondsOf(inputs, parameters), format: 'wav', sampleRateHz, ...(!samples && { damage }) })
      fake.bill(unconfirmed.soundMicroUsd)
      if (!samples) return { headers: { 'content-type': 'audio/wav' }, body: bytes }
      const { channels } = await decodeSound(bytes)
      const audio = damage === 'truncated' ? [[]] : damage === 'wrong-type' ? 'a picture' : channels.map((channel) => [...channel])
      return { body: [{ generated_audio: audio, sampling_rate: sampleRateHz }] }
    }
  },
}

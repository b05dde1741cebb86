import { makeSound, type SoundWish } from './fake-media.ts'
import type { FakeAnswer, FakeDefinition } from './fake.ts'
import type { FakeRequest } from './fake-request.ts'

/** What no source confirms; change it here when one does. */
const unconfirmed = {
  wrongContentType: 422,
  longestSoundText: 450,
  longestSpeechText: 10_000,
  missingKeyStatus: 'needs_authorization',
  badPromptData: { prompt_suggestion: 'An upbeat song in the manner of the nineties.' },
  /** Length of a sound whose length is left to the service. */
  automaticSeconds: 2,
  soundMicroUsd: 120_000,
  musicMicroUsdPerMs: 5,
  speechMicroUsdPerCharacter: (model: string) => (model.includes('flash') ? 50 : 100),
  pcmType: 'audio/pcm',
}

const mp3 = ['mp3_22050_32', 'mp3_24000_48', ...[32, 64, 96, 128, 192].map((rate) => `mp3_44100_${rate}`)]
const rates = [8000, 16000, 22050, 24000, 32000, 44100, 48000]
const opus = [32, 64, 96, 128, 192].map((rate) => `opus_48000_${rate}`)
const common = [...mp3, ...rates.map((rate) => `pcm_${rate}`), 'ulaw_8000', 'alaw_8000', ...opus]
const formats = {
  sound: common,
  music: ['auto', ...common, ...[128, 192, 240, 320].map((rate) => `mp3_48000_${rate}`)],
  speech: [...common, ...rates.map((rate) => `wav_${rate}`)],
}
const voices = ['fakeVoice0123456789A', 'fakeVoice0123456789B']

const refuse = (status: number, code: string, message: string, more: { headers?: Record<string, string>; data?: object } = {}): FakeAnswer => ({
  status,
  headers: { 'request-id': 'fake', ...more.headers },
  body: { detail: { status: code, message, ...(more.data && { data: more.data }) } },
})
const invalid = (field: string, msg: string, type = 'value_error'): FakeAnswer => ({ status: 422, body: { detail: [{ loc: ['body', field], msg, type }] } })

type Asked = Record<string, unknown>
type Kind = keyof typeof formats

const fields: Record<Kind, string[]> = {
  sound: ['text', 'duration_seconds', 'prompt_influence', 'loop', 'model_id'],
  music: ['prompt', 'composition_plan', 'music_length_ms', 'model_id', 'force_instrumental', 'seed', 'finetune_id', 'respect_sections_durations', 'store_for_inpainting', 'sign_with_c2pa'],
  speech: ['text', 'model_id', 'voice_settings', 'seed', 'language_code', 'previous_text', 'next_text', 'apply_text_normalization'],
}
const models: Record<Kind, string[]> = {
  sound: ['eleven_text_to_sound_v2'],
  music: ['music_v1', 'music_v2', 'music_v2_5'],
  speech: ['eleven_multilingual_v2', 'eleven_v3', 'eleven_flash_v2', 'eleven_flash_v2_5', 'eleven_turbo_v2_5'],
}

const isWithin = (value: unknown, least: number, most: number) => typeof value === 'number' && value >= least && value <= most
const isShare = (value: unknown) => value === undefined || isWithin(value, 0, 1)

/** The error answer to a body that the API would refuse. */
function refusalOf(kind: Kind, asked: Asked): FakeAnswer | undefined {
  for (const name of Object.keys(asked)) if (!fields[kind].includes(name)) return invalid(name, 'Extra inputs are not permitted', 'extra_forbidden')
  if (!models[kind].includes(String(asked.model_id ?? models[kind][0]))) return refuse(400, 'invalid_model', `A model with model ID ${String(asked.model_id)} does not exist.`)
  if (kind === 'music') return musicRefusal(asked)
  if (typeof asked.text !== 'string' || asked.text === '') return invalid('text', 'Field required', 'missing')
  const longest = kind === 'sound' ? unconfirmed.longestSoundText : unconfirmed.longestSpeechText
  if (asked.text.length > longest) return refuse(400, 'max_character_limit_exceeded', `The text has ${asked.text.length} characters, and ${longest} are the limit.`)
  if (kind === 'sound') {
    if (asked.duration_seconds != null && !isWithin(asked.duration_seconds, 0.5, 30)) return invalid('duration_seconds', 'Input should be between 0.5 and 30')
    if (!isShare(asked.prompt_influence)) return invalid('prompt_influence', 'Input should be between 0 and 1')
    return asked.loop === undefined || typeof asked.loop === 'boolean' ? undefined : invalid('loop', 'Input should be a valid boolean')
  }
  if (asked.seed !== undefined && !(Number.isInteger(asked.seed) && isWithin(asked.seed, 0, 4_294_967_295))) return invalid('seed', 'Input should be between 0 and 4294967295')
  const { stability, similarity_boost, style } = (asked.voice_settings ?? {}) as Asked
  if (![stability, similarity_boost, style].every(isShare)) return invalid('voice_settings', 'Input should be between 0 and 1')
  return [undefined, 'auto', 'on', 'off'].includes(asked.apply_text_normalization as string) ? undefined : invalid('apply_text_normalization', 'Input should be auto, on or off')
}

function musicRefusal(asked: Asked): FakeAnswer | undefined {
  const plan = asked.composition_plan as { sections?: { duration_ms: number }[]; chunks?: { duration_ms: number }[] } | undefined
  if ((asked.prompt === undefined) === (plan === undefined)) return invalid('prompt', 'Either prompt or composition_plan')
  if (plan) {
    if (asked.music_length_ms !== undefined || asked.force_instrumental !== undefined) return invalid('composition_plan', 'music_length_ms and force_instrumental go with a prompt only')
    if ((asked.model_id === 'music_v1') !== (plan.sections !== undefined)) return invalid('composition_plan', 'Invalid type of composition_plan')
    const parts = plan.sections ?? plan.chunks ?? []
    if (parts.length === 0 || parts.length > 30 || !parts.every(({ duration_ms }) => isWithin(duration_ms, 3000, 120_000))) return invalid('composition_plan', 'Parts are 3000 to 120000 ms long')
    return asked.seed === undefined || isWithin(asked.seed, 0, 2_147_483_647) ? undefined : invalid('seed', 'Input should be between 0 and 2147483647')
  }
  if (asked.seed !== undefined) return invalid('seed', 'Seed cannot be used with prompt')
  if (typeof asked.prompt !== 'string' || asked.prompt.length === 0 || asked.prompt.length > 4100) return invalid('prompt', 'String should have 1 to 4100 characters')
  if (asked.music_length_ms !== undefined && !(Number.isInteger(asked.music_length_ms) && isWithin(asked.music_length_ms, 3000, 600_000))) return invalid('music_length_ms', 'Input should be between 3000 and 600000')
  return undefined
}

/** Audio bytes in an output format; pcm is the samples of a WAV without its head. */
async function soundIn(format: string, wish: Omit<SoundWish, 'format' | 'sampleRateHz'>): Promise<{ bytes: Buffer; type: string }> {
  const [codec, rate] = format.split('_')
  const sampleRateHz = Number(rate)
  if (codec === 'wav') return { bytes: await makeSound({ ...wish, format: 'wav', sampleRateHz }), type: 'audio/wav' }
  if (codec === 'pcm') return { bytes: (await makeSound({ ...wish, format: 'wav', sampleRateHz })).subarray(44), type: unconfirmed.pcmType }
  return { bytes: await makeSound({ ...wish, format: 'mp3', sampleRateHz: sampleRateHz || 44_100 }), type: 'audio/mpeg' }
}

/** Sound effects, music and speech. */
export const elevenlabsFake: FakeDefinition = {
  id: 'elevenlabs',
  summary: 'ElevenLabs sound effects, music and speech.',
  credentials: { apiKey: 'sk_fake_elevenlabs_0123456789' },
  options: ({ origin, credentials }) => ({ elevenlabs: { baseURL: origin, apiKey: credentials.apiKey! } }),
  isPaid: ({ method, path }) => method === 'POST' && /^\/v1\/(?:sound-generation|music|text-to-speech\/[^/]+)$/.test(path),
  faults: {
    'rate-limit': refuse(429, 'system_busy', 'The system is experiencing heavy traffic, please try again.'),
    'rate-limit-seconds': refuse(429, 'system_busy', 'The system is experiencing heavy traffic, please try again.', { headers: { 'retry-after': '3' } }),
    concurrent: refuse(429, 'too_many_concurrent_requests', 'Too many concurrent requests. Your current subscription allows 2.', { headers: { 'current-concurrent-requests': '2', 'maximum-concurrent-requests': '2' } }),
    'concurrent-2026': refuse(429, 'concurrent_limit_exceeded', 'Too many concurrent requests.'),
    quota: refuse(401, 'quota_exceeded', 'This request exceeds your quota of 10000. You have 0 credits remaining, while 91 credits are required for this request.'),
    payment: refuse(402, 'payment_required', 'A paid plan is needed.'),
    unauthorized: ({ headers }) => refuse(401, 'invalid_api_key', `Invalid API key ${headers['xi-api-key']}`),
    'missing-permission': refuse(401, 'missing_permissions', 'The API key you used is missing the permission sound_generation.'),
    plan: refuse(403, 'only_for_creator+', 'This output format is only allowed for the Creator tier and above.'),
    forbidden: refuse(403, 'forbidden', 'The workspace may not do this.'),
    'voice-not-found': refuse(404, 'voice_not_found', 'A voice for the voice_id was not found.'),
    'too-long': refuse(400, 'max_character_limit_exceeded', 'The text is too long.'),
    'bad-prompt': refuse(400, 'bad_prompt', 'The prompt names a brand or an artist.', { data: unconfirmed.badPromptData }),
    validation: invalid('duration_seconds', 'Input should be less than or equal to 30', 'less_than_equal'),
    server: refuse(500, 'internal_server_error', 'Something went wrong.'),
    'plain-text': { status: 503, body: 'upstream connect error' },
  },
  create(fake) {
    const kindOf = ({ path }: FakeRequest): Kind | undefined =>
      path === '/v1/sound-generation' ? 'sound' : path === '/v1/music' ? 'music' : /^\/v1\/text-to-speech\/[^/]+$/.test(path) ? 'speech' : undefined

    const answer = async (kind: Kind, request: FakeRequest, asked: Asked, format: string): Promise<FakeAnswer> => {
      const { damage } = request
      if (kind === 'sound') {
        fake.bill(unconfirmed.soundMicroUsd)
        const seconds = (asked.duration_seconds as number | null | undefined) ?? unconfirmed.automaticSeconds
        const { bytes, type } = await soundIn(format, { text: String(asked.text), seconds, damage })
        return { headers: { 'content-type': type, 'request-id': 'fake', 'character-cost': String(asked.duration_seconds == null ? 200 : Math.round(seconds * 40)) }, body: bytes }
      }
      if (kind === 'music') {
        const { sections, chunks } = (asked.composition_plan ?? {}) as { sections?: { duration_ms: number }[]; chunks?: { duration_ms: number }[] }
        const lengthMs = (sections ?? chunks)?.reduce((sum, { duration_ms }) => sum + duration_ms, 0) ?? Number(asked.music_length_ms ?? 10_000)
        fake.bill(lengthMs * unconfirmed.musicMicroUsdPerMs)
        const text = `${String(asked.prompt ?? JSON.stringify(asked.composition_plan))} ${String(asked.seed)}`
        const { bytes, type } = await soundIn(format, { text, seconds: lengthMs / 1000, channels: 2, damage })
        return { headers: { 'content-type': type, 'request-id': 'fake', 'song-id': 'song-1' }, body: bytes }
      }
      const text = String(asked.text)
      fake.bill(text.length * unconfirmed.speechMicroUsdPerCharacter(String(asked.model_id)))
      const { bytes, type } = await soundIn(format, { text: `${request.path} ${text} ${String(asked.seed)}`, seconds: 0.3 + text.length / 15, damage })
      return { headers: { 'content-type': type, 'request-id': 'fake', 'character-cost': String(text.length) }, body: bytes }
    }

    return async (request) => {
      const key = request.headers['xi-api-key']
      if (key === undefined) return refuse(401, unconfirmed.missingKeyStatus, 'Neither authorization header nor xi-api-key received, please provide one.')
      if (key !== fake.credentials.apiKey) return refuse(401, 'invalid_api_key', 'Invalid API key')
      if (request.method === 'GET' && request.path === '/v1/user/subscription') return { body: { tier: 'free', character_count: 0, character_limit: 10_000, next_character_count_reset_unix: 1_789_000_000, status: 'active' } }
      const kind = kindOf(request)
      if (!kind || request.method !== 'POST') return { status: 404, body: { detail: 'Not Found' } }
      if (typeof request.json !== 'object' || request.json === null) return { status: unconfirmed.wrongContentType, body: { detail: [{ loc: ['body'], msg: 'Input should be a valid dictionary', type: 'model_attributes_type' }] } }
      const asked = request.json as Asked
      const format = request.query.get('output_format') ?? 'mp3_44100_128'
      if (!formats[kind].includes(format)) return { status: 422, body: { detail: [{ loc: ['query', 'output_format'], msg: 'Input should be an output format', type: 'enum' }] } }
      if (kind === 'speech' && !voices.includes(request.path.split('/').at(-1)!)) return refuse(404, 'voice_not_found', `A voice with the voice_id ${request.path.split('/').at(-1)} was not found.`)
      return refusalOf(kind, asked) ?? answer(kind, request, asked, format)
    }
  },
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Job, JobRequest } from '../../src/core/job.ts'
import { failureOf } from '../../src/core/provider-failure.ts'
import { createRedactor } from '../../src/core/redact.ts'
import { inspectSound } from '../../src/generators/media/inspect-sound.ts'
import { createProviders } from '../../src/generators/providers.ts'
import { startMedia } from '../generators/media.ts'
import { openWorkspace } from '../../src/workspace.ts'
import { elevenlabsFake } from '../fakes/elevenlabs.ts'
import { startFake, type Fake } from '../fakes/fake.ts'
import { createProject, options } from '../operations/project.ts'

let fake: Fake
beforeEach(async () => {
  fake = await startFake(elevenlabsFake)
})
afterEach(() => fake.close())

const voice = 'fakeVoice0123456789A'
const provider = (prices: Record<string, number> = {}) =>
  createProviders({ options: fake.options, keys: {}, prices: { elevenlabs: prices }, redact: createRedactor([]), media: startMedia() }).get('elevenlabs')
const job = async (request: Partial<JobRequest>): Promise<Job> => {
  const whole: JobRequest = { type: 'audio', prompt: 'a coin that drops', variations: 1, parameters: {}, ...request }
  const model = whole.model ?? (await provider()).defaultModel?.(whole)
  return { key: 'k', specId: 'spec', provider: 'elevenlabs', request: { ...whole, ...(model && { model }) }, references: [] }
}
const generate = async (request: Partial<JobRequest>, prices?: Record<string, number>) =>
  (await provider(prices)).generate(await job(request), { signal: new AbortController().signal })
const sent = () => fake.requests.at(-1)!
const problemOf = async (act: () => unknown) => {
  try {
    await act()
  } catch (error) {
    return { text: `${(error as Error).message} ${(error as { hint?: string }).hint ?? ''}`, kind: failureOf(error)?.kind, code: (error as { code?: string }).code }
  }
  return expect.fail('nothing was refused')
}

const sections = {
  positive_global_styles: ['calm'],
  negative_global_styles: [],
  sections: [{ section_name: 'A', positive_local_styles: [], negative_local_styles: [], duration_ms: 4000, lines: [] }],
}
const chunks = { chunks: [{ text: 'calm', duration_ms: 3000 }, { text: 'loud', duration_ms: 5000 }] }

describe('prices', () => {
  it.each<[string, Partial<JobRequest>, number]>([
    ['a sound', {}, 120_000],
    ['a long sound', { durationSeconds: 30 }, 120_000],
    ['a minute of music', { type: 'music', durationSeconds: 60 }, 300_000],
    ['3.5 s of music', { type: 'music', durationSeconds: 3.5, model: 'music_v1' }, 17_500],
    ['ten minutes of music', { type: 'music', durationSeconds: 600, model: 'music_v2_5' }, 3_000_000],
    ['music of the usual length', { type: 'music' }, 150_000],
    ['music by a plan', { type: 'music', parameters: { composition_plan: chunks } }, 40_000],
    ['1,000 characters', { type: 'speech', voice, prompt: 'x'.repeat(1000) }, 100_000],
    ['one character of v3', { type: 'speech', voice, prompt: 'x', model: 'eleven_v3' }, 100],
    ['1,000 characters of Flash', { type: 'speech', voice, prompt: 'x'.repeat(1000), model: 'eleven_flash_v2_5' }, 50_000],
  ])('%s', async (_, request, microUsd) => {
    expect((await provider()).quote(await job(request))).toBe(microUsd)
    if ((request.durationSeconds ?? 0) <= 60) {
      expect((await generate(request)).costMicroUsd).toBe(microUsd)
      expect(fake.billedMicroUsd()).toBe(microUsd)
    }
  })

  it('has none for other models until the options say it', async () => {
    const request = { type: 'speech', voice, model: 'eleven_turbo_v2_5' } as const
    expect((await problemOf(async () => (await provider()).quote(await job(request)))).code).toBe('PRICE_UNKNOWN')
    expect((await generate(request, { eleven_turbo_v2_5: 0.01 })).costMicroUsd).toBe(10_000)
  })
})

describe('what is made', () => {
  it.each<[string, Partial<JobRequest>, object]>([
    ['a sound', { durationSeconds: 1.5 }, { mediaType: 'audio/mpeg', durationMs: 1500, sampleRateHz: 44_100 }],
    ['a sound as pcm', { durationSeconds: 1.5, parameters: { output_format: 'pcm_16000' } }, { mediaType: 'audio/wav', durationMs: 1500, sampleRateHz: 16_000, channels: 1 }],
    ['music', { type: 'music', durationSeconds: 4 }, { mediaType: 'audio/mpeg', durationMs: 4000, channels: 2 }],
    ['music of a high bit rate', { type: 'music', durationSeconds: 3, parameters: { output_format: 'mp3_48000_320' } }, { mediaType: 'audio/mpeg', sampleRateHz: 48_000 }],
    ['speech', { type: 'speech', voice }, { mediaType: 'audio/mpeg' }],
    ['speech as wav', { type: 'speech', voice, parameters: { output_format: 'wav_24000' } }, { mediaType: 'audio/wav', sampleRateHz: 24_000 }],
    ['speech as pcm', { type: 'speech', voice, parameters: { output_format: 'pcm_44100' } }, { mediaType: 'audio/wav', sampleRateHz: 44_100, channels: 1 }],
  ])('%s can be decoded', async (_, request, { durationMs, ...facts }: { durationMs?: number }) => {
    const { outputs } = await generate(request)
    const found = await inspectSound(outputs[0]!.bytes)
    expect(found).toMatchObject(facts)
    expect(outputs[0]!.mediaType).toBe(found.mediaType)
    if (durationMs) expect(Math.abs(found.durationMs! - durationMs)).toBeLessThan(60)
  })

  it('of pcm has the very samples of the answer', async () => {
    const pcm = await generate({ durationSeconds: 0.5, parameters: { output_format: 'pcm_8000' } })
    const { bytes } = pcm.outputs[0]!
    const wav = await generate({ type: 'speech', voice, parameters: { output_format: 'wav_8000' } })
    expect(bytes.length).toBe(44 + 0.5 * 8000 * 2)
    expect(Buffer.from(bytes.subarray(0, 4)).toString()).toBe('RIFF')
    expect(bytes.subarray(20, 36)).toEqual(wav.outputs[0]!.bytes.subarray(20, 36))
  })

  it.each(['html', 'cut-body'])('of pcm is not taken from %s', async (fault) => {
    fake.faults.push(fault)
    const { kind } = await problemOf(() => generate({ durationSeconds: 1, parameters: { output_format: 'pcm_8000' } }))
    expect(kind).toBe(fault === 'html' ? 'bad-output' : 'maybe-spent')
  })

  it('is told with its credits, which are no amount of money', async () => {
    expect(await generate({ durationSeconds: 2 })).toMatchObject({ costMicroUsd: 120_000, meta: { credits: 80, outputFormat: 'mp3_44100_128' } })
  })
})

describe('what is sent', () => {
  it.each<[string, Partial<JobRequest>, string, object]>([
    [
      'a sound',
      { durationSeconds: 2.5, negative: 'voices', seed: 4, parameters: { prompt_influence: 0.7, loop: true } },
      '/v1/sound-generation',
      { text: 'a coin that drops\nAvoid: voices', model_id: 'eleven_text_to_sound_v2', duration_seconds: 2.5, prompt_influence: 0.7, loop: true },
    ],
    ['a sound of any length', {}, '/v1/sound-generation', { text: 'a coin that drops', model_id: 'eleven_text_to_sound_v2' }],
    [
      'music',
      { type: 'music', durationSeconds: 3.5, seed: 4, parameters: { force_instrumental: true } },
      '/v1/music',
      { prompt: 'a coin that drops', music_length_ms: 3500, model_id: 'music_v2', force_instrumental: true },
    ],
    ['music by a plan', { type: 'music', seed: 4, parameters: { composition_plan: chunks } }, '/v1/music', { composition_plan: chunks, model_id: 'music_v2', seed: 4 }],
    [
      'music by a plan of sections',
      { type: 'music', model: 'music_v1', parameters: { composition_plan: sections, respect_sections_durations: true } },
      '/v1/music',
      { composition_plan: sections, model_id: 'music_v1', respect_sections_durations: true },
    ],
    [
      'speech',
      { type: 'speech', voice, seed: 4_294_967_295, prompt: 'Hello', parameters: { voice_settings: { stability: 0.2, speed: 1.1 }, language_code: 'en', previous_text: 'So.', apply_text_normalization: 'off' } },
      `/v1/text-to-speech/${voice}`,
      { text: 'Hello', model_id: 'eleven_multilingual_v2', seed: 4_294_967_295, voice_settings: { stability: 0.2, speed: 1.1 }, language_code: 'en', previous_text: 'So.', apply_text_normalization: 'off' },
    ],
  ])('for %s', async (_, request, path, body) => {
    await generate(request)
    expect({ path: sent().path, body: sent().json, key: sent().headers['xi-api-key'], format: sent().query.get('output_format') }).toEqual({
      path,
      body,
      key: elevenlabsFake.credentials.apiKey,
      format: 'mp3_44100_128',
    })
  })
})

describe('refused before the call', () => {
  it.each<[string, Partial<JobRequest>, RegExp]>([
    ['a short sound', { durationSeconds: 0.2 }, /0\.5 to 30 s, and 0\.2 s/],
    ['a long sound', { durationSeconds: 31 }, /0\.5 to 30 s/],
    ['short music', { type: 'music', durationSeconds: 2 }, /3 to 600 s/],
    ['a long prompt for music', { type: 'music', prompt: 'x'.repeat(4101) }, /4101 characters, and at most 4100/],
    ['music as pcm', { type: 'music', parameters: { output_format: 'pcm_44100' } }, /output_format/],
    ['opus', { parameters: { output_format: 'opus_48000_64' } }, /output_format.*mp3_44100_128/],
    ['a loop of music', { type: 'music', parameters: { loop: true } }, /no parameter loop.*force_instrumental/],
    ['an influence of 2', { parameters: { prompt_influence: 2 } }, /prompt_influence/],
    ['a duration in the words of the API', { parameters: { duration_seconds: 2 } }, /Write duration, in seconds/],
    ['a plan of chunks for the old model', { type: 'music', model: 'music_v1', parameters: { composition_plan: chunks } }, /music_v1 takes a plan of sections/],
    ['a plan of sections for a newer one', { type: 'music', parameters: { composition_plan: sections } }, /music_v2 takes a plan of chunks/],
    ['a plan with a duration', { type: 'music', durationSeconds: 8, parameters: { composition_plan: chunks } }, /leave duration out/],
    ['a large seed of a plan', { type: 'music', seed: 2 ** 31, parameters: { composition_plan: chunks } }, /2147483647/],
    ['speech without a voice', { type: 'speech' }, /needs a voice/],
    ['a voice that is a path', { type: 'speech', voice: '../v1/user' }, /no id of a voice/],
    ['speech that avoids', { type: 'speech', voice, negative: 'x' }, /word for word/],
    ['speech of a length', { type: 'speech', voice, durationSeconds: 3 }, /leave duration out/],
    ['a stability of 2', { type: 'speech', voice, parameters: { voice_settings: { stability: 2 } } }, /voice_settings\.stability/],
    ['a large seed of speech', { type: 'speech', voice, seed: 2 ** 32 }, /4294967295/],
    ['two at once', { variations: 2 }, /one sound/],
  ])('%s', async (_, request, message) => {
    const elevenlabs = await provider()
    const asked = await job(request)
    const { text, kind } = await problemOf(() => elevenlabs.quote(asked))
    expect(text).toMatch(message)
    expect(kind).toBe('rejected')
    expect(fake.requests).toEqual([])
  })
})

describe('what the answer says', () => {
  it.each([
    ['quota', 'money', /exceeds your quota/],
    ['payment', 'money', /paid plan.*music/],
    ['plan', 'rejected', /Creator.*output_format/],
    ['voice-not-found', 'rejected', /voice.*prompt\.parameters\.voice/],
    ['bad-prompt', 'rejected', /It suggests: An upbeat song/],
    ['validation', 'rejected', /duration_seconds: Input should be less than/],
  ])('of %s is told', async (fault, kind, text) => {
    fake.faults.push(fault)
    expect(await problemOf(() => generate({}))).toMatchObject({ kind, text: expect.stringMatching(text) as string })
  })

  it('of a text that is too long is told, free', async () => {
    expect(await problemOf(() => generate({ prompt: 'x'.repeat(451) }))).toMatchObject({ kind: 'rejected', text: expect.stringMatching(/451 characters/) as string })
    expect(fake.billedMicroUsd()).toBe(0)
  })
})

it.each([
  ['audio', { duration: 2 }],
  ['music', { duration: 4 }],
  ['speech', { voice, output_format: 'pcm_22050' }],
])('%s becomes a trimmed, normalised MP3 of the project', async (type, parameters) => {
  const project = createProject()
  project.write(
    'specs/thing.json',
    JSON.stringify({
      version: '1.0',
      id: 'thing',
      generation: { type, provider: 'elevenlabs' },
      prompt: { base: 'a coin that drops', parameters },
      post_processing: [
        { action: 'trim_silence', threshold: '-40 dB' },
        { action: 'normalize', peak: '-1.0 dB' },
        { action: 'convert', formats: ['mp3'], bitrate: '192k' },
        { action: 'validate', checks: [{ duration_range: [0.5, 5] }] },
      ],
      integration: { manifest_key: 'thing', token: { prefix: 'SFX', variant: 'THING' } },
    }),
  )
  const workspace = await openWorkspace({ root: project.root, options: { ...options, constants: false, providers: fake.options, budget: { monthlyUsd: 1 } }, env: {} })
  try {
    const { results } = await workspace.generation.run(await workspace.generation.plan(), {})
    expect(results[0]!.error).toBeUndefined()
    expect(results[0]!.entry).toMatchObject({ kind: 'audio', mediaType: 'audio/mpeg' })
    expect((await inspectSound(project.read(results[0]!.entry!.file!))).durationMs).toBeGreaterThan(400)
  } finally {
    await workspace.close()
    project.remove()
  }
})

it('is passed over for a length that it does not make', async () => {
  const project = createProject()
  const spec = (id: string, type: string, duration: number) =>
    project.write(`specs/${id}.json`, JSON.stringify({ version: '1.0', id, generation: { type, provider: 'elevenlabs', fallback: 'local' }, prompt: { base: 'jump', parameters: { duration } } }))
  spec('a', 'audio', 0.2)
  spec('b', 'audio', 40)
  spec('c', 'music', 40)
  const workspace = await openWorkspace({ root: project.root, options: { ...options, constants: false, providers: fake.options }, env: {} })
  try {
    const { jobs } = await workspace.generation.plan()
    expect(jobs.map(({ candidate }) => candidate?.provider)).toEqual(['local', 'local', 'elevenlabs'])
  } finally {
    await workspace.close()
    project.remove()
  }
})

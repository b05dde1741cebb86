import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Job, JobRequest } from '../../src/core/job.ts'
import type { Manifest } from '../../src/core/manifest.ts'
import { failureOf, type Failure } from '../../src/core/provider-failure.ts'
import { createRedactor } from '../../src/core/redact.ts'
import { decodeSound } from '../../src/generators/media/decode-sound.ts'
import type { MusicEngine } from '../../src/generators/musicgen/in-process.ts'
import { createMusicgenProvider } from '../../src/generators/musicgen/index.ts'
import { createMusicMaker } from '../../src/generators/musicgen/make-music.ts'
import type { MusicModel, Transformers, TransformersSource } from '../../src/generators/musicgen/transformers.ts'
import { createProviders } from '../../src/generators/providers.ts'
import { startMedia } from '../generators/media.ts'
import { resolveOptions } from '../../src/options.ts'
import { startFake, type Fake, type FakeDefinition, type ProviderOptions } from '../fakes/fake.ts'
import { huggingFaceFake } from '../fakes/hugging-face.ts'
import { replicateFake } from '../fakes/replicate.ts'
import { createProject, startCli } from '../operations/project.ts'

type Id = 'musicgen' | 'bark'

const job = (provider: Id, request: Partial<JobRequest> = {}): Job => ({
  key: 'k',
  specId: 'spec',
  provider,
  request: { type: provider === 'musicgen' ? 'music' : 'speech', prompt: 'calm piano', variations: 1, parameters: {}, ...request },
  references: [],
})

const load = (id: Id, providers: ProviderOptions, prices: Record<string, Record<string, number>> = {}, keys = {}) =>
  createProviders({ options: providers, keys, prices, redact: createRedactor([]), media: startMedia() }).get(id)

const failed = async (act: () => Promise<unknown> | unknown): Promise<Failure> => {
  try {
    await act()
  } catch (error) {
    return failureOf(error) ?? expect.fail(`is no provider failure: ${String((error as Error).stack)}`)
  }
  return expect.fail('nothing failed')
}

let fake: Fake
const eachWith = (definition: FakeDefinition) => {
  beforeEach(async () => {
    fake = await startFake(definition)
  })
  afterEach(() => fake.close())
}
const generate = async (id: Id, request: Partial<JobRequest> = {}, signal = new AbortController().signal) => (await load(id, fake.options)).generate(job(id, request), { signal })
const sent = () => fake.requests.find(({ method }) => method === 'POST')!.json as Record<string, Record<string, unknown>>
const requests = () => fake.requests.map(({ method, path }) => `${method} ${path.replace(/\/predictions\/\w+/, '/predictions/ID')}`)

describe('at Replicate', () => {
  eachWith(replicateFake)

  it('waits for the run and fetches its file from another host without the key', async () => {
    const { outputs, model, meta } = await generate('musicgen', { durationSeconds: 2.5, seed: 7, parameters: { temperature: 1.2 } })
    expect(sent()).toEqual({
      version: 'b05b1dff1d8c6dc63d14b0cdb42135378dcb87f6373b0d3d341ede46e59e2b38',
      input: { prompt: 'calm piano', duration: 3, seed: 7, temperature: 1.2, output_format: 'wav' },
    })
    expect(requests()).toEqual(['POST /v1/predictions', 'GET /v1/predictions/ID'])
    expect(fake.foreign).toHaveLength(1)
    expect(fake.foreign[0]!.headers.authorization).toBeUndefined()
    const sound = await decodeSound(outputs[0]!.bytes)
    expect(sound).toMatchObject({ sampleRateHz: 32_000 })
    expect(sound.channels).toHaveLength(2)
    expect(sound.channels[0]!.length).toBe(3 * 32_000)
    expect(model).toBe('meta/musicgen')
    expect(meta).toMatchObject({ predictSeconds: 4.2 })
  })

  it('gives Bark its voice and takes the sound out of what it answers', async () => {
    const { outputs, licenseNote } = await generate('bark', { voice: 'v2/de_speaker_3', parameters: { text_temp: 0.5 } })
    expect(sent().input).toEqual({ prompt: 'calm piano', history_prompt: 'de_speaker_3', text_temp: 0.5 })
    expect((await decodeSound(outputs[0]!.bytes)).sampleRateHz).toBe(24_000)
    expect(licenseNote).toBeUndefined()
  })

  it('takes what is ready in the first answer', async () => {
    // As a proxy may hold the request.
    const answer = await fetch(`${fake.origin}/v1/predictions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${replicateFake.credentials.apiKey}`, 'content-type': 'application/json', prefer: 'wait' },
      body: JSON.stringify({ version: '2b5dc5f29cee83fd5cdf8f9c92e555aae7ca2a69b73c5182f3065362b2fa0a45', input: { prompt: 'x', duration: 1 } }),
    })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toMatchObject({ status: 'succeeded', output: expect.stringContaining(fake.foreignOrigin) as string })
  })

  it.each([
    ['run-failed', /the run failed: CUDA out of memory \(E1001\)/],
    ['run-canceled', /cancelled at Replicate/],
    ['run-aborted', /aborted before it began/],
  ])('counts %s at a look as money that may be gone, and cancels nothing', async (fault, message) => {
    fake.faults.push({ fault, on: /GET/ })
    expect(await failed(() => generate('musicgen'))).toMatchObject({ kind: 'maybe-spent', message: expect.stringMatching(message) as string, hint: expect.stringContaining('billed') as string })
    expect(requests()).toEqual(['POST /v1/predictions', 'GET /v1/predictions/ID'])
  })

  it.each(['server', 'rate-limit', 'cut-before', 'html'])('looks again after %s at a look', async (fault) => {
    fake.faults.push({ fault, on: /GET/ })
    expect((await generate('musicgen', { durationSeconds: 1 })).outputs).toHaveLength(1)
    expect(requests()).toEqual(['POST /v1/predictions', 'GET /v1/predictions/ID', 'GET /v1/predictions/ID'])
  })

  it('cancels a run that it gives up', async () => {
    const stop = new AbortController()
    const failure = failed(() => generate('bark', { prompt: 'this takes a minute' }, stop.signal))
    await expect.poll(() => requests()).toContain('GET /v1/predictions/ID')
    stop.abort()
    expect(await failure).toMatchObject({ kind: 'maybe-spent' })
    expect(requests().at(-1)).toBe('POST /v1/predictions/ID/cancel')
    const { path } = fake.requests.findLast(({ method }) => method === 'GET')!
    const now = await fetch(`${fake.origin}${path}`, { headers: { authorization: `Bearer ${replicateFake.credentials.apiKey}` } })
    expect(await now.json()).toMatchObject({ status: 'canceled' })
  })

  it('makes nothing without a price, and takes it for the model by name or for all', async () => {
    const quoted = async (prices: Record<string, Record<string, number>>, request = {}) => (await load('musicgen', fake.options, prices)).quote(job('musicgen', request))
    await expect(quoted({})).rejects.toMatchObject({ code: 'PRICE_UNKNOWN', hint: expect.stringContaining('"musicgen"') as string })
    expect(await quoted({ musicgen: { '*': 0.05 } })).toBe(50_000)
    expect(await quoted({ musicgen: { 'meta/musicgen': 0.07 } }, { model: 'meta/musicgen' })).toBe(70_000)
  })

  it('runs the version that the options or the spec name, which is part of the job key', async () => {
    const version = '2b5dc5f29cee83fd5cdf8f9c92e555aae7ca2a69b73c5182f3065362b2fa0a45'
    const other = await load('musicgen', { musicgen: { ...fake.options.musicgen, version } as never })
    expect(other.defaultModel?.(job('musicgen').request)).toBe(`meta/musicgen:${version}`)
    await other.generate(job('musicgen'), { signal: new AbortController().signal })
    expect(sent().version).toBe(version)
    fake.requests.length = 0
    await generate('musicgen', { model: `meta/musicgen:${version}` })
    expect(sent().version).toBe(version)
    const standard = await load('musicgen', fake.options)
    expect(() => standard.quote(job('musicgen', { model: 'musicgen-large' }))).toThrow(/no model musicgen-large/)
  })
})

describe('at an endpoint of Hugging Face', () => {
  eachWith(huggingFaceFake)

  it('asks for a length in tokens and for a voice as transformers name it', async () => {
    const { licenseNote } = await generate('musicgen', { durationSeconds: 2, parameters: { guidance_scale: 3 } })
    expect(sent()).toEqual({ inputs: 'calm piano', parameters: { max_new_tokens: 100, do_sample: true, guidance_scale: 3 } })
    expect(licenseNote).toMatch(/CC-BY-NC-4.0/)
    fake.requests.length = 0
    await generate('bark', { type: 'audio', voice: 'en_speaker_0' })
    expect(sent()).toEqual({ inputs: 'calm piano', parameters: { voice_preset: 'v2/en_speaker_0' } })
  })

  it('makes the same sound of samples in JSON', async () => {
    const asBytes = await generate('musicgen', { durationSeconds: 1 })
    const key = huggingFaceFake.credentials.apiKey!
    const provider = await load('musicgen', { musicgen: { via: 'huggingface', baseURL: `${fake.origin}/musicgen-samples`, apiKey: key } })
    const asSamples = await provider.generate(job('musicgen', { durationSeconds: 1 }), { signal: new AbortController().signal })
    expect(asSamples.outputs[0]!.mediaType).toBe('audio/wav')
    const [one, other] = await Promise.all([asBytes, asSamples].map(async ({ outputs }) => decodeSound(outputs[0]!.bytes)))
    expect(other!.sampleRateHz).toBe(one!.sampleRateHz)
    expect(other!.channels[0]!.length).toBe(one!.channels[0]!.length)
    expect(Math.max(...other!.channels[0]!.map((sample, i) => Math.abs(sample - one!.channels[0]![i]!)))).toBeLessThan(2 / 32_768)
  })

  it('says how to go on when nobody serves the model, and holds names of models to names', async () => {
    fake.faults.push('unsupported')
    expect((await failed(() => generate('bark'))).hint).toContain('providers.bark.baseURL')
    const provider = await load('bark', fake.options)
    for (const model of ['https://evil.example/x', '../up', 'a/..', 'a/b/c', 'bark'])
      expect(() => provider.quote(job('bark', { model })), model).toThrow(/no name of a model/)
  })
})

describe('what would only be refused', () => {
  const via = (way: 'replicate' | 'huggingface' | 'local') => ({ via: way, apiKey: 'some-key-0123' })
  const cases: [Id, 'replicate' | 'huggingface' | 'local', Partial<JobRequest>, RegExp][] = [
    ['musicgen', 'replicate', { parameters: { guidance_scale: 3 } }, /no parameter guidance_scale/],
    ['musicgen', 'replicate', { parameters: { model_version: 'encode-decode' } }, /model_version/],
    ['musicgen', 'replicate', { parameters: { top_p: 2 } }, /top_p/],
    ['musicgen', 'huggingface', { parameters: { output_format: 'mp3' } }, /no parameter output_format/],
    ['musicgen', 'local', { parameters: { temperature: 0 } }, /temperature/],
    ['musicgen', 'replicate', { durationSeconds: 31 }, /1 to 30 s/],
    ['musicgen', 'local', { durationSeconds: 0.5 }, /1 to 30 s/],
    ['musicgen', 'replicate', { negative: 'drums' }, /prompt\.negative/],
    ['musicgen', 'replicate', { voice: 'en_speaker_1' }, /voice/],
    ['musicgen', 'replicate', { seed: 2 ** 32 }, /seed/],
    ['musicgen', 'replicate', { variations: 2 }, /one sound/],
    ['musicgen', 'huggingface', { variations: 2 }, /one sound/],
    ['musicgen', 'local', { variations: 2 }, /one sound/],
    ['musicgen', 'local', { model: '../../etc' }, /no name of a model/],
    ['bark', 'replicate', { voice: 'Rachel' }, /no voice "Rachel"/],
    ['bark', 'replicate', { negative: 'noise' }, /word for word/],
    ['bark', 'huggingface', { prompt: 'word '.repeat(100) }, /at most 400/],
    ['bark', 'replicate', { parameters: { history_prompt: 'announcer' } }, /no parameter history_prompt/],
    ['bark', 'huggingface', { parameters: { text_temp: 0.7 } }, /no parameter text_temp/],
  ]
  it.each(cases)('%s via %s: %o', async (id, way, request, message) => {
    const provider = await load(id, { [id]: via(way) }, { [id]: { '*': 0.05 } })
    expect(await failed(() => provider.quote(job(id, request)))).toMatchObject({ kind: 'rejected', message: expect.stringMatching(message) as string })
  })
})

describe('options', () => {
  it.each([
    [{ musicgen: { via: 'local', version: 'a'.repeat(64) } }, /providers\.musicgen\.version: is for via: "replicate" only/],
    [{ musicgen: { model: 'facebook/musicgen-large' } }, /providers\.musicgen\.model: is for via: "huggingface" and "local" only/],
    [{ bark: { version: 'latest' } }, /providers\.bark\.version: must be the 64 hex digits/],
    [{ bark: { via: 'huggingface', model: '../bark' } }, /providers\.bark\.model: must be owner\/name/],
  ])('refuse %o', (providers, message) => {
    expect(() => resolveOptions({ providers } as never, { root: process.cwd(), env: {} })).toThrow(message)
  })

  it('say what each way needs', async () => {
    const reasonOf = async (id: Id, way: string) => (await load(id, { [id]: { via: way } } as never)).isAvailable().reason
    expect(await reasonOf('bark', 'replicate')).toContain('REPLICATE_API_TOKEN')
    expect(await reasonOf('musicgen', 'huggingface')).toContain('HF_TOKEN')
    expect(await reasonOf('bark', 'local')).toBe('Bark does not run in process: write via: "replicate" or via: "huggingface"')
    expect(await reasonOf('musicgen', 'local')).toBe('via local needs a package that is not installed: npm install @huggingface/transformers')
  })
})

/** A stand-in for the optional package: its classes, and a ramp for music. */
function transformersWith(generated: MusicModel['generate']) {
  const loads: string[] = []
  const interrupted = { count: 0 }
  const transformers: Transformers = {
    AutoTokenizer: { from_pretrained: async () => async (text) => ({ input_ids: [...text].length }) },
    MusicgenForConditionalGeneration: {
      async from_pretrained(model, options) {
        loads.push(`${model} ${JSON.stringify(options)}`)
        if (model === 'nobody/nothing') throw new Error('Could not locate file')
        return { config: { audio_encoder: { sampling_rate: 32_000 } }, generate: generated }
      },
    },
    InterruptableStoppingCriteria: class {
      interrupt() {
        interrupted.count++
      }
    },
  }
  const source: TransformersSource = { isInstalled: () => true, load: async () => transformers }
  const make = createMusicMaker(source)
  const engine: MusicEngine = {
    isInstalled: source.isInstalled,
    make: (order, signal) => make(order, { givenUp: () => new Promise((done) => signal.addEventListener('abort', () => done())) }),
  }
  const provider = createMusicgenProvider({ options: { via: 'local' }, keys: {} }, engine)
  return { provider, loads, interrupted }
}

describe('musicgen in process', () => {
  const context = { signal: new AbortController().signal }

  it('makes a WAV of what the model answers, free, and loads the model once', async () => {
    const asked: Record<string, unknown>[] = []
    const { provider, loads } = transformersWith(async (input) => {
      asked.push(input)
      return { data: Float32Array.from({ length: 64_000 }, (_, i) => (i < 32_000 ? 0.5 : -0.25)), dims: [1, 2, 32_000] }
    })
    expect(provider).toMatchObject({ free: true, concurrency: 1 })
    expect(provider.isAvailable()).toEqual({ available: true })
    expect(provider.quote(job('musicgen'))).toBe(0)
    const { outputs, costMicroUsd, model, licenseNote } = await provider.generate(job('musicgen', { durationSeconds: 1 }), context)
    await provider.generate(job('musicgen', { durationSeconds: 1 }), context)
    expect(loads).toEqual(['Xenova/musicgen-small {"dtype":"fp32"}'])
    expect(asked[0]).toMatchObject({ input_ids: 10, max_new_tokens: 50, do_sample: true })
    expect({ costMicroUsd, model }).toEqual({ costMicroUsd: 0, model: 'Xenova/musicgen-small' })
    expect(licenseNote).toMatch(/not for commercial use/)
    const sound = await decodeSound(outputs[0]!.bytes)
    expect(sound.sampleRateHz).toBe(32_000)
    expect(sound.channels.map((channel) => [channel.length, channel[100]])).toEqual([
      [32_000, 0.5],
      [32_000, -0.25],
    ])
  })

  it('ends at its next step when it is given up', async () => {
    const stop = new AbortController()
    const { provider, interrupted } = transformersWith(async () => {
      stop.abort()
      await new Promise((done) => setImmediate(done))
      return { data: new Float32Array(10), dims: [1, 1, 10] }
    })
    expect((await failed(() => provider.generate(job('musicgen'), { signal: stop.signal }))).kind).toBe('aborted')
    expect(interrupted.count).toBe(1)
  })

  it('says what is wrong with a model that cannot be loaded, and tries again', async () => {
    const { provider, loads } = transformersWith(async () => expect.fail('nothing is loaded'))
    for (const _ of [1, 2])
      expect(await failed(() => provider.generate(job('musicgen', { model: 'nobody/nothing' }), context))).toMatchObject({
        kind: 'rejected',
        message: 'nobody/nothing could not be loaded: Could not locate file',
      })
    expect(loads).toHaveLength(2)
  })
})

describe('the licence note', () => {
  eachWith(replicateFake)

  it('stands in the answer of generate, in the log once, in the manifest and in info', async () => {
    const project = createProject()
    try {
      const options = { tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' }, constants: false, budget: { monthlyUsd: 1 }, providers: fake.options, prices: { musicgen: { '*': 0.05 } } }
      project.write('assetloom.config.ts', `export default ${JSON.stringify(options)}`)
      const spec = (id: string) => ({ version: '1.0', id, generation: { type: 'music', provider: 'musicgen' }, prompt: { base: `${id} piano`, parameters: { duration: 1 } }, integration: { manifest_key: id, token: { prefix: 'MUSIC', variant: id.toUpperCase() } } })
      for (const id of ['calm', 'loud']) project.write(`specs/${id}.json`, JSON.stringify(spec(id)))
      const { code, stdout, stderr } = await startCli(project, ['generate', '--json']).done
      const note = 'The weights of MusicGen are under CC-BY-NC-4.0: not for commercial use.'
      expect({ code, stderr }).toMatchObject({ code: 0 })
      expect((JSON.parse(stdout) as { data: { jobs: object[] } }).data.jobs).toMatchObject([{ status: 'done', warnings: [note] }, { status: 'done', warnings: [note] }])
      const logs = readdirSync(join(project.root, '.assetloom/logs')).map((file) => readFileSync(join(project.root, '.assetloom/logs', file), 'utf8'))
      expect(logs.join('').match(/"event":"LICENSE_NOTE"/g)).toHaveLength(1)
      const { assets } = JSON.parse(readFileSync(join(project.root, 'assets/manifest.json'), 'utf8')) as Manifest
      for (const { source } of Object.values(assets)) expect(source).toMatchObject({ type: 'spec', provider: 'musicgen', model: 'meta/musicgen', costMicroUsd: 50_000, licenseNote: note })
      expect((await startCli(project, ['info', 'calm']).done).stdout).toContain(note)
      expect((await startCli(project, ['info', 'calm', '--json']).done).stdout).toContain(`"licenseNote": ${JSON.stringify(note)}`)
    } finally {
      project.remove()
    }
  })
})

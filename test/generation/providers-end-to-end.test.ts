import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, createServer, type InlineConfig } from 'vite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import assetloom from '../../dist/plugin/vite.js'
import type { Manifest } from '../../src/core/manifest.ts'
import { detectMediaType } from '../../src/generators/media/detect-media-type.ts'
import type { AssetloomOptions } from '../../src/options.ts'
import { a1111Fake } from '../fakes/a1111.ts'
import { comfyuiFake } from '../fakes/comfyui.ts'
import { elevenlabsFake } from '../fakes/elevenlabs.ts'
import { startFake, type Fake, type FakeDefinition, type ProviderOptions } from '../fakes/fake.ts'
import { fireflyFake } from '../fakes/firefly.ts'
import { huggingFaceFake } from '../fakes/hugging-face.ts'
import { openaiFake } from '../fakes/openai.ts'
import { replicateFake } from '../fakes/replicate.ts'
import { sdServerFake } from '../fakes/sd-server.ts'
import { stabilityFake } from '../fakes/stability.ts'
import { createProject, type Project } from '../project.ts'

/** What one provider makes through every face; one line adds one. */
interface Subject {
  name: string
  fake: FakeDefinition
  /** `generation` of the spec. */
  generation: { type: string; provider: string; model?: string }
  parameters?: Record<string, unknown>
  /** In place of the fake's own, e.g. for a flavour. */
  options?(fake: Fake): ProviderOptions
  prices?: AssetloomOptions['prices']
  /** What the ledger must say that it cost; the fake's own count when left out. */
  costMicroUsd?: number
  /** Builds make what costs nothing without a budget, too. */
  isFree?: boolean
  /** Facts of the manifest entry. */
  made: Record<string, unknown>
}

const subjects: readonly Subject[] = [
  {
    name: 'openai',
    fake: openaiFake,
    generation: { type: 'image', provider: 'openai' },
    parameters: { size: '256x128', quality: 'low' },
    made: { kind: 'image', mediaType: 'image/png', widthPx: 256, heightPx: 128 },
  },
  {
    name: 'stability',
    fake: stabilityFake,
    generation: { type: 'image', provider: 'stability', model: 'sd3.5-flash' },
    parameters: { size: '256x128', seed: 7, output_format: 'webp' },
    made: { kind: 'image', mediaType: 'image/webp', widthPx: 256, heightPx: 128 },
  },
  ...[a1111Fake, comfyuiFake, sdServerFake].map((one) => ({
    name: `stable-diffusion, ${one.id}`,
    fake: one,
    generation: { type: 'image', provider: 'stable-diffusion' },
    parameters: { size: '100x60', seed: 7 },
    isFree: true,
    made: { kind: 'image', mediaType: 'image/png', widthPx: 100, heightPx: 60 },
  })),
  {
    name: 'firefly',
    fake: fireflyFake,
    generation: { type: 'image', provider: 'firefly' },
    parameters: { size: '256x128' },
    prices: { firefly: { '*': 0.05 } },
    made: { kind: 'image', mediaType: 'image/jpeg', widthPx: 256, heightPx: 128 },
  },
  {
    name: 'elevenlabs, sound',
    fake: elevenlabsFake,
    generation: { type: 'audio', provider: 'elevenlabs' },
    parameters: { duration: 1 },
    made: { kind: 'audio', mediaType: 'audio/mpeg' },
  },
  {
    name: 'elevenlabs, speech',
    fake: elevenlabsFake,
    generation: { type: 'speech', provider: 'elevenlabs' },
    parameters: { voice: 'fakeVoice0123456789A', output_format: 'pcm_16000' },
    made: { kind: 'audio', mediaType: 'audio/wav' },
  },
  {
    name: 'musicgen',
    fake: replicateFake,
    generation: { type: 'music', provider: 'musicgen' },
    parameters: { duration: 2 },
    prices: { musicgen: { '*': 0.05 } },
    made: { kind: 'audio', mediaType: 'audio/wav', durationMs: 2000, channels: 2, sampleRateHz: 32_000 },
  },
  {
    name: 'bark',
    fake: huggingFaceFake,
    generation: { type: 'speech', provider: 'bark' },
    parameters: { voice: 'en_speaker_6' },
    prices: { bark: { '*': 0.02 } },
    made: { kind: 'audio', mediaType: 'audio/wav', sampleRateHz: 24_000 },
  },
]

describe.each(subjects)('$name', (subject) => {
  let fake: Fake
  let project: Project
  beforeEach(async () => {
    fake = await startFake(subject.fake)
    const options = {
      tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' },
      generate: 'auto',
      constants: false,
      budget: { monthlyUsd: 1 },
      providers: subject.options?.(fake) ?? fake.options,
      prices: subject.prices ?? {},
    }
    const spec = {
      version: '1.0',
      id: 'thing',
      generation: subject.generation,
      prompt: { base: 'a red circle that jumps', parameters: subject.parameters ?? {} },
      integration: { manifest_key: 'thing', token: { prefix: 'IMG', variant: 'THING' } },
    }
    project = createProject({
      files: {
        'assetloom.config.ts': `export default ${JSON.stringify(options)}`,
        'specs/thing.json': JSON.stringify(spec),
        'index.html': '<!doctype html><body><script type="module" src="/src/main.js"></script></body>',
        'src/main.js': 'import thing from "asset:thing"\ndocument.body.dataset.thing = thing\n',
      },
    })
  })
  afterEach(() => fake.close())

  const paidRequests = () => fake.requests.filter((request) => subject.fake.isPaid(request)).length
  const entry = () => Object.values((JSON.parse(readFileSync(join(project.root, 'assets/manifest.json'), 'utf8')) as Manifest).assets)[0]!
  const vite = (): InlineConfig => ({ root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom()] })

  /** The asset is whole, was asked for once, and the books say what the provider does. */
  const expectMade = async () => {
    expect(entry()).toMatchObject(subject.made)
    expect((await detectMediaType(readFileSync(join(project.root, entry().file!))))?.mediaType).toBe(subject.made.mediaType)
    expect(paidRequests()).toBe(1)
    const { json } = await project.cli('costs', '--json')
    expect(json.data.spentMicroUsd).toBe(subject.costMicroUsd ?? fake.billedMicroUsd())
    expect(json.data.reservedMicroUsd).toBe(0)
  }

  it('makes an asset by the command line, once', async () => {
    const dry = await project.cli('generate', '--dry-run', '--json')
    expect(dry).toMatchObject({ code: 0, json: { ok: true, data: { jobs: [{ action: 'generate' }] } } })
    expect(fake.requests).toEqual([])
    const { code, json } = await project.cli('generate', '--json')
    expect({ code, error: json.error }).toEqual({ code: 0, error: undefined })
    await expectMade()
    expect((await project.cli('generate', '--json')).json.data.jobs).toMatchObject([{ action: 'hit' }])
    expect(paidRequests()).toBe(1)
    for (const secret of Object.values(subject.fake.credentials)) expect(readFileSync(join(project.root, 'assets/manifest.json'), 'utf8')).not.toContain(secret)
  })

  it('makes an asset in vite build', async () => {
    await build(vite())
    await expectMade()
    const built = readdirSync(join(project.root, 'dist'), { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    const texts = built.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
    for (const secret of Object.values(subject.fake.credentials)) expect(texts.join('\n')).not.toContain(secret)
  })

  it('makes an asset in the dev server', async () => {
    const server = await createServer({ ...vite(), server: { port: 0, host: '127.0.0.1' } })
    try {
      await server.listen()
      const origin = server.resolvedUrls!.local[0]!
      const module = await (await fetch(new URL('src/main.js', origin))).text()
      const facade = /from "([^"]+)"|import "([^"]+)"/.exec(module)
      await (await fetch(new URL(facade![1]!, origin))).text()
      await expect.poll(() => entry(), { timeout: 20_000 }).toMatchObject(subject.made)
    } finally {
      await server.close()
    }
    await expectMade()
  })

  it.skipIf(subject.isFree)('makes nothing in a build without a budget', async () => {
    const config = readFileSync(join(project.root, 'assetloom.config.ts'), 'utf8')
    project.write({ 'assetloom.config.ts': config.replace('"budget":{"monthlyUsd":1},', '') })
    await expect(build(vite())).rejects.toThrow(/assetloom generate/)
    expect(fake.requests).toEqual([])
  })
})

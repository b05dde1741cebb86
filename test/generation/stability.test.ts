import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobRequest } from '../../src/core/job.ts'
import { failureOf } from '../../src/core/provider-failure.ts'
import { readAnswer } from '../../src/generators/stability/answers.ts'
import { nearestAspectRatio } from '../../src/generators/stability/aspect-ratio.ts'
import { openWorkspace } from '../../src/workspace.ts'
import { startFake, type Fake } from '../fakes/fake.ts'
import { stabilityFake } from '../fakes/stability.ts'
import { createProject, type TestProject } from '../operations/project.ts'
import { plainPng } from '../pictures.ts'
import { openProvider, problemOf, referenceOf } from './ask-provider.ts'

let fake: Fake
beforeEach(async () => {
  fake = await startFake(stabilityFake)
})
afterEach(() => fake.close())

const open = (prices?: Record<string, Record<string, number>>) => openProvider('stability', fake.options, prices)
const sent = () => {
  const { path, parts } = fake.requests.at(-1)!
  return { endpoint: path.split('/').at(-1), fields: Object.fromEntries(parts!.map(({ name, text, mediaType }) => [name, text ?? mediaType])) }
}

describe('prices', () => {
  it.each([
    ['ultra', 0.08],
    ['stable-image-ultra', 0.08],
    ['core', 0.03],
    ['stable-image-core', 0.03],
    ['sd3', 0.065],
    ['sd3.5-large', 0.065],
    ['sd3.5-large-turbo', 0.04],
    ['sd3.5-medium', 0.035],
    ['sd3.5-flash', 0.025],
    [undefined, 0.03],
  ])('of %s are exact: $%s', async (model, usd) => {
    const { quote, generate } = await open()
    const request = model === undefined ? {} : { model }
    expect(quote(request)).toBe(Math.round(usd * 1e6))
    const { costMicroUsd } = await generate(request)
    expect(costMicroUsd).toBe(quote(request))
    expect(fake.billedMicroUsd()).toBe(costMicroUsd)
  })

  it('of an unknown model are not guessed', async () => {
    const { quote } = await open()
    expect(await problemOf(() => quote({ model: 'sd4' }))).toMatchObject({ code: 'PRICE_UNKNOWN', message: expect.stringContaining('sd4') as string })
  })

  it('of the options are charged exactly, also for a model that no list has', async () => {
    const { quote, generate } = await open({ stability: { 'sd3.5-large': 0.05, 'sd3.5-new': 0.01 } })
    expect((await generate({ model: 'sd3.5-large' })).costMicroUsd).toBe(50_000)
    expect(quote({ model: 'sd3.5-new' })).toBe(10_000)
    await problemOf(() => generate({ model: 'sd3.5-new' }))
    expect(sent()).toMatchObject({ endpoint: 'sd3', fields: { model: 'sd3.5-new' } })
  })
})

it.each([
  [1024, 1024, '1:1'],
  [32, 32, '1:1'],
  [1920, 1080, '16:9'],
  [1080, 1920, '9:16'],
  [1536, 1024, '3:2'],
  [1024, 1536, '2:3'],
  [2560, 1080, '21:9'],
  [400, 2000, '9:21'],
  [1280, 1024, '5:4'],
  [800, 1000, '4:5'],
  [1400, 1000, '3:2'],
  [1100, 1000, '1:1'],
])('%sx%s is asked for as %s', (widthPx, heightPx, ratio) => expect(nearestAspectRatio(widthPx, heightPx)).toBe(ratio))

describe('the request', () => {
  it.each<[string, Partial<JobRequest>, string, object]>([
    ['core', {}, 'core', { prompt: 'a red circle' }],
    [
      'core with everything',
      { negative: 'text', seed: 7, widthPx: 1920, heightPx: 1080, parameters: { style_preset: 'pixel-art', output_format: 'webp' } },
      'core',
      { prompt: 'a red circle', negative_prompt: 'text', seed: '7', aspect_ratio: '16:9', style_preset: 'pixel-art', output_format: 'webp' },
    ],
    ['a ratio in place of the size', { widthPx: 64, heightPx: 64, parameters: { aspect_ratio: '9:21' } }, 'core', { prompt: 'a red circle', aspect_ratio: '9:21' }],
    ['ultra', { model: 'ultra' }, 'ultra', { prompt: 'a red circle' }],
    ['sd3', { model: 'sd3.5-medium', parameters: { cfg_scale: 6 } }, 'sd3', { prompt: 'a red circle', model: 'sd3.5-medium', mode: 'text-to-image', cfg_scale: '6' }],
    ['quality, which it does not have', { quality: 'high' }, 'core', { prompt: 'a red circle' }],
  ])('of %s', async (_, request, endpoint, fields) => {
    const { generate } = await open()
    await generate(request)
    expect(sent()).toEqual({ endpoint, fields })
  })

  it.each([
    ['ultra', { strength: '0.5', aspect_ratio: '1:1' }],
    ['sd3.5-large', { model: 'sd3.5-large', mode: 'image-to-image', strength: '0.5' }],
  ])('of %s with a reference', async (model, more) => {
    const { generate } = await open()
    await generate({ model, widthPx: 512, heightPx: 512 }, [await referenceOf({ format: 'webp' })])
    expect(sent().fields).toEqual({ prompt: 'a red circle', image: 'image/webp', ...more })
    await generate({ model, parameters: { strength: 0.9 } }, [await referenceOf()])
    expect(sent().fields).toMatchObject({ strength: '0.9', image: 'image/png' })
  })

  it('reports the seed that was used', async () => {
    const { generate } = await open()
    expect((await generate({ seed: 41 })).seed).toBe(41)
    expect((await generate()).seed).toBeGreaterThan(0)
  })
})

describe('what could only be refused is refused before the call:', () => {
  it.each<[string, Partial<JobRequest>, string, string?]>([
    ['a style that is none', { parameters: { style_preset: 'photo' } }, 'style_preset: the text "photo" is not allowed here', 'Allowed: 3d-model, analog-film'],
    ['a ratio that is none', { parameters: { aspect_ratio: '4:3' } }, 'aspect_ratio: the text "4:3" is not allowed here', 'Allowed: 21:9'],
    ['a format that is none', { parameters: { output_format: 'gif' } }, 'output_format: the text "gif" is not allowed here', 'Allowed: png, jpeg, webp.'],
    ['cfg_scale where the model has none', { model: 'core', parameters: { cfg_scale: 4 } }, 'core has no parameter cfg_scale'],
    ['cfg_scale out of bounds', { model: 'sd3.5-large', parameters: { cfg_scale: 11 } }, 'cfg_scale: must be from 1 to 10'],
    ['strength without a reference', { model: 'ultra', parameters: { strength: 0.5 } }, 'ultra has no parameter strength'],
    ['a word of another API', { parameters: { negative_prompt: 'x' } }, 'no parameter negative_prompt'],
    ['transparency', { parameters: { background: 'transparent' } }, 'no parameter background'],
    ['a long prompt', { prompt: 'x'.repeat(10_001) }, 'the prompt has 10001 characters'],
    ['a long negative prompt', { negative: 'x'.repeat(10_001) }, 'the negative prompt has 10001 characters'],
    ['a large seed', { seed: 4_294_967_295 }, 'the seed must be at most 4294967294'],
  ])('%s', async (_, request, message, hint = '') => {
    const { quote, generate } = await open()
    for (const act of [quote, generate])
      expect(await problemOf(() => act(request))).toMatchObject({ code: 'PROVIDER_REJECTED', message: expect.stringContaining(message) as string, hint: expect.stringContaining(hint) as string })
    expect(fake.requests).toEqual([])
  })

  it.each<[string, string, Parameters<typeof referenceOf>[0][], string]>([
    ['a reference', 'core', [{}], 'core takes no references'],
    ['two references', 'ultra', [{}, {}], 'takes one reference'],
    ['a mask', 'ultra', [{}, { role: 'mask' }], 'takes no mask'],
    ['a gif', 'ultra', [{ format: 'gif' }], 'is image/gif'],
  ])('%s with %s', async (_, model, pictures, message) => {
    const { generate } = await open()
    const references = await Promise.all(pictures.map(referenceOf))
    const error = await problemOf(() => generate({ model }, references))
    expect(error).toMatchObject({ code: 'PROVIDER_REJECTED', message: expect.stringContaining(message) as string })
    expect(fake.requests).toEqual([])
  })

  it('the shape of a picture that SD 3.5 changes', async () => {
    const { quote } = await open()
    const references = [await referenceOf()]
    const error = await problemOf(() => quote({ model: 'sd3.5-large', parameters: { aspect_ratio: '1:1' } }, references))
    expect(error.message).toContain('sd3.5-large with a reference has no parameter aspect_ratio')
  })
})

describe('an answer', () => {
  const json = (body: object) =>
    readAnswer({ status: 200, headers: new Headers({ 'content-type': 'application/json; type=image/png' }), bytes: Buffer.from(JSON.stringify(body)) })

  it('may be JSON', async () => {
    const image = await plainPng(8, 8, 'red')
    const { output, seed } = await json({ image: image.toString('base64'), finish_reason: 'SUCCESS', seed: 5 })
    expect({ seed, mediaType: output.mediaType, same: image.equals(output.bytes) }).toEqual({ seed: 5, mediaType: 'image/png', same: true })
  })

  it('in JSON without a picture is none', async () => {
    expect(failureOf(await problemOf(() => json({ seed: 5 })))?.kind).toBe('bad-output')
  })

  it('without facts in its headers is a picture all the same', async () => {
    const bytes = await plainPng(8, 8, 'red')
    expect(await readAnswer({ status: 200, headers: new Headers(), bytes })).toEqual({ output: { bytes, mediaType: 'image/png' } })
  })
})

describe('in a project', () => {
  let project: TestProject
  beforeEach(() => (project = createProject()))
  afterEach(() => project.remove())

  const run = async () => {
    const options = { tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' }, constants: false as const, logLevel: 'silent' as const, budget: { monthlyUsd: 1 }, providers: fake.options }
    const workspace = await openWorkspace({ root: project.root, options, env: {} })
    try {
      const { results } = await workspace.generation.run(await workspace.generation.plan(), {})
      return results[0]!
    } finally {
      await workspace.close()
    }
  }
  const write = (base: string) =>
    project.write('specs/a.json', JSON.stringify({ version: '1.0', id: 'a', generation: { type: 'image', provider: 'stability', model: 'ultra' }, prompt: { base, references: ['brand/red.png'], parameters: { size: '64x32', strength: 0.7 } } }))

  it('a picture that the filter held back leaves the last good one, and costs nothing', async () => {
    project.write('brand/red.png', await plainPng(64, 64, 'red'))
    write('a harbour')
    const { entry } = await run()
    expect(entry).toMatchObject({ widthPx: 64, heightPx: 32 })
    const before = project.manifest()
    const bytes = project.read(entry!.file!)
    const billed = fake.billedMicroUsd()

    write('another harbour')
    fake.faults.push('filtered')
    expect((await run()).error).toMatchObject({ code: 'PROVIDER_REJECTED', message: expect.stringContaining('CONTENT_FILTERED') as string })
    expect(fake.billedMicroUsd()).toBe(billed)
    expect(project.manifest()).toEqual(before)
    expect(project.read(entry!.file!).equals(bytes)).toBe(true)

    expect((await run()).error).toBeUndefined()
    expect(project.read(entry!.file!).equals(bytes)).toBe(false)
  })

  it('a spec that checks for transparency is not sent', async () => {
    project.write('specs/a.json', JSON.stringify({ version: '1.0', id: 'a', generation: { type: 'image', provider: 'stability' }, prompt: { base: 'x' }, post_processing: [{ action: 'validate', checks: ['has_alpha'] }] }))
    expect((await run()).error).toMatchObject({ code: 'NO_PROVIDER', message: expect.stringContaining('transparency') as string })
    expect(fake.requests).toEqual([])
  })
})

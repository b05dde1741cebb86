import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentHash } from '../../src/core/digest.ts'
import type { AssetloomError } from '../../src/core/errors.ts'
import type { Job, JobRequest, Reference } from '../../src/core/job.ts'
import { failureOf } from '../../src/core/provider-failure.ts'
import { createRedactor } from '../../src/core/redact.ts'
import { createProviders } from '../../src/generators/providers.ts'
import { startMedia } from '../generators/media.ts'
import { startFake, type Fake, type ProviderOptions } from '../fakes/fake.ts'
import { openaiFake } from '../fakes/openai.ts'

let fake: Fake
beforeEach(async () => {
  fake = await startFake(openaiFake)
})
afterEach(() => fake.close())

const provider = (more: { prices?: Record<string, Record<string, number>>; options?: ProviderOptions } = {}) =>
  createProviders({ options: more.options ?? fake.options, keys: {}, prices: more.prices ?? {}, redact: createRedactor([]), media: startMedia() }).get('openai')

const job = (request: Partial<JobRequest> = {}, references: Reference[] = []): Job => ({
  key: 'k',
  specId: 'spec',
  provider: 'openai',
  request: { type: 'image', prompt: 'a red circle', model: 'gpt-image-2', variations: 1, parameters: {}, ...request },
  references,
})

const sized = (size: string) => {
  const [widthPx, heightPx] = size.split('x').map(Number)
  return { widthPx: widthPx!, heightPx: heightPx! }
}

const generate = async (request: Partial<JobRequest> = {}, references: Reference[] = [], onProgress?: (fraction: number) => void) =>
  (await provider()).generate(job(request, references), { signal: new AbortController().signal, ...(onProgress && { onProgress }) })

const sent = () => fake.requests.at(-1)!.json as Record<string, unknown>

const picture = async (input: { width?: number; height?: number; format?: 'png' | 'jpeg' | 'webp' | 'gif'; alpha?: boolean; path?: string; role?: Reference['role'] } = {}): Promise<Reference> => {
  const { width = 64, height = 64, format = 'png', alpha = false } = input
  const bytes = await sharp({ create: { width, height, channels: alpha ? 4 : 3, background: { r: 200, g: 30, b: 30, alpha: 0.5 } } }).toFormat(format).toBuffer()
  return { path: input.path ?? `brand/red.${format}`, role: input.role ?? 'reference', hash: contentHash(bytes), read: async () => bytes }
}

const problemOf = async (act: () => unknown): Promise<AssetloomError> => {
  try {
    await act()
  } catch (error) {
    return error as AssetloomError
  }
  return expect.fail('nothing was refused')
}

describe('prices', () => {
  const oblong = ['1536x1024', '1024x1536']
  const list: [model: string, sizes: string[], usd: Record<string, number>][] = [
    ['gpt-image-2', ['1024x1024'], { low: 0.006, medium: 0.053, high: 0.211 }],
    ['gpt-image-2-2026-04-21', oblong, { low: 0.005, medium: 0.041, high: 0.165 }],
    ['gpt-image-2', oblong, { low: 0.005, medium: 0.041, high: 0.165 }],
    ...['gpt-image-2.5-flare', 'gpt-image-2.5-sunburst', 'gpt-image-2.5-flare-2026-09-08', 'gpt-image-2.6-sunburst'].map(
      (model): [string, string[], Record<string, number>] => [model, ['1024x1024'], { low: 0.006, medium: 0.013, high: 0.053, xhigh: 0.094, max: 0.211 }],
    ),
    ['gpt-image-1.5', ['1024x1024'], { low: 0.009, medium: 0.034, high: 0.133 }],
    ['gpt-image-1.5', oblong, { low: 0.013, medium: 0.05, high: 0.2 }],
    ['gpt-image-1-mini', ['1024x1024'], { low: 0.005, medium: 0.011, high: 0.036 }],
  ]
  const cases = list.flatMap(([model, sizes, usd]) => sizes.flatMap((size) => Object.entries(usd).map(([quality, each]) => [model, size, quality, each] as const)))

  it.each(cases)('%s %s %s is $%s a picture', async (model, size, quality, usd) => {
    const openai = await provider()
    for (const variations of [1, 3, 10]) expect(openai.quote(job({ model, quality, variations, ...sized(size) }))).toBe(Math.round(usd * 1e6) * variations)
  })

  it.each([
    ['gpt-image-2', undefined, '1024x1024', 0.211],
    ['gpt-image-2', 'auto', '1536x1024', 0.165],
    ['gpt-image-2.5-flare', undefined, '1024x1024', 0.211],
  ])('%s of quality %s is bound by its dearest', async (model, quality, size, usd) => {
    expect((await provider()).quote(job({ model, ...(quality && { quality }), ...sized(size) }))).toBe(usd * 1e6)
  })

  it.each([
    ['an unknown model', { model: 'gpt-image-9', ...sized('1024x1024') }],
    ['a model whose price is not public', { model: 'chatgpt-image-latest', quality: 'low' }],
    ['a size without a listed price', { model: 'gpt-image-2', quality: 'low', ...sized('1536x864') }],
    ['an animation', { quality: 'low', parameters: { output_format: 'gif' } }],
    ['a drawing', { quality: 'low', parameters: { output_format: 'svg' } }],
  ])('refuses %s, until the options price it', async (_, request) => {
    const error = await problemOf(async () => (await provider()).quote(job(request)))
    expect(error.code).toBe('PRICE_UNKNOWN')
    expect((await provider({ prices: { openai: { '*': 0.07 } } })).quote(job(request))).toBe(70_000)
  })

  it('adds the tokens of partial pictures, long prompts and references', async () => {
    const openai = await provider()
    const plain = openai.quote(job({ quality: 'low' }))
    expect(openai.quote(job({ quality: 'low', parameters: { partial_images: 3 } }))).toBe(plain + 3 * 100 * 30)
    expect(openai.quote(job({ quality: 'low', prompt: 'x'.repeat(9000) }))).toBe(plain + 3000 * 5)
    expect(openai.quote(job({ quality: 'low' }, [await picture()]))).toBeGreaterThan(plain + 6000 * 8)
  })

  it.each([
    ['a picture', { quality: 'high' }, 0],
    ['several', { quality: 'low', variations: 4 }, 0],
    ['an edit', { quality: 'medium' }, 2],
    ['a stream', { quality: 'low', parameters: { partial_images: 2 } }, 0],
    ['another model', { quality: 'max', model: 'gpt-image-2.5-sunburst' }, 0],
    ['a long prompt', { quality: 'low', prompt: 'word '.repeat(2000) }, 0],
  ])('charges %s by the tokens of the answer, within the quote', async (_, request, references) => {
    const inputs = await Promise.all(Array.from({ length: references }, () => picture()))
    const { costMicroUsd } = await generate(request, inputs)
    expect(costMicroUsd).toBe(fake.billedMicroUsd())
    expect(costMicroUsd).toBeLessThanOrEqual((await provider()).quote(job(request, inputs)))
  })

  it('charges by the options exactly, whatever the answer says', async () => {
    const priced = await provider({ prices: { openai: { 'gpt-image-2': 0.5 } } })
    const { costMicroUsd } = await priced.generate(job({ quality: 'low', variations: 2 }), { signal: new AbortController().signal })
    expect(costMicroUsd).toBe(1_000_000)
  })
})

describe('what is sent', () => {
  it('is what the spec says, in the words of the API', async () => {
    await generate({
      negative: 'text, watermark',
      seed: 7,
      quality: 'high',
      variations: 2,
      ...sized('1536x1024'),
      parameters: { background: 'transparent', output_format: 'webp', output_compression: 80, moderation: 'low', complexity: 'high' },
    })
    expect(sent()).toEqual({
      model: 'gpt-image-2',
      prompt: 'a red circle\nAvoid: text, watermark',
      n: 2,
      size: '1536x1024',
      quality: 'high',
      background: 'transparent',
      output_format: 'webp',
      output_compression: 80,
      moderation: 'low',
      complexity: 'high',
    })
  })

  it('asks for transparency where the spec needs it, and for what the spec says instead', async () => {
    const { outputs } = await generate({ quality: 'low', alpha: true })
    expect((await sharp(outputs[0]!.bytes).stats()).isOpaque).toBe(false)
    await generate({ quality: 'low', alpha: true, parameters: { background: 'opaque' } })
    expect(sent().background).toBe('opaque')
  })

  it.each([
    ['gpt-image-2', '1024x1024', '1024x1024'],
    ['gpt-image-2', '32x32', '1024x1024'],
    ['gpt-image-2', '800x600', '1536x1024'],
    ['gpt-image-2', '300x900', '1024x1536'],
    ['gpt-image-2', '1536x864', '1536x864'],
    ['gpt-image-2', '1920x1080', '1920x1088'],
    ['gpt-image-2.5-flare', '3840x2160', '3840x2160'],
    ['gpt-image-1.5', '1200x700', '1536x1024'],
    ['gpt-image-1-mini', '1000x1000', '1024x1024'],
    ['a-local-model', '640x480', '640x480'],
  ])('%s asked for %s makes %s', async (model, size, made) => {
    const priced = await provider({ prices: { openai: { '*': 0.01 } } })
    const asked = priced.generate(job({ model, ...sized(size) }), { signal: new AbortController().signal })
    if (model === 'a-local-model') await asked.catch(() => undefined)
    else {
      const { outputs } = await asked
      const { width, height } = await sharp(outputs[0]!.bytes).metadata()
      expect(`${width}x${height}`).toBe(made)
    }
    expect(sent().size).toBe(made)
  })

  it('is one picture as `image` and several as `image[]`, each a file of its type', async () => {
    await generate({ quality: 'low', parameters: { background: 'opaque' } }, [await picture({ format: 'webp' })])
    const files = () => fake.requests.at(-1)!.parts!.filter(({ text }) => text === undefined).map(({ name, fileName, mediaType }) => [name, fileName, mediaType]).sort(([a], [b]) => (a! < b! ? -1 : a! > b! ? 1 : 0))
    expect(files()).toEqual([['image', 'red.webp', 'image/webp']])
    expect(Object.fromEntries(fake.requests.at(-1)!.parts!.flatMap(({ name, text }) => (text === undefined ? [] : [[name, text]])))).toEqual({
      prompt: 'a red circle',
      model: 'gpt-image-2',
      n: '1',
      size: '1024x1024',
      quality: 'low',
      background: 'opaque',
    })
    await generate({ quality: 'low' }, [await picture(), await picture({ format: 'jpeg' }), await picture({ alpha: true, role: 'mask', path: 'brand/mask.png' })])
    expect(files()).toEqual([
      ['image[]', 'red.png', 'image/png'],
      ['image[]', 'red.jpeg', 'image/jpeg'],
      ['mask', 'mask.png', 'image/png'],
    ])
    const [path] = fake.requests.map((request) => request.path)
    expect(path).toBe('/v1/images/edits')
  })

  it('tells how far a stream is', async () => {
    const fractions: number[] = []
    const { outputs } = await generate({ quality: 'low', parameters: { partial_images: 3 } }, [], (fraction) => fractions.push(fraction))
    expect(outputs).toHaveLength(1)
    expect(fractions).toEqual([0.25, 0.5, 0.75])
    expect(sent()).toMatchObject({ stream: true, partial_images: 3 })
  })

  it('takes nothing from the environment', async () => {
    const before = { ...process.env }
    Object.assign(process.env, { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', OPENAI_ORG_ID: 'org-env', OPENAI_PROJECT_ID: 'proj-env', OPENAI_API_KEY: 'sk-env' })
    try {
      await generate({ quality: 'low' })
      const { headers } = fake.requests[0]!
      expect(headers.authorization).toBe(`Bearer ${openaiFake.credentials.apiKey}`)
      expect(JSON.stringify(headers)).not.toMatch(/org-env|proj-env|sk-env/)
    } finally {
      process.env = before
    }
  })
})

describe('refused before the call', () => {
  it.each<[string, Partial<JobRequest>, RegExp]>([
    ['a quality of a newer model', { quality: 'max' }, /gpt-image-2 has no quality max.*low, medium, high/],
    ['a quality of DALL-E', { quality: 'hd' }, /no quality hd/],
    ['a parameter of DALL-E', { parameters: { style: 'vivid' } }, /style.*ended with DALL-E/],
    ['a misspelt parameter', { parameters: { backgrond: 'opaque' } }, /backgrond.*Did you mean background/],
    ['a background', { parameters: { background: 'green' } }, /auto, opaque, transparent/],
    ['transparent jpeg', { parameters: { background: 'transparent', output_format: 'jpeg' } }, /png or webp/],
    ['transparent jpeg by a check', { alpha: true, parameters: { output_format: 'jpeg' } }, /png or webp/],
    ['compressed png', { parameters: { output_compression: 50 } }, /jpeg and webp only/],
    ['compression of 101', { parameters: { output_format: 'webp', output_compression: 101 } }, /0 to 100/],
    ['four partial pictures', { parameters: { partial_images: 4 } }, /0 to 3/],
    ['a stream of several pictures', { variations: 2, parameters: { partial_images: 1 } }, /one picture at a time/],
    ['frames of a png', { parameters: { frame_count: 4 } }, /gif only/],
    ['fidelity without references', { parameters: { input_fidelity: 'high' } }, /references only/],
    ['a moderation', { parameters: { moderation: 'none' } }, /auto, low/],
    ['a drawing by no model', { parameters: { output_format: 'svg', svg: {} } }, /svg\.model: is missing/],
    ['a model for drawings of a png', { parameters: { svg: { model: 'gpt-5' } } }, /svg is for output_format svg only/],
    ['a stream of a drawing', { parameters: { output_format: 'svg', stream: true } }, /cannot be used with output_format svg/],
    ['two drawings', { variations: 2, parameters: { output_format: 'svg' } }, /output_format works with one picture/],
    ['a prompt without end', { prompt: 'x'.repeat(32_001) }, /32001 characters, and at most 32000/],
    ['more than a call makes', { variations: 11 }, /at most 10/],
    ['a size that is too large', sized('5000x5000'), /nothing that covers 5000x5000.*3840x2160/],
    ['a size that an older model lacks', { model: 'gpt-image-1.5', ...sized('2048x2048') }, /1024x1024, 1536x1024, 1024x1536\.$/],
    ['a member of every object', { parameters: { constructor: 1 } }, /no parameter constructor/],
  ])('%s', async (_, request, message) => {
    const openai = await provider()
    const error = await problemOf(() => openai.quote(job(request)))
    expect(`${error.message} ${error.hint}`).toMatch(message)
    expect(failureOf(error)?.kind).toBe('rejected')
    const priced = await provider({ prices: { openai: { '*': 1 } } })
    expect((await problemOf(() => priced.quote(job(request)))).message).toBe(error.message)
  })

  it.each<[string, () => Promise<Reference[]>, Partial<JobRequest>, RegExp]>([
    ['a gif', async () => [await picture({ format: 'gif' })], {}, /red\.gif is image\/gif; references are png, webp or jpeg/],
    ['a mask of another size', async () => [await picture(), await picture({ width: 32, alpha: true, role: 'mask', path: 'm.png' })], {}, /m\.png has 32x64 pixels, and the first reference 64x64/],
    ['an opaque mask', async () => [await picture(), await picture({ role: 'mask', path: 'm.png' })], {}, /m\.png has no transparency/],
    ['a mask that is no PNG', async () => [await picture(), await picture({ format: 'webp', alpha: true, role: 'mask', path: 'm.webp' })], {}, /must be a PNG/],
    ['17 references', async () => Promise.all(Array.from({ length: 17 }, () => picture())), {}, /at most 16/],
    ['moderation of an edit', async () => [await picture()], { parameters: { moderation: 'low' } }, /moderation cannot be used with references/],
    ['fidelity of a newer model', async () => [await picture()], { parameters: { input_fidelity: 'high' } }, /leave it out/],
    ['high fidelity of the small model', async () => [await picture()], { model: 'gpt-image-1-mini', parameters: { input_fidelity: 'high' } }, /must be one of low/],
    ['svg of an edit', async () => [await picture()], { parameters: { output_format: 'svg' } }, /cannot be made from references/],
  ])('%s', async (_, references, request, message) => {
    const error = await problemOf(async () => generate({ quality: 'low', ...request }, await references()))
    expect(error.message).toMatch(message)
    expect(failureOf(error)?.kind).toBe('rejected')
    expect(fake.requests).toEqual([])
  })
})

it('says of a model that is gone what takes its place', async () => {
  fake.faults.push('model-not-found')
  const error = await problemOf(() => generate({ model: 'gpt-image-1.5', quality: 'low' }))
  expect(error.hint).toContain('gpt-image-2')
})

it('never shows a key that an answer repeats', async () => {
  fake.faults.push('unauthorized')
  const error = await problemOf(() => generate({ quality: 'low' }))
  expect(JSON.stringify([error, error.stack, String(error.cause)])).not.toContain(openaiFake.credentials.apiKey)
})

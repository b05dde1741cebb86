import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentHash } from '../../src/core/digest.ts'
import type { Job, JobRequest, Reference } from '../../src/core/job.ts'
import { failureOf } from '../../src/core/provider-failure.ts'
import { createRedactor } from '../../src/core/redact.ts'
import { createPace } from '../../src/generators/firefly/pace.ts'
import { createProviders } from '../../src/generators/providers.ts'
import { startMedia } from '../generators/media.ts'
import { startFake, type Fake } from '../fakes/fake.ts'
import { fireflyFake, fireflyFakeWith } from '../fakes/firefly.ts'

let fake: Fake
beforeEach(async () => {
  fake = await startFake(fireflyFake)
})
afterEach(() => fake.close())

const provider = (prices: Record<string, number> = { '*': 0.05 }, at = fake) =>
  createProviders({ options: at.options, keys: {}, prices: { firefly: prices }, redact: createRedactor([]), media: startMedia() }).get('firefly')

const job = (request: Partial<JobRequest> = {}, references: Reference[] = []): Job => ({
  key: 'k',
  specId: 'spec',
  provider: 'firefly',
  request: { type: 'image', prompt: 'a red circle', variations: 1, parameters: {}, ...request },
  references,
})
const going = () => ({ signal: new AbortController().signal })
const generate = async (request: Partial<JobRequest> = {}, references: Reference[] = []) => (await provider()).generate(job(request, references), going())

const requestsTo = (path: string, at = fake) => at.requests.filter((request) => request.path.startsWith(path))
const sent = () => requestsTo('/v3/images/generate-async').at(-1)!
const sized = (size: string) => {
  const [widthPx, heightPx] = size.split('x').map(Number)
  return { widthPx: widthPx!, heightPx: heightPx! }
}
const picture = async (format: 'png' | 'gif' = 'png', path = `brand/look.${format}`, role: Reference['role'] = 'reference'): Promise<Reference> => {
  const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } }).toFormat(format).toBuffer()
  return { path, role, hash: contentHash(bytes), read: async () => bytes }
}
const problemOf = async (act: () => unknown) => {
  try {
    await act()
  } catch (error) {
    return { text: `${(error as Error).message} ${(error as { hint?: string }).hint ?? ''}`, kind: failureOf(error)?.kind, code: (error as { code?: string }).code }
  }
  return expect.fail('nothing was refused')
}

describe('token', () => {
  it('is asked for once, and its secret goes to the token server alone', async () => {
    const firefly = await provider()
    await Promise.all([firefly.generate(job(), going()), firefly.generate(job(), going())])
    await firefly.generate(job(), going())
    expect(requestsTo('/ims/token/v3')).toHaveLength(1)
    const { clientSecret, clientId } = fireflyFake.credentials
    const holding = (text: string) => fake.requests.filter(({ path, headers, bytes }) => `${path} ${JSON.stringify(headers)} ${bytes.toString('latin1')}`.includes(text))
    expect(holding(clientSecret!).map(({ path }) => path)).toEqual(['/ims/token/v3'])
    expect(holding('x-api-key')).toEqual(holding(clientId!).slice(1))
    expect(fake.foreign.map(({ headers }) => [headers.authorization, headers['x-api-key']])).toEqual([[undefined, undefined], [undefined, undefined], [undefined, undefined]])
  })

  it('is renewed before it ends', async () => {
    const shortLived = await startFake(fireflyFakeWith({ tokenSeconds: 120 }))
    try {
      const firefly = await provider(undefined, shortLived)
      await firefly.generate(job(), going())
      const asked = requestsTo('/ims/token/v3', shortLived).length
      await firefly.generate(job(), going())
      expect(requestsTo('/ims/token/v3', shortLived).length).toBeGreaterThan(asked)
    } finally {
      await shortLived.close()
    }
  })

  it('is renewed once when it is refused', async () => {
    fake.faults.push('token-expired')
    await generate()
    expect(requestsTo('/ims/token/v3')).toHaveLength(2)
    expect(requestsTo('/v3/images/generate-async')).toHaveLength(2)
    fake.faults.push('token-expired', 'token-expired')
    expect(await problemOf(() => generate())).toMatchObject({ kind: 'auth' })
    expect(requestsTo('/v3/images/generate-async')).toHaveLength(4)
  })

  it('is renewed while a job runs', async () => {
    fake.faults.push({ fault: 'token-expired', on: /GET \/v3\/status/ })
    await generate()
    expect(requestsTo('/ims/token/v3')).toHaveLength(2)
    expect(requestsTo('/v3/images/generate-async')).toHaveLength(1)
  })

  it('is asked for again after the token server failed', async () => {
    const firefly = await provider()
    fake.faults.push({ fault: 'server', on: /ims/ })
    expect(await problemOf(() => firefly.generate(job(), going()))).toMatchObject({ kind: 'server' })
    await firefly.generate(job(), going())
  })
})

describe('a job', () => {
  it('tells how far it is', async () => {
    fake.faults.push('job-slow')
    const fractions: number[] = []
    await (await provider()).generate(job(), { ...going(), onProgress: (fraction) => fractions.push(fraction) })
    expect(fractions).toEqual([0.4])
  })

  it('is cancelled when it is given up', async () => {
    const stop = new AbortController()
    fake.faults.push('job-slow')
    const made = (await provider()).generate(job(), { signal: stop.signal, onProgress: () => stop.abort() })
    expect(await problemOf(() => made)).toMatchObject({ kind: 'maybe-spent' })
    expect(requestsTo('/v3/cancel')).toMatchObject([{ method: 'PUT' }])
  })

  it('whose address is on a strange host is not asked about there', async () => {
    fake.faults.push('strange-host')
    expect((await problemOf(() => generate())).text).toMatch(/status\.example\.test is neither the host of the base URL nor below adobe\.io/)
    expect(requestsTo('/v3/status')).toEqual([])
  })

  it('whose result has expired is paid', async () => {
    fake.expireResults()
    expect(await problemOf(() => generate())).toMatchObject({ kind: 'bad-output', text: expect.stringMatching(/expired/) as string })
  })

  it.each([
    ['unsafe', /considered unsafe.*reword/],
    ['validation', /Validation error: contentClass value is not a valid/],
    ['not-entitled', /no licence/],
    ['rate-limit', /limit of the org/],
    ['too-large', /413.*HTML/],
  ])('that meets %s says why', async (fault, text) => {
    fake.faults.push(fault)
    expect((await problemOf(() => generate())).text).toMatch(text)
  })
})

describe('what is sent', () => {
  it('is what the spec says, in the words of the API', async () => {
    const { outputs, seed, meta } = await generate({
      model: 'image4_ultra',
      negative: 'text, watermark',
      seed: 7,
      variations: 3,
      ...sized('2688x1536'),
      parameters: { contentClass: 'art', visualIntensity: 6, style: { presets: ['flat'], strength: 60 }, promptBiasingLocaleCode: 'en-US', upsamplerType: 'low_creativity' },
    })
    expect(sent().headers['x-model-version']).toBe('image4_ultra')
    expect(sent().json).toEqual({
      prompt: 'a red circle',
      negativePrompt: 'text, watermark',
      numVariations: 3,
      seeds: [7, 8, 9],
      size: { width: 2688, height: 1536 },
      contentClass: 'art',
      visualIntensity: 6,
      style: { presets: ['flat'], strength: 60 },
      promptBiasingLocaleCode: 'en-US',
      upsamplerType: 'low_creativity',
    })
    expect({ count: new Set(outputs.map(({ bytes }) => contentHash(bytes))).size, seed, meta }).toEqual({ count: 3, seed: 7, meta: { seeds: [7, 8, 9] } })
  })

  it.each([
    ['image3', '32x32', '1024x1024'],
    ['image3', '1024x1024', '1024x1024'],
    ['image3', '1000x800', '1152x896'],
    ['image3', '1200x1200', '2048x2048'],
    ['image3', '1920x1080', '2688x1512'],
    ['image3', '300x400', '896x1152'],
    ['image4_standard', '32x32', '2048x2048'],
    ['image4_standard', '1920x1080', '2688x1536'],
    ['image4_ultra', '1080x1920', '1440x2560'],
    ['image3', undefined, '2048x2048'],
  ])('to %s asked for %s is %s', async (model, size, made) => {
    const { outputs } = await generate({ model, ...(size && sized(size)) })
    const { width, height } = await sharp(outputs[0]!.bytes).metadata()
    expect(`${width}x${height}`).toBe(made)
  })

  it.each<[string, number, Record<string, unknown>, Record<string, unknown>]>([
    ['one reference as style', 1, { style: { strength: 40 } }, { style: { strength: 40, imageReference: { source: { uploadId: 'upload-1' } } } }],
    ['one reference as structure', 1, { structure: { strength: 0 } }, { structure: { strength: 0, imageReference: { source: { uploadId: 'upload-1' } } } }],
    ['two references as both', 2, {}, { style: { imageReference: { source: { uploadId: 'upload-1' } } }, structure: { imageReference: { source: { uploadId: 'upload-2' } } } }],
  ])('has %s', async (_, count, parameters, wanted) => {
    await generate({ parameters }, await Promise.all(Array.from({ length: count }, () => picture())))
    expect(sent().json).toMatchObject(wanted)
    expect(requestsTo('/v2/storage/image').map(({ headers }) => headers['content-type'])).toEqual(Array.from({ length: count }, () => 'image/png'))
  })
})

describe('refused before the call', () => {
  it.each<[string, Partial<JobRequest>, RegExp]>([
    ['a long prompt', { prompt: 'x'.repeat(1025) }, /1025 characters, and at most 1024/],
    ['a long negative prompt', { negative: 'x'.repeat(1025) }, /negative prompt has 1025/],
    ['five pictures', { variations: 5 }, /at most 4/],
    ['an unknown model', { model: 'image9' }, /image9.*image3, image3_custom, image4_standard/],
    ['a large size', sized('2500x2500'), /nothing that covers 2500x2500.*2688x1536/],
    ['a content class', { parameters: { contentClass: 'video' } }, /contentClass/],
    ['an intensity of 1', { parameters: { visualIntensity: 1 } }, /visualIntensity.*2/],
    ['a misspelt parameter', { parameters: { contentclass: 'art' } }, /contentclass.*Did you mean contentClass/],
    ['a word of the API', { parameters: { negativePrompt: 'x' } }, /prompt\.negative/],
    ['a field of style', { parameters: { style: { strenght: 4 } } }, /no parameter style\.strenght.*Did you mean strength\? Allowed: presets, strength/],
    ['a custom model without its id', { model: 'image4_custom' }, /needs customModelId/],
    ['the id of a custom model for another', { parameters: { customModelId: 'x' } }, /for custom models/],
    ['structure without a reference', { parameters: { structure: { strength: 5 } } }, /prompt\.references/],
  ])('%s', async (_, request, message) => {
    const firefly = await provider()
    const { text, kind } = await problemOf(() => firefly.quote(job(request)))
    expect(text).toMatch(message)
    expect(kind).toBe('rejected')
  })

  it.each<[string, () => Promise<Reference[]>, RegExp]>([
    ['a gif', async () => [await picture('gif')], /look\.gif is image\/gif/],
    ['a mask', async () => [await picture(), await picture('png', 'm.png', 'mask')], /no mask/],
    ['three references', () => Promise.all([picture(), picture(), picture()]), /at most 2/],
  ])('%s', async (_, references, message) => {
    expect((await problemOf(async () => generate({}, await references()))).text).toMatch(message)
    expect(fake.requests).toEqual([])
  })
})

it('has no price until the options say one, by model or for all', async () => {
  expect((await problemOf(async () => (await provider({})).quote(job()))).code).toBe('PRICE_UNKNOWN')
  expect((await problemOf(async () => (await provider({ image4_ultra: 0.08 })).quote(job({ model: 'image3' })))).code).toBe('PRICE_UNKNOWN')
  const priced = await provider({ image4_ultra: 0.08, '*': 0.03 })
  expect(priced.quote(job({ model: 'image4_ultra', variations: 2 }))).toBe(160_000)
  expect((await priced.generate(job({ model: 'image3', variations: 3 }), going())).costMicroUsd).toBe(90_000)
})

it('hands in at once what a minute allows, and then waits', async () => {
  const pace = createPace(2)
  await pace.turn(going().signal)
  await pace.turn(going().signal)
  const stop = new AbortController()
  let isOver = false
  const third = pace.turn(stop.signal).then(() => (isOver = true))
  await new Promise((resolve) => setImmediate(resolve))
  expect(isOver).toBe(false)
  stop.abort()
  await third
})

it('waits for its turn by the option, and sends nothing when it is given up meanwhile', async () => {
  const options = { firefly: { ...fake.options.firefly, requestsPerMinute: 1 } }
  const firefly = await createProviders({ options, keys: {}, prices: { firefly: { '*': 0.05 } }, redact: createRedactor([]), media: startMedia() }).get('firefly')
  await firefly.generate(job(), going())
  const stop = new AbortController()
  const second = firefly.generate(job(), { signal: stop.signal })
  setImmediate(() => stop.abort())
  expect(await problemOf(() => second)).toMatchObject({ kind: 'not-sent' })
  expect(requestsTo('/v3/images/generate-async')).toHaveLength(1)
})

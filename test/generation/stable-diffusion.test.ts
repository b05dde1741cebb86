import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobRequest } from '../../src/core/job.ts'
import { failureOf } from '../../src/core/provider-failure.ts'
import { createHttp } from '../../src/generators/http/create-http.ts'
import { madeSize } from '../../src/generators/stable-diffusion/call.ts'
import { comfyCheckpoint, createComfyui } from '../../src/generators/stable-diffusion/comfyui.ts'
import { saidBy } from '../../src/generators/stable-diffusion/failures.ts'
import { a1111Fake } from '../fakes/a1111.ts'
import { comfyuiFake } from '../fakes/comfyui.ts'
import { startFake, type Fake, type FakeDefinition } from '../fakes/fake.ts'
import { sdServerFake } from '../fakes/sd-server.ts'
import { openProvider, problemOf, referenceOf } from './ask-provider.ts'

let fake: Fake
afterEach(() => fake.close())
const startWith = (definition: FakeDefinition) => async () => {
  fake = await startFake(definition)
}
const open = (more: { model?: string } = {}) => {
  const options = fake.options['stable-diffusion'] as { baseURL: string }
  return openProvider('stable-diffusion', { 'stable-diffusion': { ...options, ...more } })
}
const paths = () => fake.requests.map(({ method, path }) => `${method} ${path}`)
const everything: Partial<JobRequest> = { negative: 'text', seed: 7, widthPx: 96, heightPx: 64, parameters: { steps: 8, cfg_scale: 2.5, sampler: 'Euler a', scheduler: 'karras' } }

/** A mask that says by what is clear, or by what is white, that the left half may be changed. */
const maskOf = async (kind: 'alpha' | 'gray') => {
  const free = kind === 'alpha' ? [0, 0, 0, 0] : [255, 255, 255, 255]
  const pixels = Uint8Array.from({ length: 64 * 64 * 4 }, (_, i) => ((i >> 2) % 64 < 32 ? free[i % 4]! : i % 4 === 3 ? 255 : 0))
  const image = sharp(pixels, { raw: { width: 64, height: 64, channels: 4 } })
  const bytes = await (kind === 'alpha' ? image : image.removeAlpha()).png().toBuffer()
  return { ...(await referenceOf({ role: 'mask' })), read: async () => bytes }
}

const grayAt = async (png: Uint8Array, x: number, y: number) => {
  const { data, info } = await sharp(png).grayscale().raw().toBuffer({ resolveWithObject: true })
  return data[(y * info.width + x) * info.channels]
}

describe('every flavour', () => {
  beforeEach(startWith(a1111Fake))

  it.each([
    [512, 512, 512, 512],
    [100, 50, 104, 64],
    [32, 32, 64, 64],
    [1921, 1080, 1928, 1080],
  ])('%sx%s is made as %sx%s', (widthPx, heightPx, wide, high) => expect(madeSize({ widthPx, heightPx })).toEqual({ widthPx: wide, heightPx: high }))

  it('is free, takes one job at a time, and may take long', async () => {
    const { provider, quote } = await open()
    expect(provider).toMatchObject({ free: true, concurrency: 1 })
    expect(provider.timeoutMs).toBeGreaterThan(600_000)
    expect(provider.capabilities.alpha).toBeUndefined()
    expect(quote()).toBe(0)
  })

  it('is not available without a server', async () => {
    const { provider } = await openProvider('stable-diffusion', {})
    expect(provider.isAvailable()).toMatchObject({ available: false, reason: expect.stringContaining('baseURL') as string })
  })

  it.each<[string, Partial<JobRequest>, string]>([
    ['steps that are none', { parameters: { steps: 0 } }, 'steps: must be from 1 to 150'],
    ['a text for cfg_scale', { parameters: { cfg_scale: '7' } }, 'cfg_scale: must be a number, and is the text "7"'],
    ['an empty sampler', { parameters: { sampler: ' ' } }, 'sampler: must be a text'],
    ['a word of one flavour', { parameters: { sampler_name: 'Euler' } }, 'no parameter sampler_name'],
    ['strength without a reference', { parameters: { strength: 0.5 } }, 'strength is for specs with a reference only'],
  ])('refuses %s before the call', async (_, request, message) => {
    const { quote, generate } = await open()
    for (const act of [quote, generate])
      expect(await problemOf(() => act(request))).toMatchObject({ code: 'PROVIDER_REJECTED', message: expect.stringContaining(message) as string })
    expect(fake.requests).toEqual([])
  })

  it('refuses two references and one that is no picture', async () => {
    const { generate } = await open()
    const reference = await referenceOf()
    expect((await problemOf(() => generate({}, [reference, reference]))).message).toContain('one reference is taken')
    const broken = { ...reference, read: async () => Buffer.from('no picture') }
    expect((await problemOf(() => generate({}, [broken]))).message).toContain('brand/reference.png cannot be read as a picture')
    expect(fake.requests).toEqual([])
  })

  it.each([
    [{ error: 'prompt required' }, 'prompt required'],
    [{ error: 'server_error', message: 'out of range' }, 'server_error; out of range'],
    [{ error: { message: 'invalid size', type: 'x' } }, 'invalid size'],
    [{ error: 'OutOfMemoryError', detail: '', body: '', errors: 'CUDA out of memory' }, 'OutOfMemoryError; CUDA out of memory'],
    [{ detail: 'Sampler not found' }, 'Sampler not found'],
    [{ detail: [{ loc: ['body', 'width'], msg: 'not a number', type: 't' }, { loc: ['body'], msg: 'required' }] }, 'width: not a number; required'],
    [
      { error: { type: 't', message: 'Validation failed', details: '' }, node_errors: { 4: { errors: [{ message: 'Value not in list', details: "ckpt_name: 'x' not in ['a']" }], class_type: 'CheckpointLoaderSimple' } } },
      "Validation failed; CheckpointLoaderSimple: Value not in list ckpt_name: 'x' not in ['a']",
    ],
    [{ something: 'else' }, undefined],
    ['text', undefined],
    [null, undefined],
  ])('reads the error %j', (body, message) => expect(saidBy(body)).toBe(message))
})

describe('a1111', () => {
  beforeEach(startWith(a1111Fake))
  const sent = () => fake.requests.at(-1)!.json as Record<string, unknown>

  it('asks for what the spec says', async () => {
    const { generate } = await open({ model: 'sd_xl_base_1.0.safetensors' })
    const { seed, costMicroUsd, model } = await generate(everything)
    expect({ seed, costMicroUsd, model }).toEqual({ seed: 7, costMicroUsd: 0, model: 'sd_xl_base_1.0.safetensors' })
    expect(paths()).toEqual(['POST /sdapi/v1/txt2img'])
    expect(sent()).toEqual({
      prompt: 'a red circle',
      negative_prompt: 'text',
      seed: 7,
      steps: 8,
      cfg_scale: 2.5,
      width: 96,
      height: 64,
      sampler_name: 'Euler a',
      scheduler: 'karras',
      batch_size: 1,
      n_iter: 1,
      override_settings: { sd_model_checkpoint: 'sd_xl_base_1.0.safetensors' },
      send_images: true,
      save_images: false,
    })
  })

  it('takes the model of the spec before that of the options, and a seed by chance', async () => {
    const { generate } = await open({ model: 'sd_xl_base_1.0.safetensors' })
    const first = await generate({ model: 'v1-5-pruned-emaonly.safetensors' })
    expect(sent()).toMatchObject({ seed: first.seed, width: 512, height: 512, override_settings: { sd_model_checkpoint: 'v1-5-pruned-emaonly.safetensors' } })
    expect((await generate()).seed).not.toBe(first.seed)
  })

  it.each(['alpha', 'gray'] as const)('changes a reference where its mask (%s) says', async (kind) => {
    const { generate } = await open()
    await generate({ widthPx: 128, heightPx: 128, parameters: { strength: 0.4 } }, [await referenceOf(), await maskOf(kind)])
    expect(paths()).toEqual(['POST /sdapi/v1/img2img'])
    const { init_images, mask, denoising_strength } = sent() as { init_images: string[]; mask: string; denoising_strength: number }
    expect(denoising_strength).toBe(0.4)
    expect(await sharp(Buffer.from(init_images[0]!, 'base64')).metadata()).toMatchObject({ width: 128, height: 128, format: 'png' })
    const gray = Buffer.from(mask, 'base64')
    expect([await grayAt(gray, 20, 64), await grayAt(gray, 108, 64)]).toEqual([255, 0])
  })

  it('makes a picture of the size of its reference where none is asked', async () => {
    const { generate } = await open()
    await generate({}, [await referenceOf({ widthPx: 200, heightPx: 100 })])
    expect(sent()).toMatchObject({ width: 200, height: 104, denoising_strength: 0.75 })
    await generate({}, [await referenceOf({ widthPx: 4096, heightPx: 1024 })])
    expect(sent()).toMatchObject({ width: 2048, height: 512 })
  })
})

describe('comfyui', () => {
  beforeEach(startWith(comfyuiFake))
  type Node = { class_type: string; inputs: Record<string, unknown> }
  const graph = () => (fake.requests.findLast(({ path }) => path === '/prompt')!.json as { prompt: Record<string, Node> }).prompt
  const nodes = () => Object.fromEntries(Object.values(graph()).map(({ class_type, inputs }) => [class_type, inputs]))

  it('queues a graph, looks at it and fetches its file', async () => {
    const { generate } = await open()
    fake.faults.push({ fault: 'unfinished', on: /GET \/history/ })
    const { seed, model } = await generate({ ...everything, parameters: { steps: 8, cfg_scale: 2.5, sampler: 'ddim', scheduler: 'karras' } })
    expect({ seed, model }).toEqual({ seed: 7, model: comfyCheckpoint })
    const look = expect.stringMatching(/^GET \/history\/[0-9a-f-]{36}$/) as string
    expect(paths()).toEqual(['POST /prompt', look, look, 'GET /view'])
    expect(nodes()).toMatchObject({
      CheckpointLoaderSimple: { ckpt_name: comfyCheckpoint },
      EmptyLatentImage: { width: 96, height: 64, batch_size: 1 },
      KSampler: { seed: 7, steps: 8, cfg: 2.5, sampler_name: 'ddim', scheduler: 'karras', denoise: 1, latent_image: ['5', 0] },
    })
    expect([graph()['6']!.inputs.text, graph()['7']!.inputs.text]).toEqual(['a red circle', 'text'])
  })

  it('begins with a reference, and with its mask', async () => {
    const { generate } = await open({ model: 'sd_xl_base_1.0.safetensors' })
    await generate({ parameters: { strength: 0.3 } }, [await referenceOf()])
    expect(paths().slice(0, 2)).toEqual(['POST /upload/image', 'POST /prompt'])
    expect(nodes()).toMatchObject({ CheckpointLoaderSimple: { ckpt_name: 'sd_xl_base_1.0.safetensors' }, KSampler: { denoise: 0.3, latent_image: ['5', 0] }, VAEEncode: { pixels: ['10', 0] } })
    expect(nodes()).not.toHaveProperty('EmptyLatentImage')
    await generate({}, [await referenceOf(), await maskOf('alpha')])
    expect(nodes()).toMatchObject({ KSampler: { denoise: 0.75, latent_image: ['12', 0] }, SetLatentNoiseMask: { samples: ['5', 0], mask: ['11', 0] }, LoadImageMask: { channel: 'red' } })
    const mask = fake.requests.findLast(({ path }) => path === '/upload/image')!.parts!.find(({ name }) => name === 'image')!
    expect([await grayAt(mask.bytes, 10, 32), await grayAt(mask.bytes, 54, 32)]).toEqual([255, 0])
  })

  it('has the same picture saved anew, as the file of an earlier run may be gone', async () => {
    const { generate } = await open()
    const [one, two] = [await generate({ seed: 3 }), await generate({ seed: 3 })]
    expect(Buffer.from(two.outputs[0]!.bytes).equals(one.outputs[0]!.bytes)).toBe(true)
    const names = fake.requests.filter(({ path }) => path === '/view').map(({ query }) => query.get('filename'))
    expect(new Set(names).size).toBe(2)
  })

  it.each([
    ['execution-error', 'KSampler: Allocation on device'],
    ['stopped', 'the job was stopped at the server'],
    ['no-picture', 'the job made no picture'],
    ['checkpoint', "ckpt_name: 'x' not in ['a']"],
  ])('tells what went wrong: %s', async (fault, message) => {
    const { generate } = await open()
    fake.faults.push(fault)
    expect((await problemOf(() => generate())).message).toContain(message)
    expect(paths().filter((path) => path === 'POST /interrupt')).toEqual([])
  })

  const taken = (id: string) => {
    const bodies = fake.requests.filter(({ path }) => ['/queue', '/interrupt'].includes(path)).map(({ path, json }) => [path, json])
    expect(bodies).toEqual([['/queue', { delete: [id] }], ['/interrupt', { prompt_id: id }]])
  }
  const lookedAt = () => fake.requests.find(({ path }) => path.startsWith('/history/'))?.path.slice('/history/'.length)

  it('takes the job back when it is given up', async () => {
    const { generate } = await open()
    fake.faults.push({ fault: 'hang', on: /GET \/history/ })
    const stop = new AbortController()
    const failed = problemOf(() => generate({}, [], stop.signal))
    await expect.poll(lookedAt).toBeDefined()
    stop.abort()
    expect(failureOf(await failed)?.kind).toBe('maybe-spent')
    taken(lookedAt()!)
  })

  it('takes the job back when it takes too long', async () => {
    for (let look = 0; look < 50; look++) fake.faults.push({ fault: 'unfinished', on: /GET \/history/ })
    const ask = createComfyui({ deadlineMs: 60, intervalMs: 20 })
    const http = createHttp({ provider: 'stable-diffusion' })
    const call = { prompt: 'x', negative: '', seed: 1, widthPx: 64, heightPx: 64, model: comfyCheckpoint }
    const error = await problemOf(() => ask({ baseURL: fake.origin, http }, call, new AbortController().signal))
    expect(error.message).toContain('did not finish it within 0.06 s')
    taken(lookedAt()!)
  })
})

describe('sd-server', () => {
  beforeEach(startWith(sdServerFake))
  const extraOf = (prompt: unknown) => JSON.parse(/<sd_cpp_extra_args>(.*)<\/sd_cpp_extra_args>$/.exec(prompt as string)![1]!) as object

  it('sends what the API has no field for within the prompt', async () => {
    const { generate } = await open()
    expect((await generate({ ...everything, negative: 'a </sd_cpp_extra_args> b' })).seed).toBe(7)
    const { prompt, ...rest } = fake.requests.at(-1)!.json as Record<string, unknown>
    expect(rest).toEqual({ n: 1, size: '96x64', output_format: 'png' })
    expect(prompt).toMatch(/^a red circle <sd_cpp/)
    expect(extraOf(prompt)).toEqual({ seed: 7, negative_prompt: 'a </sd_cpp_extra_args> b', sample_params: { sample_steps: 8, sample_method: 'Euler a', scheduler: 'karras', guidance: { txt_cfg: 2.5 } } })
  })

  it('leaves to the server what the spec leaves out, and names a model only where one is named', async () => {
    const { generate } = await open({ model: 'sdxl' })
    const { seed } = await generate()
    const { prompt, ...rest } = fake.requests.at(-1)!.json as Record<string, unknown>
    expect(rest).toEqual({ n: 1, size: '512x512', output_format: 'png', model: 'sdxl' })
    expect(extraOf(prompt)).toEqual({ seed })
  })

  it('changes a reference where its mask says', async () => {
    const { generate } = await open()
    await generate({ parameters: { strength: 0.4 } }, [await referenceOf(), await maskOf('gray')])
    expect(paths()).toEqual(['POST /v1/images/edits'])
    const parts = Object.fromEntries(fake.requests[0]!.parts!.map((part) => [part.name, part]))
    expect(Object.keys(parts)).toEqual(['prompt', 'n', 'size', 'output_format', 'image[]', 'mask'])
    expect(parts.size!.text).toBe('64x64')
    expect(extraOf(parts.prompt!.text)).toMatchObject({ strength: 0.4 })
    expect([await grayAt(parts.mask!.bytes, 10, 32), await grayAt(parts.mask!.bytes, 54, 32)]).toEqual([255, 0])
  })
})

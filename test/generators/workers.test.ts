import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { contentHash } from '../../src/core/digest.ts'
import type { MediaWork } from '../../src/generators/media-work.ts'
import { decodeSound } from '../../src/generators/media/decode-sound.ts'
import { makeLocal } from '../../src/generators/local/make-local.ts'
import { processMedia, type ProcessRequest } from '../../src/generators/process.ts'
import { createWorkerPool, type WorkerPool } from '../../src/generators/workers/pool.ts'
import { noisyPng } from '../pictures.ts'
import { startMedia, workerSource as source } from './media.ts'

const built = fileURLToPath(new URL('../../dist/generators/worker.js', import.meta.url))

let open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()))
  open = []
})
const kept = <T extends { close(): Promise<void> }>(one: T): T => (open.push(one), one)
const mediaOf = (program: string): MediaWork => kept(startMedia(program))

const job = (type: 'image' | 'audio', prompt: string) => ({ key: 'a'.repeat(64), request: { type, prompt, widthPx: 64, heightPx: 64, variations: 2, parameters: {} } })
const order = async (steps: ProcessRequest['steps']): Promise<ProcessRequest> => ({
  type: 'image',
  steps,
  extension: 'png',
  outputs: [{ bytes: await noisyPng(48, 48), mediaType: 'image/png' }],
  pick: undefined,
  tracksQuality: true,
  readFile: () => Promise.reject(new Error('no file is asked for')),
  colorsOf: (ref) => Promise.resolve(ref === 'COLOR-ACME-*' ? ['#102030', '#F0E0D0'] : []),
  onStep: () => undefined,
})

describe.each([['sources', source], ['the build', built]])('worker threads of %s', (_, program) => {
  it('make the same bytes as this thread', async () => {
    const media = mediaOf(program)
    for (const one of [job('image', 'contour noise'), job('audio', 'coin')]) {
      const [there, here] = await Promise.all([media.makeLocal(one), makeLocal(one)])
      expect(there.map(({ bytes }) => contentHash(bytes))).toEqual(here.map(({ bytes }) => contentHash(bytes)))
    }
  })

  it('process as this thread does, ask it for colours, tell it of steps and leave the input whole', async () => {
    const request = await order([{ action: 'palette', tokens: 'COLOR-ACME-*' }, { action: 'outline' }])
    const told: string[] = []
    const before = contentHash(request.outputs[0]!.bytes)
    const there = await mediaOf(program).process({ ...request, onStep: (action) => told.push(action) })
    expect(contentHash(request.outputs[0]!.bytes)).toBe(before)
    expect(told).toEqual(['palette', 'outline'])
    expect(there).toEqual({ ...(await processMedia(request)), file: expect.objectContaining({ hash: there.file.hash }) as object })
    expect(there.file.hash).toBe((await processMedia(request)).file.hash)
  })

  it('fail with the code, the hint and the details that this thread would', async () => {
    const request = await order([{ action: 'validate', checks: [{ min_bytes: 1e9 }] }])
    const here: unknown = await processMedia(request).catch((error: unknown) => error)
    const there: unknown = await mediaOf(program).process(request).catch((error: unknown) => error)
    expect(here).toMatchObject({ code: 'CHECK_FAILED' })
    expect(JSON.parse(JSON.stringify(there))).toEqual(JSON.parse(JSON.stringify(here)))
    expect(there).toMatchObject({ name: 'AssetloomError', exit: (here as { exit: number }).exit })
  })

  it('hand on what the owner fails with', async () => {
    const request = await order([{ action: 'palette', tokens: 'NOTHING' }])
    await expect(mediaOf(program).process({ ...request, colorsOf: () => Promise.reject(new TypeError('no such colour')) })).rejects.toMatchObject({ name: 'TypeError', message: 'no such colour' })
    await expect(mediaOf(program).process(request)).rejects.toMatchObject({ code: 'PALETTE_EMPTY' })
  })
})

describe('a pool of workers', () => {
  const crashing = (program: string | URL = new URL('crash-worker.mjs', import.meta.url), idleMs = 10_000): WorkerPool =>
    kept(createWorkerPool({ program, size: 1, idleMs, prepare: async () => undefined }))
  const ask = (pool: WorkerPool, how: string, more: object = {}) => pool.run('peaks', { how, ...more } as never) as Promise<unknown>

  it.each([
    ['exit', /exited with code 3/],
    ['throw', /it fell over/],
  ])('reports a worker that is lost by %s, and goes on with another', async (how, why) => {
    const pool = crashing()
    const [lost, next] = await Promise.allSettled([ask(pool, how), ask(pool, 'answer')])
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'WORKER_LOST', message: expect.stringMatching(why) as string } })
    expect(next).toMatchObject({ status: 'fulfilled', value: 'answer' })
  })

  it('reports a program that is not there', async () => {
    await expect(ask(crashing(new URL('no-such-worker.mjs', import.meta.url)), 'answer')).rejects.toMatchObject({ code: 'WORKER_LOST' })
  })

  it('reports what cannot be sent to a worker', async () => {
    const pool = crashing()
    await expect(pool.run('peaks', { how: () => 1 } as never)).rejects.toThrow(/could not be cloned/)
    expect(await ask(pool, 'answer')).toBe('answer')
  })

  it('fails what is under way and what waits when it is closed, and takes no more', async () => {
    const pool = crashing()
    const outcomes = [ask(pool, 'hang'), ask(pool, 'answer')]
    const settled = Promise.allSettled(outcomes)
    // The first is at work when the pool closes.
    await new Promise((resolve) => setTimeout(resolve, 50))
    await pool.close()
    for (const outcome of await settled) expect(outcome).toMatchObject({ reason: { code: 'WORKERS_CLOSED' } })
    await expect(ask(pool, 'answer')).rejects.toMatchObject({ code: 'WORKERS_CLOSED' })
  })

  it('lets a worker that rests leave by itself, so that nothing native in it is cut off', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'assetloom-worker-')), 'mark')
    const pool = crashing()
    await ask(pool, 'leave a mark', { file })
    await pool.close()
    expect(readFileSync(file, 'utf8')).toBe('left')
    rmSync(dirname(file), { recursive: true })
  })

  it('stops a worker that does not leave', async () => {
    const pool = crashing()
    await ask(pool, 'grow deaf')
    await expect(pool.close()).resolves.toBeUndefined()
  })

  it('starts a worker anew after the last was ended for want of work', async () => {
    const pool = crashing(undefined, 1)
    expect(await ask(pool, 'answer')).toBe('answer')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await ask(pool, 'answer')).toBe('answer')
  })

  it('keeps a process alive while it works, and no longer', async () => {
    const module = new URL('../../src/generators/media-work.ts', import.meta.url).href
    const code = `import { createMediaWork } from ${JSON.stringify(module)}
      const media = createMediaWork({ program: ${JSON.stringify(source)}, threads: 1 })
      void media.makeLocal({ key: 'k', request: { type: 'audio', prompt: 'coin', variations: 1, parameters: {} } }).then(([one]) => console.log(one.mediaType))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { timeout: 20_000 })
    expect(stdout).toBe('audio/wav\n')
  })
})

describe('music in process', () => {
  /** A stand-in for the optional package: a sample says how many models were loaded, and of which thread. */
  const transformers = `import { isMainThread } from 'node:worker_threads'
    let loads = 0
    export const AutoTokenizer = { from_pretrained: async () => async () => ({}) }
    export class InterruptableStoppingCriteria { interrupt() { this.isStopped = true } }
    export const MusicgenForConditionalGeneration = {
      async from_pretrained() {
        loads++
        return {
          config: { audio_encoder: { sampling_rate: 32000 } },
          async generate({ endless, stopping_criteria }) {
            while (endless && !stopping_criteria.isStopped) await new Promise((done) => setTimeout(done, 5))
            return { data: new Float32Array(100).fill(isMainThread ? 1 : loads / 4), dims: [1, 1, 100] }
          },
        }
      },
    }`

  it('is made in a thread of its own, which keeps the model and hears when it is given up', async () => {
    const modules = mkdtempSync(join(tmpdir(), 'assetloom-music-'))
    try {
      // The package is looked for beside the build, as in a project that installed both.
      const repository = fileURLToPath(new URL('../..', import.meta.url))
      cpSync(join(repository, 'dist'), join(modules, 'node_modules/assetloom/dist'), { recursive: true })
      writeFileSync(join(modules, 'node_modules/assetloom/package.json'), '{"name":"assetloom","type":"module"}')
      symlinkSync(join(repository, 'node_modules/sharp'), join(modules, 'node_modules/sharp'), 'junction')
      mkdirSync(join(modules, 'node_modules/@huggingface/transformers'), { recursive: true })
      writeFileSync(join(modules, 'node_modules/@huggingface/transformers/package.json'), '{"type":"module","exports":"./index.js"}')
      writeFileSync(join(modules, 'node_modules/@huggingface/transformers/index.js'), transformers)

      const { music } = mediaOf(join(modules, 'node_modules/assetloom/dist/generators/worker.js'))
      const order = (endless: boolean) => ({ model: 'Xenova/musicgen-small', prompt: 'calm', parameters: { endless } })
      const goOn = new AbortController().signal
      for (const _ of [1, 2]) {
        const made = await music.make(order(false), goOn)
        const { channels, sampleRateHz } = await decodeSound('music' in made ? made.music.bytes : expect.fail('no music'))
        expect([channels[0]![50], sampleRateHz]).toEqual([0.25, 32_000])
      }
      const stop = new AbortController()
      const endless = music.make(order(true), stop.signal)
      stop.abort()
      expect(await endless).toEqual({ isGivenUp: true })
    } finally {
      rmSync(modules, { recursive: true, force: true })
    }
  })
})

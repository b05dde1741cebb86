import { extname } from 'node:path'
import type { GenerationType, Job } from '../core/job.ts'
import { formatOfExtension, type MediaBytes, type MediaFormat } from '../core/media.ts'
import type { RefineRequest } from '../core/refinement.ts'
import type { PictureComparison } from './media/compare-pictures.ts'
import type { SoundMeasures } from './media/measure-sound.ts'
import type { ReadMedia } from './media/read-media.ts'
import type { MusicEngine } from './musicgen/in-process.ts'
import { installedTransformers } from './musicgen/transformers.ts'
import type { Processed, ProcessOrder, ProcessRequest } from './process.ts'
import type { Quality } from './quality.ts'
import { createWorkerPool } from './workers/pool.ts'

/** What is done to pictures and sounds, off the main thread wherever it would hold up the event loop. */
export interface MediaWork {
  /** MusicGen on this machine, in a thread of its own. */
  readonly music: MusicEngine
  /** The outputs of the local provider. */
  makeLocal(job: Pick<Job, 'key' | 'request'>): Promise<MediaBytes[]>
  /** @see processMedia in process.ts */
  process(request: ProcessRequest): Promise<Processed>
  /** @see readMedia in media/read-media.ts */
  read(bytes: Uint8Array, file: string): Promise<ReadMedia>
  /** @see inspectMedia in media/read-media.ts */
  inspect(bytes: Uint8Array, format: MediaFormat): Promise<ReadMedia>
  /** @see refineMedia in media/refine-media.ts */
  refine(
    bytes: Uint8Array,
    format: MediaFormat,
    request: RefineRequest,
  ): Promise<{ bytes: Uint8Array; format: MediaFormat }>
  /** @see soundPeaks in media/sound-peaks.ts */
  peaks(sound: Uint8Array, parts: number): Promise<number[]>
  /** @see comparePictures in media/compare-pictures.ts */
  comparePictures(input: { before: Uint8Array; after: Uint8Array; wantsPng: boolean }): Promise<PictureComparison>
  /** @see measureSound in media/measure-sound.ts */
  measureSound(sound: Uint8Array): Promise<SoundMeasures>
  /** @see measureQuality in quality.ts */
  quality(type: GenerationType, file: MediaBytes): Promise<Quality | undefined>
  /** Load what looks at pictures; for the time in which a provider is waited for. */
  ready(): Promise<void>
  /** End the worker threads; work under way fails with WORKERS_CLOSED. */
  close(): Promise<void>
}

/** Up to here, reading a sound or drawing takes a few milliseconds. */
const smallBytes = 64 * 1024

/** A worker is kept for the next piece of work this long. */
const idleMs = 60_000

/**
 * A model is kept as long as the project is open: it takes minutes to load, and what it runs on may keep threads of its
 * own that outlive the one that started it.
 */
const musicIdleMs = 2 ** 31 - 1

/**
 * @param input.program - file of the worker's program, see workers/worker.ts
 * @param input.threads - most workers
 */
export function createMediaWork(input: { program: string; threads: number }): MediaWork {
  // On Linux the library behind sharp must not be unloaded with the worker that loaded it first.
  const prepare = () => import('./media/sharp.ts')
  const { program, threads } = input
  const pool = createWorkerPool({ program, size: threads, idleMs, prepare })
  const musicPool = createWorkerPool({ program, size: 1, idleMs: musicIdleMs, prepare })
  const reading = () => import('./media/read-media.ts')
  return {
    music: {
      isInstalled: installedTransformers.isInstalled,
      async make(order, signal) {
        const over = new AbortController()
        const givenUp = () =>
          new Promise<void>((done) => {
            if (signal.aborted) done()
            else signal.addEventListener('abort', () => done(), { signal: over.signal })
          })
        try {
          return await musicPool.run('makeMusic', order, { givenUp })
        } finally {
          over.abort()
        }
      },
    },
    makeLocal: ({ key, request }) => pool.run('makeLocal', { key, request }),
    async process({ readFile, colorsOf, onStep, ...order }) {
      const host = { readFile, colorsOf, onStep }
      if (passesThrough(order)) return (await import('./process.ts')).processMedia({ ...order, ...host })
      return pool.run('process', order, host)
    },
    read: async (bytes, file) =>
      isQuick(bytes, formatOfExtension(extname(file)))
        ? (await reading()).readMedia(bytes, file)
        : pool.run('read', { bytes, file }),
    inspect: async (bytes, format) =>
      isQuick(bytes, format)
        ? (await reading()).inspectMedia(bytes, format)
        : pool.run('inspect', { bytes, format }),
    refine: async (bytes, format, request) =>
      isRaster(format) && !request.optimiseSvg
        ? (await import('./media/refine-media.ts')).refineMedia(bytes, format, request)
        : pool.run('refine', { bytes, format, request }),
    peaks: (sound, parts) => pool.run('peaks', { sound, parts }),
    comparePictures: (input) => pool.run('comparePictures', input),
    measureSound: (sound) => pool.run('measureSound', sound),
    quality: (type, file) => pool.run('quality', { type, file }),
    async ready() {
      await Promise.all([reading(), import('./process.ts'), import('./media/detect-media-type.ts')])
    },
    async close() {
      await Promise.all([pool.close(), musicPool.close()])
    },
  }
}

/** Text, and one picture that is only read or written in another format, which sharp does. */
const passesThrough = ({ type, steps, outputs, tracksQuality }: ProcessOrder) =>
  type === 'text' ||
  (type === 'image' &&
    steps.length === 0 &&
    outputs.length === 1 &&
    !tracksQuality &&
    outputs[0]!.mediaType !== 'image/svg+xml')

/** sharp works on threads of its own; sounds and drawings are read by JavaScript. */
const isQuick = (bytes: Uint8Array, format: MediaFormat | undefined) =>
  format === undefined || isRaster(format) || bytes.length <= smallBytes

const isRaster = ({ kind, extension }: MediaFormat) => kind === 'image' && extension !== 'svg'

import type { GenerationType, JobRequest } from '../../core/job.ts'
import type { MediaBytes, MediaFormat } from '../../core/media.ts'
import type { RefineRequest } from '../../core/refinement.ts'
import type { MusicHost, MusicOrder } from '../musicgen/make-music.ts'
import type { ProcessHost, ProcessOrder } from '../process.ts'

/*
 * What a worker thread can be asked for. A task takes and gives encoded bytes: pixels and samples never change threads.
 */

export const tasks = {
  makeLocal: async (job: { key: string; request: JobRequest }) =>
    (await import('../local/make-local.ts')).makeLocal(job),
  makeMusic: async (order: MusicOrder, host: MusicHost) =>
    (await import('../musicgen/make-music.ts')).makeMusic(order, host),
  process: async (order: ProcessOrder, host: ProcessHost) =>
    (await import('../process.ts')).processMedia({ ...order, ...host }),
  read: async ({ bytes, file }: { bytes: Uint8Array; file: string }) =>
    (await import('../media/read-media.ts')).readMedia(bytes, file),
  inspect: async ({ bytes, format }: { bytes: Uint8Array; format: MediaFormat }) =>
    (await import('../media/read-media.ts')).inspectMedia(bytes, format),
  refine: async ({ bytes, format, request }: { bytes: Uint8Array; format: MediaFormat; request: RefineRequest }) =>
    (await import('../media/refine-media.ts')).refineMedia(bytes, format, request),
  peaks: async ({ sound, parts }: { sound: Uint8Array; parts: number }) =>
    (await import('../media/sound-peaks.ts')).soundPeaks(sound, parts),
  comparePictures: async (input: { before: Uint8Array; after: Uint8Array; wantsPng: boolean }) =>
    (await import('../media/compare-pictures.ts')).comparePictures(input),
  measureSound: async (sound: Uint8Array) => (await import('../media/measure-sound.ts')).measureSound(sound),
  quality: async ({ type, file }: { type: GenerationType; file: MediaBytes }) =>
    (await import('../quality.ts')).measureQuality(type, file),
}

export type Tasks = typeof tasks
export type TaskName = keyof Tasks
export type TaskInput<N extends TaskName> = Parameters<Tasks[N]>[0]
/** What a task may ask of the thread that owns the workspace. */
export type TaskHost<N extends TaskName> = Parameters<Tasks[N]> extends [unknown, infer H] ? H : undefined
export type TaskResult<N extends TaskName> = Awaited<ReturnType<Tasks[N]>>

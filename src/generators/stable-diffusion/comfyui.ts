import * as z from 'zod'
import { providerFailure } from '../../core/provider-failure.ts'
import { pollJob, type JobState } from '../http/poll-job.ts'
import { comfyGraph, savingNode, type Uploaded } from './comfy-graph.ts'
import type { Flavor, Server, Source } from './flavor.ts'

/** In the server's own starting graph. */
export const comfyCheckpoint = 'v1-5-pruned-emaonly-fp16.safetensors'

const stopTimeoutMs = 5_000

const queued = z.looseObject({ prompt_id: z.string().min(1) })
const uploadedFile = z.looseObject({ name: z.string().min(1), subfolder: z.string().default('') })
const file = z.looseObject({ filename: z.string(), subfolder: z.string().default(''), type: z.string().default('output') })
type File = z.infer<typeof file>
const finished = z.looseObject({
  outputs: z.record(z.string(), z.looseObject({ images: z.array(file).optional() })).default({}),
  status: z
    .looseObject({
      status_str: z.string().optional(),
      completed: z.boolean().optional(),
      messages: z.array(z.tuple([z.string(), z.looseObject({})])).default([]),
    })
    .optional(),
})
type Finished = z.infer<typeof finished>
/** Empty until the job is over. */
const history = z.record(z.string(), finished)

/**
 * ComfyUI: a graph is put into its queue, looked at until it is over, and its file fetched. A job that is given up is
 * taken out of the queue or stopped.
 */
export function createComfyui(waits: { deadlineMs: number; intervalMs?: number }): Flavor {
  return async (server, call, signal) => {
    const { baseURL, http } = server
    const run = crypto.randomUUID()
    const uploaded = call.source && (await upload(server, call.source, run, signal))
    const { prompt_id: id } = await http.sendForJson(
      { url: `${baseURL}/prompt`, json: { prompt: comfyGraph(call, run, uploaded), client_id: run }, signal, isFree: true },
      queued,
    )
    const look = async (): Promise<JobState<Finished>> => {
      const url = `${baseURL}/history/${encodeURIComponent(id)}`
      const job = (await http.sendForJson({ url, signal, isFree: true }, history))[id]
      const isOver = job && (job.status?.completed !== false || job.status.status_str === 'error')
      return isOver ? { state: 'done', value: job } : { state: 'running' }
    }
    let job: Finished
    try {
      job = await pollJob({ provider: 'stable-diffusion', look, signal, ...waits })
    } catch (error) {
      await stop(server, id)
      throw error
    }
    return { bytes: await download(server, fileOf(job), signal) }
  }
}

/** Out of the queue if it still waits there; stopped if it runs. Servers that know no single jobs stop what runs. */
async function stop({ baseURL, http }: Server, id: string): Promise<void> {
  const signal = AbortSignal.timeout(stopTimeoutMs)
  await http.send({ url: `${baseURL}/queue`, json: { delete: [id] }, signal, isFree: true }).catch(() => undefined)
  await http.send({ url: `${baseURL}/interrupt`, json: { prompt_id: id }, signal, isFree: true }).catch(() => undefined)
}

async function upload({ baseURL, http }: Server, source: Source, run: string, signal: AbortSignal): Promise<Uploaded> {
  const send = async (bytes: Uint8Array, what: string) => {
    const body = new FormData()
    body.append('image', new File([new Uint8Array(bytes)], `assetloom-${run}-${what}.png`, { type: 'image/png' }))
    body.append('overwrite', 'true')
    const url = `${baseURL}/upload/image`
    const { name, subfolder } = await http.sendForJson({ url, body, signal, isFree: true }, uploadedFile)
    return subfolder ? `${subfolder}/${name}` : name
  }
  const image = await send(source.image, 'reference')
  return { image, ...(source.mask && { mask: await send(source.mask, 'mask') }) }
}

/** The file that a job has made. @throws PROVIDER_REJECTED, PROVIDER_BAD_OUTPUT */
function fileOf({ outputs, status }: Finished): File {
  if (status?.status_str === 'error')
    throw providerFailure({ kind: 'rejected', provider: 'stable-diffusion', message: whyFailed(status.messages) })
  const made = [outputs[savingNode], ...Object.values(outputs)].flatMap((node) => node?.images ?? [])
  if (made[0]) return made[0]
  throw providerFailure({ kind: 'bad-output', provider: 'stable-diffusion', message: 'the job made no picture' })
}

function whyFailed(messages: readonly [string, Record<string, unknown>][]): string {
  const told = (event: string) => messages.find(([name]) => name === event)?.[1]
  const error = told('execution_error')
  if (error) return `${String(error.node_type)}: ${String(error.exception_message).trim()}`
  return told('execution_interrupted') ? 'the job was stopped at the server' : 'the job failed'
}

async function download({ baseURL, http }: Server, made: File, signal: AbortSignal): Promise<Uint8Array> {
  const query = new URLSearchParams({ filename: made.filename, subfolder: made.subfolder, type: made.type })
  const { bytes } = await http.send({ url: `${baseURL}/view?${query}`, signal, isFree: true })
  return bytes
}

import * as z from 'zod'
import type { GenerationContext } from '../../core/ports.ts'
import { failureOf, providerFailure } from '../../core/provider-failure.ts'
import { pollJob, type JobState } from '../http/poll-job.ts'
import type { FireflyApi } from './api.ts'
import type { FireflyCall } from './call.ts'
import { jobFailure } from './failures.ts'

/** From the acceptance of a job. */
const jobDeadlineMs = 180_000
const cancelWithinMs = 5_000

const accepted = z.looseObject({ jobId: z.string(), statusUrl: z.string(), cancelUrl: z.string().optional() })

const result = z.looseObject({
  outputs: z
    .array(z.looseObject({ seed: z.number().optional(), image: z.looseObject({ url: z.string() }) }))
    .min(1),
})
const state = z.looseObject({
  status: z.string(),
  progress: z.number().nullish(),
  error_code: z.unknown().optional(),
  message: z.unknown().optional(),
  result: z.unknown().optional(),
})

/** What a finished job made, and where it lies. */
export type JobResult = z.output<typeof result>

/** Hand a job in. It is paid for once it is accepted. */
export async function handIn(
  api: FireflyApi,
  { model }: FireflyCall,
  body: FireflyCall['body'],
  signal: AbortSignal,
): Promise<z.output<typeof accepted>> {
  const job = await api.ask(
    { url: api.at('/v3/images/generate-async'), headers: { 'x-model-version': model }, json: body, signal },
    accepted,
  )
  const strange = api.strangeReason(job.statusUrl)
  if (!strange) return job
  throw providerFailure({
    kind: 'maybe-spent',
    provider: 'firefly',
    message: `it took the job on, but names an address for it that gets no key: ${strange}`,
  })
}

/** The result of a job that was handed in; cancelled there when we give up. */
export async function waitForJob(
  api: FireflyApi,
  job: z.output<typeof accepted>,
  { signal, onProgress }: GenerationContext,
): Promise<JobResult> {
  const look = async () => stateOf(await api.ask({ url: job.statusUrl, signal, isFree: true }, state))
  try {
    return await pollJob({ provider: 'firefly', look, signal, deadlineMs: jobDeadlineMs, onProgress })
  } catch (error) {
    const kind = failureOf(error)?.kind
    if (kind === 'maybe-spent' || kind === 'aborted') await cancel(api, job.cancelUrl)
    throw error
  }
}

function stateOf(found: z.output<typeof state>): JobState<JobResult> {
  const { status, progress } = found
  if (status === 'succeeded') {
    const made = result.safeParse(found.result)
    if (made.success) return { state: 'done', value: made.data }
    return { state: 'failed', failure: { kind: 'bad-output', message: 'the job is done, but names no pictures' } }
  }
  if (['failed', 'cancelled', 'timeout'].includes(status)) return { state: 'failed', failure: jobFailure(found) }
  return { state: 'running', ...(progress != null && { fraction: progress / 100 }) }
}

/** It is given up anyway, so a cancellation that comes to nothing is not told. */
async function cancel(api: FireflyApi, cancelUrl: string | undefined): Promise<void> {
  if (cancelUrl === undefined || api.strangeReason(cancelUrl)) return
  const signal = AbortSignal.timeout(cancelWithinMs)
  await api.ask({ url: cancelUrl, method: 'PUT', signal, isFree: true }, z.unknown()).catch(() => undefined)
}

import * as z from 'zod'
import { createHttp } from '../http/create-http.ts'
import { errorText, oneLine } from '../http/error-text.ts'
import { pollJob, type JobState } from '../http/poll-job.ts'
import { readFaultFor } from './failures.ts'

const lookEveryMs = 500
/** A run that nobody waits for any more is stopped, so that it costs nothing further. */
const cancelWithinMs = 5_000

const predictionSchema = z.looseObject({
  id: z.string().min(1),
  status: z.string(),
  output: z.unknown().optional(),
  error: z.unknown().optional(),
  metrics: z.looseObject({ predict_time: z.number().optional() }).nullish(),
})
type Prediction = z.output<typeof predictionSchema>

/** A run that came to its end. */
export interface FinishedPrediction {
  id: string
  /** As the model shapes it; files are addresses. */
  output: unknown
  /** What the account is billed for. */
  predictSeconds: number | undefined
}

/**
 * Run a version of a model and wait for what it makes. Time on the hardware is billed whatever comes of it, so from the
 * moment that the run exists every failure is `maybe-spent`. Giving up cancels the run.
 *
 * Addresses are made of `baseURL` and the id: the answer names them, too, and the key must go to no other host.
 */
export async function runPrediction(input: {
  provider: string
  /** With its `/v1`, no slash at the end. */
  baseURL: string
  apiKey: string
  version: string
  input: Readonly<Record<string, unknown>>
  deadlineMs: number
  signal: AbortSignal
}): Promise<FinishedPrediction> {
  const { provider, signal, deadlineMs } = input
  const http = createHttp({ provider, readFault: readFaultFor(provider) })
  const headers = { authorization: `Bearer ${input.apiKey}` }
  const all = `${input.baseURL}/predictions`

  // Without `Prefer: wait` the id is there at once: a connection that breaks while a run goes on loses nothing.
  const created = await http.sendForJson(
    {
      url: all,
      // Where this process dies, Replicate ends the run.
      headers: { ...headers, 'cancel-after': `${Math.ceil(deadlineMs / 60_000)}m` },
      json: { version: input.version, input: input.input },
      signal,
    },
    predictionSchema,
  )
  const own = `${all}/${encodeURIComponent(created.id)}`
  let known: Prediction | undefined = created
  let isOver = false
  try {
    return await pollJob<FinishedPrediction>({
      provider,
      signal,
      deadlineMs,
      intervalMs: lookEveryMs,
      async look() {
        const prediction =
          known ?? (await http.sendForJson({ url: own, headers, signal, isFree: true }, predictionSchema))
        known = undefined
        const state = stateOf(prediction)
        isOver = state.state !== 'running'
        return state
      },
    })
  } catch (error) {
    if (!isOver) {
      const within = AbortSignal.timeout(cancelWithinMs)
      await http.send({ url: `${own}/cancel`, method: 'POST', headers, signal: within, isFree: true }).catch(() => {})
    }
    throw error
  }
}

/** What became of runs that made nothing, in the API's words for it. */
const endings: Readonly<Record<string, string>> = {
  failed: 'the run failed',
  canceled: 'the run was cancelled at Replicate',
  aborted: 'the run was aborted before it began',
}

function stateOf({ id, status, output, error, metrics }: Prediction): JobState<FinishedPrediction> {
  if (status === 'succeeded')
    return { state: 'done', value: { id, output, predictSeconds: metrics?.predict_time ?? undefined } }
  // `starting`, `processing`, and states that may come.
  if (!Object.hasOwn(endings, status)) return { state: 'running' }
  const why = errorText(error)
  return {
    state: 'failed',
    failure: {
      kind: 'maybe-spent',
      message: `${endings[status]}${why ? `: ${oneLine(why)}` : ''} (prediction ${oneLine(id)})`,
      hint: 'Time on the hardware is billed also when nothing comes of it: look at replicate.com/predictions.',
    },
  }
}

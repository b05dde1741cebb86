import { failureOf, providerFailure, type Failure, type FailureKind } from '../../core/provider-failure.ts'
import { pause } from './pause.ts'

/** What one look at an accepted job finds. */
export type JobState<T> =
  | { state: 'running'; /** 0…1 */ fraction?: number; /** Asked wait until the next look. */ waitMs?: number }
  | { state: 'done'; value: T }
  /** The provider says that it came to nothing; `failure.kind` says what that costs. */
  | { state: 'failed'; failure: Omit<Failure, 'provider'> }

/**
 * Look at an accepted job until it is over. A look costs nothing, so one that fails in passing is made again. Whoever
 * gives up here may have paid: the deadline, a stop and a look that is refused are `maybe-spent`.
 * @param input.look - one look, through a request with `isFree`
 */
export async function pollJob<T>(input: {
  provider: string
  look(): Promise<JobState<T>>
  signal: AbortSignal
  /** From now. */
  deadlineMs: number
  /** @default 1000 */
  intervalMs?: number
  onProgress?: ((fraction: number) => void) | undefined
}): Promise<T> {
  const { provider, signal, deadlineMs, intervalMs = 1000 } = input
  const endMs = performance.now() + deadlineMs
  const gone = (message: string, cause?: unknown) =>
    providerFailure({ kind: 'maybe-spent', provider, message: `it took the job on, but ${message}` }, cause)
  const requireGoing = (cause?: unknown) => {
    if (signal.aborted) throw failureOf(signal.reason) ? signal.reason : gone('the call was given up', cause)
  }

  for (;;) {
    let found: JobState<T>
    try {
      found = await input.look()
    } catch (error) {
      requireGoing(error)
      const failure = failureOf(error)
      if (!failure || !passing.has(failure.kind))
        throw gone(`cannot be asked about it: ${failure?.message ?? String(error)}`, error)
      found = { state: 'running', ...(failure.retryAfterMs !== undefined && { waitMs: failure.retryAfterMs }) }
    }
    if (found.state === 'done') return found.value
    if (found.state === 'failed') throw providerFailure({ ...found.failure, provider })
    if (found.fraction !== undefined) input.onProgress?.(found.fraction)
    const waitMs = found.waitMs ?? intervalMs
    if (performance.now() + waitMs > endMs) throw gone(`did not finish it within ${deadlineMs / 1000} s`)
    await pause(waitMs, signal)
    requireGoing()
  }
}

/** What may be over at the next look. */
const passing: ReadonlySet<FailureKind> = new Set(['server', 'rate-limited', 'not-sent'])

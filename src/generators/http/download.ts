import { failureOf, providerFailure, type Failure } from '../../core/provider-failure.ts'
import type { HttpAnswer } from './answer.ts'
import { createHttp } from './create-http.ts'
import { pause } from './pause.ts'
import { unsafeReason } from '../../core/safe-url.ts'

/** Tries of one download in all. */
const maxTries = 4
const firstPauseMs = 500
const longestPauseMs = 10_000

/**
 * Fetch a result from the address that a provider named, which is often another host: no key goes there, redirects are
 * not followed. Broken connections and errors of the server are tried again. The result is paid for by now, so what
 * fails for good is `bad-output`.
 * @param input.maxBytes - @default 128 MiB
 */
export async function downloadResult(input: {
  provider: string
  url: string
  signal: AbortSignal
  maxBytes?: number
}): Promise<HttpAnswer> {
  const { provider, url, signal, maxBytes } = input
  const lost = (message: string, failure?: Partial<Failure>, cause?: unknown) =>
    providerFailure(
      {
        kind: 'bad-output',
        provider,
        message: `the result is ready, but ${message}`,
        hint: 'It is paid for. Running again asks for a new one.',
        ...(failure?.status !== undefined && { status: failure.status }),
      },
      cause,
    )
  const unsafe = unsafeReason(url)
  if (unsafe) throw lost(`its address cannot be used: ${unsafe}`)
  const http = createHttp({ provider })
  for (let attempt = 1; ; attempt++) {
    try {
      return await http.send({ url, signal, isFree: true, ...(maxBytes !== undefined && { maxBytes }) })
    } catch (error) {
      if (signal.aborted) throw afterSending(provider, signal, error)
      const failure = failureOf(error)
      const { host } = new URL(url)
      if (failure?.status === 403 || failure?.status === 404 || failure?.status === 410)
        throw lost(`its address at ${host} has expired (${failure.status})`, failure, error)
      const isPassing = failure && ['server', 'not-sent', 'rate-limited'].includes(failure.kind)
      if (!isPassing || attempt >= maxTries)
        throw lost(`it could not be fetched from ${host}: ${failure?.message ?? String(error)}`, failure, error)
      await pause(Math.min(longestPauseMs, failure.retryAfterMs ?? firstPauseMs * 2 ** (attempt - 1)), signal)
    }
  }
}

/** Of a result that is paid for, whatever stopped us. */
function afterSending(provider: string, signal: AbortSignal, error: unknown): Error {
  const reason: unknown = signal.reason
  if (failureOf(reason)) return reason as Error
  return providerFailure({ kind: 'maybe-spent', provider, message: 'given up before the result was fetched' }, error)
}

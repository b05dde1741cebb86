import type { AssetloomError } from '../core/errors.ts'
import { defineError } from '../core/errors.ts'
import type { Failure } from '../core/provider-failure.ts'
import { countsAgainstProvider, stopsProvider } from '../plan/retry.ts'

const providerStopped = defineError('PROVIDER_STOPPED', {
  summary: 'A provider failed in a way that makes further calls of the run useless; this one was not made.',
  message: (d: { provider: string; why: string }) => `${d.provider} was not asked again in this run: ${d.why}`,
  hint: () => 'Mend what the first failure names, then run again.',
  http: 502,
})

/** What all calls to one provider share during a run: a pause after 429, and a stop after money or repeated failure. */
export interface ProviderGate {
  /** Wait until calls may be made. @throws PROVIDER_STOPPED */
  enter(signal: AbortSignal): Promise<void>
  /** All calls wait this long. */
  pause(waitMs: number): void
  succeeded(): void
  /** Its last answers were of no use: the next one is looked at before another call is paid. */
  isSuspect(): boolean
  /** An answer is there; its call ends when it is booked. */
  booking(call: Promise<unknown>): void
  /** Ends when one of those is booked; undefined when there is none. */
  nextBooked(): Promise<void> | undefined
  /**
   * @param sentMs - when the call was made: calls that were under way together fail together, and count once
   * @returns whether the provider is left alone from now on
   */
  failed(failure: Failure | undefined, error: AssetloomError, sentMs: number): boolean
}

export function createProviderGate(ports: {
  provider: string
  now(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
}): ProviderGate {
  let pausedUntilMs = 0
  let failedRounds = 0
  let lastFailedMs = -Infinity
  let stopped: string | undefined
  const unbooked = new Set<Promise<void>>()
  return {
    async enter(signal) {
      for (;;) {
        if (stopped !== undefined) throw providerStopped({ provider: ports.provider, why: stopped })
        const waitMs = pausedUntilMs - ports.now()
        if (waitMs <= 0) return
        await ports.sleep(waitMs, signal)
      }
    },
    pause(waitMs) {
      pausedUntilMs = Math.max(pausedUntilMs, ports.now() + waitMs)
    },
    succeeded() {
      failedRounds = 0
    },
    isSuspect: () => failedRounds > 0,
    booking(call) {
      const ended = call.then(noop, noop).then(() => void unbooked.delete(ended))
      unbooked.add(ended)
    },
    nextBooked: () => (unbooked.size > 0 ? Promise.race(unbooked) : undefined),
    failed(failure, error, sentMs) {
      if (countsAgainstProvider(failure) && sentMs >= lastFailedMs) {
        failedRounds++
        lastFailedMs = ports.now()
      }
      if (stopsProvider(failure, failedRounds)) stopped ??= error.message
      return stopped !== undefined
    },
  }
}

const noop = () => undefined

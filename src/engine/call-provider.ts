import { formatUsd, type MicroUsd } from '../core/cost.ts'
import { toAssetloomError, type AssetloomError } from '../core/errors.ts'
import type { Job } from '../core/job.ts'
import { failureOf, providerFailure } from '../core/provider-failure.ts'
import type { Generation, Log, Provider } from '../core/ports.ts'
import { createRandom } from '../core/random.ts'
import type { Reservation, SpendingLimits } from '../core/spending.ts'
import { chargeOf, decideRetry } from '../plan/retry.ts'
import type { LedgerPort } from './ports.ts'
import { withoutPrompt } from './private-prompt.ts'
import type { ProviderGate } from './provider-gate.ts'

/** How long a provider may take that does not say so itself. */
const callTimeoutMs = 300_000

export interface CallPorts {
  runId: string
  ledger: LedgerPort
  limits: SpendingLimits
  log: Log
  /** The prompt of the job is shown to nobody but its provider. */
  isPrivate: boolean
  /** Ends when the provider has a place for the call. @throws what stops the run */
  takePlace(): Promise<void>
  sleep(ms: number, signal: AbortSignal): Promise<void>
  now(): number
  /** Told of every request that is sent. @returns is told when its answer is there, or none will come */
  onCall(): () => void
  /** Told of money that is gone, or may be. */
  onSpent(amount: MicroUsd): void
  /** Told how far the call is, 0…1, where its provider says so. */
  onProgress(fraction: number): void
  /** Told when the provider has answered; the answer is looked at, kept and booked once this has ended. */
  onAnswered(): Promise<void>
}

/**
 * One paid or free call with its bookkeeping: reserve, wait for a place, call, try again what certainly cost nothing,
 * settle.
 * The money of an answered call is settled by the caller's `keep` having run: bytes first, then the books.
 * @param keep - stores the answer; runs before the cost is settled, so that what was paid for is not lost
 * @param signal - stops waiting and retrying; a paid call under way is finished
 * @throws BUDGET_EXCEEDED, PROVIDER_STOPPED, PROVIDER_…
 */
export async function callProvider<T>(
  provider: Provider,
  job: Job,
  gate: ProviderGate,
  ports: CallPorts,
  signal: AbortSignal,
  keep: (generation: Generation) => Promise<T>,
): Promise<T> {
  const { ledger, log } = ports
  const { request } = job
  const entry = {
    runId: ports.runId,
    spec: job.specId,
    jobKey: job.key,
    provider: provider.id,
    model: request.model,
    type: request.type,
  }
  const quoteMicroUsd = provider.quote(job)
  const isFree = provider.free && quoteMicroUsd === 0
  const reservation = await placeAndReserve()
  const random = createRandom(`${ports.runId} ${job.key}`)
  const started = ports.now()
  const durationMs = () => ports.now() - started
  const giveBack = () => reservation && ledger.release(reservation, { durationMs: durationMs() })

  for (let attempt = 1; ; attempt++) {
    let generation: Generation
    const sentMs = ports.now()
    const onEnd = ports.onCall()
    const onAnswered = () => {
      onEnd()
      return ports.onAnswered()
    }
    try {
      generation = await answerOf(provider, job, { ...ports, onAnswered }, reservation ? undefined : signal)
    } catch (thrown) {
      onEnd()
      const failed = toAssetloomError(thrown)
      const error = ports.isPrivate ? withoutPrompt(failed, request) : failed
      const failure = failureOf(error)
      const charge = chargeOf(failure?.kind)
      const isStopped = gate.failed(failure, error, sentMs)
      const decision =
        reservation === undefined && charge !== 'free'
          ? ({ retry: false, why: 'final' } as const)
          : decideRetry(failure, attempt, random)
      if (decision.retry && !isStopped && !signal.aborted) {
        if (decision.pausesProvider) gate.pause(decision.waitMs)
        log.write({
          event: 'PROVIDER_RETRY',
          level: 'info',
          subsystem: 'asset-generation',
          spec_id: job.specId,
          provider: provider.id,
          attempt,
          wait_ms: decision.waitMs,
          message: `${error.message} Trying again in ${(decision.waitMs / 1000).toFixed(1)} s.`,
        })
        try {
          await ports.sleep(decision.waitMs, signal)
          await gate.enter(signal)
          continue
        } catch {
          giveBack()
          throw error
        }
      }
      if (reservation) {
        if (charge === 'free') giveBack()
        else if (charge === 'charged') {
          ledger.settle(reservation, { costMicroUsd: quoteMicroUsd, success: false, durationMs: durationMs() })
          ports.onSpent(quoteMicroUsd)
        } else {
          ledger.markMaybeSpent(reservation, { durationMs: durationMs() })
          ports.onSpent(quoteMicroUsd)
          log.write({
            event: 'COST_MAYBE_SPENT',
            level: 'warn',
            subsystem: 'asset-generation',
            spec_id: job.specId,
            provider: provider.id,
            cost_micro_usd: quoteMicroUsd,
            message: `${job.specId}: ${formatUsd(quoteMicroUsd)} may have been spent at ${provider.id}; it counts as spent and the request is not sent again.`,
          })
        }
      } else ledger.recordFree([{ ...entry, success: false, durationMs: durationMs() }])
      if (!decision.retry && decision.why === 'wait-too-long')
        throw providerFailure(
          {
            ...failure!,
            message: `${failure!.message} (it asks to wait ${Math.round(failure!.retryAfterMs! / 1000)} s)`,
          },
          error,
        )
      throw error
    }

    gate.succeeded()
    try {
      return await keep(generation)
    } finally {
      const model = generation.model ?? request.model
      if (reservation) {
        ledger.settle(reservation, {
          costMicroUsd: generation.costMicroUsd,
          success: true,
          durationMs: durationMs(),
          model,
        })
        ports.onSpent(generation.costMicroUsd)
      } else ledger.recordFree([{ ...entry, model, success: true, durationMs: durationMs() }])
    }
  }

  /** Books while the call waits for its place, so that this does not stay empty meanwhile. */
  async function placeAndReserve(): Promise<Reservation | undefined> {
    await gate.enter(signal)
    const ahead = isFree ? undefined : reserveAhead(() => ledger.reserve(entry, quoteMicroUsd, ports.limits, 'later'))
    try {
      await ports.takePlace()
      await gate.enter(signal)
      if (ahead) ledger.send(ahead)
    } catch (error) {
      if (ahead) ledger.release(ahead, { durationMs: 0 })
      throw error
    }
    return ahead ?? (isFree ? undefined : reserveWithin(gate, () => ledger.reserve(entry, quoteMicroUsd, ports.limits)))
  }
}

/** Undefined when the limits refuse it now: calls under way may cost less than their quotes. */
function reserveAhead(reserve: () => Reservation): Reservation | undefined {
  try {
    return reserve()
  } catch (error) {
    if ((error as AssetloomError).code !== 'BUDGET_EXCEEDED') throw error
    return undefined
  }
}

/** What the limits refuse is tried again when an answer before it is booked: it may have cost less than its quote. */
async function reserveWithin(gate: ProviderGate, reserve: () => Reservation): Promise<Reservation> {
  for (;;) {
    const booked = gate.nextBooked()
    try {
      return reserve()
    } catch (error) {
      if (!booked || (error as AssetloomError).code !== 'BUDGET_EXCEEDED') throw error
      await booked
    }
  }
}

/** The answer, or a failure that says nobody knows, when none comes in time. */
async function answerOf(
  provider: Provider,
  job: Job,
  ports: Pick<CallPorts, 'onProgress' | 'onAnswered'>,
  signal: AbortSignal | undefined,
): Promise<Generation> {
  const timeoutMs = provider.timeoutMs ?? callTimeoutMs
  const stop = new AbortController()
  const onAbort = () => stop.abort(signal!.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error: AssetloomError = providerFailure({
        kind: 'maybe-spent',
        provider: provider.id,
        message: `no answer came within ${timeoutMs / 1000} s`,
      })
      stop.abort(error)
      reject(error)
    }, timeoutMs)
  })
  const onProgress = (fraction: number) => {
    if (fraction >= 0 && fraction <= 1) ports.onProgress(fraction)
  }
  try {
    return await Promise.race([provider.generate(job, { signal: stop.signal, onProgress, onAnswered: ports.onAnswered }), late])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

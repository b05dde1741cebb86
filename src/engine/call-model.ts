import type { ChatAnswer, ChatModel, ChatRequest } from '../core/chat.ts'
import type { MicroUsd } from '../core/cost.ts'
import { failureOf } from '../core/provider-failure.ts'
import type { Random } from '../core/random.ts'
import type { LedgerCall, SpendingLimits } from '../core/spending.ts'
import { chargeOf, decideRetry } from '../plan/retry.ts'
import type { LedgerPort } from './ports.ts'

export interface ModelPorts {
  ledger: LedgerPort
  limits: SpendingLimits
  random: Random
  sleep(ms: number, signal: AbortSignal): Promise<void>
  now(): number
}

/**
 * One call of a model with its bookkeeping: reserve, call, try again what certainly cost nothing, settle at the real cost.
 * @param keep - stores the answer before the cost is settled, so that what was paid for is not lost
 * @param signal - a paid call under way is finished; only waiting and free calls end with it
 * @throws BUDGET_EXCEEDED, LLM_UNPRICED, PROVIDER_…
 */
export async function callModel(
  model: ChatModel,
  request: ChatRequest,
  entry: LedgerCall,
  ports: ModelPorts,
  signal: AbortSignal,
  keep: (answer: ChatAnswer, costMicroUsd: MicroUsd) => void,
): Promise<ChatAnswer> {
  const { ledger, now } = ports
  signal.throwIfAborted()
  const isFree = model.isFree(request.model)
  const reservation = isFree ? undefined : ledger.reserve(entry, model.quote(request), ports.limits)
  const startedMs = now()
  const durationMs = () => now() - startedMs
  for (let attempt = 1; ; attempt++) {
    let answer: ChatAnswer
    try {
      answer = await model.complete(request, { signal: reservation ? new AbortController().signal : signal })
    } catch (error) {
      const failure = failureOf(error)
      const decision = decideRetry(failure, attempt, ports.random)
      if (decision.retry && !signal.aborted) {
        const isWoken = await ports.sleep(decision.waitMs, signal).then(() => true, () => false)
        if (isWoken) continue
      }
      if (reservation && chargeOf(failure?.kind) === 'free') ledger.release(reservation, { durationMs: durationMs() })
      else if (reservation) ledger.markMaybeSpent(reservation, { durationMs: durationMs() })
      else ledger.recordFree([{ ...entry, success: false, durationMs: durationMs() }])
      signal.throwIfAborted()
      throw error
    }
    const costMicroUsd = model.costOf(request.model, answer)
    keep(answer, costMicroUsd)
    if (reservation) ledger.settle(reservation, { costMicroUsd, success: true, durationMs: durationMs() })
    else ledger.recordFree([{ ...entry, success: true, durationMs: durationMs() }])
    return answer
  }
}

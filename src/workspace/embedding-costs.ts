import { digestOf } from '../core/digest.ts'
import type { MicroUsd } from '../core/cost.ts'
import type { GuardedEmbedder } from '../generators/define-embedder.ts'
import { limitsOf } from '../plan/budget.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Ledger } from '../store/ledger.ts'

/** Under this name embeddings stand in the books, and in `budget.perProvider`. */
const provider = 'embedder'

/**
 * An embedder whose calls are booked as those of providers are: reserved before, settled after, and counted as spent
 * when nobody knows.
 * @param books.usdPerMillionTokens - as many micro-USD a token
 * @param books.tokensOf - what the last call used, where its answer said so
 * @returns one that throws BUDGET_EXCEEDED, too
 */
export function bookEmbeddings(
  embedder: GuardedEmbedder,
  books: {
    ledger: Ledger
    budget: ResolvedOptions['budget']
    runId: string
    model: string
    usdPerMillionTokens: number
    tokensOf(): number | undefined
  },
): GuardedEmbedder {
  const { ledger, runId, model, usdPerMillionTokens, tokensOf } = books
  const { perAssetMicroUsd: _, ...limits } = limitsOf(books.budget, undefined)
  const priceOf = (tokens: number): MicroUsd => Math.ceil(tokens * usdPerMillionTokens)
  return {
    ...embedder,
    async embed(texts, signal) {
      // A token is no shorter than a byte.
      const mostTokens = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
      const call = { runId, spec: 'search', jobKey: digestOf({ embedder: embedder.id, texts }), provider, model, type: 'embedding' }
      const reservation = ledger.reserve(call, priceOf(mostTokens), limits)
      const started = performance.now()
      const durationMs = () => performance.now() - started
      let vectors: Float32Array[]
      try {
        vectors = await embedder.embed(texts, signal)
      } catch (error) {
        ledger.markMaybeSpent(reservation, { durationMs: durationMs() })
        throw error
      }
      const costMicroUsd = priceOf(tokensOf() ?? mostTokens)
      ledger.settle(reservation, { costMicroUsd, success: true, durationMs: durationMs() })
      return vectors
    },
  }
}

import type { MicroUsd } from '../core/cost.ts'
import type { StateDb } from './state-db.ts'

/** What running an item took, on the average of all its runs in this copy of the project. */
export interface RunAverages {
  runs: number
  /** Percent of the runs that came to their end. */
  successRate: number
  avgDurationMs: number
  /** Of models; 0 where none was asked. */
  avgTokens: number
  costMicroUsd: MicroUsd
}

/** Averages of workflows, agents, skills and tools. Statistics are worth no failure. */
export interface RunTotals {
  add(ref: string, run: { isSuccess: boolean; durationMs: number; tokens?: number; costMicroUsd?: MicroUsd }): void
  of(ref: string): RunAverages | undefined
}

export function createRunTotals({ state, onFault }: { state: StateDb; onFault(error: unknown): void }): RunTotals {
  return {
    add(ref, { isSuccess, durationMs, tokens = 0, costMicroUsd = 0 }) {
      try {
        state
          .open()
          .prepare(
            `INSERT INTO run_totals (ref, runs, succeeded, duration_ms, tokens, cost_micro_usd) VALUES (?, 1, ?, ?, ?, ?)
             ON CONFLICT (ref) DO UPDATE SET runs = runs + 1, succeeded = succeeded + excluded.succeeded, duration_ms = duration_ms + excluded.duration_ms,
               tokens = tokens + excluded.tokens, cost_micro_usd = cost_micro_usd + excluded.cost_micro_usd`,
          )
          .run(ref, isSuccess ? 1 : 0, Math.round(durationMs), tokens, costMicroUsd)
      } catch (error) {
        onFault(error)
      }
    },
    of(ref) {
      try {
        const row = state.open().prepare('SELECT runs, succeeded, duration_ms, tokens, cost_micro_usd FROM run_totals WHERE ref = ?').get(ref)
        if (!row) return undefined
        const { runs, succeeded, duration_ms, tokens, cost_micro_usd } = row as { runs: number; succeeded: number; duration_ms: number; tokens: number; cost_micro_usd: number }
        return {
          runs,
          successRate: Math.round((1000 * succeeded) / runs) / 10,
          avgDurationMs: Math.round(duration_ms / runs),
          avgTokens: Math.round(tokens / runs),
          costMicroUsd: cost_micro_usd,
        }
      } catch (error) {
        onFault(error)
        return undefined
      }
    },
  }
}

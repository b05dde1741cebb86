import { budgetExceeded } from '../core/budget-exceeded.ts'
import type { MicroUsd } from '../core/cost.ts'
import { defineError } from '../core/errors.ts'
import type { LedgerCall, Reservation, SpendingLimits } from '../core/spending.ts'
import { isAlive } from './atomic-write.ts'
import type { StateDb } from './state-db.ts'
import { createStatements } from './statements.ts'

const amountBroken = defineError('LEDGER_AMOUNT', {
  summary: 'A provider named an amount that is no whole number of micro-dollars.',
  message: (d: { what: string; value: unknown }) => `${d.what} is ${String(d.value)}, which is no amount of money.`,
  http: 500,
})

export type LedgerState = 'reserved' | 'settled' | 'released' | 'maybe_spent'

export interface LedgerRow {
  id: number
  runId: string
  /** ISO time. */
  at: string
  /** UTC, YYYY-MM. */
  month: string
  spec: string
  jobKey: string
  provider: string
  model: string | null
  type: string
  state: LedgerState
  quoteMicroUsd: MicroUsd
  /** What counts: the quote while reserved or maybe spent, the real cost once settled, 0 when released. */
  costMicroUsd: MicroUsd
  success: boolean | null
  durationMs: number | null
}

export interface MonthTotals {
  month: string
  spentMicroUsd: MicroUsd
  reservedMicroUsd: MicroUsd
}

/** The record of money: what is reserved counts as spent until its call has ended, across all processes. */
export interface Ledger {
  /**
   * Book a quote before the call; every limit holds for spent + reserved + maybe spent + quote.
   * @param sending - later: until {@link send} the call has certainly cost nothing
   * @throws BUDGET_EXCEEDED, LEDGER_AMOUNT, STATE_UNAVAILABLE
   */
  reserve(call: LedgerCall, quoteMicroUsd: MicroUsd, limits: SpendingLimits, sending?: 'now' | 'later'): Reservation
  /** The call of this reservation goes out. @throws STATE_UNAVAILABLE */
  send(reservation: Reservation): void
  /** The call ended and costs this much. */
  settle(
    reservation: Reservation,
    outcome: { costMicroUsd: MicroUsd; success: boolean; durationMs: number; model?: string | undefined },
  ): void
  /** The call failed and cost nothing. */
  release(reservation: Reservation, outcome: { durationMs: number }): void
  /** Nobody knows whether the call was accepted: the quote counts as spent. */
  markMaybeSpent(reservation: Reservation, outcome: { durationMs: number }): void
  /** Record calls that cost nothing, for the statistics. */
  recordFree(calls: readonly (LedgerCall & { success: boolean; durationMs: number })[]): void
  /** The month that new reservations are booked in. */
  currentMonth(): string
  totals(month?: string): MonthTotals
  rows(month: string): LedgerRow[]
}

/** @param input.now - milliseconds since the epoch; a clock that was set back does not lead into an earlier month */
export function createLedger(input: { state: StateDb; now(): number }): Ledger {
  const { state } = input
  const at = () => new Date(input.now()).toISOString()
  const statements = createStatements()
  const { prepare } = statements
  const exclusive = <T>(work: () => T): T =>
    state.exclusive((db) => {
      statements.use(db)
      return work()
    })

  const monthNow = (): string => {
    const now = at().slice(0, 7)
    const { month: seen } = prepare('SELECT max(month) AS month FROM ledger').get() as { month: string | null }
    return seen !== null && seen > now ? seen : now
  }

  /** A reservation whose process is gone: its call may have been accepted, unless it was never sent. */
  const markAbandoned = () => {
    const pids = prepare("SELECT DISTINCT pid FROM ledger WHERE state = 'reserved'").all() as { pid: number }[]
    for (const { pid } of pids) {
      if (pid === process.pid || isAlive(pid)) continue
      const whose = "state = 'reserved' AND pid = ?"
      const unsent = 'id IN (SELECT id FROM ledger_unsent)'
      prepare(`UPDATE ledger SET state = 'released', cost_micro_usd = 0 WHERE ${whose} AND ${unsent}`).run(pid)
      prepare(`UPDATE ledger SET state = 'maybe_spent' WHERE ${whose}`).run(pid)
      prepare("DELETE FROM ledger_unsent WHERE id NOT IN (SELECT id FROM ledger WHERE state = 'reserved')").run()
    }
  }
  const forgetUnsent = ({ id }: Reservation) => prepare('DELETE FROM ledger_unsent WHERE id = ?').run(id)

  const sum = (where: string, ...values: string[]): MicroUsd => {
    const row = prepare(
      `SELECT coalesce(sum(cost_micro_usd), 0) AS total FROM ledger WHERE state <> 'released' AND ${where}`,
    ).get(...values) as { total: number }
    return row.total
  }

  const insert = (
    call: LedgerCall,
    row: { month: string; state: LedgerState; amountMicroUsd: MicroUsd; success?: boolean; durationMs?: number },
  ): number => {
    const statement = prepare(
      'INSERT INTO ledger (run_id, at, month, spec, job_key, provider, model, type, state, quote_micro_usd, cost_micro_usd, success, duration_ms, pid) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    const { runId, spec, jobKey, provider, model = null, type } = call
    const { month, state: rowState, amountMicroUsd: amount, success, durationMs } = row
    const outcome = [success === undefined ? null : Number(success), durationMs === undefined ? null : Math.round(durationMs)]
    const whose = [runId, at(), month, spec, jobKey, provider, model, type]
    return Number(statement.run(...whose, rowState, amount, amount, ...outcome, process.pid).lastInsertRowid)
  }

  const close = (
    reservation: Reservation,
    newState: LedgerState,
    costMicroUsd: MicroUsd,
    success: boolean,
    durationMs: number,
    model?: string,
  ) =>
    exclusive(() => {
      forgetUnsent(reservation)
      prepare(
        'UPDATE ledger SET state = ?, cost_micro_usd = ?, success = ?, duration_ms = ?, model = coalesce(?, model) WHERE id = ?',
      ).run(newState, costMicroUsd, success ? 1 : 0, Math.round(durationMs), model ?? null, reservation.id)
    })

  const totals = (month: string): MonthTotals => {
    const reserved = sum("month = ? AND state = 'reserved'", month)
    return { month, spentMicroUsd: sum('month = ?', month) - reserved, reservedMicroUsd: reserved }
  }

  return {
    reserve(call, quoteMicroUsd, limits, sending = 'now') {
      requireAmount('The quote', quoteMicroUsd)
      return exclusive(() => {
        markAbandoned()
        const month = monthNow()
        const checks: [string, MicroUsd | undefined, () => MicroUsd][] = [
          ['of this run', limits.perRunMicroUsd, () => sum('run_id = ?', call.runId)],
          ['for one asset', limits.perAssetMicroUsd, () => sum('month = ? AND spec = ?', month, call.spec)],
          [
            `for ${call.provider} in ${month}`,
            limits.perProviderMicroUsd?.[call.provider],
            () => sum('month = ? AND provider = ?', month, call.provider),
          ],
          [`for ${month}`, limits.monthlyMicroUsd, () => sum('month = ?', month)],
        ]
        for (const [limit, limitMicroUsd, used] of checks) {
          if (limitMicroUsd === undefined) continue
          const usedMicroUsd = used()
          // Written so that no comparison with a broken limit lets a call through.
          if (!(usedMicroUsd + quoteMicroUsd <= limitMicroUsd))
            throw budgetExceeded(
              { limit, limitMicroUsd, usedMicroUsd, quoteMicroUsd, spec: call.spec },
              { details: { limitMicroUsd, usedMicroUsd, quoteMicroUsd } },
            )
        }
        const id = insert(call, { month, state: 'reserved', amountMicroUsd: quoteMicroUsd })
        if (sending === 'later') prepare('INSERT INTO ledger_unsent (id) VALUES (?)').run(id)
        return { id, quoteMicroUsd }
      })
    },
    send: (reservation) => void exclusive(() => forgetUnsent(reservation)),
    settle(reservation, { costMicroUsd, success, durationMs, model }) {
      requireAmount('The cost', costMicroUsd)
      close(reservation, 'settled', costMicroUsd, success, durationMs, model)
    },
    release: (reservation, { durationMs }) => close(reservation, 'released', 0, false, durationMs),
    markMaybeSpent: (reservation, { durationMs }) =>
      close(reservation, 'maybe_spent', reservation.quoteMicroUsd, false, durationMs),
    recordFree(calls) {
      if (calls.length === 0) return
      exclusive(() => {
        const month = monthNow()
        for (const { success, durationMs, ...call } of calls)
          insert(call, { month, state: 'settled', amountMicroUsd: 0, success, durationMs })
      })
    },
    currentMonth() {
      statements.use(state.open())
      return monthNow()
    },
    totals(month) {
      return exclusive(() => {
        markAbandoned()
        return totals(month ?? monthNow())
      })
    },
    rows(month) {
      const rows = state
        .open()
        .prepare('SELECT * FROM ledger WHERE month = ? ORDER BY id')
        .all(month) as unknown as StoredRow[]
      return rows.map((row) => ({
        id: row.id,
        runId: row.run_id,
        at: row.at,
        month: row.month,
        spec: row.spec,
        jobKey: row.job_key,
        provider: row.provider,
        model: row.model,
        type: row.type,
        state: row.state,
        quoteMicroUsd: row.quote_micro_usd,
        costMicroUsd: row.cost_micro_usd,
        success: row.success === null ? null : row.success === 1,
        durationMs: row.duration_ms,
      }))
    },
  }
}

interface StoredRow {
  id: number
  run_id: string
  at: string
  month: string
  spec: string
  job_key: string
  provider: string
  model: string | null
  type: string
  state: LedgerState
  quote_micro_usd: number
  cost_micro_usd: number
  success: number | null
  duration_ms: number | null
}

function requireAmount(what: string, value: MicroUsd): void {
  if (!Number.isSafeInteger(value) || value < 0) throw amountBroken({ what, value })
}

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLedger } from './ledger.ts'
import { createStateDb, type StateDb } from './state-db.ts'

let folder: string
let state: StateDb
let nowMs: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assetloom-ledger-'))
  state = createStateDb(join(folder, 'state.db'))
  nowMs = Date.parse('2026-03-31T23:59:59Z')
})
afterEach(() => {
  state.close()
  rmSync(folder, { recursive: true, force: true })
})
const ledgerOf = () => createLedger({ state, now: () => nowMs })
const call = (more: object = {}) => ({ runId: 'r', spec: 's', jobKey: 'k', provider: 'p', type: 'image', ...more })
const spent = { costMicroUsd: 60, success: true, durationMs: 5 }

it('counts what is reserved, spent and maybe spent, and nothing that was released', () => {
  const ledger = ledgerOf()
  const limits = { monthlyMicroUsd: 100 }
  ledger.release(ledger.reserve(call(), 100, limits), { durationMs: 1 })
  ledger.settle(ledger.reserve(call(), 50, limits), { ...spent, costMicroUsd: 20 })
  ledger.markMaybeSpent(ledger.reserve(call(), 30, limits), { durationMs: 1 })
  ledger.reserve(call(), 50, limits)
  expect(() => ledger.reserve(call(), 1, limits)).toThrow(
    expect.objectContaining({ code: 'BUDGET_EXCEEDED', exit: 3, http: 402 }) as Error,
  )
  expect(ledger.totals()).toEqual({ month: '2026-03', spentMicroUsd: 50, reservedMicroUsd: 50 })
})

it('begins a new month in UTC, and frees nothing when the clock is set back', () => {
  const ledger = ledgerOf()
  const limits = { monthlyMicroUsd: 100 }
  ledger.settle(ledger.reserve(call(), 60, limits), spent)
  nowMs += 1000
  expect(ledger.currentMonth()).toBe('2026-04')
  ledger.settle(ledger.reserve(call(), 60, limits), spent)
  for (const back of ['2026-03-01T00:00:00Z', '2020-01-01T00:00:00Z']) {
    nowMs = Date.parse(back)
    expect(() => ledger.reserve(call(), 60, limits)).toThrow(/BUDGET|of the/)
    expect(ledger.totals()).toMatchObject({ month: '2026-04', spentMicroUsd: 60 })
  }
})

it.each([NaN, -1, 0.5, Infinity, Number.MAX_VALUE])('takes no quote and no cost of %s', (amount) => {
  const ledger = ledgerOf()
  expect(() => ledger.reserve(call(), amount, {})).toThrow(expect.objectContaining({ code: 'LEDGER_AMOUNT' }) as Error)
  const reservation = ledger.reserve(call(), 1, {})
  expect(() => ledger.settle(reservation, { ...spent, costMicroUsd: amount })).toThrow(
    expect.objectContaining({ code: 'LEDGER_AMOUNT' }) as Error,
  )
})

it('lets nothing through a limit that is no number', () => {
  expect(() => ledgerOf().reserve(call(), 0, { monthlyMicroUsd: NaN })).toThrow(
    expect.objectContaining({ code: 'BUDGET_EXCEEDED' }) as Error,
  )
})

it('counts the reservation of a process that is gone as maybe spent, unless its call was never sent', () => {
  const script = `
    const { createLedger } = await import(${JSON.stringify(new URL('./ledger.ts', import.meta.url).href)})
    const { createStateDb } = await import(${JSON.stringify(new URL('./state-db.ts', import.meta.url).href)})
    const ledger = createLedger({ state: createStateDb(${JSON.stringify(join(folder, 'state.db'))}), now: () => ${nowMs} })
    const reserve = (amount, sending) => ledger.reserve(${JSON.stringify(call())}, amount, {}, sending)
    reserve(70)
    reserve(5, 'later')
    ledger.send(reserve(20, 'later'))
    process.kill(process.pid, 'SIGKILL')`
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', script]).signal).toBe('SIGKILL')
  const ledger = ledgerOf()
  expect(() => ledger.reserve(call(), 11, { monthlyMicroUsd: 100 })).toThrow()
  expect(ledger.totals()).toMatchObject({ spentMicroUsd: 90, reservedMicroUsd: 0 })
  expect(ledger.rows('2026-03').map((row) => [row.state, row.costMicroUsd])).toEqual([
    ['maybe_spent', 70],
    ['released', 0],
    ['maybe_spent', 20],
  ])
})

it('counts what is reserved for a call that goes out later', () => {
  const ledger = ledgerOf()
  const limits = { monthlyMicroUsd: 100 }
  const later = ledger.reserve(call(), 100, limits, 'later')
  expect(() => ledger.reserve(call(), 1, limits)).toThrow()
  ledger.release(later, { durationMs: 0 })
  ledger.reserve(call(), 100, limits)
})

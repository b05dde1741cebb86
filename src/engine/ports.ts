/* What the engine needs of the parts below and beside it; the workspace hands them over. */
import type { MicroUsd } from '../core/cost.ts'
import type { LedgerCall, Reservation, SpendingLimits } from '../core/spending.ts'

export interface BlobPort {
  put(layer: 'raw' | 'derived', bytes: Uint8Array): Promise<string>
  get(hash: string): Uint8Array | undefined
}

export interface CachePort {
  get<T>(key: string): Promise<T | undefined>
  set(key: string, value: unknown): Promise<void>
}

export interface SharedPort {
  getRecord<T>(key: string): Promise<T | undefined>
  setRecord(key: string, value: unknown): Promise<void>
  getBlob(hash: string): Promise<Uint8Array | undefined>
  setBlob(hash: string, bytes: Uint8Array): Promise<void>
}

export interface LockPort {
  alone<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** The books; see store/ledger. */
export interface LedgerPort {
  reserve(call: LedgerCall, quoteMicroUsd: MicroUsd, limits: SpendingLimits, sending?: 'now' | 'later'): Reservation
  send(reservation: Reservation): void
  settle(
    reservation: Reservation,
    outcome: { costMicroUsd: MicroUsd; success: boolean; durationMs: number; model?: string | undefined },
  ): void
  release(reservation: Reservation, outcome: { durationMs: number }): void
  markMaybeSpent(reservation: Reservation, outcome: { durationMs: number }): void
  recordFree(calls: readonly (LedgerCall & { success: boolean; durationMs: number })[]): void
}

/* What the engine needs of the parts below and beside it; the workspace hands them over. */
import type { MicroUsd } from '../core/cost.ts'
import type { RunLimits } from '../plan/budget.ts'

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
  reserve(
    call: LedgerEntry,
    quoteMicroUsd: MicroUsd,
    limits: RunLimits,
  ): { id: number; quoteMicroUsd: MicroUsd }
  settle(reservation: { id: number; quoteMicroUsd: MicroUsd }, outcome: { costMicroUsd: MicroUsd; success: boolean; durationMs: number; model?: string | undefined }): void
  release(reservation: { id: number; quoteMicroUsd: MicroUsd }, outcome: { durationMs: number }): void
  markMaybeSpent(reservation: { id: number; quoteMicroUsd: MicroUsd }, outcome: { durationMs: number }): void
  recordFree(calls: readonly (LedgerEntry & { success: boolean; durationMs: number })[]): void
}

export interface LedgerEntry {
  runId: string
  spec: string
  jobKey: string
  provider: string
  model?: string | undefined
  type: string
}

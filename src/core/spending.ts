import type { MicroUsd } from './cost.ts'

/** Limits that hold for one reservation; an absent one does not limit. */
export interface SpendingLimits {
  monthlyMicroUsd?: MicroUsd | undefined
  perRunMicroUsd?: MicroUsd | undefined
  /** For one spec in one month. */
  perAssetMicroUsd?: MicroUsd | undefined
  perProviderMicroUsd?: Readonly<Record<string, MicroUsd>> | undefined
}

/** A quote that counts as spent until its call has ended. */
export interface Reservation {
  id: number
  quoteMicroUsd: MicroUsd
}

/** What the books say a call was for. */
export interface LedgerCall {
  runId: string
  spec: string
  jobKey: string
  provider: string
  model?: string | undefined
  type: string
}

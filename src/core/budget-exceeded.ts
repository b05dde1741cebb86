import { formatUsd, type MicroUsd } from './cost.ts'
import { defineError } from './errors.ts'

/** One limit that a reservation would pass. */
export interface PassedLimit {
  /** Whose limit, in words: `for 2026-11`, `of this run`. */
  limit: string
  limitMicroUsd: MicroUsd
  /** Spent, reserved and maybe spent. */
  usedMicroUsd: MicroUsd
  quoteMicroUsd: MicroUsd
  spec: string
}

export const budgetExceeded = defineError('BUDGET_EXCEEDED', {
  summary: 'A paid call would pass a limit of the budget; it was not made.',
  message: (d: PassedLimit | { refused: number; total: number; first: string }) =>
    'refused' in d
      ? `The budget refused ${d.refused} of ${d.total} assets. First: ${d.first}`
      : `${d.spec} would cost ${formatUsd(d.quoteMicroUsd)}, and ${formatUsd(d.usedMicroUsd)} of the ${formatUsd(d.limitMicroUsd)} ${d.limit} are used.`,
  hint: () =>
    'assetloom costs shows what was spent. Raise the limit under budget in the options (or --max-cost), or wait for the next month.',
  exit: 3,
  http: 402,
})

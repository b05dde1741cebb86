import type { MicroUsd } from '../core/cost.ts'
import type { SpendingLimits } from '../core/spending.ts'

/** The limits of one run: the tighter of the budget's and the run's own (`--max-cost`). */
export function limitsOf(
  budget: SpendingLimits | undefined,
  maxCostMicroUsd: MicroUsd | undefined,
): SpendingLimits {
  const perRun = [budget?.perRunMicroUsd, maxCostMicroUsd].filter((limit) => limit !== undefined)
  return {
    ...(budget?.monthlyMicroUsd !== undefined && { monthlyMicroUsd: budget.monthlyMicroUsd }),
    ...(perRun.length > 0 && { perRunMicroUsd: Math.min(...perRun) }),
    ...(budget?.perAssetMicroUsd !== undefined && { perAssetMicroUsd: budget.perAssetMicroUsd }),
    perProviderMicroUsd: budget?.perProviderMicroUsd ?? {},
  }
}

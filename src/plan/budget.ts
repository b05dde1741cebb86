import type { MicroUsd } from '../core/cost.ts'

/** The budget of the options together with what one run may add. */
export interface RunLimits {
  monthlyMicroUsd?: MicroUsd
  perRunMicroUsd?: MicroUsd
  perAssetMicroUsd?: MicroUsd
  perProviderMicroUsd: Readonly<Record<string, MicroUsd>>
}

/** The limits of one run: the tighter of the budget's and the run's own (`--max-cost`). */
export function limitsOf(
  budget: { monthlyMicroUsd?: MicroUsd; perRunMicroUsd?: MicroUsd; perAssetMicroUsd?: MicroUsd; perProviderMicroUsd: Readonly<Record<string, MicroUsd>> } | undefined,
  maxCostMicroUsd: MicroUsd | undefined,
): RunLimits {
  const perRun = [budget?.perRunMicroUsd, maxCostMicroUsd].filter((limit) => limit !== undefined)
  return {
    ...(budget?.monthlyMicroUsd !== undefined && { monthlyMicroUsd: budget.monthlyMicroUsd }),
    ...(perRun.length > 0 && { perRunMicroUsd: Math.min(...perRun) }),
    ...(budget?.perAssetMicroUsd !== undefined && { perAssetMicroUsd: budget.perAssetMicroUsd }),
    perProviderMicroUsd: budget?.perProviderMicroUsd ?? {},
  }
}

import { defineError } from '../../core/errors.ts'
import type { CheckResult } from '../../core/ports.ts'

const sentence = ({ check, measured, bound }: CheckResult) => `${check} measured ${measured}, allowed is ${bound}`

const checkFailed = defineError('CHECK_FAILED', {
  summary: 'A made asset did not pass a check of its `validate` step; nothing of it reaches the manifest.',
  message: (d: { failed: readonly CheckResult[] }) =>
    `The asset did not pass its checks: ${d.failed.map(sentence).join('; ')}.`,
  hint: () => 'Change the steps before `validate`, or the bounds. The raw output is kept: trying again costs nothing.',
})

/**
 * The results as they came, when all are good.
 * @throws CHECK_FAILED with every failed check, its measured value and its bound (also in `details.failed`)
 */
export function requireChecks(results: readonly CheckResult[]): readonly CheckResult[] {
  const failed = results.filter((result) => !result.ok)
  if (failed.length > 0) throw checkFailed({ failed }, { details: { failed } })
  return results
}

import type { SpecProblem } from '../core/check-document.ts'
import type { Step } from '../core/spec-instance.ts'
import type { GenerationType } from '../core/job.ts'
import { didYouMean } from '../core/near.ts'
import type { Processor } from '../core/ports.ts'
import { outputUnusable } from './output-unusable.ts'
import { processorsFor } from './processors/index.ts'
import { requireOptions } from './strict-options.ts'

/**
 * Problems of a spec's steps: an unknown action, or an option that its processor refuses. `path` begins at the step.
 */
export function checkSteps(type: GenerationType, steps: readonly Step[]): SpecProblem[] {
  const available = processorsFor(type)
  const actions = available.map((processor) => processor.action)
  return steps.flatMap((step, i): SpecProblem[] => {
    const processor = available.find((one) => one.action === step.action)
    if (!processor) {
      const hint = didYouMean(step.action, actions)
      return [
        {
          path: [i, 'action'],
          message: `there is no step ${JSON.stringify(step.action)} for type ${type}`,
          allowed: actions,
          ...(hint && { hint }),
        },
      ]
    }
    const { action: _, ...options } = step
    const parsed = processor.options.safeParse(options)
    if (parsed.success) return []
    const fields = Object.keys((processor.options as { shape?: object }).shape ?? {})
    // A misspelt field is the cause when the right one is missing as well.
    const misspelt = parsed.error.issues.filter((issue) => issue.code === 'unrecognized_keys')
    return (misspelt.length > 0 ? misspelt : parsed.error.issues).flatMap((issue): SpecProblem[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => {
            const hint = didYouMean(key, fields)
            return {
              path: [i, ...issue.path, key],
              message: `is no field of ${step.action}`,
              ...(fields.length > 0 && { allowed: fields }),
              ...(hint && { hint }),
            }
          })
        : [{ path: [i, ...issue.path], message: `in ${step.action}: ${issue.message}` }],
    )
  })
}

/** Files that steps read, relative to the project. */
export function stepInputs(type: GenerationType, steps: readonly Step[]): string[] {
  return resolveSteps(type, steps).flatMap(({ processor, options }) => processor.inputs?.(options as never) ?? [])
}

/** Refs whose colours steps take. */
export function stepColorRefs(type: GenerationType, steps: readonly Step[]): string[] {
  return resolveSteps(type, steps).flatMap(({ processor, options }) => processor.colorRefs?.(options as never) ?? [])
}

/** Versions of the steps' processors, in order. */
export function stepVersions(type: GenerationType, steps: readonly Step[]): number[] {
  return resolveSteps(type, steps).map(({ processor }) => processor.version)
}

export interface ResolvedStep {
  processor: Processor
  options: unknown
}

/** @throws OPTION_INVALID */
export function resolveSteps(type: GenerationType, steps: readonly Step[]): ResolvedStep[] {
  const available = processorsFor(type)
  return steps.map(({ action, ...options }) => {
    const processor = available.find((one) => one.action === action)
    if (!processor) throw outputUnusable({ found: `something for the step ${action}`, wanted: type })
    return { processor, options: requireOptions(processor.options, options, `the step ${action}`) }
  })
}

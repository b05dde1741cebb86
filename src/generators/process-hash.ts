import { digestOf } from '../core/digest.ts'
import type { Step } from '../core/spec-instance.ts'

/** Bump when the way from raw answers to files changes in other ways than by a processor's version. */
const processFormat = 1

/**
 * Digest of all that processing depends on besides the raw answers and the wanted format: steps, processors' versions,
 * their input files, colours that they take by ref. Stands apart from the processors, which take long to load.
 */
export function processHash(input: {
  steps: readonly Step[]
  /** Of the steps' processors. */
  versions: readonly number[]
  inputHashes: readonly string[]
  /** Of each ref that steps take colours by. */
  colors: readonly (readonly string[])[]
}): string {
  const { steps, versions, inputHashes: inputs, colors } = input
  return digestOf({ format: processFormat, steps, versions, inputs, ...(colors.length > 0 && { colors }) })
}

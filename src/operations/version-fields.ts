import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import type { VersionStep } from '../core/version-step.ts'

const stepsConflict = defineError('VERSION_STEPS_CONFLICT', {
  summary: '--minor and --major were both given.',
  message: () => 'Give --minor or --major, not both.',
  exit: 2,
})

/** What the history tells of a change, as an option of the operations that make one. */
export const messageField = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .optional()
  .describe('What was changed and why, for the history.')

/** The step of a new version, as options. */
export const stepFields = {
  minor: z.boolean().default(false).describe('Raise the minor version instead of the patch.'),
  major: z.boolean().default(false).describe('Raise the major version instead of the patch.'),
}

/** @throws VERSION_STEPS_CONFLICT */
export function stepOf({ minor, major }: { minor: boolean; major: boolean }): VersionStep {
  if (minor && major) throw stepsConflict({})
  return major ? 'major' : minor ? 'minor' : 'patch'
}

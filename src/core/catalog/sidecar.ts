import valid from 'semver/functions/valid.js'
import * as z from 'zod'
import { describeIssues, type SpecProblem } from '../check-document.ts'

/* What stands beside a content file and says what it is: `<name>.meta.toml`, or `<name>.asset.yaml` beside media. */

const text = z.string().max(2000)
const word = z.string().min(1).max(64).regex(/^[^\p{Cc}\p{Bidi_Control},;]+$/u, 'must be a word without commas and semicolons')
const date = z
  .union([z.string(), z.date().transform((day) => day.toISOString())])
  .refine((day) => /^\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:\d\d)?)?$/.test(day), 'must be a date such as 2026-01-31')

export const sidecarSchema = z.strictObject({
  name: text.optional().describe('Name for people.'),
  type: z.string().optional().describe('Follows from the path; need not be written.'),
  category: z.string().optional().describe('Follows from the path; need not be written.'),
  description: text.optional().describe('What it is and when to use it.'),
  tags: z.array(word).max(100).optional(),
  bin: text.optional().describe('A program that it needs.'),
  version: z.string().refine((one) => valid(one) === one, 'must be a semantic version, such as "1.2.0"').optional(),
  license: text.optional().describe('E.g. `MIT`, `CC-BY-4.0`.'),
  dependencies: z.record(z.string(), z.string()).optional().describe('Assets it needs, each with a range of versions.'),
  files: z.array(z.string()).max(200).optional().describe('Further content files, relative to its folder.'),
  created: date.optional(),
  updated: date.optional(),
  sha: z.string().optional().describe('Of the content file; it is measured, whatever stands here.'),
  size: z.number().optional().describe('Of the content file; it is measured, whatever stands here.'),
})
export type Sidecar = z.output<typeof sidecarSchema>

/**
 * Read a sidecar.
 * @param value - of the document; a table `metadata` may hold everything
 */
export function readSidecar(value: unknown): Sidecar | { problems: readonly SpecProblem[] } {
  const whole = value as { metadata?: unknown } | null
  const isWrapped = typeof whole === 'object' && whole !== null && Object.keys(whole).join() === 'metadata'
  const fields = isWrapped ? whole.metadata : value
  const parsed = sidecarSchema.safeParse(fields)
  return parsed.success ? parsed.data : { problems: describeIssues(parsed.error.issues, sidecarSchema, fields) }
}

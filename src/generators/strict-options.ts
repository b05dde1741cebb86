import type { z } from 'zod'
import { defineError } from '../core/errors.ts'
import { didYouMean } from '../core/near.ts'

const optionInvalid = defineError('OPTION_INVALID', {
  summary: 'An option of an encoder, a processor or a recipe is unknown or out of range.',
  message: (d: { owner: string; problem: string; suggestion: string | undefined }) => `In ${d.owner}, ${d.problem}.`,
  hint: (d) => d.suggestion,
  exit: 2,
})

const fieldsOf = (schema: z.ZodType): string[] => {
  const { shape } = schema as { shape?: Record<string, unknown> }
  return shape ? Object.keys(shape) : []
}

/**
 * Parse options by a strict schema; the first thing wrong becomes an error that names what is allowed.
 *
 * @param owner - whose options they are, e.g. `the webp encoder`
 * @throws OPTION_INVALID
 */
export function requireOptions<T>(schema: z.ZodType<T>, options: unknown, owner: string): T {
  const parsed = schema.safeParse(options)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const known = fieldsOf(schema)
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    const key = issue.keys[0]!
    const allowed = known.length > 0 ? `Options are ${known.join(', ')}.` : 'It takes no options.'
    const suggestion = `${didYouMean(key, known) ?? ''} ${allowed}`.trim()
    throw optionInvalid({ owner, problem: `the option ${JSON.stringify(key)} does not exist`, suggestion })
  }
  throw optionInvalid({
    owner,
    problem: describeIssue(issue),
    suggestion: known.length > 0 ? `Options are ${known.join(', ')}.` : undefined,
  })
}

/** One thing that a schema has found, in words that follow a name or a comma. */
function describeIssue(issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join('.')
  const message = issue.message.replace(/^Invalid (?:input|option): /, '').replace(/\.$/, '')
  return place ? `${place} is not valid: ${message}` : message
}

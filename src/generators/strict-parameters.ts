import * as z from 'zod'
import { describeIssues } from '../core/check-document.ts'
import type { Job } from '../core/job.ts'
import { didYouMean } from '../core/near.ts'
import { providerFailure } from '../core/provider-failure.ts'

/** A number within bounds; the message has both of them, which that of `min` and `max` would not. */
export const numberFrom = (least: number, most: number) => within(z.number(), least, most)
export const wholeNumber = (least: number, most: number) => within(z.int(), least, most)

function within<T extends z.ZodNumber>(number: T, least: number, most: number): T {
  return number.refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`)
}

/** Parameters that every picture may have; they reach a provider under names of their own. */
const ofPictures = ['size', 'quality', 'n_variations', 'seed']

/**
 * `prompt.parameters` of a job by the strict schema of what its provider takes.
 *
 * @param input.subject - who takes them, where that is less than the whole provider
 * @param input.fields - parameters that specs may have beside, for the list of what is allowed; @default those of pictures
 * @param input.elsewhere - names that authors know from the API, and what to write in a spec
 * @throws PROVIDER_REJECTED naming the first thing wrong and what is allowed
 */
export function requireParameters<T extends z.ZodObject>(
  job: Job,
  schema: T,
  input: { subject?: string; fields?: readonly string[]; elsewhere?: Readonly<Record<string, string>> },
): z.output<T> {
  const { parameters } = job.request
  const parsed = schema.safeParse(parameters)
  if (parsed.success) return parsed.data
  const { subject, fields = ofPictures, elsewhere = {} } = input
  const issue = parsed.error.issues[0]!
  const problem = describeIssues([issue], schema, parameters)[0]!
  const name = problem.path.join('.')
  const reject = (message: string, advice: string | undefined, allowed: readonly string[] = []) => {
    const hint = [advice, allowed.length > 0 && `Allowed: ${allowed.join(', ')}.`].filter(Boolean).join(' ')
    return providerFailure({ kind: 'rejected', provider: job.provider, message, ...(hint && { hint }) })
  }
  if (issue.code !== 'unrecognized_keys') throw reject(`${name}: ${problem.message}`, problem.hint, problem.allowed)
  const unknown = `${subject ? `${subject} has` : 'there is'} no parameter ${name}`
  if (issue.path.length > 0) throw reject(unknown, problem.hint, problem.allowed)
  const allowed = [...fields, ...Object.keys(schema.shape)]
  throw reject(unknown, Object.hasOwn(elsewhere, name) ? elsewhere[name] : didYouMean(name, allowed), allowed)
}

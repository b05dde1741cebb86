import type * as z from 'zod'
import type { Job } from '../core/job.ts'
import { didYouMean } from '../core/near.ts'
import { providerFailure } from '../core/provider-failure.ts'
import { describeIssue } from './strict-options.ts'

/**
 * `prompt.parameters` of a job by the strict schema of what its provider takes.
 *
 * @param input.fields - parameters that every spec may have and that count here, for the list of what is allowed
 * @param input.elsewhere - names that authors know from the API, and what to write in a spec
 * @throws PROVIDER_REJECTED naming the first thing wrong and what is allowed
 */
export function requireParameters<T extends z.ZodObject>(
  job: Job,
  schema: T,
  input: { fields: readonly string[]; elsewhere?: Readonly<Record<string, string>> },
): z.output<T> {
  const parsed = schema.safeParse(job.request.parameters)
  if (parsed.success) return parsed.data
  const { elsewhere = {} } = input
  const allowed = [...input.fields, ...Object.keys(schema.shape)]
  const issue = parsed.error.issues[0]!
  const unknown = issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys[0] : undefined
  const advice =
    unknown === undefined
      ? undefined
      : Object.hasOwn(elsewhere, unknown)
        ? elsewhere[unknown]
        : didYouMean(unknown, allowed)
  throw providerFailure({
    kind: 'rejected',
    provider: job.provider,
    message: unknown === undefined ? describeIssue(issue) : `there is no parameter ${unknown}`,
    hint: `${advice ? `${advice} ` : ''}Allowed: ${allowed.join(', ')}.`,
  })
}

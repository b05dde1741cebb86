import * as z from 'zod'
import type { MediaBytes } from '../../core/media.ts'
import { didYouMean } from '../../core/near.ts'
import type { CheckResult } from '../../core/ports.ts'
import { requireChecks } from './check-failed.ts'

export type Measurement = Omit<CheckResult, 'check'>

/** One check by which a `validate` step refuses media. `M` is what it may look at, `B` its bound. */
export interface Check<M, B> {
  summary: string
  /** The bound given in the spec; absent for checks that take none. */
  bound?: z.ZodType<B>
  /** The bound of the bare name; absent where a value must be given. */
  unsaid?: B
  /** Refs whose colours the bound stands for. */
  colorRefs?(bound: B): string[]
  measure(measured: M, bound: B): Measurement | Promise<Measurement>
}

/** Every check of a kind of media by its name in the spec. */
export type Checks<M> = ReadonlyMap<string, Check<M, unknown>>

/** A check as parsed: its name and, where it takes one, its bound. */
export interface AskedCheck {
  check: string
  bound: unknown
}

/** The options of a `validate` step. @param example - a check with a bound, for the docs */
export function checkOptions<M>(known: Checks<M>, example: string) {
  const asked = z.union([z.string(), z.record(z.string(), z.unknown())]).transform((given, context): AskedCheck => {
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    const entries: [string, unknown][] = typeof given === 'string' ? [[given, undefined]] : Object.entries(given)
    if (entries.length !== 1) return refuse('a check is a name or a map with one key')
    const [name, value] = entries[0]!
    const definition = known.get(name)
    if (!definition) {
      const names = [...known.keys()]
      const suggestion = didYouMean(name, names) ?? ''
      return refuse(`there is no check ${JSON.stringify(name)}. ${suggestion} Checks are ${names.join(', ')}`)
    }
    const isBare = value === undefined || value === true
    if (!definition.bound) return isBare ? { check: name, bound: undefined } : refuse(`${name} takes no value`)
    if (isBare) {
      if ('unsaid' in definition) return { check: name, bound: definition.unsaid }
      return refuse(`${name} needs a value: ${definition.summary}`)
    }
    const parsed = definition.bound.safeParse(value)
    if (!parsed.success) return refuse(`${name}: ${parsed.error.issues[0]!.message}`)
    return { check: name, bound: parsed.data }
  })
  return z.strictObject({
    checks: z.array(asked).min(1).describe(`Names (\`not_blank\`) or one-key maps (\`${example}\`).`),
  })
}

/**
 * Measure one check after the other.
 * @param encode - what would be written; called once, and only when a check asks for it
 * @throws CHECK_FAILED
 */
export async function carryOutChecks<M>(
  known: Checks<M>,
  asked: readonly AskedCheck[],
  encode: () => Promise<MediaBytes[]>,
  measured: (files: () => Promise<MediaBytes[]>) => M,
): Promise<readonly CheckResult[]> {
  let encoded: Promise<MediaBytes[]> | undefined
  const subject = measured(() => (encoded ??= encode()))
  const results: CheckResult[] = []
  for (const { check, bound } of asked) results.push({ check, ...(await known.get(check)!.measure(subject, bound)) })
  return requireChecks(results)
}

import { z } from 'zod'
import { didYouMean } from '../../../core/near.ts'
import type { MediaBytes } from '../../../core/media.ts'
import type { AudioProcessor, CheckResult } from '../../../core/ports.ts'
import { requireChecks } from '../check-failed.ts'
import { soundChecks } from './checks.ts'

/** A check as parsed: its name and, where it takes one, its bound. */
interface AskedCheck {
  check: string
  bound: unknown
}

const askedCheck = z.union([z.string(), z.record(z.string(), z.unknown())]).transform((given, context): AskedCheck => {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  const entries: [string, unknown][] = typeof given === 'string' ? [[given, undefined]] : Object.entries(given)
  if (entries.length !== 1) return refuse('a check is a name or a map with one key')
  const [name, value] = entries[0]!
  const definition = soundChecks.get(name)
  if (!definition) {
    const known = [...soundChecks.keys()]
    return refuse(
      `there is no check ${JSON.stringify(name)}. ${didYouMean(name, known) ?? ''} Checks are ${known.join(', ')}`,
    )
  }
  if (!definition.bound) {
    if (value !== undefined && value !== true) return refuse(`${name} takes no value`)
    return { check: name, bound: undefined }
  }
  if (value === undefined) return refuse(`${name} needs a value: ${definition.summary}`)
  const parsed = definition.bound.safeParse(value)
  return parsed.success ? { check: name, bound: parsed.data } : refuse(`${name}: ${parsed.error.issues[0]!.message}`)
})

const options = z.strictObject({
  checks: z.array(askedCheck).min(1).describe('Names (`not_blank`) or one-key maps (`{ duration_range: [0.2, 0.6] }`).'),
})
type Options = z.output<typeof options>

export const validate: AudioProcessor<Options> = {
  media: 'audio',
  action: 'validate',
  version: 1,
  summary: 'Refuse a sound that does not keep its bounds.',
  options,
  run: async (state, { checks }, context) => {
    let encoded: Promise<MediaBytes[]> | undefined
    const files = () => (encoded ??= context.encode())
    const results: CheckResult[] = []
    for (const { check, bound } of checks)
      results.push({ check, ...(await soundChecks.get(check)!.measure({ sound: state.media, files }, bound)) })
    return { ...state, checks: [...state.checks, ...requireChecks(results)] }
  },
}

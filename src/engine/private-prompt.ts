import type { AssetloomError } from '../core/errors.ts'
import type { JobRequest } from '../core/job.ts'
import { failureOf, providerFailure } from '../core/provider-failure.ts'

/** As many words of a prompt in a row are no coincidence. */
const tellingWords = 3

/** A failure of a job whose prompt is private: where the provider repeated the prompt, its words are left out. */
export function withoutPrompt(error: AssetloomError, { prompt, negative = '' }: JobRequest): AssetloomError {
  const failure = failureOf(error)
  if (!failure) return error
  const told = wordsOf([error.message, error.hint, String(error.cause)].join(' ')).join(' ')
  if (![prompt, negative].some((text) => repeats(told, wordsOf(text)))) return error
  const { kind, provider, status, retryAfterMs } = failure
  return providerFailure({
    kind,
    provider,
    message: 'what it said repeats the private prompt and is left out',
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

function repeats(told: string, words: string[]): boolean {
  const inRow = Math.min(tellingWords, words.length)
  if (inRow === 0) return false
  const runs = words.slice(inRow - 1).map((_, i) => words.slice(i, i + inRow).join(' '))
  return runs.some((run) => ` ${told} `.includes(` ${run} `))
}

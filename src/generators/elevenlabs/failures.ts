import type { ReadFault } from '../http/answer-failure.ts'
import { oneLine } from '../http/error-text.ts'

interface Detail {
  status?: unknown
  message?: unknown
  data?: unknown
}

/** While own calls are running; they end within seconds. */
const ownCallsWaitMs = 1_000

/** What an error answer means beyond its status. */
export const readFault: ReadFault = ({ status, body, message, headers }) => {
  const detail = (body as { detail?: unknown } | null | undefined)?.detail
  if (Array.isArray(detail)) return { message: oneLine(detail.map(problemText).join('; ')) }
  const { status: code, data } = (typeof detail === 'object' && detail !== null ? detail : {}) as Detail
  switch (code) {
    // Comes with 401, and is no matter of the key.
    case 'quota_exceeded':
      return { kind: 'money', hint: 'Buy credits, or wait until the next month of the plan.' }
    case 'voice_not_found':
      return { hint: 'Take the id of a voice of this account as prompt.parameters.voice.' }
    case 'too_many_concurrent_requests':
    case 'concurrent_limit_exceeded':
      return headers.has('retry-after') ? undefined : { retryAfterMs: ownCallsWaitMs }
    case 'bad_prompt': {
      const suggested = suggestionIn(data)
      return suggested ? { hint: `It suggests: ${oneLine(suggested)}` } : undefined
    }
  }
  if (status === 402) return { hint: 'The plan of the account does not include this: music needs a paid one.' }
  // Of one format or feature; the key is good for others.
  if (status === 403 && typeof code === 'string' && code.startsWith('only_for_'))
    return { kind: 'rejected', message, hint: 'The plan of the account does not include this: try another output_format.' }
  return undefined
}

function problemText(problem: unknown): string {
  const { loc, msg } = (typeof problem === 'object' && problem !== null ? problem : {}) as { loc?: unknown; msg?: unknown }
  const place = Array.isArray(loc) ? loc.filter((part) => part !== 'body').join('.') : ''
  return [place, typeof msg === 'string' ? msg : ''].filter(Boolean).join(': ')
}

/** Under which name the better prompt stands is not documented. */
function suggestionIn(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  return Object.values(data).find((value): value is string => typeof value === 'string' && value !== '')
}

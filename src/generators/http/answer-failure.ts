import type { Failure, FailureKind } from '../../core/provider-failure.ts'
import { describeBody, jsonOf, type HttpAnswer } from './answer.ts'
import { errorText, oneLine } from './error-text.ts'
import { retryAfterMs } from '../../core/retry-after.ts'

/** An error answer as an adapter sees it, to say more exactly what it means. */
export interface Fault {
  status: number
  headers: Headers
  /** The body as JSON; undefined when it is none. */
  body: unknown
  /** What the status alone means. */
  kind: FailureKind
  /** What the server says, on one line. */
  message: string
}

/** What an adapter knows better than the status: another kind, message, hint or wait. */
export type ReadFault = (fault: Fault) => Partial<Omit<Failure, 'provider' | 'status'>> | undefined

/** What an error status means when nothing else is known of the provider. */
export function kindOfStatus(status: number): FailureKind {
  if (status === 401 || status === 403) return 'auth'
  if (status === 402) return 'money'
  if (status === 429) return 'rate-limited'
  if (status === 408 || status === 425 || status >= 500) return 'server'
  return 'rejected'
}

/** What an answer with an error status means. */
export function answerFailure(
  provider: string,
  answer: HttpAnswer,
  nowMs: number,
  readFault: ReadFault = () => undefined,
): Failure {
  const { status, headers } = answer
  const body = jsonOf(answer)
  const said = errorText(body)
  const message = said === undefined ? `it answered ${status} with ${describeBody(answer)}` : oneLine(said)
  const kind = kindOfStatus(status)
  const waitMs = retryAfterMs(headers, nowMs)
  return {
    kind,
    provider,
    message,
    status,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    ...readFault({ status, headers, body, kind, message }),
  }
}

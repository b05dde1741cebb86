import type { Fault, ReadFault } from '../http/answer-failure.ts'

/** How long an account is shut out after too many requests; the API says so in words, not in a header. */
const shutOutMs = 60_000

/** What an error answer means beyond its status. */
export const readFault: ReadFault = (fault: Fault) => {
  const name = (fault.body as { name?: unknown } | null | undefined)?.name
  switch (name) {
    case 'content_moderation':
      return { kind: 'rejected', hint: 'The prompt or the reference was flagged; nothing is charged. Reword it.' }
    case 'public_figure':
      return { kind: 'rejected', hint: 'The prompt names a public figure, which is not allowed.' }
    case 'invalid_language':
      return { kind: 'rejected', hint: 'Write the prompt in English.' }
    default:
      return fault.status === 429 && !fault.headers.has('retry-after') ? { retryAfterMs: shutOutMs } : undefined
  }
}

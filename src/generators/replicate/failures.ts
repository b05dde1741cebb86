import type { ReadFault } from '../http/answer-failure.ts'

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000 }

/** What an error answer of Replicate means beyond its status. @param provider - whose options hold the version */
export function readFaultFor(provider: string): ReadFault {
  return ({ status, body, message, headers }) => {
    const { title } = (typeof body === 'object' && body !== null ? body : {}) as { title?: unknown }
    if (status === 429 && !headers.has('retry-after')) {
      const waitMs = waitInWords(message)
      return waitMs === undefined ? undefined : { retryAfterMs: waitMs }
    }
    if (status === 402) return { hint: 'Add credit at replicate.com/account/billing.' }
    if (title === 'Invalid version or not permitted')
      return { hint: `Look up a version on the model's page and write it in the options: providers.${provider}.version.` }
    return undefined
  }
}

/** The wait in "Your rate limit resets in ~30s."; no header says it. */
function waitInWords(message: string): number | undefined {
  const [, amount, unit] = /resets? in ~?(\d+(?:\.\d+)?) ?([sm])/i.exec(message) ?? []
  return amount === undefined ? undefined : Math.ceil(Number(amount) * unitMs[unit!.toLowerCase()]!)
}

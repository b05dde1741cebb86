import type { ReadFault } from '../http/answer-failure.ts'

/** A model that says it loads for longer is asked again after this long all the same. */
const longestLoadWaitMs = 60_000

/** What an error answer of Hugging Face means beyond its status. @param provider - whose options hold the endpoint */
export function readFaultFor(provider: string): ReadFault {
  return ({ status, body, message }) => {
    const { estimated_time: seconds } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
    if (status === 503 && typeof seconds === 'number' && seconds >= 0)
      return { retryAfterMs: Math.min(Math.ceil(seconds * 1000), longestLoadWaitMs) }
    if (status === 402) return { hint: 'The credits of this month are used up: buy more, or use an endpoint of your own.' }
    if (status === 404 || /not supported by provider/i.test(message))
      return {
        kind: 'rejected',
        hint: `No public provider may serve this model: deploy an endpoint and write it as providers.${provider}.baseURL.`,
      }
    return undefined
  }
}

import { providerFailure } from '../../src/core/provider-failure.ts'
import { defineProvider } from '../../src/generators/define-provider.ts'
import type { Provider } from '../../src/core/ports.ts'

/** What one call of the fake costs, in micro-USD per picture. */
export const priceMicroUsd = 40_000

/** An adapter as a project would write one: JSON over HTTP, every failure told by what it means for money. */
export function createPricedProvider(input: { baseURL: string; timeoutMs?: number; variationsPerCall?: number; concurrency?: number; priceMicroUsd?: number | null; free?: boolean; id?: string; onAnswer?: () => void }): Provider {
  const id = input.id ?? 'priced'
  return defineProvider({
    id,
    version: 1,
    capabilities: { types: ['image'], alpha: true, references: 4, maxWidthPx: 2048, maxHeightPx: 2048, variationsPerCall: input.variationsPerCall ?? 10 },
    free: input.free ?? false,
    concurrency: input.concurrency ?? 4,
    ...(input.timeoutMs !== undefined && { timeoutMs: input.timeoutMs }),
    defaultModel: () => 'priced-1',
    ...(input.priceMicroUsd !== null && { quote: (job) => (input.free ? 0 : (input.priceMicroUsd ?? priceMicroUsd) * job.request.variations) }),
    async generate(job, { signal }) {
      const { request } = job
      const fail = (kind: Parameters<typeof providerFailure>[0]['kind'], message: string, more: object = {}) => providerFailure({ kind, provider: id, message, ...more })
      let response: Response
      let body: string
      try {
        response = await fetch(`${input.baseURL}/generate`, { method: 'POST', signal, body: JSON.stringify({ ...request, references: job.references.map((one) => one.hash) }) })
        body = await response.text()
      } catch (error) {
        const cause = (error as { cause?: { code?: string } }).cause
        throw cause?.code === 'ECONNREFUSED' ? fail('not-sent', 'nobody listens') : fail('maybe-spent', 'the connection broke')
      }
      const retryAfter = response.headers.get('retry-after')
      const wait = retryAfter === null ? {} : { retryAfterMs: Number(retryAfter) * 1000 }
      if (response.status === 429) throw fail('rate-limited', 'too many requests', { status: 429, ...wait })
      if (response.status === 402) throw fail('money', 'no credit left', { status: 402 })
      if (response.status >= 500) throw fail('server', `status ${response.status}`, { status: response.status })
      if (response.status >= 400) throw fail('rejected', body, { status: response.status })
      let answer: { images: string[] }
      try {
        answer = JSON.parse(body) as { images: string[] }
      } catch {
        throw fail('bad-output', 'the answer is no JSON')
      }
      input.onAnswer?.()
      return {
        outputs: answer.images.map((text) => ({ bytes: new Uint8Array(Buffer.from(text, 'base64')), mediaType: 'image/png' })),
        costMicroUsd: input.free ? 0 : (input.priceMicroUsd ?? priceMicroUsd) * answer.images.length,
        model: 'priced-1',
      }
    },
  })
}

import type { Embedder } from '../core/ports.ts'
import { embedderFailed } from './define-embedder.ts'

const openaiURL = 'https://api.openai.com/v1'

/**
 * An embedder over an endpoint that speaks as OpenAI's /embeddings does: OpenAI, Ollama, llama.cpp, LM Studio, …
 * @param endpoint.apiKey - not needed by servers on this machine
 * @param onTokens - told what a call used, where the answer says so
 */
export function createEndpointEmbedder(
  endpoint: {
    baseURL?: string | undefined
    apiKey?: string | undefined
    model: string
    dimensions?: number | undefined
    batchSize: number
    timeoutMs: number
  },
  onTokens: (tokens: number | undefined) => void,
): Embedder {
  const { model, dimensions, batchSize, timeoutMs } = endpoint
  const baseURL = endpoint.baseURL ?? openaiURL
  const id = `${model}${dimensions === undefined ? '' : ` ${dimensions}`} at ${new URL(baseURL).host}`
  return {
    id,
    batchSize,
    timeoutMs,
    async embed(texts, { signal }) {
      const { default: OpenAI, APIError, APIConnectionError } = await import('openai')
      // Nothing but the options decides whom we ask: the package would read variables of its own.
      const client = new OpenAI({
        baseURL,
        apiKey: endpoint.apiKey ?? 'none',
        organization: null,
        project: null,
        timeout: timeoutMs,
        maxRetries: 0,
        logLevel: 'off',
      })
      try {
        const { data, usage } = await client.embeddings.create(
          // Left out, the package asks for base64, which not every server can give.
          { model, input: [...texts], encoding_format: 'float', ...(dimensions !== undefined && { dimensions }) },
          { signal },
        )
        // Not every server says it, and what it says need be no number.
        onTokens(Number.isSafeInteger(usage?.total_tokens) && usage.total_tokens >= 0 ? usage.total_tokens : undefined)
        if (!Array.isArray(data)) throw embedderFailed({ embedder: id, why: 'the answer has no data' })
        return data.toSorted((a, b) => a.index - b.index).map((one) => one.embedding)
      } catch (error) {
        if (error instanceof APIConnectionError)
          throw embedderFailed({ embedder: id, why: `${baseURL} cannot be reached`, hint: 'Is the server running? search.embedder.baseURL names it.' })
        if (error instanceof APIError && error.status !== undefined)
          throw embedderFailed({ embedder: id, why: `it answered ${error.message.slice(0, 300)}`, hint: hintFor(error.status as number) })
        throw error
      }
    },
  }
}

function hintFor(status: number): string | undefined {
  if (status === 401 || status === 403) return 'Look after search.embedder.apiKey.'
  if (status === 404) return 'Look after search.embedder.baseURL and model: the server does not know one of them.'
  if (status === 429) return 'Too many calls or no credit: wait, or look into the account.'
  return undefined
}

/** The key of the environment is OpenAI's: another server must not get it. */
export function isOpenaiURL(baseURL: string | undefined): boolean {
  return baseURL === undefined || new URL(baseURL).host === new URL(openaiURL).host
}

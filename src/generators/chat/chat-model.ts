import * as z from 'zod'
import type { ChatModel, ChatRequest } from '../../core/chat.ts'
import { defineError } from '../../core/errors.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { isOpenaiURL } from '../endpoint-embedder.ts'
import { createHttp } from '../http/create-http.ts'

const openaiURL = 'https://api.openai.com/v1'

const unpriced = defineError('LLM_UNPRICED', {
  summary: 'Nobody knows what asking a language model would cost, so it is not asked.',
  message: (d: { model: string; host: string }) => `The price of ${d.model} at ${d.host} is not known.`,
  hint: (d) => `Say it in the options, in US dollars per million tokens: llm: { prices: { ${JSON.stringify(d.model)}: { inputUsdPerMillion: 1, outputUsdPerMillion: 4 } } }. Models on this machine need none.`,
})

/** Under this name models stand in the books, and in `budget.perProvider`. */
export const chatProvider = 'llm'

const count = z
  .number()
  .int()
  .min(0)
  .nullish()
  .catch(undefined)
const answerSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        message: z.looseObject({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string(), arguments: z.string() }) })).nullish(),
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z.looseObject({ prompt_tokens: count, completion_tokens: count }).nullish().catch(undefined),
})

export interface ChatEndpoint {
  baseURL?: string | undefined
  apiKey?: string | undefined
  model: string
  timeoutMs?: number | undefined
  maxOutputTokens: number
  /** By model, or `*`. */
  prices: Readonly<Record<string, { inputUsdPerMillion: number; outputUsdPerMillion: number }>>
}

/** A model behind an endpoint that speaks as OpenAI's /chat/completions does. */
export function createChatModel(endpoint: ChatEndpoint): ChatModel {
  const { baseURL = openaiURL, apiKey, maxOutputTokens, timeoutMs = 300_000, prices } = endpoint
  const http = createHttp({ provider: chatProvider })
  const { host, hostname } = new URL(baseURL)
  const isOnThisMachine = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  const priceOf = (model: string) => {
    const price = (Object.hasOwn(prices, model) ? prices[model] : undefined) ?? prices['*']
    if (price) return price
    if (isOnThisMachine) return { inputUsdPerMillion: 0, outputUsdPerMillion: 0 }
    throw unpriced({ model, host })
  }
  const costOf: ChatModel['costOf'] = (model, { inputTokens, outputTokens }) => {
    const { inputUsdPerMillion, outputUsdPerMillion } = priceOf(model)
    // Dollars a million tokens are micro-dollars a token.
    return Math.ceil(inputTokens * inputUsdPerMillion + outputTokens * outputUsdPerMillion)
  }
  const isFree = (model: string) => {
    const { inputUsdPerMillion, outputUsdPerMillion } = priceOf(model)
    return inputUsdPerMillion === 0 && outputUsdPerMillion === 0
  }
  // A token is no shorter than a byte.
  const mostInputTokens = (request: ChatRequest) => Buffer.byteLength(JSON.stringify(bodyOf(request, baseURL, maxOutputTokens)))
  return {
    defaultModel: endpoint.model,
    isFree,
    quote: (request) => costOf(request.model, { inputTokens: mostInputTokens(request), outputTokens: maxOutputTokens }),
    costOf,
    async complete(request, { signal }) {
      const { choices, usage } = await http.sendForJson(
        {
          url: `${baseURL.replace(/\/$/, '')}/chat/completions`,
          json: bodyOf(request, baseURL, maxOutputTokens),
          headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
          isFree: isFree(request.model),
          isSlow: true,
        },
        answerSchema,
      )
      const { message, finish_reason: finish } = choices[0]!
      const calls = message.tool_calls ?? []
      if (message.refusal || finish === 'content_filter')
        throw providerFailure({ kind: 'bad-output', provider: chatProvider, message: `the model refused: ${message.refusal ?? 'its filter stopped the answer'}`.slice(0, 300), hint: 'Word the task otherwise.' })
      return {
        message: {
          role: 'assistant',
          content: message.content ?? null,
          ...(calls.length > 0 && { tool_calls: calls.map((call) => ({ id: call.id, type: 'function' as const, function: { name: call.function.name, arguments: call.function.arguments } })) }),
        },
        isCut: finish === 'length',
        inputTokens: usage?.prompt_tokens ?? mostInputTokens(request),
        outputTokens: usage?.completion_tokens ?? maxOutputTokens,
      }
    },
  }
}

function bodyOf({ model, messages, tools, temperature }: ChatRequest, baseURL: string, maxOutputTokens: number): object {
  return {
    model,
    messages,
    ...(tools.length > 0 && { tools: tools.map((tool) => ({ type: 'function', function: tool })) }),
    ...(temperature !== undefined && { temperature }),
    // OpenAI's newer models refuse the name that most compatible servers know alone.
    [isOpenaiURL(baseURL) ? 'max_completion_tokens' : 'max_tokens']: maxOutputTokens,
  }
}

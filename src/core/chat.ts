import type { MicroUsd } from './cost.ts'
import type { JsonSchema } from './kinds/kind.ts'

/* What a chat model is told and what it answers, in the spelling of OpenAI's chat completions, so that it rests and travels as it is. */

export interface ToolCall {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
}

export type ChatMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string | null; tool_calls?: ToolCall[] }
  | { role: 'tool'; tool_call_id: string; content: string }

export interface ChatTool {
  name: string
  description: string
  /** JSON Schema of an object. */
  parameters: JsonSchema
}

export interface ChatRequest {
  model: string
  messages: readonly ChatMessage[]
  tools: readonly ChatTool[]
  temperature?: number | undefined
}

export interface ChatAnswer {
  message: Extract<ChatMessage, { role: 'assistant' }>
  /** The answer was cut at the most tokens that it may have. */
  isCut: boolean
  inputTokens: number
  outputTokens: number
}

/** A model that is talked with. */
export interface ChatModel {
  /** The model that is asked unless an agent names another one. */
  defaultModel: string
  /** Asking it costs nothing: it runs on this machine, and the options name no price. */
  isFree(model: string): boolean
  /** The most that one call may cost. @throws LLM_UNPRICED */
  quote(request: ChatRequest): MicroUsd
  /** What a call has cost. */
  costOf(model: string, answer: Pick<ChatAnswer, 'inputTokens' | 'outputTokens'>): MicroUsd
  /** @throws ProviderFailure (see provider-failure.ts) for every refused or broken call */
  complete(request: ChatRequest, context: { signal: AbortSignal }): Promise<ChatAnswer>
}

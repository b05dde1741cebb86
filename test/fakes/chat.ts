import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface ChatMessage {
  role: string
  content?: string | null
  tool_calls?: { id: string; type: string; function: { name: string; arguments: string } }[]
  tool_call_id?: string
}

export interface ChatBody {
  model: string
  messages: ChatMessage[]
  tools?: { type: string; function: { name: string; description: string; parameters: { type: string; properties?: object; required?: string[] } } }[]
  temperature?: number
  max_tokens?: number
  max_completion_tokens?: number
}

/** What the model says to one request. */
export type ChatReply =
  | string
  | { calls: { name: string; arguments: object | string }[]; content?: string }
  /** An error answer. */
  | { status: number; message: string; headers?: Record<string, string> }
  /** Reads the request and never answers, or breaks the connection. */
  | 'HANG'
  | 'CUT'
  /** Answers with what is no completion. */
  | { raw: string }
  /** An answer that was cut at the most tokens. */
  | { cut: string }

export interface ChatServer {
  /** Ends in /v1. */
  baseURL: string
  calls: ChatBody[]
  /** Authorization headers, in order. */
  keys: (string | undefined)[]
  /** Answers, each taken once; then `otherwise`. */
  replies: ChatReply[]
  otherwise: (body: ChatBody) => ChatReply
  close(): Promise<void>
}

const allowed = ['model', 'messages', 'tools', 'temperature', 'max_tokens', 'max_completion_tokens']

/** What the endpoint refuses, in its words. */
function refusalOf(body: ChatBody): string | undefined {
  for (const name of Object.keys(body)) if (!allowed.includes(name)) return `Unrecognized request argument supplied: ${name}`
  if (typeof body.model !== 'string') return "you must provide a model parameter"
  if (!Array.isArray(body.messages) || body.messages.length === 0) return "[] is too short - 'messages'"
  if (body.temperature !== undefined && !(body.temperature >= 0 && body.temperature <= 2)) return 'Invalid temperature'
  for (const { type, function: tool } of body.tools ?? [])
    if (type !== 'function' || !/^[A-Za-z0-9_-]{1,64}$/.test(tool.name) || tool.parameters.type !== 'object') return `Invalid 'tools[0].function.name': ${tool.name}`
  const open: string[] = []
  for (const [i, message] of body.messages.entries()) {
    if (message.role === 'tool') {
      const at = open.indexOf(message.tool_call_id ?? '')
      if (at < 0) return `Invalid parameter: messages[${i}] with role 'tool' must be a response to a preceding message with 'tool_calls'.`
      open.splice(at, 1)
      continue
    }
    if (open.length > 0) return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.`
    open.push(...(message.tool_calls ?? []).map(({ id }) => id))
    if (message.role === 'assistant' ? message.content === undefined : typeof message.content !== 'string') return `Invalid value for 'content'`
  }
  return open.length > 0 ? 'tool messages are missing' : undefined
}

/** An endpoint that speaks as OpenAI's /chat/completions does, on the loopback. */
export async function startChatServer(): Promise<ChatServer> {
  const state: Pick<ChatServer, 'calls' | 'keys' | 'replies' | 'otherwise'> = { calls: [], keys: [], replies: [], otherwise: () => 'Done.' }
  let count = 0
  const send = (response: ServerResponse, status: number, body: object | string, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const refuse = (response: ServerResponse, status: number, message: string, headers?: Record<string, string>) =>
    send(response, status, { error: { message, type: 'invalid_request_error', param: null, code: null } }, headers)
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return refuse(response, 404, `Invalid URL (${request.method} ${request.url})`)
      const body = JSON.parse(Buffer.concat(chunks).toString()) as ChatBody
      state.calls.push(body)
      state.keys.push(request.headers.authorization)
      const refusal = refusalOf(body)
      if (refusal) return refuse(response, 400, refusal)
      const reply = state.replies.shift() ?? chat.otherwise(body)
      if (reply === 'HANG') return
      if (reply === 'CUT') return void request.socket.destroy()
      if (typeof reply === 'object' && 'status' in reply) return refuse(response, reply.status, reply.message, reply.headers)
      if (typeof reply === 'object' && 'raw' in reply) return send(response, 200, reply.raw)
      const calls = typeof reply === 'object' && 'calls' in reply ? reply.calls : []
      const content = typeof reply === 'string' ? reply : 'cut' in reply ? reply.cut : (reply.content ?? null)
      const finish = typeof reply === 'object' && 'cut' in reply ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop'
      const tool_calls = calls.map((call) => ({ id: `call_${++count}`, type: 'function', function: { name: call.name, arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments) } }))
      send(response, 200, {
        id: `chatcmpl-${++count}`,
        object: 'chat.completion',
        created: 1_700_000_000,
        model: `${body.model}-2026-01-01`,
        choices: [{ index: 0, message: { role: 'assistant', content, refusal: null, annotations: [], ...(calls.length > 0 && { tool_calls }) }, logprobs: null, finish_reason: finish }],
        usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, prompt_tokens_details: { cached_tokens: 0 } },
        system_fingerprint: 'fp_fake',
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const chat: ChatServer = {
    ...state,
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return chat
}

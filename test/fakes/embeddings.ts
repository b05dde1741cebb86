import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with one request; after the list is used up it answers well. */
export type EmbeddingFault =
  | { status: number; message?: string }
  /** Reads the request and never answers. */
  | 'hang'
  /** Breaks the connection. */
  | 'cut'
  /** Answers 200 with what is no embedding. */
  | { body: string }
  /** Leaves the last vector out. */
  | 'short'
  /** Vectors of several lengths. */
  | 'uneven'

export interface EmbeddingServer {
  /** Ends in /v1. */
  baseURL: string
  /** Bodies of the requests, in order. */
  calls: { model: string; input: string[]; encoding_format?: string; dimensions?: number }[]
  /** Authorization headers, in order. */
  keys: (string | undefined)[]
  faults: EmbeddingFault[]
  close(): Promise<void>
}

/** Words that mean the same have the same number; so texts are near by meaning and not by letters. */
const meanings = [
  ['ocean', 'sea', 'waves', 'beach', 'surf'],
  ['forest', 'trees', 'woods', 'pine'],
  ['happy', 'joyful', 'cheerful', 'smile'],
  ['money', 'price', 'invoice', 'payment'],
]

/** The vector of a text: how often each meaning stands in it, and a trace of everything else. */
export function vectorOf(text: string, dimensions = meanings.length + 1): number[] {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? []
  const counts = meanings.map((group) => words.filter((word) => group.includes(word)).length)
  return [...counts, 0.1, ...new Array<number>(dimensions).fill(0)].slice(0, dimensions)
}

/** An endpoint that speaks as OpenAI's /embeddings does, on the loopback. */
export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  const state: Pick<EmbeddingServer, 'calls' | 'keys' | 'faults'> = { calls: [], keys: [], faults: [] }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const send = (status: number, body: string) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(body)
      }
      if (request.method !== 'POST' || request.url !== '/v1/embeddings') return send(404, '{"error":{"message":"no such route"}}')
      const body = JSON.parse(Buffer.concat(chunks).toString()) as EmbeddingServer['calls'][number]
      state.calls.push(body)
      state.keys.push(request.headers.authorization)
      const fault = state.faults.shift()
      if (fault === 'hang') return
      if (fault === 'cut') return void request.socket.destroy()
      if (typeof fault === 'object' && 'status' in fault)
        return send(fault.status, JSON.stringify({ error: { message: fault.message ?? 'refused', type: 'invalid_request_error' } }))
      if (typeof fault === 'object') return send(200, fault.body)
      const vectors = body.input.map((text, i) => vectorOf(text, (body.dimensions ?? meanings.length + 1) + (fault === 'uneven' ? i : 0)))
      if (fault === 'short') vectors.pop()
      const encode = (vector: number[]) =>
        body.encoding_format === 'float' ? vector : Buffer.from(Float32Array.from(vector).buffer).toString('base64')
      // In reverse: the order of an answer is told by its indices.
      const data = vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encode(vector) })).reverse()
      send(200, JSON.stringify({ object: 'list', data, model: body.model, usage: { prompt_tokens: 10 * data.length, total_tokens: 10 * data.length } }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ...state,
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

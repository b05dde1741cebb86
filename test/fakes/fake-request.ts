import type { IncomingMessage } from 'node:http'
import type { MediaDamage } from './fake-media.ts'

/** One part of a multipart body. */
export interface FakePart {
  name: string
  /** Of a file. */
  fileName?: string
  mediaType?: string
  /** Of a text field. */
  text?: string
  bytes: Buffer
}

/** A request as a fake received it. */
export interface FakeRequest {
  method: string
  /** Without query. */
  path: string
  query: URLSearchParams
  /** Small letters. */
  headers: Readonly<Record<string, string>>
  bytes: Buffer
  /** The body, when it is JSON. */
  json?: unknown
  /** The body, when it is multipart; in its order. */
  parts?: FakePart[]
  /** What the media of the answer to it have to suffer. */
  damage: MediaDamage
  /** The fault that it met. */
  fault?: string
}

export function headOf(message: IncomingMessage): FakeRequest {
  const url = new URL(message.url ?? '/', 'http://fake')
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]))
  return { method: message.method ?? 'GET', path: url.pathname, query: url.searchParams, headers, bytes: Buffer.alloc(0), damage: undefined }
}

/** Read the body into a request that was received; what it is not stays undefined. */
export async function readBodyInto(request: FakeRequest, message: IncomingMessage): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  request.bytes = Buffer.concat(chunks)
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('application/json')) {
    try {
      request.json = JSON.parse(request.bytes.toString())
    } catch {
      // The provider says so in its own words.
    }
  } else if (type.startsWith('multipart/form-data')) request.parts = await partsOf(request.bytes, type)
}

async function partsOf(bytes: Buffer, type: string): Promise<FakePart[] | undefined> {
  let form: FormData
  try {
    form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData()
  } catch {
    return undefined
  }
  return Promise.all(
    [...form].map(async ([name, value]): Promise<FakePart> =>
      typeof value === 'string'
        ? { name, text: value, bytes: Buffer.from(value) }
        : { name, fileName: value.name, mediaType: value.type, bytes: Buffer.from(await value.arrayBuffer()) },
    ),
  )
}

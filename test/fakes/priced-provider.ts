import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { sha256 } from '../../src/core/digest.ts'

/** What the server does with one request; after the list is used up it answers well. */
export type Fault =
  | 'ok'
  | { status: number; retryAfterSeconds?: number }
  /** Reads the request and never answers. */
  | 'hang'
  /** Reads the request and breaks the connection. */
  | 'cut'
  | 'garbage'
  /** Answers 200 with bytes that are no picture. */
  | 'no-picture'
  | { delayMs: number }

export interface PricedServer {
  baseURL: string
  /** Requests that were received, in order. */
  calls: Record<string, unknown>[]
  /** Times of the requests. */
  callTimesMs: number[]
  faults: Fault[]
  close(): Promise<void>
}

/** A provider's server on the loopback that counts for itself what it was asked. */
export async function startPricedServer(): Promise<PricedServer> {
  const state = { calls: [] as Record<string, unknown>[], callTimesMs: [] as number[], faults: [] as Fault[] }
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void (async () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as { prompt: string; variations: number; seed?: number; widthPx?: number; heightPx?: number }
        state.calls.push(body)
        state.callTimesMs.push(Date.now())
        const fault = state.faults.shift() ?? 'ok'
        if (fault === 'hang') return
        if (fault === 'cut') return void request.socket.destroy()
        if (fault === 'garbage') return void response.end('<html>')
        if (fault === 'no-picture') return void response.end(JSON.stringify({ images: [Buffer.from('no picture').toString('base64')] }))
        if (typeof fault === 'object' && 'status' in fault) {
          response.writeHead(fault.status, fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) })
          return void response.end('refused')
        }
        if (typeof fault === 'object') await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
        const images = await Promise.all(Array.from({ length: body.variations }, (_, i) => picture(`${sha256(JSON.stringify(body))} ${i}`, body.widthPx ?? 32, body.heightPx ?? 32)))
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ images: images.map((bytes) => bytes.toString('base64')) }))
      })()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ...state,
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** A picture of its own for each text. */
async function picture(text: string, width: number, height: number): Promise<Buffer> {
  const [r, g, b] = Buffer.from(sha256(text), 'hex')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="rgb(${r},${g},${b})"/><circle cx="50%" cy="50%" r="30%" fill="white"/></svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

/** Text of an assetloom.config.ts that has the fake as provider `priced`. */
export function pricedConfig(baseURL: string, more: { options?: object; provider?: object } = {}): string {
  const adapter = join(import.meta.dirname, 'priced-adapter.ts')
  return `import { createPricedProvider } from ${JSON.stringify(adapter)}
export default {
  tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' },
  constants: false,
  ...${JSON.stringify(more.options ?? {})},
  providers: { priced: createPricedProvider({ baseURL: ${JSON.stringify(baseURL)}, ...${JSON.stringify(more.provider ?? {})} }) },
}
`
}

/** A spec of the fake. */
export function pricedSpec(id: string, more: { provider?: string; fallback?: string; prompt?: string; parameters?: object; references?: string[]; steps?: object[]; integration?: object; metadata?: object; model?: string } = {}): string {
  return JSON.stringify({
    version: '1.0',
    id,
    metadata: more.metadata ?? { category: 'Icons' },
    generation: { type: 'image', provider: more.provider ?? 'priced', ...(more.model && { model: more.model }), ...(more.fallback && { fallback: more.fallback }) },
    prompt: { base: more.prompt ?? `picture of ${id}`, ...(more.references && { references: more.references }), parameters: { size: '32x32', ...more.parameters } },
    ...(more.steps && { post_processing: more.steps }),
    integration: { manifest_key: `key_${id}`, ...more.integration },
  })
}

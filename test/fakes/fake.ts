import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AssetloomOptions } from '../../src/options.ts'
import { headOf, readBodyInto, type FakeRequest } from './fake-request.ts'

/** `providers` of the options. */
export type ProviderOptions = NonNullable<AssetloomOptions['providers']>

export interface FakeAnswer {
  /** @default 200 */
  status?: number
  headers?: Record<string, string>
  /** An object goes out as JSON. */
  body?: object | string | Uint8Array
}

/** What every fake can do instead of answering as it should; a provider adds its own error answers by name. */
export const genericFaults = ['html', 'truncated', 'wrong-type', 'cut-before', 'cut-after', 'cut-body', 'hang', 'redirect'] as const
type GenericFault = (typeof genericFaults)[number]

/** One fault that waits for a request. `ok` lets one through. */
export type QueuedFault =
  | string
  /** @param on - met by the first request whose `METHOD path` fits, in place of the next one that is paid */
  | { fault?: string; delayMs?: number; on?: RegExp }

/** What a provider's fake knows of the server that runs it. */
export interface FakeContext {
  /** `http://127.0.0.1:PORT` */
  origin: string
  /** The key, id or other credential that is accepted, by name. */
  credentials: Readonly<Record<string, string>>
  /** Count money for what is made; whole micro-USD. */
  bill(microUsd: number): void
  /**
   * Put bytes on the server that stands for the provider's other hosts, as presigned results are.
   * @returns their address
   */
  publish(bytes: Uint8Array, mediaType: string): string
}

/** A provider's fake: what it answers, and which faults of its own it can be asked for. */
export interface FakeDefinition {
  /** The name in the table and for `npm run fake`. */
  id: string
  /** One line for `npm run fake`. */
  summary: string
  /** Credentials that it accepts; tests and people use them. */
  credentials: Readonly<Record<string, string>>
  /** `providers` of the options that lead to it. */
  options(fake: Pick<FakeContext, 'origin' | 'credentials'>): ProviderOptions
  /** Whether a request asks for something that is charged: what faults without `on` wait for. */
  isPaid(request: FakeRequest): boolean
  /** Error answers by name, e.g. `rate-limit-seconds`, `quota`, `unauthorized`. */
  faults: Readonly<Record<string, FakeAnswer | ((request: FakeRequest) => FakeAnswer)>>
  /** A server of its own for each start, so that state lies in its closure. Undefined: no such route. */
  create(fake: FakeContext): (request: FakeRequest) => Promise<FakeAnswer | undefined> | FakeAnswer | undefined
}

export interface Fake {
  origin: string
  definition: FakeDefinition
  /** `providers` of the options that lead here. */
  options: ProviderOptions
  /** Requests in order. */
  requests: FakeRequest[]
  /** Requests to the foreign host of redirects and results, in order. */
  foreign: FakeRequest[]
  foreignOrigin: string
  /** Filled by tests; each is met once. */
  faults: QueuedFault[]
  billedMicroUsd(): number
  /** Addresses on the other host answer 403 from now on. */
  expireResults(): void
  close(): Promise<void>
}

export interface FakeOptions {
  /** @default any free one */
  port?: number
  /** Wait before each answer. */
  latencyMs?: number
  /** Met by every paid request, in place of a queue. */
  fault?: string
  onRequest?(request: FakeRequest, told: { status: number | string; billedMicroUsd: number }): void
}

/** Run a provider's fake on the loopback, with a second server that stands for its other hosts and for strangers. */
export async function startFake(definition: FakeDefinition, options: FakeOptions = {}): Promise<Fake> {
  const known = ['ok', ...genericFaults, ...Object.keys(definition.faults)]
  const requireKnown = (name: string | undefined) => {
    if (name !== undefined && !known.includes(name))
      throw new Error(`${definition.id} has no fault ${JSON.stringify(name)}; it has ${known.join(', ')}`)
  }
  requireKnown(options.fault)
  const requests: FakeRequest[] = []
  const foreign: FakeRequest[] = []
  const faults: QueuedFault[] = []
  const results = new Map<string, { bytes: Uint8Array; mediaType: string }>()
  let isExpired = false
  let billed = 0

  const take = (request: FakeRequest, isPaid: boolean): { fault?: string; delayMs?: number } => {
    const at = faults.findIndex((one) =>
      typeof one === 'object' && one.on ? one.on.test(`${request.method} ${request.path}`) : isPaid,
    )
    if (at < 0) return isPaid && options.fault ? { fault: options.fault } : {}
    const [found] = faults.splice(at, 1)
    const { fault, delayMs } = typeof found === 'string' ? { fault: found } : found!
    requireKnown(fault)
    return { ...(fault !== 'ok' && fault && { fault }), ...(delayMs && { delayMs }) }
  }

  const serve = (log: FakeRequest[], isPaid: (request: FakeRequest) => boolean, answer: (request: FakeRequest) => Promise<FakeAnswer>) =>
    createServer((message, response) => {
      const request = headOf(message)
      log.push(request)
      const before = billed
      const met = take(request, isPaid(request))
      if (met.fault) request.fault = met.fault
      carryOut(message, response, request, met, answer)
        .catch((error: unknown) => {
          send(response, { status: 500, body: { fakeIsBroken: String((error as Error).stack) } })
          return 500
        })
        .then((status) => options.onRequest?.(request, { status, billedMicroUsd: billed - before }))
    })

  /** @returns the status, or what was done in place of an answer */
  const carryOut = async (
    message: IncomingMessage,
    response: ServerResponse,
    request: FakeRequest,
    { fault, delayMs }: { fault?: string; delayMs?: number },
    answer: (request: FakeRequest) => Promise<FakeAnswer>,
  ): Promise<number | string> => {
    if (fault === 'cut-before') {
      message.socket.destroy()
      return fault
    }
    await readBodyInto(request, message)
    if (fault === 'truncated' || fault === 'wrong-type') request.damage = fault
    if (fault === 'redirect')
      return send(response, { status: 307, headers: { location: `${foreignOrigin}${request.path}` }, body: '' })
    const own = fault === undefined ? undefined : definition.faults[fault]
    const answered = own === undefined ? await answer(request) : typeof own === 'function' ? own(request) : own
    const waitMs = (delayMs ?? 0) + (options.latencyMs ?? 0)
    if (waitMs > 0) await sleep(waitMs)
    switch (fault as GenericFault | undefined) {
      case 'html':
        return send(response, { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Welcome</title><p>Sign in' })
      case 'cut-after':
        message.socket.destroy()
        return fault!
      case 'cut-body': {
        const { bytes, headers } = wireOf(answered)
        response.writeHead(200, { ...headers, 'content-length': String(bytes.length) })
        response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => message.socket.destroy())
        return fault!
      }
      case 'hang':
        return fault!
      default:
        return send(response, answered)
    }
  }

  const foreignServer = serve(
    foreign,
    () => false,
    async ({ path }) => {
      const result = results.get(path)
      if (isExpired) return { status: 403, headers: { 'content-type': 'application/xml' }, body: '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>' }
      if (!result) return { status: 404, body: 'not here' }
      return { headers: { 'content-type': result.mediaType }, body: result.bytes }
    },
  )
  const foreignOrigin = await listen(foreignServer)

  const server = serve(requests, definition.isPaid, async (request) => (await answer(request)) ?? { status: 404, body: { error: 'no such route' } })
  const origin = await listen(server, options.port)
  const context: FakeContext = {
    origin,
    credentials: definition.credentials,
    bill(microUsd) {
      billed += microUsd
    },
    publish(bytes, mediaType) {
      const path = `/results/${results.size + 1}`
      results.set(path, { bytes, mediaType })
      return `${foreignOrigin}${path}?signature=abc`
    },
  }
  const answer = definition.create(context)

  return {
    origin,
    definition,
    options: definition.options(context),
    requests,
    foreign,
    foreignOrigin,
    faults,
    billedMicroUsd: () => billed,
    expireResults() {
      isExpired = true
    },
    close: async () => void (await Promise.all([stop(server), stop(foreignServer)])),
  }
}

function wireOf({ headers = {}, body = '' }: FakeAnswer): { bytes: Buffer; headers: Record<string, string> } {
  if (typeof body === 'string') return { bytes: Buffer.from(body), headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } }
  if (body instanceof Uint8Array) return { bytes: Buffer.from(body), headers }
  return { bytes: Buffer.from(JSON.stringify(body)), headers: { 'content-type': 'application/json', ...headers } }
}

function send(response: ServerResponse, answer: FakeAnswer): number {
  const { bytes, headers } = wireOf(answer)
  const status = answer.status ?? 200
  response.writeHead(status, { ...headers, 'content-length': String(bytes.length) })
  response.end(bytes)
  return status
}

async function listen(server: Server, port = 0): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections()
    server.close(() => resolve())
  })
}

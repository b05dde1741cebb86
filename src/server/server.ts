import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { defineError, type AssetloomError } from '../core/errors.ts'
import { createInFlight } from '../operations/in-flight.ts'
import { toldError } from '../operations/remote.ts'
import type { Workspace } from '../workspace.ts'
import { answerError } from './answer.ts'
import { admit, isLoopbackName, type WireRequest } from './gate.ts'
import { describeApi, type ApiDescription } from './openapi.ts'
import { ownRoutes, type OwnRoute } from './own-routes.ts'
import { readBody } from './read-body.ts'
import { bodyTooLarge, routeUnknown, serverBusy, timeLimit, tokenMissing } from './request-errors.ts'
import { fits, operationRoutes, type OperationRoute } from './routes.ts'
import { runRoute } from './run-operation.ts'
import { createRuns } from './runs.ts'
import { bearerOf, isToken, makeToken } from './token.ts'

const portTaken = defineError('PORT_TAKEN', {
  summary: 'The port that serve was to listen at is in use, or may not be used.',
  message: (d: { host: string; port: number; why: string }) => `${d.host}:${d.port} cannot be listened at: ${d.why}.`,
  hint: () => 'Name another port with --port; 0 takes a free one.',
  exit: 2,
})

export interface ServeOptions {
  host: string
  /** 0: any free one. */
  port: number
  /** @default one made anew */
  token?: string | undefined
  /** Further names that the server answers for. */
  allowHost: readonly string[]
  /** Origins whose pages may ask. */
  corsOrigin: readonly string[]
  /** Of Assetloom. */
  version: string
  /** Answers MCP over streamable HTTP. */
  mcp(request: Request): Promise<Response>
}

export interface RunningServer {
  url: string
  token: string
  /** What is in work is given a moment, then given up. */
  close(): Promise<void>
}

const maxBodyBytes = 1_000_000
const mostRequests = 64
const timeLimitMs = 120_000
const closeWithinMs = 3_000

/** Nothing of an answer is kept, framed, sniffed or run; content of users least of all. */
const safeHeaders: readonly (readonly [string, string])[] = [
  ['cache-control', 'no-store'],
  ['x-content-type-options', 'nosniff'],
  ['content-security-policy', "sandbox; default-src 'none'"],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['x-frame-options', 'DENY'],
]

/**
 * Offer the operations of a project over HTTP.
 * @throws PORT_TAKEN
 */
export async function startServer(workspace: Workspace, options: ServeOptions): Promise<RunningServer> {
  const token = options.token ?? makeToken()
  const closing = new AbortController()
  const isLoopback = isLoopbackName(options.host)
  let inWork = 0

  const runs = createRuns(workspace)
  const inFlight = createInFlight()
  let description: Promise<ApiDescription> | undefined
  const api = () => (description ??= describeApi(ownRoutes, options.version))

  const given = async ({ req }: Context, method: string) => ({
    params: req.param(),
    query: new URL(req.url).searchParams,
    headers: req.raw.headers,
    body: method === 'POST' ? await readBody(req.raw) : undefined,
  })
  const answerOwn = async (route: OwnRoute, context: Context): Promise<Response> => {
    const signal = AbortSignal.any([closing.signal, context.req.raw.signal])
    return route.answer({ workspace, runs, api, signal, ...(await given(context, route.method)) })
  }
  const answerRoute = async (route: OperationRoute, context: Context): Promise<Response> => {
    const limit = AbortSignal.timeout(timeLimitMs)
    const signal = AbortSignal.any([limit, closing.signal, context.req.raw.signal])
    const work = inFlight.track(runRoute(route, await given(context, route.method), { workspace, signal, isReading: route.method === 'GET' }))
    return Promise.race([work, whenAborted(limit, () => timeLimit({ seconds: timeLimitMs / 1000 }))])
  }

  const app = new Hono()
  app.use(bodyLimit({ maxSize: maxBodyBytes, onError: () => answerError(bodyTooLarge({ maxBytes: maxBodyBytes })) }))
  app.post('/mcp', ({ req }) => options.mcp(req.raw))
  for (const route of ownRoutes) app.on(route.method, route.path, (context) => answerOwn(route, context))
  for (const route of operationRoutes) app.on(route.method, route.path, (context) => answerRoute(route, context))
  app.notFound(() => answerError(routeUnknown({})))
  app.onError((error) => answerError(toldError(error, workspace)))

  const rules = {
    hosts: options.allowHost.map((name) => name.toLowerCase()),
    origins: options.corsOrigin,
    isLoopback,
    maxBodyBytes,
    methodsAt,
  }
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of safeHeaders) response.setHeader(name, value)
    const admission = admit(wireRequest(request), rules)
    if (admission.refused) {
      if (admission.allow) response.setHeader('allow', admission.allow.join(', '))
      return refuse(response, admission.refused)
    }
    if (rules.origins.length > 0) response.setHeader('vary', 'Origin')
    if (admission.corsOrigin !== undefined) {
      response.setHeader('access-control-allow-origin', admission.corsOrigin)
      response.setHeader('cross-origin-resource-policy', 'cross-origin')
    }
    if (admission.preflight) return answerPreflight(response, admission.preflight, admission.corsOrigin !== undefined)
    if (admission.needsToken && !isToken(bearerOf(request.headers.authorization), token)) {
      response.setHeader('www-authenticate', 'Bearer')
      return refuse(response, tokenMissing({}))
    }
    if (inWork >= mostRequests) {
      response.setHeader('retry-after', '1')
      return refuse(response, serverBusy({ what: 'requests', most: mostRequests }))
    }
    inWork++
    response.once('close', () => inWork--)
    await listener(request, response)
  }

  const server = createHttpServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      const told = toldError(error, workspace)
      if (response.headersSent) response.destroy()
      else refuse(response, told)
    })
  })
  server.maxConnections = 4 * mostRequests
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    token,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      closing.abort()
      server.closeIdleConnections()
      const late = setTimeout(() => server.closeAllConnections(), closeWithinMs)
      await closed
      clearTimeout(late)
      await Promise.all([runs.close(), inFlight.settled()])
    },
  }
}

function listen(server: ReturnType<typeof createHttpServer>, { host, port }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'it is in use' : error.code === 'EACCES' ? 'this user may not' : `the system says ${error.code}`
      reject(portTaken({ host, port, why }, { cause: error }))
    })
    server.listen(port, host, () => resolve())
  })
}

function methodsAt(segments: readonly string[]): string[] {
  if (fits('/mcp', segments)) return ['POST', 'OPTIONS']
  const found = [...ownRoutes, ...operationRoutes].filter(({ path }) => fits(path, segments)).flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return found.length > 0 ? [...new Set(found), 'OPTIONS'] : []
}

function wireRequest({ method = '', url: target = '', headers }: IncomingMessage): WireRequest {
  const one = (name: string) => headers[name] as string | undefined
  return {
    method,
    target,
    host: headers.host,
    origin: headers.origin,
    fetchSite: one('sec-fetch-site'),
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    contentLength: headers['content-length'],
    wantedMethod: one('access-control-request-method'),
  }
}

/** What follows of a refused request is not read. */
function refuse(response: ServerResponse, error: AssetloomError): void {
  const answer = answerError(error)
  void answer.text().then((body) => {
    response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), connection: 'close' })
    response.end(body)
  })
}

function answerPreflight(response: ServerResponse, methods: readonly string[], isCors: boolean): void {
  const names = methods.join(', ')
  response.writeHead(204, {
    allow: names,
    ...(isCors && {
      'access-control-allow-methods': names,
      'access-control-allow-headers': 'authorization, content-type, last-event-id, range, if-none-match, mcp-protocol-version, mcp-session-id',
      'access-control-max-age': '600',
    }),
  })
  response.end()
}

function whenAborted(signal: AbortSignal, error: () => AssetloomError): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(error()), { once: true }))
}

import type { ZodType } from 'zod'
import { isAssetloomError } from '../../core/errors.ts'
import { providerFailure, type Failure } from '../../core/provider-failure.ts'
import { createRedactor } from '../../core/redact.ts'
import { answerFailure, type ReadFault } from './answer-failure.ts'
import { describeBody, jsonOf, type HttpAnswer } from './answer.ts'
import { patientFetch } from './patient-fetch.ts'
import { readBody } from '../../core/read-body.ts'
import { transportFailure } from './transport-failure.ts'

/** Largest body that is read when a request names no other limit. */
const usualMaxBytes = 128 * 1024 * 1024

export interface HttpRequest {
  url: string | URL
  /** @default GET without a body, POST with one */
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  headers?: Readonly<Record<string, string>>
  body?: BodyInit
  /** In place of `body`: sent as JSON with its content type. */
  json?: unknown
  signal: AbortSignal
  /** @default 128 MiB */
  maxBytes?: number
  /**
   * The request makes nothing that is charged: a token, an upload, a look at a job. When it breaks off or its answer
   * makes no sense it has cost nothing, and the failure is one that may be tried again.
   */
  isFree?: boolean
  /** The answer may take longer than the five minutes after which `fetch` gives up; only the signal ends the wait. */
  isSlow?: boolean
}

/** Requests of one provider: never redirected with a key, and every fault told as a failure of known cost. */
export interface Http {
  /**
   * One request and its whole answer.
   * @throws ProviderFailure when there is no answer, or one with a status outside 200–299
   */
  send(request: HttpRequest): Promise<HttpAnswer>
  /** {@link Http.send}, with the answer read as JSON. @throws also `bad-output` when it is not what the schema says */
  sendForJson<T>(request: HttpRequest, schema: ZodType<T>): Promise<T>
  /**
   * {@link Http.send} for client libraries that take a `fetch`. Only a stream of events is handed on as it comes.
   */
  fetch: typeof fetch
}

/** @param input.readFault - what the adapter can tell of an error answer beyond its status */
export function createHttp(input: { provider: string; readFault?: ReadFault }): Http {
  const { provider } = input

  /** The answer's head, checked. */
  const open = async (request: HttpRequest): Promise<Response> => {
    const { signal, isFree } = request
    const clean = redactorOf(request)
    const failed = (failure: Omit<Failure, 'provider'>, cause?: unknown) =>
      providerFailure({ ...failure, provider, message: clean.text(failure.message) }, clean.error(cause))
    if (signal.aborted) throw givenUp(provider, signal, 'not-sent')
    let prepared: Request
    try {
      prepared = requestOf(request)
    } catch {
      // Node's message would repeat the header, which may be the key.
      throw failed({
        kind: 'rejected',
        message: 'the request cannot be put together',
        hint: 'Check the base URL, and the key for characters that no header may hold.',
      })
    }
    let response: Response
    try {
      response = await (request.isSlow ? patientFetch : fetch)(prepared)
    } catch (error) {
      if (signal.aborted) throw givenUp(provider, signal, isFree ? 'not-sent' : 'maybe-spent', clean.error(error))
      const { kind, message } = transportFailure(error)
      throw failed({ kind: isFree ? 'not-sent' : kind, message }, error)
    }
    if (response.ok) return response
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      const target = response.headers.get('location')
      const host = target && URL.canParse(target, request.url) ? new URL(target, request.url).host : 'nowhere'
      throw failed({
        kind: 'rejected',
        status: response.status,
        message: `it answered ${response.status}, a redirect to ${host}, which is not followed with a key`,
        hint: 'Write the address that it redirects to as base URL, if that is the right host.',
      })
    }
    const bytes = (await readBody(response, usualMaxBytes).catch(() => undefined)) ?? new Uint8Array()
    const { status, headers } = response
    throw failed(answerFailure(provider, { status, headers, bytes }, Date.now(), input.readFault))
  }

  const read = async (response: Response, request: HttpRequest): Promise<HttpAnswer> => {
    const { status, headers } = response
    const maxBytes = request.maxBytes ?? usualMaxBytes
    let bytes: Uint8Array | undefined
    try {
      bytes = await readBody(response, maxBytes)
    } catch (error) {
      const kind = request.isFree ? 'not-sent' : 'maybe-spent'
      if (request.signal.aborted) throw givenUp(provider, request.signal, kind, error)
      throw providerFailure({ kind, provider, message: 'the connection broke in the middle of the answer' }, error)
    }
    if (!bytes)
      throw providerFailure({
        kind: request.isFree ? 'server' : 'bad-output',
        provider,
        message: `its answer is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB`,
      })
    return { status, headers, bytes }
  }

  const send = async (request: HttpRequest) => read(await open(request), request)

  return {
    send,
    async sendForJson(request, schema) {
      const answer = await send(request)
      const body = jsonOf(answer)
      const kind = request.isFree ? 'server' : 'bad-output'
      if (body === undefined)
        throw providerFailure({ kind, provider, message: `it answered with ${describeBody(answer)} in place of JSON` })
      const parsed = schema.safeParse(body)
      if (parsed.success) return parsed.data
      const [issue] = parsed.error.issues
      const at = issue!.path.map(String).join('.') || 'the whole'
      throw providerFailure({ kind, provider, message: `its answer has an unknown shape: ${at}: ${issue!.message}` })
    },
    // Libraries that make a multipart body look for `Response` beside a `fetch` of their own.
    fetch: Object.assign(
      async (target: string | URL | Request, init: RequestInit = {}) => {
        const signal = init.signal ?? new AbortController().signal
        const { method, body } = init
        const headers = Object.fromEntries(new Headers(init.headers))
        const url = target instanceof Request ? target.url : target
        const request: HttpRequest = {
          url,
          signal,
          headers,
          ...(method && { method: method.toUpperCase() as 'POST' }),
          ...(body && { body }),
        }
        const response = await open(request)
        if (response.headers.get('content-type')?.startsWith('text/event-stream')) return response
        const { status, headers: answered, bytes } = await read(response, request)
        return new Response(new Uint8Array(bytes), { status, headers: answered })
      },
      { Response },
    ),
  }
}

function requestOf({ url, method, headers, body, json, signal }: HttpRequest): Request {
  const content = json === undefined ? body : JSON.stringify(json)
  return new Request(url, {
    method: method ?? (content === undefined ? 'GET' : 'POST'),
    headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(content !== undefined && { body: content }),
    redirect: 'manual',
    signal,
  })
}

/** Takes the secrets of the request's own headers out of what is told; a token fetched on the way is in no option. */
function redactorOf({ headers = {} }: HttpRequest) {
  const secret = Object.entries(headers).filter(([name]) => /auth|key|token|secret/i.test(name))
  return createRedactor(secret.flatMap(([, value]) => [value, value.replace(/^\w+ /, '')]))
}

/** Of a request that we stopped ourselves. */
function givenUp(provider: string, signal: AbortSignal, kind: 'not-sent' | 'maybe-spent', cause?: unknown): Error {
  const reason: unknown = signal.reason
  if (isAssetloomError(reason)) return reason
  const isLate = (reason as Error | undefined)?.name === 'TimeoutError'
  if (isLate) return providerFailure({ kind, provider, message: 'no answer came in time' }, cause)
  return providerFailure(
    kind === 'not-sent'
      ? { kind, provider, message: 'the call was given up before it was sent' }
      : { kind: 'aborted', provider, message: 'the call was given up after it was sent' },
    cause,
  )
}

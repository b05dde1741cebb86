import { setTimeout as sleep } from 'node:timers/promises'
import { redirectTarget } from '../../core/catalog/redirect.ts'
import { readBody } from '../../core/read-body.ts'
import { retryAfterMs } from '../../core/retry-after.ts'
import { catalogRequestFailed, type ReadAnswer, type RequestFault } from './transport.ts'

/** A request with all its redirects and its body ends after this long, unless it says otherwise. */
const usualPatienceMs = 30_000
/** The longest wait that a server may ask for; after more, a person has gone. */
const longestWaitMs = 10_000
const usualWaitMs = 1000
const mostRedirects = 3

export interface GetRequest {
  catalog: string
  /** For messages: a path, and never a whole address, which may hold a key. */
  what: string
  url: string
  /** Beginning of the path, with its closing slash, that redirects must stay under. */
  under: string
  /** Whether a path with its query, not under `under`, stands for what is asked for. */
  isSameElsewhere?(target: string): boolean
  headers?: Readonly<Record<string, string>>
  maxBytes: number
  etag?: string | undefined
  /** @default 30000 */
  patienceMs?: number | undefined
  signal: AbortSignal
}

/**
 * One GET of a catalog: conditional, with a limit of bytes and time, patient once when the server asks for it.
 * @throws CATALOG_REQUEST_FAILED
 */
export async function politeGet(request: GetRequest): Promise<ReadAnswer> {
  for (let isSecond = false; ; isSecond = true) {
    const answer = await getOnce(request)
    if (!('waitMs' in answer)) return answer.read
    if (isSecond || answer.waitMs > longestWaitMs) throw failed(request, 'rate-limited', `it asks to wait ${Math.ceil(answer.waitMs / 1000)} s`)
    await sleep(answer.waitMs, undefined, { signal: request.signal })
  }
}

async function getOnce(request: GetRequest): Promise<{ read: ReadAnswer } | { waitMs: number }> {
  const { signal, maxBytes, etag, under, isSameElsewhere, patienceMs = usualPatienceMs } = request
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  let url = request.url
  try {
    for (let redirects = 0; ; redirects++) {
      const response = await fetch(url, {
        redirect: 'manual',
        signal: patience,
        headers: { 'user-agent': 'assetloom', ...request.headers, ...(etag !== undefined && { 'if-none-match': etag }) },
      })
      if (response.status === 200) {
        const bytes = await readBody(response, maxBytes)
        if (!bytes) throw failed(request, 'refused', `it is larger than ${maxBytes} bytes`)
        const tag = response.headers.get('etag')
        return { read: { bytes, ...(tag !== null && { etag: tag }) } }
      }
      await response.body?.cancel()
      if (response.status === 304 && etag !== undefined) return { read: 'unchanged' }
      const location = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || !location) return waitOrFail(request, response)
      const target = redirectTarget({ from: url, location, under, isSameElsewhere })
      if ('why' in target) throw failed(request, 'refused', target.why)
      if (redirects === mostRedirects) throw failed(request, 'refused', `it redirects more than ${mostRedirects} times`)
      url = target.url
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if ((error as { code?: string }).code === 'CATALOG_REQUEST_FAILED') throw error
    const { message, cause } = error as Error & { cause?: Error }
    throw failed(request, 'unreachable', patience.aborted ? `no whole answer came in ${patienceMs / 1000} s` : (cause?.message || message), error)
  }
}

/** @throws CATALOG_REQUEST_FAILED unless it is a wait */
function waitOrFail(request: GetRequest, { status, headers }: Response): { waitMs: number } {
  const asked = retryAfterMs(headers, Date.now())
  // GitHub tells of its hourly limit by 403 and this header, and when it ends.
  const isSpent = headers.get('x-ratelimit-remaining') === '0'
  if (status === 429 || (status === 403 && (asked !== undefined || isSpent))) {
    const resetMs = Number(headers.get('x-ratelimit-reset') ?? NaN) * 1000 - Date.now()
    return { waitMs: asked ?? (isSpent && resetMs > 0 ? resetMs : usualWaitMs) }
  }
  if (status === 401 || status === 403) throw failed(request, 'forbidden', `the answer was ${status}`)
  if (status === 404 || status === 410) throw failed(request, 'missing', `the answer was ${status}`)
  throw failed(request, status >= 500 ? 'unreachable' : 'refused', `the answer was ${status}`)
}

function failed(request: GetRequest, fault: RequestFault, why: string, cause?: unknown) {
  const { catalog, what } = request
  return catalogRequestFailed({ catalog, what, why, fault }, { details: { fault, catalog }, ...(cause !== undefined && { cause }) })
}

import type { AssetloomError } from '../core/errors.ts'
import { bodyNotJson, bodyTooLarge, hostForeign, methodNotAllowed, originForeign, routeUnknown, targetInvalid } from './request-errors.ts'

/** A request as it stands on the wire. */
export interface WireRequest {
  method: string
  /** As it stands in the request line. */
  target: string
  host: string | undefined
  origin: string | undefined
  fetchSite: string | undefined
  contentType: string | undefined
  contentEncoding: string | undefined
  contentLength: string | undefined
  /** Of a preflight. */
  wantedMethod: string | undefined
}

export interface GateRules {
  /** Names that the server answers for beside this machine's own, without port. */
  hosts: readonly string[]
  /** Origins whose pages may ask. */
  origins: readonly string[]
  /** The server can be reached from this machine only. */
  isLoopback: boolean
  /** The most bytes of a body. */
  maxBodyBytes: number
  /** The methods at a path; none when there is nothing. */
  methodsAt(segments: readonly string[]): readonly string[]
}

export type Admission =
  | { refused: AssetloomError; allow?: readonly string[] }
  | {
      refused: undefined
      /** The listed origin of the page that asks, which may read the answer. */
      corsOrigin: string | undefined
      /** A preflight: answered with these methods and no more. */
      preflight: readonly string[] | undefined
      /** Writing asks for it, and reading by others than this machine. */
      needsToken: boolean
    }

/** Paths that anybody who reaches the server may read: whether it lives, and what it can do. */
const openPaths: ReadonlySet<string> = new Set(['', 'api/docs', 'api/openapi.json', 'api/live'])

/**
 * Decide whether a request is looked at. Nothing of it was made tidy before: a parser of URLs would hide what is wrong.
 * GET and HEAD change nothing; POST is taken from programs and from pages of the server's own or of a listed origin.
 */
export function admit(request: WireRequest, rules: GateRules): Admission {
  const { method, host, origin, fetchSite } = request
  const why = targetProblem(request.target)
  if (why !== undefined) return { refused: targetInvalid({ why }) }
  // Before all else: a name that another site had resolved to this machine.
  const name = hostName(host)
  const isLocalName = name !== undefined && isLoopbackName(name)
  if (name === undefined || !(isLocalName || rules.hosts.includes(name))) return { refused: hostForeign({}) }

  const isListed = origin !== undefined && rules.origins.includes(origin)
  const isOwn = origin === undefined || origin === `http://${host}` || origin === `https://${host}`
  const isSameSite = fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none'
  if (!isListed && !(isOwn && isSameSite)) return { refused: originForeign({}) }
  const corsOrigin = isListed ? origin : undefined

  const segments = segmentsOf(request.target)
  const methods = rules.methodsAt(segments)
  if (methods.length === 0) return { refused: routeUnknown({}) }
  if (method === 'OPTIONS') {
    if (request.wantedMethod !== undefined && !methods.includes(request.wantedMethod)) return { refused: methodNotAllowed({ methods }), allow: methods }
    return { refused: undefined, corsOrigin, preflight: methods, needsToken: false }
  }
  if (!methods.includes(method)) return { refused: methodNotAllowed({ methods }), allow: methods }
  if (method === 'POST') {
    const problem = bodyProblem(request, rules.maxBodyBytes)
    if (problem) return { refused: problem }
  }
  const isOpen = openPaths.has(segments.join('/'))
  return { refused: undefined, corsOrigin, preflight: undefined, needsToken: method === 'POST' || !(isOpen || (rules.isLoopback && isLocalName)) }
}

/** What is wrong with a target, in words that follow "The target of the request". */
function targetProblem(target: string): string | undefined {
  if (!target.startsWith('/')) return 'is not a path'
  const [path = '', ...queries] = target.split('?')
  const query = queries.join('?')
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f-\uffff\\#]/.test(target)) return 'holds a character that must be encoded'
  const segments = path.slice(1).split('/')
  if (segments.slice(0, -1).includes('')) return 'has an empty part'
  for (const part of [...segments, ...query.split(/[&=]/)]) {
    const decoded = decode(part)
    if (decoded === undefined) return 'holds a percent sign that encodes nothing'
    if (decoded.includes('\u0000')) return 'holds a NUL'
  }
  for (const part of segments) {
    const decoded = decode(part)!
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u001f\u007f\\]/.test(decoded)) return 'holds a character that no ref has'
    if (/%[0-9a-f]{2}/i.test(decoded)) return 'is encoded twice'
    if (decoded.split('/').some((one) => one === '.' || one === '..')) return 'goes up'
  }
  return undefined
}

/** The decoded parts of a path that has no problem. */
export function segmentsOf(target: string): string[] {
  const parts = target.split('?', 1)[0]!.slice(1).split('/')
  return parts.map((part) => decode(part)!)
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** The name in a Host header, small, without its port. */
function hostName(host: string | undefined): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase()
}

export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name)
}

function bodyProblem({ contentType, contentEncoding, contentLength }: WireRequest, maxBytes: number): AssetloomError | undefined {
  const isJson = /^application\/json\s*(?:;\s*charset=utf-8\s*)?$/i.test(contentType ?? '')
  if (!isJson || (contentEncoding !== undefined && contentEncoding !== 'identity')) return bodyNotJson({})
  return Number(contentLength ?? 0) > maxBytes ? bodyTooLarge({ maxBytes }) : undefined
}

/** One whole answer of a server. */
export interface HttpAnswer {
  status: number
  headers: Headers
  bytes: Uint8Array
}

/** The media type of an answer, small letters, without parameters; empty when it names none. */
export function contentType(answer: Pick<HttpAnswer, 'headers'>): string {
  return (answer.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
}

/** The body as JSON; undefined when it is none. */
export function jsonOf(answer: Pick<HttpAnswer, 'bytes'>): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.bytes)) as unknown
  } catch {
    return undefined
  }
}

/** What a body is, in words for a message: what it says of itself, and what it plainly is. */
export function describeBody(answer: HttpAnswer): string {
  if (answer.bytes.length === 0) return 'an empty body'
  const head = new TextDecoder().decode(answer.bytes.subarray(0, 200)).trimStart().toLowerCase()
  if (head.startsWith('<!doctype html') || head.startsWith('<html')) return 'an HTML page'
  return contentType(answer) || 'bytes of no named type'
}

import type { Failure } from '../../core/provider-failure.ts'

/** Codes of connections that came to nothing before a byte of the request could leave. */
const noConnection = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_\\w+', 'E\\w+UNREACH', 'EADDRNOTAVAIL', '\\w+_CONNECT_TIMEOUT']
const noTrust = ['EPROTO', 'ERR_TLS_\\w+', 'ERR_SSL_\\w+', 'CERT_\\w+', '\\w*SELF_SIGNED_CERT\\w*', 'UNABLE_TO_\\w+']
const beforeSending = new RegExp(`^(?:${[...noConnection, ...noTrust].join('|')})$`)

interface TransportError {
  code?: unknown
  syscall?: unknown
  message?: unknown
  cause?: unknown
  errors?: unknown
  socket?: { bytesWritten?: unknown }
}

/** An error and what caused it, the attempts on several addresses of a host included. */
function chainOf(error: unknown): TransportError[] {
  const chain: TransportError[] = []
  const waiting: unknown[] = [error]
  while (waiting.length > 0 && chain.length < 20) {
    const one = waiting.shift()
    if (typeof one !== 'object' || one === null) continue
    const { cause, errors } = one as TransportError
    chain.push(one as TransportError)
    waiting.push(cause, ...(Array.isArray(errors) ? (errors as unknown[]) : []))
  }
  return chain
}

/**
 * What a request that got no answer means. Only a connection that never stood is certain to have cost nothing.
 * @param error - what `fetch` threw
 */
export function transportFailure(error: unknown): Pick<Failure, 'kind' | 'message'> {
  const chain = chainOf(error)
  const codes = chain.flatMap(({ code }) => (typeof code === 'string' ? [code] : []))
  const isUnsent = chain.some(
    ({ code, syscall, message, socket }) =>
      (typeof code === 'string' && beforeSending.test(code)) ||
      syscall === 'connect' ||
      socket?.bytesWritten === 0 ||
      // `fetch` never opens the ports that the standard blocks.
      message === 'bad port',
  )
  const detail = codes.find((code) => beforeSending.test(code)) ?? codes[0]
  const named = detail ? ` (${detail})` : ''
  return isUnsent
    ? { kind: 'not-sent', message: `no connection could be made${named}` }
    : { kind: 'maybe-spent', message: `the connection broke after the request was sent${named}` }
}

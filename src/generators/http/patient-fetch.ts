import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'

/**
 * `fetch` for servers that work for many minutes before the first byte of their answer: Node's own gives up after five,
 * and no option of it says otherwise. Only the request's signal ends the wait. Redirects are answers like any other.
 */
export async function patientFetch(request: Request): Promise<Response> {
  const body = Buffer.from(await request.arrayBuffer())
  const send = new URL(request.url).protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sent = send(
      request.url,
      {
        method: request.method,
        headers: { ...Object.fromEntries(request.headers), 'content-length': body.length },
        signal: request.signal,
        // A connection that was kept may be closed by the server in the moment it is used again.
        agent: false,
      },
      (message) => {
        const status = message.statusCode!
        const headers = new Headers()
        for (const [name, values] of Object.entries(message.headersDistinct))
          for (const value of values ?? []) headers.append(name, value)
        const isEmpty = [204, 205, 304].includes(status)
        resolve(new Response(isEmpty ? null : (Readable.toWeb(message) as ReadableStream), { status, headers }))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

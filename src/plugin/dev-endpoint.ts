import type { IncomingMessage, ServerResponse } from 'node:http'
import { isAssetloomError } from '../core/errors.ts'
import type { AssetSource } from './asset-source.ts'
import { decideDevRequest } from './dev-request.ts'

/** Follows the base of the server; `window.__assetloom.health()` asks here. */
export const healthPath = '__assetloom/health'

/** Middleware of a dev server that answers how generating is doing; it changes nothing and tells no paths. */
export function healthEndpoint(input: {
  /** With its slash. */
  base: string
  hosts: readonly string[]
  source: () => Promise<AssetSource>
}) {
  const path = input.base + healthPath
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const { method, url: target, headers } = request
    const fetchSite = headers['sec-fetch-site']
    const verdict = decideDevRequest(
      { method, target, host: headers.host, origin: headers.origin, fetchSite: fetchSite as string | undefined },
      { path, hosts: input.hosts },
    )
    if (verdict === 'pass') return next()
    const answer = (status: number, body: unknown) => {
      // The host may have let every page of this machine read what follows.
      for (const name of response.getHeaderNames())
        if (name.startsWith('access-control-')) response.removeHeader(name)
      response.writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': "sandbox; default-src 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        ...(status === 405 && { allow: 'GET' }),
      })
      response.end(`${JSON.stringify(body)}\n`)
    }
    if (verdict !== 'answer') return answer(verdict.status, { error: { message: verdict.why } })
    health(input.source).then(
      (body) => answer(200, body),
      (error: unknown) =>
        answer(500, { error: { code: isAssetloomError(error) ? error.code : 'INTERNAL', message: 'it cannot be told' } }),
    )
  }
}

async function health(source: () => Promise<AssetSource>): Promise<unknown> {
  const { workspace } = await source()
  const { default: operation } = await import('../operations/health.ts')
  return operation.run(operation.input.parse({}), {
    workspace,
    signal: new AbortController().signal,
    progress: { start() {}, advance() {}, stop() {} },
    confirm: async () => false,
  })
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRepository, gitSha, type FakeRepository } from './repository.ts'

export { filesOfFolder, gitSha, type Files } from './repository.ts'

/** What the server does instead of answering as GitHub does. */
export type CatalogFault =
  | { status: number; headers?: Record<string, string>; body?: string | Uint8Array }
  /** Answers `302` with this header, byte for byte. */
  | { redirect: string; status?: number }
  /** A page as a captive portal or a proxy gives it. */
  | 'html'
  /** The text that Git LFS leaves in place of a file. */
  | 'lfs-pointer'
  | 'empty'
  /** Half the body under the head of the whole. */
  | 'truncated'
  /** One byte is another, under the same head. */
  | 'flipped'
  /** A listing of files with its first half, which says so. */
  | 'half-listing'
  /** The connection breaks before an answer. */
  | 'cut'
  /** Never answers. */
  | 'hang'
  /** The head and half the body, and then nothing. */
  | 'stall'
  /** More bytes than any limit, without saying how many. */
  | 'endless'

/** Faults that need nothing more than their name. */
export const faultNames = ['html', 'lfs-pointer', 'empty', 'truncated', 'flipped', 'half-listing', 'cut', 'hang', 'stall', 'endless'] as const satisfies readonly CatalogFault[]

export interface CatalogRequest {
  /** As it came over the wire. */
  target: string
  headers: Readonly<Record<string, string>>
  status: number | string
}

export interface FakeCatalog {
  origin: string
  repository: FakeRepository
  /** A source of the options that leads here. */
  source: { name: string; from: string; apiURL: string; rawURL: string; token?: string }
  /**
   * Give the repository another name, as GitHub does: the API leads from the old name to the number of the repository, and
   * raw files answer under both names.
   * @param name - `owner/repo`
   */
  moveTo(name: string): void
  /** The same files without GitHub: `https://host/path/` in the options. */
  staticURL: string
  requests: CatalogRequest[]
  /** Each is met once, by the first request whose target fits. */
  faults: { on: RegExp; fault: CatalogFault; times?: number }[]
  /** Called before an answer is made, e.g. to move a branch. */
  onRequest?: ((target: string) => void) | undefined
  /** Requests for such targets wait for {@link release}. */
  hold?: RegExp | undefined
  /** How many wait now. */
  held(): number
  release(): void
  close(): Promise<void>
}

const firstName = 'acme/assets'
const repositoryId = 4711

/**
 * A catalog on the loopback: raw files, commits, the Tree API with ETags, and the same files as a plain site.
 * @param options.token - every request needs it
 */
export async function startCatalog(options: { port?: number; token?: string; log?(request: CatalogRequest): void } = {}): Promise<FakeCatalog> {
  const repository = createRepository()
  const requests: CatalogRequest[] = []
  const faults: FakeCatalog['faults'] = []
  const names = [firstName]

  const takeFault = (target: string) => {
    const at = faults.findIndex(({ on }) => on.test(target))
    const found = faults[at]
    if (!found) return undefined
    if (found.times !== undefined && found.times > 1) found.times--
    else faults.splice(at, 1)
    return found.fault
  }

  const server = createServer((message, response) => {
    const target = message.url ?? ''
    fake.onRequest?.(target)
    const request: CatalogRequest = {
      target,
      headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
      status: 0,
    }
    requests.push(request)
    if (fake.hold?.test(target)) {
      waiting.push(() => void respond(message, response, request))
      return
    }
    void respond(message, response, request)
  })

  const waiting: (() => void)[] = []
  const respond = (message: IncomingMessage, response: ServerResponse, request: CatalogRequest) => {
    const { target } = request
    return answer(message, response, target, takeFault(target)).then((status) => {
      request.status = status
      options.log?.(request)
    })
  }

  const answer = async (message: IncomingMessage, response: ServerResponse, target: string, fault: CatalogFault | undefined): Promise<number | string> => {
    const send = (status: number, headers: Record<string, string>, body: string | Uint8Array) => {
      response.writeHead(status, headers)
      response.end(body)
      return status
    }
    if (typeof fault === 'object') {
      if ('redirect' in fault) {
        // Written by hand: Node would refuse or tidy what an attacker sends.
        message.socket.end(`HTTP/1.1 ${fault.status ?? 302} Found\r\nLocation: ${fault.redirect}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
        return fault.status ?? 302
      }
      return send(fault.status, fault.headers ?? {}, fault.body ?? '')
    }
    switch (fault) {
      case 'cut':
        message.socket.destroy()
        return fault
      case 'hang':
        return fault
      case 'html':
        return send(200, { 'content-type': 'text/html' }, '<!doctype html><title>Sign in</title>')
      case 'lfs-pointer':
        return send(200, {}, `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`)
      case 'empty':
        return send(200, {}, '')
      case 'endless':
        response.writeHead(200)
        while (!response.destroyed && response.writable) {
          response.write(Buffer.alloc(256 * 1024, 'a'))
          await sleep(0)
        }
        return fault
    }
    if (options.token !== undefined && message.headers.authorization !== `Bearer ${options.token}`) return send(404, {}, '{"message":"Not Found"}')
    const byNumber = `/repositories/${repositoryId}/`
    const [, rest] = target.split(new RegExp(`^/repos/(?:${names.slice(0, -1).join('|')})/`))
    if (names.length > 1 && rest !== undefined) {
      const url = `${fake.origin}${byNumber}${rest}`
      return send(301, { location: url, 'content-type': 'application/json; charset=utf-8' }, JSON.stringify({ message: 'Moved Permanently', url }))
    }
    const found = contentOf(target.replace(byNumber, `/repos/${names.at(-1)}/`))
    if (!found) return send(404, { 'content-type': 'text/plain' }, '404: Not Found')
    if (fault === 'half-listing') {
      const { tree = [], ...rest } = JSON.parse(found.bytes.toString()) as { tree?: unknown[] }
      return send(200, { 'content-type': found.type }, JSON.stringify({ ...rest, tree: tree.slice(0, tree.length >> 1), truncated: true }))
    }
    const etag = `"${gitSha(found.bytes)}"`
    if (message.headers['if-none-match'] === etag) return send(304, { etag }, '')
    const headers = { etag, 'content-type': found.type }
    if (fault === 'truncated' || fault === 'stall') {
      response.writeHead(200, { ...headers, 'content-length': String(found.bytes.length) })
      response.write(found.bytes.subarray(0, found.bytes.length >> 1), () => fault === 'truncated' && message.socket.destroy())
      return fault
    }
    if (fault === 'flipped') found.bytes[found.bytes.length >> 1]! ^= 1
    return send(200, headers, found.bytes)
  }

  const contentOf = (target: string): { bytes: Buffer; type: string } | undefined => {
    const json = (value: unknown) => ({ bytes: Buffer.from(JSON.stringify(value)), type: 'application/json' })
    const [path = ''] = target.split('?')
    const name = names.at(-1)!
    const [, commitRef] = new RegExp(`^/repos/${name}/commits/(.+)$`).exec(path) ?? []
    if (commitRef !== undefined) {
      const sha = repository.resolve(decodeURIComponent(commitRef))
      return sha === undefined ? undefined : json({ sha, url: `${fake.origin}/repos/${name}/commits/${sha}`, commit: { message: 'A state of the catalog' } })
    }
    const [, treeSha] = new RegExp(`^/repos/${name}/git/trees/([0-9a-f]{40})$`).exec(path) ?? []
    if (treeSha !== undefined) {
      const files = repository.files(treeSha)
      const tree = [...(files ?? [])].map(([path, bytes]) => ({ path, mode: '100644', type: 'blob', sha: gitSha(bytes), size: bytes.length }))
      return files && json({ sha: treeSha, tree, truncated: false })
    }
    const [, sha, rest] = new RegExp(`^/(?:${names.join('|')})/([0-9a-f]{40})/(.+)$`).exec(path) ?? /^\/site\/()(.+)$/.exec(path) ?? []
    if (rest === undefined) return undefined
    const bytes = repository.files(sha || (repository.resolve('main') ?? ''))?.get(decodeURIComponent(rest))
    return bytes && { bytes: Buffer.from(bytes), type: 'text/plain; charset=utf-8' }
  }

  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(options.port ?? 0, '127.0.0.1', done)
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const fake: FakeCatalog = {
    origin,
    repository,
    source: { name: 'acme', from: `github:${firstName}#main`, apiURL: origin, rawURL: origin, ...(options.token !== undefined && { token: options.token }) },
    moveTo: (name) => void names.push(name),
    staticURL: `${origin}/site/`,
    requests,
    faults,
    held: () => waiting.length,
    release() {
      fake.hold = undefined
      for (const go of waiting.splice(0)) go()
    },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
  return fake
}

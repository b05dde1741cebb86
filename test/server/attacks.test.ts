import { readFileSync, symlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configText, copySample, useSample } from '../cli/sample.ts'
import type { Project } from '../project.ts'
import { endAll, serveProject, type Served } from './served-project.ts'

/* Requests as bytes: whatever parses URLs would tidy the attack away. */

useSample()
let project: Project
let served: Served
const canary = 'canary-5f1c0d7e9b3a'

beforeAll(async () => {
  project = copySample()
  project.write({
    'assetloom.config.js': configText.replace("throw new Error('the studio is closed')", `throw new Error('the studio is closed: ' + process.env.STUDIO_API_KEY)`),
    '.env': `STUDIO_API_KEY=${canary}\n`,
    'specs/bad.json': JSON.stringify({ version: '1.0', id: 'bad', metadata: { category: 'Icons' }, generation: { type: 'image', provider: 'studio' }, prompt: { base: 'fail', parameters: { size: '24x16' } } }),
  })
  symlinkSync(tmpdir(), join(project.root, 'in/elsewhere'))
  served = await serveProject(project, ['--cors-origin', 'https://app.example.com', '--allow-host', 'assets.example.com'], { STUDIO_API_KEY: canary })
})
afterAll(endAll)

const manifest = () => readFileSync(join(project.root, 'assets/manifest.json'), 'utf8')

interface Sent {
  method?: string
  target?: string
  headers?: Record<string, string>
  body?: string
}

/** Send one request; a header that is empty is left out. */
async function send({ method = 'GET', target = '/api/tags', headers = {}, body = '' }: Sent): Promise<{ status: number; text: string; headers: string }> {
  const all = { Host: `127.0.0.1:${served.port}`, Connection: 'close', ...(method === 'POST' && { 'Content-Length': String(Buffer.byteLength(body)) }), ...headers }
  const lines = Object.entries(all).filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`)
  const answer = await served.raw(`${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
  const end = answer.indexOf('\r\n\r\n')
  return { status: Number(answer.slice(9, 12)), headers: answer.slice(0, end).toLowerCase(), text: answer.slice(end + 4) }
}

const tagging = (headers: Record<string, string> = {}): Sent => ({
  method: 'POST',
  target: '/api/add-tags',
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${served.token}`, ...headers },
  body: JSON.stringify({ ref: 'LOGO-ACME-MARK001', tags: [`t${Math.random().toString(36).slice(2)}`] }),
})

describe('targets', () => {
  it.each([
    ['http://evil.example/api/tags', 400],
    ['//evil.example/api/tags', 400],
    ['evil', 400],
    ['*', 400],
    ['/api//tags', 400],
    ['/api\\tags', 400],
    ['/api/assets/%5c..%5c', 400],
    ['/api/assets/a%00b', 400],
    ['/api/assets/a%0ab', 400],
    ['/api/assets/%zz', 400],
    ['/api/assets/%ff', 400],
    ['/api/assets/%252e%252e', 400],
    ['/api/assets/../../etc/passwd', 400],
    ['/api/assets/%2e%2e', 400],
    ['/api/assets/..%2f..%2fpackage.json/content', 400],
    ['/api/assets/a%2f..%2f..%2fb/content', 400],
    ['/api/tags?x=%00', 400],
    ['/api/tags?x=%', 400],
    ['/api/tags#x', 400],
    ['/api/t\u00e4gs', 400],
    ['/API/tags', 404],
    ['/api/tags/', 404],
    ['/api/Tags', 404],
    ['/apix/tags', 404],
    ['/.env', 404],
    ['/assets/manifest.json', 404],
    ['/api/assets/.assetloom%2fstate.db/content', 400],
    ['/api/assets/package.json/content', 404],
    ['/api/tags', 200],
  ])('%s is answered with %i', async (target, status) => {
    const answer = await send({ target })
    expect(answer.status).toBe(status)
    if (status !== 200) expect(answer.text).not.toContain(project.root)
  })
})

describe('methods', () => {
  it.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'])('%s is not taken', async (method) => {
    const answer = await send({ method })
    expect(answer.status).toBe(405)
    expect(answer.headers).toContain('allow: get, head, post, options')
  })

  it('that change nothing change nothing', async () => {
    const before = manifest()
    for (const method of ['GET', 'HEAD'])
      for (const target of ['/api/add-tags?ref=LOGO-ACME-MARK001&tags=x', '/api/generate', '/api/assets/LOGO-ACME-MARK001/rollback?version=1.0.0', '/api/delete?ref=LOGO-ACME-MARK001'])
        expect((await send({ method, target })).status).toBe(405)
    for (let i = 0; i < 3; i++) await send({ target: '/api/assets/LOGO-ACME-MARK001' })
    expect(manifest()).toBe(before)
    const { data } = await served.ask('/api/info', { ref: 'LOGO-ACME-MARK001' })
    // Only the POST counts as a look.
    expect(data.counts.views).toBe(1)
  })
})

describe('hosts', () => {
  it.each([
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost.evil.example', 403],
    ['10.0.0.1', 403],
    ['localhost@evil.example', 403],
    ['', 400],
    ['localhost', 200],
    ['LOCALHOST:1', 200],
    ['[::1]:8000', 200],
    ['a.localhost', 200],
    // By the name that others know, reading needs the token, too.
    ['assets.example.com', 401],
  ])('%j is answered with %i', async (host, status) => expect((await send({ headers: { Host: host } })).status).toBe(status))

  it('of a proxy are answered with the token', async () => {
    expect((await send({ headers: { Host: 'assets.example.com', Authorization: `Bearer ${served.token}` } })).status).toBe(200)
    expect((await send({ target: '/api/live', headers: { Host: 'assets.example.com' } })).status).toBe(200)
  })
})

describe('pages of others', () => {
  it.each([
    [{ Origin: 'https://evil.example' }, 403],
    [{ Origin: 'null' }, 403],
    [{ Origin: 'http://localhost:9999' }, 403],
    [{ Origin: 'https://app.example.com.evil.example' }, 403],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-origin' }, 200],
    [{ 'Sec-Fetch-Site': 'none' }, 200],
    [{ Origin: 'https://app.example.com', 'Sec-Fetch-Site': 'cross-site' }, 200],
  ])('%j are answered with %i, reading and writing', async (headers, status) => {
    const before = manifest()
    expect((await send({ headers: headers as unknown as Record<string, string> })).status).toBe(status)
    expect((await send(tagging(headers as unknown as Record<string, string>))).status).toBe(status)
    expect(manifest() === before).toBe(status !== 200)
  })

  it('may read the answer only when they are listed', async () => {
    const own = await send({ headers: { Origin: `http://127.0.0.1:${served.port}` } })
    expect(own.status).toBe(200)
    expect(own.headers).not.toContain('access-control')
    const listed = await send({ headers: { Origin: 'https://app.example.com' } })
    expect(listed.headers).toContain('access-control-allow-origin: https://app.example.com')
    expect(listed.headers).toContain('vary: origin')
    expect(listed.headers).not.toContain('access-control-allow-credentials')
    expect((await send({ headers: { Origin: 'https://evil.example' } })).headers).not.toContain('access-control')
  })

  it('ask before they write', async () => {
    const asking = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization, content-type' }
    const listed = await send({ method: 'OPTIONS', target: '/api/add-tags', headers: { Origin: 'https://app.example.com', ...asking } })
    expect(listed.status).toBe(204)
    expect(listed.headers).toContain('access-control-allow-methods: post')
    expect(listed.headers).toContain('authorization')
    expect((await send({ method: 'OPTIONS', target: '/api/add-tags', headers: { Origin: 'https://evil.example', ...asking } })).status).toBe(403)
    expect((await send({ method: 'OPTIONS', target: '/api/live', headers: { Origin: 'https://app.example.com', ...asking } })).status).toBe(405)
  })
})

describe('writes', () => {
  it.each([
    ['no token', { Authorization: '' }, 401],
    ['another token', { Authorization: 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }, 401],
    ['a beginning of a token', { Authorization: 'Bearer A' }, 401],
    ['a token of another sort', { Authorization: 'Basic QTpB' }, 401],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['text', { 'Content-Type': 'text/plain' }, 415],
    ['no type', { 'Content-Type': '' }, 415],
    ['JSON in another alphabet', { 'Content-Type': 'application/json; charset=utf-16' }, 415],
    ['JSON that is packed', { 'Content-Encoding': 'gzip' }, 415],
    ['a length above the cap', { 'Content-Length': '99999999' }, 413],
  ])('with %s are refused', async (_, headers, status) => {
    const before = manifest()
    expect((await send(tagging(headers))).status).toBe(status)
    expect(manifest()).toBe(before)
  })

  it('longer than the cap are refused though they do not say so', async () => {
    const chunk = 'x'.repeat(65_536)
    const head = `POST /api/add-tags HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer ${served.token}\r\nTransfer-Encoding: chunked\r\n\r\n`
    const answer = await served.raw(head + `${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(20) + '0\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })

  it.each(['[1]', '"x"', 'null', '{', '{"__proto__":{"tags":["x"]}}', '{"ref":"LOGO-ACME-MARK001","tags":["x"],"constructor":1}'])('of %s are refused', async (body) => {
    const answer = await send({ ...tagging(), body, headers: { ...tagging().headers, 'Content-Length': String(body.length) } })
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('BODY_INVALID')
  })

  it('reach no file outside the project and none that is hidden', async () => {
    for (const [path, body] of [
      ['import', { files: ['/etc/hostname'] }],
      ['import', { files: ['../x.png'] }],
      ['import', { files: ['in/elsewhere/x.png'] }],
      ['import', { files: ['{in,..}/*.png'] }],
      ['import', { files: ['.env'] }],
      ['run', { ref: 'tools/x/y', inputFile: '.env' }],
      ['run', { ref: 'tools/x/y', inputFile: './.env' }],
      ['export', { refs: ['LOGO-ACME-MARK001'], dir: '../out' }],
      ['export', { refs: ['LOGO-ACME-MARK001', '../out'] }],
      ['export', { refs: ['LOGO-ACME-MARK001'], dir: '.git/hooks' }],
      ['package', { refs: ['LOGO-ACME-MARK001'], name: 'a', version: '1.0.0', out: '/tmp/a.zip' }],
      ['update', { ref: 'LOGO-ACME-MARK001', file: '../x.png' }],
      ['install', { source: '../pack.zip' }],
      ['install', { source: 'file:///etc/passwd' }],
      ['diff', { a: 'LOGO-ACME-MARK001', b: 'LOGO-ACME-MARK002', out: '../d.png' }],
      ['index', { dir: '..' }],
      ['sync', { files: ['../../etc'] }],
    ] as const) {
      const answer = await served.ask(`/api/${path}`, body)
      expect({ path, body, code: answer.code }).toEqual({ path, body, code: expect.stringMatching(/^PATH_(CLOSED|OUTSIDE)$|^PACK_DOWNLOAD_FAILED$|^INPUT_INVALID$/) as string })
      expect(JSON.stringify(answer)).not.toContain(project.root)
    }
  })
})

describe('answers', () => {
  it('hold no key, no stack and no path of this machine', async () => {
    const { data } = await served.ask('/api/generate', { specs: ['specs/bad.json'] })
    let text = ''
    for (let i = 0; i < 100 && !text.includes('"finished'); i++) text = await (await fetch(`${served.url}/api/runs/${data.id}/events`)).text()
    text += JSON.stringify(await served.ask(`/api/runs/${data.id}`))
    for (const [path, body] of [['/api/export', { refs: ['LOGO-ACME-MARK001'], dir: 'out' }], ['/api/which', { name: 'LOGO-ACME-MARK001' }], ['/api/import', { files: ['in/nope.png'] }], ['/api/validate', {}]] as const)
      text += JSON.stringify(await served.ask(path, body))
    for (const target of ['/api/health', '/api/assets', '/api/openapi.json', '/api/docs', '/api/costs']) text += (await send({ target })).text
    expect(text).toContain('the studio is closed')
    expect(text).not.toContain(canary)
    expect(text).not.toContain(project.root)
    expect(text).not.toContain(served.token)
    expect(text).not.toMatch(/\n? {4}at \S+ \(/)
  })

  it('may be kept, sniffed, framed and run by nobody', async () => {
    for (const sent of [{}, { target: '/nope' }, { headers: { Host: 'evil.example' } }, tagging({ Authorization: '' })]) {
      const { headers } = await send(sent)
      for (const one of ['cache-control: no-store', 'x-content-type-options: nosniff', "content-security-policy: sandbox; default-src 'none'", 'cross-origin-resource-policy: same-origin', 'x-frame-options: deny']) expect(headers).toContain(one)
    }
  })
})

describe('crowds', () => {
  it('are answered up to a number, the rest told to come again', async () => {
    const own = await serveProject(project)
    const sockets = Array.from({ length: 70 }, () => {
      const socket = connect(own.port, '127.0.0.1')
      // The body that was announced never comes, so that each stays in work.
      socket.write(`POST /api/add-tags HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer ${own.token}\r\nContent-Length: 10\r\n\r\n{`)
      return socket
    })
    const answers = await Promise.all(sockets.slice(64).map((socket) => new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())))))
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 503 .*retry-after: 1.*SERVER_BUSY/s)
    for (const socket of sockets) socket.destroy()
    for (;;) if ((await fetch(`${own.url}/api/live`)).status === 200) break
    expect(await own.end()).toBe(0)
  })
})

it('at an address that others reach, reading needs the token, too', async () => {
  const own = await serveProject(project, ['--host', '0.0.0.0'])
  const url = `http://127.0.0.1:${own.port}`
  expect((await fetch(`${url}/api/tags`)).status).toBe(401)
  expect((await fetch(`${url}/api/live`)).status).toBe(200)
  expect((await fetch(`${url}/api/tags`, { headers: { authorization: `Bearer ${own.token}` } })).status).toBe(200)
})

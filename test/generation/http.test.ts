import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { failureOf, type Failure } from '../../src/core/provider-failure.ts'
import { createHttp } from '../../src/generators/http/create-http.ts'
import { downloadResult } from '../../src/generators/http/download.ts'
import { pollJob, type JobState } from '../../src/generators/http/poll-job.ts'
import { retryAfterMs } from '../../src/core/retry-after.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let server: Server
let origin: string
let answers: Answer[]
let seen: IncomingMessage[]
beforeEach(async () => {
  answers = []
  seen = []
  server = createServer((request, response) => {
    seen.push(request)
    request.resume().on('end', () => (answers.shift() ?? ((_, fallback) => fallback.end('{}')))(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const { signal } = new AbortController()
const http = createHttp({ provider: 'acme' })
const status =
  (code: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end(body)

const failed = async (work: Promise<unknown>): Promise<Failure> => {
  try {
    await work
  } catch (error) {
    return failureOf(error) ?? expect.fail(`is no provider failure: ${String((error as Error).stack)}`)
  }
  return expect.fail('it did not fail')
}

describe('Retry-After', () => {
  const now = Date.parse('2026-11-20T10:00:00Z')
  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': ' 1.5 ' }, 1500],
    [{ 'retry-after': 'Fri, 20 Nov 2026 10:00:07 GMT' }, 7000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', (headers, waitMs) => expect(retryAfterMs(new Headers(headers as Record<string, string>), now)).toBe(waitMs))
})

describe('a request', () => {
  let stopping: AbortController
  it.each([
    ['a host that does not exist', () => 'https://no-such-host.invalid/', 'not-sent'],
    ['a port that nobody listens on', () => 'http://127.0.0.1:9/', 'not-sent'],
    ['a server that speaks no TLS', () => origin.replace('http:', 'https:'), 'not-sent'],
    ['a port that the standard blocks', () => 'http://127.0.0.1:25/', 'not-sent'],
  ])('to %s was not sent', async (_, url, kind) => {
    expect((await failed(http.send({ url: url(), json: {}, signal }))).kind).toBe(kind)
  })

  it.each([
    ['an error in JSON', 400, '{"error":{"message":"no such style"}}', 'rejected', 'no such style'],
    ['a list of errors', 422, '{"errors":["too long","too loud"]}', 'rejected', 'too long; too loud'],
    ['a detail', 402, '{"title":"Insufficient credit","detail":"Top up."}', 'money', 'Top up.'],
    ['a page', 502, '<html><h1>Bad gateway</h1></html>', 'server', 'it answered 502 with an HTML page'],
    ['nothing', 403, '', 'auth', 'it answered 403 with an empty body'],
    ['control characters', 400, '{"message":"a\\u001b[31mb\\u202ec\\nd"}', 'rejected', 'a [31mb c d'],
    ['a long text', 400, JSON.stringify({ message: 'x'.repeat(5000) }), 'rejected', `${'x'.repeat(400)}…`],
  ])('that is answered with %s says so', async (_, code, body, kind, message) => {
    answers.push(status(code, body))
    expect(await failed(http.send({ url: origin, json: {}, signal }))).toMatchObject({ kind, message, status: code })
  })

  it.each([true, false])('is read only up to its limit (length told: %s)', async (isTold) => {
    const body = 'x'.repeat(3 * 1024 * 1024)
    const big: Answer = (_, response) => void (isTold ? response.setHeader('content-length', body.length) : response).end(body)
    answers.push(big, big)
    const request = { url: origin, json: {}, signal, maxBytes: 1024 * 1024 }
    expect(await failed(http.send(request))).toMatchObject({ kind: 'bad-output', message: expect.stringContaining('larger than 1 MiB') as string })
    expect((await failed(http.send({ ...request, isFree: true }))).kind).toBe('server')
  })

  it('of unknown shape names the place', async () => {
    answers.push(status(200, '{"jobs":[{"id":7}]}'))
    const schema = z.looseObject({ jobs: z.array(z.looseObject({ id: z.string() })) })
    expect(await failed(http.sendForJson({ url: origin, json: {}, signal }, schema))).toMatchObject({ kind: 'bad-output', message: expect.stringContaining('jobs.0.id') as string })
  })

  it('that is free is free when it breaks', async () => {
    answers.push((request) => request.socket.destroy())
    expect((await failed(http.send({ url: origin, json: {}, signal, isFree: true }))).kind).toBe('not-sent')
  })

  it('that may take long is sent and answered like any other', async () => {
    const echo: Answer = (request, response) => void response.writeHead(200, { 'content-type': 'text/plain', 'x-length': request.headers['content-length'] }).end('made')
    answers.push(echo, status(204), status(302, '', { location: 'http://169.254.169.254/latest' }), status(429, '', { 'retry-after': '2' }))
    const request = { url: `${origin}/slow?a=b`, json: { a: 'é' }, signal, isSlow: true }
    const answer = await http.send(request)
    expect({ text: Buffer.from(answer.bytes).toString(), length: answer.headers.get('x-length') }).toEqual({ text: 'made', length: '10' })
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/slow?a=b', headers: { 'content-type': 'application/json' } })
    expect((await http.send(request)).bytes).toHaveLength(0)
    expect((await failed(http.send(request))).message).toContain('169.254.169.254')
    expect(await failed(http.send(request))).toMatchObject({ kind: 'rate-limited', retryAfterMs: 2000 })
    expect(seen).toHaveLength(4)
  })

  it.each<[string, Answer, boolean]>([
    ['before', (request) => request.socket.destroy(), false],
    ['within', (request, response) => response.writeHead(200, { 'content-length': 9 }).write('half', () => request.socket.destroy()), false],
    ['by its signal before', () => stopping.abort(), true],
    ['by its signal within', (_, response) => response.writeHead(200).write('half', () => setTimeout(() => stopping.abort(), 20)), true],
  ])('that may take long and breaks off %s its answer may be paid for', async (_, answer, isStopped) => {
    stopping = new AbortController()
    answers.push(answer)
    const failure = await failed(http.send({ url: origin, json: {}, signal: stopping.signal, isSlow: true }))
    expect(failure.kind).toBe(isStopped ? 'aborted' : 'maybe-spent')
  })

  it('whose answer repeats its token does not tell it', async () => {
    answers.push((request, response) => response.writeHead(401).end(JSON.stringify({ error: `bad token ${request.headers.authorization}` })))
    const failure = await failed(http.send({ url: origin, json: {}, headers: { authorization: 'Bearer token-fetched-on-the-way' }, signal }))
    expect(failure.message).toBe('bad token [redacted]')
  })

  it('with a key that no header may hold is refused without telling it', async () => {
    const failure = await failed(http.send({ url: origin, headers: { authorization: 'Bearer sec\u0000ret-key' }, signal }))
    expect(failure.kind).toBe('rejected')
    expect(JSON.stringify(failure)).not.toContain('ret-key')
    expect(seen).toEqual([])
  })
})

describe('a result', () => {
  const download = (url: string, maxBytes?: number) => downloadResult({ provider: 'acme', url, signal, ...(maxBytes && { maxBytes }) })

  it('is fetched without a key, in spite of errors in passing', async () => {
    answers.push(status(503), (request) => request.socket.destroy(), status(200, 'bytes', { 'content-type': 'audio/wav' }))
    expect(Buffer.from((await download(`${origin}/a.wav`)).bytes).toString()).toBe('bytes')
    expect(seen).toHaveLength(3)
    expect(seen[0]!.headers).not.toHaveProperty('authorization')
  })

  it.each(['http://example.com/a.png', 'http://127.0.0.1.evil.test/a.png', 'ftp://127.0.0.1/a', 'file:///etc/passwd', 'https://me:you@example.com/a', 'a.png', ''])('is not fetched from %j', async (url) => {
    expect(await failed(download(url))).toMatchObject({ kind: 'bad-output', message: expect.stringContaining('cannot be used') as string })
  })

  it.each([403, 404, 410])('that is gone (%s) is paid for all the same', async (code) => {
    answers.push(status(code))
    expect(await failed(download(origin))).toMatchObject({ kind: 'bad-output', status: code, message: expect.stringContaining('expired') as string })
    expect(seen).toHaveLength(1)
  })

  it('is not followed to another place', async () => {
    answers.push(status(302, '', { location: 'http://169.254.169.254/latest' }))
    expect(await failed(download(origin))).toMatchObject({ kind: 'bad-output', message: expect.stringContaining('169.254.169.254') as string })
    expect(seen).toHaveLength(1)
  })

  it('is given up when it stays away', async () => {
    answers.push(...Array.from({ length: 9 }, () => status(500, '', { 'retry-after': '0' })))
    expect((await failed(download(origin))).kind).toBe('bad-output')
    expect(seen).toHaveLength(4)
  })
})

describe('an accepted job', () => {
  const poll = (states: (JobState<string> | Error)[], more: Partial<Parameters<typeof pollJob<string>>[0]> = {}) =>
    pollJob({
      provider: 'acme',
      async look() {
        const next = states.length > 1 ? states.shift()! : states[0]!
        if (next instanceof Error) throw next
        return next
      },
      signal,
      deadlineMs: 5_000,
      intervalMs: 1,
      ...more,
    })
  const running: JobState<string> = { state: 'running', waitMs: 1 }
  /** What a look throws when the server answers so. */
  const thrown = async (code: number) => {
    answers.push(status(code, '', { 'retry-after': '0' }))
    return http.send({ url: origin, signal, isFree: true }).catch((error: Error) => error) as Promise<Error>
  }

  it('is looked at until it is done, in spite of errors in passing', async () => {
    const fractions: number[] = []
    const states: (JobState<string> | Error)[] = [running, await thrown(503), { ...running, fraction: 0.5 }, await thrown(429), { state: 'done', value: 'made' }]
    expect(await poll(states, { onProgress: (fraction) => fractions.push(fraction) })).toBe('made')
    expect(fractions).toEqual([0.5])
  })

  it.each([401, 404])('may be paid for when looks are refused (%s)', async (code) => {
    expect((await failed(poll([await thrown(code)]))).kind).toBe('maybe-spent')
  })

  it('may be paid for when it takes too long', async () => {
    expect(await failed(poll([running], { deadlineMs: 30 }))).toMatchObject({ kind: 'maybe-spent', message: expect.stringContaining('within 0.03 s') as string })
  })

  it('may be paid for when it is stopped', async () => {
    const stop = new AbortController()
    const polled = failed(poll([{ state: 'running', waitMs: 4_000 }], { signal: stop.signal }))
    stop.abort()
    expect((await polled).kind).toBe('maybe-spent')
  })

  it('costs what its provider says when it comes to nothing', async () => {
    expect(await failed(poll([running, { state: 'failed', failure: { kind: 'rejected', message: 'unsafe' } }]))).toMatchObject({ kind: 'rejected', message: 'unsafe' })
  })
})

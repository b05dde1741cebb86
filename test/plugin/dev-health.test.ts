import { readFileSync, readdirSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build, createServer, preview, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import assetloom from '../../dist/plugin/vite.js'
import { browserMissing, launchBrowser } from '../browser.ts'
import { createProject, type Project } from '../project.ts'

const path = '/app/__assetloom/health'

let project: Project
let server: ViteDevServer
let port: number

beforeAll(async () => {
  project = createProject({
    files: {
      'assetloom.config.ts': `export default { tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' }, budget: { monthlyUsd: 5 } }`,
      'specs/spark.yaml': 'version: "1.0"\nid: spark\ngeneration: { type: image, provider: local }\nprompt: { base: a spark, parameters: { size: 32x32 } }\nintegration: { manifest_key: spark }\n',
      'index.html': '<!doctype html><body><p>no asset here</p></body>',
    },
  })
  await project.cli('generate')
  server = await createServer({ root: project.root, base: '/app/', configFile: false, logLevel: 'silent', plugins: [assetloom()], server: { port: 0, host: '127.0.0.1' } })
  await server.listen()
  port = (server.httpServer!.address() as AddressInfo).port
})
afterAll(() => server?.close())

interface Answer {
  status: number
  headers: Record<string, unknown>
  body: string
}
const ask = (headers: Record<string, string> = {}, method = 'GET', target = path) =>
  new Promise<Answer>((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', path: target, method, headers }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
    })
    request.on('error', reject).end()
  })
const raw = (text: string) =>
  new Promise<string>((resolve) => {
    let all = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk: Buffer) => (all += chunk.toString())).on('close', () => resolve(all)).on('error', () => resolve(all))
  })

describe('the health of a dev server', () => {
  it('is the report of the command, with headers that keep it here', async () => {
    const { status, headers, body } = await ask({ origin: `http://127.0.0.1:${port}` })
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({ score: 100, reasons: [], budget: { limitMicroUsd: 5_000_000, leftMicroUsd: 5_000_000 }, recent: [{ spec: 'spark', provider: 'local', success: true }] })
    expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(body).not.toContain(project.root)
  })

  it.each<[string, Record<string, string>, string, number]>([
    ['a page of another port', { origin: 'http://localhost:1' }, 'GET', 403],
    ['the null origin', { origin: 'null' }, 'GET', 403],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 'GET', 403],
    ['another name', { host: 'evil.example' }, 'GET', 403],
    ['an address that is not here', { host: '10.0.0.7' }, 'GET', 403],
    ['POST', { 'content-type': 'text/plain' }, 'POST', 405],
    ['HEAD', {}, 'HEAD', 405],
  ])('is refused to %s', async (_, headers, method, status) => {
    const answer = await ask(headers, method)
    expect(answer.status).toBe(status)
    expect(answer.body).not.toContain('score')
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it.each(['/app/__ASSETLOOM/health', '/__assetloom/health', '/app/__assetloom/health/', '/app/x/../__assetloom/health', '/app//__assetloom/health', '/app/__assetloom%2Fhealth'])('stands nowhere else: %s', async (target) => {
    const answer = await raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    expect(answer).not.toContain('"score"')
  })

  it('has no place in a build and in its preview', async () => {
    await build({ root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom()] })
    const dist = join(project.root, 'dist')
    for (const file of readdirSync(dist, { recursive: true, withFileTypes: true }))
      if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toContain('__assetloom')
    const shown = await preview({ root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom()], preview: { port: 0, host: '127.0.0.1' } })
    const { port: previewPort } = shown.httpServer.address() as AddressInfo
    expect(await (await fetch(`http://127.0.0.1:${previewPort}/__assetloom/health`)).text()).not.toContain('"score"')
    await shown.close()
  })

  it.skipIf(browserMissing)('is asked for in the console of a page', async () => {
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${port}/app/`, { waitUntil: 'networkidle' })
      expect(await page.evaluate(() => window.__assetloom!.health())).toMatchObject({ score: 100, cache: { hits: 0, misses: 1, hitRate: 0 } })
    } finally {
      await browser.close()
    }
  })
})

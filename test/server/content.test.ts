import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copySample, useSample } from '../cli/sample.ts'
import type { Project } from '../project.ts'
import { rangeOf } from '../../src/server/content-answer.ts'
import { endAll, serveProject, type Served } from './served-project.ts'

useSample()
let project: Project
let served: Served
let bytes: Buffer
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') => fetch(served.url + path, { method, headers })
const path = '/api/assets/LOGO-ACME-MARK001/content'

beforeAll(async () => {
  project = copySample()
  project.write({
    'in/evil.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>',
    'assets/library/ai-prompts/content/note.asset.yaml': 'prompt: About {{topic}}\nvariables: [{ name: topic }]\n',
  })
  await project.cli('sync')
  await project.cli('import', 'in/evil.svg', '--category', 'Icons', '--variant', 'EVIL')
  served = await serveProject(project)
  bytes = readFileSync(join(project.root, 'assets/logos/LOGO-ACME-MARK001.png'))
})
afterAll(endAll)

describe('content', () => {
  it('is given whole, with its type, and nothing may be done with it', async () => {
    const response = await get(path)
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.length),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"sha256:/) as string,
    })
    const svg = await get('/api/assets/ICON-ACME-EVIL001/content')
    expect(svg.headers.get('content-type')).toBe('image/svg+xml')
    expect(svg.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
  })

  it('of an id with slashes is asked for with %2F', async () => {
    const response = await get('/api/assets/ai-prompts%2Fcontent%2Fnote/content')
    expect(await response.text()).toContain('About {{topic}}')
    expect((await get('/api/assets/ai-prompts/content/note/content')).status).toBe(404)
  })

  it('of a version is what it was then', async () => {
    await project.cli('update', 'LOGO-ACME-MARK001', '--file', 'in/3.png')
    const now = await get(path)
    const then = await get('/api/assets/LOGO-ACME-MARK001@1.0.0/content')
    expect(then.headers.get('assetloom-version')).toBe('1.0.0')
    expect(Buffer.from(await then.arrayBuffer()).equals(bytes)).toBe(true)
    expect(now.headers.get('etag')).not.toBe(then.headers.get('etag'))
    await project.cli('rollback', 'LOGO-ACME-MARK001', '1.0.0')
  })

  it('that is known is not sent again', async () => {
    const etag = (await get(path)).headers.get('etag')!
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await get(path, { 'if-none-match': known })
      expect({ status: response.status, body: await response.text() }).toEqual({ status: 304, body: '' })
    }
    expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200)
  })

  it.each([
    ['bytes=1-3', 206, 'bytes 1-3/', 'PNG'],
    ['bytes=1-', 206, 'bytes 1-', undefined],
    ['bytes=-4', 206, 'bytes ', undefined],
    ['bytes=99999999-', 416, 'bytes */', ''],
    ['bytes=3-1', 200, undefined, undefined],
    ['bytes=0-1,4-5', 200, undefined, undefined],
    ['lines=0-1', 200, undefined, undefined],
  ])('answers the range %s with %i', async (range, status, contentRange, text) => {
    const response = await get(path, { range })
    expect(response.status).toBe(status)
    if (contentRange) expect(response.headers.get('content-range')).toContain(contentRange)
    const body = await response.text()
    if (text !== undefined) expect(body).toBe(text)
  })

  it('gives no part of what has changed since', async () => {
    expect((await get(path, { range: 'bytes=1-3', 'if-range': '"other"' })).status).toBe(200)
    expect((await get(path, { range: 'bytes=1-3', 'if-range': (await get(path)).headers.get('etag')! })).status).toBe(206)
  })

  it('is described by HEAD without its bytes', async () => {
    const response = await get(path, {}, 'HEAD')
    expect(response.headers.get('content-length')).toBe(String(bytes.length))
    expect(await response.text()).toBe('')
  })

  it('of what has none is an error', async () => {
    for (const [ref, status, code] of [['COLOR-ACME-MAIN001', 400, 'ASSET_WITHOUT_FILE'], ['NOPE', 404, 'ASSET_UNKNOWN'], ['LOGO-ACME-MARK001@9.9.9', 404, 'VERSION_UNKNOWN']] as const)
      expect(await served.ask(`/api/assets/${ref}/content`)).toMatchObject({ status, code })
  })
})

it.each([
  ['bytes=0-0', 10, { start: 0, end: 0 }],
  ['bytes=5-99', 10, { start: 5, end: 9 }],
  ['bytes=-99', 10, { start: 0, end: 9 }],
  ['bytes=-0', 10, 'outside'],
  ['bytes=10-', 10, 'outside'],
  ['bytes=0-', 0, 'outside'],
  ['bytes=-', 10, undefined],
  [undefined, 10, undefined],
])('the range %s of %i bytes', (header, size, range) => expect(rangeOf(header, size)).toEqual(range))

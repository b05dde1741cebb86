import { existsSync, readdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { startCli } from '../operations/project.ts'
import { createShelf, palette, rowOf, toolCode, toolItem, usualFiles, type Shelf } from './shelf.ts'

const forest = 'design-tokens/colors/forest'
const star = 'images/icons/star'
const shout = 'tools/generators/shout'
const yes = { confirm: async () => true }
const kept = (shelf: Shelf) => (existsSync(join(shelf.config, 'assetloom/assets')) ? readdirSync(join(shelf.config, 'assetloom/assets')) : [])
const asked = (shelf: Shelf, part: string) => shelf.catalog.requests.filter(({ target }) => target.includes(part))

describe('a branch that moves at every request', () => {
  /** Every state differs in every file, and each index is that of its own state. */
  const stateOf = (n: number) => {
    const tokens = palette.replace('#228833', `#${String(100_000 + n)}`)
    const code = `${toolCode}// ${n}\n`
    const others = { [`assets/${shout}.ts`]: code }
    const needy = `${toolItem}tags: [t${n}]\ndependencies: { ${forest}: ^1.0.0 }\n`.replace('tags: [text]\n', '')
    const rows = [rowOf(forest, tokens, { version: '1.2.0' }), rowOf(shout, needy, { others, dependencies: { [forest]: '^1.0.0' } })]
    return { 'assets/index.csv': formatIndex(rows), [`assets/${forest}.asset.yaml`]: tokens, [`assets/${shout}.asset.yaml`]: needy, ...others }
  }

  async function movingShelf({ hasIndex = true } = {}): Promise<Shelf> {
    const shelf = await createShelf()
    let n = 0
    shelf.catalog.onRequest = () => {
      const { 'assets/index.csv': index, ...rest } = stateOf(n++)
      shelf.catalog.repository.commit(hasIndex ? { 'assets/index.csv': index, ...rest } : rest)
    }
    return shelf
  }
  const commits = (shelf: Shelf) => new Set(shelf.catalog.requests.flatMap(({ target }) => /^\/(?:acme\/assets\/|repos\/acme\/assets\/git\/trees\/)([0-9a-f]{40})/.exec(target)?.[1] ?? []))

  it.each<[string, (shelf: Shelf) => Promise<unknown>, { hasIndex?: boolean; first?: (shelf: Shelf) => Promise<unknown>; reads: number }]>([
    ['add with what it needs', (shelf) => shelf.ask('add', { query: shout, local: true }, yes), { reads: 4 }],
    ['add where there is no index', (shelf) => shelf.ask('add', { query: shout, local: true }, yes), { hasIndex: false, reads: 5 }],
    ['a lazy run', (shelf) => shelf.ask('run', { ref: shout, local: true, param: { text: 'a' } }, yes), { reads: 4 }],
    ['an update', (shelf) => shelf.ask('catalog update', { apply: true }, yes), { first: (shelf) => shelf.ask('add', { query: shout, local: true }, yes), reads: 4 }],
  ])('gives %s files of one commit alone', async (_what, work, { hasIndex = true, first, reads }) => {
    const shelf = await movingShelf({ hasIndex })
    await first?.(shelf)
    shelf.catalog.requests.length = 0
    await work(shelf)
    expect(commits(shelf).size).toBe(1)
    const [commit] = commits(shelf)
    expect(asked(shelf, commit!).length).toBeGreaterThanOrEqual(reads)
    const files = shelf.catalog.repository.files(commit!)!
    expect(shelf.read(`assets/library/${shout}.ts`).toString()).toBe(files.get(`assets/${shout}.ts`)!.toString())
    if (hasIndex) expect(shelf.read(`assets/library/${forest}.asset.yaml`).toString()).toContain(/leaf: "(.*)"/.exec(files.get(`assets/${forest}.asset.yaml`)!.toString())![1])
    expect(shelf.manifest().assets[shout]).toMatchObject({ source: { revision: commit } })
  })

  it('of a site without commits ends in a refusal, and nothing is kept', async () => {
    const shelf = await movingShelf()
    await expect(shelf.ask('add', { query: shout, local: true }, yes, { catalog: [shelf.catalog.staticURL] })).rejects.toMatchObject({ code: 'CATALOG_ASSET_REFUSED' })
    expect(kept(shelf)).toEqual([])
    expect(existsSync(shelf.path('assets'))).toBe(false)
  })
})

describe('what a row, or an item, names', () => {
  it.each(['../../secret', 'a/../../b', '%2e%2e/x', 'a//b', 'a\\b', 'a?b', 'a#b'])('as a dependency %j refuses the row before any request', async (ref) => {
    const index = formatIndex([rowOf(forest, palette, { dependencies: { 'x/y/z': '*' } })]).replace('x/y/z@*', `${ref}@*`)
    const shelf = await createShelf({ files: { ...(await usualFiles()), 'assets/index.csv': index } })
    expect((await shelf.ask('catalog search', { query: 'forest' })).catalogs[0]).toMatchObject({ assets: 0, problems: [{ line: 2, problem: expect.stringContaining('dependencies') as string }] })
    await expect(shelf.ask('add', { query: forest })).rejects.toMatchObject({ code: 'CATALOG_NOTHING_FOUND' })
    expect(asked(shelf, '.asset.yaml')).toEqual([])
  })

  it.each(['../../../../other/repo/x.ts', '..%2f..%2fx.ts', 'a//x.ts', '/etc/x.ts', 'x.ts?y', 'x.ts#y', 'a\\x.ts'])('as a file %j is asked for nowhere, where the index names no files', async (file) => {
    const item = toolItem.replace('shout.ts', JSON.stringify(file))
    const shelf = await createShelf({ files: { 'assets/index.csv': formatIndex([{ ...rowOf(shout, item), files: [] }]), [`assets/${shout}.asset.yaml`]: item } })
    await expect(shelf.ask('add', { query: shout }, yes)).rejects.toMatchObject({ code: expect.stringMatching(/^CATALOG_ASSET_(?:REFUSED|NOT_SOUND)$|^ITEM_INVALID$/) as string })
    expect(shelf.catalog.requests.filter(({ target }) => !/\/(?:commits\/main|assets\/index\.csv|git\/trees\/[0-9a-f]{40}\?recursive=1|shout\.asset\.yaml)$/.test(target))).toEqual([])
    expect(kept(shelf)).toEqual([])
  })
})

describe('a server', () => {
  const bomb = (bytes: number) => ({ status: 200, headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(bytes, 'a')) })

  it('that packs far more than is allowed into few bytes is left', async () => {
    const shelf = await createShelf()
    shelf.catalog.faults.push({ on: /star\.png/, fault: bomb(300_000_000) })
    await expect(shelf.ask('add', { query: star })).rejects.toMatchObject({ code: 'CATALOG_REQUEST_FAILED', message: expect.stringContaining('larger than 5242880') as string })
    shelf.catalog.faults.push({ on: /index\.csv/, fault: bomb(300_000_000) })
    expect((await shelf.ask('catalog search', { query: 'star' })).catalogs[0]).toMatchObject({ state: 'listing', why: expect.stringContaining('larger than 20') as string })
  })

  it('that asks to wait is waited for once, and then the last good index serves', async () => {
    const shelf = await createShelf()
    await shelf.ask('catalog search', { query: 'star' })
    shelf.catalog.requests.length = 0
    shelf.catalog.faults.push({ on: /index\.csv/, fault: { status: 429, headers: { 'retry-after': '1' } }, times: 5 })
    expect((await shelf.ask('catalog search', { query: 'star' })).catalogs[0].state).toBe('last-good')
    expect(asked(shelf, 'index.csv')).toHaveLength(2)
  })

  it('that fails is asked once in a command', async () => {
    const shelf = await createShelf()
    shelf.catalog.faults.push({ on: /./, fault: { status: 503 }, times: 10 })
    await expect(shelf.ask('catalog search', { query: 'star' })).rejects.toMatchObject({ code: 'CATALOG_UNREACHABLE' })
    expect(shelf.catalog.requests).toHaveLength(1)
  })

  it('that repeats a token is not repeated by the most talkative log', async () => {
    const token = 'canary-of-the-catalog-9912'
    const shelf = await createShelf({ token })
    shelf.write('assetloom.config.mjs', `export default ${JSON.stringify(shelf.options)}\n`)
    for (const fault of [{ status: 403, body: token }, { redirect: `http://example.com/${token}` }]) {
      shelf.catalog.faults.push({ on: /index\.csv/, fault }, { on: /git\/trees/, fault: { status: 500, body: token } })
      const { stdout, stderr } = await startCli(shelf, ['catalog', 'search', 'star', '--log-level', 'debug'], shelf.env).done
      expect(stderr).toContain('CATALOG_UNREACHABLE')
      expect(stdout + stderr).not.toContain(token)
    }
  })

  // Written by hand: an HTTP library would refuse or tidy it.
  it.each([
    'garbage\r\n\r\n',
    '',
    'HTTP/1.1 200\r\n',
    'HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\n\r\n',
    'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/9\r\nContent-Length: 2\r\n\r\nab',
    'HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
    'HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nabc',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc',
    'HTTP/1.1 200 OK\r\nETag: \u0001\r\nContent-Length: 3\r\n\r\nabc',
    `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\nContent-Length: 3\r\n\r\nabc`,
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nxyz',
  ])('that answers %j is a clear error, and nothing is kept', async (answer) => {
    const server = createServer((socket) => socket.on('error', () => undefined).on('data', () => socket.end(answer)))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const shelf = await createShelf({ options: { catalog: [`http://127.0.0.1:${(server.address() as AddressInfo).port}/`] } })
    await expect(shelf.ask('catalog search', { query: 'star' })).rejects.toMatchObject({ code: 'CATALOG_UNREACHABLE', name: 'AssetloomError' })
    expect(existsSync(join(shelf.config, 'assetloom/catalogs'))).toBe(false)
    server.close()
  })
})

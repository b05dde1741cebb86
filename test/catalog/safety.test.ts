import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { redirectTarget } from '../../src/core/catalog/redirect.ts'
import { isPrivateHost } from '../../src/core/safe-url.ts'
import { createShelf, rowOf, toolCode, toolItem, usualFiles, type Shelf } from './shelf.ts'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import type { CatalogFault } from '../fakes/catalog/index.ts'
import { gitSha } from '../fakes/catalog/index.ts'

const code = async (work: Promise<unknown>) => work.then(() => 'no error', (error: { code?: string }) => error.code ?? String(error))
const message = async (work: Promise<unknown>) => work.then(() => '', (error: Error) => error.message)
const home = (shelf: Shelf) => join(shelf.config, 'assetloom')
/** Files of assets that were kept: of the cache and the user's library. */
const kept = (shelf: Shelf) =>
  ['assets', 'library'].flatMap((folder) => (existsSync(join(home(shelf), folder)) ? (readdirSync(join(home(shelf), folder), { recursive: true }) as string[]) : []))
const requestsOf = (shelf: Shelf, part: string) => shelf.catalog.requests.filter(({ target }) => target.includes(part)).map(({ target }) => target)

const star = 'images/icons/star'

describe('paths of rows', () => {
  const sha = '0'.repeat(40)
  const hex = '0'.repeat(64)
  const line = (parts: { type?: string; category?: string; name?: string; files?: string }) =>
    `${parts.type ?? 'images'},${parts.category ?? 'icons'},${parts.name ?? 'x'},,,,${sha},1,,,${JSON.stringify(parts.files ?? '').replaceAll('\\\\', '\\').replaceAll('\\u0007', '\u0007')}\n`
  const hostile = [
    '../secret', 'a/../b', '%2e%2e/secret', 'a%2Fb', '%252e%252e', 'a//b', '//evil.example/x', 'a\\b', 'a?x=1', 'a#x', '/etc/passwd', 'a/./b', 'a\u0007b', 'a\u202eb',
    'C:/x', 'con/x', 'a./b', 'a /b', 'x'.repeat(300),
  ]

  it.each(hostile.map((path) => [path]))('%j refuses the row before any request', async (path) => {
    const good = (await usualFiles())['assets/index.csv'] as string
    const [head, ...rest] = good.trimEnd().split('\n')
    const rows = [line({ files: `${path}/f.png:1:${hex}` }), line({ type: path }), line({ category: path }), line({ name: path })]
    const columns = head!.split(',')
    const bad = rows.map((row) => `${row.trimEnd()}${','.repeat(columns.length - 11)}\n`)
    const shelf = await createShelf({ files: { ...(await usualFiles()), 'assets/index.csv': `${head}\n${bad.join('')}${rest.join('\n')}\n` } })
    const found = await shelf.ask('catalog search', { query: 'star' })
    expect(found.catalogs[0]).toMatchObject({ state: 'new', assets: 4 })
    expect(found.catalogs[0].problems.length).toBeGreaterThanOrEqual(3)
    expect(found.results.map(({ ref }: { ref: string }) => ref)).toEqual([star])
    expect(await code(shelf.ask('add', { query: 'images/icons/x' }))).toBe('CATALOG_NOTHING_FOUND')
    expect(shelf.catalog.requests.map(({ target }) => target).filter((target) => !/^\/repos\/acme\/assets\/commits\/main$|^\/acme\/assets\/[0-9a-f]{40}\/assets\/index\.csv$/.test(target))).toEqual([])
  })
})

describe('what a server gives in place of a file', () => {
  const faults: [string, CatalogFault, string, RegExp][] = [
    ['a page of HTML', 'html', 'CATALOG_ASSET_REFUSED', /HTML/],
    ['a Git LFS pointer', 'lfs-pointer', 'CATALOG_ASSET_REFUSED', /LFS/],
    ['nothing', 'empty', 'CATALOG_ASSET_REFUSED', /digest/],
    ['half of it', 'truncated', 'CATALOG_REQUEST_FAILED', /did not give/],
    ['one other byte', 'flipped', 'CATALOG_ASSET_REFUSED', /digest/],
    ['a broken connection', 'cut', 'CATALOG_REQUEST_FAILED', /did not give/],
    ['no end of bytes', 'endless', 'CATALOG_REQUEST_FAILED', /larger than 5242880/],
    ['a 500', { status: 500 }, 'CATALOG_REQUEST_FAILED', /500/],
    ['a 404', { status: 404 }, 'CATALOG_REQUEST_FAILED', /404/],
    ['a 401', { status: 401 }, 'CATALOG_REQUEST_FAILED', /401/],
    ['a wait of an hour', { status: 429, headers: { 'retry-after': '3600' } }, 'CATALOG_REQUEST_FAILED', /asks to wait 3600 s/],
  ]
  it.each(faults)('%s is refused and leaves nothing', async (_what, fault, expected, says) => {
    const shelf = await createShelf()
    shelf.catalog.faults.push({ on: /star\.png/, fault })
    const work = shelf.ask('add', { query: star, local: true })
    expect(await message(work)).toMatch(says)
    expect(await code(work)).toBe(expected)
    expect(kept(shelf)).toEqual([])
    expect(existsSync(shelf.path('assets/images'))).toBe(false)
    // And all is well afterwards.
    expect((await shelf.ask('add', { query: star, local: true })).assets[0].state).toBe('added')
  })

  it('the index keeps the LFS pointer that the repository holds: it is refused all the same', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`
    const shelf = await createShelf({ files: { 'assets/index.csv': formatIndex([rowOf(star, pointer, { extension: 'png' })]), 'assets/images/icons/star.png': pointer } })
    expect(await message(shelf.ask('add', { query: star }))).toMatch(/LFS/)
  })

  it('a file over 5 MiB is not asked for', async () => {
    const big = new Uint8Array(5 * 1024 * 1024 + 1)
    const shelf = await createShelf({ files: { 'assets/index.csv': formatIndex([rowOf(star, big, { extension: 'png' })]), 'assets/images/icons/star.png': big } })
    expect(await code(shelf.ask('add', { query: star }))).toBe('CATALOG_ASSET_REFUSED')
    expect(requestsOf(shelf, 'star.png')).toEqual([])
  })

  it('what has the right digest and is none of its kind is refused', async () => {
    const item = 'entry: shout.ts\nunknown: field\n'
    const row = rowOf('tools/generators/shout', item, { others: { 'assets/tools/generators/shout.ts': toolCode } })
    const shelf = await createShelf({ files: { 'assets/index.csv': formatIndex([row]), 'assets/tools/generators/shout.asset.yaml': item, 'assets/tools/generators/shout.ts': toolCode } })
    expect(await code(shelf.ask('add', { query: 'shout' }, { confirm: async () => true }))).toBe('CATALOG_ASSET_NOT_SOUND')
    expect(kept(shelf)).toEqual([])
  })

  it('a content file that is not what files says is refused, though the first file is', async () => {
    const files = { ...(await usualFiles()), 'assets/tools/generators/shout.ts': 'export const execute = () => process.exit(1)\n' }
    const shelf = await createShelf({ files })
    expect(await code(shelf.ask('add', { query: 'shout' }, { confirm: async () => true }))).toBe('CATALOG_ASSET_REFUSED')
    expect(kept(shelf)).toEqual([])
  })

  it('one polite wait, then it goes on', async () => {
    const shelf = await createShelf()
    shelf.catalog.faults.push({ on: /star\.png/, fault: { status: 403, headers: { 'retry-after': '1' } } })
    expect((await shelf.ask('add', { query: star })).assets[0].state).toBe('added')
    expect(requestsOf(shelf, 'star.png')).toHaveLength(2)
    shelf.catalog.faults.push({ on: /shout\.ts/, fault: { status: 429, headers: { 'retry-after': '1' } }, times: 2 })
    expect(await code(shelf.ask('add', { query: 'shout' }, { confirm: async () => true }))).toBe('CATALOG_REQUEST_FAILED')
    expect(requestsOf(shelf, 'shout.ts')).toHaveLength(2)
  })
})

describe('redirects', () => {
  const commit = (shelf: Shelf) => shelf.catalog.repository.resolve('main')!
  const stranger = async () => {
    const asked: string[] = []
    const server = createServer((socket) => socket.on('data', (data) => asked.push(data.toString()) && socket.end()))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return { asked, port: (server.address() as AddressInfo).port, close: () => server.close() }
  }

  it('under the same commit are followed', async () => {
    const shelf = await createShelf()
    shelf.catalog.faults.push({ on: /star\.png/, fault: { redirect: `/acme/assets/${commit(shelf)}/assets/images/icons/star.png?token=1` } })
    expect((await shelf.ask('add', { query: star })).assets[0].state).toBe('added')
  })

  it('to another host are refused, and nothing is asked there', async () => {
    const other = await stranger()
    const shelf = await createShelf({ token: 'canary-token-000111' })
    for (const redirect of [`http://127.0.0.1:${other.port}/acme/assets/x`, `//127.0.0.1:${other.port}/x`, `http://localhost:${other.port}/x`, `http://[::1]:${other.port}/x`, 'https://example.com/x', 'http://169.254.169.254/latest/meta-data', 'file:///etc/passwd', 'ftp://example.com/x']) {
      shelf.catalog.faults.push({ on: /star\.png/, fault: { redirect } })
      const work = shelf.ask('add', { query: star })
      expect(await message(work)).toMatch(/redirects to/)
      expect(await message(work)).not.toContain('canary')
    }
    expect(other.asked).toEqual([])
    expect(kept(shelf)).toEqual([])
    other.close()
  })

  it.each([
    '/acme/other/main/x', '/acme/assets/main/assets/images/icons/star.png', '/evil/assets/x', '/acme/assets/SHA/../../other/x', '/acme/assets/SHA/%2e%2e/%2e%2e/x',
    '/acme/assets/SHA/..%2f..%2fx', '/acme\\assets/x', '/repos/acme/assets/commits/main', '', ' /acme/assets/SHA/x', '/acme/assets/SHAx/y', 'http://user:pass@127.0.0.1/x',
  ])('to %j are refused', async (to) => {
    const shelf = await createShelf()
    shelf.catalog.faults.push({ on: /star\.png/, fault: { redirect: to.replace('SHA', commit(shelf)) } })
    expect(await code(shelf.ask('add', { query: star }))).toBe('CATALOG_REQUEST_FAILED')
    expect(kept(shelf)).toEqual([])
    expect(requestsOf(shelf, 'star.png')).toHaveLength(1)
  })

  it('without end are refused', async () => {
    const shelf = await createShelf()
    shelf.catalog.faults.push({ on: /star\.png/, fault: { redirect: `/acme/assets/${commit(shelf)}/assets/images/icons/star.png` }, times: 20 })
    expect(await message(shelf.ask('add', { query: star }))).toMatch(/more than 3 times/)
  })

  it('of a public catalog lead to no private address', () => {
    const from = 'https://raw.githubusercontent.com/acme/assets/abc/x'
    const under = '/acme/assets/abc/'
    const why = (location: string) => (redirectTarget({ from, location, under }) as { why?: string }).why
    for (const host of ['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '0.0.0.0', '[::1]', '[fd00::1]', '[fe80::1]', '[::ffff:127.0.0.1]', 'localhost', 'printer.local', 'x.internal', '2130706433', '0x7f.1', '127.1'])
      expect(why(`https://${host}/acme/assets/abc/x`)).toMatch(/private network/)
    expect(why('https://evil.example/acme/assets/abc/x')).toMatch(/another host/)
    expect(why('http://raw.githubusercontent.com/acme/assets/abc/x')).toMatch(/another host|not used/)
    expect(redirectTarget({ from, location: 'y', under })).toEqual({ url: 'https://raw.githubusercontent.com/acme/assets/abc/y' })
    for (const host of ['example.com', '8.8.8.8', '172.32.0.1', '[2606:4700::1]', '11.0.0.1']) expect(isPrivateHost(host)).toBe(false)
  })
})

describe('tokens', () => {
  const token = 'canary-catalog-token-7711'

  it('go to their own repository and stand nowhere afterwards', async () => {
    const shelf = await createShelf({ token })
    expect((await shelf.ask('add', { query: star, local: true })).assets[0].state).toBe('added')
    expect(shelf.catalog.requests.every(({ headers, target }) => headers.authorization === `Bearer ${token}` && /^\/(?:repos\/)?acme\/assets\//.test(target))).toBe(true)
    shelf.catalog.faults.push({ on: /index\.csv/, fault: { status: 500, body: token } })
    const answer = JSON.stringify(await shelf.ask('catalog search', { query: 'star' }))
    const written = [...everyFile(shelf.root), ...everyFile(shelf.config)].map((file) => readFileSync(file, 'latin1')).join('')
    expect(answer + written).not.toContain(token)
  })

  it('of one catalog are not sent to another, nor without one', async () => {
    const [one, two] = [await createShelf({ token }), await createShelf()]
    const sources = [{ ...one.catalog.source, name: 'one' }, { ...two.catalog.source, name: 'two' }]
    await one.ask('catalog search', { query: 'star' }, {}, { catalog: { sources } })
    expect(two.catalog.requests.length).toBeGreaterThan(0)
    expect(two.catalog.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true)
  })

  it('a private catalog without its token says that it may need one', async () => {
    const shelf = await createShelf({ token })
    const { token: _token, ...source } = shelf.catalog.source
    const work = shelf.ask('catalog search', { query: 'star' }, {}, { catalog: { sources: [source as never] } })
    expect(await code(work)).toBe('CATALOG_UNREACHABLE')
    expect(await message(work)).toMatch(/404/)
  })
})

const everyFile = (folder: string) =>
  (readdirSync(folder, { recursive: true, withFileTypes: true }) as { isFile(): boolean; parentPath: string; name: string }[]).filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))

describe('one operation sees one commit', () => {
  it('when the branch moves between index and file', async () => {
    const shelf = await createShelf()
    const old = shelf.catalog.repository.resolve('main')!
    const files = await usualFiles()
    const next = { ...files, 'assets/tools/generators/shout.ts': 'export const execute = () => "new"\n' }
    shelf.catalog.onRequest = (target) => {
      if (target.includes('index.csv')) shelf.catalog.repository.commit(next)
    }
    const { assets } = await shelf.ask('add', { query: 'shout', local: true }, { confirm: async () => true })
    expect(assets[0].revision).toBe(old)
    expect(shelf.read('assets/library/tools/generators/shout.ts').toString()).toBe(toolCode)
    expect(new Set(requestsOf(shelf, '/acme/assets/').filter((target) => !target.startsWith('/repos')).map((target) => target.split('/')[3]))).toEqual(new Set([old]))
    expect(requestsOf(shelf, '/commits/')).toHaveLength(1)
  })
})

describe('files of the user', () => {
  it('are never written over', async () => {
    const shelf = await createShelf()
    const own = join(home(shelf), 'library/images/icons/star.png')
    mkdirSync(join(own, '..'), { recursive: true })
    writeFileSync(own, 'mine')
    expect(await code(shelf.ask('add', { query: star }))).toBe('CATALOG_PLACE_TAKEN')
    expect(readFileSync(own, 'utf8')).toBe('mine')
    shelf.write('assets/images/icons/star.png', 'mine, too')
    expect(await code(shelf.ask('add', { query: star, local: true }))).toBe('CATALOG_PROJECT_TAKEN')
    expect(shelf.read('assets/images/icons/star.png').toString()).toBe('mine, too')
  })

  it('links that lead out of the cache are not followed', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: 'forest' })
    mkdirSync(join(shelf.root, 'elsewhere'))
    symlinkSync(join(shelf.root, 'elsewhere'), shelf.cached('images'))
    expect(await code(shelf.ask('add', { query: star }))).toBe('PATH_OUTSIDE')
    expect(readdirSync(join(shelf.root, 'elsewhere'))).toEqual([])
  })
})

describe('code', () => {
  it('needs consent once per digest', async () => {
    const shelf = await createShelf()
    const asked: string[] = []
    const confirm = (answer: boolean) => async (_question: string, _preset: string, shown = '') => {
      asked.push(shown)
      return answer
    }
    expect(await code(shelf.ask('add', { query: 'shout' }, { confirm: confirm(false) }))).toBe('CONSENT_MISSING')
    expect(asked[0]).toContain('text.toUpperCase()')
    expect(kept(shelf)).toEqual([])
    expect((await shelf.ask('add', { query: 'shout' }, { confirm: confirm(true) })).assets[0]).toMatchObject({ state: 'added', code: ['shout.ts'] })
    expect(asked).toHaveLength(2)
    await shelf.ask('add', { query: 'shout', local: true }, { confirm: confirm(false) })
    expect(asked).toHaveLength(2)

    const other = toolCode.replace('toUpperCase', 'toLowerCase')
    const row = rowOf('tools/generators/shout', toolItem, { others: { 'assets/tools/generators/shout.ts': other } })
    shelf.catalog.repository.commit({ ...(await usualFiles()), 'assets/index.csv': formatIndex([row]), 'assets/tools/generators/shout.ts': other })
    rmSync(join(home(shelf), 'library'), { recursive: true })
    expect(await code(shelf.ask('add', { query: 'shout' }, { confirm: confirm(false) }))).toBe('CONSENT_MISSING')
    expect(asked[2]).toContain('toLowerCase')
  })

  it('is shown by a dry run, which keeps nothing', async () => {
    const shelf = await createShelf()
    const { assets } = await shelf.ask('add', { query: 'shout', local: true, dryRun: true, diff: true })
    expect(assets[0]).toMatchObject({ state: 'planned', code: ['shout.ts'], diff: expect.stringContaining('+  return { text: text.toUpperCase() }') })
    expect(kept(shelf)).toEqual([])
    expect(existsSync(shelf.path('assets/library'))).toBe(false)
  })
})

describe('8 downloads at once', () => {
  it('and no more', async () => {
    const others = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`assets/docs/a/b-${i}.md`, `text ${i}\n`]))
    const row = rowOf('docs/a/b', 'main\n', { extension: 'md', others })
    const shelf = await createShelf({ files: { 'assets/index.csv': formatIndex([row]), 'assets/docs/a/b.md': 'main\n', ...others } })
    const sha = shelf.catalog.repository.resolve('main')!
    // Each request is held until no further one comes.
    shelf.catalog.hold = /docs/
    const work = shelf.ask('add', { query: 'docs/a/b', local: true })
    await expect.poll(() => shelf.catalog.held(), { timeout: 10_000 }).toBe(8)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(shelf.catalog.held()).toBe(8)
    shelf.catalog.release()
    expect((await work).assets[0].files).toHaveLength(31)
    expect(requestsOf(shelf, `${sha}/assets/docs`)).toHaveLength(31)
    expect(shelf.manifest().assets['docs/a/b']).toMatchObject({ kind: 'text', files: expect.arrayContaining([expect.objectContaining({ file: 'assets/docs/a/b-7.md' })]) })
    expect(gitSha(shelf.read('assets/docs/a/b.md'))).toBe(row.sha)
  })
})

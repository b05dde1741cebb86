import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { openWorkspace } from '../../src/workspace.ts'
import type { CatalogFault } from '../fakes/catalog/index.ts'
import { createShelf, palette, promptText, rowOf, told, usualFiles, type Shelf } from './shelf.ts'

const message = async (work: Promise<unknown>) => work.then(() => '', (error: Error) => error.message)
const targets = (shelf: Shelf) => shelf.catalog.requests.map(({ target, status }) => `${status} ${target.replace(/[0-9a-f]{40}/, 'SHA')}`)
const lastIndex = (shelf: Shelf) => {
  const folder = join(shelf.config, 'assetloom/catalogs')
  return join(folder, readdirSync(folder)[0]!)
}

describe('the index', () => {
  it('is asked for at every search, conditionally', async () => {
    const shelf = await createShelf()
    expect((await shelf.ask('catalog search', { query: 'star' })).catalogs[0].state).toBe('new')
    expect((await shelf.ask('catalog search', { query: 'star' })).catalogs[0].state).toBe('unchanged')
    expect(targets(shelf)).toEqual([
      '200 /repos/acme/assets/commits/main', '200 /acme/assets/SHA/assets/index.csv', '304 /repos/acme/assets/commits/main', '304 /acme/assets/SHA/assets/index.csv',
    ])
    const files = await usualFiles()
    shelf.catalog.repository.commit({ ...files, 'assets/index.csv': formatIndex([rowOf('ai-prompts/code/commit-message', promptText, { description: 'starry' })]) })
    const { results, catalogs } = await shelf.ask('catalog search', { query: 'star' })
    expect(catalogs[0]).toMatchObject({ state: 'new', assets: 1, revision: shelf.catalog.repository.resolve('main') })
    expect(results).toHaveLength(1)
  })

  it('of a new commit with the same index is that of the new commit', async () => {
    const shelf = await createShelf()
    await shelf.ask('catalog search', { query: 'star' })
    const next = shelf.catalog.repository.commit({ ...(await usualFiles()), 'README.md': 'new' })
    expect((await shelf.ask('catalog search', { query: 'star' })).catalogs[0]).toMatchObject({ state: 'unchanged', revision: next })
    await shelf.catalog.close()
    expect((await shelf.ask('catalog search', { query: 'star' })).catalogs[0]).toMatchObject({ state: 'last-good', revision: next })
  })

  it('is asked for anew by every operation of a workspace that lives long, and once in each', async () => {
    const shelf = await createShelf()
    const workspace = await openWorkspace({ root: shelf.root, options: shelf.options, env: shelf.env })
    const catalogs = await workspace.catalogs()
    const first = new AbortController().signal
    const [one, two] = await Promise.all([catalogs.search('star', 5, first), catalogs.named('star', first)])
    expect([one.hits.length, two.hits.length, targets(shelf).length]).toEqual([1, 1, 2])
    shelf.catalog.repository.commit({ ...(await usualFiles()), 'assets/index.csv': formatIndex([]) })
    expect((await catalogs.search('star', 5, first)).hits).toHaveLength(1)
    expect((await catalogs.search('star', 5, new AbortController().signal)).hits).toHaveLength(0)
    await workspace.close()
  })

  it('that was damaged on the disk is fetched anew', async () => {
    const shelf = await createShelf()
    await shelf.ask('catalog search', { query: 'star' })
    const file = lastIndex(shelf)
    writeFileSync(file, readFileSync(file, 'utf8').replace('A star', 'A stare'))
    expect((await shelf.ask('catalog search', { query: 'star' })).results[0].description).toBe('A star')
    expect(targets(shelf).at(-1)).toMatch(/^200/)
  })

  it('is the last good one with its age when the catalog does not answer', async () => {
    const shelf = await createShelf()
    await shelf.ask('catalog search', { query: 'star' })
    const threeDaysAgo = new Date(Date.now() - 3 * 86_400_000 - 60_000)
    utimesSync(lastIndex(shelf), threeDaysAgo, threeDaysAgo)
    await shelf.catalog.close()
    const { results, catalogs } = await shelf.ask('catalog search', { query: 'star' })
    expect(results[0].ref).toBe('images/icons/star')
    expect(catalogs[0]).toMatchObject({ state: 'last-good' })
    expect(Math.round(catalogs[0].ageMs / 86_400_000)).toBe(3)
    expect(await told(shelf, 'catalog search', { query: 'star' })).toContain('using the last good one, 3 days old (4 assets)')
  })

  it.each<[string, RegExp, CatalogFault]>([
    ['a limit of the API', /commits/, { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3000) } }],
    ['429 with a long wait', /index\.csv/, { status: 429, headers: { 'retry-after': '600' } }],
    ['a 503', /index\.csv/, { status: 503 }],
    ['half an index', /index\.csv/, 'truncated'],
    ['a repository that is gone', /commits/, { status: 404 }],
    ['a redirect of the API', /commits/, { redirect: '/repositories/12345/commits/other', status: 301 }],
    ['JSON that is none', /commits/, 'html'],
  ])('is the last good one after %s', async (_what, on, fault) => {
    const shelf = await createShelf()
    await shelf.ask('catalog search', { query: 'star' })
    shelf.catalog.repository.commit({ ...(await usualFiles()), 'assets/index.csv': formatIndex([]), 'README.md': 'x' })
    shelf.catalog.faults.push({ on, fault, times: 2 })
    const { results, catalogs } = await shelf.ask('catalog search', { query: 'star' })
    expect({ state: catalogs[0].state, found: results.length }).toEqual({ state: 'last-good', found: 1 })
    expect(catalogs[0].why).toMatch(/acme did not give/)
  })

  it.each<[string, string | Uint8Array | CatalogFault]>([
    ['missing', { status: 404 }],
    ['a page of HTML', 'html'],
    ['a Git LFS pointer', 'lfs-pointer'],
    ['empty', 'empty'],
    ['too large', 'endless'],
  ])('that is %s gives way to the listing of files', async (_what, fault) => {
    const shelf = await createShelf()
    shelf.catalog.faults.push({ on: /index\.csv/, fault: fault as CatalogFault })
    const { results, catalogs } = await shelf.ask('catalog search', { query: 'commit' })
    expect(results).toEqual([expect.objectContaining({ ref: 'ai-prompts/code/commit-message', description: '', hasMetadata: false })])
    expect(catalogs[0].state).toBe('listing')
    // A listing is no index: the next search asks again.
    expect((await shelf.ask('catalog search', { query: 'commit' })).catalogs[0].state).toBe('new')
  })

  it.each([
    ['a header with a column twice', 'type,type,category,name,description,tags,bin,sha,size,created,updated\n', /"type" twice/],
    ['a header without sha', 'type,category,name,description,tags,bin,size,created,updated\n', /no column sha/],
    ['no UTF-8', new Uint8Array([0x74, 0xff, 0xfe, 0x0a]), /UTF-8/],
  ])('with %s is refused, and the listing takes its place', async (_what, index, why) => {
    const shelf = await createShelf({ files: { ...(await usualFiles()), 'assets/index.csv': index } })
    const { catalogs } = await shelf.ask('catalog search', { query: 'star' })
    expect(catalogs[0]).toMatchObject({ state: 'listing', why: expect.stringMatching(why) })
  })

  it('may have a BOM, other line ends, columns in any order and columns of others', async () => {
    const text = (await usualFiles())['assets/index.csv'] as string
    const lines = text.trimEnd().split('\n').map((line, i) => `${i === 0 ? 'rating' : '5'},${line}\r\n`)
    const shelf = await createShelf({ files: { ...(await usualFiles()), 'assets/index.csv': `\ufeff${lines.join('')}` } })
    expect((await shelf.ask('catalog search', { query: 'star' })).catalogs[0]).toMatchObject({ state: 'new', assets: 4, problems: [] })
  })

  it('with bad rows keeps the good ones, and says which are bad', async () => {
    const text = (await usualFiles())['assets/index.csv'] as string
    const [head, first, ...rest] = text.trimEnd().split('\n') as [string, string, ...string[]]
    const bad = [first.replace(/[0-9a-f]{40}/, 'nothex'), first.replace(/,forest,/, ',FOREST,'), first, 'too,few', first.replace(/,\d+,2026/, ',many,2026').replace('forest', 'wood')]
    const shelf = await createShelf({ files: { ...(await usualFiles()), 'assets/index.csv': `${[head, first, ...bad, ...rest].join('\n')}\n` } })
    const { catalogs, results } = await shelf.ask('catalog search', { query: 'star' })
    expect(results).toHaveLength(1)
    expect(catalogs[0].problems.map(({ line }: { line: number }) => line)).toEqual([3, 4, 5, 6, 7])
    expect(await told(shelf, 'catalog search', { query: 'star' })).toContain('⚠ Line 3 of the index is left out: sha is not the 40 hex digits')
  })

  it('of a catalog that was never read is an error that says what still works', async () => {
    const shelf = await createShelf()
    await shelf.catalog.close()
    const work = shelf.ask('catalog search', { query: 'star' })
    await expect(work).rejects.toMatchObject({ code: 'CATALOG_UNREACHABLE', hint: expect.stringContaining('Assets of the project work without it') })
  })
})

describe('a listing', () => {
  it('that GitHub cut short says so, and the last good index is better', async () => {
    const shelf = await createShelf()
    const cutShort = () => shelf.catalog.faults.push({ on: /index\.csv/, fault: { status: 404 } }, { on: /git\/trees/, fault: 'half-listing' })
    cutShort()
    const { catalogs } = await shelf.ask('catalog search', { query: 'o' })
    expect(catalogs[0]).toMatchObject({ state: 'listing', isPartial: true })
    expect(catalogs[0].assets).toBeLessThan(4)
    cutShort()
    expect(await told(shelf, 'catalog search', { query: 'o' })).toContain('The listing was cut short by the server')
    await shelf.ask('catalog search', { query: 'o' })
    cutShort()
    expect((await shelf.ask('catalog search', { query: 'o' })).catalogs[0]).toMatchObject({ state: 'last-good', assets: 4 })
  })


  it('is enough to add an asset, whose digest is that of the listing', async () => {
    const files = await usualFiles()
    delete files['assets/index.csv']
    const shelf = await createShelf({ files })
    expect((await shelf.ask('add', { query: 'forest', local: true })).assets[0].state).toBe('added')
    expect(shelf.read('assets/library/design-tokens/colors/forest.asset.yaml').toString()).toBe(palette)
    await shelf.ask('add', { query: 'shout', local: true }, { confirm: async () => true })
    expect(existsSync(shelf.path('assets/library/tools/generators/shout.ts'))).toBe(true)
    shelf.catalog.faults.push({ on: /star\.png/, fault: 'flipped' })
    expect(await message(shelf.ask('add', { query: 'star' }))).toMatch(/digest/)
  })
})

describe('after first use', () => {
  it('everything works without the network, from the first byte', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: 'forest' })
    await shelf.ask('add', { query: 'star' })
    await shelf.catalog.close()
    const before = shelf.catalog.requests.length
    expect((await shelf.ask('catalog search', { query: 'green' })).results[0].ref).toBe('design-tokens/colors/forest')
    expect((await shelf.ask('add', { query: 'forest', local: true })).assets[0].state).toBe('added')
    expect((await shelf.ask('which', { name: 'star' })).layer).toBe('global')
    expect(shelf.catalog.requests).toHaveLength(before)
  })

  it('a cached asset can be added though even the index is gone', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: 'images/icons/star' })
    writeFileSync(lastIndex(shelf), 'damaged')
    await shelf.catalog.close()
    expect((await shelf.ask('add', { query: 'images/icons/star', local: true })).assets[0].state).toBe('added')
  })

  it('a cached file that was changed is not taken, but fetched again', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: 'forest' })
    const cached = shelf.cached('design-tokens/colors/forest.asset.yaml')
    writeFileSync(cached, readFileSync(cached, 'utf8').replace('228833', '228834'))
    await shelf.ask('add', { query: 'forest', local: true })
    expect(shelf.read('assets/library/design-tokens/colors/forest.asset.yaml').toString()).toBe(palette)
    expect(readFileSync(cached, 'utf8')).toBe(palette)
  })
})

describe('other sorts of catalogs', () => {
  it('a web site: conditional, too, and its redirects stay under the address', async () => {
    const shelf = await createShelf()
    const options = { catalog: [shelf.catalog.staticURL] }
    const add = (query: string) => shelf.ask('add', { query, local: true }, {}, options)
    expect((await add('forest')).assets[0]).toMatchObject({ state: 'added', catalog: expect.stringContaining('127.0.0.1') })
    shelf.catalog.faults.push({ on: /star\.png/, fault: { redirect: '/acme/x' } })
    expect(await message(add('star'))).toMatch(/does not lie under \/site\//)
    expect(targets(shelf).slice(0, 4)).toEqual(['200 /site/assets/index.csv', '200 /site/assets/design-tokens/colors/forest.asset.yaml', '304 /site/assets/index.csv', '302 /site/assets/images/icons/star.png'])
  })

  it('a web site whose index names no files', async () => {
    const files = await usualFiles()
    const bare = (ref: string, content: string) => ({ ...rowOf(ref, content), files: [] })
    const shelf = await createShelf({ files: { ...files, 'assets/index.csv': formatIndex([bare('design-tokens/colors/forest', palette), bare('ai-prompts/code/commit-message', 'other')]) } })
    const options = { catalog: [shelf.catalog.staticURL] }
    expect((await shelf.ask('add', { query: 'forest', local: true }, {}, options)).assets[0].state).toBe('added')
    await expect(shelf.ask('add', { query: 'commit-message' }, {}, options)).rejects.toMatchObject({ code: 'CATALOG_ASSET_REFUSED' })
  })

  it('a folder, relative to the project', async () => {
    const shelf = await createShelf()
    for (const [path, content] of Object.entries(await usualFiles())) shelf.write(`shared/${path}`, content)
    const options = { catalog: ['file:./shared'] }
    expect((await shelf.ask('add', { query: 'star', local: true }, {}, options)).assets[0].state).toBe('added')
    expect(shelf.catalog.requests).toEqual([])
    await expect(shelf.ask('catalog search', { query: 'x' }, {}, { catalog: ['file:../nowhere'] })).rejects.toMatchObject({ code: 'CATALOG_UNREACHABLE' })
  })

  it('folders that two projects call alike are two catalogs', async () => {
    const [one, two] = [await createShelf(), await createShelf()]
    for (const [path, content] of Object.entries(await usualFiles())) one.write(`shared/${path}`, content)
    const options = { catalog: ['file:./shared'] }
    await one.ask('catalog search', { query: 'star' }, {}, options)
    const workspace = await openWorkspace({ root: two.root, options: { logLevel: 'silent', ...options }, env: one.env })
    await expect((await workspace.catalogs()).all()[0]!.index(new AbortController().signal)).rejects.toMatchObject({ code: 'CATALOG_UNREACHABLE' })
    await workspace.close()
  })

  it('several, in the order of the options: the first that has a ref gives it', async () => {
    const [one, two] = [await createShelf(), await createShelf()]
    const other = palette.replace('228833', '000000')
    two.catalog.repository.commit({ 'assets/index.csv': formatIndex([rowOf('design-tokens/colors/forest', other), rowOf('design-tokens/colors/sea', other, { description: 'Blues' })]), 'assets/design-tokens/colors/forest.asset.yaml': other, 'assets/design-tokens/colors/sea.asset.yaml': other })
    const sources = [{ ...one.catalog.source, name: 'one' }, { ...two.catalog.source, name: 'two' }]
    const ask = (query: string) => one.ask('add', { query, local: true }, {}, { catalog: { sources } })
    expect((await ask('forest')).assets[0].catalog).toBe('one')
    expect((await ask('sea')).assets[0].catalog).toBe('two')
    await one.catalog.close()
    expect((await one.ask('catalog search', { query: 'forest' }, {}, { catalog: { sources } })).catalogs.map(({ state }: { state: string }) => state)).toEqual(['last-good', 'unchanged'])
  })
})

describe('dependencies', () => {
  it('come with what needs them, and what nobody has is told', async () => {
    const needs = (name: string, dependencies: Record<string, string>) => {
      const text = `name: ${name}\nversion: "1.0.0"\ndependencies: ${JSON.stringify(dependencies)}\nprompt: hello\n`
      return { text, row: rowOf(`ai-prompts/code/${name}`, text, { dependencies }) }
    }
    const a = needs('a', { 'ai-prompts/code/b': '^1.0.0', 'ai-prompts/code/gone': '*' })
    const b = needs('b', { 'design-tokens/colors/forest': '^1.0.0', 'ai-prompts/code/a': '*' })
    const shelf = await createShelf({
      files: {
        ...(await usualFiles()), 'assets/index.csv': formatIndex([a.row, b.row, rowOf('design-tokens/colors/forest', palette)]),
        'assets/ai-prompts/code/a.asset.yaml': a.text, 'assets/ai-prompts/code/b.asset.yaml': b.text,
      },
    })
    const { assets, missing } = await shelf.ask('add', { query: 'ai-prompts/code/a', local: true })
    expect(assets.map(({ ref }: { ref: string }) => ref)).toEqual(['design-tokens/colors/forest', 'ai-prompts/code/b', 'ai-prompts/code/a'])
    expect(missing).toEqual([{ ref: 'ai-prompts/code/a', needs: 'ai-prompts/code/gone', range: '*', has: [] }])
  })
})

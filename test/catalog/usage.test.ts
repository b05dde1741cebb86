/* eslint-disable no-control-regex -- control characters are what is looked for */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { filesOfFolder } from '../fakes/catalog/index.ts'
import { startCli } from '../operations/project.ts'
import { createShelf, rowOf, toolCode, toolItem, type Shelf } from './shelf.ts'

/* What a person does with a catalog, through the command line, with what it says. */

const text = (name: string) => `name: ${name}\nversion: "1.0.0"\nprompt: "About ${name}"\n`
const entries: [string, string, string[]][] = [
  ['ai-prompts/code/commit-message', 'Generate conventional commit message', ['git', 'commit', 'conventional']],
  ['ai-prompts/code/pre-commit-review', 'Review staged changes before committing', ['git', 'review', 'quality', 'pre-commit']],
  ['ai-prompts/content/post-commit-hook', 'Post-commit validation workflow', ['git', 'commit', 'hooks', 'validation']],
  ['ai-prompts/content/haiku', 'Seventeen syllables', ['poem']],
]
const files = {
  'assets/index.csv': formatIndex(entries.map(([ref, description, tags]) => rowOf(ref, text(ref), { description, tags, version: '1.0.0' }))),
  ...Object.fromEntries(entries.map(([ref]) => [`assets/${ref}.asset.yaml`, text(ref)])),
}

async function shelfWithConfig(): Promise<Shelf & { cli(...args: string[]): ReturnType<typeof startCli>['done'] }> {
  const shelf = await createShelf({ files })
  shelf.write('assetloom.config.mjs', `export default ${JSON.stringify({ ...shelf.options, logLevel: 'info', constants: false })}\n`)
  return { ...shelf, cli: (...args) => startCli(shelf, args, shelf.env).done }
}

describe('on the command line', () => {
  it('search tells what the index says of every match', async () => {
    const { cli } = await shelfWithConfig()
    expect(await cli('catalog', 'search', 'commit')).toEqual({
      code: 0, signal: null, stderr: '',
      stdout: [
        '✓ Loaded index (4 assets)', '', 'Found 3 matches:', '',
        'ai-prompts/code/commit-message', '  Description: Generate conventional commit message', '  Tags: git, commit, conventional', '',
        'ai-prompts/code/pre-commit-review', '  Description: Review staged changes before committing', '  Tags: git, review, quality, pre-commit', '',
        'ai-prompts/content/post-commit-hook', '  Description: Post-commit validation workflow', '  Tags: git, commit, hooks, validation', '',
      ].join('\n'),
    })
  })

  it('search without an index has the names', async () => {
    const { cli, catalog } = await shelfWithConfig()
    catalog.faults.push({ on: /index\.csv/, fault: { status: 404 } })
    const { stdout } = await cli('catalog', 'search', 'commit')
    expect(stdout).toContain('⚠ Index unavailable, using directory listing (limited metadata)')
    expect(stdout).toContain('Found 3 matches:\n\nai-prompts/code/commit-message\n  (Metadata unavailable - not in index)\n')
  })

  it('info shows an asset before it is added', async () => {
    const { cli, catalog } = await shelfWithConfig()
    const { stdout } = await cli('info', 'pre-commit-review')
    expect(stdout).toMatch(/^ai-prompts\/code\/pre-commit-review\n {2}found in {4}catalog acme\n {2}description Review staged changes before committing\n {2}tags {8}git, review, quality, pre-commit\n/)
    expect(catalog.requests.some(({ target }) => target.endsWith('.asset.yaml'))).toBe(false)
  })

  it('add searches, and several matches are named where nobody can choose', async () => {
    const { cli, cached } = await shelfWithConfig()
    const several = await cli('add', 'commit')
    expect(several.code).toBe(2)
    expect(several.stderr).toContain('3 assets fit "commit": ai-prompts/code/commit-message, ')
    const one = await cli('add', 'pre-commit')
    expect(one.stdout).toContain('✓ Added ai-prompts/code/pre-commit-review to your library\n')
    expect(existsSync(cached('ai-prompts/code/pre-commit-review.asset.yaml'))).toBe(true)
    expect((await cli('which', 'pre-commit-review')).stdout).toContain('ai-prompts/code/pre-commit-review  your library (from acme)')
  })

  it('update tells what became of all, or of those with a word, from which version to which', async () => {
    const shelf = await shelfWithConfig()
    for (const name of ['pre-commit-review', 'haiku']) await shelf.cli('add', name)
    const [ref] = entries[1]!
    const newer = text(ref).replace('1.0.0', '1.1.0')
    const rows = entries.map(([one, description, tags]) => rowOf(one, one === ref ? newer : text(one), { description, tags, version: one === ref ? '1.1.0' : '1.0.0' }))
    shelf.catalog.repository.commit({ ...files, 'assets/index.csv': formatIndex(rows), [`assets/${ref}.asset.yaml`]: newer })
    const haiku = 'ai-prompts/content/haiku'
    const before = [`! outdated  ${ref} 1.0.0 → 1.1.0  (your library, from acme)`, `! outdated  ${ref} 1.0.0 → 1.1.0  (cache, from acme)`]
    const [inLibrary, inCache] = [`· current   ${haiku}  (your library, from acme)`, `· current   ${haiku}  (cache, from acme)`]
    const stdout = async (...args: string[]) => (await shelf.cli('catalog', 'update', ...args)).stdout.split('\n')
    expect(await stdout()).toEqual(['✓ Loaded index (4 assets)', before[0], inLibrary, before[1], inCache, '2 would be brought up to date: --apply does it.', ''])
    expect((await shelf.cli('outdated')).stdout.split('\n')).toEqual(['✓ Loaded index (4 assets)', ...before, ''])
    expect(await stdout('haiku', '--apply')).toEqual(['✓ Loaded index (4 assets)', inLibrary, inCache, ''])
    expect(await stdout('code', '--apply')).toEqual([
      '✓ Loaded index (4 assets)', `✓ updated   ${ref} 1.0.0 → 1.1.0  (your library, from acme)`, `✓ updated   ${ref} 1.0.0 → 1.1.0  (cache, from acme)`, '✓ 2 brought up to date.', '',
    ])
    expect((await shelf.cli('outdated')).stdout).toBe('✓ Loaded index (4 assets)\n✓ All is current.\n')
  })

  it('with the network unplugged after the first use everything goes on that needs none', async () => {
    const shelf = await shelfWithConfig()
    const tool = 'tools/generators/shout'
    const more = { 'assets/index.csv': formatIndex([...entries.map(([ref, description, tags]) => rowOf(ref, text(ref), { description, tags, version: '1.0.0' })), rowOf(tool, toolItem, { others: { [`assets/${tool}.ts`]: toolCode } })]) }
    shelf.catalog.repository.commit({ ...files, ...more, [`assets/${tool}.asset.yaml`]: toolItem, [`assets/${tool}.ts`]: toolCode })
    expect((await shelf.cli('run', tool, '--text', 'Ab', '--yes')).code).toBe(0)
    expect((await shelf.cli('add', 'haiku')).code).toBe(0)
    await shelf.catalog.close()
    const age = /⚠ Index unavailable, using the last good one, \d+ seconds? old \(5 assets\)/
    const offline: [string[], number, RegExp | string][] = [
      [['run', tool, '--text', 'Ab'], 0, '{\n  "text": "AB"\n}\n'],
      [['which', 'shout'], 0, 'tools/generators/shout  your library (from acme)'],
      [['info', 'haiku'], 0, 'found in    your library (from acme)'],
      [['info', 'commit-message'], 0, 'found in    catalog acme'],
      [['catalog', 'search', 'commit'], 0, age],
      [['outdated'], 0, age],
      [['catalog', 'update', '--apply'], 0, age],
      [['add', 'haiku', '--local'], 0, '✓ Added ai-prompts/content/haiku\n'],
      [['run', tool, '--text', 'Ab', '--local'], 0, '{\n  "text": "AB"\n}\n'],
      [['add', 'commit-message'], 1, 'acme did not give assets/ai-prompts/code/commit-message.asset.yaml'],
      [['catalog', 'browse'], 1, /Catalog browsing requires network access\.[^]*Cached assets are still available: ai-prompts\/content\/haiku, tools\/generators\/shout\./],
    ]
    for (const [args, code, says] of offline) {
      const done = await shelf.cli(...args)
      expect(`${done.stdout}${done.stderr}`, args.join(' ')).toEqual(typeof says === 'string' ? expect.stringContaining(says) : expect.stringMatching(says))
      expect(done.code, args.join(' ')).toBe(code)
    }
  })

  it('browse prints the address, and offline says what still works', async () => {
    const { cli, catalog } = await shelfWithConfig()
    expect((await cli('catalog', 'browse')).stdout).toMatch(/https:\/\/github\.com\/acme\/assets\/tree\/main\n$/)
    await cli('add', 'pre-commit-review', '--local')
    await catalog.close()
    const { code, stderr } = await cli('catalog', 'browse')
    expect(code).toBe(1)
    expect(stderr).toContain('Cannot connect to acme. Catalog browsing requires network access.')
    expect(stderr).toContain('Cached assets are still available: ai-prompts/code/pre-commit-review.')
    expect((await cli('info', 'pre-commit-review')).stdout).toContain('import asset from "asset:ai-prompts/code/pre-commit-review"')
  })

  it.each([['file:./nowhere', /there is no folder \S*nowhere/], ['file:./file', /file is a file and no folder/]])('browse of %s speaks of the folder', async (from, why) => {
    const shelf = await createShelf({ options: { catalog: [from] } })
    shelf.write('file', 'text')
    const error = await shelf.ask('catalog browse', {}).catch((one: unknown) => one as Error)
    expect(error.message).toMatch(why)
    expect(error.message).not.toContain('network')
  })

  it('index tells what it found and what to commit', async () => {
    const shelf = await shelfWithConfig()
    for (const [path, content] of Object.entries(filesOfFolder(resolve(import.meta.dirname, '../../examples/catalog')))) shelf.write(`fork/${path}`, content)
    shelf.write('fork/.git/HEAD', 'ref: refs/heads/main\n')
    shelf.write('fork/assets/index.csv', '')
    const { stdout } = await shelf.cli('index', 'fork')
    expect(stdout).toMatch(/^✓ Git repository detected\n✓ Assets directory found\nFound (\d+) assets\n\n✓ Generated index with \1 assets\nUpdated: assets\/index\.csv\n\nReady to commit:\n {2}git add assets\/\n {2}git commit -m "Regenerate catalog index"\n$/)
  })

  it('remote text steers no terminal', async () => {
    const { cli, catalog } = await shelfWithConfig()
    const evil = '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007 \u202eevil \u001b[2J'
    catalog.repository.commit({ ...files, 'assets/index.csv': formatIndex([rowOf('ai-prompts/code/x', text('x'), { description: evil, tags: [evil] })]) })
    const { stdout } = await cli('catalog', 'search', 'click')
    expect(stdout).toContain('ai-prompts/code/x')
    expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/)
  })

  it('nowhere says where it looked', async () => {
    const { cli } = await shelfWithConfig()
    const { stderr, code } = await cli('which', 'commit-mesage')
    expect(code).toBe(1)
    expect(stderr).toContain('Did you mean commit-message?')
    expect((await cli('info', 'ai-prompts/code/commit-mesage')).stderr).toContain('Did you mean ai-prompts/code/commit-message')
    expect((await cli('add', 'commit-mesage')).stderr).toContain('Did you mean commit-message')
    expect(stderr).toMatch(/Looked in the project; your library \(.*\/library\); the cache \(.*\/assets\); acme\./)
  })
})

describe('examples/catalog', () => {
  it('is a catalog: every asset of it can be added to a project', { timeout: 300_000 }, async () => {
    const shelf = await createShelf({ files: filesOfFolder(resolve(import.meta.dirname, '../../examples/catalog')) })
    const { total } = await shelf.ask('catalog search', { query: 'a', limit: 1000 })
    expect(total).toBeGreaterThan(46)
    const { results } = await shelf.ask('catalog search', { query: 'a', limit: 1000 })
    for (const { ref } of results as { ref: string }[]) await shelf.ask('add', { query: ref, local: true }, { confirm: async () => true })
    expect(Object.keys(shelf.manifest().assets)).toEqual(expect.arrayContaining(results.map(({ ref }: { ref: string }) => ref)))
    expect(await shelf.ask('sync', {})).toMatchObject({ added: [], changed: [], missing: [], failed: [] })
  })
})

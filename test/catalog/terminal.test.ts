import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasTerminal, onTerminal } from '../terminal.ts'
import { createShelf, toolCode, usualFiles, type Shelf } from './shelf.ts'

/* A person at a terminal. */

const shout = 'tools/generators/shout'
const toDownload = /Download and add to your library\? \[Y\/n\] /
const toLetIn = /Let it in\? \[y\/N\] /
const interrupt = '\u0003'

const lines = (shown: string) => shown.split(/\r*\n/)

/** A shelf whose project the command line finds. */
async function shelfForCli(catalog?: (shelf: Shelf) => unknown): Promise<Shelf> {
  const shelf = await createShelf()
  shelf.write('assetloom.config.mjs', `export default ${JSON.stringify({ catalog: catalog?.(shelf) ?? { sources: [shelf.catalog.source] } })}\n`)
  return shelf
}

describe.skipIf(!hasTerminal)('run of what only a catalog has', () => {
  const runOn = (shelf: Shelf, presses: [RegExp, string][]) =>
    onTerminal(['run', shout, '--text', 'Ab', '--cwd', shelf.root], { presses, env: shelf.env })

  it.each([['y', 'y\r'], ['Enter alone', '\r']])('downloads after %s, shows the code, and runs it after a y', { timeout: 30_000 }, async (_what, keys) => {
    const shelf = await shelfForCli()
    const { code, shown } = await runOn(shelf, [[toDownload, keys], [toLetIn, 'y\r']])
    expect(code, shown).toBe(0)
    expect(shown).toMatch(/Found in catalog:[^]*Name: tools\/generators\/shout[^]*Description: Make a text loud[^]*From: acme/)
    expect(shown).toContain(toolCode.split('\n')[1])
    expect(shown).toMatch(/"text": "AB"/)
    expect(existsSync(shelf.cached(`${shout}.ts`))).toBe(true)
    const again = await runOn(shelf, [])
    expect(again.shown).toMatch(/"text": "AB"/)
    expect(again.shown).not.toMatch(toDownload)
  })

  it('says what it found, what it did and where, and then what the tool gives', { timeout: 30_000 }, async () => {
    const shelf = await shelfForCli()
    const { code, shown } = await runOn(shelf, [[toDownload, 'y\r'], [toLetIn, 'y\r']])
    expect(code).toBe(0)
    expect(lines(shown)).toEqual([
      `${shout} was not found locally.`, '',
      'Found in catalog:', `  Name: ${shout}`, '  Description: Make a text loud', '  Tags: text', '  From: acme', '',
      'Download and add to your library? [Y/n] y',
      '── shout.ts', ...toolCode.split('\n'), '',
      `${shout} from the catalog acme is code that runs with your rights. Let it in? [y/N] y`,
      `✓ Downloaded ${shout}`, `✓ Cached to ${shelf.cached('tools/generators')}`, `✓ Added to ${shelf.config}/assetloom/library/tools/generators`, '',
      `Running ${shout}...`, '{', '  "text": "AB"', '}', '',
    ])
    await shelf.catalog.close()
    expect(lines((await runOn(shelf, [])).shown)).toEqual(['{', '  "text": "AB"', '}', ''])
  })

  it.each([['n', 'n\r'], ['Ctrl-C', interrupt]])('fetches nothing after %s', { timeout: 30_000 }, async (_what, keys) => {
    const shelf = await shelfForCli()
    const { code, shown } = await runOn(shelf, [[toDownload, keys]])
    expect(code, shown).toBe(2)
    expect(shown).toContain('CATALOG_NOT_DOWNLOADED')
    expect(shelf.catalog.requests.filter(({ target }) => target.includes('shout'))).toEqual([])
    expect(existsSync(shelf.cached(`${shout}.ts`))).toBe(false)
  })

  it.each([['Enter alone', '\r'], ['n', 'n\r'], ['Ctrl-C', interrupt]])('keeps nothing when the code is answered with %s', { timeout: 30_000 }, async (_what, keys) => {
    const shelf = await shelfForCli()
    const { code, shown } = await runOn(shelf, [[toDownload, 'y\r'], [toLetIn, keys]])
    expect(code, shown).toBe(1)
    expect(shown).toContain('CONSENT_MISSING')
    expect(shown).not.toContain('"AB"')
    expect(existsSync(shelf.cached(`${shout}.ts`))).toBe(false)
  })
})

describe.skipIf(!hasTerminal)('add', () => {
  const addOn = (shelf: Shelf, query: string, presses: [RegExp, string][]) => onTerminal(['add', query, '--cwd', shelf.root], { presses, env: shelf.env })
  const prompt = 'ai-prompts/code/commit-message'
  const question = /Download and add\? \[Y\/n\] /

  it.each([['y', 'y\r', true], ['Enter alone', '\r', true], ['n', 'n\r', false], ['Ctrl-C', interrupt, false]])('of the one that fits asks, and %s is obeyed', { timeout: 30_000 }, async (_what, keys, isAdded) => {
    const shelf = await shelfForCli()
    const { code, shown } = await addOn(shelf, 'conventional', [[question, keys]])
    expect(code, shown).toBe(isAdded ? 0 : 1)
    expect(shown).toMatch(/Found in catalog:\r?\n {2}Name: ai-prompts\/code\/commit-message\r?\n {2}Description: Generate conventional commit message\r?\n {2}Tags: git, commit, conventional\r?\n/)
    expect(shown).toContain(isAdded ? `✓ Added ${prompt} to your library` : 'CATALOG_DECLINED')
    expect(existsSync(join(shelf.config, 'assetloom/library', `${prompt}.asset.yaml`))).toBe(isAdded)
    expect(shelf.catalog.requests.some(({ target }) => target.endsWith('commit-message.asset.yaml'))).toBe(isAdded)
  })

  it('of several lets choose, and then asks', { timeout: 30_000 }, async () => {
    const shelf = await shelfForCli()
    const { code, shown } = await addOn(shelf, 'a', [[/4 assets fit/, 'forest\r'], [question, '\r']])
    expect(code, shown).toBe(0)
    expect(shown).toContain('✓ Added design-tokens/colors/forest to your library')
  })
})

describe.skipIf(!hasTerminal)('browse', () => {
  /** A program that writes down what it is given, each argument on a line of its own. */
  const opener = (shelf: Shelf, name: string, code = 0) => {
    const file = shelf.path(`bin/${name}`)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, `#!/bin/sh\nfor one in "$@"; do echo "$one" >> "$0.given"; done\nexit ${code}\n`)
    chmodSync(file, 0o755)
    return { file, given: () => (existsSync(`${file}.given`) ? readFileSync(`${file}.given`, 'utf8') : undefined) }
  }
  const browse = (shelf: Shelf, env: Record<string, string> = {}) =>
    onTerminal(['catalog', 'browse', '--cwd', shelf.root], { env: { ...shelf.env, PATH: shelf.path('bin'), ...env } })
  const page = 'https://github.com/acme/assets/tree/main'

  it('gives the page to the opener of the system', { timeout: 30_000 }, async () => {
    const shelf = await shelfForCli()
    const { given } = opener(shelf, 'xdg-open')
    const { code, shown } = await browse(shelf)
    expect(code, shown).toBe(0)
    expect(shown).toContain(`Opened ${page}`)
    expect(given()).toBe(`${page}\n`)
  })

  it('gives it as one argument that no shell reads', { timeout: 30_000 }, async () => {
    const path = ";id&$(id)'x'*"
    const shelf = await shelfForCli(({ catalog }) => [`${catalog.staticURL}${path}/`])
    const files = Object.entries(await usualFiles()).map(([name, bytes]) => [`${path}/${name}`, bytes] as const)
    shelf.catalog.repository.commit(Object.fromEntries(files))
    const { given } = opener(shelf, 'xdg-open')
    const { code, shown } = await browse(shelf)
    expect(code, shown).toBe(0)
    expect(given()).toBe(`${shelf.catalog.staticURL}${path}/\n`)
  })

  it('prefers what BROWSER names, and goes on when that cannot open it', { timeout: 30_000 }, async () => {
    const shelf = await shelfForCli()
    const [own, broken, system] = [opener(shelf, 'own-browser'), opener(shelf, 'broken-browser', 3), opener(shelf, 'xdg-open')]
    await browse(shelf, { BROWSER: `no-such-browser:${broken.file}:${own.file}` })
    expect([broken.given(), own.given(), system.given()]).toEqual([`${page}\n`, `${page}\n`, undefined])
    await browse(shelf, { BROWSER: `${broken.file}:${own.file} --new-window %s` })
    expect([own.given(), system.given()]).toEqual([`${page}\n`, `${page}\n`])
  })

  it.each([['there is no opener', undefined], ['the opener finds no browser', 3]])('prints the address when %s', { timeout: 30_000 }, async (_what, exit) => {
    const shelf = await shelfForCli()
    if (exit !== undefined) opener(shelf, 'xdg-open', exit)
    const { code, shown } = await browse(shelf)
    expect(code, shown).toBe(0)
    expect(shown).toContain(`\n${page}`)
    expect(shown).not.toContain('Opened')
  })
})

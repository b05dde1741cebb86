import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createLogger, type InlineConfig } from 'vite'
import { describe, expect, it } from 'vitest'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { png } from '../operations/project.ts'
import { built, served, serving } from './hosts.ts'
import { createShelf, palette, rowOf, type Shelf } from './shelf.ts'

const forest = 'design-tokens/colors/forest'
const star = 'images/icons/star'
const mark = 'images/icons/mark'
const moon = 'images/icons/moon'
const paint = 'tools/generators/paint'
const budgets = 'configs/global/performance/budgets'
const budgetsItem = 'version: "1.0.0"\nconfig:\n  bytes: { script: 1000, image: 5000 }\n'

const drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><script>alert(1)</script><path d="M0 0h8v8z"/></svg>'
const paintItem = `name: Paint
description: Names the colour of a leaf
version: "1.0.0"
entry: paint.ts
files: [words.ts]
dependencies:
  ${forest}: ^1.0.0
`
const paintCode = `import tokens from 'asset:${forest}'
import { before } from './words.ts'
export async function execute() {
  return { text: before + tokens.leaf }
}
`
const words = `export const before = 'leaf '\n`

/** A tool of two files that needs design tokens, a drawing that holds a script, tokens and a picture. */
async function filesOfCatalog() {
  const picture = await png(7)
  const folder = `assets/${paint.slice(0, paint.lastIndexOf('/'))}`
  const others = { [`${folder}/paint.ts`]: paintCode, [`${folder}/words.ts`]: words }
  return {
    'assets/index.csv': formatIndex([
      rowOf(forest, palette, { description: 'Greens of a forest', version: '1.2.0' }),
      rowOf(star, picture, { extension: 'png', description: 'A star' }),
      rowOf(mark, drawing, { extension: 'svg' }),
      rowOf(budgets, budgetsItem),
      rowOf(moon, picture, { extension: 'png' }),
      rowOf(paint, paintItem, { others, dependencies: { [forest]: '^1.0.0' } }),
    ]),
    [`assets/${forest}.asset.yaml`]: palette,
    [`assets/${star}.png`]: picture,
    [`assets/${mark}.svg`]: drawing,
    [`assets/${moon}.png`]: picture,
    [`assets/${budgets}.asset.yaml`]: budgetsItem,
    [`assets/${paint}.asset.yaml`]: paintItem,
    ...others,
  }
}

/** The user has taken these over, or only looked at them; from now on there is no network. */
async function shelfWith({ library = [], cache = [] }: { library?: string[]; cache?: string[] }): Promise<Shelf> {
  const shelf = await createShelf({ files: await filesOfCatalog() })
  for (const query of [...library, ...cache]) await shelf.ask('add', { query }, { confirm: async () => true })
  for (const ref of cache) for (const extension of ['origin.json', 'asset.yaml', 'png', 'svg']) rmSync(inLibrary(shelf, `${ref}.${extension}`), { force: true })
  shelf.catalog.requests.length = 0
  return shelf
}
const inLibrary = (shelf: Shelf, file: string) => join(shelf.config, 'assetloom/library', file)

/** What Vite's logger was told to warn of. */
function listening(): { warnings: string[]; config: InlineConfig } {
  const warnings: string[] = []
  const customLogger = createLogger('silent')
  customLogger.warn = (text) => void warnings.push(text)
  return { warnings, config: { customLogger, logLevel: 'warn' } }
}

const telling = { logLevel: 'warn' } as const
const entry = (shelf: Shelf) => import(`${shelf.path('out/entry.mjs')}?${Math.random()}`) as Promise<Record<string, unknown>>

describe('an import of what the project does not have, and this machine has', () => {
  it.each([{}, { download: false }])('is built with %j, says so once for each, and nothing is asked or written', async (how) => {
    const shelf = await shelfWith({ library: [forest], cache: [star, mark] })
    shelf.write('entry.js', [
      `export { default as tokens } from "asset:${forest}"`,
      `export { default as css } from "asset:${forest}?css&inline"`,
      `export { default as star, width } from "asset:${star}"`,
      `export { default as small } from "asset:${star}.webp"`,
      `export { default as mark } from "asset:${mark}?raw"`,
    ].join('\n'))
    const { warnings, config } = listening()
    await built(shelf, { ...telling, catalog: { ...how, sources: [shelf.catalog.source] } }, config)
    const { mark: text, ...others } = await entry(shelf)
    expect(others).toMatchObject({
      tokens: { leaf: '#228833' },
      css: expect.stringContaining('#228833') as string,
      star: expect.stringContaining('data:image/png') as string,
      width: 24,
      small: expect.stringContaining('data:image/webp') as string,
    })
    expect(text).toContain('<path')
    expect(text).not.toContain('script')
    expect(shelf.catalog.requests).toEqual([])
    expect(existsSync(shelf.path('assets'))).toBe(false)
    expect(warnings).toHaveLength(3)
    expect(warnings.join('\n')).toContain(`${forest} is not in the project: it comes from your own library`)
    expect(warnings.join('\n')).toContain(`${star} is not in the project: it comes from the catalog cache`)
    expect(warnings.join('\n')).toContain(`npx assetloom add ${mark} --local`)
  })

  it('comes from the library without a catalog; a cache is that of the catalogs that are named', async () => {
    const shelf = await shelfWith({ library: [forest], cache: [star] })
    expect((await served(shelf, { catalog: undefined }, forest)).module).toMatchObject({ default: { leaf: '#228833' } })
    expect((await served(shelf, { catalog: undefined }, star)).error).toContain(`There is no asset "${star}"`)
  })

  it('is given at the version that the user has, and at no other', async () => {
    const shelf = await shelfWith({ library: [forest], cache: [star] })
    shelf.write('entry.js', [
      `export { default as exact } from "asset:${forest}@1.2.0"`,
      `export { default as latest } from "asset:${forest}@latest"`,
      `export { default as small } from "asset:${star}@latest.webp"`,
      `export { default as kept } from "./shop/main.js"`,
    ].join('\n'))
    shelf.write('shop/main.js', `export { default } from "asset:${forest}"`)
    const sites = { sites: { shop: { root: 'shop' } } }
    const keep = (version: string) => shelf.write('assets/sites.json', JSON.stringify({ version: 1, sites: { shop: { pins: { [forest]: version } } } }))
    keep('1.2.0')
    await built(shelf, sites)
    const leaf = { leaf: '#228833' }
    expect(await entry(shelf)).toMatchObject({ exact: leaf, latest: leaf, kept: leaf, small: expect.stringContaining('data:image/webp') as string })
    keep('1.0.0')
    await expect(built(shelf, sites)).rejects.toThrow(`There is no ${forest}@1.0.0`)
    expect((await served(shelf, {}, `${forest}@1.1.0`)).error).toMatch(/of version 1\.2\.0[^]*Take @1\.2\.0[^]*npx assetloom add/)
  })

  it('has the settings of the site it stands in', async () => {
    const shelf = await shelfWith({ library: [budgets] })
    shelf.write('assets/sites.json', JSON.stringify({ version: 1, overrides: { [budgets]: { bytes: { script: 900 } } }, sites: { shop: { overrides: { [budgets]: { bytes: { image: 4000 } } } } } }))
    shelf.write('shop/main.js', `export { default } from "asset:${budgets}"`)
    shelf.write('entry.js', `export { default as plain } from "asset:${budgets}"\nexport { default as shop } from "./shop/main.js"`)
    await built(shelf, { sites: { shop: { root: 'shop' } } })
    expect(await entry(shelf)).toMatchObject({ plain: { config: { bytes: { script: 900, image: 5000 } } }, shop: { config: { bytes: { script: 900, image: 4000 } } } })
  })

  it('stands in no glob', async () => {
    const shelf = await shelfWith({ library: [forest] })
    expect((await served(shelf, {}, 'design-tokens/colors/*')).error).toContain('There is no asset')
  })

  it('gives code of several files with what it depends on, in a build and in dev', async () => {
    const shelf = await shelfWith({ library: [paint] })
    const use = `import paint from "asset:${paint}"\nexport default await paint()`
    shelf.write('entry.js', use)
    await built(shelf, {})
    expect((await entry(shelf)).default).toEqual({ text: 'leaf #228833' })
    await serving(shelf, {}, async (server) => {
      expect((await server.ssrLoadModule('/entry.js')).default).toEqual({ text: 'leaf #228833' })
      // A browser gets the files, too.
      const follow = async (path: string, wanted: RegExp): Promise<string> => {
        const response = await fetch(new URL(path, server.resolvedUrls!.local[0]), { headers: { accept: '*/*' } })
        return wanted.exec(await response.text())?.[1] ?? `nothing: ${response.status}`
      }
      const facade = await follow('/entry.js', /from "([^"]*paint)"/)
      const code = await follow(facade, /from "([^"]*paint\.ts)"/)
      expect(await follow(code, /(execute)/)).toBe('execute')
    })
    expect(shelf.catalog.requests).toEqual([])
  })

  it('takes no code that was never let in', async () => {
    const shelf = await shelfWith({ library: [paint] })
    rmSync(join(shelf.config, 'assetloom/consents'), { recursive: true })
    const { error } = await served(shelf, {}, paint)
    expect(error).toContain('holds code that was never let in: paint.ts')
    expect(error).toContain(`npx assetloom add ${paint} --local`)
  })

  it.each([['the library', { library: [forest] }, 'your own library'], ['the cache', { cache: [forest] }, 'the catalog cache']])('of %s fails a frozen build, with the command', async (_what, given, place) => {
    const shelf = await shelfWith(given)
    shelf.write('entry.js', `export { default } from "asset:${forest}"`)
    const failure = built(shelf, { generate: 'frozen' })
    await expect(failure).rejects.toThrow(`There is no asset "${forest}" in the project; ${place} on this machine has it`)
    await expect(failure).rejects.toThrow(`npx assetloom add ${forest} --local. (ASSET_ONLY_HERE)`)
    await expect(built(shelf, { generate: 'frozen', catalog: { download: 'auto', sources: [shelf.catalog.source] } })).rejects.toThrow('ASSET_ONLY_HERE')
    expect(shelf.catalog.requests).toEqual([])
    expect(existsSync(shelf.path('assets'))).toBe(false)
    await shelf.ask('add', { query: forest, local: true })
    await built(shelf, { generate: 'frozen' })
    expect((await entry(shelf)).default).toMatchObject({ leaf: '#228833' })
  })

  it('becomes one of the project with "auto", without a request', async () => {
    const shelf = await shelfWith({ cache: [forest] })
    shelf.write('entry.js', `export { default } from "asset:${forest}"`)
    const { warnings, config } = listening()
    await built(shelf, { ...telling, catalog: { download: 'auto', sources: [shelf.catalog.source] } }, config)
    expect(shelf.manifest().assets[forest]).toMatchObject({ source: { type: 'catalog', catalog: 'acme' } })
    expect([shelf.catalog.requests, warnings]).toEqual([[], []])
  })

  it('of the library is as the user left it; of the cache only what was downloaded', async () => {
    const shelf = await shelfWith({ library: [forest], cache: [star] })
    writeFileSync(inLibrary(shelf, `${forest}.asset.yaml`), palette.replace('#228833', '#00ff00'))
    writeFileSync(shelf.cached(`${star}.png`), await png(9))
    shelf.write('entry.js', `export { default } from "asset:${forest}"`)
    const { warnings, config } = listening()
    await built(shelf, telling, config)
    expect((await entry(shelf)).default).toMatchObject({ leaf: '#00ff00' })
    expect(warnings).toEqual([expect.stringContaining(`copy it to assets/library/${forest}.asset.yaml and run npx assetloom sync`)])
    shelf.write('entry.js', `export { default } from "asset:${star}"`)
    await expect(built(shelf, {})).rejects.toThrow(`its copy in the cache was changed: ${shelf.cached(`${star}.png`)}`)
  })

  it('is named by its whole ref only, and offered to who misspells it', async () => {
    const shelf = await shelfWith({ library: [forest] })
    expect((await served(shelf, { catalog: undefined }, 'forest')).error).toContain('There is no asset "forest"')
    expect((await served(shelf, { catalog: undefined }, `${forest}t`)).error).toContain(forest)
  })

  it('is followed by dev: an edit in the library, then the project that gets its own', async () => {
    const shelf = await shelfWith({ library: [forest] })
    shelf.write('entry.js', `export { default } from "asset:${forest}"`)
    await serving(shelf, {}, async (server) => {
      const leaf = async () => ((await server.ssrLoadModule('/entry.js')).default as { leaf: string }).leaf
      const until = async (wanted: string) => {
        for (const end = Date.now() + 10_000; (await leaf()) !== wanted && Date.now() < end; ) await new Promise((done) => setTimeout(done, 50))
        return leaf()
      }
      expect(await leaf()).toBe('#228833')
      await new Promise((done) => setTimeout(done, 1000))
      writeFileSync(inLibrary(shelf, `${forest}.asset.yaml`), palette.replace('#228833', '#00ff00'))
      expect(await until('#00ff00')).toBe('#00ff00')
      await shelf.ask('add', { query: forest, local: true })
      expect(await until('#228833')).toBe('#228833')
    })
  })
})

describe('types of what is borrowed', () => {
  const compiler = resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
  const errorsOf = async (shelf: Shelf) => {
    const child = spawn(process.execPath, [compiler, '-p', shelf.root, '--pretty', 'false'], { cwd: shelf.root })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    await new Promise((done) => child.on('close', done))
    return output
  }
  const compilerOptions = { target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', strict: true, noEmit: true, types: [], allowImportingTsExtensions: true }

  it('are those of the files that code imports, and of what these import; constants are the project\'s alone', async () => {
    const shelf = await shelfWith({ library: [paint], cache: [star, moon] })
    mkdirSync(shelf.path('src'))
    await shelf.ask('add', { query: mark, local: true })
    shelf.catalog.requests.length = 0
    symlinkSync(resolve(import.meta.dirname, '../../node_modules'), shelf.path('node_modules'))
    shelf.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src', '.assetloom/types/assets.d.ts'] }))
    shelf.write('src/used.ts', [
      `import star, { width } from 'asset:${star}'`,
      `import paint from 'asset:${paint}'`,
      'export const url: string = star',
      'export const wide: 24 = width',
      'export const text: Promise<{ text: string }> = paint()',
    ].join('\n'))
    expect((await shelf.ask('types')).written).toContain('.assetloom/types/assets-0.d.ts')
    expect(await errorsOf(shelf)).toBe('')
    const text = readFileSync(shelf.path('.assetloom/types/assets-0.d.ts'), 'utf8')
    expect(text).toContain(`"asset:${forest}"`)
    expect(text).not.toContain(moon)
    expect((await shelf.ask('types')).written).toEqual([])
    expect((await shelf.ask('types', { check: true })).stale).toEqual([])
    const constants = readFileSync(shelf.path('src/assets.gen.ts'), 'utf8')
    expect([mark, star, forest].filter((ref) => constants.includes(ref))).toEqual([mark])

    shelf.write('src/wrong.ts', `import a from 'asset:${star}s'\nimport { width } from 'asset:${star}'\nexport const b: 25 = width\nexport { a }`)
    await shelf.ask('types')
    expect((await errorsOf(shelf)).match(/wrong\.ts\(\d/g)).toHaveLength(2)
    expect((await shelf.ask('types', { check: true }, {}, { generate: 'frozen' })).stale).not.toEqual([])
    expect(shelf.catalog.requests).toEqual([])
  })

  it('are written by dev when code begins to import one, and follow its edits', async () => {
    const shelf = await shelfWith({ library: [forest] })
    shelf.write('entry.js', `export { default } from "asset:${forest}"`)
    await serving(shelf, {}, async (server) => {
      await server.ssrLoadModule('/entry.js')
      const has = async (wanted: string) => {
        const file = shelf.path('.assetloom/types/assets-0.d.ts')
        for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((done) => setTimeout(done, 50)))
          if (existsSync(file) && readFileSync(file, 'utf8').includes(wanted)) return true
        return false
      }
      expect(await has('#228833')).toBe(true)
      writeFileSync(inLibrary(shelf, `${forest}.asset.yaml`), palette.replace('#228833', '#00ff00'))
      expect(await has('#00ff00')).toBe(true)
    })
  })
})

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { operations } from '../../src/operations/index.ts'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { png } from '../operations/project.ts'
import { createShelf, palette, rowOf, toolCode, toolItem, told, usualFiles, type Shelf } from './shelf.ts'

const forest = 'design-tokens/colors/forest'
const star = 'images/icons/star'
const shout = 'tools/generators/shout'
const forestFile = `assets/library/${forest}.asset.yaml`
const brighter = palette.replace('"1.2.0"', '"1.3.0"').replace('#553311', '#774422')
const yes = { confirm: async () => true }

/** Commit the catalog with other contents of the palette and the star; null takes one away. */
async function publish(shelf: Shelf, { tokens = palette, picture, code = toolCode }: { tokens?: string | null; picture?: Buffer; code?: string }) {
  const files = await usualFiles()
  const image = picture ?? files[`assets/${star}.png`]!
  const rows = [
    ...(tokens === null ? [] : [rowOf(forest, tokens, { version: '1.3.0' })]),
    rowOf(star, image, { extension: 'png', description: 'A star', tags: ['icon'], license: 'CC0-1.0' }),
    rowOf(shout, toolItem, { others: { [`assets/${shout}.ts`]: code } }),
  ]
  shelf.catalog.repository.commit({ ...files, 'assets/index.csv': formatIndex(rows), ...(tokens !== null && { [`assets/${forest}.asset.yaml`]: tokens }), [`assets/${star}.png`]: image, [`assets/${shout}.ts`]: code })
}

const edit = (shelf: Shelf, from: string, to: string) => shelf.write(forestFile, shelf.read(forestFile).toString().replace(from, to))
const stateIn = async (shelf: Shelf, layer: string, ref = forest) =>
  ((await shelf.ask('catalog update', {})).items as { ref: string; layer: string; state: string }[]).find((one) => one.ref === ref && one.layer === layer)?.state
/** Lists may be spaced otherwise once a version was written into the text. */
const plain = (text: string) => text.replace('[ green, calm ]', '[green, calm]')
const inLibrary = (shelf: Shelf) => join(shelf.config, 'assetloom/library', `${forest}.asset.yaml`)

describe('outdated', () => {
  it('tells each state of base, installed and upstream', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: forest, local: true })
    await shelf.ask('add', { query: star, local: true })
    expect((await shelf.ask('outdated', {})).items).toEqual([])
    expect(await told(shelf, 'outdated', {})).toBe('✓ Loaded index (4 assets)\n✓ All is current.')
    edit(shelf, '#228833', '#119922')
    expect(await stateIn(shelf, 'project')).toBe('modified')
    await publish(shelf, { tokens: brighter })
    const { items } = await shelf.ask('outdated', {})
    expect(items).toEqual([
      expect.objectContaining({ ref: forest, layer: 'project', catalog: 'acme', state: 'conflict' }),
      expect.objectContaining({ ref: forest, layer: 'cache', state: 'outdated' }),
    ])
    expect(new Set([items[0].base, items[0].installed, items[0].upstream]).size).toBe(3)
    edit(shelf, '#119922', '#228833')
    expect(await stateIn(shelf, 'project')).toBe('outdated')
    await publish(shelf, { tokens: null })
    expect((await shelf.ask('outdated', { query: 'forest' })).items[0]).toMatchObject({ state: 'gone', upstream: null })
    await expect(shelf.ask('outdated', { query: 'nothing' })).rejects.toMatchObject({ code: 'CATALOG_UPDATE_UNKNOWN' })
    await expect(shelf.ask('catalog update', { merge: true })).rejects.toMatchObject({ code: 'CATALOG_MERGE_WITHOUT_APPLY' })
  })

  it('compares with the last good index when the catalog is away, and names what it cannot compare', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: forest, local: true })
    expect((await shelf.ask('outdated', {}, {}, { catalog: ['file:./elsewhere'] })).unchecked).toEqual([
      expect.objectContaining({ ref: forest, catalog: 'acme', why: expect.stringContaining('name no catalog') as string }),
    ])
    await shelf.catalog.close()
    expect(await shelf.ask('outdated', {})).toMatchObject({ items: [], unchecked: [], compared: 2, catalogs: [{ name: 'acme', state: 'last-good', ageMs: expect.any(Number) as number }] })
    for (const name of ['outdated', 'catalog update']) expect(await told(shelf, name, {})).toContain('⚠ Index unavailable, using the last good one')
    expect((await shelf.ask('catalog update', {})).catalogs).toMatchObject([{ state: 'last-good' }])
  })
})

describe('outdated that can compare nothing', () => {
  const verdictOf = async (shelf: Shelf, more?: object) => {
    const operation = await operations.find(({ name }) => name === 'outdated')!.load()
    const output = await shelf.ask('outdated', {}, {}, more)
    return { error: operation.verdict?.(output as never, {} as never), text: operation.present(output as never, {} as never) }
  }

  it('fails when the catalog is away, and not for what another project took over', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: forest })
    const other = await verdictOf(shelf, { catalog: ['file:./elsewhere'] })
    expect(other.error).toBeUndefined()
    expect(other.text).toMatch(new RegExp(`^· ${forest} could not be compared`, 'm'))
    await shelf.catalog.close()
    rmSync(join(shelf.config, 'assetloom/catalogs'), { recursive: true })
    const away = await verdictOf(shelf)
    expect(away.error).toMatchObject({ code: 'CATALOG_NOTHING_COMPARED', exit: 1 })
    expect(away.text).toMatch(new RegExp(`^✗ ${forest} could not be compared`, 'm'))
  })
})

describe('catalog update', () => {
  it('writes nothing without --apply; with it, an untouched asset is a new version, and library and cache follow', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: forest, local: true })
    await shelf.ask('add', { query: forest })
    await shelf.ask('add', { query: star, local: true })
    const picture = await png(8, 40, 30)
    await publish(shelf, { tokens: brighter, picture })
    const before = shelf.read('assets/manifest.json').toString()
    for (const input of [{}, { dryRun: true, apply: true }])
      expect((await shelf.ask('catalog update', input)).items.map(({ action }: { action: string }) => action)).toEqual(['updated', 'updated', 'updated', 'updated', 'updated'])
    expect(shelf.read('assets/manifest.json').toString()).toBe(before)
    expect(await told(shelf, 'catalog update', { apply: true })).toContain('✓ 5 brought up to date.')
    expect(shelf.read(forestFile).toString()).toBe(brighter)
    for (const file of [inLibrary(shelf), shelf.cached(`${forest}.asset.yaml`)]) expect(readFileSync(file, 'utf8')).toBe(brighter)
    expect(shelf.manifest().assets[forest]).toMatchObject({ version: '1.3.0' })
    expect(shelf.manifest().assets[star]).toMatchObject({ version: '1.0.1', widthPx: 40, license: 'CC0-1.0' })
    expect((await shelf.ask('versions', { ref: forest })).versions).toHaveLength(2)
    expect((await shelf.ask('outdated', {})).items).toEqual([])
    expect(await shelf.ask('sync', {})).toMatchObject({ changed: [], missing: [] })
    // The same version with other bytes is a version of its own here.
    await publish(shelf, { tokens: brighter.replace('#774422', '#775522'), picture })
    await shelf.ask('catalog update', { query: 'forest', apply: true })
    expect(shelf.manifest().assets[forest]).toMatchObject({ version: '1.3.1' })
    expect((await shelf.ask('outdated', {})).items).toEqual([])
  })

  it('leaves what the user changed, merges it when told, and knows it as changed afterwards', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: forest, local: true })
    await shelf.ask('add', { query: forest })
    edit(shelf, '#228833', '#119922')
    writeFileSync(inLibrary(shelf), palette.replace('#228833', '#00ff00'))
    await publish(shelf, { tokens: brighter })
    const mine = shelf.read(forestFile).toString()
    const kept = await shelf.ask('catalog update', { apply: true })
    expect(kept.items.map(({ layer, action }: { layer: string; action: string }) => [layer, action])).toEqual([['project', 'kept'], ['global', 'kept'], ['cache', 'kept']])
    expect(shelf.read(forestFile).toString()).toBe(mine)
    expect(await told(shelf, 'catalog update', { apply: true, merge: true })).toContain(`✓ merged    ${forest} 1.2.0 → 1.3.0  (project, from acme)`)
    expect(plain(shelf.read(forestFile).toString())).toBe(brighter.replace('#228833', '#119922'))
    expect(plain(readFileSync(inLibrary(shelf), 'utf8'))).toBe(brighter.replace('#228833', '#00ff00'))
    expect(shelf.manifest().assets[forest]).toMatchObject({ version: '1.3.0' })
    expect([await stateIn(shelf, 'project'), await stateIn(shelf, 'global'), await stateIn(shelf, 'cache')]).toEqual(['modified', 'modified', 'current'])
    // What was merged is the base of the next merge.
    await publish(shelf, { tokens: `${brighter}  moss: "#445522"\n` })
    await shelf.ask('catalog update', { apply: true, merge: true })
    expect(shelf.read(forestFile).toString()).toContain('#119922')
    expect(shelf.read(forestFile).toString()).toContain('moss')
  })

  it.each([
    ['the same line', async (shelf: Shelf) => {
      edit(shelf, '#553311', '#000000')
      await publish(shelf, { tokens: brighter })
      return expect.objectContaining({ base: expect.stringContaining('#553311') as string, ours: expect.stringContaining('#000000') as string, theirs: expect.stringContaining('#774422') as string }) as unknown
    }],
    ['a picture', async (shelf: Shelf) => {
      shelf.write(`assets/${star}.png`, await png(20))
      await publish(shelf, { picture: await png(21) })
      return { path: 'star.png', base: expect.stringMatching(/^sha256:/) as string, ours: expect.stringMatching(/^sha256:/) as string, theirs: expect.stringMatching(/^sha256:/) as string }
    }],
  ])('refuses to merge %s that both changed, and writes nothing at all', async (_what, change) => {
    const shelf = await createShelf()
    for (const query of [forest, star]) await shelf.ask('add', { query, local: true })
    await shelf.ask('add', { query: shout, local: true }, yes)
    const conflict = await change(shelf)
    const before = [forestFile, `assets/${star}.png`, 'assets/manifest.json'].map((file) => shelf.read(file).toString('hex'))
    const operation = await operations.find(({ name }) => name === 'catalog update')!.load()
    const output = await shelf.ask('catalog update', { apply: true, merge: true })
    expect(output.items.find(({ action }: { action: string }) => action === 'conflict').conflicts).toEqual([conflict])
    expect(operation.verdict?.(output as never, {} as never)).toMatchObject({ code: 'CATALOG_UPDATE_CONFLICT', exit: 5 })
    expect([forestFile, `assets/${star}.png`, 'assets/manifest.json'].map((file) => shelf.read(file).toString('hex'))).toEqual(before)
  })

  it('asks before other code takes the place of what was let in', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: shout, local: true }, yes)
    await publish(shelf, { code: toolCode.replace('toUpperCase', 'toLowerCase') })
    await expect(shelf.ask('catalog update', { apply: true })).rejects.toMatchObject({ code: 'CONSENT_MISSING' })
    expect(shelf.read(`assets/library/${shout}.ts`).toString()).toBe(toolCode)
    await shelf.ask('catalog update', { apply: true }, yes)
    expect(await shelf.ask('run', { ref: shout, param: { text: 'Ab' } }).catch((error: unknown) => error)).toMatchObject({ output: { text: 'ab' } })
  })
})

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { identityOf, readOrigin, type CatalogOrigin } from '../../src/core/catalog/source.ts'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { createShelf, palette, rowOf, usualFiles, type Shelf } from './shelf.ts'

/* Two catalogs that have one ref with different bytes. */

const forest = 'design-tokens/colors/forest'
const darker = palette.replace('#228833', '#001100')

async function twoShelves() {
  const [one, two] = [await createShelf(), await createShelf()]
  two.catalog.repository.commit({ ...(await usualFiles()), 'assets/index.csv': formatIndex([rowOf(forest, darker, { version: '1.2.0' })]), [`assets/${forest}.asset.yaml`]: darker })
  const first = { ...one.catalog.source, name: 'one' }
  const second = { ...two.catalog.source, name: 'two' }
  const ask = (sources: object[], name: string, input: Record<string, unknown> = {}) => one.ask(name, input, {}, { catalog: { sources: sources as never } })
  return { one, two, first, second, ask }
}
const places = ({ config }: Shelf) => readdirSync(join(config, 'assetloom/assets'))
const inPlaces = (shelf: Shelf) => places(shelf).map((place) => readFileSync(join(shelf.config, 'assetloom/assets', place, `${forest}.asset.yaml`), 'utf8'))
/** The cache is left. */
function forgetOwn(shelf: Shelf) {
  for (const folder of [shelf.path('assets'), join(shelf.config, 'assetloom/library')]) rmSync(folder, { recursive: true, force: true })
}

describe('two catalogs that have one ref', () => {
  it('keep their copies beside each other, and the order of the options says which is meant', async () => {
    const { one, first, second, ask } = await twoShelves()
    await ask([first], 'add', { query: forest, local: true })
    await ask([second], 'add', { query: forest })
    expect(inPlaces(one).sort()).toEqual([darker, palette].sort())
    forgetOwn(one)
    for (const [sources, name] of [[[first, second], 'one'], [[second, first], 'two']] as const) {
      expect(await ask([...sources], 'which', { name: forest })).toMatchObject({ layer: 'cache', catalog: name })
      expect(await ask([...sources], 'info', { ref: forest })).toMatchObject({ layer: 'cache', catalog: name })
    }
  })

  it('are one and the same under another name and in another place of the options', async () => {
    const { one, first, second, ask } = await twoShelves()
    await ask([first], 'add', { query: forest })
    const before = one.catalog.requests.length
    expect(await ask([second, { ...first, name: 'renamed' }], 'which', { name: forest })).toMatchObject({ layer: 'global' })
    forgetOwn(one)
    expect(await ask([second, { ...first, name: 'renamed' }], 'which', { name: forest })).toMatchObject({ layer: 'cache', catalog: 'renamed' })
    expect(one.catalog.requests.length).toBe(before)
    expect(places(one)).toHaveLength(1)
  })

  it('are not seen by a project that does not name them', async () => {
    const { one, first, second, ask } = await twoShelves()
    await ask([first], 'add', { query: 'images/icons/star', local: true })
    forgetOwn(one)
    await expect(ask([second], 'which', { name: 'images/icons/star' })).rejects.toMatchObject({ code: 'ASSET_NOWHERE' })
    expect(await ask([first], 'which', { name: 'images/icons/star' })).toMatchObject({ layer: 'cache', catalog: 'one' })
  })

  it('are each updated from their own', async () => {
    const { one, two, first, second, ask } = await twoShelves()
    await ask([first], 'add', { query: forest, local: true })
    await ask([second], 'add', { query: forest })
    const sources = [first, second]
    expect((await ask(sources, 'outdated')).items).toEqual([])
    const bright = palette.replace('#553311', '#774422')
    two.catalog.repository.commit({ 'assets/index.csv': formatIndex([rowOf(forest, bright, { version: '1.3.0' })]), [`assets/${forest}.asset.yaml`]: bright })
    expect((await ask(sources, 'outdated')).items).toEqual([
      expect.objectContaining({ layer: 'global', catalog: 'two', state: 'outdated' }),
      expect.objectContaining({ layer: 'cache', catalog: 'two', state: 'outdated' }),
    ])
    await ask(sources, 'catalog update', { apply: true })
    expect(inPlaces(one).sort()).toEqual([bright, palette].sort())
    expect(one.read(`assets/library/${forest}.asset.yaml`).toString()).toBe(palette)
  })

  it('with different tokens: what the one gave is not handed out for the other', async () => {
    const shelf = await createShelf({ token: 'canary-token-of-one' })
    await shelf.ask('add', { query: forest })
    // What the user took over is the user's own in every project; the cache is the catalog's.
    rmSync(join(shelf.config, 'assetloom/library'), { recursive: true })
    const without = { ...shelf.catalog.source, apiURL: `${shelf.catalog.origin}/`, token: 'another' }
    await expect(shelf.ask('add', { query: forest, local: true }, {}, { catalog: { sources: [without] } })).rejects.toMatchObject({ code: 'CATALOG_UNREACHABLE' })
    expect(existsSync(shelf.path(`assets/library/${forest}.asset.yaml`))).toBe(false)
  })
})

describe('the identity of a catalog', () => {
  const identity = (from: string, more = {}) => identityOf({ origin: readOrigin(from) as CatalogOrigin, ...more })
  it.each([
    ['github:Acme/Assets', 'github:acme/assets', {}, true],
    ['https://cdn.example/x', 'https://cdn.example/x/', {}, true],
    ['github:acme/assets#v1', 'github:acme/assets#v2', {}, false],
    ['github:acme/assets#V1', 'github:acme/assets#v1', {}, false],
    ['github:acme/assets', 'github:acme/assets', { apiURL: 'https://git.acme.example/api/v3' }, false],
    ['file:./shared', 'file:./shared', { folder: '/elsewhere/shared' }, false],
  ])('of %s and %s', (a, b, more, isSame) => {
    expect(identity(a) === identity(b, more)).toBe(isSame)
  })
})

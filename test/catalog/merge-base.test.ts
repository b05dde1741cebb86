import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { createShelf, palette, rowOf, usualFiles, type Shelf } from './shelf.ts'

/* What a merge starts from when this machine's copy of what was taken over is gone. */

const forest = 'design-tokens/colors/forest'
const file = `assets/library/${forest}.asset.yaml`
const second = palette.replace('"1.2.0"', '"1.3.0"').replace('#553311', '#774422')
const third = `${second.replace('"1.3.0"', '"1.4.0"')}  moss: "#445522"\n`

const publish = (shelf: Shelf, text: string, where = shelf.catalog.repository) => where.commit(filesWith(text))
const filesWith = (text: string) => ({ 'assets/index.csv': formatIndex([rowOf(forest, text)]), [`assets/${forest}.asset.yaml`]: text })
const edit = (shelf: Shelf) => shelf.write(file, shelf.read(file).toString().replace('#228833', '#119922'))
const merge = (shelf: Shelf, more = {}) => shelf.ask('catalog update', { apply: true, merge: true }, {}, more)

/** Added, changed, merged once: the base of the next merge was never a version of the project. */
async function mergedOnce(more = {}) {
  const shelf = await createShelf()
  await shelf.ask('add', { query: forest, local: true }, {}, more)
  edit(shelf)
  return shelf
}
const forgetCache = (shelf: Shelf) => rmSync(join(shelf.config, 'assetloom'), { recursive: true, force: true })

describe('a merge after a merge', () => {
  it.each([
    ['with the cache', () => {}],
    ['after the cache was deleted', forgetCache],
    ['on another machine', (shelf: Shelf) => {
      forgetCache(shelf)
      rmSync(shelf.path('.assetloom'), { recursive: true, force: true })
    }],
  ])('%s starts from what was taken over last', async (_what, lose) => {
    const shelf = await mergedOnce()
    publish(shelf, second)
    await merge(shelf)
    publish(shelf, third)
    lose(shelf)
    expect((await merge(shelf)).items[0]).toMatchObject({ ref: forest, state: 'conflict', action: 'merged' })
    const merged = shelf.read(file).toString()
    expect(merged).toContain('#119922')
    expect(merged).toContain('#774422')
    expect(merged).toContain('moss')
    expect(merged).toContain('1.4.0')
  })

  it('reads the base at the commit that stands in the manifest', async () => {
    const shelf = await mergedOnce()
    const taken = publish(shelf, second)
    await merge(shelf)
    publish(shelf, third)
    forgetCache(shelf)
    expect(shelf.manifest().assets[forest]?.source).toMatchObject({ revision: taken })
    const before = shelf.catalog.requests.length
    await merge(shelf)
    const asked = shelf.catalog.requests.slice(before).map(({ target }) => target)
    expect(asked).toEqual(expect.arrayContaining([`/acme/assets/${taken}/assets/index.csv`, `/acme/assets/${taken}/assets/${forest}.asset.yaml`]))
  })

  it.each([
    ['is gone', { on: '', fault: { status: 404 }, times: 2 }, /404/],
    ['holds other bytes', { on: `/assets/${forest}`, fault: { status: 200, body: palette }, times: 1 }, /digest/],
  ])('says that the base cannot be had when the commit %s, and writes nothing', async (_what, { on, ...fault }, why) => {
    const shelf = await mergedOnce()
    const taken = publish(shelf, second)
    await merge(shelf)
    publish(shelf, third)
    forgetCache(shelf)
    const before = [shelf.read(file).toString(), shelf.read('assets/manifest.json').toString()]
    shelf.catalog.faults.push({ on: new RegExp(taken + on), ...fault })
    const error = await merge(shelf).then(() => undefined, (one: { code: string; message: string; hint: string; exit: number }) => one)
    expect(error).toMatchObject({ code: 'CATALOG_BASE_GONE', exit: 5, hint: expect.stringContaining(`assetloom add ${forest} --local`) as string })
    expect(error?.message).toMatch(why)
    expect([shelf.read(file).toString(), shelf.read('assets/manifest.json').toString()]).toEqual(before)
    expect((await merge(shelf)).items[0].action).toBe('merged')
  })

  it('of a catalog without commits says so, too; the first merge starts from the version that was taken over', async () => {
    const shelf = await createShelf()
    const site = { catalog: [shelf.catalog.staticURL] }
    await shelf.ask('add', { query: forest, local: true }, {}, site)
    edit(shelf)
    publish(shelf, second)
    forgetCache(shelf)
    expect((await merge(shelf, site)).items[0].action).toBe('merged')
    publish(shelf, third)
    forgetCache(shelf)
    await expect(merge(shelf, site)).rejects.toMatchObject({ code: 'CATALOG_BASE_GONE' })
    // What was left out does not stand in the way of the others.
    expect((await shelf.ask('catalog update', { apply: true }, {}, site)).items[0].action).toBe('kept')
  })

  it('in the library of the user starts from the commit of its record', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: forest })
    const own = join(shelf.config, 'assetloom/library', `${forest}.asset.yaml`)
    writeFileSync(own, palette.replace('#228833', '#119922'))
    publish(shelf, second)
    rmSync(join(shelf.config, 'assetloom/assets'), { recursive: true })
    expect((await merge(shelf)).items[0]).toMatchObject({ layer: 'global', action: 'merged' })
  })
})

it('the team reads the base of a listing, which has no index, at its commit', async () => {
  const shelf = await createShelf()
  const { 'assets/index.csv': _index, ...files } = await usualFiles()
  const commit = (text: string) => shelf.catalog.repository.commit({ ...files, [`assets/${forest}.asset.yaml`]: text })
  commit(palette)
  await shelf.ask('add', { query: forest, local: true })
  edit(shelf)
  commit(second)
  await merge(shelf)
  commit(third)
  forgetCache(shelf)
  expect((await merge(shelf)).items[0]).toMatchObject({ ref: forest, action: 'merged' })
})

import { describe, expect, it } from 'vitest'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { createShelf, rowOf, told, type Shelf } from './shelf.ts'

/* An asset of one catalog that needs what another, or both, have. */

const [a, b, c] = ['ai-prompts/code/a', 'ai-prompts/code/b', 'ai-prompts/code/c'] as const
interface Published {
  version?: string
  dependencies?: Record<string, string>
}

/** The files of a catalog, and what each item says of itself. */
function filesWith(assets: Record<string, Published>, of: string) {
  const items = Object.entries(assets).map(([ref, { version = '1.0.0', dependencies = {} }]) => {
    const needs = Object.keys(dependencies).length === 0 ? '' : `dependencies: ${JSON.stringify(dependencies)}\n`
    const text = `name: ${ref}\nversion: "${version}"\n${needs}prompt: of ${of}\n`
    return { ref, text, row: rowOf(ref, text, { version, dependencies }) }
  })
  return { 'assets/index.csv': formatIndex(items.map(({ row }) => row)), ...Object.fromEntries(items.map(({ ref, text }) => [`assets/${ref}.asset.yaml`, text])) }
}

/** A project with two catalogs; the first has priority. */
async function shelvesWith(one: Record<string, Published>, two: Record<string, Published>): Promise<{ shelf: Shelf; second: Shelf }> {
  const second = await createShelf({ files: filesWith(two, 'two'), token: 'canary-token-of-two' })
  const first = await createShelf({ files: filesWith(one, 'one'), token: 'canary-token-of-one' })
  const sources = [{ ...first.catalog.source, name: 'one' }, { ...second.catalog.source, name: 'two' }]
  const shelf: Shelf = { ...first, options: { ...first.options, catalog: { sources } }, ask: (name, input, face, more) => first.ask(name, input, face, { catalog: { sources }, ...more }) }
  return { shelf, second }
}
const fromOf = (shelf: Shelf) => Object.fromEntries(Object.entries(shelf.manifest().assets).map(([ref, { source }]) => [ref, (source as unknown as { catalog: string }).catalog]))
const whole = async (shelf: Shelf) => expect(await shelf.ask('deps', { ref: a })).toMatchObject({ order: expect.arrayContaining([a, b]) })

describe('a dependency', () => {
  it.each<[string, Record<string, Published>, Record<string, Published>, Record<string, string>]>([
    ['that only the second catalog has', { [a]: { dependencies: { [b]: '^1.0.0' } } }, { [b]: {} }, { [a]: 'one', [b]: 'two' }],
    ['that both have is of the first', { [a]: { dependencies: { [b]: '^1.0.0' } }, [b]: { version: '1.1.0' } }, { [b]: { version: '1.9.0' } }, { [a]: 'one', [b]: 'one' }],
    ['that both have, whatever catalog needs it', { [b]: {} }, { [a]: { dependencies: { [b]: '^1.0.0' } }, [b]: {} }, { [a]: 'two', [b]: 'one' }],
    ['in a range that only the second has', { [a]: { dependencies: { [b]: '^2.0.0' } }, [b]: { version: '1.1.0' } }, { [b]: { version: '2.3.0' } }, { [a]: 'one', [b]: 'two' }],
    ['of a dependency from the other catalog', { [a]: { dependencies: { [b]: '*' } }, [c]: {} }, { [b]: { dependencies: { [c]: '*' } } }, { [a]: 'one', [b]: 'two', [c]: 'one' }],
    [
      'whose range another one narrows later',
      { [a]: { dependencies: { [b]: '*', [c]: '*' } }, [b]: { version: '1.0.0' }, [c]: { dependencies: { [b]: '^2.0.0' } } },
      { [b]: { version: '2.0.0' } },
      { [a]: 'one', [b]: 'two', [c]: 'one' },
    ],
  ])('%s', async (_what, one, two, from) => {
    const { shelf, second } = await shelvesWith(one, two)
    expect(await shelf.ask('add', { query: a, local: true })).toMatchObject({ missing: [] })
    expect(fromOf(shelf)).toEqual(from)
    await whole(shelf)
    for (const [ref, catalog] of Object.entries(from)) expect(shelf.read(`assets/library/${ref}.asset.yaml`).toString()).toContain(`of ${catalog}`)
    // Each at the commit of its own catalog, with its own token.
    for (const [{ catalog }, token] of [[shelf, 'canary-token-of-one'], [second, 'canary-token-of-two']] as const)
      expect(catalog.requests.every(({ headers }) => headers.authorization === `Bearer ${token}`)).toBe(true)
    const revisions = Object.values(shelf.manifest().assets).map(({ source }) => source as unknown as { catalog: string; revision: string })
    for (const { catalog, revision } of revisions) expect(revision).toBe((catalog === 'one' ? shelf : second).catalog.repository.resolve('main'))
  })

  it('in a range that nobody has is told with what there is, and nothing of it is fetched', async () => {
    const { shelf, second } = await shelvesWith({ [a]: { dependencies: { [b]: '^3.0.0' } }, [b]: { version: '1.1.0' } }, { [b]: { version: '2.3.0' } })
    expect(await shelf.ask('add', { query: a, local: true, dryRun: true })).toMatchObject({
      missing: [{ ref: a, needs: b, range: '^3.0.0', has: [{ version: '1.1.0', where: 'one' }, { version: '2.3.0', where: 'two' }] }],
    })
    expect(await told(shelf, 'add', { query: a, local: true })).toContain(`! ${a} needs ${b} ^3.0.0; one has 1.1.0, two has 2.3.0`)
    expect(Object.keys(shelf.manifest().assets)).toEqual([a])
    expect([...shelf.catalog.requests, ...second.catalog.requests].filter(({ target }) => target.endsWith('/b.asset.yaml'))).toEqual([])
  })

  it.each([['the project', true], ['your library', false]])('that %s has in another version stays, and is told', async (where, local) => {
    const { shelf } = await shelvesWith({ [a]: { dependencies: { [b]: '^2.0.0' } }, [b]: { version: '1.1.0' } }, { [b]: { version: '2.3.0' } })
    await shelf.ask('add', { query: b, local })
    expect(await shelf.ask('add', { query: a, local })).toMatchObject({ assets: [{ ref: a }], missing: [{ needs: b, has: [{ version: '1.1.0', where }] }] })
  })

  it('that only a catalog has, with downloads off', async () => {
    const { shelf, second } = await shelvesWith({ [a]: { dependencies: { [b]: '^1.0.0' } } }, {})
    await shelf.ask('add', { query: a })
    for (const { catalog } of [shelf, second]) catalog.requests.length = 0
    expect(await told(shelf, 'add', { query: a, local: true, assetDownload: false })).toContain(`! ${a} needs ${b} ^1.0.0, which is not on this machine; no catalog was asked`)
    expect([...shelf.catalog.requests, ...second.catalog.requests]).toEqual([])
  })

  it.each([['project', true], ['global', false]] as const)('that only a catalog has is told by info and which of the layer %s, with downloads off and on, without a request', async (layer, local) => {
    const { shelf, second } = await shelvesWith({ [a]: { dependencies: { [b]: '^1.0.0', [c]: '^2.0.0' } }, [c]: { version: '1.4.0' } }, { [b]: {} })
    // The second catalog is not named yet.
    await shelf.ask('add', { query: a, local }, {}, { catalog: { sources: [{ ...shelf.catalog.source, name: 'one' }] } })
    await shelf.ask('add', { query: c, local })
    for (const { catalog } of [shelf, second]) catalog.requests.length = 0
    const missing = [
      { ref: a, needs: b, range: '^1.0.0', has: [] },
      { ref: a, needs: c, range: '^2.0.0', has: [{ version: '1.4.0', where: local ? 'the project' : 'your library' }] },
    ]
    for (const assetDownload of [false, undefined]) {
      expect(await shelf.ask('info', { ref: a, assetDownload })).toMatchObject({ layer, missing })
      expect(await shelf.ask('which', { name: a, assetDownload })).toMatchObject({ layer, missing })
      for (const text of [await told(shelf, 'info', { ref: a, assetDownload }), await told(shelf, 'which', { name: a, assetDownload })])
        expect(text).toContain([
          `! ${a} needs ${b} ^1.0.0, which is not on this machine; no catalog was asked`,
          `  assetloom add ${b}${local ? ' --local' : ''} --asset-download asks the catalogs for it`,
          `! ${a} needs ${c} ^2.0.0; ${local ? 'the project' : 'your library'} has 1.4.0`,
        ].join('\n'))
    }
    expect([...shelf.catalog.requests, ...second.catalog.requests]).toEqual([])
    await shelf.ask('add', { query: b, local, assetDownload: true })
    expect((await shelf.ask('which', { name: a })).missing).toHaveLength(1)
  })
})

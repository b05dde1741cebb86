import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AssetloomOptions } from '../../src/options.ts'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { built, served } from './hosts.ts'
import { createShelf, palette, rowOf, toolCode, toolItem, type Shelf } from './shelf.ts'

const forest = 'design-tokens/colors/forest'
const star = 'images/icons/star'
const shout = 'tools/generators/shout'

const catalogOf = (shelf: Shelf, download: boolean | 'auto'): AssetloomOptions => ({ catalog: { download, sources: [shelf.catalog.source] } })
const hasManifest = (shelf: Shelf) => existsSync(shelf.path('assets/manifest.json'))

describe('an import of what only a catalog has', () => {
  it('is offered by dev, with the catalog and the command, and nothing is fetched', async () => {
    const shelf = await createShelf()
    const { error } = await served(shelf, catalogOf(shelf, true), forest)
    expect(error).toContain('the catalog acme has it: Greens of a forest')
    expect(error).toContain(`npx assetloom add ${forest} --local`)
    expect(shelf.catalog.requests.some(({ target }) => target.includes('forest'))).toBe(false)
    expect(hasManifest(shelf)).toBe(false)
  })

  it.each([['catalog.download is false', false, {}], ['frozen', 'auto', { generate: 'frozen' }]] as const)('is unknown when %s, and no catalog is asked', async (_what, download, more) => {
    const shelf = await createShelf()
    expect((await served(shelf, { ...catalogOf(shelf, download), ...more }, forest)).error).toContain('There is no asset')
    expect(shelf.catalog.requests).toEqual([])
  })

  it('is added by dev with "auto", for all imports of it once', async () => {
    const shelf = await createShelf()
    const { module } = await served(shelf, catalogOf(shelf, 'auto'), forest)
    expect(module).toMatchObject({ default: { leaf: '#228833' } })
    expect(shelf.manifest().assets[forest]).toMatchObject({ source: { type: 'catalog', catalog: 'acme' } })
    expect(shelf.catalog.requests.filter(({ target }) => target.includes('forest'))).toHaveLength(1)
  })

  it('is added by a build with "auto", under another format, too; not by other builds', async () => {
    const shelf = await createShelf()
    shelf.write('entry.js', `export { default as tokens } from "asset:${forest}"\nexport { default as star } from "asset:${star}.webp"`)
    await expect(built(shelf, catalogOf(shelf, true))).rejects.toThrow('There is no asset')
    await expect(built(shelf, { ...catalogOf(shelf, 'auto'), generate: 'frozen' })).rejects.toThrow('There is no asset')
    expect(shelf.catalog.requests).toEqual([])
    await built(shelf, catalogOf(shelf, 'auto'))
    expect(await import(shelf.path('out/entry.mjs'))).toMatchObject({ tokens: { leaf: '#228833' }, star: expect.stringContaining('image/webp') as string })
    expect(Object.keys(shelf.manifest().assets).sort()).toEqual([forest, star])
    // The project has them now.
    await shelf.catalog.close()
    await built(shelf, { ...catalogOf(shelf, 'auto'), generate: 'frozen' })
  })

  it.each(['dev', 'build'])('is added by %s with "auto" together with what it needs, all at one commit though the branch moves', async (how) => {
    const prompt = 'ai-prompts/code/needy'
    const stateOf = (n: number) => {
      const text = `name: Needy\nversion: "1.0.0"\ndependencies: { ${forest}: ^1.0.0 }\nprompt: of ${n}\n`
      const tokens = palette.replace('#228833', `#${100_000 + n}`)
      return { 'assets/index.csv': formatIndex([rowOf(prompt, text, { dependencies: { [forest]: '^1.0.0' } }), rowOf(forest, tokens, { version: '1.2.0' })]), [`assets/${prompt}.asset.yaml`]: text, [`assets/${forest}.asset.yaml`]: tokens }
    }
    const shelf = await createShelf({ files: stateOf(0) })
    let n = 1
    shelf.catalog.onRequest = () => void shelf.catalog.repository.commit(stateOf(n++))
    if (how === 'dev') expect((await served(shelf, catalogOf(shelf, 'auto'), prompt)).error).toBeUndefined()
    else {
      shelf.write('entry.js', `export { default } from "asset:${prompt}"`)
      await built(shelf, catalogOf(shelf, 'auto'))
    }
    expect(Object.keys(shelf.manifest().assets)).toEqual([prompt, forest])
    expect(new Set(Object.values(shelf.manifest().assets).map(({ source }) => (source as unknown as { revision: string }).revision)).size).toBe(1)
    expect(shelf.read(`assets/library/${prompt}.asset.yaml`).toString()).toContain(`of ${Number(/leaf: "#1(\d+)"/.exec(shelf.read(`assets/library/${forest}.asset.yaml`).toString())![1])}`)
  })

  it('is not added when what it needs holds code that nobody let in', async () => {
    const prompt = 'ai-prompts/code/needy'
    const text = `name: Needy\nversion: "1.0.0"\ndependencies: { ${shout}: ^1.0.0 }\nprompt: x\n`
    const others = { [`assets/${shout}.ts`]: toolCode }
    const index = formatIndex([rowOf(prompt, text, { dependencies: { [shout]: '^1.0.0' } }), rowOf(shout, toolItem, { others, version: '1.0.0' })])
    const shelf = await createShelf({ files: { 'assets/index.csv': index, [`assets/${prompt}.asset.yaml`]: text, [`assets/${shout}.asset.yaml`]: toolItem, ...others } })
    const { error } = await served(shelf, catalogOf(shelf, 'auto'), prompt)
    expect(error).toContain(`It holds code (assets/${shout}.ts)`)
    expect(error).toContain(`npx assetloom add ${prompt} --local`)
    expect(hasManifest(shelf)).toBe(false)
  })

  it('is never added when it holds code that nobody let in', async () => {
    const shelf = await createShelf()
    const { error } = await served(shelf, catalogOf(shelf, 'auto'), shout)
    expect(error).toContain(`It holds code (assets/${shout}.ts)`)
    expect(error).toContain(`npx assetloom add ${shout} --local`)
    expect(shelf.catalog.requests.some(({ target }) => target.includes('shout'))).toBe(false)
    expect(hasManifest(shelf)).toBe(false)
  })
})

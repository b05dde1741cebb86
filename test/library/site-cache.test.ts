import { existsSync, readdirSync, utimesSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { build } from 'vite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import assetloom from '../../dist/plugin/vite.js'
import { png, run } from '../operations/project.ts'
import { noisyPng } from '../pictures.ts'
import { createLibraryProject, until, type LibraryProject } from './item-project.ts'

const logo = 'LOGO-ACME-MARK001'
const dayMs = 24 * 60 * 60 * 1000
const tokens = { families: { ACME: 'Acme' }, defaultFamily: 'ACME' }
const sites = (cacheStrategy: string) => ({ sites: { shop: { root: 'sites/shop', assetPreferences: { cacheStrategy } }, blog: { root: 'sites/blog' } } }) as never
interface Layers { raw: { count: number }; derived: { count: number }; pinned: { count: number }; served: { count: number } }
const stats = (strategy: string) => run<Layers>(project, 'cache stats', {}, sites(strategy))
const optimize = (strategy: string) => run<Layers & { givenUp: number; removedPinned: number; freedBytes: number }>(project, 'cache optimize', {}, sites(strategy))

let project: LibraryProject
beforeEach(async () => {
  project = createLibraryProject()
  project.write('in/one.png', await png(1, 64, 48))
  project.write('in/two.png', await png(2, 60, 40))
  await run(project, 'import', { files: ['in/one.png'], category: 'Logos', variant: 'MARK', alt: 'One' })
  project.write('sites/shop/main.js', `import a from "asset:${logo}?w=8;16&format=webp"\nexport { a }`)
})
afterEach(() => project.remove())

/** As if nobody had used what was made for some days. */
function age(days: number): void {
  const state = new DatabaseSync(project.path('.assetloom/state.db'))
  state.exec(`UPDATE cache_index SET used_at_ms = used_at_ms - ${days * dayMs}`)
  state.close()
}

describe('aggressive', () => {
  it('makes what the code of the site asks for, once something is used in it', async () => {
    project.write('sites/blog/main.js', `import a from "asset:${logo}?w=4&format=webp"`)
    const use = (strategy: string, more = {}) => run<{ precompiled?: number }>(project, 'use', { ref: 'templates/sections/hero', site: 'shop', ...more }, sites(strategy))
    expect((await use('aggressive', { dryRun: true })).precompiled).toBeUndefined()
    expect((await use('moderate')).precompiled).toBeUndefined()
    expect(await stats('moderate')).toMatchObject({ derived: { count: 0 } })
    expect((await use('aggressive')).precompiled).toBe(2)
    expect((await run<{ precompiled?: number }>(project, 'apply', { ref: 'design-tokens/colors/calm', target: 'shop' }, sites('aggressive'))).precompiled).toBe(0)
    expect(await stats('aggressive')).toMatchObject({ derived: { count: 2 } })
  })

  it('makes it of the version that the site keeps', async () => {
    await run(project, 'update', { ref: logo, file: 'in/two.png' })
    project.write('assets/sites.json', JSON.stringify({ version: 1, sites: { shop: { pins: { [logo]: '1.0.0' } } } }))
    expect(await run(project, 'use', { ref: 'templates/sections/hero', site: 'shop' }, sites('aggressive'))).toMatchObject({ precompiled: 2 })
    project.write('assetloom.config.js', `export default ${JSON.stringify({ tokens, sites: { shop: { root: 'sites/shop' } } })}`)
    expect(await project.load(`export { width, height } from "asset:${logo}@1.0.0?w=16&format=webp"`)).toMatchObject({ width: 16, height: 12 })
    expect(await stats('aggressive')).toMatchObject({ derived: { count: 2 } })
  })

  it.each([['aggressive', 2], ['moderate', 0]])('%s: a dev server makes %i beside what its pages ask for', async (strategy, count) => {
    const server = await project.serve({ plugins: [assetloom({ tokens, logLevel: 'silent', ...(sites(strategy) as object) })] })
    try {
      project.write('src/other.js', 'import brand from "asset:LOGO-ACME-*"\nexport const refs = Object.keys(brand)')
      await server.ssrLoadModule('/src/other.js')
      expect(await until(() => stats(strategy), ({ derived }) => derived.count === count)).toMatchObject({ derived: { count } })
    } finally {
      await server.close()
    }
  })

  it('keeps what nobody used', async () => {
    await run(project, 'use', { ref: 'templates/sections/hero', site: 'shop' }, sites('aggressive'))
    age(400)
    expect(await optimize('aggressive')).toMatchObject({ givenUp: 0, derived: { count: 2 } })
  })

  it.each(['aggressive', 'moderate'])('%s: which pictures prune takes first', async (strategy) => {
    for (const [place, site] of ['shop', 'blog'].entries()) {
      project.write(`in/${site}.png`, await noisyPng(700, 500, place + 1))
      await run(project, 'import', { files: [`in/${site}.png`], category: 'Logos', variant: site.toUpperCase(), alt: site })
      project.write(`sites/${site}/main.js`, `import a from "asset:LOGO-ACME-${site.toUpperCase()}001?w=${600 - place}&format=png"`)
      await run(project, 'cache precompile', { refs: [`LOGO-ACME-${site.toUpperCase()}001`] })
      age(1)
    }
    const { keptDerivedBytes } = await run<{ keptDerivedBytes: number }>(project, 'prune', {}, { ...(sites(strategy) as object), cache: { maxDerivedMb: 1 } })
    expect(keptDerivedBytes).toBeGreaterThan(500_000)
    const [left] = (await run<{ sizes: { transforms: unknown[] } }>(project, 'analyze', { ref: 'LOGO-ACME-SHOP001' })).sizes.transforms
    expect(left !== undefined).toBe(strategy === 'aggressive')
  })
})

describe('moderate and minimal', () => {
  const make = () => run(project, 'cache precompile', { refs: [logo] }, sites('moderate'))

  it.each(['moderate', 'minimal'])('%s gives up what was not used for 30 days, and no raw answers', async (strategy) => {
    await make()
    age(29)
    expect(await optimize(strategy)).toMatchObject({ givenUp: 0, derived: { count: 2 } })
    age(2)
    expect(await optimize(strategy)).toMatchObject({ givenUp: 2, derived: { count: 0 }, freedBytes: expect.any(Number) })
    expect(await make()).toMatchObject({ made: 2 })
  })

  it.each([['moderate', 0, 2], ['minimal', 2, 0]])('%s: what was made of an earlier state', async (strategy, givenUp, count) => {
    await make()
    await run(project, 'update', { ref: logo, file: 'in/two.png' })
    expect(await optimize(strategy)).toMatchObject({ givenUp, derived: { count } })
  })

  it('minimal keeps what was made of a version that a site keeps', async () => {
    await make()
    await run(project, 'update', { ref: logo, file: 'in/two.png' })
    project.write('assets/sites.json', JSON.stringify({ version: 1, sites: { shop: { pins: { [logo]: '1.0.0' } } } }))
    expect(await optimize('minimal')).toMatchObject({ givenUp: 0, derived: { count: 2 } })
  })

  it('what another site uses is kept as that wants, and what no site uses is left to prune', async () => {
    await make()
    await run(project, 'update', { ref: logo, file: 'in/two.png' })
    project.write('sites/blog/main.js', `import a from "asset:${logo}"`)
    expect(await optimize('minimal')).toMatchObject({ givenUp: 0 })
    project.write('sites/blog/main.js', '')
    project.write('sites/shop/main.js', '')
    age(400)
    expect(await optimize('minimal')).toMatchObject({ givenUp: 0, derived: { count: 2 } })
  })

  it('without sites optimize gives nothing up', async () => {
    await make()
    age(400)
    expect(await run(project, 'cache optimize', {})).toMatchObject({ givenUp: 0, derived: { count: 2 } })
  })
})

it('optimize takes away earlier versions that no import asked for in 30 days; clear takes all', async () => {
  const tool = 'tools/analyzers/words'
  project.write('assetloom.config.js', `export default ${JSON.stringify({ tokens })}`)
  project.write(`assets/library/${tool}.asset.yaml`, 'entry: words.js\n')
  project.write('assets/library/tools/analyzers/words.js', 'export const execute = () => 1\n')
  await project.sync()
  project.write('assets/library/tools/analyzers/words.js', 'export const execute = () => 2\n')
  await project.sync()
  const load = () => project.load(`import execute from "asset:${tool}@1.0.0"\nexport const got = execute()`)
  expect(await load()).toMatchObject({ got: 1 })
  const [folder] = readdirSync(project.path('.assetloom/pinned'))
  const setAge = (days: number) => utimesSync(project.path(`.assetloom/pinned/${folder}`), new Date(), new Date(Date.now() - days * dayMs))
  setAge(29)
  expect(await optimize('moderate')).toMatchObject({ removedPinned: 0, pinned: { count: 1 } })
  setAge(31)
  await load()
  expect(await optimize('moderate')).toMatchObject({ removedPinned: 0, pinned: { count: 1 } })
  setAge(31)
  expect(await optimize('moderate')).toMatchObject({ removedPinned: 1, pinned: { count: 0 } })
  expect(await load()).toMatchObject({ got: 1 })
  await run(project, 'cache clear', {})
  expect(existsSync(project.path(`.assetloom/pinned/${folder}`))).toBe(false)
  expect(await load()).toMatchObject({ got: 1 })
})

it('a build with an aggressive site ends, and makes what it was asked for', async () => {
  project.write('src/main.js', `import a from "asset:${logo}?w=8&format=webp"\nexport { a }`)
  await build({
    root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom({ tokens, ...(sites('aggressive') as object) })],
    build: { outDir: project.path('out'), ssr: project.path('src/main.js') },
  })
  expect((await stats('aggressive')).derived.count).toBeGreaterThan(0)
})

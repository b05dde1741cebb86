import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { png } from '../operations/project.ts'
import { createProject, runNode, type Project } from '../project.ts'
import { until } from '../library/item-project.ts'
import { astroConfig, attributeOf, build, dev, onDemandFiles, type DevSite } from './astro-site.ts'

/* Components of Astro in the folders of sites: each shows the version that its site keeps. */

const logo = 'LOGO-ACME-MARK001'
const sites = { shop: { root: 'src/pages/shop' }, blog: { root: 'src/pages/blog' } }
const sitesFile = (pins: object) => JSON.stringify({ version: 1, sites: { shop: { pins } } })

const page = `---
import { Asset, Picture } from 'assetloom/astro/components'
import Shared from '/src/components/Shared.astro'
---
<html lang="en"><head><title>Page</title></head><body>
<Asset id="asset" ref="${logo}" class="big" />
<Picture id="picture" ref="brandMark" formats={['webp']} />
<Asset id="then" ref="${logo}@1.0.0" /><Asset id="later" ref="${logo}@latest" />
<Shared />
</body></html>
`

let project: Project
let server: DevSite | undefined
beforeAll(async () => {
  project = createProject({
    packages: ['astro', 'vite', 'typescript', 'sharp'],
    files: {
      'in/one.png': await png(1, 24, 16),
      'in/two.png': await png(2, 40, 30),
      'assetloom.config.ts': `export default { tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' }, constants: false, sites: ${JSON.stringify(sites)} }\n`,
      'astro.config.mjs': astroConfig(),
      'src/components/Shared.astro': `---\nimport { Asset } from 'assetloom/astro/components'\n---\n<Asset id="shared" ref="${logo}" />\n`,
      'src/pages/index.astro': page,
      'src/pages/shop/index.astro': page,
      'src/pages/blog/index.astro': page,
    },
  })
  for (const args of [
    ['import', 'in/one.png', '--category', 'Logos', '--variant', 'MARK', '--alt', 'One'],
    ['update', logo, '--file', 'in/two.png', '--alt', 'Two'],
  ]) {
    const { code, stderr } = await project.cli(...args)
    if (code !== 0) throw new Error(stderr)
  }
  const manifest = JSON.parse(readFileSync(join(project.root, 'assets/manifest.json'), 'utf8')) as { assets: Record<string, object> }
  Object.assign(manifest.assets[logo]!, { aliases: ['brandMark'] })
  project.write({ 'assets/manifest.json': JSON.stringify(manifest) })
}, 60_000)
afterAll(() => server?.stop())

const ids = ['asset', 'picture', 'then', 'later', 'shared']
const shown = (html: string) => Object.fromEntries(ids.map((id) => [id, `${attributeOf(html, id, 'width')} ${attributeOf(html, id, 'alt')}`]))
const [one, two] = ['24 One', '40 Two']
const present = { asset: two, picture: two, then: one, later: two, shared: two }
const kept = { ...present, asset: one, picture: one }

it('in dev they follow the first pin of the project, and its end', async () => {
  server = await dev(project)
  const of = async (path: string) => shown((await server!.get(path)).text)
  for (const path of ['/', '/shop/', '/blog/']) expect({ path, ...(await of(path)) }).toEqual({ path, ...present })
  project.write({ 'assets/sites.json': sitesFile({ [logo]: '1.0.0' }) })
  expect(await until(() => of('/shop/'), ({ asset }) => asset === one)).toEqual(kept)
  for (const path of ['/', '/blog/']) expect({ path, ...(await of(path)) }).toEqual({ path, ...present })
  project.write({ 'assets/sites.json': sitesFile({}) })
  expect(await until(() => of('/shop/'), ({ asset }) => asset === two)).toEqual(present)
  expect(server.output()).not.toMatch(/error/i)
}, 120_000)

it('a build shows them', async () => {
  project.write({ 'assets/sites.json': sitesFile({ [logo]: '1.0.0' }) })
  const { code, stdout, stderr } = await build(project)
  expect(code, stdout + stderr).toBe(0)
  const htmlOf = (path: string) => readFileSync(`${project.root}/dist/${path}index.html`, 'utf8')
  expect(shown(htmlOf('shop/'))).toEqual(kept)
  for (const path of ['', 'blog/']) expect(shown(htmlOf(path))).toEqual(present)
}, 120_000)

it('pages rendered on demand show them', async () => {
  const live = (id: string) => `---
import { Asset } from 'assetloom/astro/components'
export const prerender = false
---
<Asset id="${id}" ref={Astro.url.searchParams.get('ref')} />`
  project.write({
    'assets/sites.json': sitesFile({ [logo]: '1.0.0' }),
    ...onDemandFiles,
    'src/pages/shop/live.astro': live('asset'),
    'src/pages/live.astro': live('asset'),
    'ask.mjs': `
      const { app } = await import('./dist/server/entry.mjs')
      for (const path of process.argv.slice(2)) console.log(await (await app.render(new Request('http://site' + path))).text())`,
  })
  const built = await build(project)
  expect(built.code, built.stdout + built.stderr).toBe(0)
  const { stdout } = await runNode(['ask.mjs', `/shop/live?ref=${logo}`, '/shop/live?ref=brandMark', `/live?ref=${logo}`], project.root)
  expect(stdout.trim().split('\n').map((html) => shown(html).asset)).toEqual([one, one, two])
}, 120_000)

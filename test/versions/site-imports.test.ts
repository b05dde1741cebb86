import { globSync, readFileSync, rmSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { build, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import assetloom from '../../dist/plugin/vite.js'
import { createLibraryProject, until, watching, type LibraryProject } from '../library/item-project.ts'
import { png, run } from '../operations/project.ts'
import { bundlers } from '../plugin/hosts.ts'

const logo = 'LOGO-ACME-MARK001'
const palette = 'design-tokens/colors/brand'
const tool = 'tools/analyzers/words'
const budgets = 'configs/global/performance/budgets'
const tokens = { families: { ACME: 'Acme' }, defaultFamily: 'ACME' }
const options = { tokens, constants: false as const, sites: { shop: { root: 'sites/shop' }, blog: { root: 'sites/blog' } } }

const sitesFile = (shop: object = {}, more: object = {}) => JSON.stringify({
  version: 1,
  overrides: { [budgets]: { bytes: { script: 900 } } },
  sites: { shop: { pins: { [logo]: '1.0.0', [palette]: '1.0.0', [tool]: '1.0.0' }, overrides: { [budgets]: { bytes: { script: 600 } } }, ...shop } },
  ...more,
})

const everything = `
  import logo, { width, alt } from "asset:${logo}?inline"
  import brand from "asset:${palette}"
  import css from "asset:${palette}?css&inline"
  import execute from "asset:${tool}"
  import matching from "asset:LOGO-ACME-*"
  import { width as explicit } from "asset:${logo}@1.0.1"
  import budgets from "asset:${budgets}"
  import plain from "~asset/${logo}.png"
  export const primary = brand.primary, isNew = execute({ text: "a b" }).isNew === true, script = budgets.config.bytes.script, image = budgets.config.bytes.image
  export const globbed = matching["${logo}"].width, later = explicit
  export { logo, width, alt, css, plain }`

let project: LibraryProject
const servers: ViteDevServer[] = []

beforeAll(async () => {
  project = createLibraryProject()
  project.write('assetloom.config.js', `export default ${JSON.stringify(options)}`)
  project.write('in/one.png', await png(1, 24, 16))
  project.write('in/two.png', await png(2, 40, 30))
  await run(project, 'import', { files: ['in/one.png'], category: 'Logos', variant: 'MARK', alt: 'One' })
  await run(project, 'update', { ref: logo, file: 'in/two.png', alt: 'Two' })
  await project.create('design-tokens', 'colors/brand')
  const file = `assets/library/${palette}.asset.yaml`
  project.write(file, project.read(file).toString().replaceAll('#2563eb', '#aa0000').replace('[0.145, 0.388, 0.922]', '[0.667, 0, 0]'))
  project.write(`assets/library/${tool}.asset.yaml`, 'entry: words.js\n')
  project.write('assets/library/tools/analyzers/words.js', 'export const execute = ({ text }) => ({ words: text.split(" ").length })\n')
  project.write(`assets/library/${budgets}.asset.yaml`, 'config:\n  bytes: { script: 1000, image: 5000 }\n')
  await project.sync()
  project.write('assets/library/tools/analyzers/words.js', 'export const execute = ({ text }) => ({ words: text.split(" ").length, isNew: true })\n')
  await project.sync()
  project.write('assets/sites.json', sitesFile())
  for (const site of ['shop', 'blog']) project.write(`sites/${site}/main.js`, everything)
  project.write('shared/main.js', everything)
})
afterAll(async () => {
  for (const server of servers) await server.close()
  project.remove()
})

const inShop = { width: 24, alt: 'One', primary: '#2563eb', isNew: false, script: 600, image: 5000, globbed: 24, later: 40 }
const elsewhere = { width: 40, alt: 'Two', primary: '#aa0000', isNew: true, script: 900, image: 5000, globbed: 40, later: 40 }
const dataUrlOf = async (seed: number, width: number, height: number) => `data:image/png;base64,${(await png(seed, width, height)).toString('base64')}`

const load = async (outDir: string) => (await import(pathToFileURL(project.path(`${outDir}/good.mjs`)).href)) as Record<string, unknown>
const vite = (entry: string, outDir: string) =>
  build({
    root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom()],
    build: { outDir, ssr: project.path(entry), minify: false, rollupOptions: { output: { entryFileNames: 'good.mjs' } } },
  })
const hosts = (): ReturnType<typeof bundlers> => ({ vite, ...bundlers(project.root, options) })

describe.each(['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'])('%s', (host) => {
  it('gives modules of a site what the site keeps, and others what there is', async () => {
    for (const [site, expected] of [['sites/shop', inShop], ['sites/blog', elsewhere], ['shared', elsewhere]] as const) {
      const outDir = `out-${host}-${site.replace('/', '-')}`
      rmSync(project.path(outDir), { recursive: true, force: true })
      await hosts()[host]!(`${site}/main.js`, project.path(outDir))
      const m = await load(outDir)
      expect({ site, ...m }).toMatchObject({ site, ...expected })
      expect(m.logo).toBe(expected === inShop ? await dataUrlOf(1, 24, 16) : await dataUrlOf(2, 40, 30))
      expect(m.css).toContain(expected.primary)
      const shipped = globSync('**/*.png', { cwd: project.path(outDir) }).map((file) => readFileSync(project.path(`${outDir}/${file}`)))
      const wanted = await (expected === inShop ? png(1, 24, 16) : png(2, 40, 30))
      expect(shipped.every((bytes) => bytes.equals(wanted))).toBe(true)
    }
  })

  it('takes versions that are written out', async () => {
    project.write('src/pinned.js', `import then, { width, alt } from "asset:${logo}@1.0.0?inline"
      import label from "asset:${logo}@latest?inline"
      import brand, { meta } from "asset:${palette}@1.0.0"
      import css from "asset:${palette}@1.0.0?css&inline"
      import execute from "asset:${tool}@1.0.0"
      import webp from "asset:${logo}@1.0.0?w=12&format=webp"
      import file from "~asset/${logo}@1.0.0.png"
      export const primary = brand.primary, version = meta.version, isNew = execute({ text: "a b" }).isNew === true
      export { then, label, width, alt, css, webp, file }`)
    const outDir = `out-pinned-${host}`
    rmSync(project.path(outDir), { recursive: true, force: true })
    await hosts()[host]!('src/pinned.js', project.path(outDir))
    const m = await load(outDir)
    expect(m).toMatchObject({ width: 24, alt: 'One', primary: '#2563eb', version: '1.0.0', isNew: false, css: expect.stringContaining('#2563eb') })
    expect(m.then).toBe(await dataUrlOf(1, 24, 16))
    expect(m.label).toBe(await dataUrlOf(2, 40, 30))
    expect(String(m.webp)).toMatch(/webp/)
    project.write('src/unknown.js', `export { default } from "asset:${logo}@7.0.0"`)
    const said = await hosts()[host]!('src/unknown.js', project.path(`${outDir}-bad`)).then(() => 'built', (error: Error) => `${error.message} ${JSON.stringify((error as { errors?: unknown }).errors ?? '')}`)
    expect(said).toContain('1.0.1, 1.0.0')
    expect(said).toContain('unknown.js')
  })
})

describe('style sheets and pages', () => {
  const page = `<!doctype html><html><head><link rel="stylesheet" href="./page.css"></head><body>
    <img id="now" src="asset:${logo}"><img id="first" src="asset:${logo}@1.0.0"><img id="second" src="~asset/${logo}@1.0.1.png"><script type="module" src="./page.js"></script></body></html>`
  const css = `.now { background: url("asset:${logo}") } .first { background: url("asset:${logo}@1.0.0") } .second { background: url(~asset/${logo}@1.0.1.png) }`
  const sizes = { first: '24x16', second: '40x30' }
  const sizeOf = (file: string) => {
    const bytes = readFileSync(file)
    return `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`
  }

  it.each([['sites/shop', sizes.first], ['sites/blog', sizes.second]])('of Vite in %s show what the site keeps', async (site, now) => {
    project.write(`${site}/index.html`, page)
    project.write(`${site}/page.css`, css)
    project.write(`${site}/page.js`, '')
    const outDir = project.path(`out-page-${site.replace('/', '-')}`)
    await build({
      root: project.path(site), configFile: false, logLevel: 'silent', plugins: [assetloom({ ...options, root: project.root })],
      build: { outDir, assetsInlineLimit: 0, minify: false, cssMinify: false },
    })
    const html = readFileSync(`${outDir}/index.html`, 'utf8')
    const shown = (id: string) => sizeOf(outDir + new RegExp(`id="${id}" src="([^"]+)"`).exec(html)![1]!)
    expect([shown('now'), shown('first'), shown('second')]).toEqual([now, sizes.first, sizes.second])
    const sheet = readFileSync(`${outDir}/${globSync('**/*.css', { cwd: outDir })[0]}`, 'utf8')
    const behind = (name: string) => sizeOf(outDir + new RegExp(`\\.${name}\\s*{[^}]*url\\(["']?([^"')]+)`).exec(sheet)![1]!)
    expect([behind('now'), behind('first'), behind('second')]).toEqual([now, sizes.first, sizes.second])
  })

  it.each(['webpack', 'rspack', 'esbuild'])('of %s, too', async (host) => {
    for (const [site, now] of [['sites/shop', sizes.first], ['sites/blog', sizes.second]] as const) {
      const outDir = project.path(`out-sheet-${host}-${site.replace('/', '-')}`)
      project.write(`${site}/page.css`, css)
      project.write(`${site}/sheet.js`, 'import "./page.css"\nexport const done = true')
      await bundlers(project.root, options, 'web')[host]!(`${site}/sheet.js`, outDir)
      const sheet = globSync('**/*.css', { cwd: outDir }).map((file) => readFileSync(`${outDir}/${file}`, 'utf8')).join('')
      const behind = (name: string) => sizeOf(`${outDir}/assets/${new RegExp(`\\.${name}[^{]*{[^}]*url\\(["']?[^"')]*assets/([^"')]+)`).exec(sheet)![1]!}`)
      expect([behind('now'), behind('first'), behind('second')]).toEqual([now, sizes.first, sizes.second])
    }
  })
})

describe('in dev', () => {
  it('pins and settings that change are followed, in modules and pages', async () => {
    const server = await project.serve({ plugins: [assetloom(options)] })
    servers.push(server)
    await server.listen()
    await watching()
    const module = async () => (await server.ssrLoadModule('/sites/shop/main.js')) as Record<string, unknown>
    expect(await module()).toMatchObject({ width: 24, script: 600 })
    project.write('sites/shop/index.html', `<img src="asset:${logo}">`)
    const html = async () => server.transformIndexHtml('/sites/shop/index.html', readFileSync(project.path('sites/shop/index.html'), 'utf8'))
    const before = await html()

    const sent: string[] = []
    const send = server.environments.client.hot.send.bind(server.environments.client.hot)
    server.environments.client.hot.send = ((payload: { type?: string }, ...more: unknown[]) => {
      if (payload.type) sent.push(payload.type)
      return (send as (...all: unknown[]) => void)(payload, ...more)
    }) as typeof send
    project.write('assets/sites.json', sitesFile({ pins: { [palette]: '1.0.0' }, overrides: { [budgets]: { bytes: { script: 550 } } } }))
    expect(await until(module, ({ width }) => width === 40)).toMatchObject({ width: 40, script: 550, primary: '#2563eb' })
    expect(sent).toContain('full-reload')
    expect(await html()).not.toBe(before)

    // What commands note of the files they wrote concerns no import.
    sent.length = 0
    project.write('assets/sites.json', sitesFile({ pins: { [palette]: '1.0.0' }, overrides: { [budgets]: { bytes: { script: 550 } } } }, { files: { 'x.css': { ref: palette, version: '1.0.0', hash: `sha256:${'0'.repeat(64)}` } } }))
    project.write('assets/sites.json', sitesFile())
    expect(await until(module, ({ width }) => width === 24)).toMatchObject({ width: 24, script: 600 })
    expect(sent.filter((type) => type === 'full-reload')).toHaveLength(1)
  })

  it('the first pin of a project is followed, too', async () => {
    const files = project.read('assets/sites.json')
    rmSync(project.path('assets/sites.json'))
    const server = await project.serve({ plugins: [assetloom(options)] })
    servers.push(server)
    await server.listen()
    await watching()
    const module = async () => (await server.ssrLoadModule('/sites/shop/main.js')) as Record<string, unknown>
    expect(await module()).toMatchObject({ width: 40, script: 1000 })
    project.write('assets/sites.json', files)
    expect(await until(module, ({ width }) => width === 24)).toMatchObject({ width: 24, script: 600 })
  })
})

it('types: settings are a union of what holds, a version has its own', async () => {
  await run(project, 'types', {}, options)
  const errors = await project.typeErrors({
    good: `import budgets from "asset:${budgets}"\nimport then from "asset:${palette}@1.0.0"\nimport css from "asset:${palette}@1.0.0?css&inline"
      const script: 600 | 900 = budgets.config.bytes.script, image: 5000 = budgets.config.bytes.image, primary: "#2563eb" = then.primary, text: string = css\nexport { script, image, primary, text }`,
    bad: `import budgets from "asset:${budgets}"\nexport const script: 900 = budgets.config.bytes.script`,
    worse: `import now from "asset:${palette}"\nexport const primary: "#2563eb" = now.primary`,
  })
  expect(errors).toEqual({ bad: ['TS2322'], worse: ['TS2322'] })

  await run(project, 'override', { ref: budgets, set: { 'bytes.script': '500' }, site: 'blog' }, options)
  expect(await project.typeErrors({ bad: '', worse: '', good: `import budgets from "asset:${budgets}"\nconst script: 500 | 600 | 900 = budgets.config.bytes.script\nexport { script }` })).toEqual({})
  await run(project, 'override', { ref: budgets, unset: ['bytes.script'], site: 'blog' }, options)
})

it('a damaged sites.json fails the build of a site with what is wrong', async () => {
  const good = project.read('assets/sites.json')
  project.write('assets/sites.json', '{ "version": 1, "sights": {} }')
  try {
    for (const host of ['vite', 'rollup', 'esbuild'])
      await expect(hosts()[host]!('sites/shop/main.js', project.path('out-damaged'))).rejects.toThrow(/sights/)
  } finally {
    project.write('assets/sites.json', good)
  }
})

import { existsSync, globSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rspack } from '@rspack/core'
import { build as esbuild } from 'esbuild'
import { rollup, watch } from 'rollup'
import webpack from 'webpack'
import { beforeAll, describe, expect, it } from 'vitest'
import esbuildPlugin from '../../dist/plugin/esbuild.js'
import rollupPlugin from '../../dist/plugin/rollup.js'
import rspackPlugin from '../../dist/plugin/rspack.js'
import webpackPlugin from '../../dist/plugin/webpack.js'
import { noisyPng } from '../pictures.ts'
import { createProject, type Project } from '../project.ts'
import { bundlers, cssRule, mediaRule, pack, type Compiler } from './hosts.ts'

const logo = 'LOGO-ACME-MARK001'
const options = { tokens: { families: { ACME: 'Acme' } }, constants: false as const }
let project: Project

beforeAll(async () => {
  project = createProject({ files: { 'in/mark.png': await noisyPng(120, 90), 'assetloom.config.ts': `export default ${JSON.stringify(options)}` } })
  hosts = bundlers(project.root, options)
  await project.cli('import', 'in/mark.png', '--category', 'Logos', '--family', 'ACME', '--variant', 'MARK', '--alt', 'The mark')
  await project.cli('import', '--color', '#FF6B35', '--family', 'ACME', '--variant', 'BRAND')
  await project.cli('create', 'design-tokens', 'colors/brand')
  await project.cli('create', 'ai-prompts', 'content/teaser')
  await project.cli('create', 'tools', 'analyzers/words')
  project.write({
    'src/items.js': `import brand from "asset:design-tokens/colors/brand"
      import css from "asset:design-tokens/colors/brand?css&inline"
      import scss from "asset:design-tokens/colors/brand?scss"
      import tailwind from "asset:design-tokens/colors/brand?tailwind"
      import dtcg from "asset:design-tokens/colors/brand?dtcg"
      import teaser from "asset:ai-prompts/content/teaser"
      export const primary = brand.primary, text = teaser({ topic: "tea" })
      export { css, scss, tailwind, dtcg }`,
    'src/sheet.js': `import "asset:design-tokens/colors/brand?css"\nexport const done = true`,
    'src/good.js': `import logo, { width, alt, token } from "asset:${logo}"
      import small from "asset:${logo}?w=60&format=webp"
      import plain from "~asset/${logo}.png"
      import color from "asset:COLOR-ACME-BRAND001"
      export { logo, width, alt, token, small, plain, color }`,
    'src/bad.js': `import x from "asset:LOGO-ACME-MARK002"\nexport { x }`,
  })
})

let hosts: ReturnType<typeof bundlers>

describe.each(Object.keys(bundlers('', {})))('%s', (host) => {
  it('builds pictures, queries, colours and the scheme-less spelling', async () => {
    const outDir = join(project.root, `dist-${host}`)
    rmSync(outDir, { recursive: true, force: true })
    await hosts[host]!('src/good.js', outDir)
    const m = (await import(pathToFileURL(join(outDir, 'good.mjs')).href)) as Record<string, unknown>
    expect(m).toMatchObject({ width: 120, alt: 'The mark', token: logo, color: '#FF6B35' })
    for (const [name, extension] of [['logo', 'png'], ['small', 'webp'], ['plain', 'png']] as const) expect(String(m[name])).toMatch(new RegExp(`\\.${extension}$`))
    const files = globSync('**/*.{png,webp}', { cwd: outDir })
    const original = readFileSync(join(project.root, 'assets/logos', `${logo}.png`))
    expect(files.some((file) => file.endsWith('.webp'))).toBe(true)
    expect(files.some((file) => file.endsWith('.png') && readFileSync(join(outDir, file)).equals(original))).toBe(true)
  })

  it('builds library items, and tokens in every form', async () => {
    const outDir = join(project.root, `dist-items-${host}`)
    rmSync(outDir, { recursive: true, force: true })
    await hosts[host]!('src/items.js', outDir)
    const m = (await import(pathToFileURL(join(outDir, 'good.mjs')).href)) as Record<string, unknown>
    expect(m).toMatchObject({
      primary: '#2563eb',
      text: expect.stringContaining('about tea'),
      css: expect.stringContaining(':root {\n  --primary: #2563eb;'),
      scss: expect.stringContaining('$primary: #2563eb;'),
      tailwind: expect.stringContaining('@theme {\n  --color-primary: #2563eb;'),
      dtcg: { primary: { $type: 'color', $value: { hex: '#2563eb' } } },
    })
    expect(globSync('**/*.css', { cwd: outDir })).toEqual([])
  })

  it('fails for a ref that does not exist, with the place and the nearest name', async () => {
    const said = await hosts[host]!('src/bad.js', join(project.root, `dist-bad-${host}`)).then(
      () => 'built',
      (error: Error) => `${error.message} ${JSON.stringify((error as { errors?: unknown }).errors ?? '')}`,
    )
    expect(said).toContain('ASSET_UNKNOWN')
    expect(said).toContain(logo)
    expect(said).toContain('bad.js')
  })
})

describe('a style sheet of tokens', () => {
  const sheet = (outDir: string) => globSync('**/*.css', { cwd: outDir }).map((file) => readFileSync(join(outDir, file), 'utf8')).join('')
  const into = (host: string) => {
    const outDir = join(project.root, `dist-sheet-${host}`)
    rmSync(outDir, { recursive: true, force: true })
    return outDir
  }

  it.each([
    ['webpack', () => pack(project.root, webpack, webpackPlugin(), [cssRule], 'web')],
    ['rspack', () => pack(project.root, rspack as unknown as Compiler, rspackPlugin(), [cssRule], 'web')],
    ['esbuild', () => hosts.esbuild!],
  ])('becomes a style sheet of %s', async (host, make) => {
    const outDir = into(host)
    await make()('./src/sheet.js', outDir)
    expect(sheet(outDir)).toMatch(/:root ?\{\s*--primary: ?#2563eb/)
  })

  it.each([
    ['rollup', () => hosts.rollup!, /\.assetloom\/files\/[0-9a-f]{8}\/brand\.css.*\?css&inline.*LOADER_MISSING/s],
    ['rolldown', () => hosts.rolldown!, /\.assetloom\/files\/[0-9a-f]{8}\/brand\.css.*\?css&inline.*LOADER_MISSING/s],
    ['rspack', () => pack(project.root, rspack as unknown as Compiler, rspackPlugin(), [], 'web'), /css\/auto.*LOADER_MISSING/s],
  ])('that %s cannot read is an error that says what to configure', async (host, make, message) => {
    await expect(make()('./src/sheet.js', into(host))).rejects.toThrow(message)
  })

  it('goes through the plugin that rollup has for style sheets', async () => {
    const plugin = { name: 'sheets', transform: (code: string, id: string) => (id.endsWith('.css') ? { code: `export default ${JSON.stringify(code)}`, map: null } : null) }
    const bundle = await rollup({ input: join(project.root, 'src/sheet.js'), plugins: [plugin, rollupPlugin({ ...options, root: project.root })] })
    await bundle.close()
    expect(bundle.watchFiles.some((file) => file.endsWith('brand.css'))).toBe(true)
  })
})

describe.each([
  ['webpack', webpack, webpackPlugin],
  ['rspack', rspack as unknown as Compiler, rspackPlugin],
] as const)('%s', (host, compiler, plugin) => {
  it('resolves both spellings in url() and image-set() of style sheets', async () => {
    project.write({
      'src/styled.js': 'import "./styled.css"',
      'src/styled.css': `.a { background: url("~asset/${logo}.png") }
        .b { background: url(asset:${logo}?w=60&format=webp) }
        .c { background: image-set("asset:${logo}?w=30&format=webp" 1x, url(~asset/${logo}.png) 2x) }`,
    })
    const outDir = join(project.root, `dist-styled-${host}`)
    rmSync(outDir, { recursive: true, force: true })
    await pack(project.root, compiler, plugin(), [mediaRule, cssRule], 'web')('./src/styled.js', outDir)
    const css = globSync('**/*.css', { cwd: outDir }).map((file) => readFileSync(join(outDir, file), 'utf8')).join('')
    expect(css).not.toContain('asset:')
    expect(css).not.toContain('~asset')
    const files = [...css.matchAll(/assets\/[^"')]+\.(?:png|webp)/g)].map(([file]) => file)
    expect(new Set(files).size).toBe(3)
    for (const file of files) expect(readFileSync(join(outDir, file)).length).toBeGreaterThan(0)
  })

  it('says which rule is missing for media files', async () => {
    const said = await pack(project.root, compiler, plugin(), [])('./src/good.js', join(project.root, `dist-bare-${host}`)).then(() => 'built', String)
    expect(said).toContain('LOADER_MISSING')
    expect(said).toContain(`${host} has no loader for .png files`)
    expect(said).toContain('Configure module.rules: [{ test: /\\.png$/, type: "asset/resource" }]')
    expect(said).toContain('.webp files')
  })
})

it('esbuild says which loader is missing for media files', async () => {
  const work = esbuild({ absWorkingDir: project.root, entryPoints: ['src/good.js'], outdir: join(project.root, 'dist-bare-esbuild'), bundle: true, format: 'esm', logLevel: 'silent', plugins: [esbuildPlugin()] })
  const said = await work.then(() => 'built', (error: Error) => error.message)
  expect(said).toContain('LOADER_MISSING')
  expect(said).toContain('esbuild has no loader for .png files')
  expect(said).toContain('Configure loader: { ".png": "file" }')
})

it('rollup in watch mode builds again when the manifest changes', { timeout: 60_000 }, async () => {
  const own = createProject({ files: { 'in/mark.png': await noisyPng(120, 90), 'in/other.png': await noisyPng(80, 40), 'assetloom.config.ts': `export default ${JSON.stringify(options)}` } })
  await own.cli('import', 'in/mark.png', '--category', 'Logos', '--family', 'ACME', '--variant', 'MARK', '--alt', 'Before')
  own.write({ 'src/main.js': `import all from "asset:LOGO-ACME-*"\nimport { alt } from "asset:${logo}"\nexport default [alt, Object.keys(all)]` })
  const watcher = watch({
    input: join(own.root, 'src/main.js'),
    plugins: [rollupPlugin({ ...options, root: own.root })],
    output: { dir: join(own.root, 'dist'), format: 'es' },
    onLog() {},
  })
  const faults: unknown[] = []
  watcher.on('event', (event) => {
    if (event.code === 'ERROR') faults.push(event.error)
    if (event.code === 'BUNDLE_END') void event.result.close()
  })
  const built = async () => {
    const file = join(own.root, 'dist/main.js')
    return existsSync(file) ? ((await import(`${pathToFileURL(file).href}?${Math.random()}`)) as { default: unknown }).default : undefined
  }
  const patience = { timeout: 25_000, interval: 100 }
  try {
    await expect.poll(built, patience).toEqual(['Before', [logo]])
    await own.cli('update', logo, '--alt', 'After')
    await expect.poll(built, patience).toEqual(['After', [logo]])
    await own.cli('import', 'in/other.png', '--category', 'Logos', '--family', 'ACME', '--variant', 'MARK')
    await expect.poll(built, patience).toEqual(['After', [logo, 'LOGO-ACME-MARK002']])
    expect(faults).toEqual([])
  } finally {
    await watcher.close()
  }
})

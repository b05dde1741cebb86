import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AssetloomOptions } from '../../src/options.ts'
import { createLibraryFiles } from '../../src/store/library-files.ts'
import { createProject, run, startCli, type TestProject } from '../operations/project.ts'

let project: TestProject
beforeEach(() => {
  project = createProject()
})
afterEach(() => project.remove())

const text = (file: string) => project.read(file).toString()
const isThere = (file: string) => existsSync(project.path(file))
const record = () => JSON.parse(text('assets/sites.json')) as { files: Record<string, object>; sites: Record<string, Record<string, unknown>>; overrides: Record<string, object> }
type Output = Record<string, unknown> & { files: { file: string; state: string; action: string }[] }
const use = (ref: string, more: Record<string, unknown> = {}, options?: AssetloomOptions) => run<Output>(project, 'use', { ref, ...more }, options)
const apply = (ref: string, target: string | undefined, more: Record<string, unknown> = {}, options?: AssetloomOptions) =>
  run<Output & { changed: { setting: string; before?: unknown; after: unknown }[] }>(project, 'apply', { ref, ...(target !== undefined && { target }), ...more }, options)
/** Put an item into the library and the manifest. */
async function item(id: string, body: string, files: Record<string, string> = {}) {
  project.write(`assets/library/${id}.asset.yaml`, body)
  for (const [name, content] of Object.entries(files)) project.write(`assets/library/${id.slice(0, id.lastIndexOf('/'))}/${name}`, content)
  await run(project, 'sync', {})
}
/** What everything but the manifest and the state of the project holds. */
const snapshot = () => Object.fromEntries(project.files('.').filter((file) => !file.startsWith('.assetloom/')).map((file) => [file, text(file)]))
const sites = (more: Record<string, object> = {}): AssetloomOptions => ({ sites: { shop: { root: 'sites/shop', ...more }, blog: { root: 'sites/blog' } } as NonNullable<AssetloomOptions['sites']> })

describe('the command line', () => {
  const cli = async (...args: string[]) => {
    const { code, stdout } = await startCli(project, [...args, '--json'], { PATH: process.env.PATH }).done
    return { code, ...(JSON.parse(stdout) as { ok: boolean; data: Output; error: { code: string; message: string; hint?: string } }) }
  }

  it('copies a template of the starter library with its slots and props filled', async () => {
    const { code, data } = await cli('use', 'templates/sections/hero', '--heading', 'Good $& bread', '--prop', 'action={"href":"/shop","label":"Buy"}', '--slot', 'picture=<img src="/loaf.png" alt="" />')
    expect(code).toBe(0)
    expect(data).toEqual({
      ref: 'templates/sections/hero', version: '1.0.0', site: null, isListed: false, isDryRun: false,
      adopted: ['templates/sections/hero'],
      files: [{ file: 'src/components/hero.astro', state: 'new', action: 'write' }],
      importLine: "import Hero from '/src/components/hero.astro'",
    })
    const copy = text('src/components/hero.astro')
    expect(copy).toContain('heading = "Good $& bread", text, action = {"href":"/shop","label":"Buy"}, secondaryAction }')
    expect(copy).toContain('heading?: string\n  text: string\n  action?: Link')
    expect(copy).toContain('<img src="/loaf.png" alt="" />')
    expect(copy).not.toContain('<slot')
  })

  it.each([
    [['use', 'templates/sections/hero', '--prop', 'titel=x'], 2, 'USE_REFUSED', /no prop titel.*heading, text, action, secondaryAction/],
    [['use', 'templates/sections/hero', '--slot', 'pictur=x'], 2, 'USE_REFUSED', /Did you mean picture\?/],
    [['use', 'templates/sections/hero', '--prop', 'action=/shop'], 2, 'USE_REFUSED', /must be JSON of the type/],
    [['use', 'templates/sections/her'], 1, 'ASSET_UNKNOWN', /no asset/],
    [['use', 'design-tokens/colors/calm'], 2, 'VERB_UNSUITABLE', /it is for style-prompts, templates, ui-components, modules/],
    [['use', 'style-prompts/animation/calm-motion', '--prop', 'durationMs=300'], 2, 'USE_OPTION', /--prop does not go with .* allowed: --out, --param/],
    [['use', 'templates/sections/hero', '--out', 'x'], 2, 'USE_OPTION', /--out does not go with .*--slot, --prop/],
    [['use', 'modules/blog/posts', '--prop', 'title=b'], 2, 'MODULE_WISH', /takes no props/],
    [['use', 'templates/sections/hero', '--to', '../hero.astro'], 2, 'SITE_TARGET', /no place to write/],
    [['use', 'templates/sections/hero', '--to', '.git/hooks/pre-commit'], 2, 'SITE_TARGET', /\.git/],
    [['use', 'templates/sections/hero', 'shop'], 2, 'SITE_UNKNOWN', /no site "shop"/],
    [['apply', 'templates/sections/hero', 'x.css'], 2, 'VERB_UNSUITABLE', /design-tokens, style-prompts, configs\/global/],
    [['apply', 'design-tokens/colors/calm', 'tokens.ts'], 2, 'TARGET_UNFIT', /a \.css file/],
    [['apply', 'design-tokens/colors/calm', 'tokens.css', '--at', 'x'], 2, 'APPLY_OPTION', /--at does not go with .*--form/],
    [['apply', 'style-prompts/brand/flat-editorial'], 2, 'TARGET_NEEDED', /file of a spec/],
    [['apply', 'configs/global/seo/defaults', 'seo.toml'], 2, 'SETTINGS_FILE', /\.json, \.yaml and \.yml/],
    [['apply', 'configs/global/seo/defaults', 'seo.json', '--set', '__proto__.x=1'], 2, 'SETTING_REFUSED', /"__proto__" can be no name/],
    [['apply', 'configs/global/seo/defaults', 'seo.json', '--set', 'a.constructor.x=1'], 2, 'SETTING_REFUSED', /"constructor" can be no name/],
    [['apply', 'configs/site-templates/blog/reading', 'no/id'], 2, 'SITE_INVALID', /no id of a site/],
    [['apply', 'configs/deployment/vercel/static-site', 'missing/folder'], 2, 'TARGET_UNFIT', /vercel\.json/],
    [['customize', 'templates/sections/hero', 'sektions/x'], 1, 'ITEM_INVALID', /pages, sections, layouts/],
    [['customize', 'templates/sections/hero', '--set', 'slotts=1'], 1, 'ITEM_INVALID', /slotts is no field here/],
    [['configure', 'modules/blog/posts', '--set', 'titel=x'], 2, 'MODULE_SETTINGS', /no setting titel.*Did you mean title/],
    [['configure', 'modules/forms/contact', '--set', 'CONTACT_WEBHOOK_URL=x'], 2, 'MODULE_SETTINGS', /stands in the environment/],
    [['override', 'configs/deployment/vercel/static-site', '--set', 'a=1'], 2, 'VERB_UNSUITABLE', /configs\/global/],
    [['deploy', 'configs/global/seo/defaults'], 2, 'VERB_UNSUITABLE', /configs\/deployment/],
    [['deploy', 'configs/deployment/vercel/static-site'], 1, 'DEPLOY_VARIABLES', /VERCEL_ORG_ID, VERCEL_PROJECT_ID, VERCEL_TOKEN/],
  ] as const)('%j is refused and changes nothing', async (args, exit, code, message) => {
    const before = snapshot()
    const result = await cli(...args)
    expect(result).toMatchObject({ ok: false, error: { code } })
    expect(`${result.error.message} ${result.error.hint ?? ''}`).toMatch(message)
    expect(result.code).toBe(exit)
    expect(snapshot()).toEqual(before)
  })
})

describe('use', () => {
  it('leaves what a person wrote, and with force writes over it', async () => {
    project.write('src/components/hero.astro', 'mine')
    const before = snapshot()
    await expect(use('templates/sections/hero')).rejects.toMatchObject({ code: 'FILE_EXISTS', exit: 5 })
    expect(snapshot()).toEqual(before)
    const { files } = await use('templates/sections/hero', { force: true })
    expect(files).toEqual([{ file: 'src/components/hero.astro', state: 'conflict', action: 'replace' }])
    expect(text('src/components/hero.astro')).toContain('<slot name="picture" />')
  })

  it('follows the library as long as the copy was not edited, and keeps what it was filled with', async () => {
    const code = (word: string) => `---\nconst { title } = Astro.props\n---\n<h1>${word} {title}</h1>\n`
    const head = 'version: "1.0.0"\ncode: note.astro\nprops:\n  - { name: title }\n'
    await item('templates/sections/note', head, { 'note.astro': code('Old') })
    await use('templates/sections/note', { prop: { title: 'Bread' } })
    expect((await use('templates/sections/note')).files[0]).toMatchObject({ state: 'current', action: 'keep' })
    await item('templates/sections/note', head, { 'note.astro': code('New') })
    expect((await use('templates/sections/note')).files[0]).toMatchObject({ state: 'outdated', action: 'update' })
    expect(text('src/components/note.astro')).toBe('---\nconst { title = "Bread" } = Astro.props\n---\n<h1>New {title}</h1>\n')

    project.write('src/components/note.astro', 'edited')
    expect((await use('templates/sections/note')).files[0]).toMatchObject({ state: 'modified', action: 'keep' })
    await item('templates/sections/note', head, { 'note.astro': code('Newer') })
    await expect(use('templates/sections/note')).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    expect(text('src/components/note.astro')).toBe('edited')
  })

  it('a dry run says what would be written and writes nothing', async () => {
    const before = snapshot()
    const output = await use('templates/sections/hero', { dryRun: true })
    expect(output).toMatchObject({ isDryRun: true, adopted: ['templates/sections/hero'], files: [{ action: 'write' }] })
    expect(snapshot()).toEqual(before)
  })

  it('fills pages wholly or not at all', async () => {
    await item('templates/pages/about', 'code: about.astro\nprops:\n  - { name: title, required: true }\n', { 'about.astro': '---\nconst { title } = Astro.props\n---\n<h1>{title}</h1>\n' })
    await expect(use('templates/pages/about')).rejects.toMatchObject({ code: 'USE_REFUSED', message: expect.stringContaining('--prop title=') })
    expect((await use('templates/pages/about', { prop: { title: 'About' }, to: 'src/pages/about-us.astro' })).importLine).toBeUndefined()
    expect(text('src/pages/about-us.astro')).toContain('title = "About"')
  })

  it.each([
    ['react', 'box.tsx', 'export interface Props {\n  label: string\n  children?: unknown\n}\nexport default function Box({ label, children }: Props) {\n  return <p title={label}>{children}</p>\n}\n', ['{ label = "Hi", children }', 'label?: string', '<p title={label}><b>in</b></p>']],
    ['vue', 'box.vue', '<script setup lang="ts">\ndefineProps<{ label: string }>()\n</script>\n<template><p>{{ label }}<slot /></p></template>\n', ['withDefaults(defineProps<{ label?: string }>(), { label: "Hi" })', '<p>{{ label }}<b>in</b></p>']],
    ['svelte', 'box.svelte', '<script lang="ts">\n  let { label, children }: { label: string, children?: unknown } = $props()\n</script>\n<p>{label}{@render children?.()}</p>\n', ['{ label = "Hi", children }', 'label?: string', '<p>{label}<b>in</b></p>']],
    ['astro', 'box.astro', '---\ninterface Props { label: string }\nconst { label = "None" } = Astro.props\n---\n<p>{label}<slot>nothing</slot></p>\n', ['{ label = "Hi" }', '<p>{label}<b>in</b></p>']],
  ])('fills a component of %s', async (framework, code, source, expected) => {
    await item('ui-components/cards/box', `framework: ${framework}\ncode: ${code}\nprops:\n  - { name: label, required: true }\n`, { [code]: source })
    const { importLine } = await use('ui-components/cards/box', { prop: { label: 'Hi' }, slot: { default: '<b>in</b>' } })
    for (const part of expected) expect(text(`src/components/${code}`)).toContain(part)
    expect(importLine).toBe(`import Box from '/src/components/${code}'`)
  })

  it('prints the text of a style of the starter library, which the project then has', async () => {
    const { text: filled } = await run<{ text: string }>(project, 'use', { ref: 'style-prompts/animation/calm-motion', param: { durationMs: '300' } })
    expect(filled).toContain('300 ms long')
    expect(project.manifest().assets['style-prompts/animation/calm-motion']).toBeDefined()
  })

  it('stays in the site, also where a link leads out of it', async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'outside-')))
    mkdirSync(project.path('sites/shop'), { recursive: true })
    symlinkSync(outside, project.path('sites/shop/src'))
    await expect(use('templates/sections/hero', { site: 'shop' }, sites())).rejects.toMatchObject({ code: 'PATH_OUTSIDE' })
    rmSync(outside, { recursive: true })
  })

  it.each(['../../evil.ts', '/evil.ts', '.git/hooks/pre-commit', 'node_modules/x.js', 'a/../b.ts'])('no module may write to %s', async (target) => {
    project.write('assets/library/modules/auth/evil.asset.yaml', `files: [evil.ts]\nintegration:\n  - { file: evil.ts, target: ${target} }\n`)
    project.write('assets/library/modules/auth/evil.ts', '')
    const { failed } = await run<{ failed: { code: string; message: string }[] }>(project, 'sync', {})
    expect(failed).toMatchObject([{ code: 'ITEM_INVALID', message: expect.stringContaining('no module may write') }])
  })
})

describe('sites', () => {
  it('collect what they use; which one is meant must be clear', async () => {
    await expect(use('templates/sections/hero', {}, sites())).rejects.toMatchObject({ code: 'SITE_NEEDED', message: expect.stringContaining('blog, shop') })
    expect(await use('templates/sections/hero', { site: 'shop' }, sites())).toMatchObject({ site: 'shop', isListed: true, files: [{ file: 'sites/shop/src/components/hero.astro' }] })
    expect(await apply('design-tokens/colors/calm', 'sites/shop/src/tokens.css', {}, sites())).toMatchObject({ site: 'shop', isListed: true })
    expect(record().sites).toEqual({ shop: { assets: { templates: ['templates/sections/hero'], designTokens: ['design-tokens/colors/calm'] } } })
    const listed = await run<{ sites: { id: string; assets: Record<string, string[]>; problems: object[] }[] }>(project, 'sites', {}, sites({ assets: { modules: ['modules/blog/none'] } }))
    expect(listed.sites.map(({ id }) => id)).toEqual(['blog', 'shop'])
    expect(listed.sites[1]).toMatchObject({ assets: { templates: ['templates/sections/hero'], modules: ['modules/blog/none'] }, problems: [{ ref: 'modules/blog/none', code: 'missing' }] })
  })

  it.each([
    [{ shop: {} }, 'sites.shop.root'],
    [{ shop: { root: '../x' } }, 'must be a folder inside the project'],
    [{ shop: { root: 'a', asets: {} } }, 'Did you mean assets'],
    [{ shop: { root: 'a', assets: { tokens: [] } } }, 'designTokens'],
    [{ shop: { root: 'a', assetPreferences: { cacheStrategy: 'much' } } }, 'aggressive, moderate, minimal'],
    [{ 'a/b': { root: 'a' } }, 'must be a name of letters'],
  ])('options %j are refused', async (bad, problem) => {
    await expect(run(project, 'sites', {}, { sites: bad } as never)).rejects.toMatchObject({ code: 'OPTIONS_INVALID', message: expect.stringContaining(problem) })
  })

  it('a damaged sites.json is told and never written over', async () => {
    project.write('assets/sites.json', '{ "version": 1, "sights": {} }')
    await expect(use('templates/sections/hero')).rejects.toMatchObject({ code: 'SITES_DAMAGED', message: expect.stringContaining('sights') })
    expect(text('assets/sites.json')).toBe('{ "version": 1, "sights": {} }')
  })

  it('keep the version that they began with', async () => {
    const pinning = sites({ assetPreferences: { versionPinning: true } })
    await item('templates/sections/note', 'code: note.astro\n', { 'note.astro': '<p>Note</p>\n' })
    const first = await use('templates/sections/note', { site: 'shop', byImport: true }, pinning)
    expect(first).toMatchObject({ files: [], pinned: '1.0.0', importLine: 'import Note from "asset:templates/sections/note@1.0.0"' })
    await run(project, 'update', { ref: 'templates/sections/note', description: 'Short', minor: true })
    await expect(use('templates/sections/note', { site: 'shop' }, pinning)).rejects.toMatchObject({ code: 'SITE_PINNED', exit: 5, message: expect.stringContaining('1.0.0; the library has 1.1.0') })
    expect(await use('templates/sections/note', { site: 'blog' }, pinning)).not.toHaveProperty('pinned')
    const listed = await run<{ sites: { problems: object[] }[] }>(project, 'sites', { site: 'shop' }, pinning)
    expect(listed.sites[0]!.problems).toMatchObject([{ code: 'outdated' }])
    expect(await use('templates/sections/note', { site: 'shop', repin: true }, pinning)).toMatchObject({ pinned: '1.1.0' })
  })

  it('two processes add to one site at the same time', async () => {
    project.write('assetloom.config.json', JSON.stringify({ sites: { shop: { root: 'sites/shop' } } }))
    const refs = ['templates/sections/hero', 'templates/sections/feature-list', 'ui-components/cards/card', 'modules/blog/posts']
    const results = await Promise.all(refs.map((ref) => startCli(project, ['use', ref, 'shop', '--json']).done))
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    const { assets } = record().sites.shop as { assets: Record<string, string[]> }
    expect(Object.values(assets).flat().sort()).toEqual([...refs].sort())
  })
})

describe('apply', () => {
  it('gives each token set a part of the style sheet, and leaves the rest to people', async () => {
    project.write('src/tokens.css', '@import "reset.css";\n')
    await apply('design-tokens/colors/calm', 'src/tokens.css')
    await apply('design-tokens/spacing/scale', 'src/tokens.css', { form: 'tailwind' })
    const sheet = text('src/tokens.css')
    expect(sheet).toMatch(/^@import "reset\.css";\n\n\/\* asset:design-tokens\/colors\/calm [0-9a-f]{8}/)
    expect(sheet).toContain('--primary: #1d4ed8;')
    expect(sheet).toContain('[data-mode="dark"]')
    expect(sheet).toContain('@theme {\n  --spacing-none: 0rem;')
    expect((await apply('design-tokens/colors/calm', 'src/tokens.css')).files[0]).toMatchObject({ action: 'keep' })
    expect(text('src/tokens.css')).toBe(sheet)

    project.write('src/tokens.css', sheet.replace('--primary: #1d4ed8', '--primary: red').replace('reset', 'base'))
    await expect(apply('design-tokens/colors/calm', 'src/tokens.css')).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    await apply('design-tokens/colors/calm', 'src/tokens.css', { force: true })
    expect(text('src/tokens.css')).toBe(sheet.replace('reset', 'base'))
  })

  it('writes tokens as Sass and as DTCG by the ending of the file', async () => {
    await apply('design-tokens/spacing/scale', 'src/tokens.scss')
    expect(text('src/tokens.scss')).toContain('$space-small: 0.5rem;')
    await apply('design-tokens/spacing/scale', 'tokens.json')
    expect(JSON.parse(text('tokens.json'))).toMatchObject({ space: { small: { $value: { value: 0.5, unit: 'rem' } } } })
  })

  const spec = '# our hero\nversion: "1.0"\nid: hero\ngeneration: { type: image } # local\nprompt:\n  base: A loaf # of bread\n'

  it('puts a style into a spec and keeps its comments', async () => {
    project.write('specs/hero.yaml', spec)
    const { changed } = await apply('style-prompts/animation/calm-motion', 'specs/hero.yaml', { prop: { durationMs: '300' } })
    expect(changed).toMatchObject([{ setting: 'prompt.style', after: expect.stringContaining('300 ms long') }])
    const written = text('specs/hero.yaml')
    for (const comment of ['# our hero', '# local', '# of bread']) expect(written).toContain(comment)
    expect((parse(written) as { prompt: { style: string } }).prompt.style).toContain('300 ms long')
    expect((await apply('style-prompts/animation/calm-motion', 'specs/hero.yaml', { prop: { durationMs: '300' } })).changed).toEqual([])
    expect(text('specs/hero.yaml')).toBe(written)
  })

  it('asks which spec of a file is meant', async () => {
    project.write('specs/two.yaml', `${spec}---\n${spec.replace('id: hero', 'id: card')}`)
    await expect(apply('style-prompts/brand/flat-editorial', 'specs/two.yaml')).rejects.toMatchObject({ code: 'SPEC_NOT_IN_FILE', hint: expect.stringContaining('--spec hero') })
    await apply('style-prompts/brand/flat-editorial', 'specs/two.yaml', { spec: 'card' })
    expect(text('specs/two.yaml').split('---').map((part) => part.includes('Flat editorial'))).toEqual([false, true])
  })

  it('merges settings into YAML with its comments, and into JSON', async () => {
    project.write('site.yaml', '# the site\nname: Bakery # ours\nseo:\n  language: de # German\n  other: 1\n')
    const { changed } = await apply('configs/global/seo/defaults', 'site.yaml', { at: 'seo', set: { canonical: 'false' } })
    expect(changed).toContainEqual({ setting: 'seo.language', before: 'de', after: 'en' })
    const written = text('site.yaml')
    for (const kept of ['# the site', 'name: Bakery # ours', '# German', 'other: 1']) expect(written).toContain(kept)
    expect(parse(written)).toMatchObject({ name: 'Bakery', seo: { language: 'en', other: 1, canonical: false, openGraph: { type: 'website' } } })

    project.write('site.json', '{\n    "a": { "b": 1 }\n}\n')
    await apply('configs/global/seo/defaults', 'site.json', { at: 'a' })
    expect(text('site.json')).toMatch(/^\{\n {4}"a": \{\n {8}"b": 1,\n {8}"language": "en"/)
    project.write('tsconfig.json', '{ // comment\n}')
    await expect(apply('configs/global/seo/defaults', 'tsconfig.json')).rejects.toMatchObject({ code: 'SETTINGS_FILE', message: expect.stringContaining('comments in it would be lost') })
  })

  it('lays the overrides of the item, the project and the site over each other', async () => {
    await item('configs/global/seo/ours', 'config: { a: 1, b: { c: 1, d: [1, 2] } }\noverrides:\n  - { site: shop, config: { a: 2 } }\n')
    const override = (more: Record<string, unknown>) => run<{ config: unknown; overrides: unknown }>(project, 'override', { ref: 'configs/global/seo/ours', ...more }, sites())
    expect((await override({ set: { 'b.c': '3' } })).config).toEqual({ a: 1, b: { c: 3, d: [1, 2] } })
    expect((await override({ set: { 'b.d': '[9]' }, site: 'shop' })).config).toEqual({ a: 2, b: { c: 3, d: [9] } })
    await apply('configs/global/seo/ours', 'sites/shop/seo.json', {}, sites())
    await apply('configs/global/seo/ours', 'sites/blog/seo.json', {}, sites())
    expect(JSON.parse(text('sites/shop/seo.json'))).toEqual({ a: 2, b: { c: 3, d: [9] } })
    expect(JSON.parse(text('sites/blog/seo.json'))).toEqual({ a: 1, b: { c: 3, d: [1, 2] } })
    expect((await override({ unset: ['b.c'] })).overrides).toEqual({})
    await item('configs/global/seo/ours', 'config: { a: 1 }\nappliesTo: [blog]\n')
    await expect(apply('configs/global/seo/ours', 'sites/shop/seo.json', {}, sites())).rejects.toMatchObject({ code: 'CONFIG_NOT_FOR_SITE' })
  })

  it('makes a site from a template with what it recommends', async () => {
    const made = await apply('configs/site-templates/blog/reading', 'notes', { set: { title: 'Notes' } })
    expect(made).toMatchObject({ site: 'notes', added: expect.arrayContaining(['modules/blog/posts', 'design-tokens/colors/warm']), missing: [] })
    expect(record().sites.notes).toMatchObject({ root: 'sites/notes', config: { title: 'Notes', language: 'en' }, assets: { modules: ['modules/blog/posts'] } })
    expect(project.manifest().assets['modules/blog/posts']).toBeDefined()
    await expect(apply('configs/site-templates/blog/reading', 'notes', { root: 'else' })).rejects.toMatchObject({ code: 'SITE_ROOT_STANDS' })

    const alone: AssetloomOptions = { sites: { plain: { root: 'sites/plain', assetPreferences: { autoImport: false } } } }
    expect(await apply('configs/site-templates/blog/reading', 'plain', {}, alone)).toMatchObject({ added: [], adopted: [] })
  })

  it('an updated template changes what was not changed here', async () => {
    await item('configs/site-templates/blog/ours', 'config: { title: One, kept: 1, gone: 1, nested: { a: 1, b: 1 } }\nrecommendedAssets: [templates/sections/nowhere]\n')
    expect(await apply('configs/site-templates/blog/ours', 'notes', { set: { title: 'Mine' } })).toMatchObject({ missing: ['templates/sections/nowhere'] })
    await item('configs/site-templates/blog/ours', 'config: { title: Two, kept: 1, new: 1, nested: { a: 2, b: 1 } }\n')
    await apply('configs/site-templates/blog/ours', 'notes')
    expect(record().sites.notes!.config).toEqual({ title: 'Mine', kept: 1, new: 1, nested: { a: 2, b: 1 } })
  })
})

describe('customize', () => {
  it('derives an item that depends on what it was made from', async () => {
    const made = await run<{ ref: string; files: string[] }>(project, 'customize', { ref: 'ui-components/buttons/button-react', id: 'buttons/buy', set: { description: 'Buys', 'props.0.default': 'secondary', tags: '["shop"]' } })
    expect(made.ref).toBe('ui-components/buttons/buy')
    expect(made.files).toEqual(['buy.asset.yaml', 'buy.tsx', 'buy.css'].map((name) => `assets/library/ui-components/buttons/${name}`))
    const derived = parse(text(made.files[0]!)) as Record<string, unknown>
    expect(derived).toMatchObject({ name: 'Buy', version: '1.0.0', description: 'Buys', tags: ['shop'], code: 'buy.tsx', styles: 'buy.css', dependencies: { 'ui-components/buttons/button-react': '^1.0.0' } })
    expect((derived.props as { default: string }[])[0]!.default).toBe('secondary')
    expect(readFileSync(project.path('assets/library/ui-components/buttons/buy.tsx'), 'utf8')).toContain("'./buy.css'")
    const { findings } = await run<{ findings: { severity: string }[] }>(project, 'validate', {})
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    await expect(run(project, 'customize', { ref: 'ui-components/buttons/button-react', id: 'buttons/buy' })).rejects.toMatchObject({ exit: 5 })
  })
})

describe('modules', () => {
  it('are installed three-way; their settings belong to the site', async () => {
    const installed = await run<{ pack: string; items: { target: string; action: string }[] }>(project, 'install', { source: 'modules/blog/posts' })
    expect(installed).toMatchObject({ pack: 'modules/blog/posts', version: '1.0.0' })
    expect(installed.items.every(({ action }) => action === 'install')).toBe(true)
    const configured = await run(project, 'configure', { ref: 'modules/blog/posts', set: { title: 'Notes' } })
    expect(configured).toMatchObject({ file: 'src/blog-settings.json', values: { title: 'Notes', language: 'en' }, isWritten: true })
    expect(JSON.parse(text('src/blog-settings.json'))).toEqual({ title: 'Notes', description: 'New posts from this site.', language: 'en' })

    project.write('src/content/blog/first-post.md', 'mine')
    const again = await run<{ items: { target: string; state: string; action: string }[] }>(project, 'install', { source: 'modules/blog/posts' })
    expect(again.items.filter(({ state }) => state !== 'current')).toEqual([expect.objectContaining({ target: 'src/content/blog/first-post.md', state: 'modified', action: 'keep' })])
    expect(JSON.parse(text('src/blog-settings.json'))).toMatchObject({ title: 'Notes' })
    await run(project, 'configure', { ref: 'modules/blog/posts', unset: ['title'] })
    expect(JSON.parse(text('src/blog-settings.json'))).toMatchObject({ title: 'Blog' })
  })

  it('check their settings by the schema', async () => {
    await item('modules/auth/login', 'configuration:\n  attempts: { type: number, required: true }\n  strict: { type: boolean, default: true }\n  LOGIN_SECRET: { type: string, environment: true }\n')
    const configure = (more: object) => run(project, 'configure', { ref: 'modules/auth/login', ...more })
    await expect(configure({ set: { attempts: 'three' } })).rejects.toMatchObject({ code: 'MODULE_SETTINGS', message: expect.stringContaining('attempts must be a number') })
    expect(await configure({})).toMatchObject({ values: { strict: true }, missing: ['attempts'], isWritten: false, environment: [{ name: 'LOGIN_SECRET', isSet: false }] })
    expect(isThere('src/login-settings.json')).toBe(false)
    await configure({ set: { attempts: '3', strict: 'false' } })
    expect(JSON.parse(text('src/login-settings.json'))).toEqual({ attempts: 3, strict: false })
    project.write('src/login-settings.json', '{ "atempts": 3 }')
    await expect(configure({ set: { attempts: '3' } })).rejects.toMatchObject({ message: expect.stringContaining('no setting atempts') })
  })
})

describe('deploy', () => {
  const variables = { VERCEL_ORG_ID: 'team_1a2b3c4d5e', VERCEL_PROJECT_ID: 'prj_1a2b3c4d5e', VERCEL_TOKEN: 'tok_1a2b3c4d5e' }
  const deploy = async (args: string[], env: Record<string, string> = variables) => {
    const { code, stdout, stderr } = await startCli(project, ['deploy', ...args, '--json'], { PATH: process.env.PATH, ...env }).done
    return { code, all: stdout + stderr, ...(JSON.parse(stdout) as { data: Output & { commands: object[]; next?: string; text: string }; error: { code: string; message: string } }) }
  }
  const build = (script: string) => {
    project.write('package.json', JSON.stringify({ type: 'module', scripts: { build: 'node build.mjs' } }))
    project.write('build.mjs', script)
  }
  const ref = 'configs/deployment/vercel/static-site'
  const makesFile = "import { mkdirSync, writeFileSync } from 'node:fs'\nmkdirSync('dist', { recursive: true })\nwriteFileSync('dist/index.html', process.cwd())\n"

  it('writes the file, builds in the folder of the site, and says what uploads', async () => {
    build(makesFile)
    const { code, data, all } = await deploy([ref])
    expect(code).toBe(0)
    expect(data).toMatchObject({ files: [{ file: 'vercel.json', action: 'write' }], commands: [{ step: 'build', command: 'npm run build', isRun: true }], next: 'npx vercel deploy --prod', missingVariables: [] })
    expect(text('dist/index.html')).toBe(project.root)
    expect(JSON.parse(text('vercel.json'))).toMatchObject({ outputDirectory: 'dist' })
    for (const value of Object.values(variables)) expect(all).not.toContain(value)
  })

  it('shows everything and does nothing in a dry run', async () => {
    build(makesFile)
    const before = snapshot()
    const { code, data } = await deploy([ref, '--dry-run'], {})
    expect(code).toBe(0)
    expect(data).toMatchObject({ missingVariables: Object.keys(variables), commands: [{ isRun: false }], isDryRun: true })
    expect(JSON.parse(data.text)).toMatchObject({ cleanUrls: true })
    expect(snapshot()).toEqual(before)
  })

  it('a build that fails ends it; what it wrote is shown without the values of variables', async () => {
    build("console.error('no luck with ' + process.env.VERCEL_ORG_ID)\nprocess.exit(3)\n")
    const { code, error, all } = await deploy([ref])
    expect(code).toBe(1)
    expect(error.code).toBe('DEPLOY_FAILED')
    expect(error.message).toContain('no luck with [redacted]')
    expect(all).not.toContain(variables.VERCEL_ORG_ID)
    build('')
    expect((await deploy([ref])).error.code).toBe('DEPLOY_OUTPUT')
  })

  it.each(['npm run build && rm -rf /', 'npm run $(build)', 'FOO=1 npm run build', 'npm run "build"', 'npm run build; ls', 'npm run build\\nls', 'npm run ~', '', '-c ls', 'npm run `x`', 'npm > x'])(
    'gives no shell %j',
    async (command) => {
      await item('configs/deployment/custom/ours', `config: {}\nbuildSettings: { command: ${JSON.stringify(command)} }\n`)
      const { code, error } = await deploy(['configs/deployment/custom/ours'])
      expect([code, error.code]).toEqual([2, 'COMMAND_REFUSED'])
    },
  )

  it('runs a command that uploads only when the item names one', async () => {
    build(makesFile)
    project.write('upload.mjs', "import { writeFileSync } from 'node:fs'\nwriteFileSync('uploaded', '')\n")
    await item('configs/deployment/custom/ours', 'config: {}\nbuildSettings: { command: npm run build, output: dist, deploy: node upload.mjs }\n')
    const { data } = await deploy(['configs/deployment/custom/ours'])
    expect(data.commands).toMatchObject([{ step: 'build' }, { step: 'deploy', command: 'node upload.mjs', isRun: true }])
    expect(data.next).toBeUndefined()
    expect(isThere('uploaded')).toBe(true)
  })
})

describe('files of platforms', () => {
  it.each([
    ['cloudflare', 'wrangler.jsonc', /"name": "my-site"[^]*"compatibility_date": "\d{4}-\d\d-\d\d"[^]*"assets": \{[^}]*"directory": "\.\/dist"/, 'CLOUDFLARE_API_TOKEN'],
    ['vercel', 'vercel.json', /"buildCommand": "npm run build"[^]*"outputDirectory": "dist"/, 'VERCEL_TOKEN'],
    ['netlify', 'netlify.toml', /\[build\]\ncommand = "npm run build"\npublish = "dist"/, 'NETLIFY_AUTH_TOKEN'],
  ])('of %s is whole as soon as its item is made', async (platform, file, shape, variable) => {
    const created = `configs/deployment/${platform}/My_site`
    await run(project, 'create', { kind: 'configs/deployment', name: `${platform}/My_site` })
    await apply(created, '.')
    expect(text(file)).toMatch(shape)
    expect(text(`assets/library/${created}.asset.yaml`)).toContain(variable)
  })

  it('of Vercel is what its schemas allow', async () => {
    const { default: Ajv } = await import('ajv')
    const { headersSchema, redirectsSchema, rewritesSchema, cleanUrlsSchema, trailingSlashSchema } = await import('@vercel/routing-utils')
    await apply('configs/deployment/vercel/static-site', '.')
    const { $schema, ...file } = JSON.parse(text('vercel.json')) as Record<string, unknown>
    expect($schema).toMatch(/vercel\.json$/)
    const schemas: Record<string, object> = { headers: headersSchema, redirects: redirectsSchema, rewrites: rewritesSchema, cleanUrls: cleanUrlsSchema, trailingSlash: trailingSlashSchema }
    const ajv = new Ajv({ strict: false })
    const checked = Object.keys(file).filter((name) => schemas[name])
    expect(checked.sort()).toEqual(['cleanUrls', 'headers', 'trailingSlash'])
    for (const name of checked) {
      const validate = ajv.compile(schemas[name]!)
      expect([name, validate(file[name]), validate.errors]).toEqual([name, true, null])
    }
  })

  it('of Netlify is what its own parsers read', async () => {
    const [{ parseAllHeaders }, { parseAllRedirects }] = await Promise.all([import('@netlify/headers-parser'), import('@netlify/redirect-parser')])
    await item(
      'configs/deployment/netlify/moved',
      'config:\n  headers: [{ for: /fonts/*, values: { Cache-Control: "max-age=60" } }]\n  redirects: [{ from: /old/*, to: "/new/:splat", status: 301 }, { from: /gone, to: /404, status: 404, force: true }]\nbuildSettings: { command: npm run build, output: dist }\n',
    )
    for (const [ref, headers, redirects] of [['configs/deployment/netlify/static-site', 2, 0], ['configs/deployment/netlify/moved', 1, 2]] as const) {
      await apply(ref, '.', { force: true })
      const netlifyConfigPath = project.path('netlify.toml')
      const read = [
        await parseAllHeaders({ headersFiles: [], netlifyConfigPath, configHeaders: [], minimal: true }),
        await parseAllRedirects({ redirectsFiles: [], netlifyConfigPath, configRedirects: [], minimal: true }),
      ] as const
      expect([read[0].errors, read[1].errors]).toEqual([[], []])
      expect([read[0].headers.length, read[1].redirects.length]).toEqual([headers, redirects])
    }
  })

  it('of Cloudflare is what its own check finds nothing against', async () => {
    // The package is made for a bundle with CommonJS in it, and looks for this when it is loaded.
    vi.stubGlobal('require', createRequire(import.meta.url))
    const { normalizeAndValidateConfig } = await import('@cloudflare/workers-utils').finally(() => vi.unstubAllGlobals())
    const check = (config: object) => {
      const { diagnostics } = normalizeAndValidateConfig(config, project.path('wrangler.jsonc'), undefined, {})
      return [diagnostics.renderErrors(), diagnostics.renderWarnings()].join('').match(/^ +- .*/gm) ?? []
    }
    const written = () => JSON.parse(text('wrangler.jsonc').replace(/^\/\/.*\n/, '')) as { assets: object }
    await apply('configs/deployment/cloudflare/static-site', '.')
    expect(check(written())).toEqual([])
    expect(check({ ...written(), assets: { ...written().assets, directry: './dist' } })).toEqual([expect.stringContaining('directry')])
    await run(project, 'create', { kind: 'configs/deployment', name: 'cloudflare/My_site' })
    await apply('configs/deployment/cloudflare/My_site', '.', { force: true })
    expect(check(written())).toEqual([])
  })

  it('of Netlify and Cloudflare hold what the item says, as TOML and as JSON', async () => {
    const { parse: parseToml } = await import('smol-toml')
    await apply('configs/deployment/netlify/static-site', '.')
    expect(parseToml(text('netlify.toml'))).toEqual((parse(readFileSync(new URL('../../library/configs/deployment/netlify/static-site.asset.yaml', import.meta.url), 'utf8')) as { config: object }).config)
    await apply('configs/deployment/cloudflare/static-site', '.', { set: { name: 'bakery' } })
    expect(JSON.parse(text('wrangler.jsonc').replace(/^\/\/.*\n/, ''))).toMatchObject({ name: 'bakery', assets: { directory: './dist' } })
    rmSync(project.path('wrangler.jsonc'))
    project.write('wrangler.toml', 'name = "mine"\n')
    await expect(apply('configs/deployment/cloudflare/static-site', '.')).rejects.toMatchObject({ code: 'FILE_EXISTS', message: expect.stringContaining('wrangler.toml') })
    await apply('configs/deployment/cloudflare/static-site', 'wrangler.toml', { force: true })
    expect(parseToml(text('wrangler.toml'))).toMatchObject({ name: 'site', compatibility_date: '2026-01-01', assets: { not_found_handling: '404-page' } })
  })
})

describe('every item of the starter library', () => {
  const starter = createLibraryFiles({ root: fileURLToPath(new URL('../..', import.meta.url)), folder: 'library' })
  const ids = (kind: string) => starter.list().map((file) => file.slice('library/'.length, -'.asset.yaml'.length)).filter((id) => id.startsWith(`${kind}/`))

  it.each([
    ...ids('design-tokens').flatMap((id) => [['apply', id, 'src/tokens.css'], ['apply', id, 'src/tokens.scss'], ['apply', id, 'tokens.json']]),
    ...ids('configs/global').flatMap((id) => [['apply', id, 'conf.yaml'], ['apply', id, 'conf.json']]),
    ...ids('configs/site-templates').map((id) => ['apply', id, 'shop']),
    ...ids('configs/deployment').map((id) => ['apply', id, '.']),
    ...ids('templates').map((id) => ['use', id]),
    ...ids('ui-components').map((id) => ['use', id]),
    ...ids('modules').map((id) => ['use', id]),
    ...['templates', 'ui-components', 'ai-prompts', 'style-prompts', 'configs/site-templates', 'agent-workflows'].flatMap((kind) => ids(kind).map((id) => ['customize', id])),
  ])('%s %s %s', async (verb, id, target) => {
    const output = await run<{ files: (string | { action: string })[]; missing?: string[] }>(project, verb!, { ref: id, ...(target && { target }) })
    if (id!.startsWith('configs/site-templates') && verb === 'apply') expect(output.missing).toEqual([])
    else expect(output.files.length).toBeGreaterThan(0)
    const { findings } = await run<{ findings: { severity: string }[] }>(project, 'validate', {})
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})

describe('a module that was changed in the library and where it was installed', () => {
  const ref = 'modules/forms/notes'
  const target = 'src/notes.ts'
  const library = 'assets/library/modules/forms/notes.ts'
  const lines = (first: string, last: string) => `// ${first}\n\nexport const title = 'Untitled'\n\n// ${last}\n`
  const install = (more: object = {}) =>
    run<{ items: { target: string; state: string; action: string; why?: string; diff?: { ours: string; theirs: string }; conflicts?: unknown[] }[] }>(project, 'install', { source: ref, ...more })
  beforeEach(async () => {
    await run(project, 'create', { kind: 'modules', name: 'forms/notes' })
    project.write(library, lines('first', 'last'))
    await run(project, 'sync', {})
    await install()
    project.write(target, lines('first here', 'last'))
  })
  const publish = async (text: string) => {
    project.write(library, text)
    await run(project, 'sync', {})
  }

  it('is merged line by line, told before by --diff', async () => {
    await publish(lines('first', 'last there'))
    const { items } = await install({ diff: true })
    expect(items).toMatchObject([{ target, state: 'conflict', action: 'keep', diff: { ours: expect.stringContaining('+// first here'), theirs: expect.stringContaining('+// last there') } }])
    expect(text(target)).toBe(lines('first here', 'last'))
    expect((await install({ onConflict: 'merge', dryRun: true })).items).toMatchObject([{ action: 'merge' }])
    expect(text(target)).toBe(lines('first here', 'last'))
    expect((await install({ onConflict: 'merge' })).items).toMatchObject([{ target, state: 'conflict', action: 'merge' }])
    expect(text(target)).toBe(lines('first here', 'last there'))
    expect((await install({ onConflict: 'merge' })).items).toMatchObject([{ state: 'modified', action: 'keep' }])
    await publish(lines('first', 'last again'))
    await install({ onConflict: 'merge' })
    expect(text(target)).toBe(lines('first here', 'last again'))
  })

  it('stays where both changed a line, with both sides told and exit 5', async () => {
    await publish(lines('first there', 'last'))
    const { code, stdout } = await startCli(project, ['install', ref, '--on-conflict', 'merge', '--json']).done
    expect(code).toBe(5)
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'PACK_CONFLICT', hint: expect.not.stringContaining('rename') },
      data: { items: [{ target, action: 'keep', conflicts: [{ path: target, line: 1 }] }] },
    })
    expect(text(target)).toBe(lines('first here', 'last'))
  })

  it('is told to have nothing to merge from where the file was there before', async () => {
    project.write('assets/sites.json', JSON.stringify({ version: 1 }))
    await publish(lines('first', 'last there'))
    const { stdout } = await startCli(project, ['install', ref, '--on-conflict', 'merge']).done
    expect(stdout).toContain('it was not written by the module')
    expect(stdout).toContain('--on-conflict replace brings')
    expect(text(target)).toBe(lines('first here', 'last'))
  })

  it('keeps its base through a cleanup, and says so when that is gone for good', async () => {
    await publish(lines('first', 'last there'))
    const { hash } = record().files[target] as { hash: string }
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 60 * 60 * 1000 })
    const { items } = await run<{ items: { name: string }[] }>(project, 'cleanup', {}).finally(() => vi.useRealTimers())
    expect(items.map(({ name }) => name)).not.toContain(hash)
    expect((await install({ dryRun: true, onConflict: 'merge' })).items).toMatchObject([{ action: 'merge' }])
    rmSync(project.path('.assetloom'), { recursive: true })
    expect((await install({ onConflict: 'merge' })).items).toMatchObject([{ action: 'keep', why: `what ${ref} 1.0.0 installed is kept nowhere` }])
    expect(text(target)).toBe(lines('first here', 'last'))
  })

  it('advises only what works', async () => {
    await publish(lines('first', 'last there'))
    expect((await startCli(project, ['install', ref]).done).stdout).toContain('--on-conflict merge or replace brings')
    await expect(install({ onConflict: 'rename' })).rejects.toMatchObject({ code: 'MODULE_RENAME' })
  })
})

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runNode, type Project } from '../project.ts'
import { noisyPng } from '../pictures.ts'
import { astro, astroConfig, astroSite, attributeOf, build, dev, onDemandFiles, page, particle, post, type Built, type DevSite } from './astro-site.ts'

const pagePath = 'src/pages/index.astro'
const postPath = 'src/content/posts/one.md'

/** Local files that a page names, in attributes and styles. */
function named(html: string): string[] {
  const attributes = [...html.matchAll(/\s(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1]!)
  const candidates = [...html.matchAll(/\ssrcset="([^"]+)"/g)].flatMap((match) => match[1]!.split(',').map((one) => one.trim().split(/\s+/)[0]!))
  const styles = [...html.matchAll(/url\((\/[^)]+)\)/g)].map((match) => match[1]!)
  return [...attributes, ...candidates, ...styles]
}

describe('astro build', () => {
  let project: Project
  let built: Built
  beforeAll(async () => {
    project = await astroSite()
    built = await build(project)
    expect(built.code, built.stdout + built.stderr).toBe(0)
  })

  it('gives <Image> what it needs, without an adapter', () => {
    expect(built.attribute('esm', 'src')).toMatch(/^\/_astro\/LOGO-ACME-MARK001\.[\w-]+\.webp$/)
    expect(built.attribute('esm', 'height')).toBe('80')
    expect(built.attribute('esm', 'alt')).toBe('The mark')
  })

  it('takes a ref with an extension', () => {
    expect(built.attribute('webp', 'src')).toMatch(/\/LOGO-ACME-MARK001-300\.[\w-]+\.webp$/)
    expect(built.files).toContain(built.attribute('url', 'href')!.slice(1))
  })

  it('resolves ~asset/ in Markdown and frontmatter, and leaves code alone', () => {
    expect(built.html).toMatch(/<img alt="A photo"[^>]* src="\/_astro\/PHOTO-ACME-BODY001\.[\w-]+\.webp"/)
    expect(built.attribute('cover', 'src')).toMatch(/\/PHOTO-ACME-COVER001\.[\w-]+\.webp$/)
    expect(built.html).toContain('asset:LOGO-ACME-MARK001</span>')
  })

  it('renders <Asset> by a ref from data, with the text of the manifest', () => {
    expect(built.attribute('asset', 'src')).toMatch(/\/PHOTO-ACME-HERO001\.[\w-]+\.webp$/)
    expect(built.attribute('asset', 'alt')).toBe('A hero')
    expect(built.attribute('asset', 'width')).toBe('100')
    expect(built.attribute('asset', 'height')).toBe('67')
    expect(built.attribute('asset', 'loading')).toBe('lazy')
    expect(built.attribute('asset', 'decoding')).toBe('async')
    expect(built.attribute('asset', 'class')).toBe('big')
    expect(built.attribute('asset', 'data-x')).toBe('1')
  })

  it('renders <Picture> by an alias, in the formats and widths asked for, decorative by alt=""', () => {
    expect(built.html).toMatch(/<source srcset="\S+\.webp 40w, \S+\.webp 80w" type="image\/webp" sizes="10vw">/)
    expect(built.html).not.toContain('image/avif')
    expect(built.attribute('picture', 'alt')).toBe('')
    expect(built.attribute('picture', 'src')).toContain('/PARTICLE-ACME-MAIN001.')
  })

  it('makes a collection of assets', () => {
    expect(built.html).toContain('<li data-id="LOGO-ACME-MARK001" data-alt="The mark" data-size="300x200"')
    expect(built.html).toContain('<li data-id="PHOTO-ACME-UNUSED001"')
    expect(built.html).not.toContain('<li data-id="PHOTO-ACME-CSS001"')
    expect(built.attribute('collected', 'src')).toContain('/LOGO-ACME-MARK001.')
  })

  it('ships every file it names, and originals only where a page shows them', () => {
    const names = named(built.html)
    expect(names.length).toBeGreaterThan(10)
    expect(built.files).toEqual(expect.arrayContaining(names.map((name) => name.slice(1))))
    const originals = built.files.filter((file) => /\/[A-Z]+-ACME-[A-Z]+001\.[^._]+\.png$/.test(file))
    // Shown by style sheets; the hero also has derived sizes, for which Astro alone would have taken the original away.
    expect(originals.map((file) => /(?:PHOTO|LOGO|PARTICLE)-[A-Z]+-[A-Z]+/.exec(file)![0])).toEqual(['PHOTO-ACME-CSS', 'PHOTO-ACME-HERO'])
    expect(built.files.filter((file) => file.includes('UNUSED'))).toEqual([])
  })

  it('puts the base before every URL', async () => {
    project.write({ 'astro.config.mjs': astroConfig(`base: '/app'`) })
    const based = await build(project)
    project.write({ 'astro.config.mjs': astroConfig() })
    expect(based.code, based.stderr).toBe(0)
    const names = named(based.html)
    expect(names.filter((name) => !name.startsWith('/app/'))).toEqual([])
    expect(based.files).toEqual(expect.arrayContaining(names.map((name) => name.slice('/app/'.length))))
  })

  it.each([
    ['an import', pagePath, page.replace("'asset:LOGO-ACME-MARK001'", "'asset:LOGO-ACME-NARK001'"), 'src/pages/index.astro:5', 'ASSET_UNKNOWN'],
    ['a component', pagePath, page.replace('ref="particle"', 'ref="partikle"'), 'src/pages/index.astro:17', 'ASSET_UNKNOWN'],
    ['a style', pagePath, page.replace('CSS001', 'CSS002'), 'src/pages/index.astro:24', 'ASSET_UNKNOWN'],
    ['the text of an entry', postPath, post.replace('BODY001', 'BODY002'), 'src/content/posts/one.md:8', 'ASSET_UNKNOWN'],
    ['the frontmatter of an entry', postPath, post.replace('COVER001', 'COVER002'), 'src/content/posts/one.md:3', 'ASSET_UNKNOWN'],
    ['data that a component shows', postPath, post.replace('HERO001', 'HERO002'), 'PHOTO-ACME-HERO002', 'ASSET_UNKNOWN'],
    ['asset: in an image of an entry', postPath, `${post}\n![x](asset:LOGO-ACME-MARK001)\n`, 'src/content/posts/one.md:14', 'CONTENT_SPELLING'],
    ['asset: in HTML of an entry', postPath, `${post}\n<img alt="" src="asset:LOGO-ACME-MARK001">\n`, 'src/content/posts/one.md:14', 'CONTENT_SPELLING'],
    ['asset: in frontmatter', postPath, post.replace('~asset/PHOTO-ACME-COVER001.png', 'asset:PHOTO-ACME-COVER001'), 'src/content/posts/one.md:3', 'CONTENT_SPELLING'],
    ['a Markdown page', 'src/pages/about.md', '# About\n\n![x](asset:LOGO-ACME-MARK001)\n', 'src/pages/about.md:3', 'CONTENT_SPELLING'],
    ['no text for a picture', pagePath, page.replace('sizes="10vw" alt=""', '').replace('ref="particle"', 'ref="PHOTO-ACME-BODY001"'), 'PHOTO-ACME-BODY001', 'ALT_MISSING'],
    ['no ref', pagePath, page.replace('ref={post.data.hero}', 'ref={post.data.nothing}'), '<Asset> in /', 'COMPONENT_REF_MISSING'],
  ])('fails for a mistake in %s, and says where', async (_what, path, text, place, code) => {
    const file = join(project.root, path)
    const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined
    project.write({ [path]: text })
    const failed = await build(project)
    project.write({ [path]: before ?? '# About\n' })
    const output = failed.stdout + failed.stderr
    expect(failed.code, output).not.toBe(0)
    expect(output).toContain(code)
    expect(output).toContain(place)
    if (code === 'CONTENT_SPELLING') expect(output).toMatch(/~asset\/(?:LOGO-ACME-MARK001|PHOTO-ACME-COVER001)\.png/)
    if (code === 'ASSET_UNKNOWN') expect(output).toMatch(/Did you mean .*assets\/manifest\.json/)
  })
})

describe('pages rendered on demand', () => {
  it('show the assets whose names stand in the sources, and refuse others by name', async () => {
    const project = await astroSite()
    project.write({
      ...onDemandFiles,
      'src/pages/live.astro': `---
import { Asset } from 'assetloom/astro/components'
export const prerender = false
const wanted = { known: 'PHOTO-ACME-UNUSED001' }
---
<Asset ref={Astro.url.searchParams.get('ref')} width={50} alt={Astro.url.searchParams.get('alt') ?? undefined} />`,
      'ask.mjs': `
        const { app } = await import('./dist/server/entry.mjs')
        for (const query of process.argv.slice(2)) {
          try { console.log(await (await app.render(new Request('http://site/live?' + query))).text()) } catch (error) { console.log(error.code, error.message) }
        }`,
    })
    const built = await build(project)
    expect(built.code, built.stdout + built.stderr).toBe(0)
    const { stdout } = await runNode(['ask.mjs', 'ref=LOGO-ACME-MARK001', 'ref=PHOTO-ACME-UNUSED001', 'ref=PHOTO-ACME-UNUSED001&alt=Given', 'ref=NOPE'], project.root)
    const [mark, textless, given, nope] = stdout.trim().split('\n')
    expect(mark).toMatch(/<img src="\/_image\?href=%2F_astro%2FLOGO-ACME-MARK001\.[^"]+" alt="The mark"/)
    expect(textless).toMatch(/^ALT_MISSING .*<Asset ref="PHOTO-ACME-UNUSED001"> in \/live/)
    expect(given).toContain('alt="Given"')
    expect(nope).toMatch(/^REF_NOT_BUNDLED .*NOPE/)
    const index = readFileSync(join(project.root, 'dist/client/index.html'), 'utf8')
    expect(built.files).toEqual(expect.arrayContaining(named(index).map((name) => `client${name}`)))
  })
})

describe('astro sync', () => {
  it('gives typed imports, components and collections, and refuses what does not exist', async () => {
    const project = await astroSite()
    project.write({
      'src/good.ts': [
        `import logo, { width } from 'asset:LOGO-ACME-MARK001'`,
        `import cover from '~asset/PHOTO-ACME-COVER001.png'`,
        `import type { ImageMetadata } from 'astro'`,
        `import type { CollectionEntry } from 'astro:content'`,
        `import { Asset, Picture, type AssetRef } from 'assetloom/astro/components'`,
        `export const picture: ImageMetadata = logo`,
        `export const other: ImageMetadata = cover`,
        `export const exact: 300 = width`,
        `export const refs: AssetRef[] = ['LOGO-ACME-MARK001', 'particle']`,
        `Asset({ ref: 'LOGO-ACME-MARK001', width: 20, class: 'x' })`,
        `Picture({ ref: 'particle', alt: '', formats: ['avif'], widths: [10] })`,
        `export const entry = (one: CollectionEntry<'pictures'>): ImageMetadata | undefined => one.data.image`,
      ].join('\n'),
    })
    const synced = await astro(project, 'sync')
    expect(synced.code, synced.stdout + synced.stderr).toBe(0)
    const check = () => runNode([join(project.root, 'node_modules/typescript/bin/tsc'), '--noEmit'], project.root)
    const good = await check()
    expect(good.stdout).toBe('')
    project.write({
      'src/bad.ts': [
        `import a from 'asset:LOGO-ACME-MARK002'`,
        `import b from 'asset:LOGO-ACME-NOPE001.webp'`,
        `import c from '~asset/PHOTO-ACME-NOPE001.png'`,
        `import { Asset, Picture } from 'assetloom/astro/components'`,
        `Asset({ ref: 'LOGO-ACME-MARK002' })`,
        `Picture({ ref: 'particle', formats: ['gif'] })`,
        `Asset({ ref: 'particle', colour: 'red' })`,
        `export { a, b, c }`,
      ].join('\n'),
    })
    const bad = await check()
    expect([...bad.stdout.matchAll(/src\/bad\.ts\((\d+),/g)].map((match) => Number(match[1]))).toEqual([1, 2, 3, 5, 6, 7])
  }, 180_000)
})

describe('astro dev', () => {
  let project: Project
  let site: DevSite
  beforeAll(async () => {
    project = await astroSite()
    site = await dev(project)
  })
  afterAll(() => site?.stop())

  /** Content-hash folder of the file that a place of the page shows. */
  const folderIn = (text: string, token: string, near: RegExp) => {
    const place = near.exec(decodeURIComponent(decodeURIComponent(text.replaceAll('%20', ' '))))?.[0] ?? ''
    return new RegExp(`files/([0-9a-f]{8})/${token}`).exec(place)?.[1]
  }
  const consumers: Record<string, [token: string, near: RegExp]> = {
    'an import in a page': ['LOGO-ACME-MARK001', /<img[^>]*id="esm"[^>]*>/],
    'a component': ['PHOTO-ACME-HERO001', /<img[^>]*id="asset"[^>]*>/],
    'a component by alias': ['PARTICLE-ACME-MAIN001', /<img[^>]*id="picture"[^>]*>/],
    'the text of a content entry': ['PHOTO-ACME-BODY001', /<img[^>]*alt="A photo"[^>]*>/],
    'the frontmatter of a content entry': ['PHOTO-ACME-COVER001', /<img[^>]*id="cover"[^>]*>/],
    'an entry of an asset collection': ['LOGO-ACME-MARK001', /<img[^>]*id="collected"[^>]*>/],
    'a style': ['PHOTO-ACME-CSS001', /url\([^)]*PHOTO-ACME-CSS001[^)]*\)/],
  }
  const folders = (text: string) => Object.fromEntries(Object.entries(consumers).map(([name, [token, near]]) => [name, folderIn(text, token, near)]))

  let seed = 100
  const replace = async (token: string) => {
    const file = `in/${token}.png`
    project.write({ [file]: await noisyPng(300, 200, seed++) })
    const updated = await project.cli('update', token, '--file', file)
    expect(updated.code, updated.stderr).toBe(0)
  }
  /** Consumers that still show what they showed before. */
  const stale = async (before: Record<string, string | undefined>, names: string[]) => {
    const now = folders((await site.get()).text)
    return names.filter((name) => !now[name] || now[name] === before[name])
  }

  it('shows the replaced asset at a new URL in a content entry, though its collection is as it was', async () => {
    const first = await site.get()
    expect(first.status, first.text.slice(0, 2000) + site.output()).toBe(200)
    const before = folders(first.text)
    expect(Object.entries(before).filter(([, folder]) => !folder)).toEqual([])
    await replace('PHOTO-ACME-BODY001')
    await replace('PHOTO-ACME-COVER001')
    await expect.poll(() => stale(before, ['the text of a content entry', 'the frontmatter of a content entry']), { timeout: 20_000 }).toEqual([])
  })

  it('shows the regenerated asset at a new URL to every consumer', async () => {
    const before = folders((await site.get()).text)
    project.write({ 'specs/particle.yaml': particle.replace('seed: 1', 'seed: 2') })
    for (const token of new Set(Object.values(consumers).map(([token]) => token))) if (!token.startsWith('PARTICLE')) await replace(token)
    await expect.poll(() => stale(before, Object.keys(consumers)), { timeout: 20_000 }).toEqual([])
  })

  it('serves the picture that /_image names', async () => {
    const { text } = await site.get()
    const src = attributeOf(text, 'cover', 'src')!
    expect(src).toMatch(/^\/_image\?/)
    const response = await fetch(site.url + src)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp'])
  })

  it('adds what is imported to an asset collection', async () => {
    project.write({ 'in/new.png': await noisyPng(60, 40, 77) })
    const imported = await project.cli('import', 'in/new.png', '--category', 'Icons', '--family', 'ACME', '--variant', 'UI', '--tags', 'shown', '--alt', 'New')
    expect(imported.code, imported.stderr).toBe(0)
    await expect.poll(async () => (await site.get()).text, { timeout: 20_000 }).toContain('<li data-id="ICON-ACME-UI001" data-alt="New"')
  })

  it('refuses asset: in content until it is mended', async () => {
    const file = join(project.root, postPath)
    writeFileSync(file, `${post}\n![x](asset:LOGO-ACME-MARK001)\n`)
    await expect.poll(async () => (await site.get()).status, { timeout: 20_000 }).toBe(500)
    expect(site.output()).toContain('CONTENT_SPELLING')
    expect(site.output()).toContain('src/content/posts/one.md:14')
    expect(site.output()).toContain('~asset/LOGO-ACME-MARK001.png')
    writeFileSync(file, post)
    await expect.poll(async () => (await site.get()).status, { timeout: 20_000 }).toBe(200)
  })

  it('follows the config file, and goes on as before while that has a mistake', async () => {
    const config = readFileSync(join(project.root, 'assetloom.config.ts'), 'utf8')
    project.write({ 'assetloom.config.ts': config.replace('{ tokens', '{ bogus: 1, tokens') })
    await expect.poll(() => site.output(), { timeout: 20_000 }).toMatch(/there is no option "bogus"[^]*Continuing with previous valid configuration/)
    expect(attributeOf((await site.get()).text, 'asset', 'alt')).toBe('A hero')
    project.write({ 'assetloom.config.ts': config })
    await expect.poll(() => site.output(), { timeout: 20_000 }).toContain('server restarted')
    await expect.poll(async () => attributeOf((await site.get()).text, 'asset', 'alt'), { timeout: 20_000 }).toBe('A hero')
    expect(site.output()).not.toMatch(/transport was disconnected|runner has been closed/)
  })
})

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { png } from '../operations/project.ts'
import { astro, build, dev } from '../plugin/astro-site.ts'
import { createProject, type Project } from '../project.ts'
import { asUser } from './hosts.ts'
import { createShelf, palette, rowOf, type Shelf } from './shelf.ts'

/* An Astro site whose user has taken assets over, which the project does not have. */

const forest = 'design-tokens/colors/forest'
const star = 'images/icons/star'
const badge = 'ui-components/cards/badge'

const badgeItem = 'name: Badge\nversion: "1.0.0"\nframework: astro\ncode: badge.astro\nstyles: badge.css\nprops:\n  - { name: label, type: string, required: true }\n'
const badgeCode = `---
import { Image } from 'astro:assets'
import star from 'asset:${star}'
import tokens from 'asset:${forest}'
import './badge.css'
interface Props { label: string }
const { label } = Astro.props
---
<article id="badge" class="badge" style={\`color: \${tokens.leaf}\`}><Image id="star" src={star} alt="" width={12} />{label}</article>
`
const badgeStyle = '.badge { border: 7px solid }\n'

const page = `---
import { Image } from 'astro:assets'
import { Asset } from 'assetloom/astro/components'
import Badge from 'asset:${badge}'
import star, { width } from 'asset:${star}'
---
<html lang="en"><head><title>Page</title></head><body>
<Badge label="Of a catalog" />
<Image id="own" src={star} alt="" width={20} data-width={width} />
<Asset id="asset" ref="${star}" alt="" width={16} />
<div class="sky">x</div>
</body></html>
<style>.sky { background: url(asset:${star}) }</style>
`

interface Site {
  shelf: Shelf
  project: Project
}

/** @param library - what lies in the user's own library; the picture lies in the cache only */
async function siteOf(library: readonly string[]): Promise<Site> {
  const picture = await png(7)
  const others = { [`assets/${badge}.astro`]: badgeCode, [`assets/${badge}.css`]: badgeStyle }
  const shelf = await createShelf({
    files: {
      'assets/index.csv': formatIndex([rowOf(forest, palette), rowOf(star, picture, { extension: 'png' }), rowOf(badge, badgeItem, { others })]),
      [`assets/${forest}.asset.yaml`]: palette, [`assets/${star}.png`]: picture, [`assets/${badge}.asset.yaml`]: badgeItem, ...others,
    },
  })
  for (const query of library) await shelf.ask('add', { query }, { confirm: async () => true })
  // The project of the shelf is another one: what it gets lies in the cache for all.
  await shelf.ask('add', { query: star, local: true })
  const project = createProject({
    packages: ['astro', 'vite', 'typescript', 'sharp'],
    files: {
      'assetloom.config.ts': `export default ${JSON.stringify({ catalog: shelf.options.catalog, constants: false })}\n`,
      'astro.config.mjs': `import { defineConfig } from 'astro/config'\nimport assetloom from 'assetloom/astro'\nexport default defineConfig({ integrations: [assetloom()] })\n`,
      'tsconfig.json': '{ "extends": "astro/tsconfigs/strict", "include": [".astro/types.d.ts", "**/*"], "exclude": ["dist"] }',
      'src/pages/index.astro': page,
    },
  })
  shelf.catalog.requests.length = 0
  return { shelf, project }
}
const inLibrary = ({ shelf }: Site, file: string) => join(shelf.config, 'assetloom/library', file)

describe('astro build of what only this machine has', () => {
  let site: Site
  beforeAll(async () => {
    site = await siteOf([forest, badge])
  })

  it('takes a component with its style sheet and what it imports, pictures and tokens, asks nobody and writes nothing', async () => {
    const { shelf, project } = site
    const { code, html, files, attribute, stdout, stderr } = await asUser(shelf, () => build(project))
    expect(code, stdout + stderr).toBe(0)
    expect(html).toContain('Of a catalog')
    expect(attribute('badge', 'style')).toBe('color: #228833')
    expect(attribute('own', 'data-width')).toBe('24')
    for (const id of ['star', 'own', 'asset']) expect(files).toContain(attribute(id, 'src')!.slice(1))
    const styles = files.filter((file) => file.endsWith('.css')).map((file) => readFileSync(join(project.root, 'dist', file), 'utf8')).join('') + html
    expect(styles).toMatch(/border:\s*7px solid/)
    expect(styles).toMatch(/\.sky\S*\s*\{\s*background:\s*url\(\/_astro\/[^)]+\.png\)|\.sky\S*\s*\{\s*background:\s*url\(["']?data:image\/png/)
    for (const [ref, place] of [[forest, 'your own library'], [badge, 'your own library'], [star, 'the catalog cache']]) expect(stdout + stderr).toContain(`${ref} is not in the project: it comes from ${place}`)
    expect(shelf.catalog.requests).toEqual([])
    expect(existsSync(join(project.root, 'assets'))).toBe(false)
  })

  it('gives it types', async () => {
    const { shelf, project } = site
    project.write({ 'src/typed.ts': `import tokens from 'asset:${forest}'\nexport const leaf: '#228833' = tokens.leaf\n` })
    const synced = await asUser(shelf, () => astro(project, 'sync'))
    expect(synced.code, synced.stdout + synced.stderr).toBe(0)
    expect(readFileSync(join(project.root, '.assetloom/types/assets-0.d.ts'), 'utf8')).toContain(`"asset:${forest}"`)
  })

  it('fails while frozen, with the command, and after it goes through without the user\'s folder', async () => {
    const { shelf, project } = site
    const frozen = () => asUser(shelf, () => {
      project.write({ 'assetloom.config.ts': `export default ${JSON.stringify({ catalog: shelf.options.catalog, constants: false, generate: 'frozen' })}\n` })
      return build(project)
    })
    const failed = await frozen()
    expect(failed.code).not.toBe(0)
    expect(failed.stdout + failed.stderr).toMatch(/ASSET_ONLY_HERE/)
    expect(failed.stdout + failed.stderr).toMatch(/npx assetloom add \S+ --local/)
    expect(shelf.catalog.requests).toEqual([])
    for (const ref of [forest, star, badge]) {
      const added = await asUser(shelf, () => project.cli('add', ref, '--local', '--yes'))
      expect(added.code, added.stderr).toBe(0)
    }
    await shelf.catalog.close()
    const { code, html, stdout, stderr } = await build(project)
    expect(code, stdout + stderr).toBe(0)
    expect(html).toContain('color: #228833')
  })
})

describe('astro dev of what only this machine has', () => {
  it('shows it, and follows edits in the library', async () => {
    const site = await siteOf([forest, badge])
    const server = await asUser(site.shelf, () => dev(site.project))
    try {
      const first = await server.get()
      expect(first.status, first.text.slice(0, 2000) + server.output()).toBe(200)
      expect(first.text).toContain('color: #228833')
      writeFileSync(inLibrary(site, `${forest}.asset.yaml`), palette.replace('#228833', '#00ff00'))
      await expect.poll(async () => (await server.get()).text, { timeout: 20_000 }).toContain('color: #00ff00')
      writeFileSync(inLibrary(site, `${badge}.astro`), badgeCode.replace('{label}', '{label}, changed'))
      await expect.poll(async () => (await server.get()).text, { timeout: 20_000 }).toContain('Of a catalog, changed')
    } finally {
      await server.stop()
    }
    expect(site.shelf.catalog.requests).toEqual([])
    expect(existsSync(join(site.project.root, 'assets'))).toBe(false)
  })

  it('offers what only a catalog has', async () => {
    const site = await siteOf([])
    const server = await asUser(site.shelf, () => dev(site.project))
    try {
      const { status, text } = await server.get()
      expect(status).toBe(500)
      expect(text + server.output()).toContain(`npx assetloom add ${badge} --local`)
    } finally {
      await server.stop()
    }
  })
})

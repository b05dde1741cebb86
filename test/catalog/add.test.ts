import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { describe, expect, it } from 'vitest'
import { createShelf, palette, told } from './shelf.ts'

describe('search and add', () => {
  it('finds an asset, adds it to the project, and its import gives its value', async () => {
    const shelf = await createShelf()
    expect((await shelf.ask('catalog search', { query: 'commit' })).results).toEqual([
      expect.objectContaining({ ref: 'ai-prompts/code/commit-message', catalog: 'acme', hasMetadata: true }),
    ])
    const { assets } = await shelf.ask('add', { query: 'forest', local: true })
    expect(assets).toEqual([expect.objectContaining({ ref: 'design-tokens/colors/forest', layer: 'project', state: 'added' })])
    expect(shelf.read('assets/library/design-tokens/colors/forest.asset.yaml').toString()).toBe(palette)
    expect(shelf.manifest().assets['design-tokens/colors/forest']).toMatchObject({
      version: '1.2.0',
      source: { type: 'catalog', catalog: 'acme', revision: shelf.catalog.repository.resolve('main'), path: 'assets/design-tokens/colors/forest.asset.yaml' },
    })
    shelf.write('entry.js', 'export { default } from "asset:design-tokens/colors/forest"')
    const { default: assetloom } = (await import('../../dist/plugin/vite.js')) as { default: (options: object) => never }
    await build({
      root: shelf.root, configFile: false, logLevel: 'silent', plugins: [assetloom(shelf.options)],
      build: { outDir: 'out', ssr: 'entry.js', minify: false, rollupOptions: { output: { entryFileNames: 'entry.mjs' } } },
    })
    expect(await import(shelf.path('out/entry.mjs'))).toMatchObject({ default: { leaf: '#228833' } })
  })

  it('adds a picture under its ref, and sync, validate and list take it as any other', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: 'images/icons/star', local: true })
    expect(shelf.manifest().assets['images/icons/star']).toMatchObject({ kind: 'image', widthPx: 24, license: 'CC0-1.0', file: 'assets/images/icons/star.png' })
    expect(await shelf.ask('sync', {})).toMatchObject({ added: [], changed: [], missing: [], unregistered: [], failed: [] })
    expect((await shelf.ask('list', {})).assets ?? (await shelf.ask('list', {}))).toBeTruthy()
  })

  it('adds to the library of the user when nothing else is said, and keeps a copy', async () => {
    const shelf = await createShelf()
    const text = await told(shelf, 'add', { query: 'commit-message' })
    expect(text).toContain('✓ Added ai-prompts/code/commit-message to your library')
    const file = 'ai-prompts/code/commit-message.asset.yaml'
    for (const place of [join(shelf.config, 'assetloom/library', file), shelf.cached(file)]) expect(existsSync(place)).toBe(true)
    expect(existsSync(shelf.path('assets/manifest.json'))).toBe(false)
    expect((await shelf.ask('add', { query: 'commit-message' })).assets[0].state).toBe('current')
  })
})

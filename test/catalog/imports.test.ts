import { existsSync } from 'node:fs'
import { build, createServer, type InlineConfig } from 'vite'
import { describe, expect, it } from 'vitest'
import type { AssetloomOptions } from '../../src/options.ts'
import { createShelf, type Shelf } from './shelf.ts'

const forest = 'design-tokens/colors/forest'
const star = 'images/icons/star'
const shout = 'tools/generators/shout'

/** The project under a host that knows nothing of this process's options. */
async function hostOf(shelf: Shelf, options: AssetloomOptions): Promise<InlineConfig> {
  const { default: assetloom } = (await import('../../dist/plugin/vite.js')) as { default: (options: object) => never }
  return { root: shelf.root, configFile: false, logLevel: 'silent', plugins: [assetloom({ ...shelf.options, ...options })] }
}

/** The user's folder is read from the environment when the plugin starts. */
async function asUser<T>(shelf: Shelf, work: () => Promise<T>): Promise<T> {
  const before = { XDG_CONFIG_HOME: process.env.XDG_CONFIG_HOME, CI: process.env.CI }
  process.env.XDG_CONFIG_HOME = shelf.config
  delete process.env.CI
  try {
    return await work()
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

const built = (shelf: Shelf, options: AssetloomOptions) =>
  asUser(shelf, async () =>
    build({ ...(await hostOf(shelf, options)), build: { outDir: 'out', ssr: 'entry.js', minify: false, rollupOptions: { output: { entryFileNames: 'entry.mjs' } } } }),
  )

/** What a dev server answers for a module that names a ref. */
const served = (shelf: Shelf, options: AssetloomOptions, ref: string) =>
  asUser(shelf, async () => {
    shelf.write('entry.js', `export { default } from ${JSON.stringify(`asset:${ref}`)}`)
    const server = await createServer({ ...(await hostOf(shelf, options)), server: { host: '127.0.0.1', port: 0, hmr: false, ws: false }, optimizeDeps: { noDiscovery: true } })
    try {
      await server.listen()
      return { module: (await server.ssrLoadModule('/entry.js')) as Record<string, unknown>, error: undefined }
    } catch (thrown) {
      const { message, hint } = thrown as Error & { hint?: string }
      return { module: undefined, error: `${message}\n${hint ?? ''}` }
    } finally {
      await server.close()
    }
  })

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

  it('is never added when it holds code that nobody let in', async () => {
    const shelf = await createShelf()
    const { error } = await served(shelf, catalogOf(shelf, 'auto'), shout)
    expect(error).toContain(`It holds code (assets/${shout}.ts)`)
    expect(error).toContain(`npx assetloom add ${shout} --local`)
    expect(shelf.catalog.requests.some(({ target }) => target.includes('shout'))).toBe(false)
    expect(hasManifest(shelf)).toBe(false)
  })
})

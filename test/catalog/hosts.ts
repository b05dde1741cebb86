import { build, createServer, type InlineConfig, type ViteDevServer } from 'vite'
import type { AssetloomOptions } from '../../src/options.ts'
import type { Shelf } from './shelf.ts'

/* The project of a shelf under Vite, as its user would run it. */

/** The project under a host that knows nothing of this process's options. */
async function hostOf(shelf: Shelf, options: AssetloomOptions, config: InlineConfig): Promise<InlineConfig> {
  const { default: assetloom } = (await import('../../dist/plugin/vite.js')) as { default: (options: object) => never }
  return { root: shelf.root, configFile: false, logLevel: 'silent', plugins: [assetloom({ ...shelf.options, ...options })], ...config }
}

/** The user's folder is read from the environment when the plugin starts. */
export async function asUser<T>(shelf: Shelf, work: () => Promise<T>): Promise<T> {
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

/** Build `entry.js` into `out/entry.mjs`. */
export const built = (shelf: Shelf, options: AssetloomOptions, config: InlineConfig = {}) =>
  asUser(shelf, async () =>
    build({ ...(await hostOf(shelf, options, config)), build: { outDir: 'out', ssr: 'entry.js', minify: false, rollupOptions: { output: { entryFileNames: 'entry.mjs' } } } }),
  )

/** A dev server for as long as the work goes. */
export const serving = <T>(shelf: Shelf, options: AssetloomOptions, work: (server: ViteDevServer) => Promise<T>, config: InlineConfig = {}) =>
  asUser(shelf, async () => {
    const server = await createServer({ ...(await hostOf(shelf, options, config)), server: { host: '127.0.0.1', port: 0 }, optimizeDeps: { noDiscovery: true } })
    try {
      await server.listen()
      return await work(server)
    } finally {
      await server.close()
    }
  })

/** What a dev server answers for a module that names a ref. */
export const served = (shelf: Shelf, options: AssetloomOptions, ref: string) => {
  shelf.write('entry.js', `export { default } from ${JSON.stringify(`asset:${ref}`)}`)
  return serving(shelf, options, async (server) => {
    try {
      return { module: (await server.ssrLoadModule('/entry.js')) as Record<string, unknown>, error: undefined }
    } catch (thrown) {
      const { message, hint } = thrown as Error & { hint?: string }
      return { module: undefined, error: `${message}\n${hint ?? ''}` }
    }
  })
}

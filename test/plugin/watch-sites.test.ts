import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rspack } from '@rspack/core'
import { context } from 'esbuild'
import { watch as rolldownWatch } from 'rolldown'
import { watch as rollupWatch } from 'rollup'
import { build } from 'vite'
import { expect, it } from 'vitest'
import webpack from 'webpack'
import esbuildPlugin from '../../dist/plugin/esbuild.js'
import rolldownPlugin from '../../dist/plugin/rolldown.js'
import rollupPlugin from '../../dist/plugin/rollup.js'
import rspackPlugin from '../../dist/plugin/rspack.js'
import vitePlugin from '../../dist/plugin/vite.js'
import webpackPlugin from '../../dist/plugin/webpack.js'
import type { AssetloomOptions } from '../../src/options.ts'
import { plainPng } from '../pictures.ts'
import { createProject } from '../project.ts'
import { mediaRule, type Compiler } from './hosts.ts'

/* A build in watch mode that began before any site kept a version. */

const logo = 'LOGO-ACME-MARK001'

interface Watch {
  close(): unknown
}
/** @param options - those of the config file; rollup has no folder of its own in which it would be looked for */
type WatchIn = (root: string, entry: string, outDir: string, options: AssetloomOptions) => Promise<Watch> | Watch

/** Each bundle must be let go before the next. */
const closingBundles = (watcher: { on(event: 'event', listener: (event: { code: string; result?: { close(): unknown } | undefined }) => void): unknown } & Watch): Watch => {
  watcher.on('event', (event) => {
    if (event.code === 'BUNDLE_END') void event.result?.close()
  })
  return watcher
}
const packWatch = (compiler: Compiler, plugin: () => unknown): WatchIn => (root, entry, path) => {
  const watching = compiler({
    mode: 'development', devtool: false, target: 'node', context: root, entry: `./${entry}`,
    experiments: { outputModule: true }, output: { path, filename: 'main.js', module: true, library: { type: 'module' } },
    module: { rules: [mediaRule] }, plugins: [plugin() as never],
  }).watch({ aggregateTimeout: 20 }, () => undefined)!
  return { close: () => new Promise((done) => watching.close(done)) }
}

const hosts: Record<string, WatchIn> = {
  vite: async (root, entry, outDir) =>
    closingBundles((await build({ root, configFile: false, logLevel: 'silent', plugins: [vitePlugin()], build: { watch: {}, outDir, ssr: entry, minify: false, rollupOptions: { output: { entryFileNames: 'main.js' } } } })) as never),
  rollup: (root, entry, dir, options) =>
    closingBundles(rollupWatch({ input: join(root, entry), plugins: [rollupPlugin({ ...options, root })], output: { dir, format: 'es', entryFileNames: 'main.js' }, onLog() {} }) as never),
  rolldown: (root, entry, dir) =>
    closingBundles(rolldownWatch({ input: join(root, entry), cwd: root, plugins: [rolldownPlugin()], output: { dir, format: 'es', entryFileNames: 'main.js' }, onLog() {} }) as never),
  webpack: packWatch(webpack, () => webpackPlugin()),
  rspack: packWatch(rspack as unknown as Compiler, () => rspackPlugin()),
  async esbuild(root, entry, outdir) {
    const building = await context({ absWorkingDir: root, entryPoints: { main: entry }, outdir, bundle: true, format: 'esm', logLevel: 'silent', loader: { '.png': 'file' }, plugins: [esbuildPlugin()] })
    await building.watch()
    return { close: () => building.dispose() }
  },
}

const sites = { shop: { root: 'shop' } }
const patience = { timeout: 20_000, interval: 100 }

it.each(Object.keys(hosts).flatMap((host) => [[host, 'declares a site', { sites }, {}], [host, 'has no site at all', {}, { sites }]] as const))(
  '%s in a project that %s follows the first version that one keeps',
  { timeout: 60_000 },
  async (host, _what, declared, later) => {
    const options: AssetloomOptions = { tokens: { families: { ACME: 'Acme' } }, constants: false, ...declared }
    const project = createProject({
      files: {
        'assetloom.config.ts': `export default ${JSON.stringify(options)}`,
        'in/one.png': await plainPng(24, 16, '#FF6B35'),
        'in/two.png': await plainPng(40, 30, '#112233'),
        'shop/main.js': `import { width } from "asset:${logo}"\nexport default "width " + width`,
      },
    })
    await project.cli('import', 'in/one.png', '--category', 'Logos', '--family', 'ACME', '--variant', 'MARK')
    await project.cli('update', logo, '--file', 'in/two.png')
    const watching = await hosts[host]!(project.root, 'shop/main.js', join(project.root, 'dist'), options)
    const width = () => {
      try {
        return /width(?: = |: | " \+ )?\D{0,12}(24|40)/.exec(readFileSync(join(project.root, 'dist/main.js'), 'utf8'))?.[1]
      } catch {
        return undefined
      }
    }
    const keep = (pins: object) =>
      project.write({ 'assets/sites.json': JSON.stringify({ version: 1, sites: { shop: { ...('sites' in later ? sites.shop : {}), pins } } }) })
    try {
      await expect.poll(width, patience).toBe('40')
      // Watchers begin a moment after the first build.
      await new Promise((resolve) => setTimeout(resolve, 500))
      keep({ [logo]: '1.0.0' })
      await expect.poll(width, patience).toBe('24')
      keep({})
      await expect.poll(width, patience).toBe('40')
    } finally {
      await watching.close()
    }
  },
)

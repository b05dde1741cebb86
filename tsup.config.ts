import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

const hosts = ['rollup', 'rolldown', 'webpack', 'rspack', 'esbuild']
const hostEntries = Object.fromEntries(hosts.map((host) => [`plugin/${host}`, `src/plugin/${host}.ts`]))

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string }

/**
 * What every start of the plugin loads stands in the build: zod alone is a hundred files, of which little is used, and
 * finding and opening them took more time than all else.
 */
const bundled = ['zod', 'semver', 'p-limit', 'yocto-queue', 'fastest-levenshtein', 'gpt-tokenizer']

function keepLicense(name: string): void {
  const file = readdirSync(`node_modules/${name}`).find((file) => /^licen[cs]e/i.test(file))
  if (!file) throw new Error(`${name} has no license file to keep.`)
  cpSync(`node_modules/${name}/${file}`, `dist/licenses/${name}.txt`)
}

export default defineConfig([
  {
    entry: {
      index: 'src/index.ts',
      'cli/main': 'src/cli/main.ts',
      'generators/worker': 'src/generators/workers/worker.ts',
      'engine/program-process': 'src/engine/program-process.ts',
      'plugin/vite': 'src/plugin/vite.ts',
      'plugin/astro': 'src/plugin/astro.ts',
      'plugin/astro/collection': 'src/plugin/astro/collection.ts',
      ...hostEntries,
    },
    format: 'esm',
    target: 'node22',
    platform: 'node',
    removeNodeProtocol: false,
    splitting: true,
    clean: true,
    dts: { entry: { index: 'src/index.ts', 'plugin/vite': 'src/plugin/vite.ts', 'plugin/astro': 'src/plugin/astro.ts', 'plugin/astro/collection': 'src/plugin/astro/collection.ts', ...hostEntries, 'runtime/index': 'src/runtime/index.ts' } },
    external: ['vite', 'astro', 'rollup', 'rolldown', 'webpack', '@rspack/core', 'esbuild'],
    noExternal: bundled,
    onSuccess: async () => bundled.forEach(keepLicense),
    define: { __ASSETLOOM_VERSION__: JSON.stringify(version) },
  },
  {
    // What runs in a visitor's or developer's browser: whole files, no Node.
    entry: {
      'runtime/hot': 'src/runtime/hot.ts',
      'runtime/index': 'src/runtime/index.ts',
      'plugin/astro/toolbar': 'src/plugin/astro/toolbar.ts',
      'plugin/astro/on-demand': 'src/plugin/astro/on-demand.ts',
    },
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    splitting: false,
    dts: false,
  },
])

import { join } from 'node:path'
import { rspack } from '@rspack/core'
import { build as esbuild } from 'esbuild'
import { rolldown } from 'rolldown'
import { rollup } from 'rollup'
import webpack from 'webpack'
import esbuildPlugin from '../../dist/plugin/esbuild.js'
import rolldownPlugin from '../../dist/plugin/rolldown.js'
import rollupPlugin from '../../dist/plugin/rollup.js'
import rspackPlugin from '../../dist/plugin/rspack.js'
import webpackPlugin from '../../dist/plugin/webpack.js'

export type Compiler = typeof webpack
export const mediaRule = { test: /\.(png|webp)$/, type: 'asset/resource' }
export const cssRule = { test: /\.css$/, type: 'css/auto' }
/** One build with webpack or Rspack; rejects with what they report. */
export const pack = (root: string, compiler: Compiler, plugin: unknown, rules: object[] = [mediaRule], target = 'node') => (entry: string, outDir: string) =>
  new Promise<void>((resolve, reject) => {
    compiler(
      {
        mode: 'production',
        target,
        context: root,
        entry,
        experiments: { outputModule: true, css: true },
        output: { path: outDir, filename: 'good.mjs', publicPath: '/', module: true, library: { type: 'module' }, assetModuleFilename: 'assets/[name].[contenthash][ext]' },
        module: { rules },
        plugins: [plugin as never],
      },
      (error, stats) => {
        if (error) reject(error)
        else if (stats!.hasErrors()) reject(new Error(stats!.toString({ all: false, errors: true })))
        else resolve()
      },
    )
  })

/** Each builds `entry` of a project into a folder as `good.mjs`, with pictures and style sheets as its users configure them. */
export const bundlers = (root: string, options: object, target = 'node'): Record<string, (entry: string, outDir: string) => Promise<unknown>> => ({
  async rollup(entry, outDir) {
    const bundle = await rollup({ input: join(root, entry), plugins: [rollupPlugin({ ...options, root })], logLevel: 'silent' })
    await bundle.write({ dir: outDir, entryFileNames: 'good.mjs', format: 'es' })
    await bundle.close()
  },
  async rolldown(entry, outDir) {
    const bundle = await rolldown({ input: join(root, entry), plugins: [rolldownPlugin({ ...options, root })], logLevel: 'silent' })
    await bundle.write({ dir: outDir, entryFileNames: 'good.mjs', format: 'es' })
    await bundle.close()
  },
  webpack: (entry, outDir) => pack(root, webpack, webpackPlugin(), [mediaRule, cssRule], target)(`./${entry}`, outDir),
  rspack: (entry, outDir) => pack(root, rspack as unknown as Compiler, rspackPlugin(), [mediaRule, cssRule], target)(`./${entry}`, outDir),
  esbuild: (entry, outDir) =>
    esbuild({
      absWorkingDir: root,
      entryPoints: [entry],
      outdir: outDir,
      entryNames: 'good',
      outExtension: { '.js': '.mjs' },
      bundle: true,
      format: 'esm',
      logLevel: 'silent',
      assetNames: 'assets/[name]-[hash]',
      loader: { '.png': 'file', '.webp': 'file' },
      plugins: [esbuildPlugin()],
    }),
})

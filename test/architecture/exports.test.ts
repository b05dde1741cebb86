import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastGlob from 'fast-glob'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pkg = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string | Record<string, string>>
  bin: Record<string, string>
  files: string[]
  dependencies: Record<string, string>
}

describe('package.json', () => {
  const targets = Object.entries(pkg.exports).flatMap(([subpath, target]) => (typeof target === 'string' ? [[subpath, target]] : Object.values(target).map((file) => [subpath, file])))

  it.each(targets)('exports %s as a file that is there: %s', (_subpath, target) => {
    if (target!.includes('*')) expect(fastGlob.sync(target!.replace('./', ''), { cwd: root })).not.toEqual([])
    else expect(existsSync(join(root, target!))).toBe(true)
    const top = target!.replace('./', '').split('/')[0]!
    expect([...pkg.files.map((file) => file.split('/')[0]), 'package.json']).toContain(top)
  })

  it.each(Object.entries(pkg.bin))('has the program %s', (_name, file) => {
    expect(readFileSync(join(root, file), 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true)
  })

  it('depends on every package that dist imports', () => {
    const peers = new Set(['vite', 'astro', 'webpack', '@rspack/core', 'rollup', 'rolldown', 'esbuild', 'unplugin', 'assetloom'])
    const used = new Set<string>()
    for (const file of fastGlob.sync('dist/**/*.js', { cwd: root })) {
      for (const match of readFileSync(join(root, file), 'utf8').matchAll(/^(?:import|export)[^'"\n]*?from ['"]([^'".][^'"]*)['"]|\bimport\(['"]([^'".][^'"]*)['"]\)|^import ['"]([^'".][^'"]*)['"]/gm)) {
        const specifier = (match[1] ?? match[2] ?? match[3])!
        if (/^(?:node:|virtual:|asset:|astro:|\/|\0)/.test(specifier)) continue
        used.add(specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/'))
      }
    }
    expect([...used].filter((name) => !(name in pkg.dependencies) && !peers.has(name))).toEqual([])
  })
})

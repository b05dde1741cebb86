import { statSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { mediaFormats } from '../core/media.ts'

const mediaGlob = `**/*.{${mediaFormats.flatMap((format) => [format.extension, ...(format.alsoExtensions ?? [])]).join(',')}}`

/**
 * The files that names, folders and globs stand for, in a stable order, each once.
 * A plain name is returned whether it exists or not, so that its absence is reported.
 * @returns paths relative to the root where they lie in it, else absolute
 */
export async function findSourceFiles(root: string, patterns: readonly string[]): Promise<string[]> {
  const { default: fastGlob } = await import('fast-glob')
  const found = new Set<string>()
  for (const pattern of patterns) {
    const path = resolve(root, pattern)
    const stat = statOrUndefined(path)
    if (stat?.isDirectory()) for (const file of await glob(mediaGlob, path)) found.add(file)
    else if (!stat && fastGlob.isDynamicPattern(pattern)) for (const file of await glob(pattern, root)) found.add(file)
    else found.add(path)
  }
  return [...found].map((path) => shown(root, path)).sort()
}

/** What cannot be looked at is taken for a plain name: reading it then says why. */
function statOrUndefined(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

async function glob(pattern: string, cwd: string): Promise<string[]> {
  const { default: fastGlob } = await import('fast-glob')
  const files = await fastGlob(pattern.replaceAll('\\', '/'), {
    cwd,
    absolute: true,
    caseSensitiveMatch: false,
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**', '**/.assetloom/**', '**/.git/**'],
  })
  return files.sort()
}

function shown(root: string, path: string): string {
  const way = relative(root, path)
  return way.startsWith('..') || isAbsolute(way) ? path : way
}

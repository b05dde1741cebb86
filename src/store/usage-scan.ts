import { readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { matchUsages, type UsageNames } from '../core/usage-match.ts'

/** Where code names an asset. */
export interface Usage {
  /** Relative to the root, POSIX. */
  file: string
  /** 1-based. */
  line: number
}

const extensions =
  'js,mjs,cjs,jsx,ts,mts,cts,tsx,vue,svelte,astro,html,htm,css,scss,sass,less,styl,pcss,md,mdx,mdoc,json,yaml,yml'
const ignored = ['**/node_modules/**', '**/dist/**', '**/.*/**', 'build/**', 'out/**', 'coverage/**']
/** Larger files are bundles or data, not code that people wrote. */
const maxFileBytes = 2_000_000

/**
 * Where the code of a project names its assets, by ref; places in order of file and line.
 * Skipped: packages, build output, what git ignores, hidden folders, binary and huge files.
 * @param input.skip - files and folders of our own (manifest, history, constants), relative to the root
 */
export async function scanUsages(input: {
  root: string
  names: UsageNames
  skip: readonly string[]
}): Promise<Map<string, Usage[]>> {
  const usages = new Map<string, Usage[]>()
  for await (const { file, text } of readSources(input))
    for (const { ref, line } of matchUsages(text, input.names, /\.ya?ml$/i.test(file)))
      usages.set(ref, [...(usages.get(ref) ?? []), { file, line }])
  return usages
}

/** The texts of a project's own code, by file; see {@link scanUsages} for what is skipped. */
export async function* readSources(input: {
  root: string
  skip: readonly string[]
}): AsyncGenerator<{ file: string; text: string }> {
  const { default: fastGlob } = await import('fast-glob')
  const files = await fastGlob(`**/*.{${extensions}}`, {
    cwd: input.root,
    ignore: [
      ...ignored,
      ...input.skip.flatMap((path) => [fastGlob.escapePath(path), `${fastGlob.escapePath(path)}/**`]),
    ],
    caseSensitiveMatch: false,
    followSymbolicLinks: false,
    suppressErrors: true,
  })
  const { gitIgnored } = await import('./git-ignored.ts')
  const isIgnored = gitIgnored(input.root, foldersOf(files))
  for (const file of files.sort()) {
    if (isIgnored(file)) continue
    const text = readText(join(input.root, file))
    if (text !== undefined) yield { file, text }
  }
}

/** The folders of files, and those that these lie in. */
function foldersOf(files: readonly string[]): Set<string> {
  const folders = new Set<string>(['.'])
  for (const file of files)
    for (let folder = posix.dirname(file); !folders.has(folder); folder = posix.dirname(folder)) folders.add(folder)
  return folders
}

function readText(path: string): string | undefined {
  try {
    if (statSync(path).size > maxFileBytes) return undefined
    const text = readFileSync(path, 'utf8')
    return text.slice(0, 8000).includes('\0') ? undefined : text
  } catch {
    // Gone since it was listed, or not ours to read.
    return undefined
  }
}

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFolder } from '../store/package-folder.ts'

/**
 * The file of a program that a thread or process of its own runs: beside the sources, or in the build, whose chunks may
 * lie anywhere in `dist`.
 * @param source - relative to `src`
 * @param built - relative to `dist`, as tsup.config.ts names it
 */
export function programFile(source: string, built: string): string {
  return import.meta.url.endsWith('.ts')
    ? fileURLToPath(new URL(`../${source}`, import.meta.url))
    : join(packageFolder() ?? '', 'dist', built)
}

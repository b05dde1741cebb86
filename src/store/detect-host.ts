import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { HostFlavor } from '../core/emit-types.ts'

/** Astro when its config file lies in the folder; what else bundles there, pictures are URL strings. */
export function detectHost(root: string): HostFlavor {
  return ['mjs', 'js', 'ts', 'mts', 'cjs', 'cts'].some((extension) =>
    existsSync(join(root, `astro.config.${extension}`)),
  )
    ? 'astro'
    : 'vite'
}

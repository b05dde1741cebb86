import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Versions of what decodes and encodes; they enter every derived key. Read from the installed packages where these leave
 * no doubt: loading sharp takes longer than a hundred pictures that are in the cache.
 */
export async function toolVersions(): Promise<{ sharp: string; libvips: string }> {
  return installedVersions() ?? (await import('./sharp.ts')).toolVersions()
}

/** Undefined unless exactly one prebuilt libvips is there for sharp to take. */
function installedVersions(): { sharp: string; libvips: string } | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve('sharp')
    const root = dirname(dirname(entry))
    if (existsSync(join(root, 'src', 'build'))) return undefined
    const { name, version } = readJson(join(root, 'package.json'))
    const require = createRequire(entry)
    const { platform, arch } = process
    const found = [`${platform}-${arch}`, `linuxmusl-${arch}`]
      .flatMap((target) => [`@img/sharp-${target}/versions`, `@img/sharp-libvips-${target}/versions`])
      .flatMap((path) => resolveOrNothing(require, path))
    const libvips = found.length === 1 ? readJson(found[0]!).vips : undefined
    return name === 'sharp' && version && libvips ? { sharp: version, libvips } : undefined
  } catch {
    return undefined
  }
}

function resolveOrNothing(require: NodeJS.Require, path: string): string[] {
  try {
    return [require.resolve(path)]
  } catch {
    return []
  }
}

function readJson(path: string): Record<string, string | undefined> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string | undefined>
}

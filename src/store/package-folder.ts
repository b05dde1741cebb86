import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

let found: { folder: string; version: string } | undefined

/** Assetloom's own package, wherever this file was bundled to. */
function ownPackage(): { folder: string; version: string } | undefined {
  if (found) return found
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) {
      const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }
      if (name === 'assetloom') return (found = { folder, version: version ?? '' })
    }
    if (dirname(folder) === folder) return undefined
  }
}

/** The folder that holds the shipped `specs/`. */
export function packageFolder(): string | undefined {
  return ownPackage()?.folder
}

export function packageVersion(): string {
  return ownPackage()?.version ?? ''
}

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { parseJsonc } from '../core/jsonc.ts'
import type { TsconfigScope } from '../core/tsconfig-scope.ts'

/** The project's tsconfig and those that it references; configs that cannot be read are left out. */
export function tsconfigScopes(root: string): TsconfigScope[] {
  const seen = new Set<string>()
  const scopes: TsconfigScope[] = []
  const visit = (path: string) => {
    const file = existsSync(path) && !path.endsWith('.json') ? join(path, 'tsconfig.json') : path
    if (seen.has(file) || seen.size > 50) return
    seen.add(file)
    const config = readTsconfig(file)
    if (!config) return
    const folder = relative(root, dirname(file)).split(sep).join('/')
    if (!folder.startsWith('..')) scopes.push({ folder, ...inherited(file, config) })
    for (const { path: other } of config.references ?? [])
      if (typeof other === 'string') visit(resolve(dirname(file), other))
  }
  const first = ['tsconfig.json', 'jsconfig.json'].map((name) => join(root, name)).find((file) => existsSync(file))
  if (first) visit(first)
  return scopes
}

interface Tsconfig {
  include?: string[]
  exclude?: string[]
  files?: string[]
  extends?: string | string[]
  references?: { path?: unknown }[]
}

function readTsconfig(file: string): Tsconfig | undefined {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : undefined
  const value = text === undefined ? undefined : parseJsonc(text)
  return value !== null && typeof value === 'object' ? value : undefined
}

/** `include`, `exclude` and `files` come from the nearest config that has them, each by itself. */
function inherited(file: string, config: Tsconfig, depth = 0): Omit<TsconfigScope, 'folder'> {
  const bases = [config.extends ?? []].flat().filter((base) => base.startsWith('.'))
  const fromBases =
    depth > 10
      ? []
      : bases.map((base) => {
          const path = resolve(dirname(file), base)
          const baseFile = existsSync(path) ? path : `${path}.json`
          const found = readTsconfig(baseFile)
          return found ? inherited(baseFile, found, depth + 1) : {}
        })
  const own = {
    ...(config.include && { include: config.include }),
    ...(config.exclude && { exclude: config.exclude }),
    ...(config.files && { files: config.files }),
  }
  return Object.assign({}, ...fromBases, own) as Omit<TsconfigScope, 'folder'>
}

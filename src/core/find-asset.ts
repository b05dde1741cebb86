import { assetUnknown } from './asset-errors.ts'
import type { Entry, Manifest } from './manifest.ts'
import { globMatcher } from './ref.ts'

export interface FoundAsset {
  ref: string
  entry: Entry
}

/** The asset of a token, id or alias. */
export function findAsset(assets: Manifest['assets'], name: string): FoundAsset | undefined {
  if (Object.hasOwn(assets, name)) return { ref: name, entry: assets[name]! }
  const byAlias = Object.entries(assets).find(([, entry]) => entry.aliases?.includes(name))
  return byAlias && { ref: byAlias[0], entry: byAlias[1] }
}

/**
 * The asset of a token, id or alias.
 * @throws ASSET_UNKNOWN with the nearest names
 */
export function requireAsset(assets: Manifest['assets'], name: string): FoundAsset {
  const found = findAsset(assets, name)
  if (found) return found
  const names = Object.entries(assets).flatMap(([ref, entry]) => [ref, ...(entry.aliases ?? [])])
  throw assetUnknown({ ref: name, spelled: `asset:${name}`, names, manifest: 'the manifest', place: '' })
}

/**
 * The assets that names and globs over refs (`LOGO-ACME-*`) stand for, each once, sorted by ref.
 * @throws ASSET_UNKNOWN when a name or a glob stands for none
 */
export function requireAssets(assets: Manifest['assets'], names: readonly string[]): FoundAsset[] {
  const found = new Map<string, Entry>()
  for (const name of names) {
    if (!name.includes('*')) {
      const { ref, entry } = requireAsset(assets, name)
      found.set(ref, entry)
      continue
    }
    const matches = globMatcher(name)
    const hits = Object.entries(assets).filter(([ref]) => matches(ref))
    if (hits.length === 0) requireAsset(assets, name)
    for (const [ref, entry] of hits) found.set(ref, entry)
  }
  return [...found].map(([ref, entry]) => ({ ref, entry })).sort((a, b) => (a.ref < b.ref ? -1 : 1))
}

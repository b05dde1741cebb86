import { assetUnknown } from './asset-errors.ts'
import { defineError } from './errors.ts'
import type { Entry, Manifest } from './manifest.ts'
import { globMatcher } from './ref.ts'

export interface FoundAsset {
  ref: string
  entry: Entry
}

export const nameAmbiguous = defineError('ASSET_NAME_AMBIGUOUS', {
  summary: 'The last part of a ref stands for several assets of one layer.',
  message: (d: { name: string; refs: readonly string[] }) => `${JSON.stringify(d.name)} is the name of ${d.refs.join(', ')}.`,
  hint: (d) => `Give the whole ref: ${d.refs[0]}.`,
  exit: 2,
})
const versionForeign = defineError('REF_VERSION_FOREIGN', {
  summary: 'A command that works on assets as they are now was given a version or label of one.',
  message: (d: { ref: string; version: string }) => `${d.ref}@${d.version} names a version, and this command works on assets as they are now.`,
  hint: (d) => `Leave @${d.version} out. Versions stand in imports (asset:${d.ref}@${d.version}) and in assetloom diff, merge and rollback.`,
  exit: 2,
})

/** A name as commands know it: pasted from code it begins with `asset:`. */
export const withoutScheme = (name: string) => name.replace(/^asset:/, '')

/** The one ref that ends with a name. @throws ASSET_NAME_AMBIGUOUS */
export function onlyRef(name: string, refs: readonly string[]): string | undefined {
  if (name.includes('/')) return undefined
  const found = refs.filter((ref) => ref.endsWith(`/${name}`))
  if (found.length > 1) throw nameAmbiguous({ name, refs: found })
  return found[0]
}

/**
 * The asset that a person means: a token, id or alias first, then the last part of an id.
 * @throws ASSET_NAME_AMBIGUOUS, REF_VERSION_FOREIGN
 */
export function lookUpAsset(assets: Manifest['assets'], spelled: string): FoundAsset | undefined {
  const name = withoutScheme(spelled)
  const found = findAsset(assets, name) ?? findAsset(assets, onlyRef(name, Object.keys(assets)) ?? '')
  const at = name.indexOf('@')
  if (found || at < 1) return found
  const present = lookUpAsset(assets, name.slice(0, at))
  if (present) throw versionForeign({ ref: present.ref, version: name.slice(at + 1) })
  return undefined
}

/** The asset of a token, id or alias. */
export function findAsset(assets: Manifest['assets'], spelled: string): FoundAsset | undefined {
  const name = withoutScheme(spelled)
  if (Object.hasOwn(assets, name)) return { ref: name, entry: assets[name]! }
  const byAlias = Object.entries(assets).find(([, entry]) => entry.aliases?.includes(name))
  return byAlias && { ref: byAlias[0], entry: byAlias[1] }
}

/**
 * The asset of a token, id or alias, or of the last part of an id.
 * @throws ASSET_UNKNOWN with the nearest names, ASSET_NAME_AMBIGUOUS, REF_VERSION_FOREIGN
 */
export function requireAsset(assets: Manifest['assets'], spelled: string): FoundAsset {
  const found = lookUpAsset(assets, spelled)
  if (found) return found
  const ref = withoutScheme(spelled)
  const names = Object.entries(assets).flatMap(([known, entry]) => [known, ...(entry.aliases ?? [])])
  throw assetUnknown({ ref, spelled: `asset:${ref}`, names, manifest: 'the manifest', place: '' }, { details: { ref } })
}

/**
 * The assets that names and globs over refs (`LOGO-ACME-*`) stand for, each once, sorted by ref.
 * @throws ASSET_UNKNOWN when a name or a glob stands for none
 */
export function requireAssets(assets: Manifest['assets'], names: readonly string[]): FoundAsset[] {
  const found = new Map<string, Entry>()
  for (const name of names.map(withoutScheme)) {
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

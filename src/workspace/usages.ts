import { resolve } from 'node:path'
import { groupsOf } from '../core/emit-constants.ts'
import { findAsset } from '../core/find-asset.ts'
import type { Manifest } from '../core/manifest.ts'
import { globMatcher } from '../core/ref.ts'
import { matchRequests, usageNames, withoutExtension } from '../core/usage-match.ts'
import { projectRelative } from '../store/project-folder.ts'
import { readSources, scanUsages, type Usage } from '../store/usage-scan.ts'
import type { Workspace } from '../workspace.ts'

/** What code does with the assets; read from the sources each time. */
export interface WorkspaceUsages {
  /** Where code names the assets, by ref. */
  find(): Promise<Map<string, Usage[]>>
  /**
   * What code asks of the assets behind `?`, by ref; the extension of a name, as in `TOKEN.webp`, is its format.
   * @param isMeant - told the file, relative to the root
   * @default all files
   */
  queries(isMeant?: (file: string) => boolean): Promise<Map<string, Set<string>>>
  /** What stands behind `asset:` and `~asset/` in the code, known or not. */
  requested(): Promise<Set<string>>
  /** Which of these words stand in the code anywhere. */
  mentioned(words: readonly string[]): Promise<Set<string>>
}

export function createWorkspaceUsages({ manifest, options, paths }: Workspace): WorkspaceUsages {
  const { root } = paths
  const skip = [paths.manifest, paths.history, options.constants && resolve(root, options.constants)]
    .filter((path) => path !== false)
    .map((path) => projectRelative(root, path))

  return {
    find() {
      const assets = Object.entries(manifest.read().assets).map(([ref, entry]) => ({
        ref,
        aliases: entry.aliases ?? [],
        groups: groupsOf(entry),
      }))
      return scanUsages({ root, names: usageNames(assets), skip })
    },
    async queries(isMeant = () => true) {
      const { assets } = manifest.read()
      const found = new Map<string, Set<string>>()
      const add = (ref: string, query: string) => found.set(ref, (found.get(ref) ?? new Set()).add(query))
      for await (const { file, text } of readSources({ root, skip }))
        if (isMeant(file)) for (const { name, query } of matchRequests(text)) for (const one of requested(assets, name, query)) add(one.ref, one.query)
      return found
    },
    async requested() {
      const names = new Set<string>()
      for await (const { text } of readSources({ root, skip })) for (const { name } of matchRequests(text)) names.add(name)
      return names
    },
    async mentioned(words) {
      const left = new Set(words)
      for await (const { text } of readSources({ root, skip }))
        for (const word of left) if (text.includes(word)) left.delete(word)
      return new Set(words.filter((word) => !left.has(word)))
    },
  }
}

function requested(assets: Manifest['assets'], name: string, query: string): { ref: string; query: string }[] {
  if (name.includes('*')) return Object.keys(assets).filter(globMatcher(name)).map((ref) => ({ ref, query }))
  const whole = findAsset(assets, name)
  if (whole) return [{ ref: whole.ref, query }]
  const stem = withoutExtension(name)
  const found = findAsset(assets, stem)
  return found ? [{ ref: found.ref, query: query || `format=${name.slice(stem.length + 1)}` }] : []
}

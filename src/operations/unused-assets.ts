import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { FoundAsset } from '../core/find-asset.ts'
import { createGraph } from '../core/graph/graph.ts'
import { filesOf, type Manifest } from '../core/manifest.ts'
import type { Workspace } from '../workspace.ts'

/**
 * The assets that nothing needs: no code, spec or option names them or their file, they are not public, no spec makes them,
 * and no asset of which that is not so depends on them or names them. Sorted by ref.
 */
export async function unusedAssets(assets: Manifest['assets'], workspace: Workspace): Promise<FoundAsset[]> {
  const usages = await workspace.usages()
  const places = await usages.find()
  const graph = createGraph(assets)
  const ownerOf = new Map(Object.entries(assets).flatMap(([ref, entry]) => filesOf(entry).map((file) => [file, ref] as const)))
  const fileName = (ref: string) => basename(assets[ref]?.file ?? '')
  const mentioned = await usages.mentioned(Object.keys(assets).map(fileName).filter(Boolean))
  const used = new Set<string>()
  /** What the files of an asset name, by that asset. */
  const named = new Map<string, string[]>()
  for (const [ref, found] of places)
    for (const { file } of found) {
      const owner = ownerOf.get(file)
      if (owner === undefined) used.add(ref)
      else named.set(owner, [...(named.get(owner) ?? []), ref])
    }
  for (const [ref, { source, isPublic }] of Object.entries(assets)) {
    const isMade = source.type === 'spec' && existsSync(resolve(workspace.options.root, source.spec))
    if (isPublic || isMade || mentioned.has(fileName(ref))) used.add(ref)
  }
  // A set goes on to what is added to it on the way.
  for (const ref of used) {
    for (const other of named.get(ref) ?? []) used.add(other)
    for (const { ref: other } of graph.dependenciesOf(ref)) if (other !== undefined) used.add(other)
  }
  return graph.refs().filter((ref) => !used.has(ref)).map((ref) => ({ ref, entry: assets[ref]! }))
}

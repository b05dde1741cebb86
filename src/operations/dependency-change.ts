import { requireAsset } from '../core/find-asset.ts'
import { createGraph } from '../core/graph/graph.ts'
import { refreshLock } from '../core/graph/lock.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import type { Entry, Manifest } from '../core/manifest.ts'
import type { Workspace } from '../workspace.ts'
import { recordChange, refreshSources } from './asset-change.ts'
import { dependenciesOf, type DependenciesRow } from './dependency-rows.ts'
import { placeItem, stageItem } from './library-items.ts'

/** What an asset names in its dependencies. */
export type Dependencies = Readonly<Record<string, string>>

/**
 * Change the dependencies of an asset: those of an item in its own file, those of media in the manifest; a version of it
 * either way. The lock follows.
 * @param decide - what they are to be; asked again under the lock of all processes. The same object leaves all as it is.
 * @throws ASSET_UNKNOWN, ASSET_FILE_CHANGED, ITEM_INVALID, and what `decide` throws
 */
export async function changeDependencies(
  name: string,
  decide: (assets: Manifest['assets'], ref: string, now: Dependencies) => Dependencies,
  workspace: Workspace,
): Promise<DependenciesRow & { version: string; changed: boolean }> {
  const { assets } = workspace.manifest.read()
  const { ref, entry } = requireAsset(assets, name)
  const decideNow = (all: Manifest['assets']) => {
    const now = requireAsset(all, ref).entry.dependencies ?? {}
    const wanted = decide(all, ref, now)
    return { wanted, changed: wanted !== now }
  }
  const told = (all: Manifest['assets'], changed: boolean) => ({
    ...dependenciesOf(createGraph(all), ref),
    version: all[ref]!.version,
    changed,
  })
  const { wanted, changed } = decideNow(assets)
  if (!changed) return told(assets, false)

  const staged = isItem(entry) ? await stageItem(entry, { dependencies: wanted }, workspace) : undefined
  try {
    const result = workspace.manifest.update((draft, files) => {
      const now = decideNow(draft.assets)
      if (staged) placeItem(draft, files, entry, staged, workspace)
      else if (now.changed) setDependencies(draft.assets[ref]!, now.wanted, workspace)
      refreshLock(draft)
      return told(draft.assets, now.changed)
    })
    await refreshSources(workspace)
    return result
  } finally {
    if (staged) workspace.dropTemporary(staged.temporary)
  }
}

function setDependencies(entry: Entry, dependencies: Dependencies, workspace: Workspace): void {
  if (Object.keys(dependencies).length > 0) entry.dependencies = { ...dependencies }
  else delete entry.dependencies
  recordChange(entry, workspace)
}

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { loosenLock } from '../core/graph/lock.ts'
import { filesOf, type Manifest } from '../core/manifest.ts'
import type { Workspace } from '../workspace.ts'

/**
 * Take assets out of a manifest draft, with the files that then belong to none.
 * @returns the files that are removed, relative to the root
 */
export function removeAssets(
  draft: Manifest,
  changes: { remove(target: string): void },
  refs: readonly string[],
  workspace: Workspace,
): string[] {
  const { root } = workspace.options
  const files = refs.flatMap((ref) => filesOf(draft.assets[ref]!))
  for (const ref of refs) delete draft.assets[ref]
  loosenLock(draft)
  const stillNamed = new Set(Object.values(draft.assets).flatMap(filesOf))
  const gone = files.filter((file) => !stillNamed.has(file) && existsSync(resolve(root, file)))
  for (const file of gone) changes.remove(resolve(root, file))
  return gone
}

import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { extendLock } from '../core/graph/lock.ts'
import type { ItemPlace } from '../core/kinds/item-id.ts'
import { foldedName, nameCollision } from '../core/names.ts'
import type { ReadItem, Workspace } from '../workspace.ts'
import { refreshSources, requireFree } from './asset-change.ts'
import { recordItems } from './library-items.ts'

/**
 * Put an item that does not exist yet in its place, and into the manifest.
 * @param contents - its content files by the names that it calls them by
 * @returns the files, relative to the root
 * @throws FILE_EXISTS, NAME_COLLISION
 */
export async function placeNewItem(
  place: ItemPlace,
  read: ReadItem,
  own: Uint8Array,
  contents: ReadonlyMap<string, Uint8Array>,
  workspace: Workspace,
): Promise<string[]> {
  const file = workspace.library.fileOf(place.id)
  const written = new Map([[file, own], ...[...contents].map(([one, bytes]) => [`${dirname(file)}/${one}`, bytes] as const)])
  const staged = new Map<string, string>()
  try {
    for (const [path, bytes] of written) staged.set(path, await workspace.stageBytes(bytes, contentHash(bytes)))
    workspace.manifest.update((draft, changes) => {
      for (const path of written.keys()) {
        requireFree(path, workspace)
        requireOwnName(path, place, Object.keys(draft.assets), workspace)
        changes.place(staged.get(path)!, resolve(workspace.options.root, path))
      }
      recordItems(draft, [read], workspace)
      extendLock(draft)
    })
  } finally {
    for (const temporary of staged.values()) workspace.dropTemporary(temporary)
  }
  await refreshSources(workspace)
  return [...written.keys()]
}

/** @throws NAME_COLLISION with an item, or a file, whose name differs in capital letters only */
export function requireOwnName(path: string, { id }: ItemPlace, refs: readonly string[], workspace: Workspace): void {
  const other = refs.find((ref) => foldedName(ref) === foldedName(id))
  if (other !== undefined) throw nameCollision({ name: id, first: other })
  const twin = workspace.library.list().find((file) => foldedName(file) === foldedName(path))
  if (twin !== undefined && !existsSync(resolve(workspace.options.root, path))) throw nameCollision({ name: path, first: twin })
}

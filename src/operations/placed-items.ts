import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { renamedFiles } from '../core/kinds/renamed-files.ts'
import { installedPath, type PackedAsset } from '../core/pack-layout.ts'
import type { PlannedAsset } from '../core/pack-plan.ts'
import type { OpenPack, ReadItem, Workspace } from '../workspace.ts'
import { copiedContents } from './copied-item.ts'

const cannotRename = defineError('PACK_CANNOT_RENAME', {
  summary: 'A library item of a pack cannot be installed under the names that the project has for it and for what it refers to.',
  message: (d: { ref: string; target: string; why: string }) => `${d.ref} cannot be installed as ${d.target}: ${d.why.replace(/\.$/, '')}.`,
  hint: () => 'Install with --on-conflict keep, merge or replace.',
  exit: 5,
})

/** An item of a pack with the names that the project has for its files, and for what it refers to. */
export interface PlacedItem {
  read: ReadItem
  /** Bytes by name within the item's folder, its own file among them. */
  files: ReadonlyMap<string, Uint8Array>
}

/**
 * Items of a pack that differ from the pack's by names only: an item with another name calls its content files after it,
 * and what refers to an asset with another name follows.
 * @returns by ref in the project
 * @throws PACK_CANNOT_RENAME
 */
export async function placedItems(
  planned: readonly PlannedAsset[],
  pack: OpenPack,
  workspace: Workspace,
): Promise<Map<string, PlacedItem>> {
  const placed = new Map<string, PlacedItem>()
  const renamed = planned.filter(({ ref, target }) => target !== ref)
  if (renamed.length === 0) return placed
  const refs = new Map(
    renamed.flatMap(({ ref, target }) => [ref, ...(pack.layout.assets[ref]?.aliases ?? [])].map((name) => [name, target])),
  )
  for (const { ref, target, action } of planned) {
    const asset = pack.layout.assets[ref]
    if (asset?.id === undefined || action === 'keep') continue
    const item = await placedItem(asset, target, refs, pack, workspace)
    if (item) placed.set(target, item)
  }
  return placed
}

/** Bytes of placed files by path, relative to the project. */
export function placedFiles(placed: ReadonlyMap<string, PlacedItem>): [file: string, bytes: Uint8Array][] {
  return [...placed.values()].flatMap(({ read, files }) =>
    [...files].map(([name, bytes]): [string, Uint8Array] => [`${posix.dirname(read.item.file)}/${name}`, bytes]),
  )
}

/** Nothing when they are those of the pack. */
async function placedItem(
  asset: PackedAsset,
  target: string,
  refs: ReadonlyMap<string, string>,
  pack: OpenPack,
  { library, options }: Workspace,
): Promise<PlacedItem | undefined> {
  const folder = posix.dirname(asset.file!)
  const bytesOf = (path: string) => readFileSync(pack.staged.get(path)!)
  const contents = (asset.files ?? []).map(({ file }) => ({ name: file.slice(folder.length + 1), bytes: bytesOf(file) }))
  const file = library.fileOf(target)
  const names = renamedFiles(contents.map(({ name }) => name), posix.basename(asset.id!), posix.basename(target))
  const folders = { from: installedPath(folder, options.assetsDir), to: posix.dirname(file) }
  const copied = copiedContents(contents, names, folders, refs)
  const before = bytesOf(asset.file!)
  const isRenamed = target !== asset.id
  const own = await library.renamed(file, isRenamed ? { id: undefined } : {}, { files: isRenamed ? names : new Map(), refs }, before)
  const isSame = own === before && contents.every(({ name, bytes }) => names.get(name) === name && copied.get(name) === bytes)
  if (isSame) return undefined
  try {
    return { read: await library.check(file, own, copied), files: new Map([[posix.basename(file), own], ...copied]) }
  } catch (error) {
    if (!isAssetloomError(error)) throw error
    throw cannotRename({ ref: asset.id!, target, why: error.message }, { cause: error })
  }
}

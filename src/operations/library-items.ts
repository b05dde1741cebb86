import { resolve } from 'node:path'
import gt from 'semver/functions/gt.js'
import { isAssetloomError } from '../core/errors.ts'
import { assetFileChanged } from '../core/asset-errors.ts'
import { itemEntry } from '../core/kinds/item-entry.ts'
import type { Entry, Manifest } from '../core/manifest.ts'
import { foldedName, nameCollision } from '../core/names.ts'
import { nextVersion, type VersionStep } from '../core/version-step.ts'
import type { ReadItem, Workspace } from '../workspace.ts'

/** An item whose files are not what the manifest records, read and checked. */
export interface ChangedItem extends ReadItem {
  isNew: boolean
}

export interface FailedItem {
  file: string
  code: string
  message: string
  line?: number
  hint?: string
}

/**
 * Items that are new or differ from the manifest.
 * @param only - files (of items or of their content) to look at; absent: all
 */
export async function changedItems(
  manifest: Manifest,
  workspace: Workspace,
  only?: ReadonlySet<string>,
): Promise<{ read: ChangedItem[]; failed: FailedItem[] }> {
  const read: ChangedItem[] = []
  const failed: FailedItem[] = []
  const { library } = workspace
  const folder = `${workspace.options.assetsDir}/library/`
  if (only && ![...only].some((file) => file.startsWith(folder))) return { read, failed }
  const entries = new Map(Object.values(manifest.assets).flatMap((entry) => (entry.id && entry.file ? [[entry.file, entry] as const] : [])))
  const files = library.list()
  /** Refs and files by what a file system that folds case takes them for. */
  const first = new Map<string, string>()
  for (const file of [...files].sort((a, b) => Number(entries.has(b)) - Number(entries.has(a)))) {
    const folded = foldedName(file)
    const taken = first.get(folded)
    first.set(folded, taken ?? file)
    const entry = entries.get(file)
    if (taken === undefined && entry && workspace.library.isRecorded(entry)) continue
    try {
      if (taken !== undefined) throw nameCollision({ name: file, first: taken }, { location: { file, line: 1 } })
      read.push({ ...(await library.read(file)), isNew: !entry })
    } catch (error) {
      if (!isAssetloomError(error)) throw error
      const { code, message, hint, location } = error
      failed.push({ file, code, message, ...(location?.line && { line: location.line }), ...(hint && { hint }) })
    }
  }
  return { read, failed }
}

/** Items on the disk that the manifest does not name: those that `sync` would add, and those that cannot be read. */
export async function unregisteredItems(manifest: Manifest, workspace: Workspace): Promise<{ read: ReadItem[]; failed: FailedItem[] }> {
  const known = new Set(Object.values(manifest.assets).map(({ file }) => file))
  const { read, failed } = await changedItems(manifest, workspace)
  return { read: read.filter(({ isNew }) => isNew), failed: failed.filter(({ file }) => !known.has(file)) }
}

/** Put items into a manifest draft; an entry that is equal stays as it is. */
export function recordItems(
  draft: Manifest,
  items: readonly ReadItem[],
  workspace: Workspace,
): { added: { ref: string; file: string }[]; changed: { ref: string; file: string }[] } {
  const result = { added: [] as { ref: string; file: string }[], changed: [] as { ref: string; file: string }[] }
  for (const { item, content } of items) {
    const previous = draft.assets[item.id]
    if (previous?.digest === content.digest && previous.file === item.file) continue
    draft.assets[item.id] = itemEntry(item, content, workspace.timestamp(), previous)
    result[previous ? 'changed' : 'added'].push({ ref: item.id, file: item.file })
  }
  return result
}

/** Members of an item's head that commands change. */
export interface ItemChanges {
  name?: string | undefined
  description?: string | undefined
  tags?: readonly string[] | undefined
  license?: string | undefined
  author?: string | undefined
  dependencies?: Readonly<Record<string, string>> | undefined
}

/** An item's file with changes, lying ready. */
export interface StagedItem {
  read: ReadItem
  temporary: string
}

/**
 * Give an item that was edited by hand a version above the recorded one, in a copy of its file; the author may have done
 * so.
 * @param read - as it stands on the disk
 * @param step - absent: patch, unless the author raised the version
 */
export async function raiseItem(read: ReadItem, recorded: Entry, workspace: Workspace, step?: VersionStep): Promise<StagedItem> {
  const { library } = workspace
  const { file, head } = read.item
  const version = nextVersion(recorded.version, step)
  const isRaised = gt(head.version, step === undefined || step === 'patch' ? recorded.version : version)
  const bytes = await library.edited(file, isRaised ? {} : { version })
  const raised = await library.check(file, bytes)
  return { read: raised, temporary: await workspace.stageBytes(bytes, raised.content.hash) }
}

/**
 * Write changes of an item's head, and the version they make, into a copy of its file.
 * @param changes - an empty value takes a member away
 * @throws ASSET_FILE_CHANGED when the file is not what the manifest records; ITEM_INVALID
 */
export async function stageItem(
  entry: Entry & { id: string; file: string },
  changes: ItemChanges,
  workspace: Workspace,
  step: VersionStep = 'patch',
): Promise<StagedItem> {
  const { library } = workspace
  if (!workspace.library.isRecorded(entry)) throw assetFileChanged({ ref: entry.id, file: entry.file })
  const bytes = await library.edited(entry.file, { ...tidyChanges(changes), version: nextVersion(entry.version, step) })
  const read = await library.check(entry.file, bytes)
  return { read, temporary: await workspace.stageBytes(bytes, read.content.hash) }
}

/** An empty value takes a member away. */
export function tidyChanges(changes: ItemChanges): Record<string, unknown> {
  const isEmpty = (value: ItemChanges[keyof ItemChanges]) => value === undefined || Object.keys(value).length === 0
  return Object.fromEntries(Object.entries(changes).map(([member, value]) => [member, isEmpty(value) ? undefined : value]))
}

/** Put a changed item into a manifest draft. @throws ASSET_FILE_CHANGED when somebody was quicker */
export function placeItem(
  draft: Manifest,
  changes: { place(temporary: string, target: string): void },
  before: Entry,
  { read, temporary }: StagedItem,
  workspace: Workspace,
): Entry {
  const { id, file } = read.item
  if (draft.assets[id]?.digest !== before.digest) throw assetFileChanged({ ref: id, file })
  changes.place(temporary, resolve(workspace.options.root, file))
  recordItems(draft, [read], workspace)
  return draft.assets[id]!
}

import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { requireAsset, withoutScheme, type FoundAsset } from '../core/find-asset.ts'
import { isItem, itemEntry } from '../core/kinds/item-entry.ts'
import type { Item } from '../core/kinds/kind.ts'
import { recordedFiles, type Entry } from '../core/manifest.ts'
import { parseAssetRequest } from '../core/ref.ts'
import type { Workspace } from '../workspace.ts'

const stateInvalid = defineError('STATE_NAME_INVALID', {
  summary: 'An asset at a version was to be named, and the text is no such name.',
  message: (d: { text: string; why: string }) => `${JSON.stringify(d.text)} names no state of an asset: ${d.why}.`,
  hint: () => 'Write a ref alone, or with a version, label or branch: LOGO-ACME-MARK001@1.0.0.',
  exit: 2,
})

/** An asset as it lies there now, or as it was at a version. */
export interface AssetState {
  ref: string
  version: string
  /** As it lies there now, be it recorded or not. */
  isPresent: boolean
  entry: Entry
  files: readonly StateFile[]
}

export interface StateFile {
  /** What the file is to the asset, whatever the asset is called: its own, a further format, a content file. */
  role: string
  /** Relative to the project, as it was called then. */
  file: string
  hash: string
  read(): Promise<Uint8Array>
}

/**
 * Read `REF` or `REF@version`.
 * @throws STATE_NAME_INVALID, REF_INVALID
 */
export function parseStateName(text: string): { ref: string; version: string | undefined } {
  const { ref, isGlob, query, version } = parseAssetRequest(withoutScheme(text))
  if (isGlob) throw stateInvalid({ text, why: 'a star stands for many' })
  if (query !== '') throw stateInvalid({ text, why: 'a query is for imports' })
  return { ref, version }
}

/**
 * The state that `REF`, `REF@1.0.0`, `REF@label` or `REF@branch` names.
 * @throws STATE_NAME_INVALID, REF_INVALID, ASSET_UNKNOWN, VERSION_UNKNOWN, VERSION_BYTES_GONE
 */
export async function readState(text: string, workspace: Workspace): Promise<AssetState> {
  const { ref: name, version } = parseStateName(text)
  const found = requireAsset(workspace.manifest.read().assets, name)
  if (version === undefined) return presentState(found, workspace)
  const state = await (await workspace.versions()).readVersion(found.ref, version)
  const files = state.files.map((file) => ({ ...file, role: roleOf(state.entry, file.file) }))
  return { ref: found.ref, version: state.version, isPresent: false, entry: state.entry, files }
}

async function presentState({ ref, entry: recorded }: FoundAsset, workspace: Workspace): Promise<AssetState> {
  const entry = isItem(recorded) ? await itemNow(recorded, workspace) : recorded
  const files = recordedFiles(entry).flatMap(({ file }): StateFile[] => {
    const path = resolve(workspace.options.root, file)
    if (!existsSync(path)) return []
    const bytes = readFileSync(path)
    return [{ role: roleOf(entry, file), file, hash: contentHash(bytes), read: async () => bytes }]
  })
  return { ref, version: entry.version, isPresent: true, entry, files }
}

/** What an item says now; of one that says nothing valid, what is recorded. */
async function itemNow(recorded: Entry & { file: string }, workspace: Workspace): Promise<Entry> {
  try {
    const { item, content } = await workspace.library.read(recorded.file)
    return itemEntry(item, content, recorded.modified, recorded)
  } catch (error) {
    if (isAssetloomError(error) && error.code === 'ITEM_INVALID') return recorded
    throw error
  }
}

function roleOf(entry: Entry, file: string): string {
  if (file === entry.file) return 'own'
  const format = Object.entries(entry.formats ?? {}).find(([, one]) => one.file === file)?.[0]
  return format === undefined ? `content ${file.slice(dirname(entry.file ?? '').length + 1)}` : `format ${format}`
}

/** The item of a state; nothing for media, and for an item that is not valid (now, or by today's rules). */
export async function itemOf({ entry, files }: AssetState, workspace: Workspace): Promise<Item | undefined> {
  const own = files.find(({ role }) => role === 'own')
  if (!isItem(entry) || !own) return undefined
  const folder = `${dirname(entry.file)}/`
  const contents = new Map<string, Uint8Array>()
  for (const { file, read } of files) contents.set(file.slice(folder.length), await read())
  try {
    return (await workspace.library.check(entry.file, await own.read(), contents)).item
  } catch (error) {
    if (isAssetloomError(error) && error.code === 'ITEM_INVALID') return undefined
    throw error
  }
}

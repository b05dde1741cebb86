import { dirname, resolve } from 'node:path'
import { assetFileChanged } from '../core/asset-errors.ts'
import { contentHash } from '../core/digest.ts'
import type { Entry } from '../core/manifest.ts'
import { nextVersion } from '../core/version-step.ts'
import type { Workspace } from '../workspace.ts'
import { refreshSources } from './asset-change.ts'
import { recordItems } from './library-items.ts'

/**
 * Write other values of an item's members and other content files, and the version that they make, as one change.
 * @param change.contents - bytes by the name of a content file
 * @param change.message - what the history tells of it
 * @returns the entry from now on
 * @throws ASSET_FILE_CHANGED when the item is not what the manifest records; ITEM_INVALID
 */
export async function changeItem(
  entry: Entry & { id: string; file: string },
  change: {
    members?: Readonly<Record<string, unknown>>
    contents?: ReadonlyMap<string, Uint8Array>
    message: string
  },
  workspace: Workspace,
): Promise<Entry> {
  const { library, manifest, options } = workspace
  const { id, file } = entry
  if (!workspace.library.isRecorded(entry)) throw assetFileChanged({ ref: id, file })
  const { members = {}, contents = new Map<string, Uint8Array>() } = change
  const bytes = await library.edited(file, { ...members, version: nextVersion(entry.version, 'patch') })
  const { item } = await library.read(file)
  const read = await library.check(file, bytes, new Map([...item.files.map((one) => [one.name, one.bytes] as const), ...contents]))
  const written = new Map([[file, bytes], ...[...contents].map(([name, text]) => [`${dirname(file)}/${name}`, text] as const)])
  const staged = new Map<string, string>()
  try {
    for (const [path, text] of written) staged.set(path, await workspace.stageBytes(text, contentHash(text)))
    const after = manifest.update((draft, changes) => {
      if (draft.assets[id]?.digest !== entry.digest) throw assetFileChanged({ ref: id, file })
      for (const [path, temporary] of staged) changes.place(temporary, resolve(options.root, path))
      recordItems(draft, [read], workspace)
      return draft.assets[id]!
    }, { message: change.message })
    await refreshSources(workspace)
    return after
  } finally {
    for (const temporary of staged.values()) workspace.dropTemporary(temporary)
  }
}

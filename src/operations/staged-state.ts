import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { findAsset, requireAsset, type FoundAsset } from '../core/find-asset.ts'
import { filesOf, recordedFiles, type Entry, type EntrySource, type Manifest } from '../core/manifest.ts'
import { isSameContent } from '../core/version/snapshot.ts'
import type { Workspace } from '../workspace.ts'
import { changedMeanwhile, refreshSources, requireFree } from './asset-change.ts'
import { toRow, type EntryRow } from './entry-row.ts'

/* A state that is to take the place of the present one: an earlier version, or one merged of two. */

/** A state whose files lie ready. */
export interface StagedState {
  /** Temporary file by path relative to the project. */
  temporaries: Map<string, string>
  /** Puts its entry into a draft and gives it. */
  record(draft: Manifest): Entry
}

export async function stageAll(files: ReadonlyMap<string, Uint8Array>, workspace: Workspace): Promise<Map<string, string>> {
  const temporaries = new Map<string, string>()
  try {
    for (const [file, bytes] of files) temporaries.set(file, await workspace.stageBytes(bytes, contentHash(bytes)))
    return temporaries
  } catch (error) {
    for (const temporary of temporaries.values()) workspace.dropTemporary(temporary)
    throw error
  }
}

/**
 * Put a state in the place of the present one; files that only this one had go.
 * @param known - the asset as it was when the state was made ready
 * @param note - for the history
 * @throws CHANGED_MEANWHILE, FILE_EXISTS
 */
export async function putState(
  { ref, entry: known }: FoundAsset,
  staged: StagedState,
  note: { message: string; merged?: string },
  workspace: Workspace,
): Promise<EntryRow> {
  const { root } = workspace.options
  try {
    const row = workspace.manifest.update((draft, changes) => {
      const { entry } = requireAsset(draft.assets, ref)
      if (!isSameState(entry, known)) throw changedMeanwhile({ ref })
      const others = new Set(Object.entries(draft.assets).flatMap(([other, one]) => (other === ref ? [] : filesOf(one))))
      const present = new Set(filesOf(entry))
      for (const [file, temporary] of staged.temporaries) {
        if (others.has(file) || !present.has(file)) requireFree(file, workspace)
        changes.place(temporary, resolve(root, file))
      }
      const recorded = staged.record(draft)
      const kept = new Set([...filesOf(recorded), ...others])
      for (const file of present) if (!kept.has(file)) changes.remove(resolve(root, file))
      return toRow(ref, recorded)
    }, note)
    await refreshSources(workspace)
    return row
  } finally {
    for (const temporary of staged.temporaries.values()) workspace.dropTemporary(temporary)
  }
}

/** Nobody changed the entry since it was read. */
function isSameState(entry: Entry, known: Entry): boolean {
  return entry.version === known.version && entry.file === known.file && isSameContent(entry, known)
}

/** A file that is not what the manifest records; one that is missing is no work of anybody. */
export function editedFile(entry: Entry, workspace: Workspace): string | undefined {
  return recordedFiles(entry).find(({ file, hash }) => {
    const path = resolve(workspace.options.root, file)
    return existsSync(path) && contentHash(readFileSync(path)) !== hash
  })?.file
}

/** Leave an entry those of its aliases that no other asset has by now. */
export function setFreeAliases(draft: Manifest, ref: string, entry: Entry): void {
  const { [ref]: _own, ...others } = draft.assets
  const aliases = entry.aliases?.filter((alias) => findAsset(others, alias) === undefined)
  if (aliases?.length) entry.aliases = aliases
  else delete entry.aliases
}

/**
 * Where a restored state came from. The spec as it stands now is taken as met by it: only a change of the spec from here on
 * makes the asset anew.
 */
export function restoredSource(restored: EntrySource, present: EntrySource): EntrySource {
  if (present.type !== 'spec') return restored
  if (restored.type !== 'spec') return present
  const { provider, jobKey, processHash } = present.accepted ?? present
  return { ...restored, spec: present.spec, specId: present.specId, specHash: present.specHash, accepted: { provider, jobKey, processHash } }
}

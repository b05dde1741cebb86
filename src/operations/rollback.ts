import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import * as z from 'zod'
import { assetFileChanged } from '../core/asset-errors.ts'
import { contentHash } from '../core/digest.ts'
import { findAsset, requireAsset } from '../core/find-asset.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { filesOf, recordedFiles, type Entry, type EntrySource, type Manifest } from '../core/manifest.ts'
import { labelsOf, latestLabel } from '../core/version/find-version.ts'
import { isSameContent } from '../core/version/snapshot.ts'
import { nextVersion } from '../core/version-step.ts'
import type { VersionState, Workspace } from '../workspace.ts'
import { changedMeanwhile, refreshSources, requireFree } from './asset-change.ts'
import { entryRowSchema, measures, toRow } from './entry-row.ts'
import { recordItems } from './library-items.ts'
import { defineOperation } from './operation.ts'
import { messageField } from './version-fields.ts'

/** A state whose files lie ready. */
interface StagedState {
  /** Temporary file by path relative to the project. */
  temporaries: Map<string, string>
  /** Puts its entry into a draft and gives it. */
  record(draft: Manifest): Entry
}

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Token, id or alias.'),
    version: z.string().min(1).describe('The version to bring back; a label or a branch will do.'),
    message: messageField,
    force: z.boolean().default(false).describe('Throw away what was changed by hand since the present version.'),
  }),
  output: entryRowSchema.extend({
    restored: z.string().describe('The version whose content it has now.'),
    changed: z.boolean().describe('False when it had that content already.'),
  }),
  positional: ['ref', 'version'],
  effect: 'write',
  example: 'assetloom rollback LOGO-ACME-MARK001 1.0.0',
  async run(input, { workspace }) {
    const versions = await workspace.versions()
    const { ref, entry: known } = versions.history(input.ref)
    const wanted = await versions.readVersion(ref, input.version)
    const isSame = isSameContent(wanted.entry, known)
    // What is there already, and maybe not as it should be on the disk, stays where it is.
    const state = isSame ? await versions.readVersion(ref, latestLabel) : wanted
    const edited = editedFile(known, workspace)
    if (edited !== undefined && !input.force) throw assetFileChanged({ ref, file: edited })
    const files = new Map<string, Uint8Array>()
    for (const { file, read } of state.files) files.set(file, await read())
    const staged = isItem(known) && !isSame ? await stageItem(known, state, files, workspace) : await stageFiles(ref, known, state, files, isSame, workspace)
    try {
      const row = workspace.manifest.update(
        (draft, changes) => {
          const { entry } = requireAsset(draft.assets, ref)
          if (!isSameState(entry, known)) throw changedMeanwhile({ ref })
          const others = new Set(Object.entries(draft.assets).flatMap(([other, one]) => (other === ref ? [] : filesOf(one))))
          const present = new Set(filesOf(entry))
          for (const [file, temporary] of staged.temporaries) {
            if (others.has(file) || !present.has(file)) requireFree(file, workspace)
            changes.place(temporary, resolve(workspace.options.root, file))
          }
          const restored = staged.record(draft)
          const kept = new Set([...filesOf(restored), ...others])
          for (const file of present) if (!kept.has(file)) changes.remove(resolve(workspace.options.root, file))
          return toRow(ref, restored)
        },
        { message: input.message ?? `Back to ${wanted.version}` },
      )
      await refreshSources(workspace)
      return { ...row, restored: wanted.version, changed: !isSame }
    } finally {
      for (const temporary of staged.temporaries.values()) workspace.dropTemporary(temporary)
    }
  },
  present: (row) =>
    row.changed
      ? `✓ ${row.ref}  ${measures(row)}  version ${row.version} has the content of ${row.restored}`
      : `· ${row.ref} has the content of ${row.restored} already (version ${row.version})`,
})

/** Nobody changed the entry since it was read. */
function isSameState(entry: Entry, known: Entry): boolean {
  return entry.version === known.version && entry.file === known.file && isSameContent(entry, known)
}

/** A file that is not what the manifest records; one that is missing is no work of anybody. */
function editedFile(entry: Entry, workspace: Workspace): string | undefined {
  return recordedFiles(entry).find(({ file, hash }) => {
    const path = resolve(workspace.options.root, file)
    return existsSync(path) && contentHash(readFileSync(path)) !== hash
  })?.file
}

async function stageFiles(
  ref: string,
  known: Entry,
  state: VersionState,
  files: ReadonlyMap<string, Uint8Array>,
  isSame: boolean,
  workspace: Workspace,
): Promise<StagedState> {
  return {
    temporaries: await stageAll(files, workspace),
    record(draft) {
      if (isSame) return requireAsset(draft.assets, ref).entry
      const labels = labelsOf(known)
      const { [ref]: _own, ...others } = draft.assets
      const aliases = state.entry.aliases?.filter((alias) => findAsset(others, alias) === undefined)
      const entry: Entry = {
        ...state.entry,
        version: nextVersion(known.version),
        modified: workspace.timestamp(),
        source: restoredSource(state.entry.source, known.source),
        ...(Object.keys(labels).length > 0 && { labels: { ...labels } }),
      }
      if (aliases?.length) entry.aliases = aliases
      else delete entry.aliases
      draft.assets[ref] = entry
      return entry
    },
  }
}

/** An item says its version in its own file, so that line of it is the new one; all else is as it was. */
async function stageItem(
  known: Entry & { id: string; file: string },
  state: VersionState,
  files: ReadonlyMap<string, Uint8Array>,
  workspace: Workspace,
): Promise<StagedState> {
  const { library } = workspace
  const own = await library.edited(known.file, { version: nextVersion(known.version) }, files.get(state.entry.file!))
  const folder = `${dirname(state.entry.file!)}/`
  const contents = new Map([...files].map(([file, bytes]) => [file.slice(folder.length), bytes]))
  const read = await library.check(known.file, own, contents)
  return {
    temporaries: await stageAll(new Map([...files, [known.file, own]]), workspace),
    record(draft) {
      recordItems(draft, [read], workspace)
      return draft.assets[known.id]!
    },
  }
}

async function stageAll(files: ReadonlyMap<string, Uint8Array>, workspace: Workspace): Promise<Map<string, string>> {
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
 * Where a restored state came from. The spec as it stands now is taken as met by it: only a change of the spec from here on
 * makes the asset anew.
 */
function restoredSource(restored: EntrySource, present: EntrySource): EntrySource {
  if (present.type !== 'spec') return restored
  if (restored.type !== 'spec') return present
  const { provider, jobKey, processHash } = present.accepted ?? present
  return { ...restored, spec: present.spec, specId: present.specId, specHash: present.specHash, accepted: { provider, jobKey, processHash } }
}

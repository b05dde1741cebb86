import { dirname } from 'node:path'
import * as z from 'zod'
import { assetFileChanged } from '../core/asset-errors.ts'
import { defineError } from '../core/errors.ts'
import { requireAsset } from '../core/find-asset.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import type { Entry } from '../core/manifest.ts'
import { labelsOf, latestLabel } from '../core/version/find-version.ts'
import { isSameContent } from '../core/version/snapshot.ts'
import { nextVersion } from '../core/version-step.ts'
import type { VersionState, Workspace } from '../workspace.ts'
import { entryRowSchema, measures } from './entry-row.ts'
import { recordItems } from './library-items.ts'
import { defineOperation } from './operation.ts'
import { editedFile, putState, restoredSource, setFreeAliases, stageAll, type StagedState } from './staged-state.ts'
import { messageField } from './version-fields.ts'

const unrecorded = defineError('VERSION_UNRECORDED', {
  summary: 'An asset was to be rolled back, and what was changed by hand since its last version would be lost.',
  message: (d: { ref: string; version: string }) => `${d.ref} was changed by hand after ${d.version}, and no version keeps that.`,
  hint: (d) => `Record it with assetloom version create ${d.ref} -m "…", or throw it away with --force.`,
  exit: 5,
  http: 409,
})

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
  isDestructive: () => true,
  example: 'assetloom rollback LOGO-ACME-MARK001 1.0.0',
  async run(input, { workspace }) {
    const versions = await workspace.versions()
    const { ref, entry: known } = versions.history(input.ref)
    const wanted = await versions.readVersion(ref, input.version)
    const isSame = isSameContent(wanted.entry, known)
    const present = await versions.readVersion(ref, latestLabel)
    const isRecorded = isSameContent(present.entry, known)
    if (!isRecorded && !isSame && !input.force) throw unrecorded({ ref, version: known.version })
    // What is there already, and maybe not as it should be on the disk, stays where it is.
    const state = isSame && isRecorded ? present : wanted
    const edited = editedFile(known, workspace)
    if (edited !== undefined && !input.force) throw assetFileChanged({ ref, file: edited })
    const files = new Map<string, Uint8Array>()
    for (const { file, read } of state.files) files.set(file, await read())
    const staged = isItem(known) && !isSame ? await stageItem(known, state, files, workspace) : await stageFiles(ref, known, state, files, isSame, workspace)
    const row = await putState({ ref, entry: known }, staged, { message: input.message ?? `Back to ${wanted.version}` }, workspace)
    return { ...row, restored: wanted.version, changed: !isSame }
  },
  present: (row) =>
    row.changed
      ? `✓ ${row.ref}  ${measures(row)}  version ${row.version} has the content of ${row.restored}`
      : `· ${row.ref} has the content of ${row.restored} already (version ${row.version})`,
})

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
      const entry: Entry = {
        ...state.entry,
        version: nextVersion(known.version),
        modified: workspace.timestamp(),
        source: restoredSource(state.entry.source, known.source),
        ...(Object.keys(labels).length > 0 && { labels: { ...labels } }),
      }
      setFreeAliases(draft, ref, entry)
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

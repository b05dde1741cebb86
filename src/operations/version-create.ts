import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as z from 'zod'
import { assetFileMissing } from '../core/asset-errors.ts'
import { contentHash } from '../core/digest.ts'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { requireAsset } from '../core/find-asset.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import type { Entry } from '../core/manifest.ts'
import { latestLabel } from '../core/version/find-version.ts'
import { isSameContent } from '../core/version/snapshot.ts'
import type { VersionStep } from '../core/version-step.ts'
import type { Workspace } from '../workspace.ts'
import { changedMeanwhile, describeContent, recordChange, refreshSources } from './asset-change.ts'
import { entryRowSchema, measures, toRow, type EntryRow } from './entry-row.ts'
import { placeItem, raiseItem } from './library-items.ts'
import { defineOperation } from './operation.ts'
import { stageMedia, type StagedMedia } from './read-source.ts'
import { messageField, stepFields, stepOf } from './version-fields.ts'

const unchanged = defineError('VERSION_UNCHANGED', {
  summary: 'A version of an asset was to be recorded, and nothing was changed since its newest.',
  message: (d: { ref: string; version: string }) => `Nothing to record: ${d.ref} is as version ${d.version} has it.`,
  hint: () => 'Edit its files first. --allow-empty makes a version all the same.',
})

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Token, id or alias.'),
    message: messageField,
    ...stepFields,
    allowEmpty: z.boolean().default(false).describe('Make a version though nothing was changed since the last one.'),
  }),
  output: entryRowSchema,
  positional: ['ref'],
  effect: 'write',
  example: 'assetloom version create design-tokens/colors/brand -m "Darker primary" --minor',
  async run(input, { workspace }) {
    const step = stepOf(input)
    const { ref, entry } = requireAsset(workspace.manifest.read().assets, input.ref)
    if (!input.allowEmpty && (await isUnchanged(ref, entry, workspace))) throw unchanged({ ref, version: entry.version })
    const note = { message: input.message }
    const row = isItem(entry) ? await recordItem(entry, workspace, step, note) : await recordMedia(ref, entry, workspace, step, note)
    await refreshSources(workspace)
    return row
  },
  present: (row) => `✓ ${row.ref}  ${measures(row)}  version ${row.version}`,
})

/** Whether the newest version holds what lies on the disk. What cannot be read is for the recording to tell. */
async function isUnchanged(ref: string, entry: Entry, workspace: Workspace): Promise<boolean> {
  if (entry.file !== undefined && !workspace.library.isRecorded(entry)) return false
  try {
    return isSameContent((await (await workspace.versions()).readVersion(ref, latestLabel)).entry, entry)
  } catch (error) {
    if (!isAssetloomError(error) || error.code !== 'VERSION_BYTES_GONE') throw error
    return false
  }
}

async function recordItem(entry: Entry & { id: string; file: string }, workspace: Workspace, step: VersionStep, note: { message: string | undefined }): Promise<EntryRow> {
  const raised = await raiseItem(await workspace.library.read(entry.file), entry, workspace, step)
  try {
    return workspace.manifest.update((draft, files) => toRow(entry.id, placeItem(draft, files, entry, raised, workspace)), note)
  } finally {
    workspace.dropTemporary(raised.temporary)
  }
}

/** The file as it lies there becomes the new version, cleaned as an import is. */
async function recordMedia(ref: string, known: Entry, workspace: Workspace, step: VersionStep, note: { message: string | undefined }): Promise<EntryRow> {
  const path = known.file === undefined ? undefined : resolve(workspace.options.root, known.file)
  if (path !== undefined && !existsSync(path)) throw assetFileMissing({ ref, file: known.file! })
  const found = path === undefined ? undefined : contentHash(readFileSync(path))
  const staged: StagedMedia | undefined = found === known.hash ? undefined : await stageMedia(known.file!, workspace)
  try {
    return workspace.manifest.update((draft, changes) => {
      const { entry } = requireAsset(draft.assets, ref)
      if (entry.hash !== known.hash || entry.file !== known.file) throw changedMeanwhile({ ref })
      if (staged) {
        if (staged.hash !== found) changes.place(staged.temporary, path!)
        describeContent(entry, staged.media, staged.hash)
      }
      recordChange(entry, workspace, step)
      return toRow(ref, entry)
    }, note)
  } finally {
    if (staged) workspace.dropTemporary(staged.temporary)
  }
}

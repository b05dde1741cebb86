import { dirname } from 'node:path'
import * as z from 'zod'
import { assetFileChanged } from '../core/asset-errors.ts'
import { contentHash } from '../core/digest.ts'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import type { Entry } from '../core/manifest.ts'
import { commonAncestor } from '../core/version/common-ancestor.ts'
import { latestLabel } from '../core/version/find-version.ts'
import { mergeEntries } from '../core/version/merge-entries.ts'
import { mergeFile, type MergeConflict, type MergedFile } from '../core/version/merge-files.ts'
import type { ThreeWay } from '../core/version/merge-fields.ts'
import { nextVersion } from '../core/version-step.ts'
import type { VersionState, Workspace } from '../workspace.ts'
import { mergeItem } from '../workspace/merge.ts'
import { describeContent } from './asset-change.ts'
import { parseStateName } from './asset-state.ts'
import { conflictSchema, presentConflict } from './merge-conflicts.ts'
import { defineOperation } from './operation.ts'
import { editedFile, putState, restoredSource, setFreeAliases, stageAll, type StagedState } from './staged-state.ts'
import { recordItems } from './library-items.ts'
import { messageField, stepFields, stepOf } from './version-fields.ts'

const branchMissing = defineError('MERGE_BRANCH_MISSING', {
  summary: 'merge was not told which branch to merge.',
  message: (d: { text: string }) => `${d.text} names no branch.`,
  hint: (d) => `Write the branch behind @: assetloom merge ${d.text}@summer. assetloom versions ${d.text} lists the branches.`,
  exit: 2,
})
const noAncestor = defineError('MERGE_UNRELATED', {
  summary: 'A branch and the present version have no version in common that both came of.',
  message: (d: { ref: string; branch: string }) => `The history of ${d.ref} does not tell where ${d.branch} was begun.`,
  hint: (d) => `Lines may be missing in the history file. assetloom diff ${d.ref}@latest ${d.ref}@${d.branch} shows what differs.`,
  exit: 5,
})
const mergeConflict = defineError('MERGE_CONFLICT', {
  summary: 'Both sides of a merge changed the same; nothing was written.',
  message: (d: { ref: string; branch: string; count: number }) =>
    `${d.ref}@${d.branch} cannot be merged: ${d.count === 1 ? '1 conflict' : `${d.count} conflicts`}. Nothing was written.`,
  hint: (d) => `Bring both together by hand: change ${d.ref}, or the branch with assetloom update ${d.ref} --branch ${d.branch}, and merge again.`,
  exit: 5,
  http: 409,
})

type Merged = { staged: StagedState } | { conflicts: readonly MergeConflict[] }

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('The branch to merge, as REF@branch.'),
    message: messageField,
    ...stepFields,
  }),
  output: z.object({
    ref: z.string(),
    branch: z.string(),
    version: z.string().describe('The version that it has now.'),
    base: z.string().describe('The version that both sides came of.'),
    ours: z.string().describe('The version that it had.'),
    theirs: z.string().describe('The version of the branch.'),
    changed: z.boolean().describe('False when the branch was merged already, and when there are conflicts.'),
    conflicts: z.array(conflictSchema),
  }),
  positional: ['ref'],
  effect: 'write',
  example: 'assetloom merge design-tokens/colors/brand@summer -m "Summer colours"',
  async run(input, { workspace }) {
    const step = stepOf(input)
    const { ref: name, version: branch } = parseStateName(input.ref)
    if (branch === undefined) throw branchMissing({ text: input.ref })
    const versions = await workspace.versions()
    const history = versions.history(name)
    const { ref, entry } = history
    const { version: theirs } = versions.requireBranch(history, branch)
    const edited = editedFile(entry, workspace)
    if (edited !== undefined) throw assetFileChanged({ ref, file: edited })
    const base = commonAncestor(history.lines, entry.version, theirs)
    if (base === undefined) throw noAncestor({ ref, branch })
    const row = { ref, branch, version: entry.version, base, ours: entry.version, theirs, changed: false, conflicts: [] }
    if (base === theirs) return row
    const states = {
      base: await versions.readVersion(ref, base),
      ours: await versions.readVersion(ref, latestLabel),
      theirs: await versions.readVersion(ref, branch),
    }
    const version = nextVersion(entry.version, step)
    const merged = isItem(entry)
      ? await mergeItems(entry, states, version, workspace)
      : await mergeMedia(ref, entry, states, version, workspace)
    if ('conflicts' in merged) return { ...row, conflicts: [...merged.conflicts] }
    await putState({ ref, entry }, merged.staged, { message: input.message ?? `Merge ${branch}`, merged: theirs }, workspace)
    return { ...row, version, changed: true }
  },
  verdict: ({ ref, branch, conflicts }) => (conflicts.length > 0 ? mergeConflict({ ref, branch, count: conflicts.length }) : undefined),
  present: ({ ref, branch, version, theirs, changed, conflicts }) =>
    conflicts.length > 0
      ? conflicts.flatMap(presentConflict).join('\n')
      : changed
        ? `✓ ${ref}  version ${version} has ${branch} (${theirs}) merged into it`
        : `· ${ref} has all of ${branch} (${theirs}) already`,
})

async function bytesOf({ files }: VersionState): Promise<Map<string, Uint8Array>> {
  const bytes = new Map<string, Uint8Array>()
  for (const { file, read } of files) bytes.set(file, await read())
  return bytes
}

async function mergeItems(
  known: Entry & { id: string; file: string },
  states: ThreeWay<VersionState>,
  version: string,
  workspace: Workspace,
): Promise<Merged> {
  const byName = async (state: VersionState) => {
    const folder = `${dirname(state.entry.file!)}/`
    return new Map([...(await bytesOf(state))].map(([file, bytes]) => [file.slice(folder.length), bytes]))
  }
  const sides = { base: await byName(states.base), ours: await byName(states.ours), theirs: await byName(states.theirs) }
  const merged = await mergeItem(workspace.library, { file: known.file, sides, version })
  if (!merged.read) return { conflicts: merged.conflicts }
  const { read, files } = merged
  const placed = new Map([...files].map(([name, bytes]) => [`${dirname(known.file)}/${name}`, bytes]))
  const record: StagedState['record'] = (draft) => {
    recordItems(draft, [read], workspace)
    return draft.assets[known.id]!
  }
  return { staged: { temporaries: await stageAll(placed, workspace), record } }
}

async function mergeMedia(
  ref: string,
  known: Entry,
  states: ThreeWay<VersionState>,
  version: string,
  workspace: Workspace,
): Promise<Merged> {
  const { entry, content, conflicts } = mergeEntries({ base: states.base.entry, ours: known, theirs: states.theirs.entry })
  const joined = content === 'both' ? await mergeContent(entry, states, workspace) : undefined
  const all = [...conflicts, ...(joined?.conflicts ?? [])]
  if (all.length > 0) return { conflicts: all }
  const files = joined?.bytes
    ? new Map([[entry.file!, joined.bytes]])
    : content === 'theirs' ? await bytesOf(states.theirs) : new Map<string, Uint8Array>()
  const record: StagedState['record'] = (draft) => {
    entry.version = version
    entry.modified = workspace.timestamp()
    entry.source = restoredSource(entry.source, known.source)
    setFreeAliases(draft, ref, entry)
    draft.assets[ref] = entry
    return entry
  }
  return { staged: { temporaries: await stageAll(files, workspace), record } }
}

/** A file that both sides changed: text may merge, and what came of it must be media again. */
async function mergeContent(
  entry: Entry,
  { base, ours, theirs }: ThreeWay<VersionState>,
  workspace: Workspace,
): Promise<MergedFile> {
  const path = entry.file ?? ''
  const whole = { conflicts: [{ path, base: base.entry.hash ?? null, ours: ours.entry.hash ?? null, theirs: theirs.entry.hash ?? null }] }
  // Further formats were made of one file or the other; none is of both.
  if ([ours, theirs].some(({ files }) => files.length !== 1)) return whole
  const read = async ({ files }: VersionState) => files[0]?.read()
  const merged = mergeFile(path, { base: await read(base), ours: await read(ours), theirs: await read(theirs) })
  if (!merged.bytes) return merged
  try {
    const media = await workspace.readMedia(merged.bytes, path)
    describeContent(entry, media, contentHash(media.bytes))
    return { bytes: media.bytes, conflicts: [] }
  } catch (error) {
    if (isAssetloomError(error)) return whole
    throw error
  }
}

import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import * as z from 'zod'
import { requireAsset } from '../core/find-asset.ts'
import { defineError } from '../core/errors.ts'
import type { Entry } from '../core/manifest.ts'
import { requireWritablePath } from '../core/names.ts'
import { nextBranchVersion } from '../core/version/branch-version.ts'
import { isSameContent } from '../core/version/snapshot.ts'
import type { VersionStep } from '../core/version-step.ts'
import type { VersionState, Workspace } from '../workspace.ts'
import {
  describeContent,
  recordChange,
  refreshSources,
  requireFree,
  standardFile,
  withExtension,
} from './asset-change.ts'
import { tidyTags } from './change-tags.ts'
import { entryRowSchema, measures, toRow, type EntryRow } from './entry-row.ts'
import { isItem, itemEntry } from '../core/kinds/item-entry.ts'
import { placeItem, stageItem, tidyChanges, type ItemChanges } from './library-items.ts'
import { defineOperation } from './operation.ts'
import { readSource, stageMedia, type StagedMedia } from './read-source.ts'
import { messageField, stepFields, stepOf } from './version-fields.ts'

const nothingToUpdate = defineError('NOTHING_TO_UPDATE', {
  summary: 'update was not told what to change.',
  message: (d: { ref: string }) => `Nothing was given to change on ${d.ref}.`,
  hint: () => 'Give --description, --tags, --alt, --name, --usage-rights, --license, --author, or --file.',
  exit: 2,
})
const kindDiffers = defineError('KIND_DIFFERS', {
  summary: 'A file was to be replaced by one of another kind.',
  message: (d: { ref: string; kind: string; file: string; found: string }) =>
    `${d.ref} is of kind ${d.kind}; ${d.file} holds ${d.found}.`,
  hint: () => 'Import the file as an asset of its own.',
  exit: 2,
})

const itemHasNone = defineError('ITEM_MEMBER', {
  summary: 'update was given what only media have.',
  message: (d: { ref: string; member: string; file: string }) => `${d.ref} is a library item and has no ${d.member}.`,
  hint: (d) =>
    d.member === 'file'
      ? `Edit ${d.file} and run assetloom sync; with --branch, --file puts other content on a branch.`
      : `Edit ${d.file} and run assetloom sync.`,
  exit: 2,
})
const noItemFile = defineError('ITEM_FILE', {
  summary: 'A file for a branch of a library item is neither its own file nor one of its content files.',
  message: (d: { ref: string; file: string; names: readonly string[] }) =>
    `${d.file} is no file of ${d.ref}: that is YAML${d.names.length > 0 ? `, or a file called ${d.names.join(' or ')}` : ''}.`,
  hint: () => 'A new content file comes along when it lies beside the .asset.yaml that names it.',
  exit: 2,
})

const texts = {
  name: z.string().optional().describe('Name for people.'),
  description: z.string().optional().describe('What it shows. Empty text takes it away, as with the others.'),
  alt: z.string().optional().describe('Text for those who do not see it.'),
  usageRights: z.string().optional().describe('Who may use it for what.'),
  license: z.string().optional().describe('Licence, e.g. CC-BY-4.0.'),
  author: z.string().optional().describe('Who made it.'),
}
const textMembers = Object.keys(texts) as (keyof typeof texts)[]

const inputSchema = z.strictObject({
  ref: z.string().min(1).describe('Token, id or alias.'),
  ...texts,
  tags: z.array(z.string()).optional().describe('All its tags from now on, separated by commas.'),
  file: z.string().min(1).optional().describe('A file that takes the place of the present one; the token stays. Of an item only with --branch: its .asset.yaml with what lies beside it, or a content file by its name.'),
  message: messageField,
  branch: z.string().min(1).optional().describe('Write to this branch; manifest and files stay as they are.'),
  ...stepFields,
})
type Input = z.output<typeof inputSchema>

export default defineOperation({
  input: inputSchema,
  output: entryRowSchema.extend({ changed: z.boolean().describe('False when everything was so already.') }),
  positional: ['ref'],
  effect: 'write',
  paths: ({ file }) => [file],
  example: 'assetloom update LOGO-ACME-MARK001 --file brand/new-mark.png --alt "Acme" --minor',
  async run(input, { workspace }) {
    const step = stepOf(input)
    if (
      input.file === undefined &&
      input.tags === undefined &&
      textMembers.every((member) => input[member] === undefined)
    )
      throw nothingToUpdate({ ref: input.ref })
    const { ref, entry: current } = requireAsset(workspace.manifest.read().assets, input.ref)
    if (input.branch !== undefined) return updateBranch(ref, input.branch, input, workspace, step)
    if (isItem(current)) return updateItem(current, input, workspace, step)
    const staged = input.file === undefined ? undefined : await stageMedia(input.file, workspace)
    try {
      const row = workspace.manifest.update((draft, changes) => {
        const { entry } = requireAsset(draft.assets, ref)
        const before = JSON.stringify(entry)
        changeTexts(entry, input)
        if (input.tags) setOrDrop(entry, 'tags', tidyTags(input.tags))
        if (staged) replaceFile(ref, entry, staged, workspace, changes)
        const changed = JSON.stringify(entry) !== before
        if (changed) recordChange(entry, workspace, step)
        return { ...toRow(ref, entry), changed }
      }, note(input))
      if (row.changed) await refreshSources(workspace)
      return row
    } finally {
      if (staged) workspace.dropTemporary(staged.temporary)
    }
  },
  present: (row) =>
    row.changed
      ? `✓ ${row.ref}  ${measures(row)}  version ${row.version}`
      : `· ${row.ref} was so already (version ${row.version})`,
})

/** What a library item says of itself stands in its own file. */
async function updateItem(
  entry: Entry & { id: string; file: string },
  input: Input,
  workspace: Workspace,
  step: VersionStep,
): Promise<EntryRow & { changed: boolean }> {
  const changes = itemChanges(entry, input)
  if (!changes) return { ...toRow(entry.id, entry), changed: false }
  const staged = await stageItem(entry, changes, workspace, step)
  try {
    const row = workspace.manifest.update((draft, files) => toRow(entry.id, placeItem(draft, files, entry, staged, workspace)), note(input))
    await refreshSources(workspace)
    return { ...row, changed: true }
  } finally {
    workspace.dropTemporary(staged.temporary)
  }
}

/** What changes in an item's own file; nothing when it says all of that already. @throws ITEM_MEMBER */
function itemChanges(entry: Entry & { id: string; file: string }, input: Omit<Input, 'file'> & { file?: string | undefined }): ItemChanges | undefined {
  const given = (['file', 'alt', 'usageRights'] as const).find((member) => input[member] !== undefined)
  if (given) throw itemHasNone({ ref: entry.id, member: given, file: entry.file })
  const { name, description, license, author } = input
  const texts = Object.fromEntries(
    Object.entries({ name, description, license, author }).flatMap(([member, text]) => (text === undefined ? [] : [[member, text.trim()]])),
  )
  const changes: ItemChanges = { ...texts, ...(input.tags && { tags: tidyTags(input.tags) }) }
  const isSame = Object.entries(changes).every(([member, value]) => String(value) === String(entry[member] ?? ''))
  return isSame ? undefined : changes
}

const note = ({ message }: Input) => ({ message })

/** The newest state of a branch with the changes becomes its next one; manifest and files stay as they are. */
async function updateBranch(
  ref: string,
  branch: string,
  input: Input,
  workspace: Workspace,
  step: VersionStep,
): Promise<EntryRow & { changed: boolean }> {
  const versions = await workspace.versions()
  const history = versions.history(ref)
  const { version: parent } = versions.requireBranch(history, branch)
  const state = await versions.readVersion(ref, branch)
  const version = nextBranchVersion(parent, branch, step, new Set(history.lines.map((line) => line.version)))
  const made = isItem(state.entry)
    ? await itemOnBranch(state, input, version, workspace)
    : await mediaOnBranch(ref, state.entry, input, workspace)
  if (!made) return { ...toRow(ref, state.entry), changed: false }
  const entry = { ...made.entry, version, modified: workspace.timestamp() }
  versions.writeBranch(ref, { branch, parent, version, entry, files: made.files, message: input.message })
  return { ...toRow(ref, entry), changed: true }
}

async function itemOnBranch(state: VersionState, input: Input, version: string, workspace: Workspace) {
  const { library } = workspace
  const entry = state.entry as Entry & { id: string; file: string }
  const { file: given, ...rest } = input
  const changes = itemChanges(entry, rest) ?? {}
  const [own, ...others] = await Promise.all(state.files.map(async ({ file, read }) => [file, await read()] as const))
  const known = new Map(others.map(([file, content]) => [file.slice(dirname(entry.file).length + 1), content]))
  const next = given === undefined ? { own: own![1], contents: known, told: new Map<string, string>() } : await givenContent(entry, own![1], known, given, workspace)
  const bytes = await library.edited(entry.file, { ...tidyChanges(changes), version }, next.own)
  const { item, content } = await library.check(entry.file, bytes, next.contents, next.told)
  const made = itemEntry(item, content, workspace.timestamp(), entry)
  // The version is new in any case; without it both must be told apart.
  const before = await library.check(entry.file, await library.edited(entry.file, { version }, own![1]), known)
  return before.content.digest === made.digest ? undefined : { entry: made, files: [bytes, ...item.files.map((file) => file.bytes)] }
}

/**
 * An item's own file and content files with what the user names in their place.
 * @returns `told`: the given files by those whose place they take
 * @throws ITEM_FILE, FILE_UNREADABLE, ITEM_INVALID
 */
async function givenContent(
  entry: Entry & { id: string; file: string },
  own: Uint8Array,
  known: ReadonlyMap<string, Uint8Array>,
  given: string,
  workspace: Workspace,
): Promise<{ own: Uint8Array; contents: ReadonlyMap<string, Uint8Array>; told: Map<string, string> }> {
  const bytes = readSource(given, workspace)
  const name = [...known.keys()].find((one) => basename(one) === basename(given))
  const folder = dirname(entry.file)
  if (name !== undefined) return { own, contents: new Map(known).set(name, bytes), told: new Map([[`${folder}/${name}`, given]]) }
  if (!/\.ya?ml$/i.test(given)) throw noItemFile({ ref: entry.id, file: given, names: [...known.keys()] })
  const contents = new Map(known)
  const told = new Map([[entry.file, given]])
  for (const named of await workspace.library.contentNames(entry.file, bytes, told)) {
    const beside = join(dirname(given), requireWritablePath(named))
    if (!existsSync(resolve(workspace.options.root, beside))) continue
    contents.set(named, readSource(beside, workspace))
    told.set(`${folder}/${named}`, beside)
  }
  return { own: bytes, contents, told }
}

async function mediaOnBranch(ref: string, before: Entry, input: Input, workspace: Workspace) {
  const entry = structuredClone(before)
  changeTexts(entry, input)
  if (input.tags) setOrDrop(entry, 'tags', tidyTags(input.tags))
  const files: Uint8Array[] = []
  if (input.file !== undefined) {
    const staged = await stageMedia(input.file, workspace)
    workspace.dropTemporary(staged.temporary)
    files.push(staged.media.bytes)
    describeReplacement(ref, entry, staged, workspace)
  }
  return isSameContent(entry, before) ? undefined : { entry, files }
}

function changeTexts(entry: Entry, input: Input): void {
  for (const member of textMembers) if (input[member] !== undefined) setOrDrop(entry, member, input[member].trim())
}

function setOrDrop<K extends keyof typeof texts | 'tags'>(
  entry: Entry,
  member: K,
  value: NonNullable<Entry[K]> & { length: number },
): void {
  if (value.length > 0) (entry as Pick<Entry, K>)[member] = value
  else delete entry[member]
}

/** Put a file in the place of the present one. */
function replaceFile(
  ref: string,
  entry: Entry,
  staged: StagedMedia,
  workspace: Workspace,
  changes: { place(temporary: string, target: string): void; remove(target: string): void },
): void {
  if (entry.hash === staged.hash) return requireSameKind(ref, entry, staged)
  const { root } = workspace.options
  const former = entry.file
  const target = describeReplacement(ref, entry, staged, workspace)
  if (target !== former) {
    requireFree(target, workspace)
    if (former) changes.remove(resolve(root, former))
  }
  changes.place(staged.temporary, resolve(root, target))
}

/** Make an entry tell of another file. @returns where that belongs */
function describeReplacement(ref: string, entry: Entry, staged: StagedMedia, workspace: Workspace): string {
  requireSameKind(ref, entry, staged)
  const { media, hash } = staged
  const target = entry.file
    ? withExtension(entry.file, media.format.extension)
    : standardFile(workspace, entry.category ?? 'Images', ref, media.format.extension)
  describeContent(entry, media, hash)
  entry.file = target
  return target
}

/** @throws KIND_DIFFERS */
function requireSameKind(ref: string, entry: Entry, { file, media }: StagedMedia): void {
  if (entry.kind !== media.facts.kind) throw kindDiffers({ ref, kind: entry.kind, file, found: media.facts.kind })
}

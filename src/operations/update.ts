import { resolve } from 'node:path'
import * as z from 'zod'
import { requireAsset } from '../core/find-asset.ts'
import { defineError } from '../core/errors.ts'
import type { Entry } from '../core/manifest.ts'
import type { VersionStep } from '../core/version-step.ts'
import type { Workspace } from '../workspace.ts'
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
import { isItem } from '../core/kinds/item-entry.ts'
import { placeItem, stageItem, type ItemChanges } from './library-items.ts'
import { defineOperation } from './operation.ts'
import { stageMedia, type StagedMedia } from './read-source.ts'

const nothingToUpdate = defineError('NOTHING_TO_UPDATE', {
  summary: 'update was not told what to change.',
  message: (d: { ref: string }) => `Nothing was given to change on ${d.ref}.`,
  hint: () => 'Give --description, --tags, --alt, --name, --usage-rights, --license, --author, or --file.',
  exit: 2,
})
const stepsConflict = defineError('VERSION_STEPS_CONFLICT', {
  summary: '--minor and --major were both given.',
  message: () => 'Give --minor or --major, not both.',
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
  hint: (d) => `Edit ${d.file} and run assetloom sync.`,
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
  file: z.string().min(1).optional().describe('A file that takes the place of the present one; the token stays.'),
  minor: z.boolean().default(false).describe('Raise the minor version instead of the patch.'),
  major: z.boolean().default(false).describe('Raise the major version instead of the patch.'),
})
type Input = z.output<typeof inputSchema>

export default defineOperation({
  input: inputSchema,
  output: entryRowSchema.extend({ changed: z.boolean().describe('False when everything was so already.') }),
  positional: ['ref'],
  effect: 'write',
  example: 'assetloom update LOGO-ACME-MARK001 --file brand/new-mark.png --alt "Acme" --minor',
  async run(input, { workspace }) {
    if (input.minor && input.major) throw stepsConflict({})
    if (
      input.file === undefined &&
      input.tags === undefined &&
      textMembers.every((member) => input[member] === undefined)
    )
      throw nothingToUpdate({ ref: input.ref })
    const { ref, entry: current } = requireAsset(workspace.manifest.read().assets, input.ref)
    const step: VersionStep = input.major ? 'major' : input.minor ? 'minor' : 'patch'
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
      })
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
  const given = (['file', 'alt', 'usageRights'] as const).find((member) => input[member] !== undefined)
  if (given) throw itemHasNone({ ref: entry.id, member: given, file: entry.file })
  const { name, description, license, author } = input
  const texts = Object.fromEntries(
    Object.entries({ name, description, license, author }).flatMap(([member, text]) => (text === undefined ? [] : [[member, text.trim()]])),
  )
  const changes: ItemChanges = { ...texts, ...(input.tags && { tags: tidyTags(input.tags) }) }
  const isSame = Object.entries(changes).every(([member, value]) => String(value) === String(entry[member] ?? ''))
  if (isSame) return { ...toRow(entry.id, entry), changed: false }
  const staged = await stageItem(entry, changes, workspace, step)
  try {
    const row = workspace.manifest.update((draft, files) => toRow(entry.id, placeItem(draft, files, entry, staged, workspace)))
    await refreshSources(workspace)
    return { ...row, changed: true }
  } finally {
    workspace.dropTemporary(staged.temporary)
  }
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

function replaceFile(
  ref: string,
  entry: Entry,
  { file, media, hash, temporary }: StagedMedia,
  workspace: Workspace,
  changes: { place(temporary: string, target: string): void; remove(target: string): void },
): void {
  if (entry.kind !== media.facts.kind) throw kindDiffers({ ref, kind: entry.kind, file, found: media.facts.kind })
  if (entry.hash === hash) return
  const { root } = workspace.options
  const target = entry.file
    ? withExtension(entry.file, media.format.extension)
    : standardFile(workspace, entry.category ?? 'Images', ref, media.format.extension)
  if (target !== entry.file) {
    requireFree(target, workspace)
    if (entry.file) changes.remove(resolve(root, entry.file))
  }
  changes.place(temporary, resolve(root, target))
  describeContent(entry, media, hash)
  entry.file = target
}

import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, relative, resolve, sep } from 'node:path'
import * as z from 'zod'
import { contentHash } from '../core/digest.ts'
import { defineError, toAssetloomError } from '../core/errors.ts'
import { refreshLock, staleLocks } from '../core/graph/lock.ts'
import { isLfsPointer } from '../core/lfs-pointer.ts'
import { filesOf, type Entry, type Manifest } from '../core/manifest.ts'
import { isToken, parseToken, seriesOfToken } from '../core/token.ts'
import { categoryFolder, type Words } from '../core/vocabulary.ts'
import { contentMembers } from '../workspace/media-members.ts'
import type { ReadItem, ReadMedia, Workspace } from '../workspace.ts'
import { describeContent, recordChange, refreshSources } from './asset-change.ts'
import { changedItems, raiseItem, recordItems, type StagedItem } from './library-items.ts'
import { defineOperation } from './operation.ts'
import { stageMedia } from './read-source.ts'
import { messageField } from './version-fields.ts'

const someFailed = defineError('SYNC_INCOMPLETE', {
  summary: 'Some files could not be read; the manifest keeps what it says of them.',
  message: (d: { failed: number; first: string }) => `${d.failed} files could not be synced. First: ${d.first}`,
})

const fileOfRef = z.object({ ref: z.string(), file: z.string() })
const outputSchema = z.object({
  added: z.array(fileOfRef).describe('New files that got an entry.'),
  changed: z.array(fileOfRef).describe('Files whose content is new; their entries follow it.'),
  locked: z.array(z.string()).describe('Assets whose lock now names another version or content.'),
  missing: z.array(fileOfRef).describe('Files that the manifest names and the disk has not.'),
  unregistered: z
    .array(z.object({ file: z.string(), why: z.string() }))
    .describe('Media files that belong to no asset.'),
  failed: z.array(z.object({ file: z.string(), code: z.string(), message: z.string(), line: z.number().int().optional(), hint: z.string().optional() })),
  isDryRun: z.boolean(),
})
type Output = z.output<typeof outputSchema>

/** A file of an asset that was read anew. */
interface Read {
  ref: string
  file: string
  media: ReadMedia
  hash: string
  temporary: string
  /** The bytes on the disk were cleaned: the clean ones take their place. */
  isCleaned: boolean
  /** The hash that the manifest recorded when the file was read; undefined for a new file. */
  recorded: string | undefined
}

export default defineOperation({
  input: z.strictObject({
    files: z.array(z.string()).default([]).describe('Look at these files only, relative to the project. Default: all.'),
    dryRun: z.boolean().default(false).describe('Tell what differs, change nothing.'),
    message: messageField.describe('Record items that were edited by hand as new versions, with this message.'),
  }),
  output: outputSchema,
  effect: 'write',
  paths: ({ files }) => files,
  positional: ['files'],
  example: 'assetloom sync',
  async run(input, { workspace, progress, signal }) {
    const manifest = workspace.manifest.read()
    const output: Output = { added: [], changed: [], locked: [], missing: [], unregistered: [], failed: [], isDryRun: input.dryRun }
    const only =
      input.files.length > 0 ? new Set(input.files.map((file) => projectFile(workspace.options.root, file))) : undefined
    const fresh = await newFiles(manifest, workspace, only)
    output.unregistered = fresh.unregistered
    const suspects = [...changedFiles(manifest, workspace, output, only), ...fresh.found]
    const items = await changedItems(manifest, workspace, only)
    output.failed.push(...items.failed)
    const staged: Read[] = []
    const edited: EditedItem[] = []
    try {
      progress.start(suspects.length, 'Reading')
      for (const { ref, file, recorded } of suspects) {
        signal.throwIfAborted()
        try {
          const { media, hash, temporary } = await stageMedia(file, workspace)
          const isCleaned = contentHash(readFileSync(resolve(workspace.options.root, file))) !== hash
          staged.push({ ref, file, media, hash, temporary, isCleaned, recorded })
        } catch (error) {
          const { code, message } = toAssetloomError(error)
          output.failed.push({ file, code, message })
        }
        progress.advance(1, basename(file))
      }
      progress.stop()
      if (input.dryRun) {
        for (const { item, isNew } of items.read)
          output[isNew ? 'added' : 'changed'].push({ ref: item.id, file: item.file })
        for (const one of staged)
          output[one.recorded === undefined ? 'added' : 'changed'].push({ ref: one.ref, file: one.file })
        output.locked = staleLocks(manifest)
      } else if (staged.length > 0 || items.read.length > 0 || staleLocks(manifest).length > 0) {
        // An item says its version in its own file, and that is its author's until a version is asked for.
        const toRaise = input.message === undefined ? [] : items.read.filter(({ item }) => manifest.assets[item.id])
        for (const read of toRaise)
          edited.push({ hash: read.content.hash, ...(await raiseItem(read, manifest.assets[read.item.id]!, workspace)) })
        const asTheyAre = items.read.filter((read) => !toRaise.includes(read))
        record(staged, asTheyAre, edited, workspace, output, input.message)
        await refreshSources(workspace)
      }
      return output
    } finally {
      for (const { temporary } of [...staged, ...edited]) workspace.dropTemporary(temporary)
    }
  },
  verdict: ({ failed }) =>
    failed.length > 0 ? someFailed({ failed: failed.length, first: failed[0]!.message }) : undefined,
  present: ({ added, changed, locked, missing, unregistered, failed, isDryRun }) =>
    [
      ...added.map(({ ref, file }) => `+ ${ref}  ${file}`),
      ...changed.map(({ ref, file }) => `~ ${ref}  ${file}`),
      ...locked.map((ref) => `= ${ref}  locked as it is now`),
      ...missing.map(({ ref, file }) => `- ${ref}  ${file} is missing`),
      ...unregistered.map(({ file, why }) => `? ${file}  ${why}`),
      ...failed.map(({ file, message }) => `✗ ${file}  ${message}`),
      ...(added.length + changed.length + locked.length + missing.length + unregistered.length + failed.length === 0
        ? ['Disk and manifest agree.']
        : []),
      ...(isDryRun ? ['Nothing was changed (--dry-run).'] : []),
    ].join('\n'),
})

/** Entries whose file has other content; missing files and pointers go to the output. */
function changedFiles(
  manifest: Manifest,
  workspace: Workspace,
  output: Output,
  only: ReadonlySet<string> | undefined,
): { ref: string; file: string; recorded: string | undefined }[] {
  const changed: { ref: string; file: string; recorded: string | undefined }[] = []
  for (const [ref, entry] of Object.entries(manifest.assets)) {
    for (const file of filesOf(entry)) {
      if (only && !only.has(file)) continue
      const path = resolve(workspace.options.root, file)
      if (!existsSync(path)) output.missing.push({ ref, file })
      else if (file === entry.file && isToken(ref) && statSync(path).isFile()) {
        const bytes = readFileSync(path)
        if (isLfsPointer(bytes))
          output.failed.push({ file, code: 'LFS_POINTER', message: `${file} is a Git LFS pointer; run git lfs pull.` })
        else if (contentHash(bytes) !== entry.hash) changed.push({ ref, file, recorded: entry.hash ?? '' })
      }
    }
  }
  return changed
}

/** What the tool itself keeps in the folder of the assets. */
const ownFiles = /^(?:manifest\.json$|sites\.json$|library\/|history\/)/

/**
 * Media files in the category folders that no entry names: those that can keep the token they are named by, and the
 * others.
 */
export async function newFiles(
  manifest: Manifest,
  workspace: Workspace,
  only?: ReadonlySet<string>,
): Promise<{ found: { ref: string; file: string; recorded: undefined }[]; unregistered: Output['unregistered'] }> {
  const { root, assetsDir } = workspace.options
  const known = new Set(Object.values(manifest.assets).flatMap(filesOf))
  const found: { ref: string; file: string; recorded: undefined }[] = []
  const unregistered: Output['unregistered'] = []
  const given = new Set<string>()
  if (!existsSync(resolve(root, assetsDir))) return { found, unregistered }
  for (const path of await workspace.findFiles([assetsDir])) {
    const file = projectFile(root, path)
    if (only && !only.has(file)) continue
    if (known.has(file) || ownFiles.test(file.slice(assetsDir.length + 1))) continue
    const ref = basename(file, extname(file))
    const why = given.has(ref) ? `another new file has the token ${ref}` : refusal(file, ref, manifest, workspace)
    if (why) {
      unregistered.push({ file, why })
      continue
    }
    given.add(ref)
    found.push({ ref, file, recorded: undefined })
  }
  return { found, unregistered }
}

const projectFile = (root: string, path: string) => relative(root, resolve(root, path)).split(sep).join('/')

/** Why a file cannot be registered under the token it is named by. */
function refusal(file: string, token: string, manifest: Manifest, workspace: Workspace): string | undefined {
  if (!isToken(token)) return 'is not named like a token; assetloom import gives it one'
  const words = workspace.words()
  const category = categoryOf(token, words)
  if (!category) return `no category has the prefix ${token.split('-')[0]!}`
  const folder = `${workspace.options.assetsDir}/${categoryFolder(category.name)}`
  if (dirname(file) !== folder) return `does not stand in ${folder}`
  if (manifest.assets[token]) return `${token} has another file, ${manifest.assets[token].file ?? 'none of its own'}`
  if (Number(token.slice(-3)) <= (manifest.sequences[seriesOfToken(token)] ?? 0))
    return `the number of ${token} was issued before and is never issued again; assetloom import gives it a new one`
  return undefined
}

const categoryOf = (token: string, words: Words) =>
  words.categories.find(({ prefix }) => prefix === token.split('-')[0])

/** An item that was edited by hand, with its next version. */
interface EditedItem extends StagedItem {
  /** Digest of its file as it was read. */
  hash: string
}

function record(
  staged: readonly Read[],
  items: readonly ReadItem[],
  edited: readonly EditedItem[],
  workspace: Workspace,
  output: Output,
  message: string | undefined,
): void {
  workspace.manifest.update((draft, changes) => {
    for (const read of staged) {
      const { ref, file, media, hash } = read
      const entry = draft.assets[ref]
      // Another process may have been quicker.
      if (
        read.recorded === undefined
          ? refusal(file, ref, draft, workspace) !== undefined
          : !entry || entry.file !== file || (entry.hash ?? '') !== read.recorded
      )
        continue
      if (read.isCleaned) changes.place(read.temporary, resolve(workspace.options.root, file))
      if (entry) {
        if (entry.hash !== hash) {
          describeContent(entry, media, hash)
          recordChange(entry, workspace)
        }
        output.changed.push({ ref, file })
      } else {
        draft.assets[ref] = newEntry(read, workspace)
        draft.sequences[seriesOfToken(ref)] = Number(ref.slice(-3))
        output.added.push({ ref, file })
      }
    }
    const current = edited.filter(({ read, temporary, hash }) => {
      const path = resolve(workspace.options.root, read.item.file)
      // Edited once more since it was read: the next sync takes it.
      if (!existsSync(path) || contentHash(readFileSync(path)) !== hash) return false
      changes.place(temporary, path)
      return true
    })
    const { added, changed } = recordItems(draft, [...items, ...current.map(({ read }) => read)], workspace)
    output.added.push(...added)
    output.changed.push(...changed)
    output.locked = refreshLock(draft)
  }, { message, isHandEdit: message === undefined })
}

function newEntry({ ref, file, media, hash }: Read, workspace: Workspace): Entry {
  const words = workspace.words()
  const { family, variant } = parseToken(ref, words)
  const now = workspace.timestamp()
  return {
    token: ref,
    file,
    category: categoryOf(ref, words)!.name,
    family,
    variant,
    ...contentMembers(media, hash),
    version: '1.0.0',
    created: now,
    modified: now,
    source: { type: 'import', ...(workspace.options.userName && { importedBy: workspace.options.userName }) },
  }
}

import { relative, sep } from 'node:path'
import { sha256 } from '../core/digest.ts'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { isSameValue } from '../core/json-value.ts'
import { emptyManifest, entriesProblem, formatManifest, manifestSchema, recordedFiles, type Manifest } from '../core/manifest.ts'
import { raiseSequences } from '../core/sequences.ts'
import { removeStrayTemporaries, writeFailed, writeFileAtomic } from './atomic-write.ts'
import {
  carryOutChanges,
  hasJournals,
  recoverChanges,
  type FileChanges,
  type ManifestOnDisk,
} from './change-journal.ts'
import type { ManifestIndex } from './manifest-index.ts'
import { parseManifest, readManifestText } from './manifest-text.ts'
import type { StateDb } from './state-db.ts'
import type { ChangeNote, VersionRecorder } from './version-recorder.ts'

const manifestInvalid = defineError('MANIFEST_INVALID', {
  summary: 'A change would have made the manifest invalid; nothing was written.',
  message: (d: { why: string }) => `The change would make the manifest invalid: ${d.why}. Nothing was written.`,
  http: 500,
})

const recoveryFailed = defineError('RECOVERY_FAILED', {
  summary: 'What a stopped command left behind could not be tidied up.',
  message: (d: { why: string }) =>
    `A stopped command left a change half done, and it cannot be finished or undone now: ${d.why}.`,
  hint: () => 'Mend the permissions or free disk space, then run any command again: it is tried at every start.',
  http: 500,
})

/** The manifest as a whole, for those who change it. */
export interface ManifestFile {
  readonly path: string
  exists(): boolean
  /** The manifest on the disk; an empty one when there is none. @throws MANIFEST_DAMAGED, MANIFEST_NEWER */
  read(): Manifest
  /**
   * Read, change and write under the lock of all processes.
   * Files that the change places are in place before the manifest names them, files it removes go after.
   * An asset whose version or content is another one afterwards gets a line in its history.
   * @param change - edits the draft; must be synchronous
   * @param note - what the history tells of the change
   * @throws MANIFEST_DAMAGED, MANIFEST_NEWER, WRITE_FAILED, STATE_UNAVAILABLE, HISTORY_DAMAGED, HISTORY_CONFLICT
   */
  update<T>(change: (draft: Manifest, files: FileChanges) => T, note?: ChangeNote): T
  /** Finish or undo what a killed process left; safe at any time. */
  recover(): void
}

/**
 * @param input.root - what the paths in the manifest are relative to
 * @param input.tempFolder - best on the file system of the assets
 */
export function createManifestFile(input: {
  root: string
  path: string
  state: StateDb
  index: ManifestIndex
  tempFolder: string
  versions: VersionRecorder
}): ManifestFile {
  const { root, path, state, index, tempFolder, versions } = input
  /** The text that this process wrote last: it is known to be right. */
  let written: string | undefined
  const draftOf = (text: string | undefined): Manifest => {
    if (text === undefined) return emptyManifest()
    return text === written ? (JSON.parse(text) as Manifest) : parseManifest(text, path)
  }
  const read = () => draftOf(readManifestText(path))
  const onDisk: ManifestOnDisk = {
    digest: () => sha256(readManifestText(path) ?? ''),
    recordedHash: (file) => {
      const wanted = relative(root, file).split(sep).join('/')
      try {
        return hashByFile(read()).get(wanted)
      } catch {
        return undefined
      }
    },
  }
  const recoverUnderLock = () => {
    try {
      recoverChanges(tempFolder, onDisk)
    } catch (cause) {
      if (isAssetloomError(cause)) throw cause
      throw recoveryFailed({ why: (cause as Error).message }, { cause })
    }
  }

  return {
    path,
    exists: () => readManifestText(path) !== undefined,
    read,
    update(change, note = {}) {
      /** Set once the manifest stands: what fails after that touches only the index, which is made again. */
      let outcome: { result: ReturnType<typeof change> } | undefined
      try {
        return state.exclusive((db) => {
          recoverUnderLock()
          const before = readManifestText(path)
          const draft = draftOf(before)
          const assetsBefore = before === undefined ? {} : ((JSON.parse(before) as Partial<Manifest>).assets ?? {})
          raiseSequences(draft)
          const placed: { temporary: string; target: string }[] = []
          const removed: string[] = []
          const result = change(draft, {
            place: (temporary, target) => void placed.push({ temporary, target }),
            remove: (target) => void removed.push(target),
          })
          const changed = changedRefs(assetsBefore, draft.assets)
          requireValid(draft, changed)
          const text = formatManifest(draft)
          if (text === before && placed.length === 0 && removed.length === 0) return result
          const digestBefore = sha256(before ?? '')
          const digest = sha256(text)
          let recording: ReturnType<VersionRecorder['prepare']>
          try {
            const [from, to] = [assetsBefore, draft.assets].map((assets) => only(assets, changed))
            recording = versions.prepare({ before: from!, after: to!, placed, removed, note })
            removed.push(...recording.removed)
            carryOutChanges({
              folder: tempFolder,
              placed,
              removed: removed.filter((target) => !placed.some((one) => one.target === target)),
              before: digestBefore,
              after: digest,
              manifest: onDisk,
              writeManifest: () => text !== before && writeFileAtomic(path, text, tempFolder),
            })
          } catch (cause) {
            if (isAssetloomError(cause)) throw cause
            throw writeFailed({ what: 'The manifest or one of its files', why: (cause as Error).message }, { cause })
          }
          outcome = { result }
          written = text
          recording.append()
          index.record(db, draft, { digest, digestBefore: before === undefined ? '' : digestBefore, changed })
          return result
        })
      } catch (error) {
        if (outcome) return outcome.result
        throw error
      }
    },
    recover() {
      let isPending: boolean
      try {
        isPending = hasJournals(tempFolder)
      } catch (cause) {
        throw recoveryFailed({ why: (cause as Error).message }, { cause })
      }
      if (isPending) state.exclusive(recoverUnderLock)
      // After the journals: a backup that one of them names is a temporary too.
      removeStrayTemporaries(tempFolder)
    },
  }
}

type Assets = Manifest['assets']

/** Refs whose entry came, went or is another one. */
function changedRefs(before: Assets, after: Assets): ReadonlySet<string> {
  const isSame = (ref: string) => Object.hasOwn(before, ref) && Object.hasOwn(after, ref) && isSameValue(before[ref], after[ref])
  return new Set([...Object.keys(before), ...Object.keys(after)].filter((ref) => !isSame(ref)))
}

const only = (assets: Assets, refs: ReadonlySet<string>): Assets =>
  Object.fromEntries(Object.entries(assets).filter(([ref]) => refs.has(ref)))

/** @param changed - the entries that are not known to be right */
function requireValid(draft: Manifest, changed: ReadonlySet<string>): void {
  const checked = manifestSchema.safeParse({ ...draft, assets: only(draft.assets, changed) })
  const issue = checked.error?.issues[0]
  const why = issue ? `${issue.path.join(' → ')}: ${issue.message}` : entriesProblem(draft)?.why
  if (why) throw manifestInvalid({ why })
}

/** Hash by path of every file that the manifest names. */
function hashByFile(manifest: Manifest): Map<string, string> {
  const files = Object.values(manifest.assets).flatMap(recordedFiles)
  return new Map(files.flatMap(({ file, hash }) => (hash === undefined ? [] : [[file, hash] as const])))
}

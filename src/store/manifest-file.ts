import { readFileSync, statSync } from 'node:fs'
import { sha256 } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import { emptyManifest, formatManifest, manifestSchema, type Manifest } from '../core/manifest.ts'
import { removeStrayTemporaries, writeFileAtomic } from './atomic-write.ts'
import { carryOutChanges, hasJournals, recoverChanges, type FileChanges } from './change-journal.ts'
import type { ManifestIndex } from './manifest-index.ts'
import { parseManifest } from './manifest-text.ts'
import type { StateDb } from './state-db.ts'

const manifestInvalid = defineError('MANIFEST_INVALID', {
  summary: 'A change would have made the manifest invalid; nothing was written.',
  message: (d: { why: string }) => `The change would make the manifest invalid: ${d.why}. Nothing was written.`,
  http: 500,
})

const writeFailed = defineError('WRITE_FAILED', {
  summary: 'The operating system refused to write a file; the old state is whole.',
  message: (d: { what: string; why: string }) => `${d.what} could not be written: ${d.why}. The old state is as it was.`,
  hint: () => 'Free disk space or mend the permissions, then run the command again.',
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
   * @param change - edits the draft; must be synchronous
   * @throws MANIFEST_DAMAGED, MANIFEST_NEWER, WRITE_FAILED, STATE_UNAVAILABLE
   */
  update<T>(change: (draft: Manifest, files: FileChanges) => T): T
  /** Finish or undo what a killed process left; safe at any time. */
  recover(): void
}

export function createManifestFile(input: {
  path: string
  state: StateDb
  index: ManifestIndex
  /** On the file system of the assets. */
  tempFolder: string
}): ManifestFile {
  const { path, state, index, tempFolder } = input
  const exists = () => statSync(path, { throwIfNoEntry: false }) !== undefined
  const textOnDisk = () => (exists() ? readFileSync(path, 'utf8') : undefined)
  const read = () => {
    const text = textOnDisk()
    return text === undefined ? emptyManifest() : parseManifest(text, path)
  }
  const digestOnDisk = () => sha256(textOnDisk() ?? '')

  return {
    path,
    exists,
    read,
    update(change) {
      return state.exclusive((db) => {
        recoverChanges(tempFolder, digestOnDisk)
        const before = textOnDisk()
        const draft = before === undefined ? emptyManifest() : parseManifest(before, path)
        const placed: { temporary: string; target: string }[] = []
        const removed: string[] = []
        const result = change(draft, {
          place: (temporary, target) => void placed.push({ temporary, target }),
          remove: (target) => void removed.push(target),
        })
        const checked = manifestSchema.safeParse(draft)
        if (!checked.success) {
          const issue = checked.error.issues[0]!
          throw manifestInvalid({ why: `${issue.path.join(' → ')}: ${issue.message}` })
        }
        const text = formatManifest(draft)
        if (text === before && placed.length === 0 && removed.length === 0) return result
        try {
          carryOutChanges({
            folder: tempFolder,
            placed,
            removed,
            manifestDigest: sha256(text),
            writeManifest: () => text !== before && writeFileAtomic(path, text, tempFolder),
          })
        } catch (cause) {
          throw writeFailed({ what: 'The manifest or one of its files', why: (cause as Error).message }, { cause })
        }
        index.record(db, draft, text)
        return result
      })
    },
    recover() {
      if (hasJournals(tempFolder)) state.exclusive(() => recoverChanges(tempFolder, digestOnDisk))
      // After the journals: a backup that one of them names is a temporary too.
      removeStrayTemporaries(tempFolder)
    },
  }
}

import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { contentHash } from '../core/digest.ts'
import { moveFile, removeQuietly, syncFolder, temporaryName, writeFileAtomic } from './atomic-write.ts'

/** Files that one manifest change puts in place or takes away. Paths are absolute. */
export interface FileChanges {
  /** Move a temporary file (already on the disk) to its target when the change is carried out. */
  place(temporary: string, target: string): void
  /** Take a file away once the manifest no longer names it. */
  remove(target: string): void
}

interface Journal {
  /** Digest of the manifest before the change. */
  before: string
  /** Digest of the manifest that completes the change. */
  after: string
  placed: { target: string; backup?: string }[]
  removed: string[]
}

/** What a journal is held against: the manifest on the disk at this moment. */
export interface ManifestOnDisk {
  digest(): string
  /** The hash that it records for a file, by absolute path; undefined when it names no such file or cannot be read. */
  recordedHash(path: string): string | undefined
}

/**
 * Carry out file changes and the manifest write as one: after a crash {@link recoverChanges}
 * brings the files to the state that the manifest on the disk describes.
 * Throws only while the old state is whole.
 */
export function carryOutChanges(input: {
  folder: string
  placed: { temporary: string; target: string }[]
  removed: string[]
  before: string
  after: string
  manifest: ManifestOnDisk
  writeManifest: () => void
}): void {
  const { folder, placed, removed, before, after, manifest, writeManifest } = input
  const commit = () => {
    try {
      writeManifest()
    } catch (error) {
      // The rename may have happened before the call that failed.
      if (manifest.digest() !== after) throw error
    }
  }
  if (placed.length === 0 && removed.length === 0) return commit()

  const backups: string[] = []
  let journal: Journal | undefined
  const journalFile = join(folder, `${process.pid}-${randomUUID()}.journal.json`)
  try {
    mkdirSync(folder, { recursive: true })
    journal = {
      before,
      after,
      placed: placed.map(({ target }) => {
        if (!existsSync(target)) return { target }
        const backup = join(folder, temporaryName())
        backups.push(backup)
        backUp(target, backup)
        return { target, backup }
      }),
      removed,
    }
    writeFileAtomic(journalFile, JSON.stringify(journal))
    const folders = new Set<string>()
    for (const { temporary, target } of placed) {
      mkdirSync(dirname(target), { recursive: true })
      moveFile(temporary, target)
      folders.add(dirname(target))
    }
    for (const one of folders) syncFolder(one)
    commit()
  } catch (error) {
    // A journal that cannot be undone now stays and is undone at the next start or change.
    if (journal && existsSync(journalFile)) settle(journalFile, () => undo(journal!))
    else for (const backup of backups) removeQuietly(backup)
    for (const { temporary } of placed) removeQuietly(temporary)
    throw error
  }
  // The manifest stands: from here on nothing fails, what cannot be tidied now is tidied later.
  settle(journalFile, () => finish(journal))
}

/** Do the closing work of a journal; it stays when that fails. */
function settle(journalFile: string, work: () => void): void {
  try {
    work()
    rmSync(journalFile, { force: true })
  } catch {
    // recoverChanges does it again.
  }
}

/**
 * Bring the files of interrupted changes back in step with the manifest on the disk. Call it while holding the lock:
 * whoever wrote a journal held it too, so a journal seen under it is a leftover.
 */
export function recoverChanges(folder: string, manifest: ManifestOnDisk): number {
  let recovered = 0
  for (const name of journalsIn(folder)) {
    const journalFile = join(folder, name)
    const journal = readJournal(journalFile)
    if (journal) {
      const digest = manifest.digest()
      if (digest === journal.after) finish(journal)
      else if (digest === journal.before) undo(journal)
      else reconcile(journal, manifest)
    }
    rmSync(journalFile, { force: true })
    recovered++
  }
  return recovered
}

function readJournal(file: string): Journal | undefined {
  const text = readFileSync(file, 'utf8')
  try {
    return JSON.parse(text) as Journal
  } catch {
    return undefined
  }
}

export function hasJournals(folder: string): boolean {
  return journalsIn(folder).length > 0
}

function journalsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((name) => name.endsWith('.journal.json'))
}

function backUp(target: string, backup: string): void {
  try {
    linkSync(target, backup)
  } catch {
    copyFileSync(target, backup)
  }
}

function undo(journal: Journal): void {
  for (const { target, backup } of journal.placed) {
    if (!backup) rmSync(target, { force: true })
    else restore(backup, target)
  }
}

/** Rename does nothing between two links of one file, so the backup is taken away besides. */
function restore(backup: string, target: string): void {
  if (!existsSync(backup)) return
  moveFile(backup, target)
  rmSync(backup, { force: true })
}

function finish(journal: Journal): void {
  for (const { backup } of journal.placed) if (backup) rmSync(backup, { force: true })
  const placed = new Set(journal.placed.map(({ target }) => identityOf(target)))
  for (const target of journal.removed) {
    // Where names fold case, `A.PNG` and `a.png` may be the one file that was just placed.
    const identity = identityOf(target)
    if (identity !== undefined && !placed.has(identity)) rmSync(target, { force: true })
  }
}

function identityOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && `${stat.dev}:${stat.ino}`
}

/**
 * The manifest was changed by hand or by git since the crash: keep every file, but give back an old one
 * where the manifest means that.
 */
function reconcile(journal: Journal, manifest: ManifestOnDisk): void {
  for (const { target, backup } of journal.placed) {
    if (!backup || !existsSync(backup)) continue
    const wanted = manifest.recordedHash(target)
    if (wanted !== undefined && hashOf(target) !== wanted && hashOf(backup) === wanted) restore(backup, target)
    else rmSync(backup, { force: true })
  }
}

function hashOf(path: string): string | undefined {
  return existsSync(path) ? contentHash(readFileSync(path)) : undefined
}

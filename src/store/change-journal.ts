import { existsSync, linkSync, copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { syncFolder, writeFileAtomic } from './atomic-write.ts'

/** Files that one manifest change puts in place or takes away. Paths are absolute. */
export interface FileChanges {
  /** Move a temporary file (already on the disk) to its target when the change is carried out. */
  place(temporary: string, target: string): void
  /** Take a file away once the manifest no longer names it. */
  remove(target: string): void
}

interface Journal {
  pid: number
  /** Digest of the manifest that completes the change. */
  manifestDigest: string
  placed: { target: string; backup?: string }[]
  removed: string[]
}

/**
 * Carry out file changes and the manifest write as one: after a crash {@link recoverChanges}
 * brings the files to the state that the manifest on the disk describes.
 */
export function carryOutChanges(input: {
  folder: string
  placed: { temporary: string; target: string }[]
  removed: string[]
  manifestDigest: string
  writeManifest: () => void
}): void {
  const { folder, placed, removed, manifestDigest, writeManifest } = input
  if (placed.length === 0 && removed.length === 0) return writeManifest()
  mkdirSync(folder, { recursive: true })
  const journal: Journal = {
    pid: process.pid,
    manifestDigest,
    placed: placed.map(({ target }) => (existsSync(target) ? { target, backup: backUp(target, folder) } : { target })),
    removed,
  }
  const journalFile = join(folder, `${process.pid}-${randomUUID()}.journal.json`)
  try {
    writeFileAtomic(journalFile, JSON.stringify(journal))
    const folders = new Set<string>()
    for (const { temporary, target } of placed) {
      mkdirSync(dirname(target), { recursive: true })
      renameSync(temporary, target)
      folders.add(dirname(target))
    }
    for (const one of folders) syncFolder(one)
    writeManifest()
  } catch (error) {
    undo(journal)
    for (const { temporary } of placed) rmSync(temporary, { force: true })
    rmSync(journalFile, { force: true })
    throw error
  }
  finish(journal)
  rmSync(journalFile, { force: true })
}

/** Bring the files of interrupted changes back in step with the manifest on the disk. Call it while holding the lock: whoever wrote a journal held it too, so a journal seen under it is a leftover. */
export function recoverChanges(folder: string, digestOfManifest: () => string): number {
  let recovered = 0
  for (const name of journalsIn(folder)) {
    const journalFile = join(folder, name)
    let journal: Journal
    try {
      journal = JSON.parse(readFileSync(journalFile, 'utf8')) as Journal
    } catch {
      rmSync(journalFile, { force: true })
      continue
    }
    if (digestOfManifest() === journal.manifestDigest) finish(journal)
    else undo(journal)
    rmSync(journalFile, { force: true })
    recovered++
  }
  return recovered
}

export function hasJournals(folder: string): boolean {
  return journalsIn(folder).length > 0
}

function journalsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((name) => name.endsWith('.journal.json'))
}

function backUp(target: string, folder: string): string {
  const backup = join(folder, `${process.pid}-${randomUUID()}.tmp`)
  try {
    linkSync(target, backup)
  } catch {
    copyFileSync(target, backup)
  }
  return backup
}

function undo(journal: Journal): void {
  for (const { target, backup } of journal.placed) {
    if (backup) {
      if (existsSync(backup)) renameSync(backup, target)
    } else rmSync(target, { force: true })
  }
}

function finish(journal: Journal): void {
  for (const { backup } of journal.placed) if (backup) rmSync(backup, { force: true })
  for (const target of journal.removed) rmSync(target, { force: true })
}

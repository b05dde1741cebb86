import {
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { defineError } from '../core/errors.ts'

export const writeFailed = defineError('WRITE_FAILED', {
  summary: 'The operating system refused to write a file; the old state is whole.',
  message: (d: { what: string; why: string }) =>
    `${d.what} could not be written: ${d.why}. The old state is as it was.`,
  hint: () => 'Free disk space or mend the permissions, then run the command again.',
  http: 500,
})

/**
 * Flush a folder's own entries, so that a rename in it outlives a power cut. Windows has no such call and some network
 * file systems refuse it: what is lost then is that guarantee, not the rename, so a refusal is no failure.
 */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  try {
    flush(folder, 'r')
  } catch {
    // See above.
  }
}

function flush(path: string, flags: 'r' | 'r+'): void {
  const handle = openSync(path, flags)
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Take a file away where that is possible; what stays is a stray that a later start removes. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // The failure that led here is the one to report.
  }
}

/** A name that {@link removeStrayTemporaries} knows as this process's own. */
export function temporaryName(): string {
  return `${process.pid}-${randomUUID()}.tmp`
}

/**
 * Write a temporary file whose bytes are on the disk when this returns.
 * @param tempFolder - best on the file system of the later target
 * @returns the temporary path, for {@link commitTemporary}
 */
export function writeTemporary(tempFolder: string, bytes: string | Uint8Array, mode = 0o644): string {
  mkdirSync(tempFolder, { recursive: true })
  const path = join(tempFolder, temporaryName())
  const handle = openSync(path, 'wx', mode)
  let isOpen = true
  try {
    const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    for (let at = 0; at < data.length;) at += writeSync(handle, data, at)
    fsyncSync(handle)
    isOpen = false
    closeSync(handle)
  } catch (error) {
    if (isOpen) closeQuietly(handle)
    removeQuietly(path)
    throw error
  }
  return path
}

function closeQuietly(handle: number): void {
  try {
    closeSync(handle)
  } catch {
    // The failure that led here is the one to report.
  }
}

/**
 * Rename; where source and target lie on two file systems (`.assetloom` on a mounted cache), copy beside the target
 * first, so that the last step is a rename all the same.
 */
export function moveFile(from: string, to: string): void {
  try {
    renameSync(from, to)
    return
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
  }
  const beside = join(dirname(to), `.${basename(to)}.${temporaryName()}`)
  try {
    copyFileSync(from, beside)
    flush(beside, 'r+')
    renameSync(beside, to)
  } catch (error) {
    removeQuietly(beside)
    throw error
  }
  removeQuietly(from)
}

/** Move a temporary file to its place in one step. */
function commitTemporary(temporary: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true })
  moveFile(temporary, target)
  syncFolder(dirname(target))
}

/** Temp file, fsync, rename, folder fsync: a reader sees the old bytes or the new, never half. */
export function writeFileAtomic(target: string, bytes: string | Uint8Array, tempFolder = dirname(target)): void {
  const temporary = writeTemporary(tempFolder, bytes)
  try {
    commitTemporary(temporary, target)
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
}

/** Remove temporary files whose writer is gone; best effort. */
export function removeStrayTemporaries(tempFolder: string): number {
  let names: string[]
  try {
    names = readdirSync(tempFolder)
  } catch {
    return 0
  }
  let removed = 0
  for (const name of names) {
    const pid = /^(\d+)-.*\.tmp$/.exec(name)?.[1]
    if (!pid || isAlive(Number(pid))) continue
    removeQuietly(join(tempFolder, name))
    removed++
  }
  return removed
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { randomUUID } from 'node:crypto'

/** Flush a folder's own entries, so that a rename in it outlives a power cut. Windows has no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Write a temporary file whose bytes are on the disk when this returns.
 * @param tempFolder - on the same file system as the later target
 * @returns the temporary path, for {@link commitTemporary}
 */
export function writeTemporary(tempFolder: string, bytes: string | Uint8Array, mode = 0o644): string {
  mkdirSync(tempFolder, { recursive: true })
  const path = join(tempFolder, `${process.pid}-${randomUUID()}.tmp`)
  const handle = openSync(path, 'wx', mode)
  try {
    const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    for (let at = 0; at < data.length; ) at += writeSync(handle, data, at)
    fsyncSync(handle)
  } catch (error) {
    closeSync(handle)
    rmSync(path, { force: true })
    throw error
  }
  closeSync(handle)
  return path
}

/** Move a temporary file to its place in one step. */
export function commitTemporary(temporary: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true })
  renameSync(temporary, target)
  syncFolder(dirname(target))
}

/** Temp file, fsync, rename, folder fsync: a reader sees the old bytes or the new, never half. */
export function writeFileAtomic(target: string, bytes: string | Uint8Array, tempFolder = dirname(target)): void {
  const temporary = writeTemporary(tempFolder, bytes)
  try {
    commitTemporary(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Remove temporary files whose writer is gone. */
export function removeStrayTemporaries(tempFolder: string): number {
  let removed = 0
  let names: string[]
  try {
    names = readdirSync(tempFolder)
  } catch {
    return 0
  }
  for (const name of names) {
    const pid = /^(\d+)-.*\.tmp$/.exec(name)?.[1]
    if (!pid || isAlive(Number(pid))) continue
    rmSync(join(tempFolder, name), { force: true })
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

import { existsSync, readFileSync, readdirSync, statfsSync, utimesSync } from 'node:fs'
import { dirname } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { writeTemporary, moveFile, removeQuietly, syncFolder } from './atomic-write.ts'

/**
 * Write a file anywhere on the disk, read it back, and only then give it its name: what stands under the name is whole.
 * @param modifiedMs - time to give the file
 * @throws Error of the operating system, or when what was read back differs
 */
export function writeVerified(target: string, bytes: Uint8Array, modifiedMs?: number): void {
  const folder = dirname(target)
  const temporary = writeTemporary(folder, bytes)
  try {
    if (contentHash(readFileSync(temporary)) !== contentHash(bytes))
      throw new Error('what was read back differs from what was written')
    if (modifiedMs !== undefined) utimesSync(temporary, modifiedMs / 1000, modifiedMs / 1000)
    moveFile(temporary, target)
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
  syncFolder(folder)
}

/** Bytes that may be written on the file system of the nearest folder that exists. */
export function freeBytes(folder: string): number {
  let at = folder
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
  const { bavail, bsize } = statfsSync(at)
  return bavail * bsize
}

/** Names in a folder; none when it does not exist. */
export function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

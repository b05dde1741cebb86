import { existsSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { contentHash, hash8 } from '../core/digest.ts'
import { writeVerified } from './verified-write.ts'

/**
 * Lay files that are none of the project's into one folder, each at its path in a project, where they find each other and
 * the packages of the project; equal files lie in one place.
 * @param below - the folder of all that is laid so
 * @returns the folder that stands for the project; absolute
 */
export function layFiles(below: string, files: readonly { file: string; hash: string; bytes: Uint8Array }[]): string {
  const folder = join(below, hash8(contentHash(new TextEncoder().encode(files.map(({ hash }) => hash).join('\n')))))
  for (const { file, hash, bytes } of files) {
    const path = join(folder, file)
    if (!existsSync(path) || contentHash(readFileSync(path)) !== hash) writeVerified(path, bytes)
  }
  noteUse(folder)
  return folder
}

/** By the time of the folder: `cache optimize` takes away what nobody asked for any more. */
function noteUse(folder: string): void {
  try {
    const now = new Date()
    utimesSync(folder, now, now)
  } catch {
    // A read-only project: nothing is taken away there either.
  }
}

import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { contentHash, hash8 } from '../core/digest.ts'
import { moveFile, removeQuietly, temporaryName } from './atomic-write.ts'

/** Real files in content-hash folders, for the host bundler: `<folder>/<hash8>/<name>`. */
export interface ServedFiles {
  /**
   * Make sure that the file stands there with these bytes.
   * @param read - called only when the file is missing or damaged
   * @returns absolute path
   */
  ensure(hash: string, name: string, read: () => Uint8Array | Promise<Uint8Array>): Promise<string>
  readonly folder: string
}

/** @param input.link - puts a blob there without writing it again; false where that is impossible */
export function createServedFiles(input: {
  folder: string
  tempFolder: string
  link(hash: string, path: string): boolean
}): ServedFiles {
  /** Paths verified in this process, with the file times at that moment. */
  const verified = new Map<string, string>()
  const pending = new Map<string, Promise<string>>()
  const stamp = (path: string) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat && `${stat.mtimeMs}:${stat.size}:${stat.ino}`
  }
  const make = async (path: string, hash: string, read: () => Uint8Array | Promise<Uint8Array>) => {
    const before = stamp(path)
    if (before !== undefined && contentHash(readFileSync(path)) === hash) {
      verified.set(path, before)
      return path
    }
    mkdirSync(dirname(path), { recursive: true })
    if (before !== undefined || !input.link(hash, path)) place(path, await read(), input.tempFolder)
    verified.set(path, stamp(path)!)
    return path
  }
  return {
    folder: input.folder,
    async ensure(hash, name, read) {
      const path = join(input.folder, hash8(hash), name)
      const known = verified.get(path)
      if (known !== undefined && known === stamp(path)) return path
      let work = pending.get(path)
      if (!work) {
        work = make(path, hash, read).finally(() => pending.delete(path))
        pending.set(path, work)
      }
      return work
    },
  }
}

/**
 * In one step, so that a reader sees the whole file or none. Not flushed, which would take most of the time of a build
 * with many files: what a power cut tears is found by its digest at the next start and written again.
 */
function place(path: string, bytes: Uint8Array, tempFolder: string): void {
  mkdirSync(tempFolder, { recursive: true })
  const temporary = join(tempFolder, temporaryName())
  try {
    writeFileSync(temporary, bytes, { flag: 'wx' })
    moveFile(temporary, path)
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
}

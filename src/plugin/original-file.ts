import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  assetFileChanged as fileChanged,
  assetFileMissing as fileMissing,
  assetFilePointer as filePointer,
} from '../core/asset-errors.ts'
import { contentHash } from '../core/digest.ts'
import { isLfsPointer } from '../core/lfs-pointer.ts'
import type { Entry } from '../core/manifest.ts'
import type { Workspace } from '../workspace.ts'
import type { AssetFile } from './asset-module.ts'
import type { SourceRoom } from './source-rooms.ts'

/** A file changed within this time may change again without a trace in its times; its digest is not kept. */
const racyWindowMs = 100

/**
 * The file that an entry names, checked against the digest that the manifest records.
 * @param at - absolute path when the file is not where the entry says
 * @param room - where the bytes of a picture that is a source of others are held
 * @throws ASSET_FILE_MISSING, ASSET_FILE_POINTER, and while frozen ASSET_FILE_CHANGED
 */
export type ReadOriginal = (ref: string, entry: Entry, at?: string, room?: SourceRoom) => Promise<AssetFile>

export function createOriginals(workspace: Workspace): ReadOriginal {
  const { options, paths } = workspace
  /** Digests by path, with the file times they were taken at. */
  const digests = new Map<string, { stamp: string; hash: string }>()

  return async (ref, entry, at, room) => {
    const file = entry.file!
    const path = at ?? join(paths.root, file)
    const record = `file:${at ?? file}`
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat) throw fileMissing({ ref, file })
    const stamp = `${stat.mtimeMs}:${stat.ctimeMs}:${stat.size}:${stat.ino}`
    let known = digests.get(path)
    let bytes: Uint8Array | undefined
    if (known?.stamp !== stamp) {
      // Kept only for sources of pictures, whose bytes a hit does not need; a file that is shown as it is is read
      // anyway.
      known = room && (await workspace.cache.get<{ stamp: string; hash: string }>(record))
      if (known?.stamp !== stamp) {
        bytes = room ? room.read(path, stat.size) : readFileSync(path)
        if (isLfsPointer(bytes)) throw filePointer({ ref, file })
        known = { stamp, hash: contentHash(bytes) }
        if (room && Date.now() - stat.ctimeMs > racyWindowMs) await workspace.cache.set(record, known)
      }
      digests.set(path, known)
      if (known.hash !== entry.hash) {
        if (options.generate === 'frozen') throw fileChanged({ ref, file })
        workspace.log.write({
          event: 'ASSET_FILE_CHANGED',
          level: 'warn',
          subsystem: 'plugin',
          message: `${file} is not the file that the manifest records.`,
          hint: 'Run assetloom sync to record it.',
        })
      }
    }
    const { hash } = known
    return {
      name: file.slice(file.lastIndexOf('/') + 1),
      hash,
      mediaType: entry.mediaType ?? 'application/octet-stream',
      sizeBytes: stat.size,
      widthPx: entry.widthPx,
      heightPx: entry.heightPx,
      originalFileName: file,
      read() {
        if (bytes && room?.isOpen !== false) return bytes
        const again = readFileSync(path)
        if (contentHash(again) !== hash) throw fileChanged({ ref, file })
        return again
      },
    }
  }
}

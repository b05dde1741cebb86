import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { formatHistoryLine, parseHistory, type HistoryLine } from '../core/version/history-line.ts'
import { confine, projectRelative } from './project-folder.ts'

/** The files of `assets/history`: one per asset, a line per version, the oldest first. */
export interface HistoryFiles {
  /** Absolute. */
  fileOf(ref: string): string
  /** What is written of an asset; nothing for one that never changed. @throws HISTORY_CONFLICT, HISTORY_DAMAGED */
  read(ref: string): HistoryLine[]
  /**
   * Add lines; what a crash tore off at the end is taken away first. Call it under the lock of the manifest.
   * Not flushed: what is lost of `main` is made up from the manifest.
   */
  append(ref: string, lines: readonly HistoryLine[]): void
}

export function createHistoryFiles(input: { root: string; folder: string }): HistoryFiles {
  const fileOf = (ref: string) => join(input.folder, `${ref}.jsonl`)
  const parsed = (ref: string) => {
    const file = fileOf(ref)
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { lines: [], torn: undefined }
      throw error
    }
    const { lines, wholeLength } = parseHistory(text, projectRelative(input.root, file))
    return { lines, torn: wholeLength < text.length ? Buffer.byteLength(text.slice(0, wholeLength)) : undefined }
  }
  return {
    fileOf,
    read: (ref) => parsed(ref).lines,
    append(ref, lines) {
      const file = fileOf(ref)
      // An id comes from the manifest, which people and git edit.
      if (!existsSync(dirname(file))) {
        confine(input.root, file)
        mkdirSync(dirname(file), { recursive: true })
      }
      const { torn } = parsed(ref)
      if (torn !== undefined) truncateSync(file, torn)
      appendFileSync(file, lines.map(formatHistoryLine).join(''))
    },
  }
}

import { existsSync, mkdirSync, watch, writeFileSync, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'

/** A file that may not be there yet, for hosts that watch only what is there. */
export interface AwaitedFile {
  /**
   * The file; before it is there, one of ours that is written when it comes. Nothing when none can be kept.
   * Whoever asks waits, until `rest`.
   */
  watchable(): string | undefined
  rest(): void
}

/** A file that comes into being is written a moment later: whoever read it before would see it empty. */
const settledMs = 50

/** @param standIn - absolute path of the file of ours */
export function createAwaitedFile(file: string, standIn: string): AwaitedFile {
  let waiting: FSWatcher | undefined
  let settling: NodeJS.Timeout | undefined
  const tell = () => {
    try {
      writeFileSync(standIn, String(Date.now()))
    } catch {
      // Nobody is told; the next start sees the file.
    }
  }
  return {
    watchable() {
      if (existsSync(file)) return file
      try {
        if (!waiting) {
          mkdirSync(dirname(standIn), { recursive: true })
          writeFileSync(standIn, '')
          waiting = watch(dirname(file), { persistent: false }, (_event, name) => {
            if (name !== basename(file)) return
            clearTimeout(settling)
            settling = setTimeout(tell, settledMs).unref()
          })
          waiting.on('error', () => undefined)
        }
        return standIn
      } catch {
        return undefined
      }
    },
    rest() {
      clearTimeout(settling)
      waiting?.close()
      waiting = undefined
    },
  }
}

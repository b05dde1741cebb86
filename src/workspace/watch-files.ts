import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastGlob from 'fast-glob'

/** Editors write a file in several steps, and tools several files. */
const settleMs = 200

const ignored = ['**/node_modules/**', '**/.git/**', '**/.assetloom/**']

/** Files that changed, came or went, relative to the root, POSIX; watched until it is closed. */
export interface FileWatch {
  /** Waits for the next change. @throws the reason of the signal */
  next(signal: AbortSignal): Promise<string[]>
  close(): Promise<void>
}

/**
 * Watch files of a project.
 * @param globs - relative to the root
 */
export async function watchFiles(root: string, globs: readonly string[]): Promise<FileWatch> {
  const { watch } = await import('chokidar')
  const bases = [...new Set(globs.map(staticHead))].map((base) => join(root, base))
  let known = await stamps(root, globs)
  const watcher = watch(bases, { ignoreInitial: true, ignored: (path) => /[\\/](?:node_modules|\.git|\.assetloom)(?:[\\/]|$)/.test(path.slice(root.length)) })
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()))
  let isStirred = false
  let wake: (() => void) | undefined
  watcher.on('all', () => {
    isStirred = true
    wake?.()
  })
  return {
    async next(signal) {
      for (;;) {
        await stirred(signal)
        const now = await stamps(root, globs)
        const changed = [...new Set([...known.keys(), ...now.keys()])].filter((file) => known.get(file) !== now.get(file)).sort()
        known = now
        if (changed.length > 0) return changed
      }
    },
    close: () => watcher.close(),
  }

  /** Something moved, and then nothing for a while. */
  async function stirred(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined
      const stop = () => {
        clearTimeout(timer)
        wake = undefined
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', stop, { once: true })
      wake = () => {
        clearTimeout(timer)
        timer = setTimeout(() => {
          signal.removeEventListener('abort', stop)
          isStirred = false
          wake = undefined
          resolve()
        }, settleMs)
      }
      if (isStirred) wake()
    })
  }
}

/** The folder above the first part that stands for several. */
function staticHead(glob: string): string {
  const parts = glob.split('/')
  const at = parts.findIndex((part) => fastGlob.isDynamicPattern(part))
  return parts.slice(0, at < 0 ? -1 : at).join('/')
}

async function stamps(root: string, globs: readonly string[]): Promise<Map<string, string>> {
  if (!existsSync(root)) return new Map()
  const found = await fastGlob([...globs], { cwd: root, stats: true, ignore: ignored, dot: true })
  return new Map(found.map(({ path, stats }) => [path, `${stats?.mtimeMs} ${stats?.size} ${stats?.ino}`]))
}

import { sep } from 'node:path'
import { isAssetloomError } from '../core/errors.ts'
import type { AssetSource } from './asset-source.ts'

/** What a host's file watcher must do; chokidar's and Vite's does. */
export interface FileWatcher {
  on(event: 'all', listener: (event: string, path: string) => void): unknown
  off(event: 'all', listener: (event: string, path: string) => void): unknown
}

/** After the first page is served: types of many assets must not delay it. */
const firstWriteMs = 1500
/** Several changes in a row are one. */
const gatherMs = 80

/** Types and constants for a build; a project in which nothing can be written still builds, with a warning. */
export async function writeSourcesOrWarn(workspace: AssetSource['workspace']): Promise<void> {
  try {
    await workspace.writeDerivedSources()
  } catch (error) {
    if (isAssetloomError(error) && error.code !== 'WRITE_FAILED') throw error
    workspace.tellHomeFault({
      event: 'TYPES_UNWRITABLE',
      level: 'warn',
      subsystem: 'plugin',
      message: `The types could not be written: ${(error as Error).message}.`,
      hint: 'Make .assetloom writable.',
    })
  }
}

/**
 * Keep types and constants in step with the manifest while a dev server runs:
 * written after the start, after every change of the manifest or of a borrowed asset, and again when someone deletes them.
 */
export function keepSourcesWritten(watcher: FileWatcher, source: () => Promise<AssetSource>): { stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let stopHearing: (() => void) | undefined
  /** Where borrowed assets lie, once the project is open. */
  let userFolder: string | undefined
  const write = async () => {
    const { workspace, onBorrowed } = await source()
    if (isStopped) return
    userFolder = `${workspace.options.userFolder}${sep}`
    stopHearing ??= onBorrowed(() => writeSoon(gatherMs))
    await workspace.writeDerivedSources()
  }
  const writeSoon = (delayMs: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => void write().catch(() => undefined), delayMs)
    timer.unref()
  }
  const onChange = (event: string, path: string) => {
    const isTypes = event === 'unlink' && /[\\/]\.assetloom[\\/]types[\\/]/.test(path)
    const isConstants = event === 'unlink' && path.endsWith('.gen.ts')
    const isBorrowed = userFolder !== undefined && path.startsWith(userFolder)
    if (isTypes || isConstants || isBorrowed || /(?:manifest|sites)\.json$/.test(path)) writeSoon(gatherMs)
  }
  watcher.on('all', onChange)
  writeSoon(firstWriteMs)
  return {
    stop() {
      isStopped = true
      stopHearing?.()
      clearTimeout(timer)
      watcher.off('all', onChange)
    },
  }
}

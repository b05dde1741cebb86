import { relative } from 'node:path'
import { toAssetloomError } from '../core/errors.ts'
import type { AssetSource } from './asset-source.ts'
import type { FileWatcher } from './keep-sources.ts'

/** A file that is being copied tells of itself several times. */
const gatherMs = 250

/**
 * Keep the manifest in step with media files that are replaced, added or taken away by hand while a dev server runs,
 * as `assetloom sync` does. Not while generation is frozen: then the manifest is not written.
 */
export function followDisk(
  watcher: FileWatcher,
  source: () => Promise<AssetSource>,
  assetsFolder: () => Promise<string>,
): { stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const touched = new Set<string>()

  const sync = async () => {
    const { workspace } = await source()
    const { root } = workspace.paths
    const files = [...touched].map((path) => relative(root, path))
    touched.clear()
    if (isStopped || workspace.options.generate === 'frozen') return
    const { default: operation } = await import('../operations/sync.ts')
    const context = {
      workspace,
      signal: new AbortController().signal,
      progress: { start() {}, advance() {}, stop() {} },
      confirm: async () => false,
    }
    try {
      const { failed } = await operation.run({ files, dryRun: false }, context)
      for (const { file, message, code } of failed)
        workspace.log.write({ event: code, level: 'warn', subsystem: 'plugin', file, message })
    } catch (thrown) {
      const error = toAssetloomError(thrown)
      workspace.log.write({
        event: error.code,
        level: 'warn',
        subsystem: 'plugin',
        message: error.message,
        ...(error.hint && { hint: error.hint }),
      })
    }
  }

  const onChange = async (event: string, path: string) => {
    if (event !== 'change' && event !== 'add' && event !== 'unlink') return
    const folder = await assetsFolder()
    const inside = relative(folder, path)
    if (inside.startsWith('..') || !/[\\/]/.test(inside) || /^history[\\/]/.test(inside)) return
    touched.add(path)
    clearTimeout(timer)
    timer = setTimeout(() => void sync(), gatherMs)
    timer.unref()
  }
  const listener = (event: string, path: string) => void onChange(event, path)
  watcher.on('all', listener)
  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
      watcher.off('all', listener)
    },
  }
}

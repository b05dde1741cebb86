import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Plugin as RolldownPlugin } from 'rolldown'
import type { Plugin as RollupPlugin, PluginContext } from 'rollup'
import { hostError } from './asset-error.ts'
import type { AssetFile } from './asset-module.ts'
import { requestPattern, type BundleSession, type PlaceFile } from './bundle-session.ts'
import { isSheetRequest } from './item-code.ts'
import { loaderMissing } from './loader-missing.ts'
import { fromVirtualId, toVirtualId, virtualIdPattern } from './virtual-id.ts'

/** A style sheet that was made of tokens. */
const servedSheet = /[\\/]\.assetloom[\\/]files[\\/].*\.css$/

interface Emitting {
  emitFile(file: { type: 'asset'; name: string; originalFileName: string; source: Uint8Array }): string
}

interface Watching {
  addWatchFile(file: string): void
  meta: { watchMode: boolean }
}

type Bundle = Record<string, { type: 'asset' } | { type: 'chunk'; code: string }>

/**
 * Hooks for hosts that have no file loaders: the facade emits its files itself.
 * @param setRoot - receives the working folder of a host that has one of its own
 */
export function emittingHooks(
  session: BundleSession,
  setRoot: (folder: string) => void,
): { rollup: Partial<RollupPlugin>; rolldown: Partial<RolldownPlugin> } {
  /** References of emitted files, and the names of those that code points to. */
  const emitted = new Set<string>()
  const named = new Set<string>()
  /** One plugin may serve several builds at once; the last one lets go. */
  let running = 0
  /** Of the sites when the last build began. */
  let sitesDigest: string | undefined
  let haveSitesMoved = false

  const begin = async () => {
    running++
    emitted.clear()
    await session.begin()
    const digest = await session.sitesDigest().catch(() => undefined)
    haveSitesMoved = digest !== sitesDigest
    sitesDigest = digest
  }
  const end = async () => {
    running = Math.max(0, running - 1)
    if (running === 0) await session.release()
  }
  const resolve = async (id: string, importer: string | undefined) => toVirtualId(await session.place(id, importer))
  const load = async (id: string, watching: Watching, emitting: Emitting) => {
    const watch = (file: string) => watching.addWatchFile(file)
    const sitesFile = watching.meta.watchMode ? await session.sitesFile() : undefined
    const request = fromVirtualId(id)!
    const place: PlaceFile = (file) => {
      const reference = emitting.emitFile(emission(file))
      emitted.add(reference)
      return `import.meta.ROLLUP_FILE_URL_${reference}`
    }
    const code = await session.facade(request, { watch, sitesFile, place })
    return { code, moduleSideEffects: isSheetRequest(request), map: null }
  }
  /** A module is loaded before it is known whether its URL is used: importing a width must not ship the picture. */
  const dropUnused = (context: Pick<PluginContext, 'getFileName'>, bundle: Bundle) => {
    const names = new Set([...emitted].map((reference) => context.getFileName(reference)))
    const codes = Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? [output.code] : []))
    for (const name of names) {
      // The code decides: another plugin may answer for file URLs before this one is asked.
      if (named.has(name) || codes.some((code) => code.includes(basename(name)))) continue
      delete bundle[name]
    }
    named.clear()
  }

  /** These hosts read style sheets with the help of other plugins only; one that none of them took is told of. */
  const requireSheetPlugin = (host: 'rollup' | 'rolldown', code: string, id: string) => {
    if (code !== readFileSync(id, 'utf8')) return
    throw hostError(loaderMissing({ host, extension: '.css', file: id.slice(id.indexOf('.assetloom')), setting: 'a plugin for style sheets before assetloom, or import the text: "asset:…?css&inline"' }))
  }

  return {
    rollup: {
      buildStart: begin,
      resolveId: { filter: { id: requestPattern }, handler: resolve },
      load: {
        filter: { id: virtualIdPattern },
        handler(id) {
          return load(id, this, this)
        },
      },
      transform: { order: 'post', filter: { id: servedSheet }, handler: (code, id) => requireSheetPlugin('rollup', code, id) },
      // rollup remembers what the requests of a module were resolved to; a site that came meanwhile may say otherwise.
      shouldTransformCachedModule: ({ resolvedSources }) => haveSitesMoved && Object.keys(resolvedSources).some((spelled) => requestPattern.test(spelled)),
      resolveFileUrl: ({ fileName }) => void named.add(fileName),
      generateBundle(_options, bundle) {
        dropUnused(this, bundle)
      },
      async closeBundle() {
        if (!this.meta.watchMode) await end()
      },
      closeWatcher: () => session.release(),
    },
    rolldown: {
      async buildStart(options) {
        setRoot(options.cwd)
        await begin()
      },
      resolveId: { filter: { id: requestPattern }, handler: resolve },
      load: {
        filter: { id: virtualIdPattern },
        handler(id) {
          return load(id, this, this as Emitting)
        },
      },
      transform: { order: 'post', filter: { id: servedSheet }, handler: (code, id) => requireSheetPlugin('rolldown', code, id) },
      resolveFileUrl: ({ fileName }) => void named.add(fileName),
      generateBundle(_options, bundle) {
        dropUnused(this, bundle)
      },
      async closeBundle() {
        if (!this.meta.watchMode) await end()
      },
      closeWatcher: () => session.release(),
    },
  }
}

function emission(file: AssetFile) {
  return { type: 'asset' as const, name: file.name, originalFileName: file.originalFileName, source: file.read() }
}

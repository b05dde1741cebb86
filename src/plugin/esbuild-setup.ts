import { readFile } from 'node:fs/promises'
import { dirname, extname, relative } from 'node:path'
import type { OnLoadResult, OnResolveResult, PluginBuild } from 'esbuild'
import { isAssetloomError } from '../core/errors.ts'
import { hostError } from './asset-error.ts'
import { requestPattern, type BundleSession } from './bundle-session.ts'
import { stringsAsUrls } from './css-references.ts'
import { importFile } from './facade-code.ts'
import { isSheetRequest } from './item-code.ts'
import { loaderMissing } from './loader-missing.ts'
import { toVirtualId } from './virtual-id.ts'

const namespace = 'assetloom'

/**
 * esbuild: facades import real files, which the loader that the user chose carries on. Written against esbuild itself:
 * a result has to say which namespace it is in, what to watch when it fails, and whether `url()` asks.
 */
export function esbuildSetup(build: PluginBuild, session: BundleSession): void {
  const { initialOptions } = build
  const root = initialOptions.absWorkingDir ?? process.cwd()

  /** @throws LOADER_MISSING */
  const requireLoader = (path: string) => {
    const extension = extname(path)
    if (initialOptions.loader?.[extension]) return path
    throw loaderMissing({
      host: 'esbuild',
      extension,
      file: relative(root, path),
      setting: `loader: { ${JSON.stringify(extension)}: "file" }`,
    })
  }
  /** Failures as esbuild shows them, with the files whose change may mend them. */
  const told = async <T extends OnLoadResult | OnResolveResult>(
    work: (watch: (file: string) => void) => Promise<T>,
  ): Promise<T> => {
    const watched = new Set<string>()
    try {
      return { ...(await work((file) => void watched.add(file))), watchFiles: [...watched] }
    } catch (error) {
      const { message } = isAssetloomError(error) ? hostError(error) : (error as Error)
      return { errors: [{ text: message, detail: error }], watchFiles: [...watched] } as unknown as T
    }
  }

  build.onStart(async () => {
    try {
      await session.begin()
      return null
    } catch (error) {
      return { errors: [{ text: (error as Error).message, detail: error }] }
    }
  })
  build.onResolve({ filter: requestPattern }, ({ path, importer, kind, namespace: from }) =>
    told<OnResolveResult>(async (watch) => {
      const asking = from === namespace ? toVirtualId(importer) : importer || undefined
      const isStyle = kind === 'url-token' || kind === 'import-rule'
      if (path.startsWith('asset:') && !isStyle) {
        return { path: await session.place(path, asking), namespace, sideEffects: isSheetRequest(path) }
      }
      const found = await session.realFile(path, { importer: asking, watch })
      return { path: requireLoader(found.path), suffix: found.hostQuery && `?${found.hostQuery}` }
    }),
  )
  build.onLoad({ filter: /.*/, namespace }, ({ path }) =>
    told<OnLoadResult>(async (watch) => {
      const contents = await session.facade(path, {
        watch,
        place: async (file, code, assets) => importFile(code, requireLoader(await assets.serve(file))),
      })
      return { contents, loader: 'js', resolveDir: root }
    }),
  )
  // esbuild resolves url() in image-set(), but not the bare strings that CSS allows there as well.
  build.onLoad({ filter: /\.css$/, namespace: 'file' }, async ({ path }) => {
    const css = await readFile(path, 'utf8')
    const contents = stringsAsUrls(css)
    if (contents === css) return undefined
    const { loader } = initialOptions
    const isModule = path.endsWith('.module.css')
    return {
      contents,
      loader: (isModule && loader?.['.module.css']) || loader?.['.css'] || (isModule ? 'local-css' : 'css'),
      resolveDir: dirname(path),
    }
  })
  build.onDispose(() => void session.release())
}

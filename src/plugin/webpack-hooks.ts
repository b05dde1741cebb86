import { dirname, extname, relative, sep } from 'node:path'
import type { UnpluginOptions } from 'unplugin'
import type { Compiler, Module, WebpackError } from 'webpack'
import { hostError } from './asset-error.ts'
import { requestPattern, type BundleSession, type PlaceFile } from './bundle-session.ts'
import { rewriteCss } from './css-references.ts'
import { importFile } from './facade-code.ts'
import { isSheetRequest } from './item-code.ts'
import { loaderMissing } from './loader-missing.ts'
import { fromVirtualId, toVirtualId, virtualIdPattern } from './virtual-id.ts'

const styleSheet = /\.(?:css|pcss|postcss|s[ac]ss|less|styl(?:us)?)$/
/** Content-hash folders that hosts are handed. */
const served = /[\\/]\.assetloom[\\/]files[\\/]/

const encodedVirtual = encodeURIComponent(toVirtualId(''))

/** Webpack and rspack: facades import real files, which the rules of the user's config carry on. */
export function webpackHooks(
  compiler: Compiler,
  session: BundleSession,
  host: 'webpack' | 'rspack',
): Omit<UnpluginOptions, 'name'> {
  // A # in a path would begin a fragment; each host has its own escape.
  const escaped = (path: string) => path.replaceAll('#', host === 'webpack' ? '\0#' : '\u200B#')

  // Importing a width must not ship the picture.
  const isUnusedWithoutValue = (id: string) =>
    id.includes(encodedVirtual) ? !isSheetRequest(requestOfEncoded(id)) : served.test(id) && !id.endsWith('.css')
  compiler.options.module.rules.push({ test: isUnusedWithoutValue, sideEffects: false })
  compiler.hooks.compilation.tap('assetloom', (compilation, { normalModuleFactory }) => {
    // Before the scheme is looked at: webpack refuses unknown ones, and calls no resolver for them.
    normalModuleFactory.hooks.beforeResolve.tapPromise('assetloom', async (data) => {
      const { request, contextInfo } = data
      if (!requestPattern.test(request)) return
      const importer = importerOf(contextInfo.issuer)
      if (request.startsWith('~asset/') || data.dependencyType === 'url') {
        const watch = (file: string) => {
          compilation.fileDependencies.add(file)
        }
        const { path, hostQuery } = await session.realFile(request, { importer, watch }).catch(throwFramed)
        data.request = escaped(path) + (hostQuery && `?${hostQuery}`)
        return
      }
      data.request = toVirtualId(await session.place(request, importer).catch(throwFramed))
    })

    compilation.hooks.finishModules.tap('assetloom', (modules) => {
      const told = new Set<string>()
      for (const module of modules) {
        const { resource, type, loaders } = module as Module & { resource?: string; loaders?: { loader: string }[] }
        if (!resource || !served.test(resource) || !type.startsWith('javascript/')) continue
        // Style sheets come with the loader that asks this plugin for their refs.
        if (loaders?.some(({ loader }) => !/[\\/]unplugin[\\/]/.test(loader))) continue
        // What the parser said about the bytes of a picture helps nobody; rspack keeps it.
        module.clearWarningsAndErrors?.()
        const extension = extname(resource.replace(/\?.*$/, ''))
        if (told.has(extension)) continue
        told.add(extension)
        const isSheet = extension === '.css'
        const setting = `${isSheet ? 'experiments: { css: true }, ' : ''}module.rules: [{ test: /\\${extension}$/, type: "${isSheet ? 'css/auto' : 'asset/resource'}" }]`
        const error = hostError(loaderMissing({ host, extension, file: relative(compiler.context, resource), setting }))
        compilation.errors.unshift(error as unknown as WebpackError)
      }
    })
  })
  compiler.hooks.shutdown.tapPromise('assetloom', () => session.release())

  return {
    buildStart: () => session.begin(),
    resolveId: { filter: { id: virtualIdPattern }, handler: (id) => id },
    load: {
      filter: { id: virtualIdPattern },
      handler(id) {
        const request = fromVirtualId(id)!
        const place: PlaceFile = async (file, code, assets) => importFile(code, escaped(await assets.serve(file)))
        return session.facade(request, { watch: (file) => this.addWatchFile(file), place }).catch(throwFramed)
      },
    },
    transform: {
      filter: { id: styleSheet, code: /asset[:/]/ },
      handler(css, id) {
        return rewriteCss(css, async ({ spelled }) => {
          const watch = (file: string) => this.addWatchFile(file)
          const { path, hostQuery } = await session
            .realFile(spelled, { importer: id, watch, content: css })
            .catch(throwFramed)
          const way = relative(dirname(id), path).split(sep).join('/')
          return `${way.startsWith('.') ? way : `./${way}`}${hostQuery && `?${hostQuery}`}`
        })
      },
    },
  }
}

function requestOfEncoded(id: string): string {
  return fromVirtualId(decodeURIComponent(id.slice(id.indexOf(encodedVirtual)))) ?? ''
}

/** unplugin gives virtual modules a path that ends in their encoded id. */
function importerOf(issuer: string): string | undefined {
  const at = issuer.indexOf(encodedVirtual)
  return at < 0 ? issuer || undefined : decodeURIComponent(issuer.slice(at))
}

/** These hosts show a message and nothing else. */
function throwFramed(error: Error & { frame?: string }): never {
  if (error.frame) error.message += `\n${error.frame}`
  throw error
}

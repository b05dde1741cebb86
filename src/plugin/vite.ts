import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { normalizePath, type Environment, type EnvironmentModuleGraph, type EnvironmentModuleNode, type Plugin, type ResolvedConfig, type ViteDevServer } from 'vite'
import { isAssetloomError } from '../core/errors.ts'
import type { LogEvent } from '../core/ports.ts'
import { configNames } from '../options-file.ts'
import type { AssetloomOptions } from '../options.ts'
import { hostError, placeOf } from './asset-error.ts'
import { isGlobModule, type AssetFile, type AssetModule } from './asset-module.ts'
import type { AssetSource } from './asset-source.ts'
import { facadeCode, globCode, importFile, literal, type UrlWriter } from './facade-code.ts'
import { rewriteHtml } from './html-references.ts'
import { followDisk } from './follow-disk.ts'
import { keepSourcesWritten } from './keep-sources.ts'
import { useSource, type SourceUse } from './shared-source.ts'
import { createTracker, type Tracker } from './tracker.ts'
import { fromVirtualId, toVirtualId, virtualIdPattern } from './virtual-id.ts'

const hotId = '\0assetloom_hot'
const hotRequest = 'virtual:assetloom-hot'

/** Formats whose files Vite takes for assets without being told. */
const hostKnowsAsAsset = /\.(?:png|jpe?g|gif|svg|webp|avif|mp4|webm|ogg|mp3|wav|flac|woff2?|ttf|otf|pdf|txt)$/

/**
 * The Vite plugin: `import logo from "asset:LOGO-ACME-MARK001"`, and the same spelling in CSS and HTML.
 * @param options - inline options; without them assetloom.config.ts beside Vite's root is read
 */
export default function assetloom(options?: AssetloomOptions): Plugin {
  let config: ResolvedConfig
  let server: ViteDevServer | undefined
  let use: SourceUse | undefined
  let tracker: Promise<Tracker> | undefined
  /** Who asked for a request first; for messages. */
  const importers = new Map<string, string>()
  /** URLs that index.html shows, by request. */
  const shownInHtml = new Map<string, string>()

  const show = (event: LogEvent) => {
    const text = `[assetloom] ${event.message}${event.hint ? ` ${event.hint}` : ''}`
    if (event.level === 'error') config.logger.error(text)
    else if (event.level === 'warn') config.logger.warn(text)
  }
  const source = () => (use ??= useSource(config.root, options, show, server !== undefined)).source
  const tracking = () =>
    (tracker ??= source().then((assets) => {
      // What was made, or failed, after its page was served arrives like any other change of the manifest.
      assets.onSettled(() => server?.watcher.emit('change', assets.workspace.paths.manifest))
      return createTracker(assets)
    }))
  const isAstro = () => config.plugins.some((plugin) => plugin.name.startsWith('astro:'))

  /** Resolve for a place that has no facade; told errors name the place. */
  const realFile = async (request: string, holder: string, spelled: string, content?: string) => {
    const assets = await source()
    try {
      const found = await assets.realFile(request)
      if (server) (await tracking()).record(request, { signature: assets.signature(request) ?? '', watch: found.watch }, cleanPath(holder))
      return found
    } catch (error) {
      if (server) (await tracking()).recordMissing(request)
      throw isAssetloomError(error) ? hostError(error, placeOf(holder, spelled, content)) : error
    }
  }

  return {
    name: 'assetloom',
    enforce: 'pre',
    sharedDuringBuild: true,

    config: () => ({
      server: { watch: { ignored: ['**/.assetloom/{blobs,files,tmp,logs,reports,locks}/**', '**/.assetloom/state.db*'] } },
    }),

    async configResolved(resolved) {
      config = resolved
      // A restarted server keeps its plugins: what they opened belongs to the options of before.
      const before = use
      use = undefined
      tracker = undefined
      if (resolved.command === 'serve') await before?.release()
      else use = before
      // Astro makes a server of the same plugins to sync content before it builds.
      if (config.command === 'build') server = undefined
      // Vite calls no plugin for url() in CSS, but its own resolver honours aliases at every depth: Sass partials,
      // @import and CSS modules included. Added here because Vite warns of resolvers in aliases of the user's config,
      // and after the alias plugin for JavaScript was made, which must not see it.
      const alias = {
        find: /^(?:asset:|~asset\/)/,
        replacement: '$&',
        async customResolver(id: string, importer: string | undefined) {
          if (!importer) return null
          const { path, hostQuery } = await realFile(id.replace(/^(?:asset:|~asset\/)/, ''), importer, id)
          keepOriginal(normalizePath(path))
          return normalizePath(path) + (hostQuery && `?${hostQuery}`)
        },
      }
      for (const list of new Set([config.resolve.alias, ...Object.values(config.environments).map((one) => (one.resolve as typeof config.resolve).alias)])) list?.push(alias as never)
    },

    configureServer(devServer) {
      server = devServer
      const followers = [
        keepSourcesWritten(devServer.watcher, source),
        followDisk(devServer.watcher, source, async () => (await source()).workspace.paths.assets),
      ]
      devServer.watcher.add(configNames.map((name) => join(config.root, name)))
      devServer.watcher.on('all', (_event, path) => {
        if (dirname(path) !== normalizePath(config.root) && dirname(path) !== config.root) return
        if (options || !configNames.includes(basename(path))) return
        config.logger.info(`[assetloom] ${basename(path)} changed, restarting the server …`)
        void devServer.restart()
      })
      const close = devServer.close.bind(devServer)
      devServer.close = async () => {
        for (const follower of followers) follower.stop()
        await close()
        await use?.release()
        use = undefined
        tracker = undefined
      }
    },

    async buildStart() {
      if (config.command !== 'build') return
      const { workspace } = await source()
      if (workspace.options.generate === 'frozen')
        await workspace.generation.requireFresh().catch((error: unknown) => {
          throw isAssetloomError(error) ? hostError(error) : error
        })
      if (!config.build.watch) await workspace.writeDerivedSources()
    },

    async closeBundle() {
      if (config.command !== 'build') return
      await use?.release()
      use = undefined
      tracker = undefined
    },

    resolveId: {
      filter: { id: [/^asset:/, /^~asset\//, /^virtual:assetloom-hot$/] },
      async handler(id, importer) {
        if (id === hotRequest) return hotId
        if (id.startsWith('~asset/')) {
          const { path, hostQuery } = await realFile(id.slice('~asset/'.length), importer ?? config.root, id)
          return normalizePath(path) + (hostQuery && `?${hostQuery}`)
        }
        const request = id.slice('asset:'.length)
        if (importer) importers.set(request, importer)
        return toVirtualId(request)
      },
    },

    load: {
      filter: { id: [virtualIdPattern, /^\0assetloom_hot$/] },
      async handler(id) {
        if (id === hotId) return readFileSync(fileURLToPath(import.meta.resolve('assetloom/hot')), 'utf8')
        const request = fromVirtualId(id)
        if (request === undefined) return
        const assets = await source()
        let asset: Awaited<ReturnType<AssetSource['module']>>
        try {
          asset = await assets.module(request)
        } catch (error) {
          if (server) (await tracking()).recordMissing(request)
          if (!isAssetloomError(error)) throw error
          const importer = importers.get(request)
          throw hostError(error, importer ? placeOf(importer, `asset:${request}`) : undefined)
        }
        // Vite takes a watched file for an import: one that is not there yet (the first manifest) would fail the module.
        if (server || this.meta.watchMode) for (const file of asset.watch) if (existsSync(file)) this.addWatchFile(file)
        if (server) (await tracking()).record(request, asset)
        if (isGlobModule(asset)) return { code: globCode(asset.refs), moduleSideEffects: false, map: null }
        const { environment } = this
        const urls: string[] = []
        const writer = urlWriter({ assets, asset, environment, isAstro: isAstro(), emit: (file) => this.emitFile(emission(file)), urls })
        const code = await facadeCode(asset, writer)
        const footer = server && environment.name === 'client' ? hotFooter(asset, urls) : ''
        return { code: code + footer, moduleSideEffects: false, map: null }
      },
    },

    transformIndexHtml: {
      order: 'pre',
      async handler(html, context) {
        const file = context.filename
        const rewritten = await rewriteHtml(html, async ({ request }) => {
          const { path, hostQuery } = await realFile(request, file, `asset:${request}`, html)
          const url = `/${normalizePath(relative(config.root, path))}${hostQuery && `?${hostQuery}`}`
          if (server) shownInHtml.set(request, url)
          return url
        })
        if (!server || rewritten === html) return rewritten
        return {
          html: rewritten,
          tags: [{ tag: 'script', attrs: { type: 'module', src: join('/@id', '__x00__assetloom_hot') }, injectTo: 'head' }],
        }
      },
    },

    async hotUpdate({ file, modules, server: devServer }) {
      const assets = await source()
      const { paths } = assets.workspace
      const tracked = await tracking()
      if (!tracked.isWatched(file) && file !== normalizePath(paths.manifest) && !file.startsWith(normalizePath(paths.specs))) return
      const changed = await tracked.changedBy(file, this.environment.name)
      const graph = this.environment.moduleGraph
      // A watched file is a node of its own whose importers are the facades; only those that differ are to follow.
      const others = modules.filter((module) => !isFacade(module) && ![...module.importers].some(isFacade))
      const affected = new Set(others)
      for (const { request, holders } of changed) {
        const facade = graph.getModuleById(toVirtualId(request))
        if (facade) affected.add(facade)
        for (const holder of holders) for (const module of stylesOf(graph, holder)) affected.add(module)
      }
      if (this.environment.name === 'client') {
        const pairs = []
        for (const { request, holders } of changed) {
          const from = shownInHtml.get(request)
          if (!from || holders.size === 0) continue
          const { path, hostQuery } = await assets.realFile(request)
          const to = `/${normalizePath(relative(config.root, path))}${hostQuery && `?${hostQuery}`}`
          shownInHtml.set(request, to)
          tracked.record(request, { signature: assets.signature(request) ?? '', watch: [paths.manifest, file] })
          const base = devServer.config.base.replace(/\/$/, '')
          pairs.push({ from: base + from, to: base + to })
        }
        if (pairs.length > 0) this.environment.hot.send('assetloom:swap', pairs)
        if (tracked.takeFound().length > 0) this.environment.hot.send({ type: 'full-reload' })
      }
      return [...affected]
    },
  }

  function hotFooter(asset: AssetModule, urls: readonly string[]): string {
    return [
      `import { swapAssets } from ${literal(hotRequest)}`,
      'if (import.meta.hot) {',
      '  const { data } = import.meta.hot',
      `  const now = { urls: [${urls.join(', ')}], facts: ${literal(JSON.stringify([asset.widthPx, asset.heightPx, asset.alt, asset.content.shape === 'value' ? asset.content.value : 0]))} }`,
      '  data.isShown = !data.last || (data.last.facts === now.facts && swapAssets(data.last.urls, now.urls))',
      '  data.last = now',
      '  import.meta.hot.accept(() => import.meta.hot.data.isShown || import.meta.hot.invalidate())',
      '}',
      '',
    ].join('\n')
  }
}

function urlWriter(input: {
  assets: AssetSource
  asset: AssetModule
  environment: Environment
  isAstro: boolean
  emit(file: AssetFile): string
  /** Receives every URL expression, for the hot footer. */
  urls: string[]
}): UrlWriter {
  const { assets, asset, environment, isAstro, urls } = input
  const { build, command } = environment.config
  const realPath = async (file: AssetFile, query: string) => {
    const path = normalizePath(await assets.serve(file))
    const wanted = query || (hostKnowsAsAsset.test(path) ? '' : 'url')
    return path + (wanted && `?${wanted}`)
  }
  /** The host decides what to inline; a file that it cannot inline is emitted here, which saves a module per import. */
  const isEmitted = (file: AssetFile, isCandidate: boolean) => {
    if (command !== 'build' || isAstro || build.lib) return false
    if (isCandidate) return true
    return asset.hostQuery === '' && typeof build.assetsInlineLimit === 'number' && file.sizeBytes >= build.assetsInlineLimit
  }
  return {
    async url(file, code, isCandidate = false) {
      if (isEmitted(file, isCandidate)) return `"__VITE_ASSET__${input.emit(file)}__"`
      const name = importFile(code, await realPath(file, isAstro ? 'url' : isCandidate ? 'no-inline' : asset.hostQuery))
      urls.push(name)
      return name
    },
    ...(isAstro && {
      async value(file, code) {
        const name = importFile(code, await realPath(file, asset.hostQuery))
        urls.push(`typeof ${name} === "string" ? ${name} : ${name}.src`)
        return name
      },
    }),
  }
}

/** Astro takes originals away when it knows of derived sizes only; it does not see that a style sheet shows one. */
function keepOriginal(path: string): void {
  const astro = globalThis as { astroAsset?: { referencedImages?: Set<string> } }
  astro.astroAsset?.referencedImages?.add(path)
}

function emission(file: AssetFile) {
  return { type: 'asset' as const, name: file.name, originalFileName: file.originalFileName, source: file.read() }
}

/** The modules of a style sheet, or of those that import it. */
function stylesOf(graph: EnvironmentModuleGraph, holder: string): Set<EnvironmentModuleNode> {
  const found = new Set<EnvironmentModuleNode>()
  for (const module of graph.getModulesByFile(holder) ?? []) {
    if (module.id) found.add(module)
    for (const importer of module.importers) if (importer.type === 'css') found.add(importer)
  }
  return found
}

function isFacade(module: EnvironmentModuleNode): boolean {
  return module.id !== null && virtualIdPattern.test(module.id)
}

function cleanPath(id: string): string {
  return normalizePath(id.replace(/[?#].*$/, ''))
}

import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { normalizePath, type Plugin, type ResolvedConfig, type ViteDevServer } from 'vite'
import { isAssetloomError } from '../core/errors.ts'
import type { LogEvent } from '../core/ports.ts'
import { configNames } from '../options/file.ts'
import type { AssetloomOptions } from '../options.ts'
import { hostError, placeOf, type Place } from './asset-error.ts'
import { isGlobModule } from './asset-module.ts'
import type { AssetSource } from './asset-source.ts'
import { followConstants } from './constants-change.ts'
import { healthEndpoint } from './dev-endpoint.ts'
import { facadeCode, globCode } from './facade-code.ts'
import { followDisk } from './follow-disk.ts'
import { rewriteHtml } from './html-references.ts'
import { isSheetRequest } from './item-code.ts'
import { keepSourcesWritten, writeSourcesOrWarn } from './keep-sources.ts'
import { hidePrivateFiles } from './private-files.ts'
import { hearEarlyFaults, useSource, type SourceUse } from './shared-source.ts'
import { takeApart } from './placed-request.ts'
import { followSites } from './site-imports.ts'
import { refInTemplate, templateFile, templateSpelling } from './template-spelling.ts'
import { createTracker, type Tracker } from './tracker.ts'
import { refInUrlCall, sourceFile, urlSpelling } from './url-spelling.ts'
import { fromVirtualId, toVirtualId, virtualIdPattern } from './virtual-id.ts'
import { hotFooter, hotId, hotRequest, urlWriter } from './vite-code.ts'
import { modulesToFollow, swapsInHtml } from './vite-hot-update.ts'
import { resolveInStyles } from './vite-styles.ts'

/**
 * The Vite plugin: `import logo from "asset:LOGO-ACME-MARK001"`, and the same spelling in CSS and HTML.
 * @param options - inline options; without them assetloom.config.ts beside Vite's root is read
 */
export default function assetloom(options?: AssetloomOptions): Plugin {
  hearEarlyFaults(options)
  let config: ResolvedConfig
  let server: ViteDevServer | undefined
  let use: SourceUse | undefined
  let tracker: Promise<Tracker> | undefined
  let haveSitesMoved: ReturnType<typeof followSites>
  let constants: { path: string; areSame(environment: string): boolean } | undefined
  /** Who asked for a request first; for messages. */
  const importers = new Map<string, string>()
  /** Files behind style sheets and HTML, which have no module that could watch them. */
  const heldElsewhere = new Set<string>()
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
      haveSitesMoved = followSites(assets.sites)
      const { root, constants: file } = assets.workspace.options
      if (file !== false) constants = { path: normalizePath(resolve(root, file)), areSame: followConstants(resolve(root, file)) }
      return createTracker(assets)
    }))
  const isAstro = () => config.plugins.some((plugin) => plugin.name.startsWith('astro:'))

  /** A file as index.html names it: from Vite's root, without base. */
  const toUrl = ({ path, hostQuery }: { path: string; hostQuery: string }) =>
    `/${normalizePath(relative(config.root, path))}${hostQuery && `?${hostQuery}`}`

  /** Resolve for a place that has no facade; told errors name the place. */
  const realFile = async (spelled: string, holder: string, place: () => Place, standsIn = holder) => {
    const assets = await source()
    let request = spelled
    try {
      request = await assets.sites.placed(spelled, standsIn)
      const found = await assets.realFile(request)
      for (const watched of found.watch) heldElsewhere.add(watched)
      if (server) (await tracking()).record(request, { signature: assets.signature(request) ?? '', watch: found.watch }, cleanPath(holder))
      return { ...found, request }
    } catch (error) {
      if (server) (await tracking()).recordMissing(request)
      throw isAssetloomError(error) ? hostError(error, place()) : error
    }
  }

  const release = async () => {
    const held = use
    use = undefined
    tracker = undefined
    await held?.release()
  }

  return {
    name: 'assetloom',
    enforce: 'pre',

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
      resolveInStyles(config, async (spelled, importer, sheet) => {
        const place = () => placeOf(sheet?.file ?? importer, spelled)
        const { path, hostQuery } = await realFile(spelled.replace(/^(?:asset:|~asset\/)/, ''), importer, place, sheet?.file)
        return { path: normalizePath(path), hostQuery }
      })
    },

    configureServer(devServer) {
      server = devServer
      const { host, allowedHosts } = config.server
      // Neither `true` stands for a name that could be checked.
      const hosts = [host, ...(Array.isArray(allowedHosts) ? allowedHosts : [])].filter((one) => typeof one === 'string')
      devServer.middlewares.use(hidePrivateFiles)
      devServer.middlewares.use(healthEndpoint({ base: config.base, hosts, source }))
      const followers = [
        keepSourcesWritten(devServer.watcher, source),
        followDisk(devServer.watcher, source, async () => (await source()).workspace.paths.assets),
      ]
      // The root is watched already; to add a file of it that does not exist makes chokidar lose the whole folder.
      devServer.watcher.on('all', (_event, path) => {
        if (normalizePath(dirname(path)) !== normalizePath(config.root)) return
        // Astro restarts by itself, and a second restart would meet a server that is closing.
        if (options || isAstro() || !configNames.includes(basename(path))) return
        config.logger.info(`[assetloom] ${basename(path)} changed, restarting the server …`)
        void devServer.restart()
      })
      const close = devServer.close.bind(devServer)
      devServer.close = async () => {
        for (const follower of followers) follower.stop()
        await close()
        await release()
      }
    },

    async buildStart() {
      if (config.command !== 'build') return
      const { workspace, sites } = await source()
      sites.begin()
      if (workspace.options.generate === 'frozen')
        await workspace.generation.requireFresh().catch((error: unknown) => {
          throw isAssetloomError(error) ? hostError(error) : error
        })
      if (!config.build.watch) await writeSourcesOrWarn(workspace)
    },

    buildEnd() {
      if (this.meta.watchMode) for (const file of heldElsewhere) if (existsSync(file)) this.addWatchFile(file)
    },

    async closeBundle() {
      if (config.command === 'build' && !this.meta.watchMode) await release()
    },

    closeWatcher: () => release(),

    resolveId: {
      // Vue takes the tilde away from what stands in its templates.
      filter: { id: [/^asset:/, /^~?asset\//, /^virtual:assetloom-hot$/] },
      async handler(id, importer) {
        if (id === hotRequest) return hotId
        const isFromVue = id.startsWith('asset/')
        if (isFromVue && !/\.vue(?:\?|$)/.test(importer ?? '')) return
        if (isFromVue || id.startsWith('~asset/')) {
          const { path, hostQuery } = await realFile(id.slice(id.indexOf('/') + 1), importer ?? config.root, () => placeOf(importer ?? config.root, id))
          return normalizePath(path) + (hostQuery && `?${hostQuery}`)
        }
        const assets = await source()
        const request = await assets.sites.placed(id.slice('asset:'.length), importer).catch((error: unknown) => {
          throw isAssetloomError(error) ? hostError(error, importer ? placeOf(importer, id) : undefined) : error
        })
        if (importer) importers.set(request, importer)
        return toVirtualId(request)
      },
    },

    transform: {
      filter: { id: { include: sourceFile, exclude: /[\\/]node_modules[\\/]/ }, code: /["'`](?:asset:|~asset\/)/ },
      handler(code, id) {
        const inTemplate = templateFile.test(id) ? refInTemplate(code) : undefined
        if (inTemplate) throw hostError(templateSpelling({ spelled: inTemplate, isVue: id.endsWith('.vue') }), placeOf(id, inTemplate))
        const inCall = refInUrlCall(code)
        if (inCall) throw hostError(urlSpelling({ spelled: inCall }), placeOf(id, inCall))
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
          throw hostError(error, importer ? placeOf(importer, `asset:${takeApart(request).request}`) : undefined)
        }
        // Vite takes a watched file for an import: one that is not there yet (the first manifest) would fail the module.
        if (server || this.meta.watchMode) for (const file of asset.watch) if (existsSync(file)) this.addWatchFile(file)
        const sitesFile = !server && this.meta.watchMode ? assets.sites.watchable() : undefined
        if (sitesFile !== undefined) this.addWatchFile(sitesFile)
        if (server) (await tracking()).record(request, asset)
        if (isGlobModule(asset)) return { code: globCode(asset.refs), moduleSideEffects: false, map: null }
        const { environment } = this
        const urls: string[] = []
        const writer = urlWriter({ assets, asset, environment, isAstro: isAstro(), emit: (file) => this.emitFile(file), urls })
        const code = await facadeCode(asset, writer)
        const footer = server && environment.name === 'client' ? hotFooter(asset, urls) : ''
        return { code: code + footer, moduleSideEffects: isSheetRequest(request), map: null }
      },
    },

    transformIndexHtml: {
      order: 'pre',
      async handler(html, context) {
        const file = context.filename
        const rewritten = await rewriteHtml(html, async ({ request, spelled, isCandidate }) => {
          const found = await realFile(request, file, () => placeOf(file, spelled, html))
          const url = toUrl(isCandidate && !server && found.hostQuery === '' ? { ...found, hostQuery: 'no-inline' } : found)
          if (server) shownInHtml.set(found.request, url)
          return url
        })
        if (!server) return rewritten
        return {
          html: rewritten,
          tags: [{ tag: 'script', attrs: { type: 'module', src: '/@id/__x00__assetloom_hot' }, injectTo: 'head' }],
        }
      },
    },

    async hotUpdate({ file, modules, server: devServer }) {
      const assets = await source()
      const { paths } = assets.workspace
      const tracked = await tracking()
      if (file === normalizePath(assets.sites.file)) {
        if (await haveSitesMoved(this.environment.name)) {
          // Which of its imports mean something else now is known where they stand only.
          this.environment.moduleGraph.invalidateAll()
          if (this.environment.name === 'client') this.environment.hot.send({ type: 'full-reload' })
        }
        return []
      }
      if (file === constants?.path && constants.areSame(this.environment.name)) return []
      if (!tracked.isWatched(file) && file !== normalizePath(paths.manifest) && !file.startsWith(normalizePath(paths.specs))) return
      const changed = await tracked.changedBy(file, this.environment.name)
      if (this.environment.name === 'client') {
        const pairs = await swapsInHtml(changed, { assets, tracked, shown: shownInHtml, toUrl, watch: [paths.manifest, file] })
        const base = devServer.config.base.replace(/\/$/, '')
        if (pairs.length > 0) this.environment.hot.send('assetloom:swap', pairs.map(({ from, to }) => ({ from: base + from, to: base + to })))
        if (tracked.takeFound().length > 0) this.environment.hot.send({ type: 'full-reload' })
      }
      return modulesToFollow(changed, modules, this.environment.moduleGraph)
    },
  }

}

function cleanPath(id: string): string {
  return normalizePath(id.replace(/[?#].*$/, ''))
}

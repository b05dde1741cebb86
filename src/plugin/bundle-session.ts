import { codeText } from '../core/code-text.ts'
import { isAssetloomError } from '../core/errors.ts'
import type { LogEvent } from '../core/ports.ts'
import type { AssetloomOptions } from '../options.ts'
import { hostError, placeOf } from './asset-error.ts'
import { isGlobModule, type AssetFile, type AssetModule } from './asset-module.ts'
import type { AssetSource } from './asset-source.ts'
import { dataUrl, facadeCode, globCode, type FacadeCode, type UrlWriter } from './facade-code.ts'
import { writeSourcesOrWarn } from './keep-sources.ts'
import { takeApart } from './placed-request.ts'
import { useSource, type SourceUse } from './shared-source.ts'
import { fromVirtualId } from './virtual-id.ts'

/** Both spellings, at the beginning of a request. */
export const requestPattern = /^(?:asset:|~asset\/)/

/** What stands behind `asset:` or `~asset/`. */
export function requestOf(spelled: string): string {
  return spelled.replace(requestPattern, '')
}

/** Spell a file's URL as an expression of the host; may add imports. */
export type PlaceFile = (file: AssetFile, code: FacadeCode, assets: AssetSource) => string | Promise<string>

/** A bundler's hold on a project: what the hosts other than Vite have in common. */
export interface BundleSession {
  /**
   * A build begins: a frozen one with stale assets fails, types and constants are written.
   * @throws as the host shows it
   */
  begin(): Promise<void>
  /**
   * The request for {@link BundleSession.facade} behind a spelling: with the site that it stands in. Who asks is noted for
   * messages; a facade that asks passes on its own importer.
   * @throws as the host shows it
   */
  place(spelled: string, importer: string | undefined): Promise<string>
  /**
   * The code of the module behind a request.
   * @param input.watch - receives files whose change may change the module, also when it fails
   * @param input.sitesFile - what is watched for the sites; absent: their file, which may not be there
   * @throws what resolving throws, as the host shows it
   */
  facade(request: string, input: { watch(file: string): void; sitesFile?: string | undefined; place: PlaceFile }): Promise<string>
  /**
   * The one real file behind a request.
   * @param input.content - text of the importer, when it is at hand
   */
  realFile(
    spelled: string,
    input: { importer: string | undefined; watch(file: string): void; content?: string },
  ): Promise<{ path: string; hostQuery: string }>
  /** For a host that watches only what is there: a file that changes when a site keeps something else. */
  sitesFile(): Promise<string | undefined>
  /** Text that changes when imports of sites may mean something else. @throws SITES_DAMAGED */
  sitesDigest(): Promise<string>
  /** Let go of the project; the next request opens it again. */
  release(): Promise<void>
}

export function createBundleSession(input: {
  root(): string
  options: AssetloomOptions | undefined
  show(event: LogEvent): void
}): BundleSession {
  let use: SourceUse | undefined
  const importers = new Map<string, string>()
  const source = () => (use ??= useSource(input.root(), input.options, input.show)).source

  /** Do something with the assets; what fails names the place that asked. */
  const asked = async <T>(
    request: { spelled: string; importer: string | undefined; content?: string | undefined },
    watch: (file: string) => void,
    work: (assets: AssetSource) => Promise<T>,
  ): Promise<T> => {
    try {
      const assets = await source()
      watch(assets.workspace.paths.manifest)
      return await work(assets)
    } catch (error) {
      if (!isAssetloomError(error)) throw error
      const { importer, spelled, content } = request
      throw hostError(error, importer === undefined ? undefined : placeOf(importer, spelled, content))
    }
  }

  return {
    async begin() {
      try {
        const { workspace, sites } = await source()
        sites.begin()
        await (workspace as { generation?: { requireFresh(): Promise<void> } }).generation?.requireFresh()
        await writeSourcesOrWarn(workspace)
      } catch (error) {
        throw isAssetloomError(error) ? hostError(error) : error
      }
    },
    async place(spelled, importer) {
      const passedOn = importer === undefined ? undefined : fromVirtualId(importer)
      const asking = passedOn === undefined ? importer : importers.get(passedOn)
      const request = await asked({ spelled, importer: asking }, () => undefined, ({ sites }) => sites.placed(requestOf(spelled), importer))
      if (asking !== undefined) importers.set(request, asking)
      return request
    },
    facade: (request, { watch, sitesFile, place }) =>
      asked({ spelled: takeApart(request).request, importer: importers.get(request) }, watch, async (assets) => {
        const asset = await assets.module(request)
        for (const file of [...asset.watch, assets.sites.file]) watch(file === assets.sites.file ? (sitesFile ?? file) : file)
        if (isGlobModule(asset)) return globCode(asset.refs)
        return facadeCode(asset, urlWriter(asset, (file, code) => place(file, code, assets)))
      }),
    realFile: (spelled, { importer, watch, content }) =>
      asked({ spelled, importer, content }, watch, async (assets) => {
        const found = await assets.realFile(await assets.sites.placed(requestOf(spelled), importer))
        for (const file of found.watch) watch(file)
        return found
      }),
    sitesFile: async () => (await source()).sites.watchable(),
    sitesDigest: async () => (await source()).sites.digest(),
    async release() {
      const held = use
      use = undefined
      await held?.release()
    },
  }
}

/**
 * `?inline` and `?raw` mean the same in every host; candidates of a srcset stay files, or a page would load them all.
 */
function urlWriter(
  asset: AssetModule,
  place: (file: AssetFile, code: FacadeCode) => string | Promise<string>,
): UrlWriter {
  const wanted = new Set(asset.hostQuery.split('&'))
  return {
    async url(file, code, isCandidate = false) {
      if (isCandidate) return place(file, code)
      if (wanted.has('raw')) return codeText(Buffer.from(file.read()).toString('utf8'))
      if (wanted.has('inline')) return codeText(dataUrl(file))
      return place(file, code)
    },
  }
}

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../core/digest.ts'
import type { Item } from '../core/kinds/kind.ts'
import type { Settings } from '../core/settings.ts'
import { effectiveSettings, type Site, type SitesFile } from '../core/site.ts'
import type { Workspace } from '../workspace.ts'
import { createAwaitedFile, type AwaitedFile } from './awaited-file.ts'
import { placedIn, takeApart } from './placed-request.ts'
import { fromVirtualId } from './virtual-id.ts'

/** What a site says of the imports that stand in it. */
export interface SiteImports extends AwaitedFile {
  /**
   * A request with the site it stands in, where that may keep another version or other settings: `REF?w=640#shop`.
   * Elsewhere the request as it is. A facade that asks passes on its own site.
   * @param importer - id of the host: a path, maybe with a query, or a virtual id
   * @throws SITES_DAMAGED
   */
  placed(request: string, importer: string | undefined): Promise<string>
  /** A build begins: one in watch mode may have sites now that it had none of before. */
  begin(): void
  /** The site that a file lies in. @param importer - as for `placed` @throws SITES_DAMAGED */
  siteOf(importer: string): Promise<string | undefined>
  /** What the sites keep, for those that keep anything. @throws SITES_DAMAGED */
  pins(): Promise<{ site: string; pins: Site['pins'] }[]>
  /** Look at the sites as they are now, for the three below. @throws SITES_DAMAGED */
  look(): Promise<void>
  /** The version that a site keeps of an asset. */
  pinOf(site: string, ref: string): string | undefined
  /** The item with the settings that hold in a site. */
  settled(site: string, item: Item): Item
  /** Text that changes when the settings of a site do. */
  settingsDigest(site: string, ref: string): string
  /** Text that changes when any import of a site may come to mean something else. @throws SITES_DAMAGED */
  digest(): Promise<string>
  /** A site wants its pictures made before they are asked for. @throws SITES_DAMAGED */
  hasEager(): Promise<boolean>
  /** Whose change may change what a placed request gives. */
  readonly file: string
}

interface State {
  stamp: string | undefined
  file: SitesFile
  byId: ReadonlyMap<string, Site>
  around(path: string): Site | undefined
}

/** Stands for the project where a file lies in no site: its layer of settings holds there, too. */
const project = '.'

const pathOf = (importer: string) => importer.replace(/[?#].*$/, '')

/** @param input.isDev - sites may come into being at any time; a build has them from its start, or none */
export function createSiteImports(workspace: Workspace, input: { isDev: boolean }): SiteImports {
  const { options, paths } = workspace
  const file = join(paths.assets, 'sites.json')
  const isDeclared = Object.keys(options.sites).length > 0
  /** `null`: there are none, and none will come. */
  let known: State | null | undefined

  const stampNow = () => {
    const stat = statSync(file, { throwIfNoEntry: false })
    return stat && `${stat.mtimeMs}:${stat.size}:${stat.ino}`
  }
  const current = async (): Promise<State | undefined> => {
    if (known === null) return undefined
    const stamp = stampNow()
    if (stamp === undefined && !isDeclared) {
      known = input.isDev ? undefined : null
      return undefined
    }
    if (known && known.stamp === stamp) return known
    const sites = await workspace.sites()
    const read = sites.read()
    const all = sites.all(read)
    known = { stamp, file: read, byId: new Map(all.map((site) => [site.id, site])), around: sites.locate(all) }
    return known
  }

  const { watchable, rest } = createAwaitedFile(file, join(paths.home, 'sites.watch'))

  return {
    file,
    watchable,
    rest,
    async placed(request, importer) {
      if (importer === undefined) return request
      const state = await current()
      if (!state) return request
      const asking = fromVirtualId(importer)
      if (asking !== undefined) {
        const { site } = takeApart(asking)
        return placedIn(request, site)
      }
      const site = state.around(pathOf(importer))
      // A site that keeps nothing yet may do so before the next build, and hosts remember what a request was resolved to.
      return site !== undefined || request.startsWith('configs/') ? placedIn(request, site?.id ?? project) : request
    },
    begin() {
      if (known === null) known = undefined
    },
    siteOf: async (importer) => (await current())?.around(pathOf(importer))?.id,
    async pins() {
      const { byId } = (await current()) ?? {}
      return [...(byId?.values() ?? [])].flatMap(({ id, pins }) => (Object.keys(pins).length > 0 ? [{ site: id, pins }] : []))
    },
    async hasEager() {
      const { byId } = (await current()) ?? {}
      return [...(byId?.values() ?? [])].some(({ assetPreferences }) => assetPreferences.cacheStrategy === 'aggressive')
    },
    async look() {
      await current()
    },
    pinOf(site, ref) {
      const pins = known?.byId.get(site)?.pins ?? {}
      return Object.hasOwn(pins, ref) ? pins[ref] : undefined
    },
    settled(site, item) {
      if (!known || !item.kind.startsWith('configs/')) return item
      const { config, overrides } = item.fields as Parameters<typeof effectiveSettings>[1]
      const settings = effectiveSettings(item.id, { config, overrides }, known.file, site === project ? undefined : site)
      return { ...item, fields: { ...item.fields, config: settings } }
    },
    settingsDigest(site, ref) {
      if (!known) return ''
      const layers: (Settings | undefined)[] = [known.file.overrides[ref], known.file.sites[site]?.overrides?.[ref]]
      return layers.some(Boolean) ? digestOf(layers.map((layer) => layer ?? {})) : ''
    },
    async digest() {
      const state = await current()
      if (!state) return ''
      const { overrides, sites } = state.file
      return digestOf([
        [...state.byId.values()].map(({ id, root, pins }) => [id, root, { ...pins }]),
        overrides,
        Object.entries(sites).map(([id, record]) => [id, record.overrides ?? {}]),
      ])
    },
  }
}

/**
 * Follow what the sites say.
 * @returns whether that is something else than when the environment asked last
 */
export function followSites(sites: SiteImports): (environment: string) => Promise<boolean> {
  const first = sites.digest()
  // Whoever asks next is told what is wrong with the file.
  first.catch(() => undefined)
  const known = new Map<string, string>()
  return async (environment) => {
    const now = await sites.digest()
    const hasMoved = now !== (known.get(environment) ?? (await first.catch(() => undefined)))
    known.set(environment, now)
    return hasMoved
  }
}

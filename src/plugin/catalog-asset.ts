import { extname } from 'node:path'
import { codeFilesOf } from '../core/catalog/code-files.ts'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { formatOfExtension } from '../core/media.ts'
import { addToProject } from '../operations/catalog-install.ts'
import { fetchedDigest, type FetchedAsset } from '../workspace/catalogs.ts'
import type { LocatedAsset } from '../workspace/layers.ts'
import type { Workspace } from '../workspace.ts'

const inCatalog = defineError('ASSET_NOT_ADDED', {
  summary: "A ref names no asset of the project, and the user's library, the cache or a catalog has one.",
  message: (d: { ref: string; catalog: string; description: string; code: readonly string[] }) =>
    `There is no asset ${JSON.stringify(d.ref)} in the project; the catalog ${d.catalog} has it${d.description ? `: ${d.description}` : ''}.` +
    (d.code.length > 0 ? ` It holds code (${d.code.join(', ')}), which is never added unasked.` : ''),
  hint: (d) => `Add it: npx assetloom add ${d.ref} --local.`,
  http: 404,
})

/** Assets that the project does not have, and a layer behind it has. */
export interface CatalogAssets {
  /**
   * With `catalog.download: "auto"` the asset becomes one of the project; else dev offers it.
   * @returns the ref by which the project has it now; undefined when no layer has it
   * @throws ASSET_NOT_ADDED, and what downloading throws
   */
  add(ref: string): Promise<string | undefined>
}

export function createCatalogAssets(workspace: Workspace, { isDev }: { isDev: boolean }): CatalogAssets {
  const { options } = workspace
  const isAuto = options.catalog?.download === 'auto'
  // A frozen build asks nobody, and others only when they are to download.
  const asks = options.catalog !== undefined && options.catalog.download !== false && options.generate !== 'frozen' && (isAuto || isDev)
  const { signal } = new AbortController()
  const inFlight = new Map<string, Promise<string | undefined>>()

  const locate = async (ref: string): Promise<Exclude<LocatedAsset, { layer: 'project' }> | undefined> => {
    const catalogs = await workspace.catalogs()
    const { locateHere } = await workspace.layers()
    const here = locateHere(ref, workspace, catalogs)
    if (here && here.layer !== 'project' && here.kept.isIntact) return here
    const { hits, ...indexes } = await catalogs.named(ref, signal)
    // A dev server lives long: what is published meanwhile is found the next time.
    if (isDev) for (const catalog of catalogs.all()) catalog.forget()
    const [hit] = hits
    if (hit) return { layer: 'catalog', ref: hit.row.ref, hit, indexes }
    const [failed] = indexes.failed
    if (isAuto && failed) throw failed.error
    return undefined
  }

  const addNow = async (ref: string): Promise<string | undefined> => {
    const located = await locate(ref)
    if (!located) return undefined
    const [row, catalog] = located.layer === 'catalog' ? [located.hit.row, located.hit.catalog.name] : [located.kept.row, located.kept.catalog]
    const offer = (code: readonly string[]) => inCatalog({ ref, catalog, description: row.description, code })
    const catalogs = await workspace.catalogs()
    const codeOf = (paths: readonly string[]) => codeFilesOf(row.type, paths)
    const listed = codeOf(row.files.map(({ path }) => path))
    if (!isAuto || (listed.length > 0 && located.layer === 'catalog')) throw offer(listed)
    const asset: FetchedAsset = located.layer === 'catalog' ? await catalogs.fetch(located.hit, signal) : located.kept.read()!
    const code = codeOf(asset.files.map(({ path }) => path))
    if (code.length > 0 && !workspace.consents.has(fetchedDigest(asset))) throw offer(code)
    const content = await catalogs.check(asset)
    catalogs.cache.put(asset)
    await addToProject(asset, content, workspace)
    workspace.log.write({ event: 'CATALOG_ASSET_ADDED', level: 'info', subsystem: 'catalog', ref, message: `${ref} was added from ${catalog}.` })
    return ref
  }

  const once = (ref: string) => {
    let flight = inFlight.get(ref)
    if (!flight) {
      flight = addNow(ref).finally(() => inFlight.delete(ref))
      inFlight.set(ref, flight)
    }
    return flight
  }

  return {
    async add(ref) {
      // Tokens have no slash, and are in no catalog.
      if (!asks || !ref.includes('/')) return undefined
      const extension = extname(ref)
      const names = formatOfExtension(extension) ? [ref, ref.slice(0, -extension.length)] : [ref]
      for (const name of names) {
        const added = await once(name).catch((error: unknown) => {
          // A project whose catalogs are away is told that the asset is unknown.
          if (isAuto || !isAssetloomError(error) || error.code === 'ASSET_NOT_ADDED') throw error
          return undefined
        })
        if (added !== undefined) return added
      }
      return undefined
    },
  }
}

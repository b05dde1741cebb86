import { extname } from 'node:path'
import { codeFilesOf } from '../core/catalog/code-files.ts'
import type { CatalogRow } from '../core/catalog/row.ts'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { formatOfExtension } from '../core/media.ts'
import { addToProject, type CheckedAsset } from '../operations/catalog-install.ts'
import { createCatalogShelf, type Candidate, type CatalogShelf } from '../operations/catalog-shelf.ts'
import { unmetText, withNeeded } from '../operations/needed-assets.ts'
import type { BorrowedAsset } from '../workspace/borrowed.ts'
import { fetchedDigest } from '../workspace/catalogs.ts'
import type { KeptLocation } from '../workspace/layers.ts'
import type { Workspace } from '../workspace.ts'
import type { FoundAsset } from './find-asset.ts'
import { holdState } from './pinned-asset.ts'

const inCatalog = defineError('ASSET_NOT_ADDED', {
  summary: 'A ref names no asset of the project, and a catalog has one.',
  message: (d: { ref: string; catalog: string; description: string; code: readonly string[] }) =>
    `There is no asset ${JSON.stringify(d.ref)} in the project; the catalog ${d.catalog} has it${d.description ? `: ${d.description}` : ''}.` +
    (d.code.length > 0 ? ` It holds code (${d.code.join(', ')}), which is never added unasked.` : ''),
  hint: (d) => `Add it: npx assetloom add ${d.ref} --local.`,
  http: 404,
})

const places = { global: 'your own library', cache: 'the catalog cache' } as const

const onlyHere = defineError('ASSET_ONLY_HERE', {
  summary: "While frozen, a ref names no asset of the project; only this machine has one, in the user's library or the cache.",
  message: (d: { ref: string; layer: KeptLocation['layer'] }) =>
    `There is no asset ${JSON.stringify(d.ref)} in the project; ${places[d.layer]} on this machine has it, and a frozen build uses nothing that other machines lack.`,
  hint: (d) => `Make it the project's: npx assetloom add ${d.ref} --local.`,
  exit: 4,
  http: 404,
})

const cacheChanged = defineError('CATALOG_CACHE_CHANGED', {
  summary: 'An import needs an asset of the cache whose files are not those that were downloaded.',
  message: (d: { ref: string; file: string }) => `There is no asset ${JSON.stringify(d.ref)} in the project, and its copy in the cache was changed: ${d.file}.`,
  hint: (d) => `Download it anew: npx assetloom add ${d.ref} --local.`,
})

/** Assets that the project does not have, and a layer behind it has. */
export interface AssetsElsewhere {
  /**
   * The nearest layer that has a ref. With `catalog.download: "auto"` the asset becomes one of the project; else the
   * user's library and the cache lend theirs, and dev offers what a catalog has.
   * @returns added: the project has it now; undefined when no layer has it
   * @throws ASSET_ONLY_HERE, ASSET_NOT_ADDED, BORROWED_CODE, and what downloading throws
   */
  find(ref: string): Promise<FoundAsset | 'added' | undefined>
  /** Text that changes when what {@link AssetsElsewhere.find} lends would. */
  signature(ref: string): string | undefined
  /** Refs that would be lent. */
  refs(): string[]
}

/** @param input.onBorrowed - an asset is lent for the first time */
export async function createAssetsElsewhere(workspace: Workspace, input: { isDev: boolean; onBorrowed(): void }): Promise<AssetsElsewhere> {
  const { isDev } = input
  const { options, paths, log } = workspace
  const isFrozen = options.generate === 'frozen'
  const isAuto = options.catalog?.download === 'auto' && !isFrozen
  // A frozen build asks nobody, and others only when they are to download.
  const asks = options.catalog !== undefined && options.catalog.download !== false && !isFrozen && (isAuto || isDev)
  const { signal: ofBuild } = new AbortController()
  /** A build sees one commit of a catalog; a dev server lives long, and finds the next time what is published meanwhile. */
  const signalOfFind = () => (isDev ? new AbortController().signal : ofBuild)
  const inFlight = new Map<string, Promise<FoundAsset | 'added' | undefined>>()
  const told = new Set<string>()
  const catalogs = await workspace.catalogs()
  const { locateKept } = await workspace.layers()
  const borrowed = await workspace.borrowed()

  const codeOf = ({ type }: CatalogRow, paths: readonly string[]) => codeFilesOf(type, paths)
  const shelfWith = (signal: AbortSignal) => createCatalogShelf(catalogs, { to: 'project', mayAsk: true, isByFlag: false, signal })

  /** Make it one of the project, with what it needs. */
  const add = async (chosen: Candidate, shelf: CatalogShelf): Promise<'added'> => {
    const { ref, description } = chosen.row
    const { wanted, unmet } = await withNeeded(chosen, { to: 'project', shelf, catalogs, workspace })
    const refuse = (code: readonly string[]) => inCatalog({ ref, catalog: chosen.catalog, description, code })
    const listed = wanted.filter(({ isHere }) => !isHere).flatMap(({ row }) => codeOf(row, row.files.map(({ path }) => path)))
    if (listed.length > 0) throw refuse(listed)
    const ready: CheckedAsset[] = []
    for (const one of wanted) {
      const asset = await one.fetch()
      const code = codeOf(asset.row, asset.files.map(({ path }) => path))
      if (code.length > 0 && !workspace.consents.has(fetchedDigest(asset))) throw refuse(code)
      ready.push({ asset, content: await catalogs.check(asset) })
    }
    for (const { asset } of ready) catalogs.cache.put(asset)
    await addToProject(ready, workspace)
    for (const { row, catalog } of wanted) log.write({ event: 'CATALOG_ASSET_ADDED', level: 'info', subsystem: 'catalog', ref: row.ref, message: `${row.ref} was added from ${catalog}.` })
    for (const one of unmet) log.write({ event: 'CATALOG_NEED_UNMET', level: 'warn', subsystem: 'catalog', ref: one.ref, message: unmetText(one, true).replace(/^! /, '') })
    return 'added'
  }

  const lent = (asset: BorrowedAsset): FoundAsset => {
    const { ref, layer, isEdited, state, watch, signature } = asset
    if (!told.has(ref)) {
      told.add(ref)
      input.onBorrowed()
      const [, ...others] = state.files
      log.write({
        event: 'ASSET_BORROWED',
        level: 'warn',
        subsystem: 'plugin',
        ref,
        message: `${ref} is not in the project: it comes from ${places[layer]} on this machine, and other machines do not have it.`,
        hint: isEdited
          ? `You changed it there. Make it the project's as it is: copy ${others.length > 0 ? 'its files' : 'it'} to ${state.files[0]!.file} and run npx assetloom sync; or as its catalog has it: npx assetloom add ${ref} --local.`
          : `Make it the project's: npx assetloom add ${ref} --local.`,
      })
    }
    const pinned = holdState(state, { extension: undefined, watch: [paths.manifest, ...watch], signature }, workspace)
    return { ref, entry: state.entry, pinned }
  }

  /** What this machine has. */
  const findHere = async (here: KeptLocation, shelf: CatalogShelf): Promise<FoundAsset | 'added' | undefined> => {
    const { ref, layer, kept } = here
    if (isFrozen) throw onlyHere({ ref, layer })
    const whole = isAuto && kept.isIntact ? shelf.here(ref) : undefined
    if (whole) return add(whole, shelf)
    const asset = await borrowed.find(ref)
    return asset && lent(asset)
  }

  const findInCatalogs = async (ref: string, shelf: CatalogShelf, signal: AbortSignal): Promise<'added' | undefined> => {
    const { hits, failed } = await catalogs.named(ref, signal)
    const [hit] = hits
    if (!hit) {
      if (isAuto && failed[0]) throw failed[0].error
      return undefined
    }
    if (isAuto) return add(shelf.ofCatalog(hit), shelf)
    const { row, catalog } = hit
    throw inCatalog({ ref, catalog: catalog.name, description: row.description, code: codeOf(row, row.files.map(({ path }) => path)) })
  }

  const findNow = async (ref: string, signal: AbortSignal): Promise<FoundAsset | 'added' | undefined> => {
    const shelf = shelfWith(signal)
    const here = locateKept(ref, catalogs)
    const found = here && (await findHere(here, shelf))
    if (found) return found
    const fetched = asks
      ? await findInCatalogs(ref, shelf, signal).catch((error: unknown) => {
          // A project whose catalogs are away is told that the asset is unknown.
          if (isAuto || !isAssetloomError(error) || error.code === 'ASSET_NOT_ADDED') throw error
          return undefined
        })
      : undefined
    const changed = fetched || isFrozen ? undefined : catalogs.cache.find(ref)
    if (changed) throw cacheChanged({ ref, file: changed.files[0]!.file })
    return fetched
  }

  const once = (ref: string) => {
    let flight = inFlight.get(ref)
    if (!flight) {
      flight = findNow(ref, signalOfFind()).finally(() => inFlight.delete(ref))
      inFlight.set(ref, flight)
    }
    return flight
  }

  return {
    async find(ref) {
      // Tokens have no slash, and only the project has them.
      if (!ref.includes('/')) return undefined
      const extension = extname(ref)
      const whole = await once(ref)
      if (whole || !formatOfExtension(extension)) return whole
      const found = await once(ref.slice(0, -extension.length))
      return typeof found === 'object' ? { ...found, extension: extension.slice(1) } : found
    },
    signature(ref) {
      if (isFrozen) return undefined
      const extension = extname(ref)
      return borrowed.signature(ref) ?? (formatOfExtension(extension) && borrowed.signature(ref.slice(0, -extension.length)))
    },
    refs: () => (isFrozen ? [] : borrowed.refs()),
  }
}

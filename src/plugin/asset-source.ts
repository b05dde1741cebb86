import { statSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { assetUnknown } from '../core/asset-errors.ts'
import { digestOf } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import type { Entry } from '../core/manifest.ts'
import { formatOfExtension } from '../core/media.ts'
import { publicMeta } from '../core/public-meta.ts'
import { globMatcher, parseAssetRequest, type AssetRequest } from '../core/ref.ts'
import type { Workspace } from '../workspace.ts'
import { createAssetFinder, type FoundAsset } from './find-asset.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { itemModule, itemSignature, pinnedItemModule, type SettleItem } from './item-module.ts'
import { createAssetContent } from './asset-content.ts'
import type { AssetFile, AssetModule, GlobModule } from './asset-module.ts'
import type { AssetsElsewhere } from './asset-elsewhere.ts'
import { atLentVersion, createPinnedAssets } from './pinned-asset.ts'
import { takeApart } from './placed-request.ts'
import { createSiteImports, type SiteImports } from './site-imports.ts'

export { isGlobModule, type GlobModule } from './asset-module.ts'

/** Where host code asks for assets; the same for every bundler. */
export interface AssetSource {
  /** The module behind `asset:<request>`. @throws ASSET_UNKNOWN, REF_INVALID, QUERY_… and what generation throws */
  module(request: string): Promise<AssetModule | GlobModule>
  /** The one real file behind a spelling that has no facade: CSS, HTML, content. Absolute path and host query. */
  realFile(request: string): Promise<{ path: string; hostQuery: string; watch: string[] }>
  /** Put a file into its content-hash folder. */
  serve(file: AssetFile): Promise<string>
  /** Text that changes when the module would; undefined when the request no longer resolves. Starts no work. */
  signature(request: string): string | undefined
  /** What sites say of the imports that stand in them; a request from a file goes through `placed` first. */
  readonly sites: SiteImports
  /** Called when an asset that a placeholder stood for was made, or failed. Returns what ends it. */
  onSettled(listener: () => void): () => void
  /** Called when an asset of the user's own folder is lent for the first time. Returns what ends it. */
  onBorrowed(listener: () => void): () => void
  readonly workspace: Workspace
}

/** @param input.isDev - a dev server asks: slow assets get a placeholder first */
export function createAssetSource(workspace: Workspace, input: { isDev: boolean }): AssetSource {
  const { paths, index } = workspace
  const listeners = new Set<() => void>()
  const pins = createPinnedAssets(workspace)
  const sites = createSiteImports(workspace, input)
  const borrowListeners = new Set<() => void>()
  let elsewhere: AssetsElsewhere | undefined
  let opening: Promise<AssetsElsewhere> | undefined
  /** Loaded at the first ref that the project does not know. */
  const assetsElsewhere = () =>
    (opening ??= import('./asset-elsewhere.ts')
      .then((part) => part.createAssetsElsewhere(workspace, { ...input, onBorrowed: () => borrowListeners.forEach((listener) => listener()) }))
      .then((opened) => (elsewhere = opened)))

  const finder = createAssetFinder(workspace, {
    isDev: input.isDev,
    onSettled: () => listeners.forEach((listener) => listener()),
  })

  const unknown = async (ref: string) =>
    assetUnknown({
      ref,
      spelled: `asset:${ref}`,
      names: [...index.names(), ...(await workspace.generation.unmadeNames()), ...(elsewhere?.refs() ?? [])],
      manifest: relative(paths.root, paths.manifest),
      place: '',
    })

  const contentOf = createAssetContent(workspace, unknown)

  const findAnywhere = async (ref: string) => {
    const known = await finder.find(ref)
    if (known) return known
    const found = await (await assetsElsewhere()).find(ref)
    return found === 'added' ? finder.find(ref) : found
  }

  const read = (text: string) => {
    const { request, site } = takeApart(text)
    return { request: parseAssetRequest(request), site }
  }
  const knownAs = (name: string): FoundAsset | undefined => index.find(name) ?? finder.withoutExtension(name)
  /** The version that is written behind the name, or that the site keeps. */
  const wantedVersion = ({ ref, version }: AssetRequest, site: string | undefined) => {
    if (version !== undefined || site === undefined) return version
    const known = knownAs(ref)
    return known && sites.pinOf(site, known.ref)
  }

  const resolveOne = async (text: string) => {
    const { request, site } = read(text)
    if (site !== undefined) await sites.look()
    const version = wantedVersion(request, site)
    // What a spec would make now plays no part in an earlier version.
    const found = version === undefined ? await findAnywhere(request.ref) : ((await pinnedAt(request.ref, version)) ?? (await lentAt(request.ref, version)))
    if (!found) throw await unknown(request.ref)
    const kept = version === undefined && site !== undefined && found.pinned ? sites.pinOf(site, found.ref) : undefined
    return { request, site, found: kept === undefined ? found : atLentVersion(found, kept) }
  }

  const pinnedAt = async (name: string, version: string): Promise<FoundAsset | undefined> => {
    const known = knownAs(name)
    if (!known) return undefined
    const pinned = await pins.find(known.ref, version)
    return { ref: known.ref, entry: pinned.state.entry, extension: known.extension ?? pinned.extension, pinned }
  }

  /** What the project does not have is lent at the one version that the user has of it. */
  const lentAt = async (name: string, version: string): Promise<FoundAsset | undefined> => {
    const lent = await (await assetsElsewhere()).find(name)
    return lent === 'added' ? pinnedAt(name, version) : lent && atLentVersion(lent, version)
  }

  const watchOf = async ({ ref, entry, pinned }: FoundAsset) => pinned ? pinned.watch : [
    paths.manifest,
    ...(entry.file ? [join(paths.root, entry.file)] : []),
    ...(entry.source.type === 'spec' || !entry.file ? await workspace.generation.specFilesOf(ref) : []),
  ]

  const glob = (request: AssetRequest): GlobModule => {
    const matches = globMatcher(request.ref)
    const refs = index
      .startingWith(request.ref.slice(0, request.ref.indexOf('*')))
      .map(({ ref }) => ref)
      .filter(matches)
    if (refs.length === 0)
      throw assetUnknown({
        ref: request.ref,
        spelled: `asset:${request.ref}`,
        names: index.names(),
        manifest: relative(paths.root, paths.manifest),
        place: '',
      })
    return { ref: request.ref, refs, watch: [paths.manifest], signature: digestOf(refs) }
  }

  const entrySignature = (ref: string, entry: Entry): string => {
    if (isItem(entry)) return itemSignature(entry, workspace)
    const { modified: _modified, source: _source, ...rest } = entry
    const file = entry.file && statSync(join(paths.root, entry.file), { throwIfNoEntry: false })
    return digestOf([ref, rest, file ? file.mtimeMs : 0])
  }

  const moduleOfItem = async ({ entry, pinned }: FoundAsset, query: string, site: string | undefined): Promise<AssetModule> => {
    const settle: SettleItem = (item) => (site === undefined ? item : sites.settled(site, item))
    return pinned
      ? pinnedItemModule(pinned, await workspace.layVersion(pinned.state), query, workspace, settle)
      : itemModule(entry, query, workspace, settle)
  }
  const signed = (signature: string, ref: string, site: string | undefined) =>
    site === undefined ? signature : signature + sites.settingsDigest(site, ref)
  /** What a site says may change the module, too. */
  const inSite = (module: AssetModule, site: string | undefined): AssetModule =>
    site === undefined
      ? module
      : { ...module, watch: [...module.watch, sites.file], signature: signed(module.signature, module.ref, site) }

  const served: AssetSource = {
    workspace,
    sites,
    onSettled(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onBorrowed(listener) {
      borrowListeners.add(listener)
      return () => void borrowListeners.delete(listener)
    },
    async module(text) {
      const { request, site } = read(text)
      if (request.isGlob) return glob(request)
      const { found } = await resolveOne(text)
      if (found.extension && request.query) throw extensionAndQuery(sameQuery(found, found.extension, request.query))
      const { ref, entry } = found
      if (isItem(entry)) return inSite(await moduleOfItem(found, request.query, site), site)
      const { content, hostQuery, size } = await contentOf(found, request.query)
      const module: AssetModule = {
        ref,
        content,
        hostQuery,
        widthPx: size?.widthPx,
        heightPx: size?.heightPx,
        alt: entry.alt,
        token: ref,
        meta: publicMeta(entry),
        watch: await watchOf(found),
        signature: found.pinned?.signature ?? (found.placeholder ? `placeholder ${found.placeholder.hash}` : entrySignature(ref, entry)),
      }
      return inSite(module, site)
    },
    async realFile(text) {
      const { request, site, found } = await resolveOne(text)
      const placeWatch = site === undefined ? [] : [sites.file]
      if (isItem(found.entry)) {
        const { content, watch } = await moduleOfItem(found, request.query, site)
        if (content.shape !== 'item' || !content.path) throw itemNoFile({ spelled: takeApart(text).request })
        return { path: content.path, hostQuery: '', watch: [...watch, ...placeWatch] }
      }
      const { extension } = found
      if (extension && request.query && !ownFormats(found.entry).has(formatOfExtension(extension)))
        throw extensionAndQuery(sameQuery(found, extension, request.query))
      const { content, hostQuery } = await contentOf(found, request.query)
      const file =
        content.shape === 'file' || content.shape === 'url' || content.shape === 'placeholder'
          ? content.file
          : undefined
      if (!file) throw oneFileOnly({ spelled: takeApart(text).request, shape: content.shape })
      return { path: await served.serve(file), hostQuery, watch: [...(await watchOf(found)), ...placeWatch] }
    },
    serve: (file) => workspace.served.ensure(file.hash, file.name, () => file.read()),
    signature(text) {
      const { request, site } = read(text)
      if (request.isGlob) {
        try {
          return glob(request).signature
        } catch {
          return undefined
        }
      }
      const { ref = request.ref, entry } = knownAs(request.ref) ?? {}
      const version = wantedVersion(request, site)
      const present = () => (entry ? entrySignature(ref, entry) : elsewhere?.signature(ref))
      const signature = version === undefined || !entry ? present() : pins.signature(ref, version)
      return signature === undefined ? undefined : signed(signature, ref, site)
    },
  }
  return served
}

/** No import has a type for each format with each query, so one of the two must say it all. */
const extensionAndQuery = defineError('EXTENSION_AND_QUERY', {
  summary: 'A ref has an extension, which asks for a format, and a query.',
  message: (d: { spelled: string; mended: string }) => `${d.spelled} has both an extension and a query.`,
  hint: (d) => `Write ${d.mended}.`,
  exit: 2,
})

/** The formats of the files that an entry has. */
function ownFormats({ file, formats }: Entry) {
  const files = [file, ...Object.values(formats ?? {}).map((one) => one.file)]
  return new Set(files.map((one) => one && formatOfExtension(extname(one))))
}

/** What an extension and a query ask for together, as a query alone. */
function sameQuery({ ref, entry }: FoundAsset, extension: string, query: string) {
  const isAsked = /(?:^|&)format=/.test(query) || formatOfExtension(extension) === formatOfExtension(extname(entry.file ?? ''))
  return {
    spelled: `${ref}.${extension}?${query}`,
    mended: `asset:${ref}?${query}${isAsked ? '' : `&format=${formatOfExtension(extension)!.extension}`}`,
  }
}

const itemNoFile = defineError('ITEM_NO_FILE', {
  summary: 'CSS, HTML and content need one file, and a library item that is none was named.',
  message: (d: { spelled: string }) => `asset:${d.spelled} is no file that could stand here.`,
  hint: () => 'Import it in JavaScript; design tokens become a style sheet by import "asset:design-tokens/…?css".',
  exit: 2,
})

const oneFileOnly = defineError('ONE_FILE_ONLY', {
  summary: 'CSS, HTML and content need one file, and the query asks for another shape.',
  message: (d: { spelled: string; shape: string }) => `asset:${d.spelled} gives a ${d.shape}; here one file is needed.`,
  hint: () => 'Ask for one width and one format, e.g. ?w=640&format=webp.',
  exit: 2,
})

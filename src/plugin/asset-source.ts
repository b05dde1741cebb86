import { statSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { assetUnknown } from '../core/asset-errors.ts'
import { digestOf } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import type { Entry } from '../core/manifest.ts'
import { formatOfExtension } from '../core/media.ts'
import { publicMeta } from '../core/public-meta.ts'
import { parseAssetQuery, type AssetQuery } from '../core/query.ts'
import type { ResolvedTransform } from '../core/transform.ts'
import { globMatcher, parseAssetRequest, type AssetRequest } from '../core/ref.ts'
import type { Workspace } from '../workspace.ts'
import { createAssetFinder, type FoundAsset } from './find-asset.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { itemModule, itemSignature, pinnedItemModule } from './item-module.ts'
import type { AssetContent, AssetFile, AssetModule, Candidate, GlobModule } from './asset-module.ts'
import type { CatalogAssets } from './catalog-asset.ts'
import { createOriginals } from './original-file.ts'
import { createPinnedAssets } from './pinned-asset.ts'
import { createSourceRooms, type SourceRoom } from './source-rooms.ts'

export { isGlobModule, type GlobModule } from './asset-module.ts'

/**
 * Imports whose pictures are looked up or made at a time; more than encoders, so that none of these waits for a source.
 */
const mostAtOnce = 8

interface AssetContentOf {
  content: AssetContent
  hostQuery: string
  size?: AssetFile
}

const notAPicture = defineError('QUERY_NEEDS_PICTURE', {
  summary: 'A transform was asked of an asset that is no picture.',
  message: (d: { ref: string; kind: string; query: string }) =>
    `${d.ref} is of kind ${d.kind}; "?${d.query}" works on pictures only.`,
  hint: () => 'Take the query away, or name a picture.',
  exit: 2,
})

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
  /** Called when an asset that a placeholder stood for was made, or failed. Returns what ends it. */
  onSettled(listener: () => void): () => void
  readonly workspace: Workspace
}

/** @param input.isDev - a dev server asks: slow assets get a placeholder first */
export function createAssetSource(workspace: Workspace, input: { isDev: boolean }): AssetSource {
  const { paths, index } = workspace
  const listeners = new Set<() => void>()
  const original = createOriginals(workspace)
  const rooms = createSourceRooms(mostAtOnce)
  const pins = createPinnedAssets(workspace)
  let assetsOfCatalogs: CatalogAssets | undefined
  /** Loaded by those who have catalogs, at the first ref that nothing else knows. */
  const catalogAssets = async () =>
    workspace.options.catalog && (assetsOfCatalogs ??= (await import('./catalog-asset.ts')).createCatalogAssets(workspace, input))

  const finder = createAssetFinder(workspace, {
    isDev: input.isDev,
    onSettled: () => listeners.forEach((listener) => listener()),
  })

  const unknown = async (ref: string) =>
    assetUnknown({
      ref,
      spelled: `asset:${ref}`,
      names: [...index.names(), ...(await workspace.generation.unmadeNames())],
      manifest: relative(paths.root, paths.manifest),
      place: '',
    })

  const derived = async (source: AssetFile, transform: ResolvedTransform): Promise<AssetFile> => {
    const made = await workspace.transform(source, transform)
    const stem = source.name.replace(/\.[^.]*$/, '')
    return {
      name: `${stem}${made.widthPx ? `-${made.widthPx}` : ''}.${made.options.format}`,
      hash: made.hash,
      mediaType: made.mediaType,
      sizeBytes: made.bytes.length,
      widthPx: made.widthPx,
      heightPx: made.heightPx,
      originalFileName: source.originalFileName,
      read: () => made.bytes,
    }
  }

  /** A file of the entry in the format that an extension names: the original, a further format, or made now. */
  const inFormat = async ({ ref, entry, pinned }: FoundAsset, extension: string): Promise<AssetFile> => {
    const source = await original(ref, entry, await pinned?.lay(entry.file!))
    const wanted = formatOfExtension(extension)!
    if (formatOfExtension(extname(source.name)) === wanted) return source
    const further = entry.formats?.[wanted.extension]
    if (further)
      return original(ref, { ...entry, file: further.file, hash: further.hash, mediaType: further.mediaType }, await pinned?.lay(further.file))
    if (entry.kind !== 'image' || wanted.kind !== 'image') throw await unknown(`${ref}.${extension}`)
    const { transforms } = parseAssetQuery(`format=${wanted.extension}`)
    return derived(source, transforms[0]!)
  }

  const contentOf = async (found: FoundAsset, query: string): Promise<AssetContentOf> => {
    const parsed = parseAssetQuery(query)
    return parsed.transforms.length > 0
      ? rooms.lend((room) => contentOfParsed(found, query, parsed, room))
      : contentOfParsed(found, query, parsed)
  }

  const contentOfParsed = async (
    found: FoundAsset,
    query: string,
    parsed: AssetQuery,
    room?: SourceRoom,
  ): Promise<AssetContentOf> => {
    const { ref, entry, placeholder, extension, pinned } = found
    const hostQuery = [...parsed.host].sort().join('&')
    if (entry.kind === 'color') return { content: { shape: 'value', value: entry.colorHex }, hostQuery }
    if (parsed.transforms.length > 0 && entry.kind !== 'image') throw notAPicture({ ref, kind: entry.kind, query })
    const source =
      placeholder ??
      (await (extension ? inFormat(found, extension) : original(ref, entry, pinned ? await pinned.lay(entry.file!) : found.path, room)))
    if (parsed.shape === 'file' || parsed.transforms.length === 0)
      return { content: { shape: 'file', file: source }, hostQuery, size: source }
    const files = await allOver(parsed.transforms.map((transform) => derived(source, transform)))
    const candidates = files.map((file, i): Candidate => {
      const { dpr } = parsed.transforms[i]!
      const byDensity = parsed.transforms.some((transform) => transform.dpr !== 1)
      return { file, descriptor: byDensity ? `${dpr}x` : `${file.widthPx}w` }
    })
    const largest = files.reduce((a, b) => ((b.widthPx ?? 0) > (a.widthPx ?? 0) ? b : a))
    switch (parsed.shape) {
      case 'url':
        return { content: { shape: 'url', file: files[0]! }, hostQuery, size: files[0]! }
      case 'placeholder':
        return { content: { shape: 'placeholder', file: files[0]! }, hostQuery, size: source }
      case 'srcset':
        return {
          content: { shape: 'srcset', candidates: distinct(candidates), fallback: largest },
          hostQuery,
          size: largest,
        }
      case 'picture': {
        const groups = new Map<string, Candidate[]>()
        for (const candidate of candidates)
          groups.set(candidate.file.mediaType, [...(groups.get(candidate.file.mediaType) ?? []), candidate])
        const sources = [...groups].map(([mediaType, group]) => ({ mediaType, candidates: distinct(group) }))
        const last = sources.at(-1)!.candidates
        const fallback = last.at(-1)!.file
        return { content: { shape: 'picture', sources, fallback }, hostQuery, size: fallback }
      }
    }
  }

  const findOrAdd = async (ref: string) => {
    const found = await finder.find(ref)
    return found ?? ((await (await catalogAssets())?.add(ref)) === undefined ? undefined : finder.find(ref))
  }

  const resolveOne = async (text: string) => {
    const request = parseAssetRequest(text)
    // What a spec would make now plays no part in an earlier version.
    const found = request.version === undefined ? await findOrAdd(request.ref) : await pinnedAt(request.ref, request.version)
    if (!found) throw await unknown(request.ref)
    return { request, found }
  }

  const pinnedAt = async (name: string, version: string): Promise<FoundAsset | undefined> => {
    const known = index.find(name) ?? finder.withoutExtension(name)
    if (!known) return undefined
    const pinned = await pins.find(known.ref, version)
    return { ref: known.ref, entry: pinned.state.entry, extension: (known as FoundAsset).extension ?? pinned.extension, pinned }
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

  const moduleOfItem = async ({ entry, pinned }: FoundAsset, query: string): Promise<AssetModule> =>
    pinned ? pinnedItemModule(pinned, await pins.layAll(pinned.state), query, workspace) : itemModule(entry, query, workspace)

  const served: AssetSource = {
    workspace,
    onSettled(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async module(text) {
      const request = parseAssetRequest(text)
      if (request.isGlob) return glob(request)
      const { found } = await resolveOne(text)
      if (found.extension && request.query) throw extensionAndQuery(sameQuery(found, found.extension, request.query))
      const { ref, entry } = found
      if (isItem(entry)) return moduleOfItem(found, request.query)
      const { content, hostQuery, size } = await contentOf(found, request.query)
      return {
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
    },
    async realFile(text) {
      const { request, found } = await resolveOne(text)
      if (isItem(found.entry)) {
        const { content, watch } = await moduleOfItem(found, request.query)
        if (content.shape !== 'item' || !content.path) throw itemNoFile({ spelled: text })
        return { path: content.path, hostQuery: '', watch }
      }
      const { extension } = found
      if (extension && request.query && !ownFormats(found.entry).has(formatOfExtension(extension)))
        throw extensionAndQuery(sameQuery(found, extension, request.query))
      const { content, hostQuery } = await contentOf(found, request.query)
      const file =
        content.shape === 'file' || content.shape === 'url' || content.shape === 'placeholder'
          ? content.file
          : undefined
      if (!file) throw oneFileOnly({ spelled: text, shape: content.shape })
      return { path: await served.serve(file), hostQuery, watch: await watchOf(found) }
    },
    serve: (file) => workspace.served.ensure(file.hash, file.name, () => file.read()),
    signature(text) {
      const request = parseAssetRequest(text)
      if (request.isGlob) {
        try {
          return glob(request).signature
        } catch {
          return undefined
        }
      }
      const found = index.find(request.ref) ?? finder.withoutExtension(request.ref)
      if (found && request.version !== undefined) return pins.signature(found.ref, request.version)
      return found && entrySignature(found.ref, found.entry)
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

/** Like `Promise.all`, but a failure is told when the others are over too: they read the same source. */
async function allOver<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work)
  return Promise.all(work)
}

/** Sources smaller than asked give the same file for several widths; a srcset names it once. */
function distinct(candidates: Candidate[]): Candidate[] {
  const seen = new Set<string>()
  return candidates.filter(({ file, descriptor }) => {
    const key = `${file.mediaType} ${descriptor}`
    return seen.has(key) ? false : seen.add(key)
  })
}

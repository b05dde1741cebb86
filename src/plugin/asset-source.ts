import { readFileSync, statSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import {
  assetFileChanged as fileChanged,
  assetFileMissing as fileMissing,
  assetFilePointer as filePointer,
  assetUnknown,
} from '../core/asset-errors.ts'
import { contentHash, digestOf } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import { isLfsPointer } from '../core/lfs-pointer.ts'
import type { Entry } from '../core/manifest.ts'
import { formatOfExtension } from '../core/media.ts'
import { publicMeta } from '../core/public-meta.ts'
import { parseAssetQuery, type AssetQuery } from '../core/query.ts'
import type { ResolvedTransform } from '../core/transform.ts'
import { globMatcher, parseAssetRequest, type AssetRequest } from '../core/ref.ts'
import type { Workspace } from '../workspace.ts'
import { createAssetFinder, type FoundAsset } from './find-asset.ts'
import type { AssetContent, AssetFile, AssetModule, Candidate, GlobModule } from './asset-module.ts'
import { createSourceRooms, type SourceRoom } from './source-rooms.ts'

export { isGlobModule, type GlobModule } from './asset-module.ts'

/**
 * Imports whose pictures are looked up or made at a time; more than encoders, so that none of these waits for a source.
 */
const mostAtOnce = 8

/** A file changed within this time may change again without a trace in its times; its digest is not kept. */
const racyWindowMs = 100

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
  const { options, paths, index } = workspace
  const listeners = new Set<() => void>()
  /** Digests of originals by path, with the file times they were taken at. */
  const digests = new Map<string, { stamp: string; hash: string }>()
  const rooms = createSourceRooms(mostAtOnce)

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

  const original = async (ref: string, entry: Entry, at?: string, room?: SourceRoom): Promise<AssetFile> => {
    const file = entry.file!
    const path = at ?? join(paths.root, file)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat) throw fileMissing({ ref, file })
    const stamp = `${stat.mtimeMs}:${stat.ctimeMs}:${stat.size}:${stat.ino}`
    let known = digests.get(path)
    let bytes: Uint8Array | undefined
    if (known?.stamp !== stamp) {
      // Kept only for sources of pictures, whose bytes a hit does not need; a file that is shown as it is is read
      // anyway.
      known = room && (await workspace.cache.get<{ stamp: string; hash: string }>(`file:${file}`))
      if (known?.stamp !== stamp) {
        bytes = room ? room.read(path, stat.size) : readFileSync(path)
        if (isLfsPointer(bytes)) throw filePointer({ ref, file })
        known = { stamp, hash: contentHash(bytes) }
        if (room && Date.now() - stat.ctimeMs > racyWindowMs) await workspace.cache.set(`file:${file}`, known)
      }
      digests.set(path, known)
      if (known.hash !== entry.hash) {
        if (options.generate === 'frozen') throw fileChanged({ ref, file })
        workspace.log.write({
          event: 'ASSET_FILE_CHANGED',
          level: 'warn',
          subsystem: 'plugin',
          message: `${file} is not the file that the manifest records.`,
          hint: 'Run assetloom sync to record it.',
        })
      }
    }
    const { hash } = known
    return {
      name: file.slice(file.lastIndexOf('/') + 1),
      hash,
      mediaType: entry.mediaType ?? 'application/octet-stream',
      sizeBytes: stat.size,
      widthPx: entry.widthPx,
      heightPx: entry.heightPx,
      originalFileName: file,
      read() {
        if (bytes && room?.isOpen !== false) return bytes
        const again = readFileSync(path)
        if (contentHash(again) !== hash) throw fileChanged({ ref, file })
        return again
      },
    }
  }

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
  const inFormat = async (ref: string, entry: Entry, extension: string): Promise<AssetFile> => {
    const source = await original(ref, entry)
    const wanted = formatOfExtension(extension)!
    if (formatOfExtension(extname(source.name)) === wanted) return source
    const further = entry.formats?.[wanted.extension]
    if (further)
      return original(ref, { ...entry, file: further.file, hash: further.hash, mediaType: further.mediaType })
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
    { ref, entry, path, placeholder, extension }: FoundAsset,
    query: string,
    parsed: AssetQuery,
    room?: SourceRoom,
  ): Promise<AssetContentOf> => {
    const hostQuery = [...parsed.host].sort().join('&')
    if (entry.kind === 'color') return { content: { shape: 'value', value: entry.colorHex }, hostQuery }
    if (parsed.transforms.length > 0 && entry.kind !== 'image') throw notAPicture({ ref, kind: entry.kind, query })
    const source =
      placeholder ?? (await (extension ? inFormat(ref, entry, extension) : original(ref, entry, path, room)))
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

  const resolveOne = async (text: string) => {
    const request = parseAssetRequest(text)
    const found = await finder.find(request.ref)
    if (!found) throw await unknown(request.ref)
    return { request, found }
  }

  const watchOf = async ({ ref, entry }: FoundAsset) => [
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
    const { modified: _modified, source: _source, ...rest } = entry
    const file = entry.file && statSync(join(paths.root, entry.file), { throwIfNoEntry: false })
    return digestOf([ref, rest, file ? file.mtimeMs : 0])
  }

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
      const { ref, entry } = found
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
        signature: found.placeholder ? `placeholder ${found.placeholder.hash}` : entrySignature(ref, entry),
      }
    },
    async realFile(text) {
      const { request, found } = await resolveOne(text)
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
      return found && entrySignature(found.ref, found.entry)
    },
  }
  return served
}

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

import { extname } from 'node:path'
import { defineError, type AssetloomError } from '../core/errors.ts'
import { formatOfExtension } from '../core/media.ts'
import { parseAssetQuery, type AssetQuery } from '../core/query.ts'
import type { ResolvedTransform } from '../core/transform.ts'
import type { Workspace } from '../workspace.ts'
import type { AssetContent, AssetFile, Candidate } from './asset-module.ts'
import type { FoundAsset } from './find-asset.ts'
import { createOriginals } from './original-file.ts'
import { createSourceRooms, type SourceRoom } from './source-rooms.ts'

/**
 * Imports whose pictures are looked up or made at a time; more than encoders, so that none of these waits for a source.
 */
const mostAtOnce = 8

export interface AssetContentOf {
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

/**
 * What media give for a query: the file as it is, or what transforms make of it.
 * @param unknown - the error for a spelling that names nothing
 */
export function createAssetContent(
  workspace: Workspace,
  unknown: (ref: string) => Promise<AssetloomError>,
): (found: FoundAsset, query: string) => Promise<AssetContentOf> {
  const original = createOriginals(workspace)
  const rooms = createSourceRooms(mostAtOnce)

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

  return contentOf
}

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

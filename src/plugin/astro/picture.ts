import { formatOfMediaType } from '../../core/media.ts'
import type { AssetFile } from '../asset-module.ts'
import { isGlobModule, type AssetSource } from '../asset-source.ts'
import { placedIn } from '../placed-request.ts'
import { altMissing, notPicture, refMissing } from './picture-errors.ts'

/** What a component asks. */
export interface PictureRequest {
  /** A token, id or alias; with a query that gives one file. */
  ref: unknown
  /** As given to the component; an empty text is one that somebody decided on. */
  alt: string | undefined
  component: 'Asset' | 'Picture'
  /** Path of the page, for messages. */
  page: string
  /** The site that the component's import stands in. */
  site: string | undefined
}

/** What it shows: `src` is Astro's ImageMetadata. */
export interface ResolvedPicture {
  src: { src: string; width: number; height: number; format: string }
  alt: string
  /** Format for browsers that know no other, where Astro's choice (PNG) would be needlessly large. */
  fallbackFormat: 'jpg' | undefined
}

/**
 * Find the picture of a component and its text.
 * @param place - how this run of Astro spells a file as ImageMetadata
 * @throws COMPONENT_REF_MISSING, COMPONENT_NEEDS_PICTURE, ALT_MISSING, ASSET_UNKNOWN, REF_INVALID, QUERY_…
 */
export async function resolvePicture(
  source: AssetSource,
  request: PictureRequest,
  place: (file: AssetFile, size: { widthPx: number; heightPx: number }) => Promise<ResolvedPicture['src']>,
): Promise<ResolvedPicture & { watch: string[]; signature: string }> {
  const { component, page } = request
  if (typeof request.ref !== 'string' || request.ref === '')
    throw refMissing({ component, page, given: JSON.stringify(request.ref) ?? 'undefined' })
  const asset = await source.module(placedIn(request.ref, request.site))
  if (isGlobModule(asset)) throw notPicture({ component, page, ref: request.ref, kind: 'glob' })
  const { ref, content, widthPx, heightPx } = asset
  if (
    (content.shape !== 'file' && content.shape !== 'url') ||
    !widthPx ||
    !heightPx ||
    !content.file.mediaType.startsWith('image/')
  )
    throw notPicture({ component, page, ref, kind: content.shape === 'file' ? String(asset.meta.kind) : content.shape })
  const alt = request.alt ?? asset.alt
  if (alt === undefined) throw altMissing({ component, page, ref })
  const isOpaquePhoto = asset.meta.hasAlpha === false && ['image/webp', 'image/avif'].includes(content.file.mediaType)
  return {
    src: await place(content.file, { widthPx, heightPx }),
    alt,
    fallbackFormat: isOpaquePhoto ? 'jpg' : undefined,
    watch: asset.watch,
    signature: asset.signature,
  }
}

/** Astro's word for a file's format. */
export function formatWord(file: AssetFile): string {
  return formatOfMediaType(file.mediaType)?.extension ?? 'png'
}

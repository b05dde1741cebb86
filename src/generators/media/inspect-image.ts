import type { MediaFacts } from '../../core/media.ts'
import { dominantColor } from './dominant-color.ts'
import { pictureError } from './picture-errors.ts'
import { readHeader } from './picture-header.ts'
import { openBytes } from './sharp.ts'
import { inspectSvg } from './svg.ts'
import { requireSvg } from './svg-facts.ts'

/** Up to here a picture is decoded as it is: shrinking costs more than reading its pixels. */
const smallPx = 256 * 256
const shrunkSidePx = 96

/**
 * Size, alpha and dominant colour of a picture from one decode, which also shows that it is whole.
 * `hasAlpha` says whether the file has an alpha channel.
 *
 * @throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE, SVG_INVALID, SVG_TOO_LARGE
 */
export async function inspectImage(bytes: Uint8Array): Promise<MediaFacts> {
  const { mediaType, widthPx, heightPx } = await readHeader(bytes)
  if (mediaType === 'image/svg+xml') return inspectSvg(requireSvg(bytes))
  const image = openBytes(bytes)
  if (widthPx * heightPx > smallPx) {
    image.resize(shrunkSidePx, shrunkSidePx, { fit: 'inside', kernel: 'linear', withoutEnlargement: true })
  }
  try {
    const { data, info } = await image
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const dominantColorHex = dominantColor(data, info.channels)
    return {
      mediaType,
      kind: 'image',
      widthPx,
      heightPx,
      hasAlpha: info.channels === 2 || info.channels === 4,
      ...(dominantColorHex && { dominantColorHex }),
    }
  } catch (error) {
    throw pictureError(error)
  }
}

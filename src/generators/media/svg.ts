import type { MediaFacts } from '../../core/media.ts'
import { dominantColor } from './dominant-color.ts'
import { pictureError } from './picture-errors.ts'
import { sanitizeSvg } from './sanitize-svg.ts'
import { openBytes } from './sharp.ts'
import { svgFacts } from './svg-facts.ts'

export { sanitizeSvg, type SanitizedSvg } from './sanitize-svg.ts'
export { svgFacts, type SvgFacts } from './svg-facts.ts'

const thumbnailSidePx = 96

/**
 * Facts of an SVG: size in whole CSS pixels, and the dominant colour of a small rendering.
 * @throws SVG_INVALID, SVG_TOO_LARGE, PICTURE_UNREADABLE when no renderer can draw it
 */
export async function inspectSvg(text: string): Promise<MediaFacts> {
  const { widthPx, heightPx } = svgFacts(text)
  const density = Math.max(1, Math.min(72, (72 * thumbnailSidePx) / Math.max(widthPx, heightPx)))
  try {
    const { data, info } = await openBytes(new TextEncoder().encode(sanitizeSvg(text).svg), { density })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const dominantColorHex = dominantColor(data, info.channels)
    return {
      mediaType: 'image/svg+xml',
      kind: 'image',
      widthPx: Math.max(1, Math.round(widthPx)),
      heightPx: Math.max(1, Math.round(heightPx)),
      hasAlpha: true,
      ...(dominantColorHex && { dominantColorHex }),
    }
  } catch (error) {
    throw pictureError(error)
  }
}

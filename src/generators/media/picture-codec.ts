import type { Sharp } from 'sharp'
import type { MediaBytes, Picture } from '../../core/media.ts'
import type { Encoding } from '../../core/ports.ts'
import { applyEncoding, mediaTypeOf, requirePictureFormat } from './encoding.ts'
import { pictureError } from './picture-errors.ts'
import { readHeader } from './picture-header.ts'
import { sanitizeSvg } from './sanitize-svg.ts'
import { openBytes, openPixels } from './sharp.ts'
import { requireSvg } from './svg-facts.ts'

/**
 * Decode any picture to straight-alpha RGBA: 8 bits, sRGB, upright by its EXIF orientation. Of an animation the first
 * frame; of an SVG its natural size, after cleaning.
 *
 * @throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE, SVG_INVALID, SVG_TOO_LARGE
 */
export async function decodePicture(bytes: Uint8Array): Promise<Picture> {
  const { mediaType } = await readHeader(bytes)
  const source = mediaType === 'image/svg+xml' ? new TextEncoder().encode(sanitizeSvg(requireSvg(bytes)).svg) : bytes
  return pixelsOf(() => openBytes(source).autoOrient())
}

/** Straight-alpha sRGB pixels of what sharp makes. @throws PICTURE_UNREADABLE */
export async function pixelsOf(open: () => Sharp): Promise<Picture> {
  try {
    const { data, info } = await open()
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return { pixels: data, widthPx: info.width, heightPx: info.height }
  } catch (error) {
    throw pictureError(error)
  }
}

/**
 * Encode pixels; the same picture and encoding give the same bytes with the same sharp and libvips.
 * @throws FORMAT_UNKNOWN, OPTION_INVALID
 */
export async function encodePicture(picture: Picture, encoding: Encoding): Promise<MediaBytes> {
  const image = applyEncoding(openPixels(picture), encoding)
  const bytes = await image.toBuffer().catch((error: unknown) => {
    throw pictureError(error)
  })
  return { bytes, mediaType: mediaTypeOf[requirePictureFormat(encoding.format)] }
}

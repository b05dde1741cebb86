import type { Sharp } from 'sharp'
import { parseColor } from '../../core/color.ts'
import { defineError } from '../../core/errors.ts'
import type { MediaBytes } from '../../core/media.ts'
import type { Fit, Position, TransformOptions } from '../../core/transform.ts'
import { applyEncoding, mediaTypeOf, resolveEncoding } from '../media/encoding.ts'
import { pictureError, pictureTooLarge } from '../media/picture-errors.ts'
import { readHeader, type PictureHeader } from '../media/picture-header.ts'
import { sanitizeSvg } from '../media/sanitize-svg.ts'
import { maxPixels, openBytes } from '../media/sharp.ts'
import { requireSvg } from '../media/svg-facts.ts'
import { targetSize, turned, type Size } from './target-size.ts'

export { toolVersions } from '../media/sharp.ts'
export { transformVersion } from './transform-version.ts'

const animated = defineError('TRANSFORM_ANIMATED', {
  summary: 'A transform that works on still pictures only was asked of an animation.',
  message: (d: { key: string }) => `The picture is animated, and ${d.key} works on still pictures only.`,
  hint: () => 'Ask for a still format as well, such as format=png or format=jpg; it takes the first frame.',
})

/**
 * Resize, crop, turn, blur and encode in one pass. Orientation by EXIF is applied first, metadata is dropped, colours
 * become sRGB. GIF and WebP animations stay animated when the output format can hold them.
 *
 * @throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE, SVG_INVALID, SVG_TOO_LARGE, TRANSFORM_ANIMATED
 */
export async function transformPicture(
  bytes: Uint8Array,
  options: TransformOptions,
): Promise<MediaBytes & { widthPx: number; heightPx: number }> {
  const header = await readHeader(bytes)
  try {
    const image = shape(open(bytes, header, options), header, options)
    const { data, info } = await encode(image, options).toBuffer({ resolveWithObject: true })
    return {
      bytes: data,
      mediaType: mediaTypeOf[options.format],
      widthPx: info.width,
      heightPx: info.pageHeight ?? info.height,
    }
  } catch (error) {
    throw pictureError(error)
  }
}

function open(bytes: Uint8Array, header: PictureHeader, options: TransformOptions): Sharp {
  if (header.mediaType === 'image/svg+xml') {
    const density = 72 * svgScale(header, options)
    return openBytes(new TextEncoder().encode(sanitizeSvg(requireSvg(bytes)).svg), { density })
  }
  if (!keepsFrames(header, options)) return openBytes(bytes).autoOrient()
  const still =
    (options.rotate && 'rotate') || (options.blur && 'blur') || (isStrategy(options.position) && options.position)
  if (still) throw animated({ key: still })
  return openBytes(bytes, { pages: -1 })
}

const keepsFrames = ({ pages }: PictureHeader, { format, still }: TransformOptions) =>
  pages > 1 && !still && (format === 'gif' || format === 'webp')

const isStrategy = (position: Position) => position === 'attention' || position === 'entropy'

/** How much larger than its natural size a drawing must be rendered to be sharp; it has no size to exceed. */
function svgScale(header: PictureHeader, options: TransformOptions): number {
  const { widthPx, heightPx } = turned(header, options.rotate ?? 0)
  const wanted = [(options.widthPx ?? 0) / widthPx, (options.heightPx ?? 0) / heightPx].filter((scale) => scale > 0)
  const most = Math.sqrt(40_000_000 / (widthPx * heightPx))
  return wanted.length === 0 ? Math.min(1, most) : Math.min(Math.max(...wanted), most, 1000)
}

function shape(image: Sharp, header: PictureHeader, options: TransformOptions): Sharp {
  const background = rgbOf(options.background)
  if (options.rotate) image.rotate(options.rotate, { background })
  const source = turned(header, options.rotate ?? 0)
  const isVector = header.mediaType === 'image/svg+xml'
  const size = targetSize(source, isVector ? { ...options, enlarge: true } : options)
  if (size) {
    requireMakeable(source, size, header.pages)
    image.resize({
      ...(size.widthPx && { width: size.widthPx }),
      ...(size.heightPx && { height: size.heightPx }),
      fit: options.fit satisfies Fit,
      position: isStrategy(options.position) ? options.position : options.position.replace('-', ' '),
      background,
      kernel: 'lanczos3',
    })
  }
  if (options.blur) image.blur(options.blur)
  return background.alpha === 1 ? image.flatten({ background }) : image
}

/** @throws PICTURE_TOO_LARGE */
function requireMakeable(source: Size, size: Partial<Size>, pages: number): void {
  const widthPx = size.widthPx ?? Math.round((source.widthPx * size.heightPx!) / source.heightPx)
  const heightPx = size.heightPx ?? Math.round((source.heightPx * size.widthPx!) / source.widthPx)
  if (widthPx * heightPx * pages <= maxPixels) return
  throw pictureTooLarge({ what: `${widthPx} × ${heightPx} pixels once resized`, limit: `${maxPixels / 1e6} million` })
}

const rgbOf = (text: string | undefined) => {
  const { r, g, b, a } = parseColor(text ?? 'transparent')!
  return { r, g, b, alpha: a / 255 }
}

function encode(image: Sharp, { format, quality, effort }: TransformOptions): Sharp {
  const settings: Record<TransformOptions['format'], Record<string, unknown>> = {
    png: { compressionLevel: effort, ...(quality < 100 && { palette: true, quality }) },
    webp: { quality, effort },
    avif: { quality, effort },
    jpg: { quality },
    // Palettes have 1, 2, 4 or 8 bits: there is no finer step between few colours and all.
    gif: { colors: quality < 50 ? 16 : 256, effort },
  }
  return applyEncoding(image, resolveEncoding(format, settings[format]))
}

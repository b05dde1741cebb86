import { defineError } from '../../core/errors.ts'
import { formatOfExtension, type MediaFormat } from '../../core/media.ts'
import type { PictureFormat } from '../../core/transform.ts'
import type { CompressionLevel, RefineRequest } from '../../core/refinement.ts'
import { mediaTypeOf, requirePictureFormat } from './encoding.ts'

const refineUnsuitable = defineError('REFINE_UNSUITABLE', {
  summary: 'A refinement that this kind of file cannot take.',
  message: (d: { step: string; format: string; why: string }) =>
    `${d.step} cannot be done to ${d.format.toUpperCase()}: ${d.why}.`,
  hint: () =>
    'Pictures take compress, resize and convert; SVG takes optimise-svg, compress and convert; sounds take compress and convert.',
  exit: 2,
})

/** Quality of lossy pictures; below 100 a PNG gets a palette. */
const pictureQuality: Record<PictureFormat, Record<CompressionLevel, number>> = {
  jpg: { low: 88, medium: 78, high: 60 },
  webp: { low: 88, medium: 78, high: 60 },
  avif: { low: 75, medium: 60, high: 45 },
  png: { low: 100, medium: 90, high: 60 },
  gif: { low: 100, medium: 50, high: 20 },
}
const pictureEffort: Record<PictureFormat, number> = { jpg: 9, webp: 6, avif: 6, png: 9, gif: 9 }
/** Quality where nothing is said about compression: a resize or a convert is not to be seen. */
const carefulQuality: Record<PictureFormat, number> = { jpg: 90, webp: 90, avif: 75, png: 100, gif: 100 }

const bitrateKbps: Record<CompressionLevel, number> = { low: 192, medium: 128, high: 96 }
const oggQuality: Record<CompressionLevel, number> = { low: 6, medium: 4, high: 2 }

/**
 * Refine a media file.
 * @throws REFINE_UNSUITABLE, FORMAT_UNKNOWN and what decoders and encoders throw
 */
export async function refineMedia(
  bytes: Uint8Array,
  format: MediaFormat,
  request: RefineRequest,
): Promise<{ bytes: Uint8Array; format: MediaFormat }> {
  if (format.kind === 'audio') return refineSound(bytes, format, request)
  if (format.kind !== 'image')
    throw refineUnsuitable({
      step: 'A refinement',
      format: format.extension,
      why: 'it is neither a picture nor a sound',
    })
  if (format.extension === 'svg' && !request.convert) return { bytes: await refineSvg(bytes, request), format }
  if (request.optimiseSvg)
    throw refineUnsuitable({ step: 'optimise-svg', format: format.extension, why: 'it is no SVG, or becomes none' })
  return refinePicture(bytes, format, request)
}

async function refinePicture(bytes: Uint8Array, format: MediaFormat, { compress, resize, convert }: RefineRequest) {
  const target = requirePictureFormat(convert ?? format.extension)
  const { transformPicture } = await import('../transform/transform-picture.ts')
  const made = await transformPicture(bytes, {
    ...resize,
    fit: 'inside',
    position: 'center',
    enlarge: false,
    format: target,
    quality: compress ? pictureQuality[target][compress] : carefulQuality[target],
    effort: pictureEffort[target],
  })
  return { bytes: made.bytes, format: requireFormat(target, mediaTypeOf[target]) }
}

function requireFormat(extension: string, mediaType: string): MediaFormat {
  const format = formatOfExtension(extension)
  if (!format) throw refineUnsuitable({ step: 'convert', format: mediaType, why: 'assets cannot have this format' })
  return format
}

async function refineSvg(bytes: Uint8Array, { resize }: RefineRequest): Promise<Uint8Array> {
  if (resize)
    throw refineUnsuitable({
      step: 'resize',
      format: 'svg',
      why: 'a drawing has every size; convert it, or set width and height where it is used',
    })
  const [{ optimize }, { requireSvg }, { sanitizeSvg }] = await Promise.all([
    import('svgo'),
    import('./svg-facts.ts'),
    import('./sanitize-svg.ts'),
  ])
  const { data } = optimize(sanitizeSvg(requireSvg(bytes)).svg, { multipass: true, plugins: ['preset-default'] })
  return new TextEncoder().encode(data)
}

async function refineSound(
  bytes: Uint8Array,
  format: MediaFormat,
  { compress, resize, convert, optimiseSvg }: RefineRequest,
) {
  if (resize) throw refineUnsuitable({ step: 'resize', format: format.extension, why: 'a sound has no size in pixels' })
  if (optimiseSvg) throw refineUnsuitable({ step: 'optimise-svg', format: format.extension, why: 'it is no SVG' })
  const target = formatOfExtension(convert ?? format.extension)?.extension ?? convert!
  if (compress && (target === 'wav' || target === 'flac'))
    throw refineUnsuitable({ step: 'compress', format: target, why: 'it keeps every sample; convert it to mp3 or ogg' })
  const [{ decodeSound }, { encodeSound }, { resolveSoundEncoding }] = await Promise.all([
    import('./decode-sound.ts'),
    import('./encode-sound.ts'),
    import('./sound-encoding.ts'),
  ])
  const options =
    target === 'mp3'
      ? { bitrate: bitrateKbps[compress ?? 'low'] }
      : target === 'ogg'
        ? { quality: oggQuality[compress ?? 'low'] }
        : {}
  const encoding = resolveSoundEncoding(target, options)
  const made = await encodeSound(await decodeSound(bytes, format.mediaType), encoding)
  return { bytes: made.bytes, format: requireFormat(target, made.mediaType) }
}

import { extname } from 'node:path'
import { defineError } from '../../core/errors.ts'
import { isLfsPointer } from '../../core/lfs-pointer.ts'
import { formatOfExtension, mediaFormats, type MediaFacts, type MediaFormat } from '../../core/media.ts'
import { detectMediaType } from './detect-media-type.ts'

const mediaUnknown = defineError('MEDIA_UNKNOWN', {
  summary: 'The content of a file is of no type that Assetloom knows.',
  message: (d: { file: string }) => `${d.file} holds nothing that Assetloom can read as media.`,
  hint: () => `Known types: ${mediaFormats.map((format) => format.extension).join(', ')}.`,
})

const mediaEmpty = defineError('MEDIA_EMPTY', {
  summary: 'A media file has no bytes.',
  message: (d: { file: string }) => `${d.file} is empty.`,
  hint: () => 'Export or download it again.',
})

const extensionDisagrees = defineError('EXTENSION_DISAGREES', {
  summary: "A file's extension says another type than its content.",
  message: (d: { file: string; extension: string; found: string }) =>
    `${d.file} is named ${d.extension || 'without extension'}, but holds ${d.found}.`,
  hint: (d) => `Rename it to .${d.found}, or convert it.`,
})

const lfsPointer = defineError('LFS_POINTER', {
  summary: 'A file is a Git LFS pointer: its content was not fetched.',
  message: (d: { file: string }) => `${d.file} is a Git LFS pointer, not the file itself.`,
  hint: () => 'Run git lfs pull, then try again.',
})

/** A media file that was read, checked and cleaned. */
export interface ReadMedia {
  /** What is to be stored: the file's own bytes, or the cleaned ones (SVG without scripts, upright pixels, no GPS). */
  bytes: Uint8Array
  format: MediaFormat
  facts: MediaFacts
  /** What was taken out, in words. */
  stripped: string[]
}

/**
 * Read a media file as import does: type by content, the extension must agree, it decodes, it is cleaned.
 * @throws MEDIA_EMPTY, MEDIA_UNKNOWN, EXTENSION_DISAGREES, LFS_POINTER, and what the decoders throw
 */
export async function readMedia(bytes: Uint8Array, file: string): Promise<ReadMedia> {
  if (bytes.length === 0) throw mediaEmpty({ file })
  if (isLfsPointer(bytes)) throw lfsPointer({ file })
  const format = await detectMediaType(bytes)
  if (!format) throw mediaUnknown({ file })
  const extension = extname(file)
  if (formatOfExtension(extension) !== format && !isTextOf(format, extension))
    throw extensionDisagrees({ file, extension, found: format.extension })
  return inspectMedia(bytes, format)
}

/** What a provider answers is looked at before it is paid for, and again when its asset is made. */
const inspected = new WeakMap<Uint8Array, Promise<ReadMedia>>()

/** Decode, clean and measure bytes of a known format; once for the same array, which nobody changes. */
export function inspectMedia(bytes: Uint8Array, format: MediaFormat): Promise<ReadMedia> {
  let known = inspected.get(bytes)
  if (!known) inspected.set(bytes, (known = decodeAndMeasure(bytes, format)))
  return known
}

async function decodeAndMeasure(bytes: Uint8Array, format: MediaFormat): Promise<ReadMedia> {
  if (format.extension === 'svg') {
    const { sanitizeSvg, inspectSvg } = await import('./svg.ts')
    const { svg, stripped } = sanitizeSvg(new TextDecoder().decode(bytes))
    const clean = stripped.length > 0 ? new TextEncoder().encode(svg) : bytes
    return { bytes: clean, format, facts: await inspectSvg(svg), stripped }
  }
  if (format.kind === 'image') {
    const [{ inspectImage }, { dropPrivateMetadata }, { pictureError }] = await Promise.all([
      import('./inspect-image.ts'),
      import('./private-metadata.ts'),
      import('./picture-errors.ts'),
    ])
    const { bytes: clean, dropped } = await dropPrivateMetadata(bytes, format).catch((error: unknown) => {
      throw pictureError(error)
    })
    return { bytes: clean, format, facts: await inspectImage(clean), stripped: dropped }
  }
  if (format.kind === 'audio') {
    const { inspectSound } = await import('./inspect-sound.ts')
    return { bytes, format, facts: await inspectSound(bytes), stripped: [] }
  }
  return { bytes, format, facts: { mediaType: format.mediaType, kind: format.kind }, stripped: [] }
}

/** Text has no magic bytes: Markdown and plain text are told apart by their name alone. */
function isTextOf(found: MediaFormat, extension: string): boolean {
  const named = formatOfExtension(extension)
  return found.kind === 'text' && named?.kind === 'text' && named.extension !== 'json'
}

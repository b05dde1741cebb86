import { defineError, isAssetloomError, type AssetloomError } from '../../core/errors.ts'
import { maxPixels } from './sharp.ts'

/** Most bytes of an encoded picture that is read. */
const maxInputBytes = 64 * 1024 * 1024

export const pictureUnreadable = defineError('PICTURE_UNREADABLE', {
  summary: 'Bytes that should be a picture cannot be decoded.',
  message: (d: { why: string }) => `The picture cannot be read: ${d.why}.`,
  hint: () => 'It may be cut short or damaged. Formats are PNG, JPEG, WebP, AVIF, GIF, TIFF and SVG.',
})

export const pictureTooLarge = defineError('PICTURE_TOO_LARGE', {
  summary: 'A picture passes the limits on pixels, frames or bytes.',
  message: (d: { what: string; limit: string }) => `The picture has ${d.what}; the limit is ${d.limit}.`,
  hint: () => 'Make it smaller before importing it.',
})

/** sharp's failure in our words. */
export function pictureError(cause: unknown): AssetloomError {
  if (isAssetloomError(cause)) return cause
  const text = cause instanceof Error ? cause.message : String(cause)
  if (/pixel limit|exceeds.*limit|dimensions? (?:is|are) too large|too large/i.test(text)) {
    return pictureTooLarge({ what: 'too many pixels', limit: `${maxPixels / 1e6} million` }, { cause })
  }
  const why = text.split('\n')[0]!.replace(/^.*?: /, '').trim().replace(/\.$/, '')
  return pictureUnreadable({ why: why || 'the decoder refused it' }, { cause })
}

/** @throws PICTURE_TOO_LARGE */
export function requireReasonableSize(bytes: Uint8Array): void {
  if (bytes.length > maxInputBytes) throw pictureTooLarge({ what: `${bytes.length} bytes`, limit: '64 MiB' })
}

import type { MediaFormat } from '../../core/media.ts'

/** Containers whose metadata can be cut out without touching a pixel. */
const cutters: Record<string, (bytes: Uint8Array) => { bytes: Uint8Array; dropped: string[] }> = {
  jpg: cutJpeg,
  png: cutPng,
  webp: cutWebp,
}

/**
 * Take EXIF (with its GPS place) and XMP out of a picture. Pixels stay as they are,
 * unless EXIF says that the picture lies on its side: then it is turned upright and encoded again.
 * Colour profiles are kept.
 */
export async function dropPrivateMetadata(
  bytes: Uint8Array,
  format: MediaFormat,
): Promise<{ bytes: Uint8Array; dropped: string[] }> {
  const cut = cutters[format.extension]
  if (cut) {
    const result = cut(bytes)
    if (result.dropped.length === 0) return { bytes, dropped: [] }
    const upright = await turnUpright(bytes, format)
    return upright
      ? { bytes: upright, dropped: [...result.dropped, 'EXIF orientation (applied to the pixels)'] }
      : result
  }
  if (format.extension !== 'avif' && format.extension !== 'tiff') return { bytes, dropped: [] }
  const { openBytes } = await import('./sharp.ts')
  const { exif, xmp } = await openBytes(bytes).metadata()
  if (!exif && !xmp) return { bytes, dropped: [] }
  const encoded = await encodeAgain(bytes, format)
  return { bytes: encoded, dropped: ['EXIF and XMP metadata (encoded again)'] }
}

async function turnUpright(bytes: Uint8Array, format: MediaFormat): Promise<Uint8Array | undefined> {
  const { openBytes } = await import('./sharp.ts')
  const { orientation = 1 } = await openBytes(bytes).metadata()
  return orientation > 1 ? encodeAgain(bytes, format) : undefined
}

async function encodeAgain(bytes: Uint8Array, format: MediaFormat): Promise<Uint8Array> {
  const { openBytes } = await import('./sharp.ts')
  const image = openBytes(bytes).autoOrient().keepIccProfile()
  if (format.extension === 'jpg') return image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()
  if (format.extension === 'png') return image.png({ compressionLevel: 9 }).toBuffer()
  if (format.extension === 'webp') return image.webp({ quality: 95 }).toBuffer()
  if (format.extension === 'avif') return image.avif({ quality: 80 }).toBuffer()
  return image.tiff({ compression: 'deflate' }).toBuffer()
}

const ascii = (bytes: Uint8Array, at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length))

/** Drop APP1 (EXIF, XMP) and APP13 (IPTC) segments. @see ITU-T T.81 B.1.1.4 */
function cutJpeg(bytes: Uint8Array) {
  const dropped: string[] = []
  const kept: Uint8Array[] = [bytes.subarray(0, 2)]
  let at = 2
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!
    if (marker === 0xda || marker === 0xd9) break
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!
    const name =
      marker === 0xe1 ? (ascii(bytes, at + 4, 4) === 'Exif' ? 'EXIF' : 'XMP') : marker === 0xed ? 'IPTC' : undefined
    if (name) dropped.push(`${name} metadata`)
    else kept.push(bytes.subarray(at, at + 2 + length))
    at += 2 + length
  }
  kept.push(bytes.subarray(at))
  return { bytes: dropped.length ? concat(kept) : bytes, dropped }
}

/** Drop `eXIf` chunks and XMP in `iTXt`. @see PNG specification, third edition, 11.3 */
function cutPng(bytes: Uint8Array) {
  const dropped: string[] = []
  const kept: Uint8Array[] = [bytes.subarray(0, 8)]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 8
  while (at + 12 <= bytes.length) {
    const end = at + 12 + view.getUint32(at)
    const type = ascii(bytes, at + 4, 4)
    if (end > bytes.length) break
    if (type === 'eXIf') dropped.push('EXIF metadata')
    else if (type === 'iTXt' && ascii(bytes, at + 8, 17) === 'XML:com.adobe.xmp') dropped.push('XMP metadata')
    else kept.push(bytes.subarray(at, end))
    at = end
  }
  kept.push(bytes.subarray(at))
  return { bytes: dropped.length ? concat(kept) : bytes, dropped }
}

/** Drop `EXIF` and `XMP ` chunks and clear their flags in `VP8X`. @see RFC 9649, 2.7 */
function cutWebp(bytes: Uint8Array) {
  const dropped: string[] = []
  const kept: Uint8Array[] = [bytes.slice(0, 12)]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 12
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at + 4, true)
    const end = Math.min(bytes.length, at + 8 + length + (length & 1))
    const type = ascii(bytes, at, 4)
    if (type === 'EXIF' || type === 'XMP ') dropped.push(`${type.trim()} metadata`)
    else if (type === 'VP8X') {
      const chunk = bytes.slice(at, end)
      chunk[8] = chunk[8]! & ~0x0c
      kept.push(chunk)
    } else kept.push(bytes.subarray(at, end))
    at = end
  }
  if (dropped.length === 0) return { bytes, dropped }
  const out = concat(kept)
  new DataView(out.buffer).setUint32(4, out.length - 8, true)
  return { bytes: out, dropped }
}

function concat(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

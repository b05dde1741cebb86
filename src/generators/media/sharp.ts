import sharp, { type Sharp, type SharpOptions } from 'sharp'

/*
 * The one place that configures sharp. libvips' operation cache would keep pixels of past pictures in memory and,
 * keyed by file name, serve a replaced file stale.
 */
sharp.cache(false)

/** Most pixels of a picture, all frames together. */
export const maxPixels = 50_000_000

/** Versions of what decodes and encodes; they enter every derived key. */
export function toolVersions(): { sharp: string; libvips: string } {
  return { sharp: sharp.versions.sharp ?? 'unknown', libvips: sharp.versions.vips }
}

/** A pipeline over encoded bytes; never over a path, so that nothing else on the disk can be reached. */
export function openBytes(bytes: Uint8Array, options: SharpOptions = {}): Sharp {
  return sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true, ...options })
}

/** A pipeline over straight-alpha RGBA pixels. */
export function openPixels(picture: { pixels: Uint8Array; widthPx: number; heightPx: number }): Sharp {
  return sharp(picture.pixels, {
    limitInputPixels: maxPixels,
    raw: { width: picture.widthPx, height: picture.heightPx, channels: 4 },
  })
}

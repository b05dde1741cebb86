import pixelmatch from 'pixelmatch'
import type { Picture } from '../../core/media.ts'
import { decodePicture, encodePicture } from './picture-codec.ts'
import { resolveEncoding } from './encoding.ts'
import { maxPixels } from './sharp.ts'

/** How far apart two pictures are. Of animations the first frames are compared. */
export interface PictureComparison {
  before: PictureSize
  after: PictureSize
  /** Absent when the two side by side would be too large to compare. */
  pixels?: {
    /** Of the smallest frame that holds both, their upper left corners on each other. */
    total: number
    /** Pixels that look different, and those that only one picture has. */
    different: number
    /** `different` of `total`, 0…100, four digits. */
    percent: number
    /** Pixels of which any channel differs at all, be it unseen. */
    unequal: number
  }
  /** Differing pixels in red over the later picture, faded. */
  png?: Uint8Array
}

export interface PictureSize {
  widthPx: number
  heightPx: number
}

/** Of colour distance in YIQ, 0…1: what is less is not seen. The default of pixelmatch. */
const visibleDifference = 0.1

/**
 * Compare two pictures as they look.
 * @throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE, SVG_INVALID, SVG_TOO_LARGE
 */
export async function comparePictures(input: {
  before: Uint8Array
  after: Uint8Array
  wantsPng: boolean
}): Promise<PictureComparison> {
  const [before, after] = [await decodePicture(input.before), await decodePicture(input.after)]
  const sizes = { before: sizeOf(before), after: sizeOf(after) }
  const frame = { widthPx: Math.max(before.widthPx, after.widthPx), heightPx: Math.max(before.heightPx, after.heightPx) }
  const total = frame.widthPx * frame.heightPx
  if (total > maxPixels) return sizes
  const shared = { widthPx: Math.min(before.widthPx, after.widthPx), heightPx: Math.min(before.heightPx, after.heightPx) }
  // What only one picture has must differ, be it transparent: black stands against white there.
  const [a, b] = [inFrame(before, shared, frame, 0x00), inFrame(after, shared, frame, 0xff)]
  const marked = input.wantsPng ? new Uint8Array(total * 4) : undefined
  // Edges are counted, too: it is to be told what changed, not whether something would look alike smoothed otherwise.
  const options = { threshold: visibleDifference, includeAA: true }
  const different = pixelmatch(b, a, marked, frame.widthPx, frame.heightPx, options)
  const [wordsA, wordsB] = [new Uint32Array(a.buffer), new Uint32Array(b.buffer)]
  let unequal = 0
  for (let at = 0; at < total; at++) if (wordsA[at] !== wordsB[at]) unequal++
  const percent = Number(((different / total) * 100).toFixed(4))
  return {
    ...sizes,
    pixels: { total, different, percent, unequal },
    ...(marked && { png: (await encodePicture({ pixels: marked, ...frame }, resolveEncoding('png'))).bytes }),
  }
}

const sizeOf = ({ widthPx, heightPx }: PictureSize): PictureSize => ({ widthPx, heightPx })

/** The upper left part of a picture in a frame that is opaque grey elsewhere. */
function inFrame({ pixels, widthPx }: Picture, part: PictureSize, frame: PictureSize, grey: number): Uint8Array {
  const framed = new Uint8Array(frame.widthPx * frame.heightPx * 4)
  if (part.widthPx < frame.widthPx || part.heightPx < frame.heightPx)
    new Uint32Array(framed.buffer).fill(new Uint32Array(Uint8Array.of(grey, grey, grey, 0xff).buffer)[0]!)
  for (let row = 0; row < part.heightPx; row++)
    framed.set(pixels.subarray(row * widthPx * 4, (row * widthPx + part.widthPx) * 4), row * frame.widthPx * 4)
  return framed
}

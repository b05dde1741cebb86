import type { Sharp } from 'sharp'
import type { Picture } from '../../../core/media.ts'
import type { Processing } from '../../../core/ports.ts'
import { pixelsOf } from '../../media/picture-codec.ts'
import { openPixels } from '../../media/sharp.ts'

/**
 * Change the picture and every variation in the same way; the chosen variation is worked once.
 * Variations follow so that a later `sprite-sheet` packs finished frames.
 */
export async function eachPicture(
  state: Processing<Picture>,
  step: (picture: Picture) => Picture | Promise<Picture>,
): Promise<Processing<Picture>> {
  const media = await step(state.media)
  if (state.variations.length <= 1) return { ...state, media, variations: [media] }
  const variations: Picture[] = []
  for (const variation of state.variations) variations.push(variation === state.media ? media : await step(variation))
  return { ...state, media, variations }
}

/** Run pixels through sharp and back; alpha is premultiplied inside and straight again after. */
export async function throughSharp(picture: Picture, shape: (image: Sharp) => Sharp): Promise<Picture> {
  return pixelsOf(() => shape(openPixels(picture)))
}

/** A transparent picture. */
export function blank(widthPx: number, heightPx: number): Picture {
  return { pixels: new Uint8Array(widthPx * heightPx * 4), widthPx, heightPx }
}

/** Copy a picture onto another at a place, replacing what is there; what lies outside is cut. */
export function paste(onto: Picture, picture: Picture, x: number, y: number): void {
  const left = Math.max(0, x)
  const right = Math.min(onto.widthPx, x + picture.widthPx)
  if (left >= right) return
  for (let row = Math.max(0, y); row < Math.min(onto.heightPx, y + picture.heightPx); row++) {
    const from = ((row - y) * picture.widthPx + (left - x)) * 4
    onto.pixels.set(picture.pixels.subarray(from, from + (right - left) * 4), (row * onto.widthPx + left) * 4)
  }
}

/** A part of a picture; it must lie inside. */
export function cut(picture: Picture, x: number, y: number, widthPx: number, heightPx: number): Picture {
  const part = blank(widthPx, heightPx)
  paste(part, picture, -x, -y)
  return part
}

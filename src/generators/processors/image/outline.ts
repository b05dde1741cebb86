import * as z from 'zod'
import { parseColor, type Rgba } from '../../../core/color.ts'
import type { Picture } from '../../../core/media.ts'
import type { ImageProcessor } from '../../../core/ports.ts'
import { color, fraction, pixels } from './amounts.ts'
import { blank, eachPicture, paste } from './picture-step.ts'

const options = z.strictObject({
  width: pixels(1, 128).default(1).describe('Of the line.'),
  color: color.default('#000000FF').describe('Of the line.'),
  threshold: fraction.default(0.5).describe('Alpha from which a pixel belongs to the subject.'),
  corners: z.enum(['round', 'square']).default('round').describe('Corners: round, or square as pixel art has them.'),
  grow: z.boolean().default(false).describe('Make room for the line on all sides; else it is cut at the edges.'),
})
type Options = z.output<typeof options>

export const outline: ImageProcessor<Options> = {
  media: 'image',
  action: 'outline',
  version: 1,
  summary: 'Draw a line around the subject, outside of it.',
  options,
  run: (state, options) => eachPicture(state, (picture) => outlinePicture(picture, options)),
}

function outlinePicture(picture: Picture, { width, color, threshold, corners, grow }: Options): Picture {
  const base = grow ? grown(picture, width) : picture
  const distance = corners === 'round' ? distancesTo(base, threshold) : boxDistancesTo(base, threshold)
  const line = parseColor(color)!
  const result = base.pixels.slice()
  for (let i = 0; i < distance.length; i++) {
    const cover = Math.max(0, Math.min(1, width + (corners === 'round' ? 0.5 : 1) - distance[i]!))
    if (cover > 0) under(result, i * 4, line, (line.a / 255) * cover)
  }
  return { ...base, pixels: result }
}

function grown(picture: Picture, by: number): Picture {
  const larger = blank(picture.widthPx + 2 * by, picture.heightPx + 2 * by)
  paste(larger, picture, by, by)
  return larger
}

/** Lay a colour below one pixel. @see T. Porter, T. Duff, Compositing digital images, 1984 */
function under(pixels: Uint8Array, at: number, { r, g, b }: Rgba, alpha: number): void {
  const above = pixels[at + 3]! / 255
  const below = alpha * (1 - above)
  const total = above + below
  if (total === 0) return
  const blended = [r, g, b].map((channel, c) => Math.round((pixels[at + c]! * above + channel * below) / total))
  pixels.set([...blended, Math.round(total * 255)], at)
}

const far = 1e9

/**
 * Euclidean distance of each pixel to the nearest one of the subject.
 * @see P. Felzenszwalb, D. Huttenlocher, Distance transforms of sampled functions, 2012
 */
function distancesTo({ pixels, widthPx, heightPx }: Picture, threshold: number): Float64Array {
  const squared = Float64Array.from({ length: widthPx * heightPx }, (_, i) =>
    isSubject(pixels, i, threshold) ? 0 : far,
  )
  for (let x = 0; x < widthPx; x++) transformLine(squared, x, widthPx, heightPx)
  for (let y = 0; y < heightPx; y++) transformLine(squared, y * widthPx, 1, widthPx)
  return squared.map(Math.sqrt)
}

const isSubject = (pixels: Uint8Array, i: number, threshold: number) =>
  pixels[i * 4 + 3]! > 0 && pixels[i * 4 + 3]! >= threshold * 255

/** Lower envelope of parabolas along one line of squared distances, in place. */
function transformLine(values: Float64Array, start: number, step: number, count: number): void {
  const source = Float64Array.from({ length: count }, (_, i) => values[start + i * step]!)
  const roots = new Int32Array(count)
  const bounds = new Float64Array(count + 1)
  let k = 0
  bounds[0] = -Infinity
  bounds[1] = Infinity
  const crossing = (q: number, r: number) => (source[q]! + q * q - (source[r]! + r * r)) / (2 * (q - r))
  for (let q = 1; q < count; q++) {
    let at = crossing(q, roots[k]!)
    while (k > 0 && at <= bounds[k]!) at = crossing(q, roots[--k]!)
    roots[++k] = q
    bounds[k] = at
    bounds[k + 1] = Infinity
  }
  k = 0
  for (let q = 0; q < count; q++) {
    while (bounds[k + 1]! < q) k++
    values[start + q * step] = (q - roots[k]!) ** 2 + source[roots[k]!]!
  }
}

/** Chessboard distance, for lines with square corners. */
function boxDistancesTo({ pixels, widthPx, heightPx }: Picture, threshold: number): Float64Array {
  const distance = Float64Array.from({ length: widthPx * heightPx }, (_, i) =>
    isSubject(pixels, i, threshold) ? 0 : far,
  )
  const relax = (x: number, y: number, neighbours: readonly (readonly [number, number])[]) => {
    const i = y * widthPx + x
    for (const [dx, dy] of neighbours) {
      const [nx, ny] = [x + dx, y + dy]
      if (nx < 0 || ny < 0 || nx >= widthPx || ny >= heightPx) continue
      distance[i] = Math.min(distance[i]!, distance[ny * widthPx + nx]! + 1)
    }
  }
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++)
      relax(x, y, [
        [-1, 0],
        [-1, -1],
        [0, -1],
        [1, -1],
      ])
  for (let y = heightPx - 1; y >= 0; y--)
    for (let x = widthPx - 1; x >= 0; x--)
      relax(x, y, [
        [1, 0],
        [1, 1],
        [0, 1],
        [-1, 1],
      ])
  return distance
}

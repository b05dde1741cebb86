import * as z from 'zod'
import { parseColor, toOklab, type Rgba } from '../../../core/color.ts'
import type { Picture } from '../../../core/media.ts'
import type { ImageProcessor } from '../../../core/ports.ts'
import { color, fraction } from './amounts.ts'
import { eachPicture } from './picture-step.ts'

const options = z.strictObject({
  color: color.optional().describe('The key; default: the commonest colour along the edges.'),
  tolerance: fraction
    .default(0.1)
    .describe('How far from the key a colour is still background, as a part of the distance from black to white.'),
  feather: fraction.default(0.05).describe('Beyond the tolerance, over which range transparency fades out.'),
  contiguous: z
    .boolean()
    .default(false)
    .describe('Only what is joined to the edges, so that the same colour inside the subject stays.'),
})
type Options = z.output<typeof options>

export const backgroundRemove: ImageProcessor<Options> = {
  media: 'image',
  action: 'background-remove',
  version: 1,
  summary: 'Make one colour transparent (colour key).',
  options,
  run: (state, options) => eachPicture(state, (picture) => removeBackground(picture, options)),
}

function removeBackground(picture: Picture, { color, tolerance, feather, contiguous }: Options): Picture {
  const key = color === undefined ? edgeColor(picture) : parseColor(color)!
  const distance = distanceFrom(key)
  const { pixels, widthPx, heightPx } = picture
  const kept = new Float32Array(widthPx * heightPx)
  for (let i = 0; i < kept.length; i++) {
    const away = distance(pixels[i * 4]!, pixels[i * 4 + 1]!, pixels[i * 4 + 2]!) - tolerance
    kept[i] = away <= 0 ? 0 : feather === 0 ? 1 : Math.min(1, away / feather)
  }
  const reached = contiguous ? joinedToEdges(kept, widthPx, heightPx) : undefined
  const result = pixels.slice()
  for (let i = 0; i < kept.length; i++) {
    const keep = reached && reached[i] === 0 ? 1 : kept[i]!
    if (keep === 1) continue
    result[i * 4 + 3] = Math.round(pixels[i * 4 + 3]! * keep)
    if (keep === 0) continue
    // Half-covered pixels hold some of the key; taking it out avoids a coloured rim.
    const clean = (channel: number, of: number) =>
      Math.max(0, Math.min(255, Math.round((channel - of * (1 - keep)) / keep)))
    result[i * 4] = clean(pixels[i * 4]!, key.r)
    result[i * 4 + 1] = clean(pixels[i * 4 + 1]!, key.g)
    result[i * 4 + 2] = clean(pixels[i * 4 + 2]!, key.b)
  }
  return { ...picture, pixels: result }
}

/** Distance in OKLab, remembered by colour: flat grounds repeat few of them. */
function distanceFrom(key: Rgba) {
  const [l, a, b] = toOklab(key)
  const known = new Map<number, number>()
  return (red: number, green: number, blue: number) => {
    const code = (red << 16) | (green << 8) | blue
    let distance = known.get(code)
    if (distance === undefined) {
      const [l2, a2, b2] = toOklab({ r: red, g: green, b: blue })
      distance = Math.hypot(l - l2, a - a2, b - b2)
      if (known.size < 100_000) known.set(code, distance)
    }
    return distance
  }
}

function edgeColor({ pixels, widthPx, heightPx }: Picture): Rgba {
  const counts = new Map<number, number>()
  let best = { count: 0, at: 0 }
  const look = (x: number, y: number) => {
    const at = (y * widthPx + x) * 4
    const cell = ((pixels[at]! >> 3) << 10) | ((pixels[at + 1]! >> 3) << 5) | (pixels[at + 2]! >> 3)
    const count = (counts.get(cell) ?? 0) + 1
    counts.set(cell, count)
    if (count > best.count) best = { count, at }
  }
  for (let x = 0; x < widthPx; x++) [0, heightPx - 1].forEach((y) => look(x, y))
  for (let y = 0; y < heightPx; y++) [0, widthPx - 1].forEach((x) => look(x, y))
  return { r: pixels[best.at]!, g: pixels[best.at + 1]!, b: pixels[best.at + 2]!, a: 255 }
}

/** 1 for each pixel that a path of not wholly kept pixels joins to an edge. */
function joinedToEdges(kept: Float32Array, width: number, height: number): Uint8Array {
  const reached = new Uint8Array(kept.length)
  const queue: number[] = []
  const visit = (i: number) => {
    if (reached[i] === 1 || kept[i] === 1) return
    reached[i] = 1
    queue.push(i)
  }
  for (let x = 0; x < width; x++) [x, (height - 1) * width + x].forEach(visit)
  for (let y = 0; y < height; y++) [y * width, y * width + width - 1].forEach(visit)
  for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
    const x = i % width
    if (x > 0) visit(i - 1)
    if (x < width - 1) visit(i + 1)
    if (i >= width) visit(i - width)
    if (i < kept.length - width) visit(i + width)
  }
  return reached
}

import * as z from 'zod'
import { parseColor, type Rgba } from '../../../core/color.ts'
import type { Picture } from '../../../core/media.ts'
import type { ImageProcessor } from '../../../core/ports.ts'
import { color, fraction, pixels } from './amounts.ts'
import { cut, eachPicture } from './picture-step.ts'

const options = z.strictObject({
  background: color.optional().describe('What counts as border; default: the left top pixel.'),
  tolerance: fraction.default(0.04).describe('How far a channel may differ and still count as border.'),
  margin: pixels(0, 4096).default(0).describe('Border that stays.'),
})
type Options = z.output<typeof options>

export const trim: ImageProcessor<Options> = {
  media: 'image',
  action: 'trim',
  version: 1,
  summary: 'Cut off a border of one colour, or a transparent one.',
  options,
  run: (state, { background, tolerance, margin }) =>
    eachPicture(state, (picture) =>
      trimPicture(picture, background === undefined ? undefined : parseColor(background)!, tolerance * 255, margin),
    ),
}

/** A picture that is border throughout stays as it is: `not_blank` tells of it. */
function trimPicture(picture: Picture, background: Rgba | undefined, most: number, margin: number): Picture {
  const { pixels, widthPx, heightPx } = picture
  const [r, g, b, a] = background
    ? [background.r, background.g, background.b, background.a]
    : (pixels.subarray(0, 4) as unknown as number[])
  const isBorder = (at: number) => {
    const alpha = pixels[at + 3]!
    // Colours under full transparency do not show.
    if (a! <= most && alpha <= most) return true
    return (
      Math.abs(alpha - a!) <= most &&
      Math.abs(pixels[at]! - r!) <= most &&
      Math.abs(pixels[at + 1]! - g!) <= most &&
      Math.abs(pixels[at + 2]! - b!) <= most
    )
  }
  let [left, top, right, bottom] = [widthPx, heightPx, -1, -1]
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      if (isBorder((y * widthPx + x) * 4)) continue
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = y
    }
  }
  if (right < 0) return picture
  const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)]
  return cut(picture, x, y, Math.min(widthPx, right + 1 + margin) - x, Math.min(heightPx, bottom + 1 + margin) - y)
}

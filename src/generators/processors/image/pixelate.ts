import * as z from 'zod'
import type { Picture } from '../../../core/media.ts'
import type { ImageProcessor } from '../../../core/ports.ts'
import { pixels } from './amounts.ts'
import { eachPicture } from './picture-step.ts'

const options = z.strictObject({
  size: pixels(2, 1024).default(8).describe('Side of a block.'),
})
type Options = z.output<typeof options>

export const pixelate: ImageProcessor<Options> = {
  media: 'image',
  action: 'pixelate',
  version: 1,
  summary: 'Show blocks of one colour each; the size of the picture stays.',
  options,
  run: (state, { size }) => eachPicture(state, (picture) => pixelatePicture(picture, size)),
}

function pixelatePicture(picture: Picture, size: number): Picture {
  const { widthPx, heightPx } = picture
  const pixels = picture.pixels.slice()
  for (let top = 0; top < heightPx; top += size) {
    for (let left = 0; left < widthPx; left += size) {
      const [right, bottom] = [Math.min(widthPx, left + size), Math.min(heightPx, top + size)]
      let [r, g, b, alpha] = [0, 0, 0, 0]
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const at = (y * widthPx + x) * 4
          const a = pixels[at + 3]!
          r += pixels[at]! * a
          g += pixels[at + 1]! * a
          b += pixels[at + 2]! * a
          alpha += a
        }
      }
      const count = (right - left) * (bottom - top)
      const mean = alpha === 0 ? [0, 0, 0, 0] : [r / alpha, g / alpha, b / alpha, alpha / count].map(Math.round)
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) pixels.set(mean, (y * widthPx + x) * 4)
    }
  }
  return { ...picture, pixels }
}

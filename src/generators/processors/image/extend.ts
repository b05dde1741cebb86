import * as z from 'zod'
import { parseColor } from '../../../core/color.ts'
import type { ImageProcessor } from '../../../core/ports.ts'
import { color, dimensions, offsetAt, pixels, place } from './amounts.ts'
import { blank, eachPicture, paste } from './picture-step.ts'

const side = pixels(0, 4096)
const options = z
  .strictObject({
    all: side.default(0).describe('On every side; single sides count on top of it.'),
    top: side.default(0).describe('Above.'),
    right: side.default(0).describe('On the right.'),
    bottom: side.default(0).describe('Below.'),
    left: side.default(0).describe('On the left.'),
    dimensions: dimensions
      .optional()
      .describe('The size afterwards; a picture that is larger in one direction keeps that side.'),
    position: place.default('center').describe('Where the picture stands in `dimensions`.'),
    background: color.default('#00000000').describe('Colour of the room.'),
  })
  .superRefine((value, context) => {
    const sides = value.all + value.top + value.right + value.bottom + value.left > 0
    if (sides === (value.dimensions !== undefined)) {
      context.addIssue({ code: 'custom', message: 'give either dimensions, or all, top, right, bottom and left' })
    }
  })
type Options = z.output<typeof options>

export const extend: ImageProcessor<Options> = {
  media: 'image',
  action: 'extend',
  version: 1,
  summary: 'Add room around the picture.',
  options,
  run: (state, { all, top, right, bottom, left, dimensions, position, background }) => {
    const { r, g, b, a } = parseColor(background)!
    return eachPicture(state, (picture) => {
      const wanted = dimensions ?? {
        widthPx: picture.widthPx + left + right + 2 * all,
        heightPx: picture.heightPx + top + bottom + 2 * all,
      }
      const size = {
        widthPx: Math.max(picture.widthPx, wanted.widthPx),
        heightPx: Math.max(picture.heightPx, wanted.heightPx),
      }
      const at = dimensions ? offsetAt(position, size, picture) : { x: left + all, y: top + all }
      const ground = blank(size.widthPx, size.heightPx)
      if (a > 0) for (let i = 0; i < ground.pixels.length; i += 4) ground.pixels.set([r, g, b, a], i)
      paste(ground, picture, at.x, at.y)
      return ground
    })
  },
}

import * as z from 'zod'
import { defineError } from '../../../core/errors.ts'
import type { Picture } from '../../../core/media.ts'
import type { ImageProcessor } from '../../../core/ports.ts'
import { dimensions, offsetAt, pixels, place, type Dimensions } from './amounts.ts'
import { cut, eachPicture } from './picture-step.ts'

const cropOutside = defineError('CROP_OUTSIDE', {
  summary: 'A `crop` step reaches outside the picture.',
  message: (d: { part: string; picture: string }) =>
    `The part to crop, ${d.part}, does not lie inside the picture of ${d.picture}.`,
  hint: () => 'Give a smaller part, or put a `resize` or `extend` step before.',
})

const options = z
  .strictObject({
    dimensions: dimensions.optional().describe('Size of the part.'),
    x: pixels(0, 16_383).optional().describe('Left of the part; default: by `position`.'),
    y: pixels(0, 16_383).optional().describe('Top of the part; default: by `position`.'),
    width: pixels(1, 16_383).optional().describe('In place of `dimensions`.'),
    height: pixels(1, 16_383).optional().describe('In place of `dimensions`.'),
    aspect: z
      .string()
      .regex(/^\d{1,4}(?:\.\d+)?:\d{1,4}(?:\.\d+)?$/, 'aspect is width:height, for example 16:9')
      .refine((text) => text.split(':').every((side) => Number(side) > 0), 'both sides of aspect must be above 0')
      .optional()
      .describe('`16:9`: the largest part of this shape.'),
    position: place.default('center').describe('Which part stays when `x` and `y` do not say.'),
  })
  .superRefine((value, context) => {
    const sides = value.width !== undefined || value.height !== undefined
    const given = [value.dimensions !== undefined, sides, value.aspect !== undefined].filter(Boolean).length
    if (given !== 1)
      context.addIssue({ code: 'custom', message: 'give one of dimensions, aspect, or width and height' })
  })
type Options = z.output<typeof options>

export const crop: ImageProcessor<Options> = {
  media: 'image',
  action: 'crop',
  version: 1,
  summary: 'Keep a part: by place and size, or the largest of an aspect.',
  options,
  run: (state, options) => eachPicture(state, (picture) => cropPicture(picture, options)),
}

function cropPicture(picture: Picture, options: Options): Picture {
  const size = sizeOf(picture, options)
  const at = offsetAt(options.position, picture, size)
  const [x, y] = [options.x ?? at.x, options.y ?? at.y]
  if (x < 0 || y < 0 || x + size.widthPx > picture.widthPx || y + size.heightPx > picture.heightPx) {
    throw cropOutside({
      part: `${size.widthPx} × ${size.heightPx} at ${x}, ${y}`,
      picture: `${picture.widthPx} × ${picture.heightPx}`,
    })
  }
  return cut(picture, x, y, size.widthPx, size.heightPx)
}

function sizeOf(picture: Picture, { dimensions, aspect, width, height }: Options): Dimensions {
  if (dimensions) return dimensions
  if (!aspect) return { widthPx: width ?? picture.widthPx, heightPx: height ?? picture.heightPx }
  const [w, h] = aspect.split(':').map(Number) as [number, number]
  const scale = Math.min(picture.widthPx / w, picture.heightPx / h)
  const side = (length: number, most: number) => Math.max(1, Math.min(most, Math.round(length * scale)))
  return { widthPx: side(w, picture.widthPx), heightPx: side(h, picture.heightPx) }
}

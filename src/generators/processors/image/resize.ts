import * as z from 'zod'
import { fits } from '../../../core/transform.ts'
import { parseColor } from '../../../core/color.ts'
import type { ImageProcessor } from '../../../core/ports.ts'
import { color, dimensions, pixels, place } from './amounts.ts'
import { eachPicture, throughSharp } from './picture-step.ts'

export const methods = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3'] as const

const options = z
  .strictObject({
    dimensions: dimensions.optional().describe('Width x height, e.g. `32x32`.'),
    width: pixels(1, 16_383).optional().describe('Alone, the height follows the aspect.'),
    height: pixels(1, 16_383).optional().describe('Alone, the width follows the aspect.'),
    fit: z
      .enum(fits)
      .default('cover')
      .describe('How the picture fills the box: `cover` crops, `contain` leaves room, `fill` distorts.'),
    position: place
      .default('center')
      .describe('What stays when `cover` crops, and where the picture stands with `contain`.'),
    method: z
      .enum([...methods, 'lanczos'])
      .default('lanczos3')
      .describe('`lanczos` is lanczos3; `nearest` keeps pixel art hard.'),
    background: color.default('#00000000').describe('Fills what `fit: contain` leaves open.'),
    enlarge: z.boolean().default(true).describe('False leaves a picture that is smaller than asked as it is.'),
  })
  .superRefine((value, context) => {
    const sides = value.width !== undefined || value.height !== undefined
    if (value.dimensions === undefined && !sides)
      context.addIssue({ code: 'custom', message: 'give dimensions, width or height' })
    if (value.dimensions !== undefined && sides)
      context.addIssue({ code: 'custom', message: 'give either dimensions or width and height' })
  })
type Options = z.output<typeof options>

export const resize: ImageProcessor<Options> = {
  media: 'image',
  action: 'resize',
  version: 1,
  summary: 'Scale to a size: the whole box, or one side with the aspect kept.',
  options,
  run: async (state, { dimensions, width, height, fit, position, method, background, enlarge }) => {
    const { r, g, b, a } = parseColor(background)!
    const [wide, high] = dimensions ? [dimensions.widthPx, dimensions.heightPx] : [width, height]
    const resized = await eachPicture(state, (picture) =>
      throughSharp(picture, (image) =>
        image.resize({
          ...(wide !== undefined && { width: wide }),
          ...(high !== undefined && { height: high }),
          fit,
          position: position.replace('-', ' '),
          kernel: method === 'lanczos' ? 'lanczos3' : method,
          background: { r, g, b, alpha: a / 255 },
          withoutEnlargement: !enlarge,
        }),
      ),
    )
    const { widthPx, heightPx } = resized.media
    return { ...resized, resizedTo: { widthPx, heightPx } }
  },
}

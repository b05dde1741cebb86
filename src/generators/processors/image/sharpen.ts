import * as z from 'zod'
import type { ImageProcessor } from '../../../core/ports.ts'
import { pixels } from './amounts.ts'
import { eachPicture, throughSharp } from './picture-step.ts'

const options = z.strictObject({
  sigma: pixels(0.5, 10, false).default(1).describe('Reach of the mask.'),
  amount: z
    .number()
    .min(0)
    .max(10)
    .default(1)
    .describe('How strongly edges are lifted; 1 is usual after scaling down.'),
})
type Options = z.output<typeof options>

export const sharpen: ImageProcessor<Options> = {
  media: 'image',
  action: 'sharpen',
  version: 1,
  summary: 'Lift edges by an unsharp mask.',
  options,
  // Flat areas are lifted half as much as edges, so that noise is not.
  run: (state, { sigma, amount }) =>
    eachPicture(state, (picture) =>
      throughSharp(picture, (image) => image.sharpen({ sigma, m1: amount / 2, m2: amount * 2, x1: 2, y2: 16, y3: 24 })),
    ),
}

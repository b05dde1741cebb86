import * as z from 'zod'
import type { ImageProcessor } from '../../../core/ports.ts'
import { pixels } from './amounts.ts'
import { eachPicture, throughSharp } from './picture-step.ts'

const options = z.strictObject({
  sigma: pixels(0.3, 200, false).default(2).describe('Standard deviation of the Gaussian.'),
})
type Options = z.output<typeof options>

export const blur: ImageProcessor<Options> = {
  media: 'image',
  action: 'blur',
  version: 1,
  summary: 'Soften by a Gaussian.',
  options,
  run: (state, { sigma }) => eachPicture(state, (picture) => throughSharp(picture, (image) => image.blur(sigma))),
}

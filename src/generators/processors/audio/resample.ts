import * as z from 'zod'
import type { AudioProcessor } from '../../../core/ports.ts'
import { resample as resampleSound } from '../../media/resample.ts'
import { quantityOption } from '../../quantity-option.ts'

const options = z.strictObject({
  rate: quantityOption('hertz', { min: 4000, max: 192_000 })
    .refine(Number.isInteger, 'a whole number of hertz')
    .describe('The new sample rate, in hertz or as `44.1 kHz`.'),
})
type Options = z.output<typeof options>

export const resample: AudioProcessor<Options> = {
  media: 'audio',
  action: 'resample',
  version: 1,
  summary: 'Change the sample rate.',
  options,
  run: async (state, { rate }) => ({ ...state, media: await resampleSound(state.media, rate) }),
}

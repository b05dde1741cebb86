import * as z from 'zod'
import type { Sound } from '../../../core/media.ts'
import type { AudioProcessor } from '../../../core/ports.ts'
import { quantityOption } from '../../quantity-option.ts'

const seconds = () => quantityOption('seconds', { min: 0, max: 600 }).default(0)

const options = z
  .strictObject({
    in: seconds().describe('Seconds until the full level is reached.'),
    out: seconds().describe('Seconds from the full level to silence.'),
    curve: z
      .enum(['cosine', 'linear'])
      .default('cosine')
      .describe('How the level moves: `cosine` begins and ends gently.'),
  })
  .refine((given) => given.in > 0 || given.out > 0, 'fade needs `in`, `out` or both, in seconds')
type Options = z.output<typeof options>

export const fade: AudioProcessor<Options> = {
  media: 'audio',
  action: 'fade',
  version: 1,
  summary: 'Fade in, out or both.',
  options,
  run: async (state, given) => ({ ...state, media: fadeSound(state.media, given) }),
}

const curves = {
  cosine: (part: number) => 0.5 - 0.5 * Math.cos(Math.PI * part),
  linear: (part: number) => part,
}

/** A fade longer than the sound spans all of it; where both overlap they multiply. The first and last sample are 0. */
function fadeSound(sound: Sound, given: { in: number; out: number; curve?: keyof typeof curves }): Sound {
  const level = curves[given.curve ?? 'cosine']
  const channels = sound.channels.map((channel) => {
    const faded = channel.slice()
    const framesOf = (length: number) => Math.min(faded.length, Math.round(length * sound.sampleRateHz))
    const inFrames = framesOf(given.in)
    const outFrames = framesOf(given.out)
    for (let i = 0; i < inFrames; i++) faded[i]! *= level(i / inFrames)
    for (let i = 0; i < outFrames; i++) faded[faded.length - 1 - i]! *= level(i / outFrames)
    return faded
  })
  return { ...sound, channels }
}

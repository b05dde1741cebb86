import * as z from 'zod'
import { defineError } from '../../../core/errors.ts'
import type { Sound } from '../../../core/media.ts'
import type { AudioProcessor } from '../../../core/ports.ts'
import { peakAmplitude } from '../../media/loudness.ts'
import { quantityOption } from '../../quantity-option.ts'
import { withGain } from './gain.ts'

const loopTooShort = defineError('LOOP_TOO_SHORT', {
  summary: 'A sound is too short for the crossfade of a `loop` step.',
  message: (d: { crossfadeSeconds: number; seconds: number }) =>
    `A crossfade of ${d.crossfadeSeconds} s needs a sound of more than twice that; it has ${d.seconds.toFixed(3)} s.`,
  hint: () => 'Give `loop` a smaller `crossfade`, or make a longer sound.',
})

const options = z.strictObject({
  crossfade: quantityOption('seconds', { min: 0.001, max: 60 })
    .default(0.25)
    .describe('Seconds at the end that are blended into the beginning; the sound gets shorter by them.'),
})
type Options = z.output<typeof options>

export const loop: AudioProcessor<Options> = {
  media: 'audio',
  action: 'loop',
  version: 1,
  summary: 'Make the end run into the beginning without a seam.',
  options,
  run: async (state, { crossfade }) => ({ ...state, media: loopSound(state.media, crossfade) }),
}

/**
 * Lay the last seconds over the first: what follows the new last sample is what followed it before.
 * @throws LOOP_TOO_SHORT when the sound is not longer than two crossfades
 */
function loopSound(sound: Sound, crossfadeSeconds: number): Sound {
  const frames = sound.channels[0]!.length
  const blend = Math.max(1, Math.round(crossfadeSeconds * sound.sampleRateHz))
  if (frames <= 2 * blend) throw loopTooShort({ crossfadeSeconds, seconds: frames / sound.sampleRateHz })
  const likeness = correlation(sound, blend)
  const channels = sound.channels.map((channel) => {
    const looped = channel.slice(0, frames - blend)
    const tail = channel.subarray(frames - blend)
    for (let i = 0; i < blend; i++) {
      const turn = (0.5 * Math.PI * i) / blend
      const [rise, fall] = [Math.sin(turn), Math.cos(turn)]
      // Keeps the power: alike signals add up as amplitudes, unlike ones as powers.
      const level = 1 / Math.sqrt(1 + 2 * likeness * rise * fall)
      looped[i] = level * (rise * looped[i]! + fall * tail[i]!)
    }
    return looped
  })
  const looped = { ...sound, channels }
  const peak = peakAmplitude(looped)
  return peak > 1 ? withGain(looped, 1 / peak) : looped
}

/** How alike head and tail are, 0 (not at all, or opposed) to 1. */
function correlation(sound: Sound, blend: number): number {
  let both = 0
  let head = 0
  let tail = 0
  for (const channel of sound.channels) {
    const offset = channel.length - blend
    for (let i = 0; i < blend; i++) {
      const [a, b] = [channel[i]!, channel[offset + i]!]
      both += a * b
      head += a * a
      tail += b * b
    }
  }
  return head === 0 || tail === 0 ? 0 : Math.max(0, both / Math.sqrt(head * tail))
}

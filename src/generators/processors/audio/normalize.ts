import * as z from 'zod'
import type { Sound } from '../../../core/media.ts'
import type { AudioProcessor } from '../../../core/ports.ts'
import { dbToAmplitude, integratedLoudnessLufs, peakAmplitude } from '../../media/loudness.ts'
import { quantityOption } from '../../quantity-option.ts'
import { withGain } from './gain.ts'

const options = z.strictObject({
  peak: quantityOption('decibels', { min: -60, max: 0 })
    .default(-1)
    .describe('The loudest sample in dBFS; with `lufs` the most it may have.'),
  lufs: quantityOption('loudness', { min: -60, max: -5 })
    .optional()
    .describe('Integrated loudness (ITU-R BS.1770-4). Sounds under 400 ms go by `peak` instead.'),
})
type Options = z.output<typeof options>

export const normalize: AudioProcessor<Options> = {
  media: 'audio',
  action: 'normalize',
  version: 1,
  summary: 'Bring the peak or the loudness to a level; never clips.',
  options,
  run: async (state, { peak, lufs }) => ({ ...state, media: normalizeSound(state.media, peak, lufs) }),
}

/** Silence stays silence. A loudness that would lift the peak over `peakDb` is reached as far as that allows. */
function normalizeSound(sound: Sound, peakDb: number, targetLufs?: number): Sound {
  const peak = peakAmplitude(sound)
  if (peak === 0) return sound
  const toPeak = dbToAmplitude(peakDb) / peak
  const loudness = targetLufs === undefined ? undefined : integratedLoudnessLufs(sound)
  if (targetLufs === undefined || loudness === undefined || loudness === -Infinity) return withGain(sound, toPeak)
  return withGain(sound, Math.min(toPeak, dbToAmplitude(targetLufs - loudness)))
}

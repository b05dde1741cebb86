import * as z from 'zod'
import type { Sound } from '../../../core/media.ts'
import type { AudioProcessor } from '../../../core/ports.ts'
import { dbToAmplitude } from '../../media/loudness.ts'
import { quantityOption } from '../../quantity-option.ts'

const options = z.strictObject({
  threshold: quantityOption('decibels', { min: -120, max: -1 })
    .default(-50)
    .describe('What is quieter counts as silence, in dBFS.'),
  keep: quantityOption('milliseconds', { min: 0, max: 10_000 })
    .default(5)
    .describe('Milliseconds that stay before the first and after the last loud sample.'),
})
type Options = z.output<typeof options>

export const trimSilence: AudioProcessor<Options> = {
  media: 'audio',
  action: 'trim_silence',
  version: 1,
  summary: 'Cut silence at the beginning and at the end.',
  options,
  run: async (state, { threshold, keep }) => ({ ...state, media: trimSilenceOf(state.media, threshold, keep) }),
}

/** A sound that is silent throughout stays as it is: `not_blank` tells of it. */
function trimSilenceOf(sound: Sound, thresholdDb: number, keepMs: number): Sound {
  const loud = dbToAmplitude(thresholdDb)
  const frames = sound.channels[0]!.length
  let first = frames
  let last = -1
  for (const channel of sound.channels) {
    const start = channel.findIndex((sample) => Math.abs(sample) >= loud)
    if (start < 0) continue
    first = Math.min(first, start)
    last = Math.max(last, channel.findLastIndex((sample) => Math.abs(sample) >= loud))
  }
  if (last < 0) return sound
  const keepFrames = Math.round((keepMs / 1000) * sound.sampleRateHz)
  const from = Math.max(0, first - keepFrames)
  const to = Math.min(frames, last + 1 + keepFrames)
  return { ...sound, channels: sound.channels.map((channel) => channel.slice(from, to)) }
}

import * as z from 'zod'
import type { Sound } from '../../../core/media.ts'
import type { AudioProcessor } from '../../../core/ports.ts'

const options = z.strictObject({})

export const mono: AudioProcessor<Record<string, never>> = {
  media: 'audio',
  action: 'mono',
  version: 1,
  summary: 'Mix all channels into one.',
  options,
  run: async (state) => ({ ...state, media: monoOf(state.media) }),
}

/** The mean of all channels, which cannot clip. */
function monoOf(sound: Sound): Sound {
  const count = sound.channels.length
  if (count === 1) return sound
  const mixed = sound.channels[0]!.map((_, i) => {
    let sum = 0
    for (const channel of sound.channels) sum += channel[i]!
    return sum / count
  })
  return { ...sound, channels: [mixed] }
}

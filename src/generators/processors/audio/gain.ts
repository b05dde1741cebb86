import type { Sound } from '../../../core/media.ts'

/** The sound times a factor. */
export function withGain(sound: Sound, factor: number): Sound {
  return { ...sound, channels: sound.channels.map((channel) => channel.map((sample) => sample * factor)) }
}

import type { Sound } from '../../core/media.ts'
import { soundDamaged, soundEmpty, soundOverLimit } from './sound-errors.ts'

/** Largest encoded sound that is decoded: 256 MiB. */
const maxSoundSizeBytes = 256 * 1024 * 1024
/** Longest sound that is decoded: 20 minutes. */
export const maxSoundSeconds = 20 * 60
/** Most channels: 7.1. */
const maxSoundChannels = 8
const minSampleRateHz = 1_000
const maxSampleRateHz = 192_000
/** Most samples of all channels together: 20 minutes of 48 kHz stereo, 461 MB as 32-bit floats. */
export const maxSoundSamples = maxSoundSeconds * 48_000 * 2

/** @throws SOUND_OVER_LIMIT */
export function checkSoundSize(sizeBytes: number): void {
  if (sizeBytes > maxSoundSizeBytes)
    throw soundOverLimit({ what: 'bytes', measured: String(sizeBytes), limit: String(maxSoundSizeBytes) })
}

/**
 * What every header must satisfy before a sample is read.
 * @throws SOUND_DAMAGED, SOUND_OVER_LIMIT
 */
export function checkSoundHeader(format: string, header: { channels: number; sampleRateHz: number }): void {
  const { channels, sampleRateHz } = header
  if (channels < 1) throw soundDamaged({ format, reason: 'it names no channel' })
  if (channels > maxSoundChannels)
    throw soundOverLimit({ what: 'channels', measured: String(channels), limit: String(maxSoundChannels) })
  if (!(sampleRateHz >= minSampleRateHz && sampleRateHz <= maxSampleRateHz))
    throw soundDamaged({
      format,
      reason: `its sample rate of ${sampleRateHz} Hz is outside ${minSampleRateHz}–${maxSampleRateHz} Hz`,
    })
}

/**
 * Whether so many frames may be decoded. Asked before memory is taken.
 * @throws SOUND_EMPTY, SOUND_OVER_LIMIT
 */
export function checkSoundLength(
  format: string,
  sound: { channels: number; sampleRateHz: number; frames: number },
): void {
  const { channels, sampleRateHz, frames } = sound
  if (frames < 1) throw soundEmpty({ format })
  const seconds = frames / sampleRateHz
  if (seconds > maxSoundSeconds)
    throw soundOverLimit({ what: 'seconds', measured: seconds.toFixed(1), limit: String(maxSoundSeconds) })
  if (frames * channels > maxSoundSamples)
    throw soundOverLimit({ what: 'samples', measured: String(frames * channels), limit: String(maxSoundSamples) })
}

/**
 * A decoded sound that keeps the promises of `Sound`: equal channels, finite samples.
 * Samples a little outside [-1, 1] stay (lossy codecs overshoot); writers clamp them.
 * @throws SOUND_DAMAGED, SOUND_EMPTY
 */
export function checkSamples(format: string, sound: Sound): Sound {
  const frames = sound.channels[0]?.length ?? 0
  if (frames === 0) throw soundEmpty({ format })
  for (const channel of sound.channels) {
    if (channel.length !== frames) throw soundDamaged({ format, reason: 'its channels differ in length' })
    for (let i = 0; i < frames; i++)
      if (!Number.isFinite(channel[i])) throw soundDamaged({ format, reason: `sample ${i} is not a number` })
  }
  return sound
}

import { decodeSound } from './decode-sound.ts'
import { integratedLoudnessLufs, peakDb } from './loudness.ts'

/** What can be heard of a sound in numbers; `null` where there is none, as the loudness of silence. */
export interface SoundMeasures {
  durationMs: number
  sampleRateHz: number
  channels: number
  /** Integrated (ITU-R BS.1770-4); `null` for silence and for sounds shorter than 400 ms. */
  loudnessLufs: number | null
  /** Highest sample in dBFS; `null` for silence. */
  peakDb: number | null
}

/** @throws what the decoders throw */
export async function measureSound(bytes: Uint8Array): Promise<SoundMeasures> {
  const sound = await decodeSound(bytes)
  const { channels, sampleRateHz } = sound
  const rounded = (value = -Infinity) => (Number.isFinite(value) ? Number(value.toFixed(2)) : null)
  return {
    durationMs: Math.round((channels[0]!.length / sampleRateHz) * 1000),
    sampleRateHz,
    channels: channels.length,
    loudnessLufs: rounded(integratedLoudnessLufs(sound)),
    peakDb: rounded(peakDb(sound)),
  }
}

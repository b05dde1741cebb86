import type { MediaFacts } from '../../core/media.ts'
import { soundFormatOf } from './decode-sound.ts'
import type { SoundFormat } from './detect-sound.ts'
import { checkSoundHeader } from './sound-limits.ts'
import { soundEmpty } from './sound-errors.ts'

/** Facts of a sound file that its headers and frames tell. */
export interface SoundFileFacts {
  channels: number
  sampleRateHz: number
  /** Samples per channel. */
  frames: number
  /** Mean, in kbit/s; for formats that state one. */
  bitrateKbps?: number
  constantBitrate?: boolean
}

const mediaTypes: Record<SoundFormat, string> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
}

const readers: Record<SoundFormat, (bytes: Uint8Array) => Promise<SoundFileFacts>> = {
  wav: async (bytes) => (await import('./wav-read.ts')).readWavHeader(bytes),
  mp3: async (bytes) => {
    const { readMp3Stream, mp3SoundSamples } = await import('./mp3-frames.ts')
    const stream = readMp3Stream(bytes)
    return { ...stream, frames: mp3SoundSamples(stream) }
  },
  ogg: async (bytes) => {
    const { readOggStream } = await import('./ogg-pages.ts')
    const stream = readOggStream(bytes)
    const bitrateKbps = (bytes.length * 8 * stream.sampleRateHz) / Math.max(1, stream.frames) / 1000
    return { ...stream, bitrateKbps: stream.nominalBitrateKbps ?? bitrateKbps }
  },
  // FLAC frames can only be found by decoding; a header alone would let a cut file pass.
  flac: async (bytes) => {
    const { decodeFlac } = await import('./flac-decode.ts')
    const sound = await decodeFlac(bytes)
    return { channels: sound.channels.length, sampleRateHz: sound.sampleRateHz, frames: sound.channels[0]!.length }
  },
}

/**
 * Read a sound file's length, rate, channels and bitrate. wav, mp3 and ogg are walked whole but not decoded.
 * @throws SOUND_UNKNOWN, SOUND_EMPTY, SOUND_TRUNCATED, SOUND_DAMAGED, SOUND_UNSUPPORTED, SOUND_OVER_LIMIT
 */
export async function readSoundFile(bytes: Uint8Array): Promise<SoundFileFacts & { format: SoundFormat }> {
  const format = soundFormatOf(bytes)
  const { channels, sampleRateHz, frames, bitrateKbps, constantBitrate } = await readers[format](bytes)
  checkSoundHeader(format, { channels, sampleRateHz })
  if (frames < 1) throw soundEmpty({ format })
  return {
    format,
    channels,
    sampleRateHz,
    frames,
    ...(bitrateKbps !== undefined && { bitrateKbps }),
    ...(constantBitrate !== undefined && { constantBitrate }),
  }
}

/**
 * The manifest's facts of a sound; `durationMs` is a whole number, ≥ 1.
 * @throws what {@link readSoundFile} throws
 */
export async function inspectSound(bytes: Uint8Array): Promise<MediaFacts> {
  const { format, channels, sampleRateHz, frames } = await readSoundFile(bytes)
  return {
    mediaType: mediaTypes[format],
    kind: 'audio',
    durationMs: Math.max(1, Math.round((frames / sampleRateHz) * 1000)),
    sampleRateHz,
    channels,
  }
}

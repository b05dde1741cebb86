import type { MediaBytes, Sound } from '../../core/media.ts'
import type { Encoding } from '../../core/ports.ts'
import { encodeBlocks } from './encode-blocks.ts'
import { resolveSoundEncoding, soundEncodingOptions, type SoundEncodingFormat } from './sound-encoding.ts'
import { soundEmpty, soundUnsupported } from './sound-errors.ts'
import { checkSamples, checkSoundHeader } from './sound-limits.ts'

/** The serial number of every Ogg stream that is written. A random one would make equal sounds differ. */
const oggSerialNumber = 1

const encoders: Record<SoundEncodingFormat, (sound: Sound, encoding: Encoding) => Promise<MediaBytes>> = {
  wav: async (sound, encoding) => {
    const { encodeWav } = await import('./wav-write.ts')
    return { bytes: await encodeWav(sound, soundEncodingOptions('wav', encoding).bits), mediaType: 'audio/wav' }
  },
  mp3: async (sound, encoding) => {
    const { encodeMp3 } = await import('./mp3-encode.ts')
    return { bytes: await encodeMp3(sound, soundEncodingOptions('mp3', encoding).bitrate), mediaType: 'audio/mpeg' }
  },
  ogg: async (sound, encoding) => {
    const { createOggEncoder } = await import('wasm-media-encoders')
    const encoder = await createOggEncoder()
    encoder.configure({
      sampleRate: sound.sampleRateHz,
      channels: sound.channels.length as 1 | 2,
      vbrQuality: soundEncodingOptions('ogg', encoding).quality,
      oggSerialNo: oggSerialNumber,
    })
    return { bytes: await encodeBlocks(encoder, sound), mediaType: 'audio/ogg' }
  },
}

/**
 * Write a sound. The same sound and encoding give the same bytes on every machine.
 * mp3 has only nine sample rates: others are resampled to the next higher one.
 *
 * @param encoding - from `resolveSoundEncoding`
 * @throws SOUND_FORMAT_UNWRITABLE, OPTION_INVALID for an unknown format or option
 * @throws SOUND_EMPTY for a sound without samples
 * @throws SOUND_UNSUPPORTED for more than two channels in mp3 and ogg
 * @throws SOUND_DAMAGED for samples that are no numbers or channels of unequal length
 */
export async function encodeSound(sound: Sound, encoding: Encoding): Promise<MediaBytes> {
  const format = resolveSoundEncoding(encoding.format, encoding.options).format as SoundEncodingFormat
  if (sound.channels.length === 0) throw soundEmpty({ format: 'sound' })
  checkSoundHeader('sound', { channels: sound.channels.length, sampleRateHz: sound.sampleRateHz })
  checkSamples('sound', sound)
  if (format !== 'wav' && sound.channels.length > 2)
    throw soundUnsupported({ format, feature: `${sound.channels.length} channels` })
  return encoders[format](sound, encoding)
}

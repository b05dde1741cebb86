import type { Sound } from '../../core/media.ts'
import { isAssetloomError } from '../../core/errors.ts'
import { breath } from './breath.ts'
import { readOggStream } from './ogg-pages.ts'
import { soundDamaged, soundUnsupported } from './sound-errors.ts'
import { checkSamples, checkSoundHeader, checkSoundLength } from './sound-limits.ts'

const format = 'ogg'

/** About two seconds of sound. */
const pagesPerBlock = 8

/**
 * Decode one Vorbis stream in Ogg.
 * @throws SOUND_DAMAGED, SOUND_TRUNCATED, SOUND_UNSUPPORTED, SOUND_EMPTY, SOUND_OVER_LIMIT
 */
export async function decodeOgg(bytes: Uint8Array): Promise<Sound> {
  const stream = readOggStream(bytes)
  if (stream.codec !== 'vorbis') throw soundUnsupported({ format, feature: 'the Opus codec' })
  checkSoundHeader(format, stream)
  checkSoundLength(format, stream)
  const { OggVorbisDecoder } = await import('@wasm-audio-decoders/ogg-vorbis')
  const decoder = new OggVorbisDecoder()
  await decoder.ready
  const channels = Array.from({ length: stream.channels }, () => new Float32Array(stream.frames))
  let filled = 0
  try {
    const take = (decoded: Awaited<ReturnType<typeof decoder.decode>>) => {
      if (decoded.errors.length > 0) throw soundDamaged({ format, reason: decoded.errors[0]!.message })
      const room = Math.min(decoded.samplesDecoded, stream.frames - filled)
      if (room === 0) return
      if (decoded.channelData.length !== channels.length)
        throw soundDamaged({ format, reason: 'its frames have other channels than its header' })
      for (const [c, channel] of channels.entries()) channel.set(decoded.channelData[c]!.subarray(0, room), filled)
      filled += room
    }
    for (let i = 0; i < stream.pageOffsets.length; i += pagesPerBlock) {
      const block = bytes.subarray(stream.pageOffsets[i], stream.pageOffsets[i + pagesPerBlock] ?? bytes.length)
      take(await decoder.decode(block))
      await breath()
    }
    take(await decoder.flush())
  } catch (error) {
    // The library throws plain errors, among them out-of-bounds writes, for streams that pass the checks above.
    if (isAssetloomError(error)) throw error
    throw soundDamaged({ format, reason: 'its Vorbis packets cannot be decoded' }, { cause: error })
  } finally {
    decoder.free()
  }
  if (filled < stream.frames)
    throw soundDamaged({ format, reason: `it promises ${stream.frames} samples and has ${filled}` })
  return checkSamples(format, { channels, sampleRateHz: stream.sampleRateHz })
}

import type { Sound } from '../../core/media.ts'
import { breath } from './breath.ts'
import { mp3DecoderDelaySamples, mp3SoundSamples, readMp3Stream } from './mp3-frames.ts'
import { quietly } from './quietly.ts'
import { soundDamaged } from './sound-errors.ts'
import { checkSamples, checkSoundHeader, checkSoundLength } from './sound-limits.ts'

const format = 'mp3'

/** About two seconds of sound. */
const framesPerBlock = 80

/**
 * Decode MPEG layer III. What the encoder is known (from its Info frame) to have added in front and behind is cut off;
 * without that note all decoded samples stay.
 * @throws SOUND_DAMAGED, SOUND_TRUNCATED, SOUND_EMPTY, SOUND_OVER_LIMIT
 */
export async function decodeMp3(bytes: Uint8Array): Promise<Sound> {
  const stream = readMp3Stream(bytes)
  const frames = stream.frameOffsets.length * stream.samplesPerFrame
  checkSoundHeader(format, stream)
  checkSoundLength(format, { ...stream, frames })
  const { MPEGDecoder } = await import('mpg123-decoder')
  // The frames are walked here and the gap is cut here, so that the decoder sees neither tags nor the Info frame.
  const decoder = new MPEGDecoder({ enableGapless: false })
  await decoder.ready
  const channels = Array.from({ length: stream.channels }, () => new Float32Array(frames))
  let filled = 0
  try {
    for (let i = 0; i < stream.frameOffsets.length; i += framesPerBlock) {
      const block = bytes.subarray(stream.frameOffsets[i], stream.frameOffsets[i + framesPerBlock] ?? stream.endOffset)
      const decoded = quietly(() => decoder.decode(block))
      if (decoded.errors.length > 0) throw soundDamaged({ format, reason: decoded.errors[0]!.message })
      const room = Math.min(decoded.samplesDecoded, frames - filled)
      for (const [c, channel] of channels.entries()) channel.set(decoded.channelData[c]!.subarray(0, room), filled)
      filled += room
      await breath()
    }
  } finally {
    decoder.free()
  }
  const start = stream.gap ? Math.min(stream.gap.delaySamples + mp3DecoderDelaySamples, filled) : 0
  const end = stream.gap ? Math.min(start + mp3SoundSamples(stream), filled) : filled
  return checkSamples(format, {
    channels: channels.map((channel) => channel.slice(start, end)),
    sampleRateHz: stream.sampleRateHz,
  })
}

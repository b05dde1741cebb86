import { isAssetloomError } from '../../core/errors.ts'
import type { Sound } from '../../core/media.ts'
import { breath } from './breath.ts'
import { quietly } from './quietly.ts'
import { skipId3 } from './mp3-frames.ts'
import { soundDamaged, soundTruncated } from './sound-errors.ts'
import { checkSamples, checkSoundHeader, checkSoundLength, maxSoundSamples, maxSoundSeconds } from './sound-limits.ts'

const format = 'flac'

export interface FlacHeader {
  channels: number
  sampleRateHz: number
  bits: number
  /** 0 when the writer did not know. */
  frames: number
  /** Where the metadata blocks end. */
  soundOffset: number
}

/**
 * Read the metadata blocks of a FLAC file.
 * @throws SOUND_DAMAGED, SOUND_TRUNCATED, SOUND_OVER_LIMIT
 * @see RFC 9639 §8
 */
function readFlacHeader(bytes: Uint8Array): FlacHeader {
  const start = skipId3(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (start + 42 > bytes.length) throw soundTruncated({ format, reason: 'it ends within its header' })
  if (view.getUint32(start) !== 0x664c6143) throw soundDamaged({ format, reason: 'it has no fLaC mark' })
  if ((bytes[start + 4]! & 0x7f) !== 0 || (view.getUint32(start + 4) & 0xffffff) !== 34)
    throw soundDamaged({ format, reason: 'its first block is no stream description' })
  const packed = view.getUint32(start + 18)
  const header = {
    sampleRateHz: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bits: ((packed >>> 4) & 31) + 1,
    frames: (packed & 15) * 2 ** 32 + view.getUint32(start + 22),
  }
  checkSoundHeader(format, header)
  let at = start + 4
  for (let last = false; !last; ) {
    if (at + 4 > bytes.length) throw soundTruncated({ format, reason: 'it ends within its metadata' })
    last = (bytes[at]! & 0x80) !== 0
    at += 4 + (view.getUint32(at) & 0xffffff)
  }
  if (at >= bytes.length) throw soundTruncated({ format, reason: 'it ends before its samples' })
  return { ...header, soundOffset: at }
}

/** Encoded bytes per block of work; keeps one block's decoding well under 100 ms. */
const bytesPerBlock = 64 * 1024

/**
 * Decode native FLAC.
 * @throws SOUND_DAMAGED, SOUND_TRUNCATED, SOUND_EMPTY, SOUND_OVER_LIMIT
 */
export async function decodeFlac(bytes: Uint8Array): Promise<Sound> {
  const header = readFlacHeader(bytes)
  if (header.frames > 0) checkSoundLength(format, header)
  const { FLACDecoder } = await import('@wasm-audio-decoders/flac')
  const decoder = new FLACDecoder()
  await decoder.ready
  const limit = Math.min(maxSoundSamples / header.channels, maxSoundSeconds * header.sampleRateHz)
  const blocks: Float32Array[][] = []
  let filled = 0
  try {
    const take = (decoded: Awaited<ReturnType<typeof decoder.decode>>) => {
      if (decoded.errors.length > 0) throw soundDamaged({ format, reason: 'a frame cannot be decoded' })
      if (decoded.samplesDecoded === 0) return
      if (decoded.channelData.length !== header.channels)
        throw soundDamaged({ format, reason: 'its frames have other channels than its header' })
      blocks.push(decoded.channelData)
      filled += decoded.samplesDecoded
      if (filled > limit) checkSoundLength(format, { ...header, frames: filled })
    }
    for (let at = skipId3(bytes); at < bytes.length; at += bytesPerBlock) {
      take(await quietly(() => decoder.decode(bytes.subarray(at, at + bytesPerBlock))))
      await breath()
    }
    take(await quietly(() => decoder.flush()))
  } catch (error) {
    if (isAssetloomError(error)) throw error
    throw soundDamaged({ format, reason: 'its frames cannot be decoded' }, { cause: error })
  } finally {
    decoder.free()
  }
  if (header.frames > 0 && filled < header.frames)
    throw soundTruncated({ format, reason: `of ${header.frames} samples only the first ${filled} can be read` })
  const frames = header.frames > 0 ? header.frames : filled
  const channels = Array.from({ length: header.channels }, (_, c) => {
    const channel = new Float32Array(frames)
    let at = 0
    for (const block of blocks) {
      const part = block[c]!.subarray(0, frames - at)
      channel.set(part, at)
      at += part.length
    }
    return channel
  })
  return checkSamples(format, { channels, sampleRateHz: header.sampleRateHz })
}

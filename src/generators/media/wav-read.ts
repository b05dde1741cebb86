import type { Sound } from '../../core/media.ts'
import { breath, framesPerBreath } from './breath.ts'
import { soundDamaged, soundEmpty, soundTruncated, soundUnsupported } from './sound-errors.ts'
import { checkSamples, checkSoundHeader, checkSoundLength } from './sound-limits.ts'

const format = 'wav'

export interface WavHeader {
  channels: number
  sampleRateHz: number
  /** Bits of a stored sample: 8, 16, 24, 32 or 64. */
  bits: number
  float: boolean
  dataOffset: number
  frames: number
}

const formatTagNames = new Map([
  [2, 'ADPCM'],
  [6, 'A-law'],
  [7, 'µ-law'],
  [17, 'IMA ADPCM'],
  [85, 'MP3 inside wav'],
])

/** The last fourteen bytes that every extensible sub-format of a plain format tag ends in. */
const subFormatTail = [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71]

/** Sizes a streaming writer leaves when it does not know the length: the data goes to the end of the file. */
const unknownSizes = new Set([0x7fffffff, 0x7fffffff - 36, 0xffffffff, 0xffffffff - 36])

/**
 * Read the chunks of a RIFF/WAVE file up to its samples.
 * @throws SOUND_DAMAGED, SOUND_TRUNCATED, SOUND_UNSUPPORTED, SOUND_EMPTY, SOUND_OVER_LIMIT
 * @see Microsoft, "Multiple Channel Audio Data and WAVE Files" for WAVE_FORMAT_EXTENSIBLE
 */
export function readWavHeader(bytes: Uint8Array): WavHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tagAt = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (bytes.length < 12) throw soundTruncated({ format, reason: 'it ends within its header' })
  if (tagAt(0) !== 'RIFF' || tagAt(8) !== 'WAVE') throw soundDamaged({ format, reason: 'it has no RIFF/WAVE header' })

  let found: Omit<WavHeader, 'dataOffset' | 'frames'> | undefined
  let at = 12
  while (at + 8 <= bytes.length) {
    const id = tagAt(at)
    const size = view.getUint32(at + 4, true)
    const start = at + 8
    if (id === 'fmt ') found = readFormatChunk(view, start, size)
    if (id === 'data') {
      if (!found) throw soundDamaged({ format, reason: 'its samples stand before their description' })
      return { ...found, dataOffset: start, frames: dataFrames(found, size, bytes.length - start) }
    }
    at = start + size + (size % 2)
  }
  throw soundTruncated({ format, reason: found ? 'it ends before its samples' : 'it ends before its description' })
}

function readFormatChunk(view: DataView, start: number, size: number) {
  if (size < 16) throw soundDamaged({ format, reason: `its description has ${size} bytes instead of 16 or more` })
  if (start + size > view.byteLength) throw soundTruncated({ format, reason: 'it ends within its description' })
  let tag = view.getUint16(start, true)
  const channels = view.getUint16(start + 2, true)
  const sampleRateHz = view.getUint32(start + 4, true)
  const blockAlign = view.getUint16(start + 12, true)
  const bits = view.getUint16(start + 14, true)
  checkSoundHeader(format, { channels, sampleRateHz })

  if (tag === 0xfffe) {
    if (size < 40) throw soundDamaged({ format, reason: 'its extensible description is too short' })
    if (!subFormatTail.every((byte, i) => view.getUint8(start + 26 + i) === byte))
      throw soundUnsupported({ format, feature: 'an unknown extensible sub-format' })
    tag = view.getUint16(start + 24, true)
  }
  const float = tag === 3
  if (tag !== 1 && !float)
    throw soundUnsupported({ format, feature: formatTagNames.get(tag) ?? `the sample format ${tag}` })
  if (!(float ? [32, 64] : [8, 16, 24, 32]).includes(bits))
    throw soundUnsupported({ format, feature: `${bits}-bit ${float ? 'floating-point' : 'integer'} samples` })
  if (blockAlign !== (channels * bits) / 8)
    throw soundDamaged({
      format,
      reason: `its frames are said to have ${blockAlign} bytes, but ${channels} × ${bits} bits are ${(channels * bits) / 8}`,
    })
  return { channels, sampleRateHz, bits, float }
}

function dataFrames(header: { channels: number; bits: number }, declared: number, present: number): number {
  const frameBytes = (header.channels * header.bits) / 8
  if (declared > present && !unknownSizes.has(declared))
    throw soundTruncated({ format, reason: `it promises ${declared} bytes of samples and has ${present}` })
  return Math.floor(Math.min(declared, present) / frameBytes)
}

/**
 * Decode integer (8, 16, 24, 32 bits) and floating-point (32, 64 bits) wav.
 * @throws SOUND_DAMAGED, SOUND_TRUNCATED, SOUND_UNSUPPORTED, SOUND_EMPTY, SOUND_OVER_LIMIT
 */
export async function decodeWav(bytes: Uint8Array): Promise<Sound> {
  const header = readWavHeader(bytes)
  if (header.frames === 0) throw soundEmpty({ format })
  checkSoundLength(format, header)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read = sampleReader(view, header)
  const channels = Array.from({ length: header.channels }, () => new Float32Array(header.frames))
  const sampleBytes = header.bits / 8
  const frameBytes = sampleBytes * header.channels
  for (let from = 0; from < header.frames; from += framesPerBreath) {
    const to = Math.min(from + framesPerBreath, header.frames)
    for (const [c, channel] of channels.entries()) {
      let at = header.dataOffset + from * frameBytes + c * sampleBytes
      for (let i = from; i < to; i++, at += frameBytes) channel[i] = read(at)
    }
    if (to < header.frames) await breath()
  }
  return checkSamples(format, { channels, sampleRateHz: header.sampleRateHz })
}

function sampleReader(view: DataView, header: WavHeader): (at: number) => number {
  if (header.float) return header.bits === 32 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true)
  switch (header.bits) {
    case 8:
      return (at) => (view.getUint8(at) - 128) / 128
    case 16:
      return (at) => view.getInt16(at, true) / 0x8000
    case 24:
      return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 0x10000) / 0x800000
    default:
      return (at) => view.getInt32(at, true) / 0x80000000
  }
}

import type { Sound } from '../../core/media.ts'
import { breath, framesPerBreath } from './breath.ts'

const textBytes = (text: string) => [...text].map((char) => char.charCodeAt(0))

/**
 * Write RIFF/WAVE: 16- or 24-bit integers, or 32-bit floats. Integers are rounded to the nearest step and clamped;
 * more than two channels and 24 bits are described by WAVE_FORMAT_EXTENSIBLE, as its specification asks.
 */
export async function encodeWav(sound: Sound, bits: 16 | 24 | 32): Promise<Uint8Array> {
  const frames = sound.channels[0]!.length
  const channelCount = sound.channels.length
  const sampleBytes = bits / 8
  const frameBytes = sampleBytes * channelCount
  const float = bits === 32
  const extensible = channelCount > 2 || bits === 24
  const formatBytes = extensible ? 40 : 16
  const dataOffset = 28 + formatBytes
  const dataBytes = frames * frameBytes
  const padding = dataBytes % 2
  const bytes = new Uint8Array(dataOffset + dataBytes + padding)
  const view = new DataView(bytes.buffer)

  bytes.set(textBytes('RIFF'), 0)
  view.setUint32(4, bytes.length - 8, true)
  bytes.set(textBytes('WAVEfmt '), 8)
  view.setUint32(16, formatBytes, true)
  const tag = float ? 3 : 1
  view.setUint16(20, extensible ? 0xfffe : tag, true)
  view.setUint16(22, channelCount, true)
  view.setUint32(24, sound.sampleRateHz, true)
  view.setUint32(28, sound.sampleRateHz * frameBytes, true)
  view.setUint16(32, frameBytes, true)
  view.setUint16(34, bits, true)
  if (extensible) {
    view.setUint16(36, 22, true)
    view.setUint16(38, bits, true)
    view.setUint32(40, channelCount === 1 ? 4 : 2 ** channelCount - 1, true)
    view.setUint16(44, tag, true)
    bytes.set([0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71], 46)
  }
  bytes.set(textBytes('data'), dataOffset - 8)
  view.setUint32(dataOffset - 4, dataBytes, true)

  const write = sampleWriter(view, bits)
  for (let from = 0; from < frames; from += framesPerBreath) {
    const to = Math.min(from + framesPerBreath, frames)
    for (const [c, channel] of sound.channels.entries()) {
      let at = dataOffset + from * frameBytes + c * sampleBytes
      for (let i = from; i < to; i++, at += frameBytes) write(at, channel[i]!)
    }
    if (to < frames) await breath()
  }
  return bytes
}

function sampleWriter(view: DataView, bits: 16 | 24 | 32): (at: number, sample: number) => void {
  if (bits === 32) return (at, sample) => view.setFloat32(at, sample, true)
  const scale = 2 ** (bits - 1)
  const step = (sample: number) => Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale)))
  if (bits === 16) return (at, sample) => view.setInt16(at, step(sample), true)
  return (at, sample) => {
    const value = step(sample)
    view.setUint16(at, value & 0xffff, true)
    view.setInt8(at + 2, value >> 16)
  }
}

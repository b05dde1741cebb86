import type { Sound } from '../../src/core/media.ts'

/** A sine on every channel. */
export function sine(
  hz: number,
  seconds: number,
  options: { amplitude?: number; channels?: number; rateHz?: number } = {},
): Sound {
  const { amplitude = 0.5, channels = 2, rateHz = 44_100 } = options
  const channel = Float32Array.from(
    { length: Math.round(seconds * rateHz) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / rateHz),
  )
  return { channels: Array.from({ length: channels }, () => channel.slice()), sampleRateHz: rateHz }
}

/** Largest difference of two sounds' first channels over their common length. */
export function largestDifference(a: Sound, b: Sound, from = 0): number {
  let largest = 0
  const [x, y] = [a.channels[0]!, b.channels[0]!]
  for (let i = from; i < Math.min(x.length, y.length); i++) largest = Math.max(largest, Math.abs(x[i]! - y[i]!))
  return largest
}

export const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length)

const crcOf = (bytes: Uint8Array, polynomial: number, bits: number) => {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << (bits - 8)
    for (let i = 0; i < 8; i++) crc = crc & (1 << (bits - 1)) ? (crc << 1) ^ polynomial : crc << 1
  }
  return crc & (2 ** bits - 1)
}

/** A real FLAC file with verbatim (0x02) 16-bit subframes of 4096 samples, its checksums right. @see RFC 9639 */
export function writeFlac(sound: Sound, claimedFrames = sound.channels[0]!.length, subframeHeader = 0x02): Uint8Array {
  const { channels, sampleRateHz } = sound
  const frames = channels[0]!.length
  const info = new Uint8Array(42)
  const view = new DataView(info.buffer)
  info.set(new TextEncoder().encode('fLaC'))
  view.setUint32(4, 0x80000022)
  view.setUint16(8, 4096)
  view.setUint16(10, 4096)
  view.setUint32(18, (sampleRateHz << 12) | ((channels.length - 1) << 9) | (15 << 4))
  view.setUint32(22, claimedFrames)
  const parts = [info]
  for (let from = 0, number = 0; from < frames; from += 4096, number++) {
    const count = Math.min(4096, frames - from)
    const rate = sampleRateHz === 44_100 ? 9 : 0
    const numberBytes = number < 128 ? [number] : [0xc0 | (number >> 6), 0x80 | (number & 63)]
    const head = [
      0xff,
      0xf8,
      0x70 | rate,
      ((channels.length - 1) << 4) | 0x08,
      ...numberBytes,
      (count - 1) >> 8,
      (count - 1) & 255,
    ]
    const body = [...head, crcOf(Uint8Array.from(head), 0x07, 8)]
    for (const channel of channels) {
      body.push(subframeHeader)
      for (let i = from; i < from + count; i++) {
        const value = Math.max(-32768, Math.min(32767, Math.round(channel[i]! * 32768)))
        body.push((value >> 8) & 255, value & 255)
      }
    }
    const crc = crcOf(Uint8Array.from(body), 0x8005, 16)
    parts.push(Uint8Array.from([...body, crc >> 8, crc & 255]))
  }
  return Buffer.concat(parts)
}

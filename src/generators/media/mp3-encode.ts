import type { Sound } from '../../core/media.ts'
import { encodeBlocks } from './encode-blocks.ts'
import { readMp3FrameHeader, readMp3Stream } from './mp3-frames.ts'
import { resample } from './resample.ts'

const mpeg1RatesHz = [32_000, 44_100, 48_000]
const mp3RatesHz = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, ...mpeg1RatesHz]

/** The rate to encode at: the sound's own where the format has it, else the next higher, at most 48 kHz. */
function mp3RateHz(sampleRateHz: number): number {
  return mp3RatesHz.find((rate) => rate >= sampleRateHz) ?? 48_000
}

/** Bitrates end earlier below 32 kHz: 160 kbit/s, and 64 below 16 kHz, where LAME goes no higher. */
function mp3BitrateKbps(asked: number, sampleRateHz: number): number {
  return Math.min(asked, sampleRateHz >= 32_000 ? 320 : sampleRateHz >= 16_000 ? 160 : 64)
}

/**
 * Encode at a constant bitrate with LAME, and put an Info frame in front that tells players how many samples the
 * encoder added, so that the decoded sound has its exact length.
 */
export async function encodeMp3(sound: Sound, bitrateKbps: number): Promise<Uint8Array> {
  const sampleRateHz = mp3RateHz(sound.sampleRateHz)
  const input = sampleRateHz === sound.sampleRateHz ? sound : await resample(sound, sampleRateHz)
  const { createMp3Encoder } = await import('wasm-media-encoders')
  const encoder = await createMp3Encoder()
  encoder.configure({
    sampleRate: sampleRateHz,
    channels: input.channels.length as 1 | 2,
    bitrate: mp3BitrateKbps(bitrateKbps, sampleRateHz) as 192,
    // At low bitrates LAME would choose a lower rate by itself.
    outputSampleRate: sampleRateHz as 44_100,
  })
  const frames = await encodeBlocks(encoder, input)
  return Buffer.concat([infoFrame(frames, input.channels[0]!.length), frames])
}

/** Samples LAME puts in front; what it adds behind follows from the number of frames. */
const lameDelaySamples = 576

/**
 * A silent frame of the stream's own kind with an "Info" tag: number of frames and bytes, and in LAME's extension delay
 * and padding. Its other fields are zero: "unknown".
 * @see the LAME project's "MP3 Info Tag rev 1" specification
 */
function infoFrame(stream: Uint8Array, soundSamples: number): Uint8Array {
  const { frameOffsets, samplesPerFrame } = readMp3Stream(stream)
  const first = readMp3FrameHeader(stream, 0)!
  const tagAt = 4 + first.sideInfoBytes
  const lameAt = tagAt + 16
  const frame = new Uint8Array(infoFrameSizeBytes(stream, lameAt + 36))
  const view = new DataView(frame.buffer)
  frame.set(infoHeader(stream, frame.length))
  frame.set(new TextEncoder().encode('Info'), tagAt)
  view.setUint32(tagAt + 4, 0b0011)
  view.setUint32(tagAt + 8, frameOffsets.length)
  view.setUint32(tagAt + 12, stream.length + frame.length)
  frame.set(new TextEncoder().encode('LAME3.100'), lameAt)
  const padding = Math.max(0, Math.min(0xfff, frameOffsets.length * samplesPerFrame - lameDelaySamples - soundSamples))
  view.setUint8(lameAt + 21, lameDelaySamples >> 4)
  view.setUint8(lameAt + 22, ((lameDelaySamples & 0xf) << 4) | (padding >> 8))
  view.setUint8(lameAt + 23, padding & 0xff)
  view.setUint32(lameAt + 28, stream.length + frame.length)
  view.setUint16(lameAt + 34, crc16(frame.subarray(0, lameAt + 34)))
  return frame
}

/** CRC-16 of LAME's tag: polynomial 0x8005, reflected, from zero. */
function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}

/** Headers like the stream's first, at every bitrate, without padding; the smallest frame that holds the tag. */
function infoHeaders(stream: Uint8Array): Uint8Array[] {
  const own = stream[2]! >> 4
  return Array.from({ length: 14 }, (_, i) => i + 1)
    .sort((a, b) => Number(b === own) - Number(a === own) || a - b)
    .map((bitrateIndex) =>
      Uint8Array.of(stream[0]!, stream[1]! | 1, (bitrateIndex << 4) | (stream[2]! & 0x0d), stream[3]!),
    )
}

function infoFrameSizeBytes(stream: Uint8Array, needed: number): number {
  const sizes = infoHeaders(stream).map((header) => readMp3FrameHeader(header, 0)!.sizeBytes)
  return sizes.find((sizeBytes) => sizeBytes >= needed)!
}

function infoHeader(stream: Uint8Array, sizeBytes: number): Uint8Array {
  return infoHeaders(stream).find((header) => readMp3FrameHeader(header, 0)!.sizeBytes === sizeBytes)!
}

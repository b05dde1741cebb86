import type { Sound } from '../../core/media.ts'
import { breath } from './breath.ts'

/** Frames handed to the encoder at once; fixed, since block bounds must not depend on anything but the sound. */
const framesPerBlock = 8192

interface BlockEncoder {
  encode(channels: readonly Float32Array[]): Uint8Array
  finalize(): Uint8Array
}

/** Feed a sound to an encoder block by block and collect what it returns. Samples are clamped to [-1, 1]. */
export async function encodeBlocks(encoder: BlockEncoder, sound: Sound): Promise<Uint8Array> {
  const frames = sound.channels[0]!.length
  const parts: Uint8Array[] = []
  for (let from = 0; from < frames; from += framesPerBlock) {
    const block = sound.channels.map((channel) => channel.subarray(from, from + framesPerBlock).map(clamp))
    // The encoder re-uses the memory of what it returns.
    parts.push(encoder.encode(block).slice())
    if (parts.length % 8 === 0) await breath()
  }
  parts.push(encoder.finalize().slice())
  return Buffer.concat(parts)
}

const clamp = (sample: number) => Math.max(-1, Math.min(1, sample))

import { isLfsPointer } from '../../core/lfs-pointer.ts'
import type { Sound } from '../../core/media.ts'
import { detectSound, type SoundFormat } from './detect-sound.ts'
import { soundUnknown } from './sound-errors.ts'
import { checkSoundSize } from './sound-limits.ts'

// Decoders are megabytes of WebAssembly: each is loaded by the first sound that needs it.
const decoders: Record<SoundFormat, (bytes: Uint8Array) => Promise<Sound>> = {
  wav: async (bytes) => (await import('./wav-read.ts')).decodeWav(bytes),
  mp3: async (bytes) => (await import('./mp3-decode.ts')).decodeMp3(bytes),
  ogg: async (bytes) => (await import('./ogg-decode.ts')).decodeOgg(bytes),
  flac: async (bytes) => (await import('./flac-decode.ts')).decodeFlac(bytes),
}

/**
 * Decode wav, mp3, ogg (Vorbis) or flac. The content decides the type, whatever it is called.
 *
 * @param mediaType - what the sender called it; only named in messages
 * @returns one Float32Array per channel, ≥ 1 frame, all finite; lossy codecs may pass ±1 a little
 * @throws SOUND_UNKNOWN, SOUND_EMPTY, SOUND_TRUNCATED, SOUND_DAMAGED, SOUND_UNSUPPORTED, SOUND_OVER_LIMIT
 */
export async function decodeSound(bytes: Uint8Array, mediaType?: string): Promise<Sound> {
  return decoders[soundFormatOf(bytes, mediaType)](bytes)
}

/** @throws SOUND_UNKNOWN, SOUND_OVER_LIMIT */
export function soundFormatOf(bytes: Uint8Array, mediaType?: string): SoundFormat {
  checkSoundSize(bytes.length)
  if (bytes.length === 0) throw soundUnknown({ found: 'there are no bytes' })
  if (isLfsPointer(bytes)) throw soundUnknown({ found: 'it is a Git LFS pointer whose content was not fetched' })
  const format = detectSound(bytes)
  if (format) return format
  const head = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  throw soundUnknown({ found: `it begins with ${head}${mediaType ? ` and is called ${mediaType.slice(0, 80)}` : ''}` })
}

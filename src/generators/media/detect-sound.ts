import { findFirstMp3Frame, readMp3FrameHeader, skipId3 } from './mp3-frames.ts'

export type SoundFormat = 'wav' | 'mp3' | 'ogg' | 'flac'

const startsWith = (bytes: Uint8Array, text: string, at = 0) =>
  bytes.length >= at + text.length && [...text].every((char, i) => bytes[at + i] === char.charCodeAt(0))

/**
 * The sound type that the first bytes tell; `undefined` for anything else. A damaged or cut file is still of its type.
 * An Ogg that carries video is none.
 */
export function detectSound(bytes: Uint8Array): SoundFormat | undefined {
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WAVE', 8)) return 'wav'
  if (startsWith(bytes, 'OggS')) return isOggVideo(bytes) ? undefined : 'ogg'
  const afterTags = skipId3(bytes)
  if (startsWith(bytes, 'fLaC', afterTags)) return 'flac'
  if (afterTags > 0 && afterTags >= bytes.length) return 'mp3'
  if (findFirstMp3Frame(bytes) === afterTags) return 'mp3'
  if (afterTags > 0 && findFirstMp3Frame(bytes) >= 0) return 'mp3'
  // Cut within its first frame: too short to have been seen twice.
  const header = readMp3FrameHeader(bytes, afterTags)
  return header && afterTags + header.sizeBytes > bytes.length ? 'mp3' : undefined
}

const videoHeads = ['\x80theora', '\x01video', 'BBCD\0']

function isOggVideo(bytes: Uint8Array): boolean {
  const bodyAt = 27 + (bytes[26] ?? 0)
  return videoHeads.some((head) => startsWith(bytes, head, bodyAt))
}

import { soundDamaged, soundEmpty, soundTruncated } from './sound-errors.ts'

const format = 'mp3'

/** What one MPEG audio frame header says. */
export interface Mp3FrameHeader {
  /** 1, 2 or 2.5. */
  version: 1 | 2 | 2.5
  sampleRateHz: number
  channels: 1 | 2
  bitrateKbps: number
  sizeBytes: number
  /** 1152 in MPEG-1, 576 in MPEG-2 and 2.5. */
  samples: number
  /** Bytes of side information between the header (with its CRC) and the main data. */
  sideInfoBytes: number
  hasCrc: boolean
}

/** The encoder's note on how many samples it added, from an Info/Xing frame with a LAME tag. */
export interface Mp3Gap {
  delaySamples: number
  paddingSamples: number
}

export interface Mp3Stream {
  sampleRateHz: number
  channels: 1 | 2
  /** Offset of every frame that carries sound, and the end of the last one. */
  frameOffsets: number[]
  endOffset: number
  /** Offset of the Info/Xing frame, which carries no sound. */
  infoOffset: number | undefined
  gap: Mp3Gap | undefined
  samplesPerFrame: number
  /** Mean over the frames that carry sound. */
  bitrateKbps: number
  /** True when all frames have one bitrate. */
  constantBitrate: boolean
}

const mpeg1BitratesKbps = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const mpeg2BitratesKbps = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const sampleRatesHz = { 1: [44_100, 48_000, 32_000], 2: [22_050, 24_000, 16_000], 2.5: [11_025, 12_000, 8_000] }

/** Samples that every decoder's filter bank adds in front: 528 and one. */
export const mp3DecoderDelaySamples = 529

/**
 * The MPEG audio layer III header at an offset; `undefined` when there is none.
 * Free-format frames (bitrate index 0) count as none: their size is not written.
 * @see ISO/IEC 11172-3 §2.4.1.3
 */
export function readMp3FrameHeader(bytes: Uint8Array, at: number): Mp3FrameHeader | undefined {
  if (at + 4 > bytes.length || bytes[at] !== 0xff) return undefined
  const [b1, b2, b3] = [bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!]
  if ((b1 & 0xe0) !== 0xe0 || (b1 & 0x06) !== 0x02) return undefined
  const version = ([2.5, undefined, 2, 1] as const)[(b1 >> 3) & 3]
  const rateIndex = (b2 >> 2) & 3
  const bitrateIndex = b2 >> 4
  if (version === undefined || rateIndex === 3 || bitrateIndex === 0 || bitrateIndex === 15 || (b3 & 3) === 2)
    return undefined
  const sampleRateHz = sampleRatesHz[version][rateIndex]!
  const bitrateKbps = (version === 1 ? mpeg1BitratesKbps : mpeg2BitratesKbps)[bitrateIndex]!
  const channels = b3 >> 6 === 3 ? 1 : 2
  const samples = version === 1 ? 1152 : 576
  const padding = (b2 >> 1) & 1
  return {
    version,
    sampleRateHz,
    channels,
    bitrateKbps,
    samples,
    sizeBytes: Math.floor((samples * 125 * bitrateKbps) / sampleRateHz) + padding,
    sideInfoBytes: version === 1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17,
    hasCrc: (b1 & 1) === 0,
  }
}

/** Where the sound begins after ID3v2 tags; the file's length when they promise more than there is. */
export function skipId3(bytes: Uint8Array): number {
  let at = 0
  while (at + 10 <= bytes.length && bytes[at] === 0x49 && bytes[at + 1] === 0x44 && bytes[at + 2] === 0x33) {
    const sizeBytes = [6, 7, 8, 9].reduce((size, i) => size * 128 + (bytes[at + i]! & 0x7f), 0)
    const footerBytes = bytes[at + 5]! & 0x10 ? 10 : 0
    at = Math.min(at + 10 + sizeBytes + footerBytes, bytes.length)
  }
  return at
}

/** Bytes that may stand between the tags and the first frame. */
const maxLeadInBytes = 64 * 1024

/** True when a frame is followed by another of its kind, or is the last thing in the file. */
function startsStream(bytes: Uint8Array, at: number): boolean {
  const header = readMp3FrameHeader(bytes, at)
  if (!header) return false
  const next = readMp3FrameHeader(bytes, at + header.sizeBytes)
  if (next) return isSameStream(header, next)
  return at + header.sizeBytes === bytes.length
}

function isSameStream(a: Mp3FrameHeader, b: Mp3FrameHeader): boolean {
  return a.version === b.version && a.sampleRateHz === b.sampleRateHz
}

/** Offset of the first frame, or -1. */
export function findFirstMp3Frame(bytes: Uint8Array): number {
  const start = skipId3(bytes)
  const end = Math.min(start + maxLeadInBytes, bytes.length - 4)
  for (let at = start; at <= end; at++) if (startsStream(bytes, at)) return at
  return -1
}

/**
 * Walk all frames. Tags after the last frame are left out; a frame that is cut off is an error.
 * @throws SOUND_DAMAGED, SOUND_TRUNCATED, SOUND_EMPTY
 */
export function readMp3Stream(bytes: Uint8Array): Mp3Stream {
  const first = findFirstMp3Frame(bytes)
  if (first < 0) {
    const onlyTags = skipId3(bytes) >= bytes.length
    if (onlyTags) throw soundTruncated({ format, reason: 'it ends within or right after its tags' })
    const start = readMp3FrameHeader(bytes, skipId3(bytes))
    if (start) throw soundTruncated({ format, reason: 'it ends within its first frame' })
    throw soundDamaged({ format, reason: 'it has no MPEG layer III frames' })
  }
  const head = readMp3FrameHeader(bytes, first)!
  const info = readInfoFrame(bytes, first, head)
  const frameOffsets: number[] = []
  let channels = head.channels
  let kbpsSum = 0
  let constantBitrate = true
  let at = info ? first + head.sizeBytes : first
  for (;;) {
    const header = readMp3FrameHeader(bytes, at)
    if (!header || !isSameStream(head, header)) break
    if (at + header.sizeBytes > bytes.length)
      throw soundTruncated({
        format,
        reason: `frame ${frameOffsets.length + 1} ends ${at + header.sizeBytes - bytes.length} bytes after the file`,
      })
    if (header.channels > channels) channels = header.channels
    if (frameOffsets.length > 0 && kbpsSum / frameOffsets.length !== header.bitrateKbps) constantBitrate = false
    kbpsSum += header.bitrateKbps
    frameOffsets.push(at)
    at += header.sizeBytes
  }
  if (frameOffsets.length === 0) throw soundEmpty({ format })
  checkTail(bytes, at, frameOffsets.length)
  // A file that lost whole frames is only known by what its Info frame promises.
  if (info?.frames !== undefined && frameOffsets.length < info.frames)
    throw soundTruncated({ format, reason: `it promises ${info.frames} frames and has ${frameOffsets.length}` })
  return {
    sampleRateHz: head.sampleRateHz,
    channels,
    frameOffsets,
    endOffset: at,
    infoOffset: info ? first : undefined,
    gap: info?.gap,
    samplesPerFrame: head.samples,
    bitrateKbps: kbpsSum / frameOffsets.length,
    constantBitrate,
  }
}

/** Most bytes that may follow the last frame and be no tag: padding and old players' notes. */
const maxJunkBytes = 4096

function checkTail(bytes: Uint8Array, end: number, frames: number): void {
  const rest = bytes.subarray(end)
  const starts = (text: string) => [...text].every((char, i) => rest[i] === char.charCodeAt(0))
  if (rest.length <= maxJunkBytes || ['TAG', 'APETAGEX', 'LYRICSBEGIN', 'ID3'].some(starts)) return
  if (rest.every((byte) => byte === 0)) return
  throw soundDamaged({ format, reason: `after frame ${frames} come ${rest.length} bytes that are no sound` })
}

/** The Info (constant bitrate) or Xing (variable) frame in place of a first frame. */
function readInfoFrame(bytes: Uint8Array, at: number, header: Mp3FrameHeader) {
  if (at + header.sizeBytes > bytes.length) return undefined
  const frame = bytes.subarray(at, at + header.sizeBytes)
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const tagAt = 4 + header.sideInfoBytes
  const textAt = (from: number) => String.fromCharCode(...frame.subarray(from, from + 4))
  if (!['Info', 'Xing'].includes(textAt(tagAt)) || tagAt + 8 > frame.length) return undefined
  const flags = view.getUint32(tagAt + 4)
  const frames = flags & 1 && tagAt + 12 <= frame.length ? view.getUint32(tagAt + 8) : undefined
  const lameAt = tagAt + 8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0)
  const hasGap = lameAt + 24 <= frame.length && ['LAME', 'Lavf', 'Lavc'].includes(textAt(lameAt))
  const packed = hasGap ? (frame[lameAt + 21]! << 16) | (frame[lameAt + 22]! << 8) | frame[lameAt + 23]! : 0
  const gap: Mp3Gap | undefined = hasGap ? { delaySamples: packed >> 12, paddingSamples: packed & 0xfff } : undefined
  return { frames, gap }
}

/** Samples per channel that are heard: all frames, without what the encoder is known to have added. */
export function mp3SoundSamples(stream: Mp3Stream): number {
  const decoded = stream.frameOffsets.length * stream.samplesPerFrame
  if (!stream.gap) return decoded
  return Math.max(0, decoded - stream.gap.delaySamples - stream.gap.paddingSamples)
}

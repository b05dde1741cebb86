import { soundDamaged, soundTruncated, soundUnsupported } from './sound-errors.ts'

const format = 'ogg'

export interface OggStream {
  codec: 'vorbis' | 'opus'
  channels: number
  sampleRateHz: number
  /** Samples per channel that are heard. */
  frames: number
  pageOffsets: number[]
  /** From the header of a Vorbis stream, when it names one. */
  nominalBitrateKbps: number | undefined
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  return crc >>> 0
})

/** CRC-32 of a page as if its CRC field (bytes 22–25) were zero. @see RFC 3533 §6 */
export function oggPageCrc(page: Uint8Array): number {
  let crc = 0
  for (let i = 0; i < page.length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : page[i]!
    crc = ((crc << 8) ^ crcTable[((crc >>> 24) ^ byte) & 0xff]!) >>> 0
  }
  return crc
}

const isPage = (bytes: Uint8Array, at: number) =>
  bytes[at] === 0x4f && bytes[at + 1] === 0x67 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x53

/**
 * Walk all pages of one Ogg stream and check every CRC.
 * @throws SOUND_DAMAGED, SOUND_TRUNCATED, SOUND_UNSUPPORTED
 */
export function readOggStream(bytes: Uint8Array): OggStream {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const pageOffsets: number[] = []
  let head: ReturnType<typeof readCodecHead> | undefined
  let serial: number | undefined
  let lastGranule = -1n
  let ended = false
  for (let at = 0; at < bytes.length;) {
    if (at + 27 > bytes.length) throw soundTruncated({ format, reason: 'it ends within a page header' })
    if (!isPage(bytes, at)) throw soundDamaged({ format, reason: `no page begins at byte ${at}` })
    const segments = bytes[at + 26]!
    const bodyAt = at + 27 + segments
    if (bodyAt > bytes.length) throw soundTruncated({ format, reason: 'it ends within a page header' })
    const end = bytes.subarray(at + 27, bodyAt).reduce((sum, lacing) => sum + lacing, bodyAt)
    if (end > bytes.length)
      throw soundTruncated({ format, reason: `page ${pageOffsets.length + 1} ends after the file` })
    if (oggPageCrc(bytes.subarray(at, end)) !== view.getUint32(at + 22, true))
      throw soundDamaged({ format, reason: `page ${pageOffsets.length + 1} fails its checksum` })
    if (head === undefined) head = readCodecHead(bytes.subarray(bodyAt, end))
    serial ??= view.getUint32(at + 14, true)
    if (serial !== view.getUint32(at + 14, true))
      throw soundUnsupported({ format, feature: 'several streams in one file' })
    const granule = view.getBigInt64(at + 6, true)
    if (granule >= 0n) {
      if (granule < lastGranule) throw soundDamaged({ format, reason: 'its pages go back in time' })
      lastGranule = granule
    }
    ended = (bytes[at + 5]! & 4) !== 0
    pageOffsets.push(at)
    at = end
  }
  if (!head) throw soundTruncated({ format, reason: 'it has no page' })
  if (!ended) throw soundTruncated({ format, reason: 'its last page is missing' })
  // Far above any limit; only keeps the number exact.
  const granule = lastGranule > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(lastGranule)
  return { ...head, frames: Math.max(0, granule - head.preSkip), pageOffsets }
}

/** @see Vorbis I specification §4.2.2 and RFC 7845 §5.1 */
function readCodecHead(packet: Uint8Array) {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  const text = String.fromCharCode(...packet.subarray(0, 8))
  if (text.startsWith('\x01vorbis')) {
    if (packet.length < 30) throw soundDamaged({ format, reason: 'its Vorbis header is too short' })
    const nominal = view.getInt32(20, true)
    return {
      codec: 'vorbis' as const,
      channels: packet[11]!,
      sampleRateHz: view.getUint32(12, true),
      preSkip: 0,
      nominalBitrateKbps: nominal > 0 ? nominal / 1000 : undefined,
    }
  }
  if (text === 'OpusHead') {
    if (packet.length < 19) throw soundDamaged({ format, reason: 'its Opus header is too short' })
    return {
      codec: 'opus' as const,
      channels: packet[9]!,
      sampleRateHz: 48_000,
      preSkip: view.getUint16(10, true),
      nominalBitrateKbps: undefined,
    }
  }
  throw soundUnsupported({ format, feature: 'a codec other than Vorbis' })
}

import { crc32, deflateRawSync } from 'node:zlib'

/** One entry of a zip, with every lie that a zip can tell. */
export interface RawEntry {
  name: string | Buffer
  bytes?: Uint8Array
  /** Compress with deflate. */
  deflate?: boolean
  /** Uncompressed size as the zip says it. */
  saidSize?: number
  /** POSIX mode with its file type. */
  mode?: number
  flags?: number
}

/** A zip written byte for byte, which no library has tidied. */
export function rawZip(entries: readonly RawEntry[]): Buffer {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const { name, bytes = new Uint8Array(), deflate = false, saidSize = bytes.length, mode = 0o100644, flags = 0x800 } of entries) {
    const nameBytes = Buffer.from(name)
    const data = deflate ? deflateRawSync(bytes) : Buffer.from(bytes)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(flags, 2)
    fields.writeUInt16LE(deflate ? 8 : 0, 4)
    fields.writeUInt16LE(0x21, 8)
    fields.writeUInt32LE(crc32(bytes), 10)
    fields.writeUInt32LE(data.length, 14)
    fields.writeUInt32LE(saidSize, 18)
    fields.writeUInt16LE(nameBytes.length, 22)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE((mode << 16) >>> 0, 6)
    rest.writeUInt32LE(offset, 10)
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), fields, rest, nameBytes]))
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, nameBytes, data])
    parts.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  return Buffer.concat([...parts, directory, endOf(entries.length, offset, directory.length)])
}

/** The end of a zip; what the old form has no room for stands in the one for large zips before it. */
function endOf(count: number, offset: number, sizeBytes: number): Buffer {
  const large = Buffer.alloc(76)
  large.write('PK\x06\x06', 'latin1')
  large.writeBigUInt64LE(44n, 4)
  for (const at of [24, 32]) large.writeBigUInt64LE(BigInt(count), at)
  large.writeBigUInt64LE(BigInt(sizeBytes), 40)
  large.writeBigUInt64LE(BigInt(offset), 48)
  large.write('PK\x06\x07', 56, 'latin1')
  large.writeBigUInt64LE(BigInt(offset + sizeBytes), 64)
  large.writeUInt32LE(1, 72)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  for (const at of [8, 10]) end.writeUInt16LE(Math.min(count, 0xffff), at)
  end.writeUInt32LE(sizeBytes, 12)
  end.writeUInt32LE(offset, 16)
  return count < 0xffff ? end : Buffer.concat([large, end])
}

import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Entry } from 'yauzl'
import { checkListing, requireCount, type ListedFile, type Refuse } from '../core/pack-check.ts'
import { isAssetloomError } from '../core/errors.ts'

/** The files of a pack, listed and checked; each is read when asked for. */
export interface PackFiles {
  listed: readonly ListedFile[]
  read(path: string): Promise<Uint8Array>
}

/** The earliest time that a zip can hold: packs made of the same files are the same bytes. */
const fixedTime = new Date(1980, 0, 1)

/**
 * Write a zip that is byte for byte the same for the same files, whoever writes it. Nothing is compressed: media is
 * so already, and what a compressor writes differs between its versions and between processors.
 */
export async function writePackZip(files: readonly { path: string; bytes: Uint8Array }[]): Promise<Uint8Array> {
  const { ZipFile } = await import('yazl')
  const zip = new ZipFile()
  const whole = buffer(zip.outputStream as Readable)
  for (const { path, bytes } of files)
    zip.addBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), path, {
      mtime: fixedTime,
      forceDosTimestamp: true,
      mode: 0o100644,
      compress: false,
    })
  zip.end()
  return whole
}

/**
 * Open a zip and check what it lists.
 * @throws PACK_REFUSED
 */
export async function openPackZip(bytes: Uint8Array, refuse: Refuse): Promise<PackFiles> {
  const { fromBufferPromise } = await import('yauzl')
  const told = (error: unknown) =>
    isAssetloomError(error) ? error : refuse(`the zip is damaged or unsafe: ${(error as Error).message}`)
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      strictFileNames: true,
      validateEntrySizes: true,
    })
    requireCount(zip.entryCount, refuse)
    const entries = new Map<string, Entry>()
    const listed: ListedFile[] = []
    for await (const entry of zip.eachEntry()) {
      if (!entry.canDecodeFileData()) throw refuse(`${JSON.stringify(entry.fileName)} is encrypted or oddly compressed`)
      const file = listedFile(entry)
      listed.push(file)
      entries.set(file.path, entry)
    }
    checkListing(listed, refuse)
    return {
      listed,
      async read(path) {
        try {
          return await buffer(await zip.openReadStreamPromise(entries.get(path)!))
        } catch (error) {
          throw told(error)
        }
      },
    }
  } catch (error) {
    throw told(error)
  }
}

function listedFile(entry: Entry): ListedFile {
  const isFolder = entry.fileName.endsWith('/')
  const path = isFolder ? entry.fileName.slice(0, -1) : entry.fileName
  const { uncompressedSize: size, compressedSize } = entry
  return { path, size, compressedSize, type: typeOf(entry, isFolder && size === 0) }
}

/** The file type of POSIX modes stands in the upper half of the attributes, whatever system says that it wrote them. */
function typeOf(entry: Entry, isFolder: boolean): ListedFile['type'] {
  const mode = (entry.externalFileAttributes >>> 16) & 0o170000
  if (mode === 0o120000) return 'link'
  if (isFolder) return mode === 0 || mode === 0o040000 ? 'folder' : 'other'
  return (mode === 0 || mode === 0o100000) && !entry.fileName.endsWith('/') ? 'file' : 'other'
}

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { moveFile, removeQuietly, temporaryName } from './atomic-write.ts'

/** What a blob is for: raw answers may have been paid for and are never dropped silently. */
export type BlobLayer = 'raw' | 'derived'

/** Bytes under their digest, verified on every read. Hashes are spelled `sha256:<hex>`. */
export interface Blobs {
  put(layer: BlobLayer, bytes: Uint8Array): Promise<string>
  /** The bytes, or undefined when there are none or they no longer match their digest (then they are dropped and reported). */
  get(hash: string): Uint8Array | undefined
  list(): Promise<{ hash: string; layer: BlobLayer; sizeBytes: number; storedAtMs: number }[]>
  remove(layer: BlobLayer, hash: string): Promise<void>
}

/** Loaded at the first write: a build whose derived files are all there only reads. */
const loadCacache = async () => (await import('cacache')).default

export function createBlobs(input: { folder: string; onDamage(hash: string): void; onFault(error: unknown): void }): Blobs {
  const { folder } = input
  let isWritable = true
  const indexKey = (layer: BlobLayer, hash: string) => `${layer}/${hash}`
  return {
    async put(layer, bytes) {
      const hash = contentHash(bytes)
      if (!isWritable) return hash
      try {
        writeContent(folder, hash, bytes, layer === 'raw')
        const integrity = `sha256-${Buffer.from(hash.slice('sha256:'.length), 'hex').toString('base64')}`
        await (await loadCacache()).index.insert(folder, indexKey(layer, hash), integrity, { size: bytes.length })
      } catch (error) {
        // A raw answer that cannot be kept may have cost money: its loss is no warning.
        if (layer === 'raw') throw error
        isWritable = false
        input.onFault(error)
      }
      return hash
    },
    get(hash) {
      const path = contentPath(folder, hash)
      let bytes: Uint8Array
      try {
        bytes = readFileSync(path)
      } catch {
        return undefined
      }
      if (contentHash(bytes) === hash) return bytes
      input.onDamage(hash)
      rmSync(path, { force: true })
      return undefined
    },
    async list() {
      const entries = Object.values(await (await loadCacache()).ls(folder).catch(() => ({}))) as {
        key: string
        integrity: string
        size: number
        time: number
      }[]
      return entries.map((entry) => {
        const slash = entry.key.indexOf('/')
        return {
          hash: entry.key.slice(slash + 1),
          layer: entry.key.slice(0, slash) as BlobLayer,
          sizeBytes: entry.size,
          storedAtMs: entry.time,
        }
      })
    },
    async remove(layer, hash) {
      await (await loadCacache()).rm.entry(folder, indexKey(layer, hash))
      // Equal bytes of both layers are one content file: it stays while the other layer names it.
      const other = layer === 'raw' ? 'derived' : 'raw'
      if (!(await (await loadCacache()).get.info(folder, indexKey(other, hash)))) rmSync(contentPath(folder, hash), { force: true })
    },
  }
}

/**
 * The file as cacache would place it, in one step, and written synchronously: its streams take five times as long for a
 * picture of a web page and wait for the threads that encode the next one.
 * @param isFlushed - on the disk when this returns
 */
function writeContent(folder: string, hash: string, bytes: Uint8Array, isFlushed: boolean): void {
  const path = contentPath(folder, hash)
  const temporary = join(folder, 'tmp', temporaryName())
  mkdirSync(dirname(temporary), { recursive: true })
  mkdirSync(dirname(path), { recursive: true })
  try {
    writeFileSync(temporary, bytes, { flag: 'wx', flush: isFlushed })
    moveFile(temporary, path)
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
}

/**
 * Where cacache keeps content: `content-v2/<algorithm>/<2 hex>/<2 hex>/<rest>`.
 * Read directly because one synchronous read of a small file costs a third of cacache's promised one.
 */
function contentPath(folder: string, hash: string): string {
  const hex = hash.replace(/^sha256:/, '')
  return join(folder, 'content-v2', 'sha256', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4))
}

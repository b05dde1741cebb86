import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { moveFile, removeQuietly, temporaryName, writeFailed } from './atomic-write.ts'
import { hashInTurns } from './hash-in-turns.ts'
import { createSmallBlobs } from './small-blobs.ts'

/**
 * What a blob is for: raw answers may have been paid for, and versions may stand nowhere else, so both are never dropped
 * silently.
 */
export type BlobLayer = 'raw' | 'derived' | 'version'

/** Bytes under their digest, verified on every read. Hashes are spelled `sha256:<hex>`. */
export interface Blobs {
  /** Load what writes raw blobs; for the time in which a provider is waited for. */
  ready(): Promise<void>
  put(layer: 'raw' | 'derived', bytes: Uint8Array): Promise<string>
  /**
   * Put bytes of a version, within a change of the manifest, which cannot wait. Unlike a derived blob, its loss is no warning.
   * They are on the disk once {@link flush} returns; until then only this workspace finds them.
   * @throws WRITE_FAILED
   */
  keep(hash: string, bytes: Uint8Array): void
  /** What was kept is on the disk when this returns. @throws WRITE_FAILED */
  flush(): void
  /** Whether there are bytes of a version; they are looked at when they are read. */
  isKept(hash: string): boolean
  /**
   * The bytes, or undefined when there are none or they no longer match their digest (then they are dropped and
   * reported).
   */
  get(hash: string): Uint8Array | undefined
  /** Whether a layer's own copy matches its digest; one that does not is dropped and reported. */
  verify(layer: BlobLayer, hash: string): boolean
  /**
   * Let a derived blob stand at a path too, without writing it again.
   * @returns false where that is impossible: it is no blob, the path is taken, or the file system has no hard links
   */
  link(hash: string, path: string): boolean
  list(): Promise<StoredBlob[]>
  remove(layer: BlobLayer, hash: string): Promise<void>
  /** Where a derived blob stands, or would. */
  derivedPath(hash: string): string
  /** Give the room of small blobs that were removed back to the disk. @throws WRITE_FAILED */
  compact(): void
  close(): void
}

export interface StoredBlob {
  hash: string
  layer: BlobLayer
  sizeBytes: number
  storedAtMs: number
  /** Absent: it stands in a database with others. */
  path?: string
}

/** Up to this size bytes of versions share a database: there they take half the time of a file, from 256 KiB on the same. */
const mostSmallBytes = 64 * 1024

/** Loaded when a raw blob is written or looked for; a build whose pictures are derived from files has none. */
const loadCacache = async () => (await import('cacache')).default

export function createBlobs(input: {
  folder: string
  tempFolder: string
  onDamage(hash: string): void
  /** The database of small blobs was damaged and begins anew. */
  onDatabaseDamage(error: unknown): void
  onFault(error: unknown): void
}): Blobs {
  const { folder, onFault } = input
  const small = createSmallBlobs({ folder, onDamage: input.onDatabaseDamage, onFault })
  let isWritable = true

  const verified = (hash: string, bytes: Uint8Array | undefined, drop: () => void) => {
    if (bytes === undefined || contentHash(bytes) === hash) return bytes
    input.onDamage(hash)
    try {
      drop()
    } catch {
      // In a folder that cannot be written it stays and is found again.
    }
    return undefined
  }
  const inFile = (path: string, hash: string) => verified(hash, bytesAt(path), () => rmSync(path, { force: true }))
  const copies: Record<BlobLayer, (hash: string) => Uint8Array | undefined> = {
    derived: (hash) => inFile(plainPath(folder, 'derived', hash), hash),
    raw: (hash) => inFile(rawPath(folder, hash), hash),
    version: (hash) =>
      inFile(plainPath(folder, 'version', hash), hash) ?? verified(hash, small.get(hash), () => small.remove(hash)),
  }

  return {
    async ready() {
      await loadCacache()
    },
    async put(layer, bytes) {
      const hash = await hashInTurns(bytes)
      if (layer === 'raw') {
        // A raw answer that cannot be kept may have cost money: its loss is no warning.
        await (
          await loadCacache()
        ).put(folder, rawKey(hash), Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
          algorithms: ['sha256'],
        })
        return hash
      }
      if (!isWritable) return hash
      try {
        writePlain(input, plainPath(folder, 'derived', hash), bytes)
      } catch (error) {
        isWritable = false
        input.onFault(error)
      }
      return hash
    },
    keep(hash, bytes) {
      if (bytes.length <= mostSmallBytes) return small.put(hash, bytes)
      const path = plainPath(folder, 'version', hash)
      // What a provider answered is often the asset as it is: a second name costs a tenth of writing it again.
      if (isLinked(rawPath(folder, hash), path)) return
      try {
        writePlain(input, path, bytes)
      } catch (cause) {
        throw writeFailed({ what: 'The bytes of a version', why: (cause as Error).message }, { cause })
      }
    },
    flush: small.flush,
    isKept: (hash) => small.has(hash) || existsSync(plainPath(folder, 'version', hash)),
    get: (hash) => copies.derived(hash) ?? copies.raw(hash) ?? copies.version(hash),
    verify: (layer, hash) => copies[layer](hash) !== undefined,
    link: (hash, path) => isLinked(plainPath(folder, 'derived', hash), path),
    async list() {
      const raw = Object.values(await (await loadCacache()).ls(folder).catch(() => ({}))) as {
        key: string
        size: number
        time: number
      }[]
      return [
        ...raw
          .filter(({ key }) => key.startsWith(rawKey('')))
          .map((entry) => ({
            hash: entry.key.slice(rawKey('').length),
            layer: 'raw' as const,
            sizeBytes: entry.size,
            storedAtMs: entry.time,
            path: rawPath(folder, entry.key.slice(rawKey('').length)),
          })),
        ...plainFiles(folder, 'derived'),
        ...plainFiles(folder, 'version'),
        ...small.list().map((blob) => ({ ...blob, layer: 'version' as const })),
      ]
    },
    async remove(layer, hash) {
      if (layer === 'version') small.remove(hash)
      if (layer !== 'raw') return rmSync(plainPath(folder, layer, hash), { force: true })
      await (await loadCacache()).rm.entry(folder, rawKey(hash))
      rmSync(rawPath(folder, hash), { force: true })
    },
    derivedPath: (hash) => plainPath(folder, 'derived', hash),
    compact: small.compact,
    close: small.close,
  }
}

function bytesAt(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

const hexOf = (hash: string) => hash.replace(/^sha256:/, '')
const rawKey = (hash: string) => `raw/${hash}`

/**
 * Where cacache keeps content: `content-v2/<algorithm>/<2 hex>/<2 hex>/<rest>`.
 * Read directly because one synchronous read of a small file costs a third of cacache's promised one.
 */
function rawPath(folder: string, hash: string): string {
  const hex = hexOf(hash)
  return join(folder, 'content-v2', 'sha256', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4))
}

/**
 * Derived bytes and large ones of versions stand apart, as plain files without an index: a cold build or an import writes
 * thousands, each of which would cost cacache four folders, a second file and five times as long.
 */
function plainPath(folder: string, layer: PlainLayer, hash: string): string {
  const hex = hexOf(hash)
  return join(folder, layer, hex.slice(0, 1), hex.slice(1))
}

function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch {
    return false
  }
}

type PlainLayer = Exclude<BlobLayer, 'raw'>

/** In one step: a reader sees the whole file or none. Not flushed, since it is verified on every read. */
function writePlain(folders: { tempFolder: string }, path: string, bytes: Uint8Array): void {
  const temporary = join(folders.tempFolder, temporaryName())
  const inFolder = (folder: string, work: () => void) => {
    try {
      work()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      mkdirSync(folder, { recursive: true })
      work()
    }
  }
  try {
    inFolder(folders.tempFolder, () => writeFileSync(temporary, bytes, { flag: 'wx' }))
    inFolder(dirname(path), () => moveFile(temporary, path))
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
}

function plainFiles(folder: string, layer: PlainLayer): StoredBlob[] {
  const root = join(folder, layer)
  return namesIn(root).flatMap((bucket) =>
    namesIn(join(root, bucket)).flatMap((rest) => {
      const path = join(root, bucket, rest)
      const stat = /^[0-9a-f]{63}$/.test(rest) && statSync(path, { throwIfNoEntry: false })
      return stat
        ? [
            {
              hash: `sha256:${bucket}${rest}`,
              layer,
              sizeBytes: stat.size,
              storedAtMs: stat.mtimeMs,
              path,
            },
          ]
        : []
    }),
  )
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { moveFile, removeQuietly, temporaryName } from './atomic-write.ts'
import { hashInTurns } from './hash-in-turns.ts'

/**
 * What a blob is for: raw answers may have been paid for, and versions may stand nowhere else, so both are never dropped
 * silently.
 */
export type BlobLayer = 'raw' | 'derived' | 'version'

/** Bytes under their digest, verified on every read. Hashes are spelled `sha256:<hex>`. */
export interface Blobs {
  put(layer: 'raw' | 'derived', bytes: Uint8Array): Promise<string>
  /** Put bytes of a version, within a change of the manifest, which cannot wait. Unlike a derived blob, its loss is no warning. */
  keep(hash: string, bytes: Uint8Array): void
  /** Whether there are bytes of a version; they are looked at when they are read. */
  isKept(hash: string): boolean
  /**
   * The bytes, or undefined when there are none or they no longer match their digest (then they are dropped and
   * reported).
   */
  get(hash: string): Uint8Array | undefined
  /**
   * Let a derived blob stand at a path too, without writing it again.
   * @returns false where that is impossible: it is no blob, the path is taken, or the file system has no hard links
   */
  link(hash: string, path: string): boolean
  list(): Promise<{ hash: string; layer: BlobLayer; sizeBytes: number; storedAtMs: number }[]>
  remove(layer: BlobLayer, hash: string): Promise<void>
  /** Where a blob stands, or would. */
  pathOf(layer: BlobLayer, hash: string): string
}

/** Loaded when a raw blob is written or looked for; a build whose pictures are derived from files has none. */
const loadCacache = async () => (await import('cacache')).default

export function createBlobs(input: {
  folder: string
  tempFolder: string
  onDamage(hash: string): void
  onFault(error: unknown): void
}): Blobs {
  const { folder } = input
  let isWritable = true

  const verified = (path: string, hash: string): Uint8Array | undefined => {
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
  }

  return {
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
      const path = plainPath(folder, 'version', hash)
      // What a provider answered is often the asset as it is: a second name costs a tenth of writing it again.
      if (!isLinked(rawPath(folder, hash), path)) writePlain(input, path, bytes)
    },
    isKept: (hash) => existsSync(plainPath(folder, 'version', hash)),
    get: (hash) =>
      verified(plainPath(folder, 'derived', hash), hash) ??
      verified(rawPath(folder, hash), hash) ??
      verified(plainPath(folder, 'version', hash), hash),
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
          })),
        ...plainFiles(folder, 'derived'),
        ...plainFiles(folder, 'version'),
      ]
    },
    async remove(layer, hash) {
      if (layer !== 'raw') return rmSync(plainPath(folder, layer, hash), { force: true })
      await (await loadCacache()).rm.entry(folder, rawKey(hash))
      rmSync(rawPath(folder, hash), { force: true })
    },
    pathOf: (layer, hash) => (layer === 'raw' ? rawPath(folder, hash) : plainPath(folder, layer, hash)),
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
 * Derived bytes and those of versions stand apart, as plain files without an index: a cold build or an import writes
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

function plainFiles(folder: string, layer: PlainLayer): { hash: string; layer: BlobLayer; sizeBytes: number; storedAtMs: number }[] {
  const root = join(folder, layer)
  return namesIn(root).flatMap((bucket) =>
    namesIn(join(root, bucket)).flatMap((rest) => {
      const stat = /^[0-9a-f]{63}$/.test(rest) && statSync(join(root, bucket, rest), { throwIfNoEntry: false })
      return stat
        ? [
            {
              hash: `sha256:${bucket}${rest}`,
              layer,
              sizeBytes: stat.size,
              storedAtMs: stat.mtimeMs,
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

import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { cellsOf, folderOf, isRow, readRow, type CatalogRow, type RowCells } from '../../core/catalog/row.ts'
import { rowPathRefusal } from '../../core/catalog/row-path.ts'
import { digestOf, sha256 } from '../../core/digest.ts'
import { defineError, isAssetloomError } from '../../core/errors.ts'
import { writeFileAtomic } from '../atomic-write.ts'
import { confine } from '../project-folder.ts'

const folderNotWritable = defineError('USER_FOLDER_NOT_WRITABLE', {
  summary: "An asset was to be kept in the user's own folder, which cannot be written.",
  message: (d: { folder: string; why: string }) => `Nothing can be kept in ${d.folder}: ${d.why}.`,
  hint: () => 'Make it writable, or set XDG_CONFIG_HOME to a folder that is. assetloom add <ref> --local adds to the project instead.',
  http: 500,
})

/** An asset of a catalog with its content, verified. */
export interface FetchedAsset {
  row: CatalogRow
  /** Name of the catalog. */
  catalog: string
  from: string
  /** The commit that it was read at; empty where there are none. */
  revision: string
  /** The content file first. */
  files: readonly FetchedFile[]
}

export interface FetchedFile {
  /** Relative to the folder of the asset: `reading-time.ts`. */
  path: string
  /** In the repository. */
  source: string
  bytes: Uint8Array
}

/** Of all its files: equal digests, equal asset. */
export function assetDigest(files: readonly { path: string; sha256: string }[]): string {
  return `sha256:${digestOf(files.map(({ path, sha256 }) => [path, sha256]))}`
}

/** Digest of what was fetched. */
export function fetchedDigest({ files }: FetchedAsset): string {
  return assetDigest(files.map(({ path, bytes }) => ({ path, sha256: sha256(bytes) })))
}

const recordSchema = z.object({
  catalog: z.string(),
  from: z.string(),
  revision: z.string(),
  digest: z.string(),
  cells: z.record(z.string(), z.string()),
  files: z.array(z.object({ path: z.string(), source: z.string(), sizeBytes: z.number().int(), sha256: z.string() })).min(1),
})
type AssetRecord = z.output<typeof recordSchema>

/** An asset of a catalog as it lies in a folder of the user. */
export interface KeptAsset {
  row: CatalogRow
  catalog: string
  from: string
  revision: string
  /** Of what the catalog gave. */
  digest: string
  /** The files have the digests that were recorded. */
  isIntact: boolean
  /** Absolute; the content lies below it under the ref. */
  folder: string
  /** Absolute paths, the content file first. */
  files: readonly { path: string; source: string; file: string }[]
  /** The bytes, verified; undefined unless `isIntact`. */
  read(): FetchedAsset | undefined
}

/**
 * Assets in a folder of the user: content at `<type>/<category>/`, and beside it `<name>.origin.json` with where it came
 * from and its digests. What lies there is the state; there is no list of it.
 */
export interface AssetFiles {
  find(ref: string): KeptAsset | undefined
  /** Refs of all, sorted. */
  list(): string[]
  /**
   * Write an asset, its record last: what a crash leaves is not whole, and is fetched again.
   * @param edited - the user's own bytes by path, which lie there in place of the catalog's
   * @throws USER_FOLDER_NOT_WRITABLE, PATH_OUTSIDE
   */
  put(asset: FetchedAsset, edited?: ReadonlyMap<string, Uint8Array>): KeptAsset
  /** A file where {@link put} would write other bytes than those that lie there; undefined when there is none. */
  takenBy(asset: FetchedAsset): string | undefined
  /** The absolute paths that {@link put} writes the content to. */
  placesOf(asset: FetchedAsset): string[]
}

const recordSuffix = '.origin.json'

/** @param input.of - the catalog that all of it is from, whatever that was called when it came; absent: each record says */
export function createAssetFiles(input: { folder: string; tempFolder: string; of?: { name: string; from: string } }): AssetFiles {
  const { folder, tempFolder, of } = input
  const placeIn = (ref: string, path: string) => join(folder, folderOf(ref), path)

  const find = (ref: string): KeptAsset | undefined => {
    if (rowPathRefusal(ref)) return undefined
    const record = readRecord(join(folder, `${ref}${recordSuffix}`))
    const row = record && readRow(record.cells as RowCells)
    if (!record || !row || !isRow(row) || row.ref !== ref || record.files.some(({ path }) => rowPathRefusal(path))) return undefined
    const { revision, digest } = record
    const { name: catalog, from } = of ?? { name: record.catalog, from: record.from }
    const files = record.files.map(({ path, source }) => ({ path, source, file: placeIn(ref, path) }))
    const read = (): FetchedAsset | undefined => {
      const found = record.files.map(({ path, source, sha256: wanted }): FetchedFile | undefined => {
        const bytes = bytesOf(placeIn(ref, path))
        return bytes && sha256(bytes) === wanted ? { path, source, bytes } : undefined
      })
      return found.every((one) => one !== undefined) ? { row, catalog, from, revision, files: found } : undefined
    }
    return {
      row,
      catalog,
      from,
      revision,
      digest,
      folder,
      files,
      get isIntact() {
        return read() !== undefined
      },
      read,
    }
  }

  return {
    find,
    list: () => recordsBelow(folder, '').map((path) => path.slice(0, -recordSuffix.length)),
    placesOf: ({ row, files }) => files.map(({ path }) => placeIn(row.ref, path)),
    takenBy: ({ row, files }) =>
      files
        .map(({ path, bytes }) => ({ place: placeIn(row.ref, path), bytes }))
        .find(({ place, bytes }) => {
          const there = bytesOf(place)
          return there !== undefined && sha256(there) !== sha256(bytes)
        })?.place,
    put(asset, edited) {
      const { row, catalog, from, revision, files } = asset
      const record: AssetRecord = {
        catalog,
        from,
        revision,
        digest: fetchedDigest(asset),
        cells: cellsOf(row),
        files: files.map(({ path, source, bytes }) => ({ path, source, sizeBytes: bytes.length, sha256: sha256(bytes) })),
      }
      try {
        mkdirSync(folder, { recursive: true })
        for (const { path, bytes } of files) writeFileAtomic(confine(folder, placeIn(row.ref, path)), edited?.get(path) ?? bytes, tempFolder)
        writeFileAtomic(confine(folder, join(folder, `${row.ref}${recordSuffix}`)), `${JSON.stringify(record, null, 2)}\n`, tempFolder)
      } catch (cause) {
        if (isAssetloomError(cause)) throw cause
        throw folderNotWritable({ folder, why: (cause as Error).message }, { cause })
      }
      return find(row.ref)!
    },
  }
}

function readRecord(file: string): AssetRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

function bytesOf(file: string): Uint8Array | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file) : undefined
}

function recordsBelow(folder: string, below: string): string[] {
  let names
  try {
    names = readdirSync(join(folder, below), { withFileTypes: true })
  } catch {
    return []
  }
  return names
    .flatMap((one) => {
      const path = below === '' ? one.name : `${below}/${one.name}`
      if (one.isDirectory()) return recordsBelow(folder, path)
      return one.isFile() && one.name.endsWith(recordSuffix) ? [path] : []
    })
    .sort()
}

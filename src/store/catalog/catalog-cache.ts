import { join } from 'node:path'
import { isAssetloomError } from '../../core/errors.ts'
import { createAssetFiles, type AssetFiles, type FetchedAsset, type KeptAsset } from './asset-files.ts'

/**
 * Assets as their catalogs have them. Each catalog has a folder of its own: what one gave is never taken for what another
 * has under the same ref, and a project sees only what the catalogs of its own options gave.
 */
export interface CatalogCache {
  /** Of the first catalog, in the order of the options, that gave one. */
  find(ref: string): KeptAsset | undefined
  /** Refs of all, sorted. */
  list(): string[]
  all(): KeptAsset[]
  /** Of one catalog of the options. @param name - of the catalog */
  of(name: string): AssetFiles
  /** Keep an asset in the folder of its catalog, where that can be written; one of no catalog of the options is left. */
  put(asset: FetchedAsset): void
}

/**
 * @param input.catalogs - in the order of the options
 * @param input.onFault - told what could not be kept: everything works without, but not offline
 */
export function createCatalogCache(input: {
  folder: string
  tempFolder: string
  catalogs: readonly { name: string; from: string; place: string }[]
  onFault(error: unknown): void
}): CatalogCache {
  const { folder, tempFolder } = input
  const parts = input.catalogs.map(({ name, from, place }) => ({ name, from, files: createAssetFiles({ folder: join(folder, place), tempFolder, of: { name, from } }) }))
  return {
    find(ref) {
      for (const { files } of parts) {
        const kept = files.find(ref)
        if (kept) return kept
      }
      return undefined
    },
    list: () => [...new Set(parts.flatMap(({ files }) => files.list()))].sort(),
    all: () => parts.flatMap(({ files }) => files.list().flatMap((ref) => files.find(ref) ?? [])),
    of: (name) => parts.find((part) => part.name === name)!.files,
    put(asset) {
      try {
        parts.find(({ name, from }) => name === asset.catalog && from === asset.from)?.files.put(asset)
      } catch (error) {
        if (!isAssetloomError(error) || error.code !== 'USER_FOLDER_NOT_WRITABLE') throw error
        input.onFault(error)
      }
    },
  }
}

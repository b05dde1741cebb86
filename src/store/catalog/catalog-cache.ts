import { join } from 'node:path'
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
  /** Keep an asset in the folder of its catalog; one of no catalog of the options is left. */
  put(asset: FetchedAsset): void
}

/** @param input.catalogs - in the order of the options */
export function createCatalogCache(input: {
  folder: string
  tempFolder: string
  catalogs: readonly { name: string; from: string; place: string }[]
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
      parts.find(({ name, from }) => name === asset.catalog && from === asset.from)?.files.put(asset)
    },
  }
}

import { existsSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { hash8 } from '../core/digest.ts'
import { recordedFiles, type Entry } from '../core/manifest.ts'
import type { DerivedRecord } from '../core/prune-plan.ts'
import { byteSize } from '../core/value-representation.ts'
import type { Workspace } from '../workspace.ts'

/** A file handed to a host bundler. */
export interface ServedFile {
  path: string
  hash8: string
  sizeBytes: number
}

/** Files under `.assetloom/files/<hash8>/`. */
export function servedFiles(workspace: Workspace): ServedFile[] {
  const { folder } = workspace.served
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(join(folder, name), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => {
          const path = join(folder, name, entry.name)
          return { path, hash8: name, sizeBytes: statSync(path).size }
        }),
    )
}

/** Take a served file away, and its folder when it was the last. */
export function removeServed({ path }: Pick<ServedFile, 'path'>): void {
  rmSync(path, { force: true })
  try {
    rmdirSync(join(path, '..'))
  } catch {
    // Others lie beside it.
  }
}

/** Earlier versions of library items under `.assetloom/pinned/<hash8>/`, with the time of last use. */
export function pinnedFolders({ paths }: Workspace): { path: string; sizeBytes: number; usedAtMs: number }[] {
  if (!existsSync(paths.pinned)) return []
  return readdirSync(paths.pinned).map((name) => {
    const path = join(paths.pinned, name)
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).map((file) => statSync(join(path, file)))
    const sizeBytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)
    return { path, sizeBytes, usedAtMs: statSync(path).mtimeMs }
  })
}

/** Records of the derived layer with the blobs they name. */
export function derivedRecords(workspace: Workspace): DerivedRecord[] {
  return workspace.cache
    .records('derived:')
    .map(({ key, usedAtMs, value }) => ({ key, usedAtMs, hashes: hashesIn((value as { hash?: unknown } | undefined)?.hash) }))
}

/** Every digest in a record, whatever its shape. */
export function hashesIn(value: unknown): string[] {
  return [...new Set(JSON.stringify(value ?? null).match(/sha256:[0-9a-f]{64}/g) ?? [])]
}

export function hash8Set(hashes: Iterable<string>): Set<string> {
  return new Set([...hashes].map(hash8))
}

const layerSchema = z.object({ count: z.number().int(), bytes: z.number().int() })

export const cacheSchema = z.object({
  raw: layerSchema.describe('What providers returned.'),
  derived: layerSchema.describe('What processors made of it.'),
  version: layerSchema.describe('Earlier states of assets; clear leaves them.'),
  served: layerSchema.describe('Files handed to bundlers.'),
  prompts: layerSchema.describe('Prompts of the library, compiled to what an import runs.'),
  types: layerSchema.describe('Types of items of the library.'),
  search: layerSchema
    .extend({ embeddings: z.number().int().describe('Texts that were embedded, for search by meaning.') })
    .describe('Assets in the search index.'),
  pinned: layerSchema.describe('Items of the library at versions that imports name, laid out for bundlers.'),
  records: z.number().int(),
  stateBytes: z.number().int(),
})

export async function measureCache(workspace: Workspace): Promise<z.output<typeof cacheSchema>> {
  const blobs = await workspace.blobs.list()
  const total = (files: readonly { sizeBytes: number }[]) => ({
    count: files.length,
    bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  })
  return {
    raw: total(blobs.filter(({ layer }) => layer === 'raw')),
    derived: total(blobs.filter(({ layer }) => layer === 'derived')),
    version: total(blobs.filter(({ layer }) => layer === 'version')),
    served: total(servedFiles(workspace)),
    prompts: total(workspace.prompts.records()),
    types: total(itemTypes(workspace)),
    search: (await workspace.search()).upkeep.measure(),
    pinned: total(pinnedFolders(workspace)),
    records: workspace.cache.keys('').length,
    stateBytes: statSync(workspace.paths.state, { throwIfNoEntry: false })?.size ?? 0,
  }
}

/** Types of library items, of present and earlier states. */
export const itemTypes = ({ cache }: Workspace) =>
  [...cache.records('item-types:'), ...cache.records('version-types:')].map(({ key, usedAtMs, value }) => {
    const [, , id = '', ...digest] = key.split(':')
    return { key, id, digest: digest.join(':'), usedAtMs, sizeBytes: Buffer.byteLength(JSON.stringify(value)) }
  })

export const cacheLines = ({ raw, derived, version, served, prompts, types, search, pinned, records, stateBytes }: z.output<typeof cacheSchema>) => [
  ...Object.entries({ raw, derived, versions: version, served, pinned, prompts, types, search }).map(
    ([name, { count, bytes }]) => `${name.padEnd(8)} ${String(count).padStart(6)}  ${byteSize(bytes)}`,
  ),
  `records  ${String(records).padStart(6)}  state ${byteSize(stateBytes)}`,
]

/** A picture that a query made of a file of an asset. */
export interface DerivedPicture {
  key: string
  hash: string
  mediaType: string
  widthPx?: number
  heightPx?: number
  sizeBytes: number
}

/** What was made of the files of an asset as they are now and is in the cache; smallest first. */
export function derivedFrom(workspace: Workspace, entry: Entry): DerivedPicture[] {
  const sources = new Set(recordedFiles(entry).map(({ hash }) => hash))
  return workspace.cache
    .records('derived:')
    .flatMap(({ key, value }): DerivedPicture[] => {
      const { source, ...made } = value as Omit<DerivedPicture, 'key' | 'sizeBytes'> & { source?: string }
      if (source === undefined || !sources.has(source)) return []
      const stat = statSync(workspace.blobs.derivedPath(made.hash), { throwIfNoEntry: false })
      return stat ? [{ ...made, key, sizeBytes: stat.size }] : []
    })
    .sort((a, b) => a.sizeBytes - b.sizeBytes || (a.key < b.key ? -1 : 1))
}

import { toAssetloomError } from '../core/errors.ts'
import type { FoundAsset } from '../core/find-asset.ts'
import { formatOfExtension } from '../core/media.ts'
import { parseAssetQuery } from '../core/query.ts'
import type { Workspace } from '../workspace.ts'
import { readAssetFile } from './asset-change.ts'
import type { OperationContext } from './operation.ts'

/** Pictures to make of an asset. */
export interface Wanted extends FoundAsset {
  /** What code asks, without "?". */
  queries: Iterable<string>
  /** Bytes of its file, where that is not the present one. */
  read?(): Promise<Uint8Array>
}

export interface Precompiled {
  assets: { ref: string; queries: string[]; files: number; bytes: number }[]
  /** Files that were not in the cache before. */
  made: number
  failed: { ref: string; query: string; code: string; message: string }[]
}

/** Make what code asks of pictures, and compile prompts, before a build does. What fails is told, and the rest is made. */
export async function precompile(
  wanted: readonly Wanted[],
  { workspace, progress, signal }: Pick<OperationContext, 'workspace' | 'progress' | 'signal'>,
): Promise<Precompiled> {
  const before = workspace.cache.keys('derived:').length
  const assets: Precompiled['assets'] = []
  const failed: Precompiled['failed'] = []
  let made = 0
  progress.start(wanted.length, 'Making')
  for (const found of wanted) {
    const row = { ref: found.ref, queries: [] as string[], files: 0, bytes: 0 }
    try {
      const prompt = found.read ? undefined : await workspace.prompts.compile(found.entry)
      if (prompt) {
        row.files++
        row.bytes += prompt.bytes
        if (prompt.isNew) made++
      }
    } catch (error) {
      const { code, message } = toAssetloomError(error)
      failed.push({ ref: found.ref, query: '', code, message })
    }
    for (const query of [...found.queries].sort()) {
      signal.throwIfAborted()
      try {
        const files = await make(found, query, workspace)
        if (files.length > 0) row.queries.push(query)
        row.files += files.length
        row.bytes += files.reduce((sum, { bytes }) => sum + bytes.length, 0)
      } catch (error) {
        const { code, message } = toAssetloomError(error)
        failed.push({ ref: found.ref, query, code, message })
      }
    }
    assets.push(row)
    progress.advance(1, found.ref)
  }
  progress.stop()
  return { assets, made: made + workspace.cache.keys('derived:').length - before, failed }
}

/** What one query makes of an asset; nothing for what is no picture, and for a format that the asset has itself. */
async function make({ ref, entry, read }: Wanted, query: string, workspace: Workspace) {
  const { hash, mediaType } = entry
  if (entry.kind !== 'image' || hash === undefined || mediaType === undefined) return []
  const ownFormats = new Set([entry.file!.split('.').pop(), ...Object.keys(entry.formats ?? {})].map((one) => formatOfExtension(one!)))
  const plainFormat = /^format=([a-z0-9]+)$/.exec(query)?.[1]
  if (plainFormat !== undefined && ownFormats.has(formatOfExtension(plainFormat))) return []
  const { transforms } = parseAssetQuery(query)
  const source = { hash, mediaType, read: read ?? (() => readAssetFile(ref, entry, workspace).bytes) }
  return Promise.all(transforms.map((transform) => workspace.transform(source, transform)))
}

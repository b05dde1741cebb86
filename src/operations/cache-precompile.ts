import * as z from 'zod'
import { defineError, toAssetloomError } from '../core/errors.ts'
import { requireAssets, type FoundAsset } from '../core/find-asset.ts'
import { formatOfExtension } from '../core/media.ts'
import { parseAssetQuery } from '../core/query.ts'
import { byteSize } from '../core/value-representation.ts'
import type { Workspace } from '../workspace.ts'
import { readAssetFile } from './asset-change.ts'
import { defineOperation } from './operation.ts'

const someFailed = defineError('PRECOMPILE_INCOMPLETE', {
  summary: 'Some of what code asks of pictures could not be made.',
  message: (d: { failed: number; first: string }) => `${d.failed} could not be made. First: ${d.first}`,
  hint: () => 'A build would fail in the same places.',
})

export default defineOperation({
  input: z.strictObject({
    refs: z.array(z.string().min(1)).min(1).describe('Tokens, ids, aliases or globs over refs.'),
  }),
  output: z.object({
    assets: z.array(
      z.object({
        ref: z.string(),
        queries: z.array(z.string()).describe('What code asks of it, without "?".'),
        files: z.number().int(),
        bytes: z.number().int(),
      }),
    ),
    made: z.number().int().describe('Files that were not in the cache before.'),
    failed: z.array(z.object({ ref: z.string(), query: z.string(), code: z.string(), message: z.string() })),
  }),
  positional: ['refs'],
  effect: 'write',
  example: 'assetloom cache precompile "LOGO-ACME-*"',
  async run({ refs }, { workspace, progress, signal }) {
    const wanted = requireAssets(workspace.manifest.read().assets, refs)
    const queries = await (await workspace.usages()).queries()
    const before = workspace.cache.keys('derived:').length
    const assets = []
    const failed = []
    progress.start(wanted.length, 'Making')
    for (const found of wanted) {
      const row = { ref: found.ref, queries: [] as string[], files: 0, bytes: 0 }
      for (const query of [...(queries.get(found.ref) ?? [])].sort()) {
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
    return { assets, made: workspace.cache.keys('derived:').length - before, failed }
  },
  verdict: ({ failed }) =>
    failed.length > 0 ? someFailed({ failed: failed.length, first: failed[0]!.message }) : undefined,
  present: ({ assets, made, failed }) =>
    [
      ...assets.map(({ ref, queries, files, bytes }) =>
        queries.length > 0
          ? `✓ ${ref}  ${files} ${files === 1 ? 'file' : 'files'}, ${byteSize(bytes)}  ${queries.map((query) => `?${query}`).join(' ')}`
          : `· ${ref}  code asks for nothing to be made of it`,
      ),
      ...failed.map(({ ref, query, message }) => `✗ ${ref}?${query}  ${message}`),
      `${made} made, the rest was there.`,
    ].join('\n'),
})

/** What one query makes of an asset; nothing for what is no picture, and for a format that the asset has itself. */
async function make({ ref, entry }: FoundAsset, query: string, workspace: Workspace) {
  const { hash, mediaType } = entry
  if (entry.kind !== 'image' || hash === undefined || mediaType === undefined) return []
  const ownFormats = new Set([entry.file!.split('.').pop(), ...Object.keys(entry.formats ?? {})].map((one) => formatOfExtension(one!)))
  const plainFormat = /^format=([a-z0-9]+)$/.exec(query)?.[1]
  if (plainFormat !== undefined && ownFormats.has(formatOfExtension(plainFormat))) return []
  const { transforms } = parseAssetQuery(query)
  const read = () => readAssetFile(ref, entry, workspace).bytes
  return Promise.all(transforms.map((transform) => workspace.transform({ hash, mediaType, read }, transform)))
}

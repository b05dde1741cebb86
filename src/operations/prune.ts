import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { planPrune } from '../core/prune-plan.ts'
import { byteSize } from '../core/value-representation.ts'
import type { Workspace } from '../workspace.ts'
import { derivedRecords, hash8Set, manifestHashes, removeServed, servedFiles } from './cache-contents.ts'
import { defineOperation } from './operation.ts'

/** A blob younger than this may belong to a process that has not written its record yet. */
const graceMs = 60 * 60 * 1000

const itemSchema = z.object({
  what: z.enum(['derived', 'served', 'stray', 'raw']),
  name: z.string(),
  sizeBytes: z.number().int(),
})
type Item = z.output<typeof itemSchema>

export default defineOperation({
  input: z.strictObject({
    dryRun: z.boolean().default(false).describe('Tell what would be freed, change nothing.'),
    includePaid: z
      .boolean()
      .default(false)
      .describe('Drop raw answers that no asset uses any more, too; some were paid for.'),
  }),
  output: z.object({
    items: z.array(itemSchema),
    freedBytes: z.number().int(),
    keptDerivedBytes: z.number().int(),
    unusedRawBytes: z.number().int().describe('Raw answers that no asset uses; kept unless --include-paid.'),
    isDryRun: z.boolean(),
  }),
  effect: 'write',
  example: 'assetloom prune --dry-run',
  async run(input, { workspace }) {
    const live = manifestHashes(workspace)
    const blobs = await workspace.blobs.list()
    const derived = new Map(blobs.filter(({ layer }) => layer === 'derived').map((blob) => [blob.hash, blob.sizeBytes]))
    const records = derivedRecords(workspace)
    const plan = planPrune({ records, sizes: derived, maxBytes: workspace.options.cache.maxDerivedMb * 1e6, live })
    const named = new Set(records.flatMap(({ hashes }) => hashes))
    const isOld = ({ storedAtMs }: { storedAtMs: number }) => workspace.clock.now() - storedAtMs > graceMs
    const strayBlobs = blobs
      .filter((blob) => blob.layer === 'derived' && !named.has(blob.hash) && !live.has(blob.hash) && isOld(blob))
      .map(({ hash }) => hash)
    const dropped = [...plan.hashes, ...strayBlobs]

    const rawNamed = new Set(
      workspace.cache.records('raw:').flatMap(({ value }) => JSON.stringify(value).match(/sha256:[0-9a-f]{64}/g) ?? []),
    )
    const unusedRaw = blobs.filter(
      (blob) => blob.layer === 'raw' && !live.has(blob.hash) && !rawNamed.has(blob.hash) && isOld(blob),
    )

    const kept8 = hash8Set([...live, ...[...derived.keys()].filter((hash) => !dropped.includes(hash))])
    const served = servedFiles(workspace).filter((file) => !kept8.has(file.hash8))
    const strays = strayTemporaries(workspace)

    if (!input.dryRun) {
      for (const key of plan.keys) await workspace.cache.delete(key)
      for (const hash of dropped) await workspace.blobs.remove('derived', hash)
      if (input.includePaid) for (const { hash } of unusedRaw) await workspace.blobs.remove('raw', hash)
      for (const file of served) removeServed(file)
      for (const { name } of strays) rmSync(join(workspace.paths.temp, name), { force: true })
    }
    const items: Item[] = [
      ...dropped.map((hash) => ({ what: 'derived' as const, name: hash, sizeBytes: derived.get(hash)! })),
      ...served.map(({ path, sizeBytes }) => ({
        what: 'served' as const,
        name: path.slice(workspace.served.folder.length + 1),
        sizeBytes,
      })),
      ...strays,
      ...(input.includePaid
        ? unusedRaw.map(({ hash, sizeBytes }) => ({ what: 'raw' as const, name: hash, sizeBytes }))
        : []),
    ]
    return {
      items,
      freedBytes: items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      keptDerivedBytes: plan.keptBytes,
      unusedRawBytes: unusedRaw.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      isDryRun: input.dryRun,
    }
  },
  present({ items, freedBytes, unusedRawBytes, isDryRun }, { includePaid }) {
    const labels = { derived: 'processed files', served: 'files for bundlers', stray: 'strays', raw: 'raw answers' }
    const lines = (Object.keys(labels) as (keyof typeof labels)[]).flatMap((what) => {
      const some = items.filter((item) => item.what === what)
      return some.length > 0
        ? [
            `  ${String(some.length).padStart(6)} ${labels[what]}, ${byteSize(some.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))}`,
          ]
        : []
    })
    return [
      `${isDryRun ? 'Would free' : 'Freed'} ${byteSize(freedBytes)}`,
      ...lines,
      ...(unusedRawBytes > 0 && !includePaid
        ? [`  Kept: ${byteSize(unusedRawBytes)} of raw answers that no asset uses (--include-paid drops them).`]
        : []),
    ].join('\n')
  },
})

/** Old leftovers that no start has swept because their process number lives on in another process. */
function strayTemporaries(workspace: Workspace): Item[] {
  const folder = workspace.paths.temp
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false })
    if (!stat?.isFile() || name.endsWith('.journal.json') || Date.now() - stat.mtimeMs <= graceMs) return []
    return [{ what: 'stray' as const, name, sizeBytes: stat.size }]
  })
}

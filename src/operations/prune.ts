import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { planPrune } from '../core/prune-plan.ts'
import { byteSize } from '../core/value-representation.ts'
import type { Workspace } from '../workspace.ts'
import { derivedRecords, hash8Set, removeServed, servedFiles } from './cache-contents.ts'
import { defineOperation } from './operation.ts'
import { blobsByReach, graceMs, heldHashes } from './reachable-blobs.ts'
import { recordsOfSites } from './site-cache.ts'

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
  isDestructive: ({ dryRun }) => !dryRun,
  example: 'assetloom prune --dry-run',
  async run(input, { workspace }) {
    const live = heldHashes(workspace)
    const { reachable, unreachable } = await blobsByReach(workspace)
    const blobs = [...reachable, ...unreachable]
    const derived = new Map(blobs.filter(({ layer }) => layer === 'derived').map((blob) => [blob.hash, blob.sizeBytes]))
    const kept = (await recordsOfSites(workspace))?.kept
    // What an aggressive site keeps goes last.
    const records = derivedRecords(workspace).map((record) => (kept?.has(record.key) ? { ...record, usedAtMs: Number.MAX_SAFE_INTEGER } : record))
    const plan = planPrune({ records, sizes: derived, maxBytes: workspace.options.cache.maxDerivedMb * 1e6, live })
    const dropped = [...plan.hashes, ...unreachable.filter(({ layer }) => layer === 'derived').map(({ hash }) => hash)]
    const unusedRaw = unreachable.filter(({ layer }) => layer === 'raw')

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

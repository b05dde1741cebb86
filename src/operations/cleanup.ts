import { rmSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import * as z from 'zod'
import { isAssetloomError } from '../core/errors.ts'
import { createGraph } from '../core/graph/graph.ts'
import { filesOf, type Manifest } from '../core/manifest.ts'
import { byteSize } from '../core/value-representation.ts'
import type { Workspace } from '../workspace.ts'
import { refreshSources } from './asset-change.ts'
import { hash8Set, removeServed, servedFiles } from './cache-contents.ts'
import { defineOperation } from './operation.ts'
import { orphanFiles } from './orphan-files.ts'
import { blobsByReach } from './reachable-blobs.ts'
import { removeAssets } from './remove-assets.ts'
import { unusedAssets } from './unused-assets.ts'

const sorts = {
  asset: 'unused assets',
  file: 'files of no asset',
  raw: 'raw answers that nothing names',
  derived: 'processed files that nothing names',
  version: 'earlier states that nothing names',
  served: 'stale files for bundlers',
  types: 'stale types',
} as const
type Sort = keyof typeof sorts

const itemSchema = z.object({
  what: z.enum(Object.keys(sorts) as [Sort, ...Sort[]]),
  name: z.string().describe('A ref, a file relative to the root, or the digest of a blob.'),
  sizeBytes: z.number().int(),
  use: z
    .object({ views: z.number().int(), downloads: z.number().int(), usageCount: z.number().int(), lastAccessed: z.string().optional() })
    .optional()
    .describe('Of an asset: how often it was shown, taken elsewhere and used in this copy of the project, and when last.'),
})
type Item = z.output<typeof itemSchema>

export default defineOperation({
  input: z.strictObject({
    includePaid: z.boolean().default(false).describe('Drop raw answers that nothing names, too; some were paid for.'),
  }),
  output: z.object({
    items: z.array(itemSchema),
    counts: z.partialRecord(z.enum(Object.keys(sorts) as [Sort, ...Sort[]]), z.number().int()),
    freedBytes: z.number().int().describe('What the disk gets back; bytes that stand under two names count once.'),
    keptRawBytes: z.number().int().describe('Raw answers that nothing names; kept unless --include-paid.'),
    isDone: z.boolean().describe('False when it was only told.'),
  }),
  effect: 'write',
  isDestructive: () => true,
  example: 'assetloom cleanup --yes',
  async run({ includePaid }, { workspace, confirm }) {
    const plan = await planCleanup(workspace, includePaid)
    const told = { ...toldOf(plan), isDone: false }
    if (plan.items.length === 0 || !(await confirm(`Free ${byteSize(told.freedBytes)}: ${countsText(told.items)}?`, 'no'))) return told
    // The answer may have taken a while: what is done is decided now.
    const now = await planCleanup(workspace, includePaid)
    await carryOut(now, workspace)
    return { ...toldOf(now), isDone: true }
  },
  present: ({ items, freedBytes, keptRawBytes, isDone }) =>
    [
      ...items.map(({ what, name, sizeBytes, use }) => `  ${what.padEnd(7)} ${name}  ${byteSize(sizeBytes)}${use ? `  ${useText(use)}` : ''}`),
      items.length === 0
        ? 'Everything is needed.'
        : `${isDone ? 'Freed' : 'Would free'} ${byteSize(freedBytes)}: ${countsText(items)}.`,
      ...(keptRawBytes > 0 ? [`Kept: ${byteSize(keptRawBytes)} of raw answers that nothing names (--include-paid drops them).`] : []),
      ...(items.length > 0 && !isDone ? ['Nothing was changed; --yes does it.'] : []),
    ].join('\n'),
})

/** A thing to take away; `disk` names its bytes, so that those with two names are counted once. */
interface PlannedItem extends Item {
  disk: { key: string; sizeBytes: number }[]
}

interface CleanupPlan {
  items: PlannedItem[]
  keptRawBytes: number
}

async function planCleanup(workspace: Workspace, includePaid: boolean): Promise<CleanupPlan> {
  const { root } = workspace.options
  const manifest = workspace.manifest.read()
  const unused = await unusedAssets(manifest.assets, workspace)
  const gone = new Set(unused.map(({ ref }) => ref))
  const kept = Object.fromEntries(Object.entries(manifest.assets).filter(([ref]) => !gone.has(ref)))
  const { live, reachable, unreachable } = await blobsByReach(workspace, gone)
  const dropped = unreachable.filter(({ layer }) => layer !== 'raw' || includePaid)
  const kept8 = hash8Set([...live, ...reachable.map(({ hash }) => hash)])
  const served = servedFiles(workspace).filter(({ hash8 }) => !kept8.has(hash8))
  const stillNamed = new Set(Object.values(kept).flatMap(filesOf))
  const stored = (what: Sort, name: string, disk: PlannedItem['disk']): PlannedItem => ({
    what,
    name,
    disk,
    sizeBytes: disk.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  })
  const item = (what: Sort, name: string, paths: readonly string[]) =>
    stored(what, name, paths.flatMap((path) => bytesAt(resolve(root, path))))
  return {
    items: [
      ...unused.map(({ ref, entry }) => ({
        ...item('asset', ref, filesOf(entry).filter((file) => !stillNamed.has(file))),
        use: workspace.counters.of(ref),
      })),
      ...(await orphanFiles(manifest, workspace)).map(({ file }) => item('file', file, [file])),
      ...dropped.map(({ layer, hash, sizeBytes, path }) =>
        stored(layer, hash, path === undefined ? [{ key: hash, sizeBytes }] : bytesAt(path)),
      ),
      ...served.map(({ path }) => item('served', path.slice(workspace.paths.root.length + 1), [path])),
      ...(await superfluousTypes(workspace)).map((file) => item('types', file, [file])),
    ],
    keptRawBytes: includePaid ? 0 : unreachable.reduce((sum, { layer, sizeBytes }) => sum + (layer === 'raw' ? sizeBytes : 0), 0),
  }
}

function bytesAt(path: string): { key: string; sizeBytes: number }[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat ? [{ key: `${stat.dev}:${stat.ino}`, sizeBytes: stat.size }] : []
}

async function superfluousTypes(workspace: Workspace): Promise<string[]> {
  try {
    return (await workspace.checkDerivedSources()).superfluous
  } catch (error) {
    // Whoever writes the types says what is wrong with them.
    if (isAssetloomError(error)) return []
    throw error
  }
}

function toldOf({ items, keptRawBytes }: CleanupPlan) {
  const disk = new Map(items.flatMap((item) => item.disk.map(({ key, sizeBytes }) => [key, sizeBytes] as const)))
  return {
    items: items.map(({ disk: _disk, ...item }): Item => item),
    counts: countsOf(items),
    freedBytes: [...disk.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0),
    keptRawBytes,
  }
}

function countsOf(items: readonly Item[]): Partial<Record<Sort, number>> {
  const counts: Partial<Record<Sort, number>> = {}
  for (const { what } of items) counts[what] = (counts[what] ?? 0) + 1
  return counts
}

function useText({ views, downloads, usageCount, lastAccessed }: NonNullable<Item['use']>): string {
  const counts = { viewed: views, exported: downloads, used: usageCount }
  const parts = Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${what} ${count}×`] : []))
  return parts.length === 0 ? 'never looked at' : `${parts.join(', ')}, last ${lastAccessed!.slice(0, 10)}`
}

const countsText = (items: readonly Item[]) =>
  Object.entries(countsOf(items)).map(([what, count]) => `${count} ${sorts[what as Sort]}`).join(', ')

async function carryOut(plan: CleanupPlan, workspace: Workspace): Promise<void> {
  const { root } = workspace.options
  const of = (...what: Sort[]) => plan.items.filter((item) => what.includes(item.what))
  workspace.manifest.update((draft, changes) => {
    removeAssets(draft, changes, stillUnused(of('asset').map(({ name }) => name), draft), workspace)
    const named = new Set(Object.values(draft.assets).flatMap(filesOf))
    for (const { name } of of('file')) if (!named.has(name)) changes.remove(resolve(root, name))
  })
  for (const { what, name } of of('raw', 'derived', 'version'))
    await workspace.blobs.remove(what as 'raw' | 'derived' | 'version', name)
  workspace.blobs.compact()
  for (const { name } of of('served')) removeServed({ path: resolve(root, name) })
  for (const { name } of of('types')) rmSync(resolve(root, name), { force: true })
  await refreshSources(workspace)
}

/** Under the lock of all processes: those that are there, and on which nothing came to depend that stays. */
function stillUnused(refs: readonly string[], { assets }: Manifest): string[] {
  const graph = createGraph(assets)
  const going = new Set(refs)
  return refs.filter((ref) => Object.hasOwn(assets, ref) && graph.dependentsOf(ref).every((other) => going.has(other)))
}

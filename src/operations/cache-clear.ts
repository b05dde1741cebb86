import { rmSync } from 'node:fs'
import * as z from 'zod'
import { byteSize } from '../core/value-representation.ts'
import type { Workspace } from '../workspace.ts'
import { cacheLines, cacheSchema, measureCache, pinnedFolders, removeServed, servedFiles } from './cache-contents.ts'
import { defineOperation } from './operation.ts'

export default defineOperation({
  input: z.strictObject({
    includePaid: z.boolean().default(false).describe('Drop raw answers and embeddings, too; some were paid for.'),
  }),
  output: cacheSchema.extend({ freedBytes: z.number().int() }),
  effect: 'write',
  isDestructive: () => true,
  example: 'assetloom cache clear',
  async run({ includePaid }, { workspace, confirm, isInteractive }) {
    const blobs = await workspace.blobs.list()
    const { upkeep } = await workspace.search()
    const hasPaid = includePaid && (blobs.some(({ layer }) => layer === 'raw') || upkeep.measure().embeddings > 0)
    const mayDropRaw =
      includePaid &&
      (!hasPaid || !isInteractive || (await confirm('Drop the raw answers and embeddings? Making them again may cost money.', 'no')))
    const dropped = blobs.filter(({ layer }) => layer === 'derived' || (layer === 'raw' && mayDropRaw))
    upkeep.drop(mayDropRaw)
    const freedBytes = await clear(workspace, dropped, mayDropRaw)
    return { ...(await measureCache(workspace)), freedBytes }
  },
  present: ({ freedBytes, ...cache }) => [`Freed ${byteSize(freedBytes)}`, ...cacheLines(cache)].join('\n'),
})

async function clear(
  workspace: Workspace,
  blobs: readonly { layer: 'raw' | 'derived' | 'version'; hash: string; sizeBytes: number }[],
  isRawDropped: boolean,
): Promise<number> {
  for (const { key } of workspace.cache.keys(''))
    if (isRawDropped || !key.startsWith('raw:')) await workspace.cache.delete(key)
  for (const { layer, hash } of blobs) await workspace.blobs.remove(layer, hash)
  const served = servedFiles(workspace)
  for (const file of served) removeServed(file)
  const pinned = pinnedFolders(workspace)
  for (const { path } of pinned) rmSync(path, { recursive: true, force: true })
  return [...blobs, ...served, ...pinned].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

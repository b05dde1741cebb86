import * as z from 'zod'
import { byteSize } from '../core/value-representation.ts'
import { cacheLines, cacheSchema, derivedRecords, measureCache } from './cache-contents.ts'
import { defineOperation } from './operation.ts'
import { blobsByReach } from './reachable-blobs.ts'

export default defineOperation({
  input: z.strictObject({}),
  output: cacheSchema.extend({
    removedRecords: z.number().int().describe('Records of processed files that are no longer there.'),
    removedBlobs: z.number().int().describe('Processed files that nothing names.'),
    freedBytes: z.number().int().describe('Of these files and of the state database.'),
  }),
  effect: 'write',
  example: 'assetloom cache optimize',
  async run(_input, { workspace, signal }) {
    const before = await measureCache(workspace)
    const { unreachable } = await blobsByReach(workspace)
    const derived = unreachable.filter(({ layer }) => layer === 'derived')
    for (const { hash } of derived) {
      signal.throwIfAborted()
      await workspace.blobs.remove('derived', hash)
    }
    const stored = new Set((await workspace.blobs.list()).map(({ hash }) => hash))
    const empty = derivedRecords(workspace).filter(({ hashes }) => !hashes.every((hash) => stored.has(hash)))
    for (const { key } of empty) await workspace.cache.delete(key)
    workspace.state.compact()
    const after = await measureCache(workspace)
    return {
      ...after,
      removedRecords: empty.length,
      removedBlobs: derived.length,
      freedBytes:
        derived.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) + Math.max(0, before.stateBytes - after.stateBytes),
    }
  },
  present: ({ removedRecords, removedBlobs, freedBytes, ...cache }) =>
    [`Freed ${byteSize(freedBytes)}: ${removedBlobs} processed files, ${removedRecords} records.`, ...cacheLines(cache)].join('\n'),
})

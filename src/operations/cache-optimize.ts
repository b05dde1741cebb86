import { rmSync } from 'node:fs'
import * as z from 'zod'
import { restMs } from '../core/cache-strategy.ts'
import { byteSize } from '../core/value-representation.ts'
import { cacheLines, cacheSchema, derivedRecords, itemTypes, measureCache, pinnedFolders } from './cache-contents.ts'
import { dropDerived } from './drop-derived.ts'
import { defineOperation } from './operation.ts'
import { blobsByReach } from './reachable-blobs.ts'
import { recordsOfSites } from './site-cache.ts'

export default defineOperation({
  input: z.strictObject({}),
  output: cacheSchema.extend({
    removedRecords: z.number().int().describe('Records of processed files that are no longer there; types and compiled prompts of earlier states that nothing used in 30 days.'),
    removedBlobs: z.number().int().describe('Processed files that nothing names.'),
    givenUp: z.number().int().describe('Processed files that sites want to keep no longer, by their cacheStrategy.'),
    removedPinned: z.number().int().describe('Earlier versions of library items that no import asked for in 30 days.'),
    freedBytes: z.number().int().describe('Of these files and of the state database.'),
  }),
  effect: 'write',
  example: 'assetloom cache optimize',
  async run(_input, { workspace, signal }) {
    const before = await measureCache(workspace)
    const records = await recordsOfSites(workspace)
    const givenUp = derivedRecords(workspace).filter(({ key }) => records?.givenUp.has(key))
    const givenUpBytes = await dropDerived(workspace, givenUp.map(({ key, hashes }) => ({ key, hash: hashes[0]! })))
    const rested = pinnedFolders(workspace).filter(({ usedAtMs }) => workspace.clock.now() - usedAtMs > restMs)
    for (const { path } of rested) rmSync(path, { recursive: true, force: true })
    const { unreachable } = await blobsByReach(workspace)
    const derived = unreachable.filter(({ layer }) => layer === 'derived')
    for (const { hash } of derived) {
      signal.throwIfAborted()
      await workspace.blobs.remove('derived', hash)
    }
    const stored = new Set((await workspace.blobs.list()).map(({ hash }) => hash))
    const empty = derivedRecords(workspace).filter(({ hashes }) => !hashes.every((hash) => stored.has(hash)))
    // What is compiled of states that the manifest does not have may be that of a pinned version, or of another branch of git.
    const outdated = [...itemTypes(workspace), ...workspace.prompts.records()].filter(
      ({ id, digest, usedAtMs }) => workspace.index.find(id)?.entry.digest !== digest && workspace.clock.now() - usedAtMs > restMs,
    )
    for (const { key } of [...empty, ...outdated]) await workspace.cache.delete(key)
    ;(await workspace.search()).upkeep.optimize()
    workspace.blobs.compact()
    workspace.state.compact()
    const after = await measureCache(workspace)
    return {
      ...after,
      removedRecords: empty.length + outdated.length,
      removedBlobs: derived.length,
      givenUp: givenUp.length,
      removedPinned: rested.length,
      freedBytes:
        givenUpBytes + [...derived, ...rested].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) + Math.max(0, before.stateBytes - after.stateBytes),
    }
  },
  present: ({ removedRecords, removedBlobs, givenUp, removedPinned, freedBytes, ...cache }) =>
    [
      `Freed ${byteSize(freedBytes)}: ${removedBlobs} processed files, ${removedRecords} records.`,
      ...(givenUp > 0 ? [`  ${givenUp} more that sites keep no longer, by their cacheStrategy`] : []),
      ...(removedPinned > 0 ? [`  ${removedPinned} earlier versions that no import asked for in 30 days`] : []),
      ...cacheLines(cache),
    ].join('\n'),
})

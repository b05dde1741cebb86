import * as z from 'zod'
import { requireAsset } from '../core/find-asset.ts'
import { byteSize } from '../core/value-representation.ts'
import { derivedFrom, derivedRecords, hash8Set, removeServed, servedFiles } from './cache-contents.ts'
import { defineOperation } from './operation.ts'
import { heldHashes } from './reachable-blobs.ts'

export default defineOperation({
  input: z.strictObject({ ref: z.string().min(1).describe('Token, id or alias.') }),
  output: z.object({
    ref: z.string(),
    removedRecords: z.number().int().describe('Processed files, and types of an item, that are made anew when they are asked for.'),
    freedBytes: z.number().int(),
  }),
  positional: ['ref'],
  effect: 'write',
  example: 'assetloom cache invalidate LOGO-ACME-MARK001',
  async run(input, { workspace }) {
    const { ref, entry } = requireAsset(workspace.manifest.read().assets, input.ref)
    const own = derivedFrom(workspace, entry)
    const types = workspace.cache.keys('item-types:').filter(({ key }) => key.split(':')[2] === ref)
    for (const { key } of [...own, ...types]) await workspace.cache.delete(key)
    // The same bytes may have been made of another source, or be a file of the project.
    const kept = new Set([...heldHashes(workspace), ...derivedRecords(workspace).flatMap(({ hashes }) => hashes)])
    const gone = new Map(own.filter(({ hash }) => !kept.has(hash)).map((one) => [one.hash, one.sizeBytes]))
    for (const hash of gone.keys()) await workspace.blobs.remove('derived', hash)
    const gone8 = hash8Set(gone.keys())
    for (const file of servedFiles(workspace)) if (gone8.has(file.hash8)) removeServed(file)
    return {
      ref,
      removedRecords: own.length + types.length,
      freedBytes: [...gone.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0),
    }
  },
  present: ({ ref, removedRecords, freedBytes }) => `✓ ${ref}: ${removedRecords} results dropped, ${byteSize(freedBytes)} freed`,
})

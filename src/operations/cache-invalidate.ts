import * as z from 'zod'
import { requireAsset } from '../core/find-asset.ts'
import { byteSize } from '../core/value-representation.ts'
import { derivedFrom } from './cache-contents.ts'
import { dropDerived } from './drop-derived.ts'
import { defineOperation } from './operation.ts'

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
    for (const { key } of types) await workspace.cache.delete(key)
    const freedBytes = await dropDerived(workspace, own)
    return { ref, removedRecords: own.length + types.length, freedBytes }
  },
  present: ({ ref, removedRecords, freedBytes }) => `✓ ${ref}: ${removedRecords} results dropped, ${byteSize(freedBytes)} freed`,
})

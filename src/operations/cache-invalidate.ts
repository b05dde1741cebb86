import * as z from 'zod'
import { requireAsset } from '../core/find-asset.ts'
import { byteSize } from '../core/value-representation.ts'
import { derivedFrom, itemTypes } from './cache-contents.ts'
import { dropDerived } from './drop-derived.ts'
import { defineOperation } from './operation.ts'

export default defineOperation({
  input: z.strictObject({ ref: z.string().min(1).describe('Token, id or alias.') }),
  output: z.object({
    ref: z.string(),
    removedRecords: z.number().int().describe('Processed files, types of an item and compiled prompts, which are made anew when they are asked for.'),
    freedBytes: z.number().int(),
  }),
  positional: ['ref'],
  effect: 'write',
  example: 'assetloom cache invalidate LOGO-ACME-MARK001',
  async run(input, { workspace }) {
    const { ref, entry } = requireAsset(workspace.manifest.read().assets, input.ref)
    const own = derivedFrom(workspace, entry)
    const compiled = [...itemTypes(workspace), ...workspace.prompts.records()].filter(({ id }) => id === ref)
    for (const { key } of compiled) await workspace.cache.delete(key)
    ;(await workspace.search()).upkeep.forget(ref)
    const freedBytes = await dropDerived(workspace, own)
    return { ref, removedRecords: own.length + compiled.length, freedBytes }
  },
  present: ({ ref, removedRecords, freedBytes }) => `✓ ${ref}: ${removedRecords} results dropped, ${byteSize(freedBytes)} freed`,
})

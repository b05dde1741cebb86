import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { cacheLines, cacheSchema, measureCache } from './cache-contents.ts'
import { defineOperation } from './operation.ts'

const cacheDamaged = defineError('CACHE_DAMAGED', {
  summary: 'Blobs of the cache no longer matched their digests; they were taken out.',
  message: (d: { damaged: number }) =>
    `${d.damaged} damaged ${d.damaged === 1 ? 'blob was' : 'blobs were'} taken out of the cache.`,
  hint: () => 'They are made or fetched anew when they are needed; a paid one only within the budget.',
})

export default defineOperation({
  input: z.strictObject({}),
  output: cacheSchema.extend({
    damaged: z
      .array(z.object({ layer: z.enum(['raw', 'derived', 'version']), hash: z.string() }))
      .describe('Blobs that did not match their digest.'),
  }),
  effect: 'write',
  example: 'assetloom cache verify',
  async run(_input, { workspace, progress, signal }) {
    const blobs = await workspace.blobs.list()
    const damaged: { layer: 'raw' | 'derived' | 'version'; hash: string }[] = []
    progress.start(blobs.length, 'Verifying')
    for (const { layer, hash } of blobs) {
      signal.throwIfAborted()
      if (!workspace.blobs.verify(layer, hash)) {
        damaged.push({ layer, hash })
        // Whatever else tells of it.
        await workspace.blobs.remove(layer, hash)
      }
      progress.advance(1)
    }
    progress.stop()
    return { ...(await measureCache(workspace)), damaged }
  },
  verdict: ({ damaged }) => (damaged.length > 0 ? cacheDamaged({ damaged: damaged.length }) : undefined),
  present: ({ damaged, ...cache }) =>
    [
      ...(damaged.length === 0 ? ['Every blob matches its digest.'] : []),
      ...damaged.map(({ layer, hash }) => `✗ ${layer} ${hash}`),
      ...cacheLines(cache),
    ].join('\n'),
})

import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { cacheLines, cacheSchema, measureCache } from './cache-contents.ts'
import { defineOperation } from './operation.ts'

const cacheDamaged = defineError('CACHE_DAMAGED', {
  summary: 'Parts of the cache were damaged; they were taken out.',
  message: (d: { damaged: number }) =>
    `${d.damaged} damaged ${d.damaged === 1 ? 'part was' : 'parts were'} taken out of the cache.`,
  hint: () => 'They are made or fetched anew when they are needed; a paid one only within the budget.',
})

const damageable = ['raw', 'derived', 'version', 'prompts', 'search'] as const

export default defineOperation({
  input: z.strictObject({}),
  output: cacheSchema.extend({
    damaged: z
      .array(z.object({ layer: z.enum(damageable), hash: z.string().describe('Of an item, for a prompt; of the manifest, for the search index.') }))
      .describe('Blobs that did not match their digest, prompts that are not what their item is compiled to, and the search index.'),
  }),
  effect: 'write',
  example: 'assetloom cache verify',
  async run(_input, { workspace, progress, signal }) {
    const blobs = await workspace.blobs.list()
    const damaged: { layer: (typeof damageable)[number]; hash: string }[] = []
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
    for (const record of workspace.prompts.records()) {
      if (await workspace.prompts.isSound(record)) continue
      damaged.push({ layer: 'prompts', hash: record.digest })
      await workspace.cache.delete(record.key)
    }
    if (!(await workspace.search()).upkeep.verify()) damaged.push({ layer: 'search', hash: workspace.index.digest() })
    return { ...(await measureCache(workspace)), damaged }
  },
  verdict: ({ damaged }) => (damaged.length > 0 ? cacheDamaged({ damaged: damaged.length }) : undefined),
  present: ({ damaged, ...cache }) =>
    [
      ...(damaged.length === 0 ? ['Every part of the cache is whole.'] : []),
      ...damaged.map(({ layer, hash }) => `✗ ${layer} ${hash}`),
      ...cacheLines(cache),
    ].join('\n'),
})

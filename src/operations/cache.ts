import { statSync } from 'node:fs'
import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { byteSize } from '../core/value-representation.ts'
import type { Workspace } from '../workspace.ts'
import { removeServed, servedFiles } from './cache-contents.ts'
import { defineOperation } from './operation.ts'

const cacheDamaged = defineError('CACHE_DAMAGED', {
  summary: 'Blobs of the cache no longer matched their digests; they were taken out.',
  message: (d: { damaged: number }) =>
    `${d.damaged} damaged ${d.damaged === 1 ? 'blob was' : 'blobs were'} taken out of the cache.`,
  hint: () => 'They are made or fetched anew when they are needed; a paid one only within the budget.',
})

const layerSchema = z.object({ count: z.number().int(), bytes: z.number().int() })

const outputSchema = z.object({
  raw: layerSchema.describe('What providers returned.'),
  derived: layerSchema.describe('What processors made of it.'),
  version: layerSchema.describe('Earlier states of assets; clear leaves them.'),
  served: layerSchema.describe('Files handed to bundlers.'),
  records: z.number().int(),
  stateBytes: z.number().int(),
  damaged: z
    .array(z.object({ layer: z.enum(['raw', 'derived', 'version']), hash: z.string() }))
    .describe('With verify: blobs that did not match their digest.'),
  freedBytes: z.number().int().describe('With clear.'),
})
type Output = z.output<typeof outputSchema>

export default defineOperation({
  input: z.strictObject({
    action: z
      .enum(['stats', 'verify', 'clear'])
      .describe('stats counts, verify reads every blob again, clear empties the cache.'),
    includePaid: z.boolean().default(false).describe('With clear: drop raw answers, too; some were paid for.'),
  }),
  output: outputSchema,
  positional: ['action'],
  effect: 'write',
  example: 'assetloom cache verify',
  async run(input, { workspace, progress, confirm, isInteractive }) {
    const blobs = await workspace.blobs.list()
    const damaged: Output['damaged'] = []
    let freedBytes = 0
    if (input.action === 'verify') {
      progress.start(blobs.length, 'Verifying')
      for (const { layer, hash } of blobs) {
        // Reading drops what does not match.
        if (workspace.blobs.get(hash) === undefined) {
          damaged.push({ layer, hash })
          await workspace.blobs.remove(layer, hash)
        }
        progress.advance(1)
      }
      progress.stop()
    }
    if (input.action === 'clear') {
      const hasPaid = input.includePaid && blobs.some(({ layer }) => layer === 'raw')
      const mayDropRaw =
        input.includePaid &&
        (!hasPaid || !isInteractive || (await confirm('Drop the raw answers? Making them again may cost money.', 'no')))
      freedBytes = await clear(
        workspace,
        blobs.filter(({ layer }) => layer === 'derived' || (layer === 'raw' && mayDropRaw)),
        mayDropRaw,
      )
    }
    return { ...(await measure(workspace)), damaged, freedBytes }
  },
  verdict: ({ damaged }) => (damaged.length > 0 ? cacheDamaged({ damaged: damaged.length }) : undefined),
  present: ({ raw, derived, version, served, records, stateBytes, damaged, freedBytes }, { action }) =>
    [
      ...(action === 'clear' ? [`Freed ${byteSize(freedBytes)}`] : []),
      ...(action === 'verify' && damaged.length === 0 ? ['Every blob matches its digest.'] : []),
      ...damaged.map(({ layer, hash }) => `✗ ${layer} ${hash}`),
      `raw      ${String(raw.count).padStart(6)}  ${byteSize(raw.bytes)}`,
      `derived  ${String(derived.count).padStart(6)}  ${byteSize(derived.bytes)}`,
      `versions ${String(version.count).padStart(6)}  ${byteSize(version.bytes)}`,
      `served   ${String(served.count).padStart(6)}  ${byteSize(served.bytes)}`,
      `records  ${String(records).padStart(6)}  state ${byteSize(stateBytes)}`,
    ].join('\n'),
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
  return [...blobs, ...served].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

async function measure(workspace: Workspace) {
  const blobs = await workspace.blobs.list()
  const total = (files: readonly { sizeBytes: number }[]) => ({
    count: files.length,
    bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  })
  return {
    raw: total(blobs.filter(({ layer }) => layer === 'raw')),
    derived: total(blobs.filter(({ layer }) => layer === 'derived')),
    version: total(blobs.filter(({ layer }) => layer === 'version')),
    served: total(servedFiles(workspace)),
    records: workspace.cache.keys('').length,
    stateBytes: statSync(workspace.paths.state, { throwIfNoEntry: false })?.size ?? 0,
  }
}

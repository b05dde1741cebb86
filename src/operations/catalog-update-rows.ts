import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { listUpdates, updateStates, type AssetUpdate } from '../workspace/catalog-updates.ts'
import type { Workspace } from '../workspace.ts'
import { layerNames } from './which.ts'

/* How assets of catalogs stand, as operations tell it. */

const nothingAsked = defineError('CATALOG_UPDATE_UNKNOWN', {
  summary: 'Assets of catalogs were asked for by a name that none of them has.',
  message: (d: { query: string }) => `No asset that came from a catalog has ${JSON.stringify(d.query)} in its ref.`,
  hint: () => 'assetloom outdated lists them all.',
  http: 404,
})

export const updateQueryField = z
  .union([z.array(z.string()), z.string().transform((text) => [text])])
  .default([])
  .describe('Words that stand in the ref; all of them. Default: every asset that came from a catalog.')

export const updateRowSchema = z.object({
  ref: z.string(),
  layer: z.enum(['project', 'global', 'cache']),
  catalog: z.string(),
  state: z.enum(updateStates).describe('outdated: the catalog changed it; modified: you did; conflict: both; gone: the catalog has it no more.'),
  version: z.string().optional().describe('Of what is here.'),
  upstreamVersion: z.string().optional().describe('Of what the catalog has, when its index says.'),
  base: z.string().describe('Digest of what was taken over.'),
  installed: z.string().describe('Digest of what is here.'),
  upstream: z.string().nullable().describe('Digest of what the catalog has; null: nothing.'),
})
export const uncheckedSchema = z.object({
  ref: z.string(),
  layer: z.enum(['project', 'global', 'cache']),
  catalog: z.string(),
  isNamed: z.boolean().describe('False when it came from a catalog that the options of this project do not name.'),
  why: z.string(),
})

/** @throws CATALOG_NONE, CATALOG_UPDATE_UNKNOWN */
export async function requireUpdates(query: readonly string[], workspace: Workspace, signal: AbortSignal) {
  const catalogs = await workspace.catalogs()
  catalogs.all()
  const words = query.flatMap((one) => one.toLowerCase().split(/\s+/)).filter(Boolean)
  const found = await listUpdates((ref) => words.every((word) => ref.toLowerCase().includes(word)), workspace, signal)
  if (words.length > 0 && found.updates.length + found.unchecked.length === 0) throw nothingAsked({ query: query.join(' ') })
  return found
}

export function updateRow(update: AssetUpdate): z.output<typeof updateRowSchema> {
  const { ref, layer, catalog, state, base, installed, upstream, hit } = update
  const { version } = update.layer === 'project' ? update.entry : update.kept.row
  const upstreamVersion = hit?.row.version
  return {
    ref,
    layer,
    catalog,
    state,
    ...(version !== undefined && { version }),
    ...(upstreamVersion !== undefined && { upstreamVersion }),
    base,
    installed,
    upstream: upstream ?? null,
  }
}

/** @param done - what was done to an asset, in place of how it stood */
export function updateLines<Row extends z.output<typeof updateRowSchema>>(
  items: readonly Row[],
  unchecked: readonly z.output<typeof uncheckedSchema>[],
  done: (item: Row) => string | undefined = () => undefined,
): string[] {
  return [
    ...items.map((item) => {
      const { ref, layer, catalog, state, version, upstreamVersion } = item
      const word = done(item)
      const step = version === undefined || upstreamVersion === undefined || version === upstreamVersion ? '' : ` ${version} → ${upstreamVersion}`
      return `${word !== undefined ? '✓' : state === 'current' ? '·' : '!'} ${(word ?? state).padEnd(9)} ${ref}${step}  (${layerNames[layer]}, from ${catalog})`
    }),
    ...unchecked.map(({ ref, isNamed, why }) => `${isNamed ? '✗' : '·'} ${ref} could not be compared: ${why}`),
    ...(items.length + unchecked.length === 0 ? ['Nothing here came from a catalog.'] : []),
  ]
}

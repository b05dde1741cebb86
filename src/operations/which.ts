import { resolve } from 'node:path'
import * as z from 'zod'
import type { LocatedAsset } from '../workspace/layers.ts'
import type { Workspace } from '../workspace.ts'
import { assetDownloadField, mayDownload } from './asset-download.ts'
import { unmetHere, unmetHereLines, unmetSchema, type Unmet } from './needed-assets.ts'
import { defineOperation } from './operation.ts'

/** The layers in the words of a person. */
export const layerNames = { project: 'project', global: 'your library', cache: 'cache', catalog: 'catalog' } as const

export default defineOperation({
  input: z.strictObject({ name: z.string().min(1).describe('Token, ref, alias, or the last part of a ref.'), ...assetDownloadField }),
  output: z.object({
    ref: z.string(),
    layer: z.enum(['project', 'global', 'cache', 'catalog']).describe('The first that has it.'),
    place: z.string().describe('Its file, absolute; of a catalog, where the file stands.'),
    catalog: z.string().optional().describe('Where it comes from.'),
    version: z.string().optional(),
    missing: z.array(unmetSchema).describe('What it needs, and this machine does not have; of what only a catalog has, nothing is said.'),
  }),
  positional: ['name'],
  effect: 'read',
  example: 'assetloom which ui-components/forms/contact-form',
  async run({ name, assetDownload }, { workspace, signal }) {
    const { locateAsset } = await workspace.layers()
    const located = await locateAsset(name, workspace, signal, mayDownload(assetDownload, workspace))
    return { ref: located.ref, layer: located.layer, ...describe(located, workspace), missing: await missingOf(located, workspace) }
  },
  present: ({ ref, layer, place, catalog, missing }) =>
    [`${ref}  ${layerNames[layer]}${catalog === undefined ? '' : ` (from ${catalog})`}`, `  ${place}`, ...unmetHereLines(missing, layer === 'project')].join('\n'),
})

/** Of what lies on this machine; with what only a catalog has comes what it needs. */
export async function missingOf(located: LocatedAsset, workspace: Workspace): Promise<Unmet[]> {
  if (located.layer === 'catalog') return []
  const { dependencies = {} } = located.layer === 'project' ? located.entry : located.kept.row
  return unmetHere(located.ref, dependencies, workspace)
}

function describe(located: LocatedAsset, { options }: Workspace): { place: string; catalog?: string; version?: string } {
  if (located.layer === 'project') {
    const { entry } = located
    const catalog = entry.source.type === 'catalog' ? entry.source.catalog : undefined
    return { place: entry.file === undefined ? options.root : resolve(options.root, entry.file), version: entry.version, ...(catalog !== undefined && { catalog }) }
  }
  const { row } = located.layer === 'catalog' ? located.hit : located.kept
  const version = row.version === undefined ? {} : { version: row.version }
  if (located.layer !== 'catalog') return { place: located.kept.files[0]!.file, catalog: located.kept.catalog, ...version }
  const { catalog } = located.hit
  const { revision = '' } = located.indexes.open.find((index) => index.catalog === catalog.name) ?? {}
  return { place: catalog.placeOf(revision, row.files[0]?.path ?? `assets/${row.ref}`), catalog: catalog.name, ...version }
}

import * as z from 'zod'
import { isAssetloomError } from '../core/errors.ts'
import { libraryKind } from '../core/kinds/index.ts'
import type { Entry } from '../core/manifest.ts'
import type { Counts, Workspace } from '../workspace.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { findAsset, requireAsset } from '../core/find-asset.ts'
import { createGraph } from '../core/graph/graph.ts'
import { isToken, parseToken } from '../core/token.ts'
import { byteSize, shortened, valueRepresentation } from '../core/value-representation.ts'
import { assetDownloadField, mayDownload } from './asset-download.ts'
import { catalogAssetSchema, catalogAssetText, describeCatalogAsset } from './catalog-asset.ts'
import { entryRowSchema, toRow } from './entry-row.ts'
import { defineOperation } from './operation.ts'

/** A library item that cannot be read now is told by its name. */
async function contentInShort(entry: Entry, workspace: Workspace): Promise<string> {
  const represent = isItem(entry) ? libraryKind(entry.kind)!.represent : undefined
  if (!represent) return valueRepresentation(entry)
  try {
    return shortened(represent((await workspace.library.read(entry.file!)).item))
  } catch (error) {
    if (isAssetloomError(error)) return valueRepresentation(entry)
    throw error
  }
}

function countsText({ views, downloads, usageCount }: Counts): string {
  const times = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
  return [times(views, 'view'), times(downloads, 'download'), times(usageCount, 'use')].join(', ')
}

/** What stands under the last part of its ref, or is none of the project's. @throws ASSET_UNKNOWN when no other layer has it and there is no catalog to ask */
async function elsewhere(name: string, workspace: Workspace, signal: AbortSignal, mayAsk: boolean) {
  const catalogs = await workspace.catalogs()
  const { locateAsset, locateHere } = await workspace.layers()
  if (!(catalogs.areConfigured && mayAsk) && !locateHere(name, workspace, catalogs)) throw requireAsset(workspace.manifest.read().assets, name)
  const located = await locateAsset(name, workspace, signal)
  return located.layer === 'project' ? located : describeCatalogAsset(located)
}

const parsedTokenSchema = z.object({
  token: z.string(),
  prefix: z.string(),
  prefixName: z.string(),
  family: z.string(),
  familyName: z.string(),
  variant: z.string(),
  variantName: z.string(),
  sequence: z.number().int(),
})

export default defineOperation({
  input: z.strictObject({ ref: z.string().min(1).describe('Token, id or alias.'), ...assetDownloadField }),
  output: z.union([
    entryRowSchema.extend({
      valueRepresentation: z.string().max(400).describe('The content in short.'),
      dependents: z.array(z.string()).describe('Assets that depend on this one.'),
      counts: z
        .object({
          views: z.number().int(),
          downloads: z.number().int(),
          usageCount: z.number().int(),
          lastAccessed: z.string().optional(),
        })
        .describe('How often it was looked at, exported, used, in this copy of the project.'),
      parsed: parsedTokenSchema.optional().describe('The token taken apart.'),
      layer: z.literal('project').describe('Where it was found first: the project.'),
    }),
    catalogAssetSchema,
  ]),
  positional: ['ref'],
  effect: 'read',
  example: 'assetloom info LOGO-AIOTIZE-PFP001',
  async run(input, { workspace, signal }) {
    const { assets } = workspace.manifest.read()
    const found = findAsset(assets, input.ref) ?? (await elsewhere(input.ref, workspace, signal, mayDownload(input.assetDownload, workspace)))
    if (!('entry' in found)) return found
    const { ref, entry } = found
    workspace.counters.add(ref, 'views')
    return {
      ...toRow(ref, entry),
      layer: 'project' as const,
      valueRepresentation: await contentInShort(entry, workspace),
      counts: workspace.counters.of(ref),
      dependents: [...createGraph(assets).dependentsOf(ref)],
      ...(isToken(ref) && { parsed: parseToken(ref, workspace.words()) }),
    }
  },
  pictured: (info) => (info.layer === 'project' ? info : undefined),
  present(info) {
    if (info.layer !== 'project') return catalogAssetText(info)
    const { parsed } = info
    const rows: [string, string | undefined][] = [
      [
        'is',
        parsed && `${parsed.prefixName} · ${parsed.familyName} · ${parsed.variantName}, number ${parsed.sequence}`,
      ],
      ['content', info.valueRepresentation],
      ['file', info.file && `${info.file}${info.size === undefined ? '' : ` (${byteSize(info.size)})`}`],
      ['name', info.name],
      ['description', info.description],
      ['alt', info.alt],
      ['tags', info.tags?.join(', ')],
      ['aliases', info.aliases?.join(', ')],
      ['rights', [info.usageRights, info.license].filter(Boolean).join(', ')],
      ['licence note', info.source.type === 'spec' ? info.source.licenseNote : undefined],
      ['version', `${info.version}, ${info.modified}`],
      ['made from', info.source.type === 'spec' ? info.source.spec : info.source.type],
      ['depends on', Object.keys(info.dependencies ?? {}).join(', ')],
      ['needed by', info.dependents.join(', ')],
      ['counted', countsText(info.counts)],
      ['import', `import asset from "asset:${info.ref}"`],
    ]
    return [info.ref, ...rows.flatMap(([label, text]) => (text ? [`  ${label.padEnd(12)}${text}`] : []))].join('\n')
  },
})

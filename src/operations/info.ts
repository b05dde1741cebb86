import * as z from 'zod'
import { formatUsd } from '../core/cost.ts'
import { isAssetloomError } from '../core/errors.ts'
import { libraryKind } from '../core/kinds/index.ts'
import type { Prop } from '../core/kinds/fill-component.ts'
import type { Parameter } from '../core/kinds/parameters.ts'
import type { Entry } from '../core/manifest.ts'
import type { Counts, RunAverages, Workspace } from '../workspace.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { findAsset, requireAsset } from '../core/find-asset.ts'
import { createGraph } from '../core/graph/graph.ts'
import { isToken, parseToken } from '../core/token.ts'
import { byteSize, shortened, valueRepresentation } from '../core/value-representation.ts'
import { assetDownloadField, mayDownload } from './asset-download.ts'
import { catalogAssetSchema, catalogAssetText, describeCatalogAsset } from './catalog-asset.ts'
import { entryRowSchema, toRow } from './entry-row.ts'
import { unmetHereLines, unmetSchema } from './needed-assets.ts'
import { defineOperation } from './operation.ts'
import { missingOf } from './which.ts'

const givenSchema = z.object({
  name: z.string(),
  type: z.string(),
  required: z.boolean().describe('It must be given.'),
  default: z.unknown().optional(),
  values: z.array(z.union([z.string(), z.number()])).optional().describe('What it may be.'),
  description: z.string().optional(),
})
const contentFields = {
  valueRepresentation: z.string().max(400).describe('The content in short.'),
  parameters: z.array(givenSchema).optional().describe('What a prompt, tool or skill is given.'),
  props: z.array(givenSchema).optional().describe('What a component is given.'),
  slots: z.array(z.object({ name: z.string(), description: z.string().optional() })).optional().describe('Places of a component for markup.'),
}
type Content = z.output<z.ZodObject<typeof contentFields>>

/** A library item that cannot be read now is told by its name. */
export async function contentOf(entry: Entry, workspace: Workspace): Promise<Content> {
  const plain = { valueRepresentation: valueRepresentation(entry) }
  if (!isItem(entry)) return plain
  const kind = libraryKind(entry.kind)!
  try {
    const { item } = await workspace.library.read(entry.file)
    const parameters = kind.use?.(item).parameters
    const accepted = kind.accepts?.(item)
    return {
      ...(kind.represent ? { valueRepresentation: shortened(kind.represent(item)) } : plain),
      ...(parameters && { parameters: parameters.map((one) => given(one, one.isRequired)) }),
      ...(accepted && { props: accepted.props.map((one) => given(one, one.required ?? false)), slots: [...accepted.slots] }),
    }
  } catch (error) {
    if (isAssetloomError(error)) return plain
    throw error
  }
}

/** What has a default need not be given. */
function given(one: Parameter | Prop, isRequired: boolean): z.output<typeof givenSchema> {
  const { name, type, default: standard, description } = one
  return {
    name,
    type,
    required: isRequired && standard === undefined,
    ...(standard !== undefined && { default: standard }),
    ...('values' in one && one.values && { values: [...one.values] }),
    ...(description !== undefined && { description }),
  }
}

function givenLine({ name, type, required, default: standard, values, description }: z.output<typeof givenSchema>): string {
  const how = required ? 'required' : standard === undefined ? 'optional' : `default ${JSON.stringify(standard)}`
  return `${name}: ${values?.join(' | ') ?? type}, ${how}${description === undefined ? '' : `. ${description}`}`
}

function countsText({ views, downloads, usageCount }: Counts): string {
  const times = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
  return [times(views, 'view'), times(downloads, 'download'), times(usageCount, 'use')].join(', ')
}

function averagesOf(ref: string, workspace: Workspace): { averages?: RunAverages } {
  const averages = workspace.runTotals.of(ref)
  return averages ? { averages } : {}
}

function averagesText({ runs, successRate, avgDurationMs, avgTokens, costMicroUsd }: RunAverages): string {
  const parts = [`${runs} ${runs === 1 ? 'time' : 'times'}`, `${successRate} % well`, `${(avgDurationMs / 1000).toFixed(1)} s`, ...(avgTokens > 0 ? [`${avgTokens} tokens`] : []), ...(costMicroUsd > 0 ? [`${formatUsd(costMicroUsd)} in all`] : [])]
  return parts.join(', ')
}

/** What stands under the last part of its ref, or is none of the project's. @throws ASSET_UNKNOWN, ASSET_NOWHERE */
async function elsewhere(name: string, workspace: Workspace, signal: AbortSignal, mayAsk: boolean) {
  const catalogs = await workspace.catalogs()
  const { locateAsset, locateHere } = await workspace.layers()
  if (!catalogs.areConfigured && !locateHere(name, workspace, catalogs)) throw requireAsset(workspace.manifest.read().assets, name)
  const located = await locateAsset(name, workspace, signal, mayAsk)
  return located.layer === 'project' ? located : describeCatalogAsset(located, await missingOf(located, workspace))
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
      ...contentFields,
      dependents: z.array(z.string()).describe('Assets that depend on this one.'),
      missing: z.array(unmetSchema).describe('What it needs, and this machine does not have.'),
      counts: z
        .object({
          views: z.number().int(),
          downloads: z.number().int(),
          usageCount: z.number().int(),
          lastAccessed: z.string().optional(),
        })
        .describe('How often it was looked at, exported, used, in this copy of the project.'),
      averages: z
        .object({ runs: z.number().int(), successRate: z.number().describe('In percent.'), avgDurationMs: z.number(), avgTokens: z.number(), costMicroUsd: z.number().int().describe('Of all runs.') })
        .optional()
        .describe('What running it took on the average, in this copy of the project.'),
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
      ...(await contentOf(entry, workspace)),
      counts: workspace.counters.of(ref),
      ...averagesOf(ref, workspace),
      dependents: [...createGraph(assets).dependentsOf(ref)],
      missing: await missingOf({ layer: 'project', ref, entry }, workspace),
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
      ...(info.parameters ?? []).map((one): [string, string] => ['takes', givenLine(one)]),
      ...(info.props ?? []).map((one): [string, string] => ['prop', givenLine(one)]),
      ...(info.slots ?? []).map(({ name, description }): [string, string] => ['slot', `${name}${description === undefined ? '' : `. ${description}`}`]),
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
      ['ran', info.averages && averagesText(info.averages)],
      ['import', `import asset from "asset:${info.ref}"`],
    ]
    return [info.ref, ...rows.flatMap(([label, text]) => (text ? [`  ${label.padEnd(12)}${text}`] : [])), ...unmetHereLines(info.missing, true)].join('\n')
  },
})

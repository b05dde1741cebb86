import * as z from 'zod'
import { codeFilesOf } from '../core/catalog/code-files.ts'
import { byteSize } from '../core/value-representation.ts'
import type { LocatedAsset } from '../workspace/layers.ts'
import { unmetHereLines, unmetSchema, type Unmet } from './needed-assets.ts'
import { layerNames } from './which.ts'

/* An asset of a catalog before it is one of the project: what its index says. */

export const catalogAssetSchema = z.object({
  ref: z.string(),
  layer: z.enum(['global', 'cache', 'catalog']).describe('Where it was found first.'),
  catalog: z.string(),
  revision: z.string().optional().describe('The commit that it was read at.'),
  type: z.string(),
  category: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  bin: z.string().optional().describe('A program that it needs.'),
  version: z.string().optional(),
  license: z.string().optional(),
  created: z.string(),
  updated: z.string(),
  size: z.number().int().describe('Bytes of its content file.'),
  sha: z.string().describe('Git blob SHA-1 of its content file.'),
  files: z.array(z.object({ path: z.string(), size: z.number().int(), sha256: z.string() })).describe('Its files in the repository, as the index says.'),
  dependencies: z.record(z.string(), z.string()),
  code: z.array(z.string()).describe('Those of its files that hold code.'),
  missing: z.array(unmetSchema).describe('What it needs, and this machine does not have; of what only a catalog has, nothing is said.'),
})
export type CatalogAsset = z.output<typeof catalogAssetSchema>

export function describeCatalogAsset(located: Exclude<LocatedAsset, { layer: 'project' }>, missing: Unmet[]): CatalogAsset {
  const { row } = located.layer === 'catalog' ? located.hit : located.kept
  const catalog = located.layer === 'catalog' ? located.hit.catalog.name : located.kept.catalog
  const revision = located.layer === 'catalog' ? located.indexes.open.find((index) => index.catalog === catalog)?.revision : located.kept.revision
  return {
    ref: row.ref,
    layer: located.layer,
    catalog,
    ...(revision && { revision }),
    type: row.type,
    category: row.category,
    name: row.name,
    description: row.description,
    tags: [...row.tags],
    ...(row.bin !== '' && { bin: row.bin }),
    ...(row.version !== undefined && { version: row.version }),
    ...(row.license !== undefined && { license: row.license }),
    created: row.created,
    updated: row.updated,
    size: row.sizeBytes,
    sha: row.sha,
    files: row.files.map(({ path, sizeBytes, sha256 }) => ({ path, size: sizeBytes, sha256 })),
    dependencies: { ...row.dependencies },
    code: codeFilesOf(row.type, row.files.map(({ path }) => path)),
    missing,
  }
}

export function catalogAssetText(asset: CatalogAsset): string {
  const rows: [string, string | undefined][] = [
    ['found in', `${layerNames[asset.layer]}${asset.layer === 'catalog' ? ` ${asset.catalog}` : ` (from ${asset.catalog})`}`],
    ['description', asset.description],
    ['tags', asset.tags.join(', ')],
    ['version', asset.version],
    ['license', asset.license],
    ['needs', asset.bin],
    ['depends on', Object.entries(asset.dependencies).map(([ref, range]) => `${ref} ${range}`).join(', ')],
    ['updated', asset.updated],
    ['files', asset.files.length === 0 ? byteSize(asset.size) : asset.files.map(({ path, size }) => `${path} (${byteSize(size)})`).join('\n              ')],
    ['code', asset.code.length === 0 ? undefined : `${asset.code.length} ${asset.code.length === 1 ? 'file' : 'files'}; shown before it is added`],
    ['add', asset.layer === 'catalog' ? `assetloom add ${asset.ref}` : `assetloom add ${asset.ref} --local`],
  ]
  return [asset.ref, ...rows.flatMap(([label, text]) => (text ? [`  ${label.padEnd(12)}${text}`] : [])), ...unmetHereLines(asset.missing, false)].join('\n')
}

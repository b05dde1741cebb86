import valid from 'semver/functions/valid.js'
import * as z from 'zod'
import { canonicalJson, digestOf } from './digest.ts'
import { defineError } from './errors.ts'
import type { FoundAsset } from './find-asset.ts'
import { entrySchema, manifestSchema, recordedFiles, type Entry } from './manifest.ts'
import type { Words } from './vocabulary.ts'

/* What stands in a pack: assetpack.json, and the files it lists. */

export const layoutFile = 'assetpack.json'

/** The format of packs that this version reads and writes. */
export const packSchemaVersion = 1

/** The folder of assets, as it is called in every pack, whatever a project calls its own. */
const packedFolder = 'assets/'

const fileOutside = defineError('PACK_FILE_OUTSIDE', {
  summary: 'An asset that is to be packed has a file outside the folder of assets.',
  message: (d: { ref: string; file: string; assetsDir: string }) =>
    `${d.ref} cannot be packed: ${d.file} does not lie under ${d.assetsDir}.`,
  hint: () => 'Move the file with assetloom organize, then pack again.',
})

const sizeBytes = z.number().int().min(0)
const packedAsset = entrySchema.omit({ source: true })

export const packLayoutSchema = z.strictObject({
  schemaVersion: z.literal(packSchemaVersion),
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be letters, digits, ".", "-" and "_", at most 100'),
  version: z.string().refine((text) => valid(text) === text, 'must be a semantic version, such as 1.2.0'),
  license: z.string().max(1000).optional().describe('Licences of the assets, joined by AND.'),
  vocabulary: manifestSchema.shape.vocabulary.describe('The words that the tokens in it are made of.'),
  entries: z
    .array(
      z.strictObject({
        path: z.string().describe('Where the file stands in the pack.'),
        ref: z.string().describe('The asset that it belongs to.'),
        size: sizeBytes.describe('Bytes.'),
        sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'),
        dependencies: z.record(z.string(), z.string()).optional(),
      }),
    )
    .describe('Every file but assetpack.json itself, sorted by path.'),
  assets: z.record(z.string(), packedAsset).describe('The entries of the manifest, without their origin.'),
})
export type PackLayout = z.output<typeof packLayoutSchema>
export type PackedAsset = PackLayout['assets'][string]

/** A copy of an entry whose files have other paths. */
export function withPaths<E extends Pick<Entry, 'file' | 'formats' | 'files'>>(
  entry: E,
  pathOf: (file: string) => string,
): E {
  const moved = <F extends { file: string }>(one: F): F => ({ ...one, file: pathOf(one.file) })
  const { file, formats, files } = entry
  return {
    ...entry,
    ...(file !== undefined && { file: pathOf(file) }),
    ...(formats && { formats: Object.fromEntries(Object.entries(formats).map(([name, one]) => [name, moved(one)])) }),
    ...(files && { files: files.map(moved) }),
  }
}

/**
 * Where a file of a project stands in a pack.
 * @throws PACK_FILE_OUTSIDE
 */
export function packedPath(ref: string, file: string, assetsDir: string): string {
  if (!file.startsWith(`${assetsDir}/`)) throw fileOutside({ ref, file, assetsDir })
  return packedFolder + file.slice(assetsDir.length + 1)
}

/** Where a file of a pack goes in a project. */
export function installedPath(path: string, assetsDir: string): string {
  return `${assetsDir}/${path.slice(packedFolder.length)}`
}

/** Whether a path of a pack is one that installing may write: an asset's, and nothing that Assetloom keeps itself. */
export function isAssetPath(path: string): boolean {
  return path.startsWith(packedFolder) && !/^assets\/(?:manifest\.json$|history\/)/i.test(path)
}

/**
 * The layout of a pack of these assets.
 * @param input.sizeOf - bytes of a file, relative to the project
 * @throws PACK_FILE_OUTSIDE
 */
export function layoutOf(input: {
  name: string
  version: string
  assets: readonly FoundAsset[]
  assetsDir: string
  words: Words
  sizeOf(file: string): number
}): PackLayout {
  const { name, version, assetsDir, words } = input
  const assets: PackLayout['assets'] = {}
  const entries: PackLayout['entries'] = []
  for (const { ref, entry } of input.assets) {
    const { source: _source, ...own } = entry
    assets[ref] = withPaths(own, (file) => packedPath(ref, file, assetsDir))
    for (const { file, hash } of recordedFiles(entry))
      entries.push({
        path: packedPath(ref, file, assetsDir),
        ref,
        size: input.sizeOf(file),
        sha256: (hash ?? '').replace(/^sha256:/, ''),
        ...(file === entry.file && entry.dependencies && { dependencies: entry.dependencies }),
      })
  }
  const license = [...new Set(Object.values(assets).flatMap((asset) => asset.license ?? []))].sort().join(' AND ')
  return {
    schemaVersion: packSchemaVersion,
    name,
    version,
    ...(license !== '' && { license }),
    vocabulary: wordsOf(Object.values(assets), words),
    entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)),
    assets,
  }
}

/** The words that tokens of these assets are made of. */
function wordsOf(assets: readonly PackedAsset[], words: Words): PackLayout['vocabulary'] {
  const families = new Map<string, string>()
  const prefixes = new Map<string, string>()
  const variants = new Map<string, string>()
  for (const { category, family, variant } of assets) {
    const known = words.categories.find(({ name }) => name === category)
    if (known) prefixes.set(known.name, known.prefix)
    if (family !== undefined) families.set(family, words.families.get(family) ?? family)
    const variantName = variant !== undefined && words.variants.get(variant)
    if (variantName) variants.set(variant!, variantName)
  }
  return {
    ...(prefixes.size > 0 && { prefixes: Object.fromEntries(prefixes) }),
    ...(families.size > 0 && { families: Object.fromEntries(families) }),
    ...(variants.size > 0 && { variants: Object.fromEntries(variants) }),
  }
}

/** The one spelling of a layout: sorted keys, two-space indent, LF, closing line end. */
export function formatLayout(layout: PackLayout): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(layout)), null, 2)}\n`
}

/**
 * Digest of what an asset is and holds, whatever it is called, wherever it stands and whichever labels stand at it.
 * @param refIn - the name in the pack of an asset that the project calls otherwise
 */
export function packedDigest(asset: PackedAsset, refIn: (ref: string) => string = (ref) => ref): string {
  const { token: _token, id: _id, aliases: _aliases, file: _file, created: _created, modified: _modified, ...rest } = asset
  const { source: _source, labels: _labels, formats, files, dependencies, ...own } = rest
  return `sha256:${digestOf({
    ...own,
    formats: Object.entries(formats ?? {}).map(([name, { hash }]) => [name, hash]).sort(),
    files: (files ?? []).map(({ hash }) => hash),
    dependencies: Object.entries(dependencies ?? {}).map(([ref, range]) => [refIn(ref), range]).sort(),
  })}`
}

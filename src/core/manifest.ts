import * as z from 'zod'
import { tokenPattern } from './token.ts'
import { vocabularySchema } from './vocabulary.ts'

/** The manifest format this version reads and writes. */
export const manifestVersion = 1

const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be "sha256:" and 64 hex digits')
const posixPath = z
  .string()
  .min(1)
  .regex(
    /^(?!\/)(?!.*\\)(?!(?:.*\/)?\.\.(?:\/|$)).*$/,
    'must be a relative path with "/" that stays inside the project',
  )
const score = z.number().min(0).max(100)

const refinementSchema = z.looseObject({
  date: z.string(),
  type: z.string(),
  level: z.string().optional(),
  before: z.looseObject({ size: z.number().int(), hash }),
  after: z.looseObject({ size: z.number().int(), hash }),
})

const sourceSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('import'), importedBy: z.string().optional() }),
  z.looseObject({
    type: z.literal('spec'),
    spec: posixPath.describe('The spec file, relative to the project.'),
    specId: z.string().describe("The spec's id; with the place in the matrix when it was expanded."),
    specHash: z.string().describe('Digest of the canonical spec.'),
    jobKey: z.string().describe('Digest of everything that determines the raw bytes.'),
    processHash: z.string().describe('Digest of the post-processing steps and the versions of their processors.'),
    accepted: z
      .strictObject({ provider: z.string(), jobKey: z.string(), processHash: z.string() })
      .optional()
      .describe('After a rollback: the state of the spec for which the earlier version is taken, so that it is not made anew.'),
    rawHash: hash.optional().describe('The chosen raw answer in the blob store.'),
    provider: z.string(),
    model: z.string().optional(),
    costMicroUsd: z.number().int().min(0),
    seed: z.number().optional(),
    revisedPrompt: z.string().optional(),
    licenseNote: z.string().min(1).optional().describe('What the licence of the model says of using the file.'),
    generated: z.string(),
  }),
  z.looseObject({ type: z.literal('catalog'), catalog: z.string(), sha: z.string(), path: z.string() }),
  z.looseObject({ type: z.literal('pack'), pack: z.string(), version: z.string() }),
  z.looseObject({ type: z.literal('library') }),
])

const contentFileSchema = z.looseObject({ file: posixPath, hash, size: z.number().int().min(0) })
const fileFormatSchema = z.looseObject({ file: posixPath, hash, size: z.number().int().min(0), mediaType: z.string() })

/** One asset in the manifest. Unknown fields are kept as they are. */
export const entrySchema = z.looseObject({
  kind: z.string().min(1).describe('What sort of asset: image, audio, color, … or a library kind.'),
  token: z.string().regex(tokenPattern).optional().describe('The code of a media asset; never reissued.'),
  id: z.string().optional().describe('The path name of a library asset.'),
  aliases: z.array(z.string()).optional().describe('Other names, e.g. the manifest_key of a spec.'),
  file: posixPath.optional().describe('Where the file stands, relative to the project.'),
  originalName: z.string().optional().describe('The name of the imported file.'),
  category: z.string().optional(),
  family: z.string().optional(),
  variant: z.string().optional(),
  hash: hash.optional().describe('Digest of the file.'),
  size: z.number().int().min(0).optional().describe('Bytes.'),
  mediaType: z.string().optional().describe('By content, not by extension.'),
  widthPx: z.number().min(0).optional(),
  heightPx: z.number().min(0).optional(),
  hasAlpha: z.boolean().optional(),
  dominantColorHex: z.string().optional(),
  durationMs: z.number().min(0).optional(),
  sampleRateHz: z.number().optional(),
  channels: z.number().int().optional(),
  colorHex: z.string().optional().describe('The value of a colour.'),
  formats: z.record(z.string(), fileFormatSchema).optional().describe('Other derived files, by extension.'),
  files: z.array(contentFileSchema).optional().describe('Content files of a library item, in the order it names them.'),
  digest: hash.optional().describe('Digest of a library item with its content files: what a version stands for.'),
  name: z.string().optional(),
  description: z.string().optional(),
  alt: z.string().optional().describe('Text for those who do not see the picture.'),
  tags: z.array(z.string()).optional(),
  keywords: z.array(z.string()).optional(),
  usageRights: z.string().optional(),
  license: z.string().optional(),
  author: z.string().optional(),
  isPublic: z.boolean().optional(),
  documentation: z.string().optional(),
  preview: z.string().optional(),
  version: z.string().describe('Semver of the present state.'),
  labels: z.record(z.string(), z.string()).optional().describe('Versions that a word stands for, e.g. `production`.'),
  created: z.string(),
  modified: z.string(),
  refinements: z.array(refinementSchema).optional(),
  source: sourceSchema,
  dependencies: z.record(z.string(), z.string()).optional(),
  tested: z.boolean().optional(),
  accessibilityScore: score.optional(),
  performanceScore: score.optional(),
  qualityScore: z.looseObject({ score, parts: z.record(z.string(), z.number()) }).optional(),
  tokenCost: z.number().optional(),
  rating: z.number().optional(),
})
export type Entry = z.output<typeof entrySchema>
/** Members of an entry that were measured on its file. */
export const measuredMembers = [
  'widthPx',
  'heightPx',
  'hasAlpha',
  'dominantColorHex',
  'durationMs',
  'sampleRateHz',
  'channels',
] as const satisfies readonly (keyof Entry)[]
export type EntrySource = Entry['source']
export type SpecSource = Extract<EntrySource, { type: 'spec' }>

/** As in the options but without their defaults: what a manifest does not say is not written into it. */
const { prefixes, families, variants } = vocabularySchema.shape
const ownWords = z.strictObject({
  prefixes: prefixes.unwrap().optional(),
  families: families.unwrap().optional(),
  variants: variants.unwrap().optional(),
})

export const manifestSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(manifestVersion),
  vocabulary: ownWords.default({}),
  sequences: z
    .record(z.string(), z.number().int().min(0))
    .default({})
    .describe('The highest number ever issued, by prefix-family-variant.'),
  lock: z
    .record(z.string(), z.strictObject({ version: z.string(), digest: hash }))
    .optional()
    .describe('Exact version and digest of each asset that others depend on.'),
  assets: z.record(z.string(), entrySchema).default({}),
})
export type Manifest = z.output<typeof manifestSchema>

/** The members that a manifest may have, as they are written. */
export const manifestMembers: readonly string[] = Object.keys(manifestSchema.shape)

/**
 * What is wrong between an entry and the key it stands under. One damaged byte in either would make
 * an asset vanish under its name, so the two must agree.
 */
export function entriesProblem(manifest: Manifest): { why: string; path: string[] } | undefined {
  for (const [ref, entry] of Object.entries(manifest.assets)) {
    const own = refOf(entry)
    const path = ['assets', ref]
    if (own === '') return { why: `assets → ${ref}: has neither "token" nor "id"`, path }
    if (own !== ref)
      return { why: `assets → ${ref}: its ${entry.token ? 'token' : 'id'} is ${JSON.stringify(own)}`, path }
  }
  return undefined
}

export function emptyManifest(): Manifest {
  return {
    $schema: '../node_modules/assetloom/schema/manifest.json',
    version: manifestVersion,
    vocabulary: {},
    sequences: {},
    assets: {},
  }
}

/**
 * The manifest's one spelling: sorted keys, two-space indent, LF, closing line end.
 * Equal manifests give equal bytes.
 */
export function formatManifest(manifest: Manifest): string {
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value)
              .filter(([, v]) => v !== undefined)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([k, v]) => [k, sorted(v)]),
          )
        : value
  const members = Object.entries(manifest).sort(([a], [b]) => manifestMembers.indexOf(a) - manifestMembers.indexOf(b))
  return `${JSON.stringify(Object.fromEntries(members.map(([k, v]) => [k, sorted(v)])), null, 2)}\n`
}

/** Every file of an asset with its digest: its own, its further formats, and content files. */
export function recordedFiles(entry: Entry): { file: string; hash?: string | undefined }[] {
  return [
    ...(entry.file === undefined ? [] : [{ file: entry.file, hash: entry.hash }]),
    ...Object.values(entry.formats ?? {}),
    ...(entry.files ?? []),
  ]
}

/** Every file of an asset, relative to the root. */
export function filesOf(entry: Entry): string[] {
  return recordedFiles(entry).map(({ file }) => file)
}

/** The ref of an entry: its token, or else its id. */
export function refOf(entry: Pick<Entry, 'token' | 'id'>): string {
  return entry.token ?? entry.id ?? ''
}

import type { Loader } from 'astro/loaders'
import type { ImageMetadata } from 'astro'
import { z } from 'astro/zod'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineError } from '../../core/errors.ts'
import { didYouMean } from '../../core/near.ts'
import type { Entry } from '../../core/manifest.ts'
import { findProject } from './project.ts'

const integrationMissing = defineError('INTEGRATION_MISSING', {
  summary: 'assetCollection() is used without the Astro integration.',
  message: (d: { collection: string }) =>
    `The collection "${d.collection}" is loaded by assetCollection(), and the integration is not there.`,
  hint: () => 'Add it to astro.config: import assetloom from "assetloom/astro"; integrations: [assetloom()].',
})
const filterInvalid = defineError('COLLECTION_FILTER', {
  summary: 'assetCollection() was given an option that does not exist or has a wrong value.',
  message: (d: { problem: string }) => `assetCollection(): ${d.problem}.`,
  hint: () => 'It takes { kind?, category?, tags? }; tags is a list, and an asset must have all of them.',
  exit: 2,
})

/** Which assets a collection holds; all of them without a filter. */
export interface AssetCollectionFilter {
  /** `image`, `audio`, `color`, … */
  kind?: string
  /** `Logos`, … */
  category?: string
  /** An asset must have every one. */
  tags?: readonly string[]
}

/** What Astro looks for in data to put an imported image in its place; schemas of `image()` write it. */
const imageMark = '__ASTRO_IMAGE_'

const schema = z.object({
  ref: z.string().describe('Token or id; for <Asset ref> too.'),
  kind: z.string(),
  category: z.string().optional(),
  family: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  alt: z.string().optional(),
  tags: z.array(z.string()),
  license: z.string().optional(),
  version: z.string(),
  mediaType: z.string().optional(),
  sizeBytes: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  durationMs: z.number().optional(),
  color: z.string().optional().describe('#RRGGBB of a colour, or the dominant one of a picture.'),
  /** Pictures only: what `image()` gives, for <Image src>. */
  image: (z.string().transform((path) => imageMark + path) as unknown as z.ZodType<ImageMetadata>).optional(),
})

/**
 * A content collection of assets: one entry per asset, its ref as id.
 * @example
 * const logos = defineCollection({ loader: assetCollection({ kind: 'image', tags: ['logo'] }) })
 * @throws COLLECTION_FILTER; on loading INTEGRATION_MISSING, MANIFEST_DAMAGED
 */
export function assetCollection(filter: AssetCollectionFilter = {}): Loader & { schema: typeof schema } {
  checkFilter(filter)
  return {
    name: 'assetloom',
    schema,
    async load({ collection, config, store, parseData, generateDigest, watcher, logger }) {
      const project = findProject(fileURLToPath(config.root).replace(/[\\/]$/, ''))
      if (!project) throw integrationMissing({ collection })
      const refresh = async () => {
        const gone = new Set(store.keys())
        for (const { ref, entry } of await project.assets()) {
          if (!matches(entry, filter)) continue
          const raw = entryData(ref, entry)
          const data = await parseData({ id: ref, data: raw })
          store.set({ id: ref, data, digest: generateDigest(raw) })
          gone.delete(ref)
        }
        for (const id of gone) store.delete(id)
      }
      await refresh()
      if (!watcher) return
      const manifest = await project.manifestFile()
      // Watched with the whole root; to add a file that does not exist makes chokidar lose its folder.
      const onChange = (path: string) => {
        if (path === manifest) refresh().catch((error: Error) => logger.error(error.message))
      }
      watcher.on('change', onChange)
      watcher.on('add', onChange)
    },
  }
}

function checkFilter(filter: AssetCollectionFilter): void {
  const allowed = ['kind', 'category', 'tags']
  for (const key of Object.keys(filter)) {
    const suggestion = didYouMean(key, allowed)
    if (!allowed.includes(key))
      throw filterInvalid({ problem: `there is no option "${key}"${suggestion ? ` (${suggestion})` : ''}` })
  }
  const { kind, category, tags } = filter
  for (const [key, value] of Object.entries({ kind, category }))
    if (value !== undefined && typeof value !== 'string') throw filterInvalid({ problem: `${key} must be a text` })
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')))
    throw filterInvalid({ problem: 'tags must be a list of texts' })
}

function matches(entry: Entry, { kind, category, tags }: AssetCollectionFilter): boolean {
  if (kind !== undefined && entry.kind !== kind) return false
  if (category !== undefined && entry.category !== category) return false
  return (tags ?? []).every((tag) => entry.tags?.includes(tag))
}

function entryData(ref: string, entry: Entry): Record<string, unknown> {
  const {
    kind,
    category,
    family,
    name,
    description,
    alt,
    tags,
    license,
    version,
    mediaType,
    size,
    widthPx,
    heightPx,
    durationMs,
    colorHex,
    dominantColorHex,
  } = entry
  const data = {
    ref, kind, category, family, name, description, alt, license, version, mediaType, durationMs,
    tags: tags ?? [],
    sizeBytes: size,
    width: widthPx,
    height: heightPx,
    color: colorHex ?? dominantColorHex,
    image: kind === 'image' && entry.file ? `~asset/${ref}${extname(entry.file)}` : undefined,
  }
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined))
}

import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { libraryKinds } from '../core/kinds/index.ts'
import { mediaKinds } from '../core/media.ts'
import { didYouMean } from '../core/near.ts'
import { parseQuantity } from '../core/quantity.ts'
import type { SearchFilters } from '../core/search-filters.ts'
import type { Workspace } from '../workspace.ts'

const day = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'must be a date such as 2026-11-30')
const size = z.union([z.number().min(0), z.string()]).optional()
const several = z.array(z.string()).default([])

/** What results must be, as members of an operation's input. */
export const filterShape = {
  kind: several.describe('Only these kinds, e.g. image, audio, ai-prompts.'),
  category: several.describe('Only these categories.'),
  family: several.describe('Only these families.'),
  tags: several.describe('Only assets with all of these tags.'),
  anyTags: several.describe('Only assets with at least one of these tags.'),
  license: several.describe('Only these licences.'),
  tested: z.boolean().optional().describe('Only assets that are marked as tested.'),
  unused: z.boolean().default(false).describe('Only assets that no code names and no asset depends on.'),
  minSize: size.describe('Only files of at least this size, e.g. 200kB.'),
  maxSize: size.describe('Only files of at most this size.'),
  since: day.optional().describe('Only what changed on or after this date.'),
  until: day.optional().describe('Only what changed before this date.'),
}
type FilterInput = z.output<z.ZodObject<typeof filterShape>>

const kindNowhere = defineError('FILTER_KIND', {
  summary: 'Assets of a kind were asked for that there is not.',
  message: (d: { kind: string; known: readonly string[] }) => `There is no kind ${JSON.stringify(d.kind)}; kinds are ${d.known.join(', ')}.`,
  hint: (d) => didYouMean(d.kind, d.known),
  exit: 2,
})

/** Kinds of media, of library items, and what else the manifest has. @throws FILTER_KIND */
function requireKinds(wanted: readonly string[], workspace: Workspace): void {
  if (wanted.length === 0) return
  const present = Object.values(workspace.manifest.read().assets).map((entry) => entry.kind)
  const known = [...new Set([...mediaKinds, 'color', ...libraryKinds.map(({ name }) => name), ...present])]
  const folded = new Set(known.map((kind) => kind.toLowerCase()))
  for (const kind of wanted) if (!folded.has(kind.toLowerCase())) throw kindNowhere({ kind, known })
}

/** @throws QUANTITY_INVALID, FILTER_KIND */
export async function filtersOf(input: FilterInput, workspace: Workspace): Promise<SearchFilters> {
  const { kind, category, family, tags, anyTags, license, tested, minSize, maxSize, since, until } = input
  requireKinds(kind, workspace)
  const bytes = (value: string | number | undefined, what: string) =>
    value === undefined ? undefined : parseQuantity(value, 'bytes', what)
  return {
    kind,
    category,
    family,
    tags,
    anyTags,
    license,
    tested,
    minSizeBytes: bytes(minSize, 'minSize'),
    maxSizeBytes: bytes(maxSize, 'maxSize'),
    sinceMs: since === undefined ? undefined : Date.parse(since),
    untilMs: until === undefined ? undefined : Date.parse(until),
    ...(input.unused && { except: await refsInUse(workspace) }),
  }
}

async function refsInUse(workspace: Workspace): Promise<Set<string>> {
  const { assets } = workspace.manifest.read()
  const used = new Set((await workspace.findUsages()).keys())
  const needed = new Set(Object.values(assets).flatMap((entry) => Object.keys(entry.dependencies ?? {})))
  for (const [ref, entry] of Object.entries(assets))
    if (needed.has(ref) || entry.aliases?.some((alias) => needed.has(alias))) used.add(ref)
  return used
}

import { canonicalJson } from './digest.ts'
import type { SpecInstance } from './spec-instance.ts'
import type { TokenPlan } from './issue-token.ts'
import { measuredMembers, type Entry, type SpecSource } from './manifest.ts'
import type { MediaFacts } from './media.ts'
import { isSameContent } from './version/snapshot.ts'
import { nextVersion } from './version-step.ts'

/** A file of an asset as the manifest names it. */
export type EntryFile = {
  /** Relative to the project. */
  file: string
  hash: string
  size: number
  mediaType: string
}

/** What was made for an asset; absent parts of an entry that is only refreshed stay as they are. */
export interface MadeAsset {
  main: EntryFile
  formats: Record<string, EntryFile>
  facts: MediaFacts
  quality?: { score: number; parts: Record<string, number> } | undefined
  source: SpecSource & Record<string, unknown>
}

/**
 * The entry of an asset that a spec makes. What a person added to the entry by hand stays, unless the spec was changed
 * since and says something else.
 */
export function specEntry(input: {
  instance: SpecInstance
  token: string
  tokenPlan: TokenPlan
  previous: Entry | undefined
  made: MadeAsset
  now: string
}): Entry {
  const { instance, token, tokenPlan, previous, made, now } = input
  const isSpecNew = previous?.source.type !== 'spec' || previous.source.specHash !== instance.specHash
  const { kind, mediaType: _mediaType, ...measured } = made.facts
  const { manifestType: _type, manifestSection, ...about } = instance.about
  const kept = dropMeasured(previous)
  const entry: Entry = {
    ...kept,
    kind,
    token,
    ...(instance.aliases.length > 0 ? { aliases: [...instance.aliases].sort() } : { aliases: undefined }),
    file: made.main.file,
    hash: made.main.hash,
    size: made.main.size,
    mediaType: made.main.mediaType,
    ...measured,
    formats: Object.keys(made.formats).length > 0 ? made.formats : undefined,
    category: tokenPlan.category.name,
    family: token.split('-')[1]!,
    variant: token.split('-')[2]!.slice(0, -3),
    ...(isSpecNew && about),
    ...(isSpecNew && manifestSection !== undefined && { manifestSection }),
    version: previous?.version ?? '1.0.0',
    created: previous?.created ?? now,
    modified: previous?.modified ?? now,
    source: made.source,
    qualityScore: made.quality ?? (instance.tracksQuality ? previous?.qualityScore : undefined),
  }
  const clean = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as Entry
  if (!previous || canonicalJson(previous) === canonicalJson(clean)) return clean
  return {
    ...clean,
    modified: now,
    ...(!isSameContent(previous, clean) && { version: nextVersion(previous.version) }),
  }
}

const madeMembers: readonly string[] = [...measuredMembers, 'formats', 'aliases', 'qualityScore']

/** A picture that became another must not keep the old one's measures. */
function dropMeasured(previous: Entry | undefined): Partial<Entry> {
  return Object.fromEntries(Object.entries(previous ?? {}).filter(([member]) => !madeMembers.includes(member)))
}

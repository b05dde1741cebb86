import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { defineError, toAssetloomError, type AssetloomError } from '../core/errors.ts'
import type { SpecInstance } from '../core/spec-instance.ts'
import { issueToken, recordToken, tokenTaken, type TokenPlan } from '../core/issue-token.ts'
import { filesOf, type Entry, type Manifest } from '../core/manifest.ts'
import type { MediaFacts } from '../core/media.ts'
import { foldedName, requireWritablePath } from '../core/names.ts'
import { specEntry, type EntryFile, type MadeAsset } from '../core/spec-entry.ts'
import { seriesOf, seriesOfToken } from '../core/token.ts'
import { categoryFolder, type Words } from '../core/vocabulary.ts'
import type { FileChanges } from './change-journal.ts'
import { confine } from './project-folder.ts'

const aliasTaken = defineError('ALIAS_TAKEN', {
  summary: 'A spec gives its asset a name that another asset has.',
  message: (d: { alias: string; owner: string }) => `The name ${d.alias} belongs to ${d.owner}.`,
  hint: () => 'Choose another manifest_key or naming_pattern.',
  exit: 5,
})

const pathTaken = defineError('PATH_TAKEN', {
  summary: 'A spec puts its file where something else stands already.',
  message: (d: { file: string; owner: string }) => `${d.file} is taken: it belongs to ${d.owner}.`,
  hint: () => 'Choose another manifest_path, or move the other file away.',
  exit: 5,
})

/** One file of an asset, lying ready in the temporary folder. */
export interface ReadyFile {
  temporary: string
  hash: string
  size: number
  mediaType: string
  /** `.png`, `.webp`, or the suffix of a further file such as `.atlas.json`. */
  suffix: string
}

/** An asset to be written into the manifest. */
export interface ReadyAsset {
  instance: SpecInstance
  token: TokenPlan
  facts: MediaFacts
  quality: { score: number; parts: Record<string, number> } | undefined
  /** Source without what only the manifest can tell. */
  source: MadeAsset['source']
  /** The main file first. */
  files: readonly ReadyFile[]
  /** A file that no asset owns may be written over. */
  mayReplace: boolean
  /** The token that the plan foresaw. */
  foreseen?: string
}

/**
 * The tokens that a plan foresaw, as long as they hold: assets get their numbers in the order of the plan, whichever is
 * finished first. Once anybody else issued a number in a series, its next ones are issued as they come.
 */
export interface ForeseenTokens {
  /** Whether nobody else has issued a number in this series since the plan. */
  hold(series: string, highestIssued: number): boolean
  /** What we issued ourselves. */
  issued(series: string, highestIssued: number): void
}

/** @param sequences - the highest numbers issued when the plan was made */
export function createForeseenTokens(sequences: Readonly<Record<string, number>>): ForeseenTokens {
  const seen = new Map<string, number>()
  const lost = new Set<string>()
  return {
    hold(series, highestIssued) {
      if ((seen.get(series) ?? sequences[series] ?? 0) !== highestIssued) lost.add(series)
      return !lost.has(series)
    },
    issued: (series, highestIssued) => void seen.set(series, highestIssued),
  }
}

/** Names and paths of a manifest, for many assets at once. */
function namesOf(draft: Manifest) {
  const bySpec = new Map<string, { ref: string; entry: Entry }>()
  const byName = new Map<string, string>()
  const byPath = new Map<string, string>()
  const add = (ref: string, entry: Entry) => {
    if (entry.source.type === 'spec') bySpec.set(entry.source.specId, { ref, entry })
    byName.set(ref, ref)
    for (const alias of entry.aliases ?? []) byName.set(alias, ref)
    for (const file of filesOf(entry)) byPath.set(foldedName(file), ref)
  }
  const drop = (ref: string, entry: Entry) => {
    for (const name of [ref, ...(entry.aliases ?? [])]) if (byName.get(name) === ref) byName.delete(name)
    for (const file of filesOf(entry)) byPath.delete(foldedName(file))
  }
  for (const [ref, entry] of Object.entries(draft.assets)) add(ref, entry)
  return { bySpec, byName, byPath, add, drop }
}

/**
 * Put assets into a manifest draft and their files in place; each asset fails for itself and then changes nothing.
 * @param input.wordsOf - the words that tokens of this draft are made of
 */
export function placeAssets(
  draft: Manifest,
  changes: FileChanges,
  assets: readonly ReadyAsset[],
  input: { root: string; assetsDir: string; now: string; wordsOf(draft: Manifest): Words; foreseen: ForeseenTokens },
): ({ ref: string; entry: Entry } | { error: AssetloomError })[] {
  const names = namesOf(draft)
  const words = input.wordsOf(draft)
  return assets.map((asset) => {
    const series = seriesOf({
      prefix: asset.token.category.prefix,
      family: asset.token.family,
      variant: asset.token.variant,
    })
    const issuedBefore = draft.sequences[series]
    try {
      return placeOne(draft, changes, asset, names, words, input)
    } catch (error) {
      if (issuedBefore === undefined) delete draft.sequences[series]
      else draft.sequences[series] = issuedBefore
      input.foreseen.issued(series, issuedBefore ?? 0)
      return { error: toAssetloomError(error) }
    }
  })
}

function placeOne(
  draft: Manifest,
  changes: FileChanges,
  asset: ReadyAsset,
  names: ReturnType<typeof namesOf>,
  words: Words,
  input: { root: string; assetsDir: string; now: string; foreseen: ForeseenTokens },
): { ref: string; entry: Entry } {
  const { instance } = asset
  const previous = names.bySpec.get(instance.specId)
  const token = tokenFor(draft, asset.token, previous, words, { tokens: input.foreseen, token: asset.foreseen })
  for (const alias of instance.aliases) {
    const owner = names.byName.get(alias)
    if (owner !== undefined && owner !== previous?.ref) throw aliasTaken({ alias, owner })
  }

  const [main, ...others] = asset.files
  const mainPath = targetOf(asset, token, main!.suffix, input.assetsDir)
  const stem = mainPath.slice(0, mainPath.length - extname(mainPath).length)
  const targets = [
    { ready: main!, file: mainPath },
    ...others.map((ready) => ({ ready, file: `${stem}${ready.suffix}` })),
  ]
  for (const { ready, file } of targets) requireFree(file, ready, previous, names, asset.mayReplace, input.root)

  const entryFile = ({ ready, file }: (typeof targets)[number]): EntryFile => ({
    file,
    hash: ready.hash,
    size: ready.size,
    mediaType: ready.mediaType,
  })
  const entry = specEntry({
    instance,
    token,
    tokenPlan: asset.token,
    previous: previous?.entry,
    now: input.now,
    made: {
      main: entryFile(targets[0]!),
      formats: Object.fromEntries(targets.slice(1).map((target) => [target.ready.suffix.slice(1), entryFile(target)])),
      facts: asset.facts,
      quality: asset.quality,
      source: asset.source,
    },
  })
  for (const { ready, file } of targets) changes.place(ready.temporary, join(input.root, file))
  const kept = new Set(targets.map(({ file }) => file))
  if (previous) {
    for (const file of filesOf(previous.entry)) if (!kept.has(file)) changes.remove(join(input.root, file))
    names.drop(previous.ref, previous.entry)
    if (previous.ref !== token) delete draft.assets[previous.ref]
  }
  draft.assets[token] = entry
  names.add(token, entry)
  return { ref: token, entry }
}

/** The token stays with the spec; only a part that the spec itself changed makes a new one. */
export function tokenFor(
  draft: Pick<Manifest, 'assets' | 'sequences'>,
  plan: TokenPlan,
  previous: { ref: string; entry: Entry } | undefined,
  words: Words,
  foreseen?: { tokens: ForeseenTokens; token: string | undefined },
): string {
  if (plan.fixed !== undefined) {
    const holder = draft.assets[plan.fixed]
    if (holder && plan.fixed !== previous?.ref)
      throw tokenTaken({
        token: plan.fixed,
        owner: holder.source.type === 'spec' ? `the spec ${holder.source.specId}` : 'an imported asset',
      })
    recordToken(draft, plan.fixed, words)
    return plan.fixed
  }
  const parts = /^([A-Z]+)-([A-Z]+)-([A-Z]+)\d{3}$/.exec(previous?.ref ?? '')
  const { prefix, family, variant } = plan.named
  if (
    parts &&
    (prefix ?? parts[1]) === parts[1] &&
    (family ?? parts[2]) === parts[2] &&
    (variant ?? parts[3]) === parts[3]
  )
    return previous!.ref
  const asked = { prefix: plan.category.prefix, family: plan.family, variant: plan.variant }
  if (!foreseen) return issueToken(draft, asked)
  const series = seriesOf(asked)
  const holds = foreseen.tokens.hold(series, draft.sequences[series] ?? 0)
  const { token } = foreseen
  const isOpen = holds && token !== undefined && seriesOfToken(token) === series && !draft.assets[token]
  if (isOpen) recordToken(draft, token, words)
  const chosen = isOpen ? token : issueToken(draft, asked)
  foreseen.tokens.issued(series, draft.sequences[series]!)
  return chosen
}

/** Folders and files under the assets folder that are Assetloom's own. */
const ownPaths = /^(?:manifest\.json$|history(?:\/|$)|library(?:\/|$))/i

function targetOf({ instance, token: plan }: ReadyAsset, token: string, suffix: string, assetsDir: string): string {
  const path = instance.path ?? `${categoryFolder(plan.category.name)}/${token}${suffix}`
  requireWritablePath(path)
  if (ownPaths.test(path)) throw pathTaken({ file: `${assetsDir}/${path}`, owner: 'Assetloom itself' })
  return `${assetsDir}/${path}`
}

function requireFree(
  file: string,
  ready: ReadyFile,
  previous: { ref: string; entry: Entry } | undefined,
  names: ReturnType<typeof namesOf>,
  mayReplace: boolean,
  root: string,
): void {
  const owner = names.byPath.get(foldedName(file))
  if (owner !== undefined && owner !== previous?.ref) throw pathTaken({ file, owner })
  const path = confine(root, join(root, file))
  if (owner === undefined && !mayReplace && existsSync(path) && contentHash(readFileSync(path)) !== ready.hash)
    throw pathTaken({ file, owner: 'a file that no asset of the manifest owns' })
}

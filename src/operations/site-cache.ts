import { join } from 'node:path'
import * as z from 'zod'
import { isGivenUp, mostKeeping, type CacheStrategy } from '../core/cache-strategy.ts'
import { filesOf } from '../core/manifest.ts'
import { siteLists, type Site } from '../core/site.ts'
import type { Workspace } from '../workspace.ts'
import { hashesIn } from './cache-contents.ts'
import type { OperationContext } from './operation.ts'
import { precompile, type Precompiled, type Wanted } from './precompile.ts'
import { historiesHashes } from './reachable-blobs.ts'

/* What the cache strategies of the sites come to. A site uses what code in its folder and the items in its lists name. */

/** The sites that a file of the project speaks for. @returns undefined when there are no sites */
async function sitesOfFiles(workspace: Workspace): Promise<{ all: Site[]; of(file: string): Site[] } | undefined> {
  const sites = await workspace.sites()
  const all = sites.all()
  if (all.length === 0) return undefined
  const locate = sites.locate(all)
  const listing = new Map<string, Site[]>()
  for (const site of all)
    for (const ref of siteLists.flatMap((list) => site.assets[list])) listing.set(ref, [...(listing.get(ref) ?? []), site])
  const { assets } = workspace.manifest.read()
  const owners = new Map(
    [...listing].flatMap(([ref, users]) => (assets[ref] ? filesOf(assets[ref]).map((file) => [file, users] as const) : [])),
  )
  return {
    all,
    of(file) {
      const around = locate(join(workspace.paths.root, file))
      return [...(owners.get(file) ?? []), ...(around ? [around] : [])]
    },
  }
}

/**
 * Make what sites with the strategy `aggressive` ask of pictures, each in the version that the site keeps.
 * @param id - only for this site
 * @returns undefined when no such site is `aggressive`
 */
export async function precompileForSites(
  context: Pick<OperationContext, 'workspace' | 'progress' | 'signal'>,
  id?: string,
): Promise<Precompiled | undefined> {
  const { workspace } = context
  const files = await sitesOfFiles(workspace)
  const eager = files?.all.filter((site) => site.assetPreferences.cacheStrategy === 'aggressive' && (id === undefined || site.id === id))
  if (!files || !eager || eager.length === 0) return undefined
  const usages = await workspace.usages()
  const { assets } = workspace.manifest.read()
  const wanted: Wanted[] = []
  for (const site of eager) {
    const queries = await usages.queries((file) => files.of(file).some((one) => one.id === site.id))
    for (const [ref, asked] of [...queries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const pin = Object.hasOwn(site.pins, ref) ? site.pins[ref] : undefined
      wanted.push(pin === undefined ? { ref, entry: assets[ref]!, queries: asked } : await pinnedAt(ref, pin, asked, workspace))
    }
  }
  return precompile(wanted, context)
}

async function pinnedAt(ref: string, version: string, queries: Iterable<string>, workspace: Workspace): Promise<Wanted> {
  const { entry, files } = await (await workspace.versions()).readVersion(ref, version)
  return { ref, entry, queries, read: () => files.find(({ file }) => file === entry.file)!.read() }
}

export const precompiledSchema = z.number().int().optional().describe('Pictures that were made now, where the cacheStrategy of the site is aggressive.')

/** After a command that gave a site something: what it asks for is made at once if it wants that. */
export async function precompileAfter(site: string | null | undefined, context: OperationContext): Promise<{ precompiled?: number }> {
  const done = typeof site === 'string' ? await precompileForSites(context, site) : undefined
  return done ? { precompiled: done.made } : {}
}

/** Records of processed files with what the strategies say of them. */
export interface SiteRecords {
  /** Keys of what no site wants any more. */
  givenUp: Set<string>
  /** Keys of what an `aggressive` site wants to keep. */
  kept: Set<string>
}

/** @returns undefined when there are no sites */
export async function recordsOfSites(workspace: Workspace): Promise<SiteRecords | undefined> {
  const files = await sitesOfFiles(workspace)
  if (!files) return undefined
  const strategies = new Map<string, CacheStrategy | undefined>()
  for (const [ref, places] of await workspace.findUsages())
    strategies.set(ref, mostKeeping(places.flatMap(({ file }) => files.of(file)).map((site) => site.assetPreferences.cacheStrategy)))
  const ofAll = mostKeeping(files.all.map((site) => site.assetPreferences.cacheStrategy))!
  const { assets } = workspace.manifest.read()
  const present = new Set(hashesIn(assets))
  for (const { pins } of files.all) for (const hash of await hashesOfPins(pins, workspace)) present.add(hash)
  const refOf = refsByHash(workspace)
  const found: SiteRecords = { givenUp: new Set(), kept: new Set() }
  const now = workspace.clock.now()
  for (const { key, usedAtMs, value } of workspace.cache.records('derived:')) {
    const { source } = value as { source?: string }
    if (source === undefined) continue
    const ref = refOf.get(source)
    // Of an asset that is gone nobody can say whose it was.
    const strategy = ref === undefined ? ofAll : strategies.get(ref)
    if (strategy === 'aggressive') found.kept.add(key)
    else if (strategy && isGivenUp(strategy, { isPresent: present.has(source), unusedMs: now - usedAtMs })) found.givenUp.add(key)
  }
  return found
}

async function hashesOfPins(pins: Site['pins'], workspace: Workspace): Promise<string[]> {
  const versions = await workspace.versions()
  const states = await Promise.all(
    // A pin whose version is nowhere keeps nothing; whoever imports it is told.
    Object.entries(pins).map(([ref, version]) => versions.readVersion(ref, version).catch(() => undefined)),
  )
  return states.flatMap((state) => state?.files.map(({ hash }) => hash) ?? [])
}

/** Which asset has, or had, a file of a digest. */
function refsByHash(workspace: Workspace): Map<string, string> {
  const { assets } = workspace.manifest.read()
  const past = historiesHashes(workspace, (ref) => Object.hasOwn(assets, ref))
  const now = Object.entries(assets).map(([ref, entry]) => ({ ref, hashes: hashesIn(entry) }))
  return new Map([...past, ...now].flatMap(({ ref, hashes }) => hashes.map((hash) => [hash, ref] as const)))
}

import { existsSync, readFileSync } from 'node:fs'
import { refsOf } from '../core/catalog/row-lines.ts'
import { defineError } from '../core/errors.ts'
import { lookUpAsset, nameAmbiguous, onlyRef, withoutScheme } from '../core/find-asset.ts'
import type { Entry } from '../core/manifest.ts'
import { didYouMean, namesLike } from '../core/near.ts'
import type { CatalogHit, FetchedAsset, KeptAsset, OpenIndexes, WorkspaceCatalogs } from './catalogs.ts'
import type { Workspace } from '../workspace.ts'

/* Where a name is looked for, first to last. */

export const layers = ['project', 'global', 'cache', 'catalog'] as const
export type Layer = (typeof layers)[number]

const nowhere = defineError('ASSET_NOWHERE', {
  summary: 'A name was found in no layer: project, own library, cache, catalogs.',
  message: (d: { name: string; lookedIn: readonly string[] }) => `There is no asset ${JSON.stringify(d.name)}. Looked in ${d.lookedIn.join('; ')}.`,
  hint: (d: { name: string; lookedIn: readonly string[]; names: Iterable<string> }) => didYouMean(d.name, namesLike(d.name, d.names)) ?? 'assetloom catalog search finds by words.',
  http: 404,
})

export interface KeptLocation {
  layer: 'global' | 'cache'
  ref: string
  kept: KeptAsset
}
export type LocatedAsset =
  | { layer: 'project'; ref: string; entry: Entry }
  | KeptLocation
  | { layer: 'catalog'; ref: string; hit: CatalogHit; indexes: OpenIndexes }

/**
 * The first layer that has a name: a whole ref, an alias, or the last part of a ref. Catalogs are asked last, and only
 * when nothing on this machine has it.
 * @param mayAsk - false: the catalogs are not asked
 * @throws ASSET_NOWHERE with where it was looked for, ASSET_NAME_AMBIGUOUS, REF_VERSION_FOREIGN
 */
export async function locateAsset(spelled: string, workspace: Workspace, signal: AbortSignal, mayAsk = true): Promise<LocatedAsset> {
  const name = withoutScheme(spelled)
  const catalogs = await workspace.catalogs()
  const here = locateHere(name, workspace, catalogs)
  if (here) return here
  const { assets } = workspace.manifest.read()
  const lookedIn = ['the project', `your library (${catalogs.paths.library})`, `the cache (${catalogs.paths.cache})`]
  const names = [...Object.keys(assets), ...catalogs.library.list(), ...catalogs.cache.list()]
  if (!catalogs.areConfigured) throw nowhere({ name, lookedIn: [...lookedIn, 'no catalog: the options name none'], names }, { details: { ref: name } })
  if (!mayAsk) throw nowhere({ name, lookedIn: [...lookedIn, 'no catalog: downloads are off (--asset-download asks)'], names }, { details: { ref: name } })
  const { hits, ...indexes } = await catalogs.named(name, signal)
  const [first, ...others] = hits
  if (first && others.length > 0) throw nameAmbiguous({ name, refs: hits.map(({ row }) => row.ref) })
  if (first) return { layer: 'catalog', ref: first.row.ref, hit: first, indexes }
  const asked = [...indexes.open.map(({ catalog, state }) => `${catalog}${state === 'last-good' ? ' (its last good index)' : ''}`), ...indexes.failed.map(({ catalog }) => `${catalog}, which cannot be reached`)]
  throw nowhere({ name, lookedIn: [...lookedIn, ...asked], names: [...names, ...indexes.open.flatMap(({ lines }) => refsOf(lines))] }, { details: { ref: name } })
}

/** The layers that need no network. @throws ASSET_NAME_AMBIGUOUS, REF_VERSION_FOREIGN */
export function locateHere(spelled: string, workspace: Workspace, catalogs: WorkspaceCatalogs): Exclude<LocatedAsset, { layer: 'catalog' }> | undefined {
  const name = withoutScheme(spelled)
  const { assets } = workspace.manifest.read()
  const known = lookUpAsset(assets, name)
  if (known) return { layer: 'project', ...known }
  return locateKept(name, catalogs)
}

/**
 * The layers of this machine that all projects share. What the cache has counts while it is what was downloaded.
 * @throws ASSET_NAME_AMBIGUOUS
 */
export function locateKept(name: string, { library, cache }: WorkspaceCatalogs): KeptLocation | undefined {
  for (const [layer, files] of [['global', library], ['cache', cache]] as const) {
    const kept = files.find(name) ?? files.find(onlyRef(name, files.list()) ?? '')
    if (kept && (layer === 'global' || kept.isIntact)) return { layer, ref: kept.row.ref, kept }
  }
  return undefined
}

/** An asset as it lies there: the user may have changed what is the user's own. */
export function asItLies({ row, catalog, from, revision, files }: KeptAsset): FetchedAsset {
  const there = files.filter(({ file }) => existsSync(file))
  return { row, catalog, from, revision, files: there.map(({ path, source, file }) => ({ path, source, bytes: readFileSync(file) })) }
}

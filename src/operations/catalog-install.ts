import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import { findAsset } from '../core/find-asset.ts'
import { refreshLock } from '../core/graph/lock.ts'
import type { Entry, Manifest } from '../core/manifest.ts'
import { entryOf, plannedBytes, plannedFiles } from '../workspace/catalog-entry.ts'
import { fetchedDigest, type CheckedContent, type FetchedAsset, type WorkspaceCatalogs } from '../workspace/catalogs.ts'
import type { Workspace } from '../workspace.ts'
import { refreshSources } from './asset-change.ts'

/* Assets of catalogs as those of the project, or of the user's own library: all of them, or none. */

const projectTaken = defineError('CATALOG_PROJECT_TAKEN', {
  summary: 'The project has another asset, or a file of its own, where one of a catalog is to go.',
  message: (d: { ref: string; why: string }) => `${d.ref} cannot be added to the project: ${d.why}.`,
  hint: () => 'Nothing was changed. Look with --diff; move or delete what is there to take that of the catalog.',
  exit: 5,
})
const libraryTaken = defineError('CATALOG_PLACE_TAKEN', {
  summary: 'An asset of a catalog is there already in another state, or its place is taken.',
  message: (d: { ref: string; why: string }) => `${d.ref} cannot be added to your library: ${d.why}.`,
  hint: () => 'Nothing was changed. Look with --diff; move your own away to take that of the catalog.',
  exit: 5,
})

/** An asset of a catalog, read as the project would read it. */
export interface CheckedAsset {
  asset: FetchedAsset
  content: CheckedContent
}

/** How an asset would stand where it is to go: it is there already, or something else is. */
export type Standing = 'new' | 'current' | { why: string }

export function installConflict(layer: 'project' | 'global', ref: string, why: string) {
  return (layer === 'project' ? projectTaken : libraryTaken)({ ref, why })
}

export function isInProject(ref: string, { manifest }: Workspace): boolean {
  return findAsset(manifest.read().assets, ref) !== undefined
}

export function standingsInProject(all: readonly CheckedAsset[], workspace: Workspace): Standing[] {
  return standingsOf(all.map((one) => planOf(one, workspace)), workspace.manifest.read().assets, workspace)
}

/**
 * Put assets into the project in one change: files first, then the manifest.
 * @returns of each, whether it was not there
 * @throws CATALOG_PROJECT_TAKEN
 */
export async function addToProject(all: readonly CheckedAsset[], workspace: Workspace): Promise<boolean[]> {
  const { manifest, options } = workspace
  const plans = all.map((one) => planOf(one, workspace))
  if (standingsOf(plans, manifest.read().assets, workspace).every((standing) => standing === 'current')) return plans.map(() => false)
  const staged = new Map<Uint8Array, string>()
  const catalogs = new Set(plans.map(({ asset }) => asset.catalog))
  let added: boolean[]
  try {
    for (const one of plans.flatMap(({ bytes }) => bytes)) staged.set(one, await workspace.stageBytes(one, contentHash(one)))
    added = manifest.update((draft, changes) => {
      // Another process may have added the same meanwhile.
      const standings = standingsOf(plans, draft.assets, workspace)
      const placed = new Set<string>()
      for (const [n, { asset, content, places, bytes, digest }] of plans.entries()) {
        const { ref } = asset.row
        const standing = standings[n]!
        if (typeof standing === 'object') throw projectTaken({ ref, ...standing })
        if (standing === 'current') continue
        for (const [i, place] of places.entries()) {
          if (!placed.has(place)) changes.place(staged.get(bytes[i]!)!, resolve(options.root, place))
          placed.add(place)
        }
        draft.assets[ref] = entryOf(asset, content, places, digest, workspace)
      }
      refreshLock(draft)
      return standings.map((standing) => standing === 'new')
    }, { message: `Added from ${[...catalogs].join(', ')}` })
  } finally {
    for (const temporary of staged.values()) workspace.dropTemporary(temporary)
  }
  await refreshSources(workspace)
  return added
}

export function standingsInLibrary(all: readonly CheckedAsset[], { library }: WorkspaceCatalogs): Standing[] {
  const places = createPlaces()
  return all.map(({ asset }): Standing => {
    const there = library.find(asset.row.ref)
    if (there?.isIntact && there.digest === fetchedDigest(asset)) return 'current'
    const bytes = asset.files.map((file) => file.bytes)
    const taken = library.takenBy(asset) ?? places.claim(library.placesOf(asset), bytes)
    return taken === undefined ? 'new' : { why: `${taken} is there already, and is not what the catalog has now` }
  })
}

/** @returns of each, whether it was not there @throws CATALOG_PLACE_TAKEN, USER_FOLDER_NOT_WRITABLE */
export function addToLibrary(all: readonly CheckedAsset[], catalogs: WorkspaceCatalogs): boolean[] {
  const standings = standingsInLibrary(all, catalogs)
  for (const [n, standing] of standings.entries()) if (typeof standing === 'object') throw libraryTaken({ ref: all[n]!.asset.row.ref, ...standing })
  for (const [n, { asset }] of all.entries()) if (standings[n] === 'new') catalogs.library.put(asset)
  return standings.map((standing) => standing === 'new')
}

interface ProjectPlan extends CheckedAsset {
  /** Relative to the project. */
  places: readonly string[]
  bytes: readonly Uint8Array[]
  /** Of what the catalog gave. */
  digest: string
}

function planOf({ asset, content }: CheckedAsset, workspace: Workspace): ProjectPlan {
  return { asset, content, places: plannedFiles(asset, content, workspace), bytes: plannedBytes(asset, content), digest: fetchedDigest(asset) }
}

function standingsOf(plans: readonly ProjectPlan[], assets: Manifest['assets'], { options: { root } }: Workspace): Standing[] {
  const files = createPlaces((place) => {
    const path = resolve(root, place)
    return existsSync(path) ? contentHash(readFileSync(path)) : undefined
  })
  return plans.map(({ asset, places, bytes, digest }): Standing => {
    const known = findAsset(assets, asset.row.ref)
    if (known?.entry.source.type === 'catalog' && known.entry.source.digest === digest && isUnchanged(known.entry, root)) return 'current'
    if (known) return { why: 'it has an asset of that name' }
    const taken = files.claim(places, bytes)
    return taken === undefined ? 'new' : { why: `${taken} exists already` }
  })
}

/** Places that are given away one after another. Items of one folder may share a style sheet. */
function createPlaces(hashThere: (place: string) => string | undefined = () => undefined) {
  const claimed = new Map<string, string>()
  return {
    /** @returns the first place where other bytes are, or will be */
    claim(places: readonly string[], bytes: readonly Uint8Array[]): string | undefined {
      const hashes = bytes.map((one) => contentHash(one))
      const taken = places.find((place, i) => {
        const there = claimed.get(place) ?? hashThere(place)
        return there !== undefined && there !== hashes[i]
      })
      if (taken === undefined) for (const [i, place] of places.entries()) claimed.set(place, hashes[i]!)
      return taken
    },
  }
}

function isUnchanged(entry: Entry, root: string): boolean {
  return [{ file: entry.file!, hash: entry.hash }, ...(entry.files ?? [])].every(({ file, hash }) => {
    const path = resolve(root, file)
    return existsSync(path) && contentHash(readFileSync(path)) === hash
  })
}

import { dirname } from 'node:path'
import { assetFileChanged } from '../core/asset-errors.ts'
import { defineError } from '../core/errors.ts'
import { findAsset, requireAsset, withoutScheme } from '../core/find-asset.ts'
import { extendLock } from '../core/graph/lock.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import type { Item, LibraryKind } from '../core/kinds/kind.ts'
import { libraryKind } from '../core/kinds/index.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Site, SitesFile } from '../core/site.ts'
import type { ReadItem, SitesChange, Workspace } from '../workspace.ts'
import { refreshSources, requireFree } from './asset-change.ts'
import { recordItems } from './library-items.ts'
import { requireVerb } from './require-item.ts'

const sitePinned = defineError('SITE_PINNED', {
  summary: 'A site keeps another version of an asset than the library has.',
  message: (d: { ref: string; site: string; pinned: string; version: string }) =>
    `The site ${d.site} keeps ${d.ref} ${d.pinned}; the library has ${d.version}.`,
  hint: (d) => `--repin takes ${d.version} and keeps that from now on.`,
  exit: 5,
})

/** An item that a verb works on. */
export interface FoundSiteItem {
  ref: string
  item: Item
  kind: LibraryKind
  version: string
  /** Items of the starter library that the project gets, in the order in which they are recorded. */
  adopted: readonly Adopted[]
}

/** An item of the starter library as it will stand in the project. */
export interface Adopted {
  read: ReadItem
  files: ReadonlyMap<string, Uint8Array>
}

/**
 * The item of a ref, as it stands on the disk. One that only the starter library has is taken from there.
 * @throws ASSET_UNKNOWN, VERB_UNSUITABLE, ITEM_INVALID, ASSET_FILE_CHANGED
 */
export async function findItem(verb: string, name: string, workspace: Workspace): Promise<FoundSiteItem> {
  const { assets } = workspace.manifest.read()
  const adopted = await adoptable([withoutScheme(name)], assets, workspace)
  const own = adopted.find(({ read }) => read.item.id === withoutScheme(name))
  if (own) {
    const { item } = own.read
    return { ref: item.id, item, kind: requireVerb(item.id, item.kind, verb), version: item.head.version, adopted }
  }
  const { ref, entry } = requireAsset(assets, name)
  const kind = requireVerb(ref, entry.kind, verb)
  if (!isItem(entry)) throw assetFileChanged({ ref, file: entry.file ?? '' })
  const { item, content } = await workspace.library.read(entry.file)
  // A text that is only filled in is taken as it stands; what is copied or written must be what the manifest records.
  const isShownOnly = verb === 'use' && kind.place === undefined
  if (!isShownOnly && content.digest !== entry.digest) throw assetFileChanged({ ref, file: entry.file })
  return { ref, item, kind, version: entry.version, adopted: [] }
}

/** Items of the starter library among these refs that the project does not have, with what they need. */
export async function adoptable(refs: readonly string[], assets: Manifest['assets'], workspace: Workspace): Promise<Adopted[]> {
  const { starter } = await workspace.sites()
  const files = new Set(starter.list())
  const found = new Map<string, Adopted>()
  const visit = async (ref: string): Promise<void> => {
    const from = starter.fileOf(ref)
    if (found.has(ref) || findAsset(assets, ref) || !files.has(from)) return
    const { item } = await starter.read(from)
    for (const needed of Object.keys(item.head.dependencies ?? {})) await visit(needed)
    const bytes = starter.bytesOf(from)
    const file = workspace.library.fileOf(ref)
    const contents = new Map(item.files.map((one) => [one.name, one.bytes]))
    const read = await workspace.library.check(file, bytes, contents)
    found.set(ref, { read, files: new Map([[file, bytes], ...[...contents].map(([name, content]) => [`${dirname(file)}/${name}`, content] as const)]) })
  }
  for (const ref of refs) await visit(ref)
  return [...found.values()]
}

/** Put items of the starter library into the project. @throws FILE_EXISTS */
export async function adopter(adopted: readonly Adopted[], workspace: Workspace): Promise<(change: SitesChange) => string[]> {
  const sites = await workspace.sites()
  return (change) => {
    for (const { read, files } of adopted) {
      if (findAsset(change.manifest.assets, read.item.id)) continue
      for (const [file, bytes] of files) {
        requireFree(file, workspace)
        change.place(sites.pathIn('.', file), bytes)
      }
      recordItems(change.manifest, [read], workspace)
    }
    if (adopted.length > 0) extendLock(change.manifest)
    return adopted.map(({ read }) => read.item.id)
  }
}

/** Put items of the starter library into the project, for what then reads them there. */
export async function adoptNow(adopted: readonly Adopted[], workspace: Workspace): Promise<void> {
  if (adopted.length === 0) return
  const adopt = await adopter(adopted, workspace)
  ;(await workspace.sites()).change(false, adopt)
  await refreshSources(workspace)
}

/**
 * Add an asset to the list of a site, and keep its version where the site pins versions.
 * @returns the version that the site keeps, if it does
 * @throws SITE_PINNED
 */
export function addToSite(
  file: SitesFile,
  site: Site,
  { ref, kind, version }: { ref: string; kind: string; version: string },
  isRepinned: boolean,
): { isListed: boolean; pinned?: string } {
  const list = libraryKind(kind)?.siteList
  const record = (file.sites[site.id] ??= {})
  const isListed = list !== undefined && !site.assets[list].includes(ref)
  if (isListed) record.assets = { ...record.assets, [list]: [...(record.assets?.[list] ?? []), ref].sort() }
  const pinned = requirePin(site, ref, version, isRepinned)
  if (pinned !== undefined) record.pins = { ...record.pins, [ref]: pinned }
  if (Object.keys(record).length === 0) delete file.sites[site.id]
  return { isListed, ...(pinned !== undefined && { pinned }) }
}

function requirePin({ id, pins, assetPreferences }: Site, ref: string, version: string, isRepinned: boolean): string | undefined {
  if (!assetPreferences.versionPinning) return undefined
  const pinned = Object.hasOwn(pins, ref) ? pins[ref]! : version
  if (pinned !== version && !isRepinned) throw sitePinned({ ref, site: id, pinned, version })
  return version
}

import { dirname, join } from 'node:path'
import { codeFilesOf } from '../core/catalog/code-files.ts'
import { defineError } from '../core/errors.ts'
import { findAsset } from '../core/find-asset.ts'
import { itemEntry } from '../core/kinds/item-entry.ts'
import { plannedFiles } from '../workspace/catalog-entry.ts'
import type { FetchedAsset, WorkspaceCatalogs } from '../workspace/catalogs.ts'
import type { KeptLocation, LocatedAsset } from '../workspace/layers.ts'
import type { ReadItem } from '../workspace.ts'
import { mayDownload } from './asset-download.ts'
import { candidateText, createCatalogShelf } from './catalog-shelf.ts'
import { letIn } from './let-in.ts'
import { unmetText, withNeeded } from './needed-assets.ts'
import type { OperationContext } from './operation.ts'
import { requireItem, requireVerb, type FoundItem } from './require-item.ts'
import { adoptNow } from './site-item.ts'
import { starterItem } from './starter-item.ts'
import { makeReady, takeOver } from './take-over.ts'

const notDownloaded = defineError('CATALOG_NOT_DOWNLOADED', {
  summary: 'What only a catalog has was to be used, and nobody said yes to downloading it.',
  message: (d: { ref: string; catalog: string }) => `Only the catalog ${d.catalog} has ${d.ref}, and nobody said yes to downloading it.`,
  hint: (d) => `Run the command on a terminal, which asks, or with --asset-download; assetloom info ${d.ref} tells more of it.`,
  exit: 2,
})

const onlyEdited = defineError('ITEM_ONLY_EDITED', {
  summary: "An item of the user's own library was to become the project's, and is nowhere as its catalog gave it.",
  message: (d: { ref: string }) => `${d.ref} was changed in your library since it was taken over, and nothing else has it as it was.`,
  hint: () => 'Copy its files into assets/library and run assetloom sync, or run it without --local.',
  exit: 5,
})

/** An item with the folder that its files stand in, when that is not the project's library. */
export interface ReachedItem extends FoundItem {
  libraryFolder?: string
  /** It came here, or into the project, just now. */
  isTakenOver?: boolean
}

/** How far a name is followed. */
export interface Reach {
  /** In place of the option `catalog.download`; true is the yes where there is nobody to ask. */
  assetDownload?: boolean | undefined
  /** What the project does not have yet becomes its own; otherwise what is downloaded goes to the user's own library. */
  local?: boolean
}

/**
 * The item of a name, of the project or of a layer behind it: the user's library, the cache, the starter library, and then, when a person agrees,
 * a catalog, from which it is taken over with what it needs. Its code is shown and asked for once.
 * @throws ASSET_UNKNOWN, ASSET_NOWHERE, VERB_UNSUITABLE, CATALOG_NOT_DOWNLOADED, CONSENT_MISSING, CATALOG_PROJECT_TAKEN, CATALOG_PLACE_TAKEN,
 * USER_FOLDER_NOT_WRITABLE, and what downloading throws
 */
export async function requireItemAnywhere(name: string, verb: string, context: OperationContext, reach: Reach = {}): Promise<ReachedItem> {
  const { workspace, signal } = context
  if (findAsset(workspace.manifest.read().assets, name)) return requireItem(name, verb, workspace)
  const catalogs = await workspace.catalogs()
  const { locateAsset, locateHere, locateKept } = await workspace.layers()
  const here = locateHere(name, workspace, catalogs)
  const starter = here ? undefined : await starterItem(name, verb, workspace)
  if (starter && !reach.local) return starter
  if (starter) {
    await adoptNow(starter.adopted, workspace)
    return requireItem(starter.item.id, verb, workspace)
  }
  if (!here && !catalogs.areConfigured) return requireItem(name, verb, workspace)
  const located = here ?? (await locateAsset(name, workspace, signal, mayDownload(reach.assetDownload, workspace)))
  if (located.layer === 'project') return requireItem(located.ref, verb, workspace)
  const isTakenOver = located.layer === 'catalog' || reach.local === true
  if (isTakenOver) await obtain(located, verb, reach, catalogs, context)
  const found = reach.local ? await requireItem(located.ref, verb, workspace) : await requireKept(locateKept(located.ref, catalogs)!, verb, context)
  return { ...found, isTakenOver }
}

/** What lies in the user's folder, with its code let in. */
async function requireKept({ kept }: KeptLocation, verb: string, context: OperationContext): Promise<ReachedItem> {
  const { workspace } = context
  const { asItLies } = await workspace.layers()
  const asset = asItLies(kept)
  const kind = requireVerb(asset.row.ref, asset.row.type, verb)
  const content = await (await workspace.catalogs()).check(asset)
  const { read } = content as { read: ReadItem }
  const { consents } = workspace
  const code = codeFilesOf(asset.row.type, asset.files.map(({ path }) => path))
  if (code.length > 0 && !consents.has(read.content.digest)) {
    await letIn(asset, code, context)
    consents.give(read.content.digest, `${asset.row.ref} from ${asset.catalog}`)
  }
  return { ...placedIn(kept.folder, asset, read, workspace.timestamp()), kind, libraryFolder: kept.folder }
}

/** Take an item over, to the project or to the user's own library, as `add` does; a download is asked for. */
async function obtain(located: Exclude<LocatedAsset, { layer: 'project' }>, verb: string, { local = false, assetDownload }: Reach, catalogs: WorkspaceCatalogs, context: OperationContext): Promise<void> {
  const { workspace, signal, confirm, isInteractive, echo } = context
  const { row } = located.layer === 'catalog' ? located.hit : located.kept
  requireVerb(row.ref, row.type, verb)
  const to = local ? 'project' : 'global'
  const shelf = createCatalogShelf(catalogs, { to, mayAsk: mayDownload(assetDownload, workspace), isByFlag: assetDownload === false, signal })
  const chosen = located.layer === 'catalog' ? shelf.ofCatalog(located.hit) : (shelf.here(row.ref) ?? (await shelf.offers(row.ref))[0])
  if (!chosen) throw onlyEdited({ ref: row.ref })
  const { wanted, unmet } = await withNeeded(chosen, { to, shelf, catalogs, workspace })
  const isAgreed = wanted.every(({ isHere }) => isHere) || workspace.options.catalog?.download === 'auto' || (assetDownload && !isInteractive)
  const place = local ? 'the project' : 'your library'
  const found = chosen.isHere ? 'Found on this machine:' : `${row.ref} was not found locally.\n\nFound in catalog:`
  const question = `${found}\n${candidateText(chosen, wanted.slice(0, -1))}\n\nDownload and add to ${place}?`
  if (!isAgreed && !(await confirm(question, 'yes'))) throw notDownloaded({ ref: row.ref, catalog: chosen.catalog })

  const ready = await makeReady(wanted, to, catalogs, context)
  const areNew = await takeOver(ready, to, catalogs, context)
  for (const [i, { asset, content }] of ready.entries()) {
    const { isHere } = wanted[i]!
    const cached = catalogs.cache.find(asset.row.ref)
    const files = local ? plannedFiles(asset, content, workspace) : catalogs.library.placesOf(asset)
    if (!isHere) echo?.(`✓ Downloaded ${asset.row.ref}`)
    if (!isHere && cached) echo?.(`✓ Cached to ${dirname(cached.files[0]!.file)}`)
    if (areNew[i]) echo?.(`✓ Added to ${dirname(files[0]!)}`)
  }
  for (const one of unmet) echo?.(unmetText(one, shelf.asks))
}

/** The item with its files where they lie: absolute paths in a folder of the user. */
function placedIn(folder: string, asset: FetchedAsset, { item, content, warnings }: ReadItem, now: string) {
  const own = dirname(item.file)
  const at = (file: string) => join(folder, dirname(asset.row.ref), file.slice(own.length + 1))
  const placed = { ...item, file: at(item.file), files: item.files.map((one) => ({ ...one, file: at(one.file) })) }
  const source = { type: 'catalog' as const, catalog: asset.catalog, sha: asset.row.sha, path: asset.files[0]!.source }
  const entry = { ...itemEntry(placed, content, now), id: item.id, file: placed.file, source }
  return { item: placed, content, warnings, entry }
}

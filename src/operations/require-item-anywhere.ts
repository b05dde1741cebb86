import { dirname, join } from 'node:path'
import { codeFilesOf } from '../core/catalog/code-files.ts'
import { defineError } from '../core/errors.ts'
import { findAsset } from '../core/find-asset.ts'
import { itemEntry } from '../core/kinds/item-entry.ts'
import type { FetchedAsset } from '../workspace/catalogs.ts'
import type { LocatedAsset } from '../workspace/layers.ts'
import type { ReadItem } from '../workspace.ts'
import { mayDownload } from './asset-download.ts'
import { letIn } from './let-in.ts'
import type { OperationContext } from './operation.ts'
import { requireItem, requireVerb, workflowUnsupported, type FoundItem } from './require-item.ts'
import { starterItem } from './starter-item.ts'

const notDownloaded = defineError('CATALOG_NOT_DOWNLOADED', {
  summary: 'What only a catalog has was to be used, and nobody said yes to downloading it.',
  message: (d: { ref: string; catalog: string }) => `Only the catalog ${d.catalog} has ${d.ref}, and nobody said yes to downloading it.`,
  hint: (d) => `Run the command on a terminal, which asks, or with --asset-download; assetloom info ${d.ref} tells more of it.`,
  exit: 2,
})

/** An item with the folder that its files stand in, when that is not the project's library. */
export interface ReachedItem extends FoundItem {
  libraryFolder?: string
}

/**
 * The item of a name, of the project or of a layer behind it: the user's library, the cache, the starter library, and then, when a person agrees,
 * a catalog, from which it is downloaded into the cache. Its code is shown and asked for once.
 * @param assetDownload - in place of the option `catalog.download`; true is the yes where there is nobody to ask
 * @throws ASSET_UNKNOWN, ASSET_NOWHERE, VERB_UNSUITABLE, CATALOG_NOT_DOWNLOADED, CONSENT_MISSING, and what downloading throws
 */
export async function requireItemAnywhere(name: string, verb: string, context: OperationContext, assetDownload?: boolean): Promise<ReachedItem> {
  const { workspace, signal } = context
  if (findAsset(workspace.manifest.read().assets, name)) return requireItem(name, verb, workspace)
  const catalogs = await workspace.catalogs()
  const { asItLies, locateAsset, locateHere } = await workspace.layers()
  const here = locateHere(name, workspace, catalogs)
  const starter = here ? undefined : await starterItem(name, verb, workspace)
  if (starter) return starter
  const mayAsk = catalogs.areConfigured && mayDownload(assetDownload, workspace)
  if (!here && !mayAsk) return requireItem(name, verb, workspace)
  const located = here ?? (await locateAsset(name, workspace, signal))
  if (located.layer === 'project') return requireItem(located.ref, verb, workspace)
  const asset = located.layer === 'catalog' ? await download(located, verb, context, assetDownload) : asItLies(located.kept)
  const kind = requireUsable(asset.row.ref, asset.row.type, verb)
  const content = await catalogs.check(asset)
  const { read } = content as { read: ReadItem }
  const { consents } = workspace
  const code = codeFilesOf(asset.row.type, asset.files.map(({ path }) => path))
  if (code.length > 0 && !consents.has(read.content.digest)) {
    await letIn(asset, code, context)
    consents.give(read.content.digest, `${asset.row.ref} from ${asset.catalog}`)
  }
  const { folder: libraryFolder } = located.layer === 'catalog' ? catalogs.cache.of(asset.catalog).put(asset) : located.kept
  return { ...placedIn(libraryFolder, asset, read, workspace.timestamp()), kind, libraryFolder }
}

/** The kind of what is in no project yet. @throws VERB_UNSUITABLE, WORKFLOW_UNSUPPORTED */
function requireUsable(ref: string, type: string, verb: string) {
  const kind = requireVerb(ref, type, verb)
  if (verb === 'run' && !kind.use) throw workflowUnsupported({ id: ref, reasons: ['workflows are not supported yet'] })
  return kind
}

async function download({ ref, hit }: Extract<LocatedAsset, { layer: 'catalog' }>, verb: string, { workspace, confirm, signal, progress, isInteractive }: OperationContext, isWanted = false): Promise<FetchedAsset> {
  requireUsable(ref, hit.row.type, verb)
  const catalog = hit.catalog.name
  const { description } = hit.row
  const isAgreed =
    workspace.options.catalog?.download === 'auto' ||
    (isWanted && !isInteractive) ||
    (await confirm(`Found in catalog:\n  Name: ${ref}\n${description === '' ? '' : `  Description: ${description}\n`}  From: ${catalog}\n\nDownload and ${verb}?`, 'yes'))
  if (!isAgreed) throw notDownloaded({ ref, catalog })
  progress.start(1, `Downloading ${ref}`)
  const catalogs = await workspace.catalogs()
  return catalogs.fetch(hit, signal).finally(() => progress.stop())
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

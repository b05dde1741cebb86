import { dirname } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { itemEntry } from '../core/kinds/item-entry.ts'
import type { Entry } from '../core/manifest.ts'
import type { AssetUpdate } from '../workspace/catalog-updates.ts'
import { fetchedDigest, type CheckedContent, type FetchedAsset } from '../workspace/catalogs.ts'
import type { ReadItem, Workspace } from '../workspace.ts'
import { describeContent, withExtension } from './asset-change.ts'
import { versionAfter, type JoinedFiles } from './catalog-join.ts'
import { putState, stageAll } from './staged-state.ts'

/**
 * Put what a catalog has now, or what was merged with it, in the place of an asset of the project, as its next version.
 * @throws CHANGED_MEANWHILE, FILE_EXISTS, ITEM_INVALID
 */
export async function updateProjectAsset(
  { ref, entry, source }: Extract<AssetUpdate, { layer: 'project' }>,
  asset: FetchedAsset,
  content: CheckedContent,
  joined: JoinedFiles | undefined,
  workspace: Workspace,
): Promise<void> {
  const { row, catalog, from, revision } = asset
  const origin = { ...source, catalog, from, revision, sha: row.sha, path: asset.files[0]!.source, digest: fetchedDigest(asset) }
  const note = { message: `${joined ? 'Merged with' : 'Updated from'} ${catalog}` }
  const put = async (files: ReadonlyMap<string, Uint8Array>, make: () => Entry) =>
    putState({ ref, entry }, { temporaries: await stageAll(files, workspace), record: (draft) => (draft.assets[ref] = make()) }, note, workspace)

  if (content.form === 'item') {
    const { read, files } = joined?.form === 'item' ? joined : await taken(entry, asset, content.file, content.read, workspace)
    const folder = dirname(content.file)
    // What a merge kept of the user's is a change beside what the catalog has.
    const base = joined ? content.read.content.digest : read.content.digest
    const placed = new Map([...files].map(([path, bytes]) => [`${folder}/${path}`, bytes]))
    if (workspace.consents.has(origin.digest)) workspace.consents.give(read.content.digest, `${ref} from ${catalog}`)
    await put(placed, () => ({ ...itemEntry(read.item, read.content, workspace.timestamp(), entry), source: { ...origin, base } }))
    return
  }
  const media = joined?.form === 'media' ? joined.media : content.media
  const file = withExtension(entry.file!, media.format.extension)
  const others = asset.files.slice(1).map(({ path, bytes }) => ({ file: `${dirname(file)}/${path}`, bytes: joined?.files.get(path) ?? bytes }))
  const hash = contentHash(media.bytes)
  await put(new Map([[file, media.bytes], ...others.map((one) => [one.file, one.bytes] as const)]), () => {
    const next: Entry = { ...structuredClone(entry), file, source: { ...origin, base: joined ? contentHash(content.media.bytes) : hash } }
    describeContent(next, media, hash)
    delete next.files
    if (others.length > 0) next.files = others.map((one) => ({ file: one.file, hash: contentHash(one.bytes), size: one.bytes.length }))
    next.version = joined?.version ?? versionAfter(entry.version, row.version)
    next.modified = workspace.timestamp()
    return next
  })
}

/** The item as the catalog has it, under a version above the present one. */
async function taken(entry: Entry, asset: FetchedAsset, file: string, read: ReadItem, { library }: Workspace) {
  const files = new Map(asset.files.map(({ path, bytes }) => [path, bytes]))
  const version = versionAfter(entry.version, read.item.head.version)
  if (version === read.item.head.version) return { read, files }
  const bytes = await library.edited(file, { version }, asset.files[0]!.bytes)
  const [own, ...others] = [...files.keys()]
  const contents = new Map(others.map((path) => [path, files.get(path)!]))
  return { read: await library.check(file, bytes, contents), files: files.set(own!, bytes) }
}

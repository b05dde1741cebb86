import { join } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { requireAsset, withoutScheme } from '../core/find-asset.ts'
import { isItem, itemEntry } from '../core/kinds/item-entry.ts'
import type { Workspace } from '../workspace.ts'
import { requireVerb, type FoundItem } from './require-item.ts'
import { adoptable, adoptNow, type Adopted } from './site-item.ts'

/** An item of the starter library that the project does not have. */
export interface StarterItem extends FoundItem {
  /** It, and what it needs. */
  adopted: readonly Adopted[]
}

/**
 * The item of a ref that only the starter library has, to be used without the project getting it: code is laid in a
 * folder of the project's own state, where it finds the project's packages.
 * @throws VERB_UNSUITABLE
 */
export async function starterItem(name: string, verb: string, workspace: Workspace): Promise<StarterItem | undefined> {
  const ref = withoutScheme(name)
  const adopted = await adoptable([ref], workspace.manifest.read().assets, workspace)
  const own = adopted.find(({ read }) => read.item.id === ref)
  if (!own) return undefined
  const { item, content, warnings } = own.read
  const kind = requireVerb(ref, item.kind, verb)
  const entry = { ...itemEntry(item, content, workspace.timestamp()), id: ref, file: item.file }
  if (item.files.length === 0) return { item, content, warnings, kind, entry, adopted }
  const files = [...own.files].map(([file, bytes]) => ({ file, hash: contentHash(bytes), read: async () => bytes }))
  const folder = await workspace.layVersion({ files })
  const laid = { ...item, files: item.files.map((one) => ({ ...one, file: join(folder, one.file) })) }
  return { item: laid, content, warnings, kind, entry, adopted }
}

/** The entry of an item in the project, which gets it where only the starter library has it. */
export async function entryInProject(found: FoundItem | StarterItem, workspace: Workspace): Promise<FoundItem['entry']> {
  if (!('adopted' in found)) return found.entry
  await adoptNow(found.adopted, workspace)
  const { entry } = requireAsset(workspace.manifest.read().assets, found.item.id)
  return isItem(entry) ? entry : found.entry
}

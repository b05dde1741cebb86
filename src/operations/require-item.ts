import { assetFileMissing } from '../core/asset-errors.ts'
import { defineError } from '../core/errors.ts'
import { requireAsset } from '../core/find-asset.ts'
import { libraryKind, libraryKinds } from '../core/kinds/index.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import type { ItemUse, LibraryKind } from '../core/kinds/kind.ts'
import type { Entry } from '../core/manifest.ts'
import type { ReadItem, Workspace } from '../workspace.ts'

const verbUnsuitable = defineError('VERB_UNSUITABLE', {
  summary: 'A command was given an asset that it can do nothing with.',
  message: (d: { ref: string; kind: string; verb: string; kinds: readonly string[]; verbs: readonly string[] }) =>
    `${d.verb} can do nothing with ${d.ref}, which is of kind ${d.kind}; it is for ${d.kinds.join(', ')}.`,
  hint: (d) => (d.verbs.length === 0 ? undefined : `For ${d.kind} there is ${d.verbs.join(', ')}.`),
  exit: 2,
})

/** An item of the library, as it stands on the disk. */
export interface FoundItem extends ReadItem {
  entry: Entry & { id: string; file: string }
  kind: LibraryKind
}

/**
 * What using the item comes to.
 * @throws VERB_UNSUITABLE when its kind has none
 */
export function requireUse(found: FoundItem, verb: string): ItemUse {
  const use = found.kind.use?.(found.item)
  if (use) return use
  throw unsuitable(found, verb)
}

function unsuitable({ item, kind }: FoundItem, verb: string) {
  const kinds = libraryKinds.filter((one) => one.use && one.verbs.includes(verb)).map(({ name }) => name)
  return verbUnsuitable({ ref: item.id, kind: kind.name, verb, kinds, verbs: kind.verbs.filter((one) => one !== verb) })
}

/** As {@link requireUse}, where only a text will do. @throws VERB_UNSUITABLE */
export function requireText(found: FoundItem, verb: string): Extract<ItemUse, { form: 'text' }> {
  const use = requireUse(found, verb)
  if (use.form !== 'text') throw unsuitable(found, verb)
  return use
}

/**
 * The kind of an asset, if it has a verb.
 * @param kindName - of its entry
 * @throws VERB_UNSUITABLE naming the kinds that have it
 */
export function requireVerb(ref: string, kindName: string, verb: string): LibraryKind {
  const kind = libraryKind(kindName)
  if (kind?.verbs.includes(verb)) return kind
  const kinds = libraryKinds.filter(({ verbs }) => verbs.includes(verb)).map((one) => one.name)
  throw verbUnsuitable({ ref, kind: kindName, verb, kinds, verbs: kind?.verbs ?? [] })
}

/**
 * The item of an id or alias, for a command that its kind has.
 * @throws ASSET_UNKNOWN, VERB_UNSUITABLE, ITEM_INVALID
 */
export async function requireItem(name: string, verb: string, workspace: Workspace): Promise<FoundItem> {
  const { ref, entry } = requireAsset(workspace.manifest.read().assets, name)
  const kind = requireVerb(ref, entry.kind, verb)
  if (!isItem(entry)) throw assetFileMissing({ ref, file: entry.file ?? '' })
  return { ...(await workspace.library.read(entry.file)), entry, kind }
}

import { contentHash, digestOf } from '../digest.ts'
import type { Entry } from '../manifest.ts'
import { libraryKind } from './index.ts'
import { headMembers } from './item-head.ts'
import type { Item } from './kind.ts'

/** Whether an entry is that of a library item. */
export function isItem(entry: Entry): entry is Entry & { id: string; file: string } {
  return entry.id !== undefined && entry.file !== undefined && libraryKind(entry.kind) !== undefined
}

/** An item's own file and its content files with their digests. */
export interface ItemContent {
  hash: string
  size: number
  files: { file: string; hash: string; size: number }[]
  /** Of all of it: equal digests, equal item. */
  digest: string
}

/** @param bytes - of the item's own file */
export function itemContent(item: Item, bytes: Uint8Array): ItemContent {
  const hash = contentHash(bytes)
  const files = item.files.map((file) => ({ file: file.file, hash: contentHash(file.bytes), size: file.bytes.length }))
  return {
    hash,
    size: bytes.length,
    files,
    digest: `sha256:${digestOf([hash, item.files.map(({ name }, i) => [name, files[i]!.hash])])}`,
  }
}

/** Members of an entry that follow from the item; what else an entry has stays with it. */
const ownMembers = new Set<string>([...headMembers, 'tokenCost', 'rating', 'formats'])

/**
 * The manifest's entry of an item.
 * @param previous - the entry it takes the place of
 * @param now - ISO time of the change
 */
export function itemEntry(item: Item, content: ItemContent, now: string, previous?: Entry): Entry {
  const { id: _id, files: _files, name = item.name, ...head } = item.head
  const kept = Object.fromEntries(Object.entries(previous ?? {}).filter(([member]) => !ownMembers.has(member)))
  const { tokenCost, rating, labels } = item.fields
  return {
    ...kept,
    ...head,
    id: item.id,
    kind: item.kind,
    category: item.group,
    file: item.file,
    name,
    hash: content.hash,
    size: content.size,
    digest: content.digest,
    ...(content.files.length > 0 && { files: content.files }),
    ...(typeof tokenCost === 'number' && { tokenCost }),
    ...(typeof rating === 'number' && { rating }),
    ...(labels !== undefined && { labels: { ...previous?.labels, ...(labels as Readonly<Record<string, string>>) } }),
    created: previous?.created ?? now,
    modified: now,
    source: previous?.source ?? { type: 'library' },
  }
}

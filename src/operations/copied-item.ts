import { posix } from 'node:path'
import { titleOf, type ItemPlace } from '../core/kinds/item-id.ts'
import type { Item, ItemFile } from '../core/kinds/kind.ts'
import type { Workspace } from '../workspace.ts'

/** The files of a copy. */
export interface CopiedItem {
  /** Its own file. */
  own: Uint8Array
  /** Content files by the names that the copy calls them by. */
  contents: Map<string, Uint8Array>
}

/**
 * An item under another name, at version 1.0.0.
 * @param from.own - bytes of its own file; absent: those on the disk
 * @param members - further members of the head that the copy has
 */
export async function copiedItem(
  from: { item: Item; own?: Uint8Array },
  place: ItemPlace,
  members: Readonly<Record<string, unknown>>,
  { library }: Workspace,
): Promise<CopiedItem> {
  const { item, own } = from
  const names = copiedNames(item.files, item.name, place.name)
  const folders = { from: posix.dirname(item.file), to: posix.dirname(library.fileOf(place.id)) }
  return {
    own: await library.renamed(item.file, { id: undefined, name: titleOf(place.name), version: '1.0.0', ...members }, names, own),
    contents: new Map(item.files.map((one) => [names.get(one.name)!, copiedContent(one, names, folders)])),
  }
}

/**
 * What the content files of an item are called in a copy of it: `button.tsx` of `button` becomes `link.tsx` of `link`,
 * `button/Icon.tsx` becomes `link/Icon.tsx`; what is called after neither goes into a folder of the copy's name.
 * @returns new names by old ones, relative to the folder of the item
 */
function copiedNames(files: readonly ItemFile[], from: string, to: string): Map<string, string> {
  return new Map(
    files.map(({ name }) => {
      const rest = name.slice(from.length)
      const isOwn = name.startsWith(from) && /^[./-]/.test(rest)
      return [name, isOwn ? to + rest : `${to}/${name}`]
    }),
  )
}

/** `'./Icon.tsx'`, `"../shared"` */
const relativePath = /(["'])(\.{1,2}\/[^"'\n]{1,300})\1/g

/**
 * A content file of a copy: its relative paths lead to the copies of the item's own files, and to all else where they led
 * before.
 * @param names - of {@link copiedNames}
 * @param folders - of the item and of its copy, relative to the project
 */
function copiedContent(
  { name, bytes }: ItemFile,
  names: ReadonlyMap<string, string>,
  folders: { from: string; to: string },
): Uint8Array {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return bytes
  }
  const place = posix.dirname(posix.join(folders.to, names.get(name)!))
  const moved = text.replace(relativePath, (_, quote: string, path: string) => {
    const target = posix.join(posix.dirname(name), path)
    // Code may leave the extension out.
    const own = [...names].find(([one]) => one === target || one.replace(/\.[^./]+$/, '') === target)
    const leadsTo = own
      ? posix.join(folders.to, own[0] === target ? own[1] : own[1].replace(/\.[^./]+$/, ''))
      : posix.join(folders.from, target)
    const way = posix.relative(place, leadsTo)
    return `${quote}${way.startsWith('.') ? way : `./${way}`}${path.endsWith('/') ? '/' : ''}${quote}`
  })
  return moved === text ? bytes : new TextEncoder().encode(moved)
}

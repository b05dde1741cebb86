import { posix } from 'node:path'
import { titleOf, type ItemPlace } from '../core/kinds/item-id.ts'
import type { Item, ItemFile } from '../core/kinds/kind.ts'
import { renamedFiles } from '../core/kinds/renamed-files.ts'
import { renameRefs } from '../core/renamed-refs.ts'
import { textIn } from '../core/version/text-lines.ts'
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
  const names = renamedFiles(item.files.map(({ name }) => name), item.name, place.name)
  const folders = { from: posix.dirname(item.file), to: posix.dirname(library.fileOf(place.id)) }
  return {
    own: await library.renamed(item.file, { id: undefined, name: titleOf(place.name), version: '1.0.0', ...members }, { files: names }, own),
    contents: copiedContents(item.files, names, folders),
  }
}

/** `'./Icon.tsx'`, `"../shared"` */
const relativePath = /(["'])(\.{1,2}\/[^"'\n]{1,300})\1/g

/**
 * Content files of a copy: their relative paths lead to the copies of the item's own files, and to all else where they led
 * before.
 * @param names - of {@link renamedFiles}
 * @param folders - of the item and of its copy, relative to the project
 * @param refs - new names of assets by old ones
 */
export function copiedContents(
  files: readonly Pick<ItemFile, 'name' | 'bytes'>[],
  names: ReadonlyMap<string, string>,
  folders: { from: string; to: string },
  refs: ReadonlyMap<string, string> = new Map(),
): Map<string, Uint8Array> {
  const isMoved = folders.from !== folders.to || [...names].some(([before, after]) => before !== after)
  return new Map(
    files.map(({ name, bytes }) => {
      const text = textIn(bytes)
      const copied = text === undefined ? undefined : renameRefs(isMoved ? movedPaths(text, name, names, folders) : text, refs)
      return [names.get(name)!, copied === undefined || copied === text ? bytes : new TextEncoder().encode(copied)]
    }),
  )
}

function movedPaths(
  text: string,
  name: string,
  names: ReadonlyMap<string, string>,
  folders: { from: string; to: string },
): string {
  const place = posix.dirname(posix.join(folders.to, names.get(name)!))
  return text.replace(relativePath, (_, quote: string, path: string) => {
    const target = posix.join(posix.dirname(name), path)
    // Code may leave the extension out.
    const own = [...names].find(([one]) => one === target || one.replace(/\.[^./]+$/, '') === target)
    const leadsTo = own
      ? posix.join(folders.to, own[0] === target ? own[1] : own[1].replace(/\.[^./]+$/, ''))
      : posix.join(folders.from, target)
    const way = posix.relative(place, leadsTo)
    return `${quote}${way.startsWith('.') ? way : `./${way}`}${path.endsWith('/') ? '/' : ''}${quote}`
  })
}

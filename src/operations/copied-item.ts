import { posix } from 'node:path'
import type { ItemFile } from '../core/kinds/kind.ts'

/**
 * What the content files of an item are called in a copy of it: `button.tsx` of `button` becomes `link.tsx` of `link`,
 * `button/Icon.tsx` becomes `link/Icon.tsx`; what is called after neither goes into a folder of the copy's name.
 * @returns new names by old ones, relative to the folder of the item
 */
export function copiedNames(files: readonly ItemFile[], from: string, to: string): Map<string, string> {
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
export function copiedContent(
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

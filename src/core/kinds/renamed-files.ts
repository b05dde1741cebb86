/**
 * What the content files of an item are called when it has another name: `button.tsx` of `button` becomes `link.tsx` of
 * `link`, `button/Icon.tsx` becomes `link/Icon.tsx`; what is called after neither goes into a folder of the new name.
 * @param files - relative to the folder of the item
 * @param from - last part of the item's id
 * @param to - that of the other name
 * @returns new names by old ones
 */
export function renamedFiles(files: readonly string[], from: string, to: string): Map<string, string> {
  return new Map(
    files.map((name) => {
      if (from === to) return [name, name]
      const rest = name.slice(from.length)
      const isOwn = name.startsWith(from) && /^[./-]/.test(rest)
      return [name, isOwn ? to + rest : `${to}/${name}`]
    }),
  )
}

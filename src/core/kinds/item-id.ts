import { itemInvalid } from '../item-invalid.ts'
import { segmentRefusal } from '../names.ts'
import { didYouMean } from '../near.ts'
import { defineError } from '../errors.ts'
import { libraryKind, libraryKinds } from './index.ts'
import type { LibraryKind } from './kind.ts'

export const kindUnknown = defineError('KIND_UNKNOWN', {
  summary: 'There is no such kind of library items.',
  message: (d: { kind: string }) => `There is no kind ${JSON.stringify(d.kind)}.`,
  hint: (d) => {
    const names = libraryKinds.map(({ name }) => name)
    return `${didYouMean(d.kind, names) ?? ''} Kinds are ${names.join(', ')}.`.trim()
  },
  exit: 2,
})

/** Where an item stands: `<kind>/<group>/<name>`. */
export interface ItemPlace {
  id: string
  kind: LibraryKind
  group: string
  name: string
}

export const itemSuffix = '.asset.yaml'
const partPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/

/** @throws KIND_UNKNOWN */
export function requireKind(name: string): LibraryKind {
  const kind = libraryKind(name)
  if (!kind) throw kindUnknown({ kind: name })
  return kind
}

/**
 * The place that a path under `assets/library` stands for.
 * @param path - `design-tokens/colors/brand.asset.yaml`, POSIX
 * @param file - the same relative to the project, for messages
 * @throws ITEM_INVALID
 */
export function placeOfPath(path: string, file: string): ItemPlace {
  const refuse = (problem: string, allowed: readonly string[], hint?: string) =>
    itemInvalid({ file, field: '', problem, allowed, ...(hint && { hint }) }, { location: { file, line: 1 } })
  const kinds = libraryKinds.map(({ name }) => name)
  const kind = libraryKinds.find(({ name }) => path.startsWith(`${name}/`))
  if (!kind) {
    const folder = path.split('/').slice(0, path.startsWith('configs/') ? 2 : 1).join('/')
    throw refuse(`stands in the folder ${folder}, which is no kind`, kinds, didYouMean(folder, kinds))
  }
  return placeIn(kind, path.slice(kind.name.length + 1, -itemSuffix.length), refuse)
}

/**
 * The place that `<group>/<name>` of a kind stands for.
 * @throws ITEM_INVALID
 */
export function placeOfName(kind: LibraryKind, name: string): ItemPlace {
  return placeIn(kind, name, (problem, allowed, hint) =>
    itemInvalid({ file: `${kind.name}/${name}`, field: '', problem, allowed, ...(hint && { hint }) }),
  )
}

function placeIn(
  kind: LibraryKind,
  rest: string,
  refuse: (problem: string, allowed: readonly string[], hint?: string) => Error,
): ItemPlace {
  const parts = rest.split('/')
  const [group, name] = parts
  if (parts.length !== 2 || !group || !name)
    throw refuse(`must be <group>/<name> under ${kind.name}, and is ${JSON.stringify(rest)}`, kind.groups)
  if (!kind.groups.includes(group))
    throw refuse(`is in the group ${JSON.stringify(group)}, which ${kind.name} does not have`, kind.groups, didYouMean(group, kind.groups))
  if (!partPattern.test(name))
    throw refuse(`is called ${JSON.stringify(name)}; a name has letters, digits, "-" and "_"`, [])
  const why = segmentRefusal(name)
  if (why) throw refuse(`is called ${JSON.stringify(name)}, which cannot be written everywhere: ${why}`, [])
  return { id: `${kind.name}/${group}/${name}`, kind, group, name }
}

/** The name for people that follows from an item's own: `hero-warm` → `Hero warm`. */
export function titleOf(name: string): string {
  return name.replace(/[-_]+/g, ' ').replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())
}

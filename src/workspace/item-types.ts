import { join, relative, sep } from 'node:path'
import { isAssetloomError } from '../core/errors.ts'
import { codeText } from '../core/code-text.ts'
import { libraryKind } from '../core/kinds/index.ts'
import type { Item, ItemTypes } from '../core/kinds/kind.ts'
import type { Entry } from '../core/manifest.ts'
import type { CacheIndex } from '../store/cache-index.ts'
import type { LibraryFiles } from '../store/library-files.ts'

/** Raised when the types of an unchanged item become others. */
const typesVersion = 1

/**
 * TypeScript of library items, remembered by their digest: with thousands of items none is read that did not change.
 * @returns undefined for what is no library item, and for an item that cannot be read now
 */
export function createItemTypes(input: {
  root: string
  typesFolder: string
  library: LibraryFiles
  cache: CacheIndex
}): (entry: Entry) => Promise<ItemTypes | undefined> {
  const { library, cache } = input
  const keyOf = (id: string, digest: string) => `item-types:${typesVersion}:${id}:${digest}`
  return async ({ id, kind: kindName, digest, file }) => {
    const kind = id === undefined ? undefined : libraryKind(kindName)
    if (!kind || id === undefined || file === undefined || digest === undefined) return undefined
    const known = await cache.get<ItemTypes>(keyOf(id, digest))
    if (known) return known
    try {
      const { item, content } = await library.read(file)
      const types = typesOfItem(item, input)
      await cache.set(keyOf(id, content.digest), types)
      return types
    } catch (error) {
      // Sync, dev and build tell what is wrong with it; here its import becomes unusable in types, and no more.
      if (isAssetloomError(error)) return undefined
      throw error
    }
  }
}

/**
 * TypeScript of a library item.
 * @param place.root - what the paths of its files are relative to
 */
export function typesOfItem(item: Item, { root, typesFolder }: { root: string; typesFolder: string }): ItemTypes {
  const importPath = (file: string) => `import(${codeText(relative(typesFolder, join(root, file)).split(sep).join('/'))})`
  return libraryKind(item.kind)!.types(item, importPath)
}

import { smallLibraryAssets } from '../core/asset-globs.ts'
import type { TypedAsset } from '../core/emit-types.ts'
import { isAssetloomError } from '../core/errors.ts'
import { libraryKind } from '../core/kinds/index.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import type { ItemTypes } from '../core/kinds/kind.ts'
import type { Entry } from '../core/manifest.ts'
import { effectiveSettings } from '../core/site.ts'
import type { Workspace } from '../workspace.ts'

/** Versions of one item that get types of their own, the newest first; any that a site keeps comes on top. */
const mostVersions = 10
/** Raised when the types of an unchanged version become others. */
const typesVersion = 1

/**
 * What the types are written from. From the index: a build that has just made it does not read the manifest again.
 * @param typesOf - of the present state of an item
 * @returns undefined when there is no manifest
 */
export async function typedAssets(
  workspace: Workspace,
  typesOf: (entry: Entry) => Promise<ItemTypes | undefined>,
): Promise<TypedAsset[] | undefined> {
  const { index, options } = workspace
  if (index.digest() === '') return undefined
  const rows = [...index.startingWith('')]
  if (options.types === false) return rows.map(({ ref, entry }) => ({ ref, entry, aliases: entry.aliases ?? [] }))
  const site = await siteTypes(workspace)
  const isSmall = rows.length <= smallLibraryAssets
  const assets: TypedAsset[] = []
  for (const { ref, entry } of rows) {
    const types = (await site.settled(entry)) ?? (await typesOf(entry))
    const versions = isItem(entry) ? await versionTypes(ref, entry.kind, isSmall, site.pinsOf(ref), workspace) : []
    assets.push({ ref, entry, aliases: entry.aliases ?? [], ...(types && { types }), ...(versions.length > 0 && { versions }) })
  }
  return assets
}

/** What sites say of types. */
interface SiteTypes {
  /** The types of settings that are others in some site: any of them may stand behind an import. */
  settled(entry: Entry): Promise<ItemTypes | undefined>
  pinsOf(ref: string): string[]
}

async function siteTypes(workspace: Workspace): Promise<SiteTypes> {
  const { library, hasSites } = workspace
  if (!hasSites()) return { settled: async () => undefined, pinsOf: () => [] }
  const sites = await workspace.sites()
  const file = sites.read()
  const all = sites.all(file)
  return {
    pinsOf: (ref) => all.flatMap(({ pins }) => (Object.hasOwn(pins, ref) ? pins[ref]! : [])),
    async settled(entry) {
      if (!entry.kind.startsWith('configs/') || !isItem(entry)) return undefined
      try {
        const { item } = await library.read(entry.file)
        const { config, overrides } = item.fields as Parameters<typeof effectiveSettings>[1]
        const values = [undefined, ...all.map(({ id }) => id)].map((site) => {
          const settings = effectiveSettings(item.id, { config, overrides }, file, site)
          return libraryKind(item.kind)!.types({ ...item, fields: { ...item.fields, config: settings } }, () => '').value
        })
        return { value: [...new Set(values)].join(' | ') }
      } catch (error) {
        // As for the item by itself: what is wrong with it is told elsewhere.
        if (isAssetloomError(error)) return undefined
        throw error
      }
    },
  }
}

/**
 * The types of earlier versions of an item, as far as their states are on this machine. A kind whose types are those of its
 * source file has none: the file is laid out only when it is imported.
 */
async function versionTypes(
  ref: string,
  kindName: string,
  isSmall: boolean,
  pins: readonly string[],
  workspace: Workspace,
): Promise<NonNullable<TypedAsset['versions']>> {
  const kind = libraryKind(kindName)
  if (!kind || (!isSmall && pins.length === 0)) return []
  const versions = await workspace.versions()
  const { lines } = versions.history(ref)
  const recent = isSmall ? lines.slice(-mostVersions).map(({ version }) => version) : []
  const found: { version: string; types: ItemTypes }[] = []
  for (const version of [...new Set([...recent, ...pins])].sort()) {
    const line = lines.findLast((one) => one.version === version)
    if (!line) continue
    const key = `version-types:${typesVersion}:${ref}:${line.digest}`
    const known = await workspace.cache.get<{ types?: ItemTypes }>(key)
    const types = known ? known.types : await read(version)
    if (!known) await workspace.cache.set(key, { ...(types && { types }) })
    if (types) found.push({ version, types })
  }
  return found

  async function read(version: string): Promise<ItemTypes | undefined> {
    let isOfSource = false
    try {
      const { item } = await versions.readItem(await versions.readVersion(ref, version))
      const types = kind!.types(item, () => ((isOfSource = true), ''))
      return isOfSource ? undefined : types
    } catch (error) {
      // Bytes that are nowhere, an item of an older schema: the import tells.
      if (isAssetloomError(error)) return undefined
      throw error
    }
  }
}

import { codeFilesOf } from '../core/catalog/code-files.ts'
import { byCodeUnit } from '../core/code-text.ts'
import { contentHash, digestOf } from '../core/digest.ts'
import type { TypedAsset } from '../core/emit-types.ts'
import { defineError, isAssetloomError } from '../core/errors.ts'
import type { Entry } from '../core/manifest.ts'
import { matchRequests, withoutExtension } from '../core/usage-match.ts'
import type { VersionState } from '../core/version/snapshot.ts'
import { stampOf, statOrUndefined } from '../store/file-stamp.ts'
import type { ReadItem, Workspace } from '../workspace.ts'
import { entryOf, plannedBytes, plannedFiles } from './catalog-entry.ts'
import { fetchedDigest, type FetchedAsset, type KeptAsset } from './catalogs.ts'
import { typesOfItem } from './item-types.ts'

const codeNotLetIn = defineError('BORROWED_CODE', {
  summary: 'An import names an asset of the cache or the own library that holds code, and nobody let that in.',
  message: (d: { ref: string; place: string; code: readonly string[] }) =>
    `${d.ref} (${d.place}) holds code that was never let in: ${d.code.join(', ')}.`,
  hint: (d) => `npx assetloom add ${d.ref} --local shows it and asks.`,
})

/** An asset that the project does not have, as its imports take it from the user's own library or from the cache. */
export interface BorrowedAsset {
  ref: string
  layer: 'global' | 'cache'
  /** The user changed it since it was taken over; of the library only. */
  isEdited: boolean
  /** As it would be in the project, had it been added. */
  state: VersionState
  /** Absolute paths of its files in the user's folder. */
  watch: readonly string[]
  /** Changes when its files do. */
  signature: string
}

/** Assets of the user's own folder for imports: nothing is written into the project, and no catalog is asked. */
export interface BorrowedAssets {
  /**
   * @returns undefined when neither the library nor the cache has it, or the cache only what is not what was downloaded
   * @throws BORROWED_CODE, CATALOG_ASSET_NOT_SOUND
   */
  find(ref: string): Promise<BorrowedAsset | undefined>
  /** Text that changes when a borrowed asset would; undefined when there is none. */
  signature(ref: string): string | undefined
  /** Refs of all that could be borrowed. */
  refs(): string[]
  /** Those that the code of the project asks for, and that these ask for. */
  typed(): Promise<TypedAsset[]>
}

/** Raised when the entry of an unchanged picture or sound becomes another. */
const entryVersion = 1

export async function createBorrowedAssets(workspace: Workspace): Promise<BorrowedAssets> {
  const { cache: memory, consents, index, options, paths } = workspace
  const catalogs = await workspace.catalogs()
  const { asItLies, locateKept } = await workspace.layers()
  type Borrowed = BorrowedAsset & { read: ReadItem | undefined }
  const known = new Map<string, { signature: string; asset: Promise<Borrowed | undefined> }>()

  const locate = (ref: string) => {
    // The last part of a ref is no name in code: what it means would change with every asset that comes.
    const found = ref.includes('/') ? locateKept(ref, catalogs) : undefined
    if (!found) return undefined
    const stamps = found.kept.files.map(({ file }) => {
      const stat = statOrUndefined(file)
      return stat ? stampOf(stat) : ''
    })
    return { ...found, signature: digestOf([found.layer, found.kept.digest, stamps]) }
  }

  /** The entry with the bytes of the files; media are decoded once, and their entry remembered. */
  const contentOf = async (asset: FetchedAsset, kept: KeptAsset) => {
    const key = `borrowed:${entryVersion}:${digestOf([options.assetsDir, asset.row.ref, fetchedDigest(asset)])}`
    const remembered = await memory.get<Entry>(key)
    const bytes = asset.files.map((file) => file.bytes)
    if (remembered && remembered.hash === contentHash(bytes[0]!))
      return { entry: remembered, places: [remembered.file!, ...(remembered.files ?? []).map(({ file }) => file)], bytes, read: undefined }
    const content = await catalogs.check(asset)
    const places = plannedFiles(asset, content, workspace)
    const { created, updated: modified } = asset.row
    const entry = { ...entryOf(asset, content, places, kept.digest, workspace), created, modified }
    if (content.form === 'media') await memory.set(key, entry)
    return { entry, places, bytes: plannedBytes(asset, content), read: content.form === 'item' ? content.read : undefined }
  }

  const borrow = async ({ ref, layer, kept, signature }: NonNullable<ReturnType<typeof locate>>): Promise<Borrowed | undefined> => {
    const asset = layer === 'cache' ? kept.read() : asItLies(kept)
    if (!asset || asset.files[0]?.path !== kept.files[0]!.path) return undefined
    const digest = fetchedDigest(asset)
    const code = codeFilesOf(asset.row.type, asset.files.map(({ path }) => path))
    // What the user made of code that was let in is the user's.
    if (code.length > 0 && !consents.has(kept.digest) && !consents.has(digest))
      throw codeNotLetIn({ ref, place: kept.files[0]!.file, code })
    const { entry, places, bytes, read } = await contentOf(asset, kept)
    const files = places.map((file, i) => ({ file, hash: contentHash(bytes[i]!), read: () => Promise.resolve(bytes[i]!) }))
    return {
      ref,
      layer,
      isEdited: digest !== kept.digest,
      state: { version: entry.version, entry, files },
      watch: kept.files.map(({ file }) => file),
      signature,
      read,
    }
  }

  const find = (ref: string): Promise<Borrowed | undefined> => {
    const located = locate(ref)
    if (!located) return Promise.resolve(undefined)
    const before = known.get(ref)
    if (before?.signature === located.signature) return before.asset
    const asset = borrow(located)
    known.set(ref, { signature: located.signature, asset })
    // A consent may come meanwhile.
    asset.catch(() => known.delete(ref))
    return asset
  }

  /** What cannot be imported has no type; its import tells why. */
  const findQuietly = (ref: string) =>
    find(ref).catch((error: unknown) => {
      if (isAssetloomError(error)) return undefined
      throw error
    })

  const typesOf = async ({ state, read }: Borrowed) => {
    if (!read) return undefined
    const root = read.item.files.length > 0 ? await workspace.layVersion(state) : paths.root
    return typesOfItem(read.item, { root, typesFolder: paths.types })
  }

  const refs = () => [...new Set([...catalogs.library.list(), ...catalogs.cache.list()])]

  return {
    find,
    signature: (ref) => locate(ref)?.signature,
    refs,
    async typed() {
      const open = new Set(refs().filter((ref) => !index.find(ref)))
      if (open.size === 0) return []
      const typed: TypedAsset[] = []
      const visit = async (names: Iterable<string>): Promise<void> => {
        for (const name of names) {
          const ref = open.has(name) ? name : withoutExtension(name)
          if (!open.delete(ref)) continue
          const asset = await findQuietly(ref)
          if (!asset) continue
          const types = await typesOf(asset)
          const { entry, files } = asset.state
          typed.push({ ref, entry, aliases: [], ...(types && { types }) })
          if (asset.read) for (const { read } of files) await visit(requestsIn(await read()))
        }
      }
      await visit(await (await workspace.usages()).requested())
      return typed.sort((a, b) => byCodeUnit(a.ref, b.ref))
    },
  }
}

function requestsIn(bytes: Uint8Array): string[] {
  return matchRequests(new TextDecoder().decode(bytes)).map(({ name }) => name)
}

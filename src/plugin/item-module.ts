import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { contentHash, digestOf } from '../core/digest.ts'
import { assetFileChanged, assetFileMissing } from '../core/asset-errors.ts'
import { defineError } from '../core/errors.ts'
import { itemEntry } from '../core/kinds/item-entry.ts'
import { libraryKind } from '../core/kinds/index.ts'
import type { Item, LibraryKind } from '../core/kinds/kind.ts'
import type { Entry } from '../core/manifest.ts'
import { didYouMean } from '../core/near.ts'
import { publicMeta, type PublicMeta } from '../core/public-meta.ts'
import type { ReadItem, Workspace } from '../workspace.ts'
import type { AssetFile, AssetModule, ItemContent } from './asset-module.ts'
import type { PinnedAsset } from './pinned-asset.ts'

const formUnknown = defineError('ITEM_QUERY', {
  summary: 'A query after the id of a library item that its kind does not know.',
  message: (d: { id: string; query: string; kind: string; forms: readonly string[] }) =>
    `"?${d.query}" is nothing that ${d.id} can be imported as.`,
  hint: (d) =>
    d.forms.length === 0
      ? `Items of the kind ${d.kind} have no query.`
      : `${didYouMean(d.query, d.forms) ?? ''} ${d.kind} knows ${d.forms.map((form) => `?${form}`).join(', ')}.`.trim(),
  exit: 2,
})

/** The word of the kind that a query asks for. @throws ITEM_QUERY */
function formOf(kind: LibraryKind, id: string, query: string): { form: string | undefined; isInline: boolean } {
  const words = query === '' ? [] : query.split('&').map((word) => word.replace(/=$/, ''))
  const isInline = words.includes('inline') && words.includes('css')
  const [form, ...more] = words.filter((word) => !(isInline && word === 'inline'))
  const { forms = [] } = kind
  if (more.length > 0 || (form !== undefined && !forms.includes(form)))
    throw formUnknown({ id, query, kind: kind.name, forms: [...forms, ...(forms.includes('css') ? ['css&inline'] : [])] })
  return { form, isInline }
}

/** The item with the settings that hold where it is imported. */
export type SettleItem = (item: Item) => Item

/**
 * The module of a library item. It is read from the disk when it is imported: an edit shows before the manifest follows.
 * @throws ITEM_INVALID, ITEM_QUERY, ASSET_FILE_MISSING, and ASSET_FILE_CHANGED when frozen
 */
export async function itemModule(entry: Entry, query: string, workspace: Workspace, settle: SettleItem): Promise<AssetModule> {
  const { options, paths, library } = workspace
  const [id, file] = [entry.id!, entry.file!]
  formOf(libraryKind(entry.kind)!, id, query)
  if (!statSync(join(paths.root, file), { throwIfNoEntry: false })) throw assetFileMissing({ ref: id, file })
  const watch = [paths.manifest, join(paths.root, file)]
  const contentPaths = (files: readonly { file: string }[]) => files.map((one) => join(paths.root, one.file))
  const kept = query === '' ? await workspace.prompts.kept(entry) : undefined
  if (kept) {
    const content: ItemContent = { shape: 'item', module: kept.module }
    return { ...moduleParts(id, content, kept.meta), watch: [...watch, ...contentPaths(entry.files ?? [])], signature: itemSignature(entry, workspace) }
  }
  const read = await library.read(file)
  if (read.content.digest !== entry.digest && options.generate === 'frozen') throw assetFileChanged({ ref: id, file })
  const { content, isSource } = await contentOf(settle(read.item), query, paths.root, workspace)
  if (query === '') await workspace.prompts.keep(read, content.module)
  return {
    ...moduleOf(read, content),
    // A file that is exported again is a module of its own, which the host follows.
    watch: [...watch, ...(isSource ? [] : contentPaths(read.item.files))],
    signature: itemSignature(entry, workspace),
  }
}

/**
 * The module of a library item as it was at a version.
 * @param folder - where the files of that version were laid, each at its path in the project
 */
export async function pinnedItemModule(
  { state, watch, signature }: PinnedAsset,
  folder: string,
  query: string,
  workspace: Workspace,
  settle: SettleItem,
): Promise<AssetModule> {
  const { entry } = state
  formOf(libraryKind(entry.kind)!, entry.id!, query)
  const read = await (await workspace.versions()).readItem(state)
  const { content } = await contentOf(settle(read.item), query, folder, workspace)
  return { ...moduleOf(read, content), watch, signature }
}

/** @param root - what the paths of a source file are relative to */
async function contentOf(item: Item, query: string, root: string, workspace: Workspace) {
  const kind = libraryKind(item.kind)!
  const { form, isInline } = formOf(kind, item.id, query)
  const module = kind.module(item, form)
  const isSource = module.form === 'source'
  const content: ItemContent = {
    shape: 'item',
    module,
    ...(isSource && { path: join(root, module.file) }),
    ...(module.form === 'stylesheet' && !isInline && { path: await serveSheet(item.name, module.css, workspace) }),
  }
  return { content, isSource }
}

const moduleOf = ({ item, content: recorded }: ReadItem, content: ItemContent) =>
  moduleParts(item.id, content, publicMeta(itemEntry(item, recorded, '')))

const moduleParts = (id: string, content: ItemContent, meta: PublicMeta) => ({ ref: id, content, hostQuery: '', alt: undefined, token: id, meta })

/** A style sheet as a real file, for the host's own handling of CSS. */
function serveSheet(name: string, css: string, workspace: Workspace): Promise<string> {
  const bytes = new TextEncoder().encode(css)
  const file: AssetFile = {
    name: `${name}.css`,
    hash: contentHash(bytes),
    mediaType: 'text/css',
    sizeBytes: bytes.length,
    originalFileName: `${name}.css`,
    read: () => bytes,
  }
  return workspace.served.ensure(file.hash, file.name, () => file.read())
}

/** By the times of the files that the module follows: it follows them, not the manifest. */
export function itemSignature(entry: Entry, workspace: Workspace): string {
  const folder = dirname(entry.file!)
  // Content of kinds that name a source file is a module of its own, which the host follows and keeps in place.
  const contents = libraryKind(entry.kind)?.contentFiles ? [] : (entry.files ?? []).map(({ file }) => file)
  const names = [entry.file!, ...contents.filter((file) => file.startsWith(folder))]
  return digestOf([
    entry.id,
    names.map((file) => {
      const stat = statSync(join(workspace.paths.root, file), { throwIfNoEntry: false })
      return stat ? `${stat.mtimeMs}:${stat.size}` : ''
    }),
  ])
}

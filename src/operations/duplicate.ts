import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import * as z from 'zod'
import { assetFileChanged } from '../core/asset-errors.ts'
import { contentHash } from '../core/digest.ts'
import { folderOf, idPart } from '../core/catalog/row.ts'
import { requireAsset } from '../core/find-asset.ts'
import { issueToken, recordToken, tokenTaken } from '../core/issue-token.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { placeOfName, requireKind } from '../core/kinds/item-id.ts'
import { recordedFiles, type Entry, type Manifest } from '../core/manifest.ts'
import { foldedName, nameCollision, nameRefused } from '../core/names.ts'
import { withPaths } from '../core/pack-layout.ts'
import { categoryUnknown, isToken, parseToken, requireFamily, seriesOfToken } from '../core/token.ts'
import type { Words } from '../core/vocabulary.ts'
import type { Workspace } from '../workspace.ts'
import { readAssetFile, refreshSources, requireFree, standardFile } from './asset-change.ts'
import { copiedItem } from './copied-item.ts'
import { placeNewItem } from './new-item.ts'
import { defineOperation } from './operation.ts'

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('What to copy: token, id or alias.'),
    name: z
      .string()
      .min(1)
      .max(200)
      .describe('Of an item: its new id, or the last part of it. Of media with a token: a token, or a name; then the next token is issued. Of media with an id: the last part of the new id, or a token.'),
  }),
  output: z.object({
    ref: z.string().describe('The copy.'),
    from: z.string(),
    files: z.array(z.string()).describe('Files that were written, relative to the root.'),
  }),
  positional: ['ref', 'name'],
  effect: 'write',
  example: 'assetloom duplicate design-tokens/colors/brand brand-dark',
  async run({ ref: wanted, name }, { workspace }) {
    const { ref, entry } = requireAsset(workspace.manifest.read().assets, wanted)
    return { ...(isItem(entry) ? await copyItem(entry, name, workspace) : await copyMedia(ref, name, workspace)), from: ref }
  },
  present: ({ ref, from, files }) => [`✓ ${from} → ${ref}`, ...files.map((file) => `  ${file}`)].join('\n'),
})

/** @throws ASSET_FILE_CHANGED, ITEM_INVALID, FILE_EXISTS, NAME_COLLISION */
async function copyItem(entry: Entry & { id: string; file: string }, name: string, workspace: Workspace) {
  const { library } = workspace
  const kind = requireKind(entry.kind)
  const { item, content } = await library.read(entry.file)
  if (content.digest !== entry.digest) throw assetFileChanged({ ref: entry.id, file: entry.file })
  const rest = name.startsWith(`${kind.name}/`) ? name.slice(kind.name.length + 1) : name
  const place = placeOfName(kind, rest.includes('/') ? rest : `${item.group}/${rest}`)
  const file = library.fileOf(place.id)
  requireFree(file, workspace)
  const { own, contents } = await copiedItem({ item }, place, {}, workspace)
  const read = await library.check(file, own, contents)
  return { ref: place.id, files: await placeNewItem(place, read, own, contents, workspace) }
}

/** @throws ASSET_FILE_MISSING, ASSET_FILE_CHANGED, TOKEN_TAKEN, NAME_REFUSED, NAME_COLLISION, FAMILY_UNDECLARED, CATEGORY_UNKNOWN, FILE_EXISTS */
async function copyMedia(ref: string, name: string, workspace: Workspace) {
  const original = workspace.manifest.read().assets[ref]!
  const staged = new Map<string, string>()
  try {
    for (const { file, hash } of recordedFiles(original)) {
      const { bytes } = readAssetFile(ref, { ...original, file, ...(hash !== undefined && { hash }) }, workspace)
      staged.set(file, await workspace.stageBytes(bytes, contentHash(bytes)))
    }
    const copied = workspace.manifest.update((draft, changes) => {
      const { ref: copy, members, pathOf } = placeFor(ref, original, name, draft, workspace)
      const files = [...staged].map(([file, temporary]) => ({ temporary, file: pathOf(file) }))
      for (const { temporary, file } of files) {
        requireFree(file, workspace)
        changes.place(temporary, resolve(workspace.options.root, file))
      }
      draft.assets[copy] = copyOf(original, { ...members, name: isToken(name) ? original.name : name }, ref, pathOf, workspace)
      return { ref: copy, files: files.map(({ file }) => file) }
    })
    await refreshSources(workspace)
    return copied
  } finally {
    for (const temporary of staged.values()) workspace.dropTemporary(temporary)
  }
}

/** The ref of a copy, the members that follow from it, and where its files go. */
function placeFor(ref: string, original: Entry, name: string, draft: Manifest, workspace: Workspace) {
  const words = workspace.words()
  const extension = extname(original.file ?? '')
  const ownStem = original.file?.slice(0, original.file.length - extension.length) ?? ''
  const filesAt = (stem: string) => (file: string) => stem + (file.startsWith(`${ownStem}.`) ? file.slice(ownStem.length) : extname(file))
  const place = (token: string, category: string) => {
    const [, family, last] = token.split('-') as [string, string, string]
    const file = standardFile(workspace, category, token, extension.slice(1))
    return { ref: token, members: { token, category, family, variant: last.slice(0, -3) }, pathOf: filesAt(file.slice(0, -extension.length || undefined)) }
  }
  if (isToken(name)) {
    requireUnissued(name, draft, words)
    recordToken(draft, name, words)
    return place(name, categoryOf(name, words))
  }
  if (!isToken(ref)) {
    const id = requireUnusedId(`${folderOf(ref)}${name}`, name, draft)
    return { ref: id, members: { id }, pathOf: filesAt(`${workspace.options.assetsDir}/${id}`) }
  }
  const { prefix, family, variant } = parseToken(ref, words)
  for (;;) {
    const found = place(issueToken(draft, { prefix, family, variant }), original.category ?? categoryOf(ref, words))
    // A file that nobody registered keeps its place, and its number is passed over.
    const files = recordedFiles(original).map(({ file }) => found.pathOf(file))
    if (!files.some((file) => existsSync(resolve(workspace.options.root, file)))) return found
  }
}

/** @throws FAMILY_UNDECLARED, TOKEN_TAKEN */
function requireUnissued(token: string, draft: Manifest, words: Words): void {
  const { family, sequence } = parseToken(token, words)
  requireFamily(family, words)
  if (draft.assets[token]) throw tokenTaken({ token, owner: 'an asset of the project' })
  if (sequence <= (draft.sequences[seriesOfToken(token)] ?? 0)) throw tokenTaken({ token, owner: 'an asset that was deleted' })
}

/** @throws NAME_REFUSED, NAME_COLLISION */
function requireUnusedId(id: string, name: string, { assets }: Manifest): string {
  if (!idPart.test(name)) throw nameRefused({ name, why: 'the last part of an id has letters, digits, ".", "-" and "_"' })
  const twin = Object.keys(assets).find((one) => foldedName(one) === foldedName(id))
  if (twin !== undefined) throw nameCollision({ name: id, first: twin })
  return id
}

/** @throws CATEGORY_UNKNOWN */
function categoryOf(token: string, words: Words): string {
  const { prefix } = parseToken(token, words)
  const category = words.categories.find((one) => one.prefix === prefix)
  if (!category) throw categoryUnknown({ category: prefix, known: words.categories.map((one) => one.prefix) })
  return category.name
}

function copyOf(
  original: Entry,
  { name, ...members }: Partial<Entry>,
  from: string,
  pathOf: (file: string) => string,
  workspace: Workspace,
): Entry {
  const { aliases: _aliases, refinements: _refinements, source: _source, name: _name, id: _id, ...kept } = structuredClone(original)
  const now = workspace.timestamp()
  const { userName } = workspace.options
  return {
    ...withPaths(kept as Entry, pathOf),
    ...(name !== undefined && { name }),
    ...members,
    version: '1.0.0',
    created: now,
    modified: now,
    source: { type: 'import', ...(userName && { importedBy: userName }), copyOf: from },
  }
}

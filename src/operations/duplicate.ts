import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import * as z from 'zod'
import { assetFileChanged } from '../core/asset-errors.ts'
import { contentHash } from '../core/digest.ts'
import { requireAsset } from '../core/find-asset.ts'
import { issueToken, recordToken, tokenTaken } from '../core/issue-token.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { placeOfName, requireKind } from '../core/kinds/item-id.ts'
import { recordedFiles, type Entry, type Manifest } from '../core/manifest.ts'
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
      .describe('Of an item: its new id, or the last part of it. Of media: a token, or a name; then the next token is issued.'),
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

/** @throws ASSET_FILE_MISSING, ASSET_FILE_CHANGED, TOKEN_TAKEN, FAMILY_UNDECLARED, CATEGORY_UNKNOWN, FILE_EXISTS */
async function copyMedia(ref: string, name: string, workspace: Workspace) {
  const original = workspace.manifest.read().assets[ref]!
  const staged = new Map<string, string>()
  try {
    for (const { file, hash } of recordedFiles(original)) {
      const { bytes } = readAssetFile(ref, { ...original, file, ...(hash !== undefined && { hash }) }, workspace)
      staged.set(file, await workspace.stageBytes(bytes, contentHash(bytes)))
    }
    const copied = workspace.manifest.update((draft, changes) => {
      const { token, category, pathOf } = placeFor(ref, original, name, draft, workspace)
      const files = [...staged].map(([file, temporary]) => ({ temporary, file: pathOf(file) }))
      for (const { temporary, file } of files) {
        requireFree(file, workspace)
        changes.place(temporary, resolve(workspace.options.root, file))
      }
      draft.assets[token] = copyOf(original, { token, category, name: isToken(name) ? original.name : name, from: ref }, pathOf, workspace)
      return { ref: token, files: files.map(({ file }) => file) }
    })
    await refreshSources(workspace)
    return copied
  } finally {
    for (const temporary of staged.values()) workspace.dropTemporary(temporary)
  }
}

/** The token of a copy, and where its files go. */
function placeFor(ref: string, original: Entry, name: string, draft: Manifest, workspace: Workspace) {
  const words = workspace.words()
  const place = (token: string, category: string) => {
    const extension = extname(original.file ?? '').slice(1)
    const stem = standardFile(workspace, category, token, extension).slice(0, extension ? -extension.length - 1 : undefined)
    const ownStem = original.file?.slice(0, original.file.length - extension.length - 1) ?? ''
    const pathOf = (file: string) => stem + (file.startsWith(`${ownStem}.`) ? file.slice(ownStem.length) : extname(file))
    return { token, category, pathOf }
  }
  if (isToken(name)) {
    requireUnissued(name, draft, words)
    recordToken(draft, name, words)
    return place(name, categoryOf(name, words))
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

/** @throws CATEGORY_UNKNOWN */
function categoryOf(token: string, words: Words): string {
  const { prefix } = parseToken(token, words)
  const category = words.categories.find((one) => one.prefix === prefix)
  if (!category) throw categoryUnknown({ category: prefix, known: words.categories.map((one) => one.prefix) })
  return category.name
}

function copyOf(
  original: Entry,
  own: { token: string; category: string; name: string | undefined; from: string },
  pathOf: (file: string) => string,
  workspace: Workspace,
): Entry {
  const { aliases: _aliases, refinements: _refinements, source: _source, name: _name, ...kept } = structuredClone(original)
  const [, family, last] = own.token.split('-') as [string, string, string]
  const now = workspace.timestamp()
  const { userName } = workspace.options
  return {
    ...withPaths(kept as Entry, pathOf),
    ...(own.name !== undefined && { name: own.name }),
    token: own.token,
    category: own.category,
    family,
    variant: last.slice(0, -3),
    version: '1.0.0',
    created: now,
    modified: now,
    source: { type: 'import', ...(userName && { importedBy: userName }), copyOf: own.from },
  }
}

import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { defineError } from '../core/errors.ts'
import { issueToken } from '../core/issue-token.ts'
import type { Entry, Manifest } from '../core/manifest.ts'
import { cleanRecordedName } from '../core/names.ts'
import { requireFamily, requireWord, resolveCategory } from '../core/token.ts'
import type { Category } from '../core/vocabulary.ts'
import { contentMembers } from '../workspace/media-members.ts'
import type { ReadMedia, Workspace } from '../workspace.ts'
import { standardFile } from './asset-change.ts'

/* The manifest entry that an import makes. */

const notForColor = defineError('IMPORT_COLOR_ALONE', {
  summary: 'A colour and files cannot be imported by one command.',
  message: () => 'Give either files or --color, not both.',
  exit: 2,
})

/** What the importer says of all assets of one call. */
export interface ImportWish {
  files: readonly string[]
  color?: string | undefined
  category?: string | undefined
  family?: string | undefined
  newFamily?: string | undefined
  variant?: string | undefined
  tags: readonly string[]
  description?: string | undefined
  alt?: string | undefined
  usageRights?: string | undefined
  license?: string | undefined
  author?: string | undefined
}

/** What all assets of one call share. */
export interface SharedParts {
  category: Category
  family: string
  variant: string | undefined
}

export function resolveShared(input: ImportWish, workspace: Workspace): SharedParts {
  const words = workspace.words()
  if (input.color !== undefined && input.files.length > 0) throw notForColor({})
  const category = resolveCategory(input.category ?? (input.color === undefined ? 'Images' : 'Colors'), words)
  const family = input.family ?? workspace.options.tokens.defaultFamily ?? ''
  requireWord('family', family)
  if (!input.newFamily) requireFamily(family, words)
  if (input.variant !== undefined) requireWord('variant', input.variant)
  return { category, family, variant: input.variant }
}

/** Under the lock: another process may have declared others since. */
export function declareFamily(draft: Manifest, input: ImportWish, shared: SharedParts): void {
  if (input.newFamily)
    draft.vocabulary = {
      ...draft.vocabulary,
      families: { ...draft.vocabulary.families, [shared.family]: input.newFamily },
    }
}

/** The next token whose place is free: a file that nobody registered keeps its place, and its number is passed over. */
export function issueFreeToken(
  draft: Manifest,
  parts: { prefix: string; family: string; variant: string },
  extension: string,
  shared: SharedParts,
  workspace: Workspace,
) {
  for (;;) {
    const token = issueToken(draft, parts)
    const target = standardFile(workspace, shared.category.name, token, extension)
    if (!existsSync(resolve(workspace.options.root, target))) return { token, target }
  }
}

export function mediaEntry(input: {
  token: string
  target: string
  file: string
  media: ReadMedia
  hash: string
  input: ImportWish
  shared: SharedParts
  workspace: Workspace
}): Entry {
  const { token, target, media, hash, shared, workspace } = input
  return {
    token,
    file: target,
    originalName: cleanRecordedName(basename(input.file)),
    ...commonMembers(token, input.input, shared, workspace),
    ...contentMembers(media, hash),
  }
}

export function colorEntry(
  token: string,
  hex: string,
  input: ImportWish,
  shared: SharedParts,
  workspace: Workspace,
): Entry {
  return { kind: 'color', token, colorHex: hex, ...commonMembers(token, input, shared, workspace) }
}

function commonMembers(token: string, input: ImportWish, shared: SharedParts, workspace: Workspace) {
  const now = workspace.timestamp()
  return {
    category: shared.category.name,
    family: shared.family,
    variant: token.split('-')[2]!.slice(0, -3),
    ...(input.tags.length > 0 && { tags: [...new Set(input.tags)].sort() }),
    ...(input.description !== undefined && { description: input.description }),
    ...(input.alt !== undefined && { alt: input.alt }),
    ...(input.usageRights !== undefined && { usageRights: input.usageRights }),
    ...(input.license !== undefined && { license: input.license }),
    ...(input.author !== undefined && { author: input.author }),
    version: '1.0.0',
    created: now,
    modified: now,
    source: { type: 'import' as const, ...(workspace.options.userName && { importedBy: workspace.options.userName }) },
  }
}

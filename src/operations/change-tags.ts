import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { requireAssets } from '../core/find-asset.ts'
import type { Entry } from '../core/manifest.ts'
import { recordChange, refreshSources } from './asset-change.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { placeItem, stageItem, type StagedItem } from './library-items.ts'
import type { OperationContext } from './operation.ts'
import { messageField } from './version-fields.ts'

const tagsInvalid = defineError('TAGS_INVALID', {
  summary: 'Tags are missing, or one of them cannot be a tag.',
  message: (d: { why: string }) => d.why,
  hint: () => 'Give words separated by commas or spaces: assetloom add-tags LOGO-ACME-MARK001 primary,official',
  exit: 2,
})

/** Longest tag in characters. */
const maxTagLength = 64

/** What `add-tags` and `remove-tags` take. */
export const tagsInput = z.strictObject({
  ref: z.string().min(1).describe('Token, id, alias, or a glob over refs such as LOGO-ACME-*.'),
  tags: z.array(z.string()).default([]).describe('Tags, separated by commas or spaces.'),
  message: messageField,
})

export const tagsOutput = z.object({
  assets: z.array(
    z.object({ ref: z.string(), tags: z.array(z.string()).describe('All its tags now.'), changed: z.boolean() }),
  ),
})
type TagsOutput = z.output<typeof tagsOutput>

/**
 * Tags in their one spelling: trimmed, each once, sorted.
 * @throws TAGS_INVALID
 */
export function tidyTags(tags: readonly string[]): string[] {
  const tidy = [
    ...new Set(
      tags
        .flatMap((tag) => tag.split(','))
        .map((tag) => tag.trim().normalize('NFC'))
        .filter((tag) => tag !== ''),
    ),
  ].sort()
  for (const tag of tidy) {
    if (tag.length > maxTagLength)
      throw tagsInvalid({
        why: `The tag ${JSON.stringify(`${tag.slice(0, 20)}…`)} is longer than ${maxTagLength} characters.`,
      })
    if (/[\p{Cc}\p{Bidi_Control}]/u.test(tag))
      throw tagsInvalid({ why: `The tag ${JSON.stringify(tag)} holds a control or text-direction character.` })
  }
  return tidy
}

/**
 * Change the tags of some assets in one manifest write; an asset whose tags stay as they are is no new version.
 * @throws TAGS_INVALID, ASSET_UNKNOWN
 */
export async function changeTags(
  input: z.output<typeof tagsInput>,
  { workspace }: OperationContext,
  change: (current: readonly string[], given: readonly string[]) => string[],
): Promise<TagsOutput> {
  const given = tidyTags(input.tags)
  if (given.length === 0) throw tagsInvalid({ why: 'No tag was given.' })
  const isChanged = (entry: Entry, tags: readonly string[]) => tags.join('\0') !== (entry.tags ?? []).join('\0')
  const staged = new Map<string, StagedItem>()
  const before = workspace.manifest.read().assets
  for (const { ref, entry } of requireAssets(before, [input.ref])) {
    const tags = change(entry.tags ?? [], given)
    if (isItem(entry) && isChanged(entry, tags)) staged.set(ref, await stageItem(entry, { tags }, workspace))
  }
  const assets = workspace.manifest.update((draft, changes) =>
    requireAssets(draft.assets, [input.ref]).map(({ ref, entry }) => {
      const tags = change(entry.tags ?? [], given)
      const changed = isChanged(entry, tags)
      const item = staged.get(ref)
      if (changed && item) placeItem(draft, changes, before[ref]!, item, workspace)
      else if (changed) {
        if (tags.length > 0) entry.tags = tags
        else delete entry.tags
        recordChange(entry, workspace)
      }
      return { ref, tags, changed }
    }),
    { message: input.message },
  )
  for (const { temporary } of staged.values()) workspace.dropTemporary(temporary)
  if (assets.some(({ changed }) => changed)) await refreshSources(workspace)
  return { assets }
}

export function presentTags({ assets }: TagsOutput): string {
  return assets
    .map(
      ({ ref, tags, changed }) =>
        `${changed ? '✓' : '·'} ${ref}  ${tags.join(', ') || '(no tags)'}${changed ? '' : '  (as before)'}`,
    )
    .join('\n')
}

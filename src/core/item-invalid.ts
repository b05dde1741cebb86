import { defineError } from './errors.ts'
import { documentErrorText, type DocumentError } from './spec-invalid.ts'

/** Most bytes of a library item's own file; looked at before anything is parsed. */
export const maxItemBytes = 1_000_000
/** Most bytes of one of its content files. */
export const maxContentBytes = 10_000_000

export const itemInvalid = defineError('ITEM_INVALID', {
  summary: 'A library item has a field that is unknown, missing or not allowed, or is no YAML.',
  message: (d: DocumentError) => documentErrorText(d),
  hint: (d) => d.hint ?? 'docs/library.md describes the fields of every kind; assetloom create writes an item to begin with.',
})

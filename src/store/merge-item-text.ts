import { parseDocument, type Document } from 'yaml'
import { isEqual, isFields, memberOf, namesOf, type Fields } from '../core/version/fields.ts'
import { mergeFields, type FieldConflict, type ThreeWay } from '../core/version/merge-fields.ts'

/**
 * Merge the YAML of library items field by field, where line by line they cannot be. Our text stays as it is but for the
 * fields that change, its comments too.
 * @returns `text` only when there is no conflict
 */
export function mergeItemFields(
  texts: ThreeWay<string>,
): { text: string; conflicts: readonly [] } | { text: undefined; conflicts: readonly FieldConflict[] } {
  const read = (text: string): Fields => {
    const value: unknown = parseDocument(text).toJS({ maxAliasCount: 0 })
    return isFields(value) ? value : {}
  }
  const ours = read(texts.ours)
  const { value, conflicts } = mergeFields({ base: read(texts.base), ours, theirs: read(texts.theirs) })
  if (conflicts.length > 0) return { text: undefined, conflicts }
  const document = parseDocument(texts.ours)
  change(document, [], ours, value)
  return { text: document.toString({ lineWidth: 0 }), conflicts: [] }
}

/** Bring one group of fields from a value to another. */
function change(document: Document, path: readonly string[], from: Fields, to: Fields): void {
  for (const name of namesOf(from, to)) {
    const [before, after] = [memberOf(from, name), memberOf(to, name)]
    if (isEqual(before, after)) continue
    const place = [...path, name]
    if (after === undefined) document.deleteIn(place)
    else if (isFields(before) && isFields(after)) change(document, place, before, after)
    else document.setIn(place, document.createNode(after, { flow: isWords(after) }))
  }
}

/** Lists of words stand on one line, as the commands write them. */
const isWords = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === 'string')

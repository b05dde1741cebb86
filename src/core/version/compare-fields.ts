import { byCodeUnit } from '../code-text.ts'
import { areSets, isEqual, isFields, memberOf, namesOf, type Fields, type FieldValue } from './fields.ts'

/** What became of one field. */
export interface FieldChange {
  /** Name; names of nested fields are joined by dots: `dependencies.LOGO-ACME-MARK001`. */
  field: string
  change: 'added' | 'removed' | 'changed'
  before?: FieldValue
  after?: FieldValue
  /** Of sets such as tags: words that only the later one has. */
  added?: string[]
  /** Of sets: words that only the earlier one has. */
  removed?: string[]
}

/** The fields in which two records differ, by name. Records within them are compared field by field, too. */
export function compareFields(before: Fields, after: Fields): FieldChange[] {
  return compareWithin(before, after, '').sort((a, b) => byCodeUnit(a.field, b.field))
}

function compareWithin(before: Fields, after: Fields, path: string): FieldChange[] {
  return namesOf(before, after).flatMap((name): FieldChange[] => {
    const [a, b] = [memberOf(before, name), memberOf(after, name)]
    const field = `${path}${name}`
    if (isEqual(a, b)) return []
    const sides = [a, b]
    if (areSets(name, sides)) return compareSets(field, sides[0], sides[1])
    if (isFields(a) && isFields(b)) return compareWithin(a, b, `${field}.`)
    if (a === undefined) return [{ field, change: 'added', after: b }]
    if (b === undefined) return [{ field, change: 'removed', before: a }]
    return [{ field, change: 'changed', before: a, after: b }]
  })
}

function compareSets(field: string, a: readonly string[] | undefined, b: readonly string[] | undefined): FieldChange[] {
  const added = [...new Set(b)].filter((word) => !a?.includes(word)).sort(byCodeUnit)
  const removed = [...new Set(a)].filter((word) => !b?.includes(word)).sort(byCodeUnit)
  if (added.length + removed.length === 0) return []
  const change = a === undefined ? 'added' : b === undefined ? 'removed' : 'changed'
  return [{ field, change, ...(a && { before: a }), ...(b && { after: b }), added, removed }]
}

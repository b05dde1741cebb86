import { byCodeUnit } from '../code-text.ts'
import { areSets, isEqual, isFields, memberOf, namesOf, type Fields, type FieldValue } from './fields.ts'
import { mergeText } from './merge-text.ts'

/** A field that both sides changed, each otherwise; `null` is a side that does not have it. */
export interface FieldConflict {
  /** Names joined by dots, as in {@link FieldChange}. */
  field: string
  base: FieldValue
  ours: FieldValue
  theirs: FieldValue
}

/** Three states of one thing: where two sides parted, and what became of it on each. */
export interface ThreeWay<T> {
  base: T
  ours: T
  theirs: T
}

/**
 * Merge records field by field. Sets (tags, keywords) merge word by word, records within field by field, texts of
 * several lines line by line; any other value that both sides changed otherwise is a conflict, for which ours stands in
 * `value`.
 */
export function mergeFields(sides: ThreeWay<Fields>): { value: Fields; conflicts: FieldConflict[] } {
  return mergeRecords(sides, '')
}

function mergeRecords({ base, ours, theirs }: ThreeWay<Fields>, path: string): { value: Fields; conflicts: FieldConflict[] } {
  const conflicts: FieldConflict[] = []
  const members = namesOf(ours, theirs, base).flatMap((name): [string, FieldValue][] => {
    const sides = { base: memberOf(base, name), ours: memberOf(ours, name), theirs: memberOf(theirs, name) }
    const merged = mergeValue(name, sides, `${path}${name}`)
    conflicts.push(...merged.conflicts)
    return merged.value === undefined ? [] : [[name, merged.value]]
  })
  return { value: Object.fromEntries(members), conflicts }
}

function mergeValue(
  name: string,
  sides: ThreeWay<FieldValue>,
  field: string,
): { value: FieldValue; conflicts: readonly FieldConflict[] } {
  const { base, ours, theirs } = sides
  const clean = (value: FieldValue) => ({ value, conflicts: [] })
  if (isEqual(ours, theirs) || isEqual(base, theirs)) return clean(ours)
  if (isEqual(base, ours)) return clean(theirs)
  const values = [base, ours, theirs]
  if (areSets(name, values)) return clean(mergeSets(values))
  // What both sides added begins empty; what one took away and the other changed is a conflict.
  if (isFields(ours) && isFields(theirs) && (base === undefined || isFields(base)))
    return mergeRecords({ base: base ?? {}, ours, theirs }, `${field}.`)
  if (areTexts(values)) {
    const merged = mergeText({ base: values[0]!, ours: values[1]!, theirs: values[2]! })
    if (merged.conflicts.length === 0) return clean(merged.text)
  }
  return { value: ours, conflicts: [{ field, base: base ?? null, ours: ours ?? null, theirs: theirs ?? null }] }
}

/** Texts of which each has several lines. */
function areTexts(values: readonly FieldValue[]): values is readonly string[] {
  return values.every((value) => typeof value === 'string' && value.trimEnd().includes('\n'))
}

/** What both have, and what one side added; sorted, since neither order is the right one. */
function mergeSets([base, ours, theirs]: readonly (readonly string[] | undefined)[]): string[] | undefined {
  const words = [...new Set([...(ours ?? []), ...(theirs ?? [])])]
  const kept = words.filter((word) => (base?.includes(word) ? ours?.includes(word) && theirs?.includes(word) : true))
  return kept.length === 0 && (ours === undefined || theirs === undefined) ? undefined : kept.sort(byCodeUnit)
}

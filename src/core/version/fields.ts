import { canonicalJson } from '../digest.ts'

/* What comparing and merging of metadata agree upon. */

/** A value of JSON, or nothing. */
export type FieldValue = unknown

export type Fields = Readonly<Record<string, FieldValue>>

/** Lists in which order and repetition mean nothing, wherever they stand. */
const setFields: ReadonlySet<string> = new Set(['tags', 'keywords', 'aliases', 'usage'])

export function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Whether values of a field are sets of words; absent is an empty set. */
export function areSets(name: string, values: readonly FieldValue[]): values is (readonly string[] | undefined)[] {
  const isSet = (value: FieldValue) => Array.isArray(value) && value.every((one) => typeof one === 'string')
  return setFields.has(name) && values.every((value) => value === undefined || isSet(value))
}

/** Equal whatever the order of keys. */
export function isEqual(a: FieldValue, b: FieldValue): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b)
}

/** Own names of several records, each once: those of the first in its order, then what the others have more. */
export function namesOf(...records: readonly Fields[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))]
}

/** An own member; a name such as `constructor` finds nothing inherited. */
export function memberOf(record: Fields, name: string): FieldValue {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

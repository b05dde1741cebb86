import type { ItemModule, ItemTypes } from './kind.ts'
import { literalType } from './literal-type.ts'

/** An item whose import is what it says: a typed object. Members without a value are left out. */
export function definitionModule(value: Readonly<Record<string, unknown>>): ItemModule {
  return { form: 'value', value: JSON.parse(JSON.stringify(value)) as unknown }
}

export function definitionTypes(value: Readonly<Record<string, unknown>>): ItemTypes {
  return { value: literalType(value) }
}

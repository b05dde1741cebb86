import * as z from 'zod'
import { code } from './markdown.ts'

/* Fields of a zod schema as rows of a table. */

interface Property {
  title?: string
  type?: string | string[]
  description?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  anyOf?: Property[]
  items?: Property
  properties?: Record<string, Property>
  required?: string[]
  additionalProperties?: Property | boolean
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  maxLength?: number
}

/** `name`, type, default and description of a field; `must` stands for one that has to be given. */
export type FieldRow = [name: string, type: string, standard: string, description: string]

/** @param prefix - stands before each name, e.g. `budget.` */
export function fieldRows(schema: z.ZodType, prefix = ''): FieldRow[] {
  return rowsOf(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Property, schema, prefix)
}

function rowsOf(object: Property, schema: unknown, prefix: string): FieldRow[] {
  const shape = shapeOf(schema)
  return Object.entries(object.properties ?? {}).flatMap(([name, property]) => {
    const free = typeof property.additionalProperties === 'object' ? property.additionalProperties : undefined
    const inner = property.properties
      ? { object: property, prefix: `${prefix}${name}.` }
      : property.items?.properties
        ? { object: property.items, prefix: `${prefix}${name}[].` }
        : free?.properties
          ? { object: free, prefix: `${prefix}${name}.<name>.` }
          : undefined
    const row: FieldRow = [code(prefix + name), typeOf(property), standardOf(property, shape[name], object.required?.includes(name) ?? false), property.description ?? '']
    return [row, ...(inner ? rowsOf(inner.object, shape[name], inner.prefix) : [])]
  })
}

interface Wrapping {
  shape?: Record<string, z.ZodType>
  element?: unknown
  /** Of a group whose names are free. */
  valueType?: unknown
  unwrap?(): unknown
}

/** The fields of an object schema, of one that may be absent, or of what a list or a group with free names holds. */
function shapeOf(schema: unknown): Record<string, z.ZodType> {
  const { shape, element, valueType, unwrap } = (schema ?? {}) as Wrapping
  if (shape) return shape
  if (element ?? valueType) return shapeOf(element ?? valueType)
  return unwrap ? shapeOf(unwrap.call(schema)) : {}
}

function standardOf(property: Property, schema: z.ZodType | undefined, isRequired: boolean): string {
  // JSON Schema has no default of a value that is transformed; what parsing nothing gives is the default.
  const parsed = property.default === undefined ? schema?.safeParse(undefined) : undefined
  const value = property.default ?? (parsed?.success ? parsed.data : undefined)
  if (value === undefined) return isRequired ? 'must be given' : ''
  return typeof value === 'object' ? '' : code(typeof value === 'string' ? value : JSON.stringify(value))
}

function typeOf(property: Property): string {
  if (property.title) return property.title
  if (property.const !== undefined) return code(String(property.const))
  if (property.enum) return property.enum.map((value) => code(String(value))).join(' ')
  if (property.anyOf) return [...new Set(property.anyOf.map(typeOf))].join(' or ')
  if (property.type === 'array') return `list of ${typeOf(property.items ?? {})}`
  if (property.type === 'object') {
    if (property.properties) return 'object'
    return `object of ${typeof property.additionalProperties === 'object' ? typeOf(property.additionalProperties) : 'anything'}`
  }
  if (property.type === 'number' || property.type === 'integer') return `${property.type === 'integer' ? 'whole number' : 'number'}${rangeOf(property)}`
  if (property.type === 'string') return property.maxLength === undefined ? 'text' : `text of at most ${property.maxLength} characters`
  if (property.type === 'boolean') return '`true` `false`'
  return [property.type ?? 'anything'].flat().join(' or ').replace('string', 'text')
}

function rangeOf({ minimum, maximum, exclusiveMinimum }: Property): string {
  // Zod's bounds of safe integers are no bounds that a person meets.
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`
  if (most !== undefined) return exclusiveMinimum === undefined ? ` up to ${most}` : ` above ${exclusiveMinimum}, up to ${most}`
  if (least !== undefined) return ` from ${least}`
  return exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`
}

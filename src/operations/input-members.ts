import * as z from 'zod'
import type { CommandShape } from './operation.ts'

/** One member of a command's input, as faces that are given texts need to know it. */
export interface InputMember {
  member: string
  /** `texts`: may stand several times, each as it is. */
  type: 'string' | 'texts' | 'number' | 'boolean' | 'list' | 'pairs'
  /** Pairs of which one name may have several values. */
  holdsLists?: boolean
  description: string
  choices?: string[]
  default?: unknown
  isRequired: boolean
}

interface Property {
  type?: string | string[]
  description?: string
  enum?: unknown[]
  default?: unknown
  anyOf?: Property[]
  items?: Property
  additionalProperties?: Property | boolean
}

/** The members of an input, read from its schema. */
export function inputMembers({ input }: Pick<CommandShape, 'input'>): InputMember[] {
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Property>
    required?: string[]
  }
  return Object.entries(schema.properties ?? {}).map(([member, property]) => ({
    member,
    type: typeOf(property),
    ...(holdsLists(property) && { holdsLists: true }),
    description: property.description ?? '',
    ...(property.enum && { choices: property.enum.map(String) }),
    ...(property.default !== undefined && { default: property.default }),
    isRequired: schema.required?.includes(member) ?? false,
  }))
}

function holdsLists({ additionalProperties: value }: Property): boolean {
  return typeof value === 'object' && (value.anyOf?.some(({ type }) => type === 'array') ?? false)
}

function typeOf(property: Property): InputMember['type'] {
  const [first, ...others] = property.anyOf?.map(({ type }) => type) ?? []
  if (first === 'string' && others.includes('array')) return 'texts'
  const one = property.type ?? property.anyOf?.find((p) => p.type !== 'null')?.type
  if (one === 'array') return 'list'
  if (one === 'object') return 'pairs'
  if (one === 'boolean') return 'boolean'
  if (one === 'number' || one === 'integer') return 'number'
  return 'string'
}

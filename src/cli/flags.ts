import * as z from 'zod'
import type { Operation } from '../operations/operation.ts'

/** One member of an operation's input as a flag or an argument. */
export interface Flag {
  /** Member of the input. */
  member: string
  /** `--usage-rights` */
  flag: string
  /** `-m` */
  short?: string
  type: 'string' | 'number' | 'boolean' | 'list' | 'pairs'
  /** Pairs of which one name may have several values. */
  holdsLists?: boolean
  description: string
  choices?: string[]
  default?: unknown
  isRequired: boolean
  isPositional: boolean
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

/** Members that have a short flag, whatever the operation. */
const shortFlags: Readonly<Record<string, string>> = { message: '-m' }

/** How a flag may be spelled. */
export function spellingsOf({ flag, short }: Flag): string[] {
  return short === undefined ? [flag] : [flag, short]
}

/** The flags of an operation, read from its input schema. */
export function flagsOf(operation: Operation): Flag[] {
  const schema = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Property>
    required?: string[]
  }
  return Object.entries(schema.properties ?? {}).map(([member, property]) => ({
    member,
    flag: `--${member.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`).replaceAll('_', '-')}`,
    ...(Object.hasOwn(shortFlags, member) && { short: shortFlags[member]! }),
    type: flagType(property),
    ...(holdsLists(property) && { holdsLists: true }),
    description: property.description ?? '',
    ...(property.enum && { choices: property.enum.map(String) }),
    ...(property.default !== undefined && { default: property.default }),
    isRequired: schema.required?.includes(member) ?? false,
    isPositional: operation.positional?.includes(member) ?? false,
  }))
}

function holdsLists({ additionalProperties: value }: Property): boolean {
  return typeof value === 'object' && (value.anyOf?.some(({ type }) => type === 'array') ?? false)
}

function flagType(property: Property): Flag['type'] {
  const one = property.type ?? property.anyOf?.find((p) => p.type !== 'null')?.type
  if (one === 'array') return 'list'
  if (one === 'object') return 'pairs'
  if (one === 'boolean') return 'boolean'
  if (one === 'number' || one === 'integer') return 'number'
  return 'string'
}

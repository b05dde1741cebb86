import * as z from 'zod'

/** What a value given to a prompt or program may be. */
export interface ValueShape {
  /** `list` and `object`: programs only. */
  type: 'string' | 'number' | 'boolean' | 'enum' | 'list' | 'object'
  values?: readonly (string | number)[]
  /** Of a `list`. */
  items?: ValueShape
  /** Of an `object`; absent: any. */
  properties?: readonly Parameter[]
}

export interface Parameter extends ValueShape {
  name: string
  isRequired: boolean
  default?: unknown
  description?: string
}

export const parameterName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must begin with a letter and hold letters, digits and "_" only')
  .refine((name) => name !== 'constructor', 'is the name of something every object has')

const values = z.array(z.union([z.string(), z.number()])).min(1).optional().describe('What an `enum` may be.')
const isNeeded = z.boolean().optional().describe('Default: true unless it has a default.')

/** A parameter of a text. */
export const scalarBody = {
  type: z.enum(['string', 'number', 'boolean', 'enum']).default('string'),
  required: isNeeded,
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  values,
  description: z.string().optional(),
}

const shapeType = z.enum(['string', 'number', 'boolean', 'enum', 'list', 'object']).default('string')

export interface Declared extends Omit<ValueShape, 'items' | 'properties'> {
  items?: Declared | undefined
  properties?: Readonly<Record<string, DeclaredParameter>> | undefined
  description?: string | undefined
}
export interface DeclaredParameter extends Declared {
  required?: boolean | undefined
  default?: unknown
}

const shapeBody = {
  type: shapeType,
  values,
  items: z.lazy((): z.ZodType<Declared> => z.strictObject(shapeBody)).optional().describe('What a `list` holds.'),
  properties: z
    .record(parameterName, z.lazy((): z.ZodType<DeclaredParameter> => z.strictObject(programBody)))
    .optional()
    .describe('What an `object` holds; absent: anything.'),
  description: z.string().optional(),
}

/** A parameter of a program. */
export const programBody = { ...shapeBody, required: isNeeded, default: z.unknown().optional() }

export function parameterOf(name: string, { required, default: standard, description, ...shape }: DeclaredParameter): Parameter {
  return {
    name,
    ...shapeOf(shape),
    isRequired: required ?? standard === undefined,
    ...(standard !== undefined && { default: standard }),
    ...(description !== undefined && { description }),
  }
}

function shapeOf({ type, values: allowed, items, properties }: Declared): ValueShape {
  return {
    type,
    ...(allowed && { values: allowed }),
    ...(items && { items: shapeOf(items) }),
    ...(properties && { properties: Object.entries(properties).map(([name, one]) => parameterOf(name, one)) }),
  }
}

/** What is wrong with how a shape is declared, with the way to it. */
export function shapeProblems({ type, values: allowed, items, properties }: ValueShape): { path: string[]; message: string }[] {
  const problems: { path: string[]; message: string }[] = []
  if ((type === 'enum') !== (allowed !== undefined)) problems.push({ path: [], message: 'must have values when its type is enum, and only then' })
  if ((type === 'list') !== (items !== undefined)) problems.push({ path: [], message: 'must have items when its type is list, and only then' })
  if (properties && type !== 'object') problems.push({ path: [], message: 'may have properties only when its type is object' })
  const inside = (path: string[], shape: ValueShape) =>
    problems.push(...shapeProblems(shape).map((one) => ({ ...one, path: [...path, ...one.path] })))
  if (items) inside(['items'], items)
  for (const property of properties ?? []) {
    const path = ['properties', property.name]
    inside(path, property)
    problems.push(...defaultProblems(property).map((message) => ({ path: [...path, 'default'], message })))
  }
  return problems
}

/** What is wrong with the default of a parameter whose shape is right. */
export function defaultProblems(parameter: Parameter): string[] {
  if (parameter.default === undefined || shapeProblems(parameter).length > 0) return []
  const problems: string[] = []
  fitted(parameter, parameter.default, '', problems)
  return problems.map((problem) => problem.trimStart())
}

/**
 * A value held to a shape, with the defaults of its members.
 * @param at - how the value is called, e.g. `sizes[2]`
 * @param problems - receives what does not fit, e.g. `sizes[2].width is "x", no number`
 */
export function fitted(shape: ValueShape, value: unknown, at: string, problems: string[]): unknown {
  const refuse = (why: string) => void problems.push(`${at} is ${JSON.stringify(value)}, ${why}`)
  switch (shape.type) {
    case 'enum':
      if (!shape.values?.includes(value as string)) refuse(`none of ${shape.values?.join(', ')}`)
      return value
    case 'list':
      if (Array.isArray(value)) return value.map((one, i) => fitted(shape.items!, one, `${at}[${i}]`, problems))
      refuse('no list')
      return value
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('no object')
      if (!shape.properties) return value
      const names = shape.properties.map(({ name }) => name)
      const { values: members, unknown } = fittedMembers(shape.properties, value as Record<string, unknown>, (name) => `${at}.${name}`, problems)
      for (const name of unknown) problems.push(`${at}.${name} is not known${names.length > 0 ? `; ${at} holds ${names.join(', ')}` : ''}`)
      return Object.fromEntries(members)
    }
    default:
      if (typeof value !== shape.type || Number.isNaN(value)) refuse(`no ${shape.type}`)
      return value
  }
}

/** Members by name held to their shapes, and the names that none has. What is neither given nor needed stays out. */
export function fittedMembers(
  parameters: readonly Parameter[],
  given: Readonly<Record<string, unknown>>,
  spelled: (name: string) => string,
  problems: string[],
): { values: Map<string, unknown>; unknown: string[] } {
  const found = new Map<string, unknown>()
  for (const parameter of parameters) {
    const { name } = parameter
    const value = (Object.hasOwn(given, name) ? given[name] : undefined) ?? parameter.default
    if (value !== undefined) found.set(name, fitted(parameter, value, spelled(name), problems))
    else if (parameter.isRequired) problems.push(`${spelled(name)} is missing`)
  }
  return { values: found, unknown: Object.keys(given).filter((name) => !parameters.some((one) => one.name === name)) }
}

import * as z from 'zod'
import { didYouMean } from './near.ts'
import { documentKind, documentSchemas, parameterProblems, type SpecDocument } from './spec.ts'

/** One thing wrong with a document; `path` leads to the field, or to the place where a field is missing. */
export interface SpecProblem {
  path: PropertyKey[]
  message: string
  /** What may stand there instead. */
  allowed?: string[]
  hint?: string
  /** A number or switch stands where a text must be: quotes mend it. */
  needsQuotes?: boolean
}

/** Check one document of a spec file against the schema of what it means to be. */
export function checkDocument(value: unknown): { document: SpecDocument } | { problems: SpecProblem[] } {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return { problems: [{ path: [], message: 'a spec is a list of fields such as id, generation and prompt' }] }
  const kind = documentKind(value as Record<string, unknown>)
  const schema = documentSchemas[kind]
  const parsed = schema.safeParse(value)
  if (!parsed.success) return { problems: parsed.error.issues.flatMap((issue) => describe(issue, schema, value)) }
  switch (kind) {
    case 'spec':
      return { document: { kind, spec: parsed.data as never } }
    case 'template': {
      const template = parsed.data as Extract<SpecDocument, { kind: 'template' }>['template']
      const problems = parameterProblems(template.parameters)
      return problems.length > 0 ? { problems } : { document: { kind, template } }
    }
    case 'use':
      return { document: { kind, use: parsed.data as never } }
  }
}

/** Zod's issues in the words of the format. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], schema: z.ZodType, value: unknown): SpecProblem[] {
  return issues.flatMap((issue) => describe(issue, schema, value))
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodType, root: unknown): SpecProblem[] {
  const path = [...issue.path]
  const value = valueAt(root, path)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const allowed = fieldsAt(schema, path)
      return issue.keys.map((key) => {
        const hint = didYouMean(key, allowed)
        return { path: [...path, key], message: 'is no field here', allowed, ...(hint && { hint }) }
      })
    }
    case 'invalid_union': {
      const branch = branchFor(issue, value)
      if (branch) return branch.flatMap((inner) => describe({ ...inner, path: [...path, ...inner.path] }, schema, root))
      const expected = issue.errors.flatMap((inner) =>
        inner[0]?.code === 'invalid_type' && inner[0].path.length === 0 ? [typeName(inner[0].expected)] : [],
      )
      return [
        { path, message: `must be ${[...new Set(expected)].join(' or ') || 'something else'}, and is ${shown(value)}` },
      ]
    }
    case 'invalid_type':
      if (value === undefined) return [{ path, message: `is missing; it must be ${typeName(issue.expected)}` }]
      return [
        {
          path,
          message: `must be ${typeName(issue.expected)}, and is ${shown(value)}`,
          ...(issue.expected === 'string' && quoteHint(value)),
        },
      ]
    case 'invalid_value': {
      const allowed = issue.values.map(String)
      if (value === undefined) return [{ path, message: 'is missing', allowed }]
      if (typeof value !== 'string')
        return [
          {
            path,
            message: `must be a text, and is ${shown(value)}`,
            allowed: allowed.map((one) => `"${one}"`),
            ...quoteHint(value),
          },
        ]
      const hint = didYouMean(value, allowed)
      return [{ path, message: `${shown(value)} is not allowed here`, allowed, ...(hint && { hint }) }]
    }
    case 'too_small':
      return [{ path, message: tooSmall(issue) }]
    case 'too_big': {
      const unit = unitsOf[issue.origin]
      return [{ path, message: unit ? `must have at most ${String(issue.maximum)} ${unit}` : `must be at most ${String(issue.maximum)}` }]
    }
    case 'invalid_key':
      return [
        {
          path,
          message: `${JSON.stringify(String(path.at(-1)))} can be no name here: ${issue.issues[0]?.message ?? ''}`,
        },
      ]
    default:
      return [{ path, message: issue.message }]
  }
}

/** The branch of a union that the value means to be: the one that has the value's own type. */
function branchFor(
  issue: Extract<z.core.$ZodIssue, { code: 'invalid_union' }>,
  value: unknown,
): z.core.$ZodIssue[] | undefined {
  const fitting = issue.errors.filter(
    (inner) => !inner.some((one) => one.code === 'invalid_type' && one.path.length === 0),
  )
  if (value === undefined || fitting.length === 0) return undefined
  return fitting[0]
}

function quoteHint(value: unknown): { needsQuotes: true } | undefined {
  return typeof value === 'number' || typeof value === 'boolean' ? { needsQuotes: true } : undefined
}

function typeName(expected: string): string {
  const names: Record<string, string> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a group of fields',
    record: 'a group of names with values',
  }
  return names[expected] ?? expected
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a group of fields'
  return `${typeof value === 'string' ? 'the text' : `the ${typeof value}`} ${JSON.stringify(value)?.slice(0, 60)}`
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root
  for (const part of path) value = (value as Record<PropertyKey, unknown> | undefined | null)?.[part]
  return value
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  anyOf?: JsonSchema[]
  additionalProperties?: JsonSchema | boolean
}

const jsonSchemas = new WeakMap<z.ZodType, JsonSchema>()

/** The fields that a schema has at a path. */
function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let json = jsonSchemas.get(schema)
  if (!json)
    jsonSchemas.set(schema, (json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema))
  let level: JsonSchema[] = [json]
  const opened = (one: JsonSchema): JsonSchema[] => (one.anyOf ? one.anyOf.flatMap(opened) : [one])
  for (const part of path) {
    level = level.flatMap(opened).flatMap((one) => {
      const next = typeof part === 'number' ? one.items : one.properties?.[String(part)]
      return next ? [next] : []
    })
  }
  return [...new Set(level.flatMap(opened).flatMap((one) => Object.keys(one.properties ?? {})))]
}

/** What sizes of texts and lists count. */
const unitsOf: Readonly<Record<string, string>> = { string: 'characters', array: 'members' }

function tooSmall({ origin, minimum, inclusive }: { origin: string; minimum: number | bigint; inclusive?: boolean | undefined }): string {
  const unit = unitsOf[origin]
  if (!unit) return `must be at least ${String(minimum)}${inclusive ? '' : ' and more'}`
  return Number(minimum) <= 1 ? 'must be not empty' : `must have at least ${String(minimum)} ${unit}`
}

import * as z from 'zod'
import { didYouMean } from '../near.ts'
import { fillText, namesIn, typedValue, type ParameterValue } from '../template.ts'
import { codeText } from '../code-text.ts'
import { defineError } from '../errors.ts'
import type { SpecProblem } from '../check-document.ts'

/** Parameters of prompts: declared, typed, filled into `{{name}}` literally and once. */

const promptValues = defineError('PROMPT_VALUES', {
  summary: 'A prompt was given values that it does not know, not all it needs, or wrong ones.',
  message: (d: { id: string; problems: readonly string[] }) => `${d.id}: ${d.problems.join('; ')}.`,
  hint: (d) => `assetloom info ${d.id} lists its parameters.`,
  exit: 2,
})

const parameterName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must begin with a letter and hold letters, digits and "_" only')
  .refine((name) => name !== 'constructor', 'is the name of something every object has')

const parameterBody = {
  type: z.enum(['string', 'number', 'boolean', 'enum']).default('string'),
  required: z.boolean().optional().describe('Default: true unless it has a default.'),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  values: z.array(z.union([z.string(), z.number()])).min(1).optional().describe('What an `enum` may be.'),
  description: z.string().optional(),
}

/** A list of parameters, or a group of them by name. */
export const parametersSchema = z.union([
  z.array(z.strictObject({ name: parameterName, ...parameterBody })).max(100),
  z.record(parameterName, z.strictObject(parameterBody)),
])

export interface Parameter {
  name: string
  type: 'string' | 'number' | 'boolean' | 'enum'
  isRequired: boolean
  default?: ParameterValue
  values?: readonly (string | number)[]
  description?: string
}

/** Both spellings as one list. */
export function parametersOf(declared: z.output<typeof parametersSchema> | undefined): Parameter[] {
  const list = Array.isArray(declared)
    ? declared
    : Object.entries(declared ?? {}).map(([name, parameter]) => ({ name, ...parameter }))
  return list.map(({ required, ...rest }): Parameter => {
    const isRequired = required ?? rest.default === undefined
    return Object.fromEntries(
      Object.entries({ ...rest, isRequired }).filter(([, value]) => value !== undefined),
    ) as unknown as Parameter
  })
}

/** What is wrong with a declaration, and with a text that uses it. */
export function parameterProblems(
  declared: z.output<typeof parametersSchema> | undefined,
  field: string,
  text: { path: PropertyKey[]; text: string },
): SpecProblem[] {
  const problems: SpecProblem[] = []
  const parameters = parametersOf(declared)
  const names = parameters.map(({ name }) => name)
  const isList = Array.isArray(declared)
  for (const [i, parameter] of parameters.entries()) {
    const path = [field, isList ? i : parameter.name]
    if (names.indexOf(parameter.name) < i) problems.push({ path, message: `declares ${parameter.name} twice` })
    if ((parameter.type === 'enum') !== (parameter.values !== undefined))
      problems.push({ path, message: 'must have values when its type is enum, and only then' })
    else if (parameter.default !== undefined && wrongValue(parameter, parameter.default) !== undefined)
      problems.push({ path: [...path, 'default'], message: `is ${wrongValue(parameter, parameter.default)}` })
  }
  for (const name of namesIn(text.text))
    if (!names.includes(name)) {
      const hint = didYouMean(name, names)
      problems.push({ path: text.path, message: `uses {{${name}}}, which ${field} does not declare`, ...(hint && { hint }) })
    }
  return problems
}

function wrongValue({ type, values }: Parameter, value: unknown): string | undefined {
  if (type === 'enum')
    return values?.includes(value as string) ? undefined : `${JSON.stringify(value)}, none of ${values?.join(', ')}`
  return typeof value === type && !Number.isNaN(value) ? undefined : `${JSON.stringify(value)}, no ${type}`
}

/**
 * Check what was given against the parameters and put defaults in; what is neither given nor needed stays out.
 * @returns problems as parts of a sentence, e.g. `tone is missing`
 */
export function checkValues(
  parameters: readonly Parameter[],
  given: Readonly<Record<string, unknown>>,
): { values: Map<string, ParameterValue>; problems: string[] } {
  const problems: string[] = []
  const values = new Map<string, ParameterValue>()
  const names = parameters.map(({ name }) => name)
  for (const name of Object.keys(given))
    if (!names.includes(name)) problems.push(`${name} is no parameter of it`)
  for (const parameter of parameters) {
    const value = (Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined) ?? parameter.default
    const wrong = value === undefined ? undefined : wrongValue(parameter, value)
    if (value === undefined && parameter.isRequired) problems.push(`${parameter.name} is missing`)
    else if (wrong !== undefined) problems.push(`${parameter.name} is ${wrong}`)
    else if (value !== undefined) values.set(parameter.name, value as ParameterValue)
  }
  return { values, problems }
}

/**
 * Texts of a command line as the values that the parameters declare. What cannot be read as such stays a text, for
 * {@link checkValues} to refuse. `--max-width 3` means `maxWidth` where there is no `max-width`.
 */
export function readTexts(
  parameters: readonly Parameter[],
  texts: Readonly<Record<string, string>>,
): Record<string, ParameterValue> {
  return Object.fromEntries(
    Object.entries(texts).map(([spelled, text]) => {
      const camel = spelled.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
      const parameter = parameters.find(({ name }) => name === spelled) ?? parameters.find(({ name }) => name === camel)
      return parameter ? [parameter.name, typedValue(parameter, text) ?? text] : [spelled, text]
    }),
  )
}

/**
 * Fill a prompt.
 * @throws PROMPT_VALUES naming every missing, unknown and wrong value
 */
export function renderPrompt(
  id: string,
  text: string,
  parameters: readonly Parameter[],
  given: Readonly<Record<string, unknown>>,
): string {
  const { values, problems } = checkValues(parameters, given)
  for (const { name } of parameters) if (!values.has(name)) values.set(name, '')
  if (problems.length > 0) throw promptValues({ id, problems })
  return fillText(text, values)
}

/** JavaScript that does what {@link renderPrompt} does, in a visitor's browser. */
export function renderCode(id: string, text: string, parameters: readonly Parameter[]): { statements: string[]; expression: string } {
  const facts = parameters.map(({ name, type, isRequired, default: standard, values }) => ({ name, type, isRequired, default: standard, values }))
  return {
    statements: [
      `const text = ${codeText(text)}`,
      `const parameters = ${codeText(facts)}`,
      'const isWrong = (p, v) => p.type === "enum" ? !p.values.includes(v) : typeof v !== p.type || Number.isNaN(v)',
      `function render(given = {}) {
  const problems = [], values = new Map()
  for (const name of Object.keys(given)) if (!parameters.some((p) => p.name === name)) problems.push(name + " is no parameter of it")
  for (const p of parameters) {
    const v = given[p.name] ?? p.default
    if (v === undefined && p.isRequired) problems.push(p.name + " is missing")
    else if (v !== undefined && isWrong(p, v)) problems.push(p.name + " is " + JSON.stringify(v) + (p.values ? ", none of " + p.values.join(", ") : ", no " + p.type))
    else values.set(p.name, v ?? "")
  }
  if (problems.length > 0) throw new TypeError(${codeText(`${id}: `)} + problems.join("; ") + ".")
  return text.replace(/\\{\\{\\s*([A-Za-z][A-Za-z0-9_-]*)\\s*\\}\\}/g, (whole, name) => values.has(name) ? String(values.get(name)) : whole)
}`,
    ],
    expression: 'render',
  }
}

/** `(vars: { readonly name: string; readonly tone?: "warm" | "dry" }) => string` */
export function renderType(parameters: readonly Parameter[], argument: string): string {
  if (parameters.length === 0) return '() => string'
  const members = parameters.map(({ name, type, isRequired, default: standard, values }) => {
    const union = type === 'enum' ? (values ?? []).map(codeText).join(' | ') : type
    return `readonly ${name}${isRequired && standard === undefined ? '' : '?'}: ${union}`
  })
  const isOptional = parameters.every(({ isRequired, default: standard }) => !isRequired || standard !== undefined)
  return `(${argument}${isOptional ? '?' : ''}: { ${members.join('; ')} }) => string`
}

import * as z from 'zod'
import { didYouMean } from '../near.ts'
import { fillText, namesIn, typedValue, type ParameterValue } from '../template.ts'
import { codeText } from '../code-text.ts'
import { defineError } from '../errors.ts'
import type { SpecProblem } from '../check-document.ts'
import {
  defaultProblems,
  fittedMembers,
  parameterName,
  parameterOf,
  programBody,
  scalarBody,
  shapeProblems,
  type DeclaredParameter,
  type Parameter,
  type ValueShape,
} from './value-shape.ts'

export type { Parameter }

/** Parameters of prompts: declared, typed, filled into `{{name}}` literally and once. */

const promptValues = defineError('PROMPT_VALUES', {
  summary: 'A prompt was given values that it does not know, not all it needs, or wrong ones.',
  message: (d: { id: string; problems: readonly string[] }) => `${d.id}: ${d.problems.join('; ')}.`,
  hint: (d) => `assetloom info ${d.id} lists its parameters.`,
  exit: 2,
})

/** A list of parameters, or a group of them by name. */
const listOrGroup = <T extends z.ZodRawShape>(body: T) =>
  z.union([z.array(z.strictObject({ name: parameterName, ...body })).max(100), z.record(parameterName, z.strictObject(body))])

/** Of a text. */
export const parametersSchema = listOrGroup(scalarBody)
/** Of a program. */
export const programParametersSchema = listOrGroup(programBody)

type Declared = z.output<typeof programParametersSchema> | z.output<typeof parametersSchema>

/** Both spellings as one list. */
export function parametersOf(declared: Declared | undefined): Parameter[] {
  const named: [string, DeclaredParameter][] = Array.isArray(declared)
    ? declared.map(({ name, ...rest }) => [name, rest])
    : Object.entries(declared ?? {})
  return named.map(([name, one]) => parameterOf(name, one))
}

/** What is wrong with a declaration. */
export function declarationProblems(declared: Declared | undefined, field: string): SpecProblem[] {
  const parameters = parametersOf(declared)
  const names = parameters.map(({ name }) => name)
  return parameters.flatMap((parameter, i) => {
    const path = [field, Array.isArray(declared) ? i : parameter.name]
    return [
      ...(names.indexOf(parameter.name) < i ? [{ path, message: `declares ${parameter.name} twice` }] : []),
      ...shapeProblems(parameter).map((one) => ({ path: [...path, ...one.path], message: one.message })),
      ...defaultProblems(parameter).map((message) => ({ path: [...path, 'default'], message })),
    ]
  })
}

/** What is wrong with a declaration, and with a text that uses it. */
export function parameterProblems(
  declared: Declared | undefined,
  field: string,
  text: { path: PropertyKey[]; text: string },
): SpecProblem[] {
  const problems = declarationProblems(declared, field)
  const parameters = parametersOf(declared)
  const names = parameters.map(({ name }) => name)
  for (const [i, { name, type }] of parameters.entries())
    if (type === 'list' || type === 'object')
      problems.push({ path: [field, Array.isArray(declared) ? i : name, 'type'], message: `is ${type}, and a text can hold string, number, boolean and enum` })
  for (const name of namesIn(text.text))
    if (!names.includes(name)) {
      const hint = didYouMean(name, names)
      problems.push({ path: text.path, message: `uses {{${name}}}, which ${field} does not declare`, ...(hint && { hint }) })
    }
  return problems
}

/**
 * Check what was given against the parameters and put defaults in; what is neither given nor needed stays out.
 * @returns problems as parts of a sentence, e.g. `tone is missing`
 */
export function checkValues(
  parameters: readonly Parameter[],
  given: Readonly<Record<string, unknown>>,
): { values: Map<string, unknown>; problems: string[] } {
  const wrong: string[] = []
  const { values, unknown } = fittedMembers(parameters, given, (name) => name, wrong)
  return { values, problems: [...unknown.map((name) => `${name} is no parameter of it`), ...wrong] }
}

/**
 * Texts of a command line as the values that the parameters declare. What cannot be read as such stays a text, for
 * {@link checkValues} to refuse. `--max-width 3` means `maxWidth` where there is no `max-width`. A list is its texts in turn, or
 * one of JSON; an object is JSON. Of several texts for anything else the last counts.
 */
export function readTexts(
  parameters: readonly Parameter[],
  texts: Readonly<Record<string, string | readonly string[]>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(texts).map(([spelled, given]) => {
      const camel = spelled.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
      const parameter = parameters.find(({ name }) => name === spelled) ?? parameters.find(({ name }) => name === camel)
      return parameter ? [parameter.name, readText(parameter, [given].flat())] : [spelled, given]
    }),
  )
}

function readText(shape: ValueShape, texts: readonly string[]): unknown {
  const last = texts.at(-1)!
  if (shape.type === 'object') return jsonOr(last)
  if (shape.type !== 'list') return typedValue({ type: shape.type, values: shape.values }, last) ?? last
  const whole = texts.length === 1 ? jsonOr(last) : undefined
  return Array.isArray(whole) ? whole : texts.map((text) => readText(shape.items!, [text]))
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
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
  // Parameters of a text are scalars.
  return fillText(text, values as Map<string, ParameterValue>)
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

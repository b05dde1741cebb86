import type { TemplateParameter } from './spec.ts'

export type ParameterValue = string | number | boolean

const mark = /\{\{\s*([A-Za-z][A-Za-z0-9_-]*)\s*\}\}/g

/** Names that stand in `{{…}}` in a text, each once, in order. */
export function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(mark)].map((match) => match[1]!))]
}

/**
 * Put values in the place of `{{name}}`: literally and once, so that `$&` or `{{x}}` in a value stays as it is.
 * A name without a value stays too; {@link namesIn} finds it beforehand.
 */
export function fillText(text: string, values: ReadonlyMap<string, ParameterValue>): string {
  return text.replace(mark, (whole, name: string) => (values.has(name) ? String(values.get(name)) : whole))
}

/**
 * Fill every text of a value. A text that is nothing but one `{{name}}` becomes the value itself, so that
 * `duration: "{{seconds}}"` is a number.
 */
export function fillValue(value: unknown, values: ReadonlyMap<string, ParameterValue>): unknown {
  if (typeof value === 'string') {
    const only = /^\{\{\s*([A-Za-z][A-Za-z0-9_-]*)\s*\}\}$/.exec(value)
    return only && values.has(only[1]!) ? values.get(only[1]!) : fillText(value, values)
  }
  if (Array.isArray(value)) return value.map((item) => fillValue(item, values))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillValue(item, values)]))
  return value
}

/** Every name in `{{…}}` anywhere in a value. */
export function namesInValue(value: unknown): string[] {
  if (typeof value === 'string') return namesIn(value)
  if (value === null || typeof value !== 'object') return []
  return [...new Set(Object.values(value).flatMap(namesInValue))]
}

export interface ValueProblems {
  missing: string[]
  unknown: string[]
  /** Sentences about values of the wrong type or outside the list. */
  wrong: string[]
}

/**
 * Check values against the declared parameters, put defaults in, and read texts (from a command line) as what they are declared.
 * @returns the values in the order of declaration, and what is wrong with them
 */
export function resolveValues(
  declared: readonly TemplateParameter[],
  given: Readonly<Record<string, ParameterValue>>,
): { values: Map<string, ParameterValue>; problems: ValueProblems } {
  const problems: ValueProblems = { missing: [], unknown: [], wrong: [] }
  const values = new Map<string, ParameterValue>()
  const names = new Set(declared.map((parameter) => parameter.name))
  for (const name of Object.keys(given)) if (!names.has(name)) problems.unknown.push(name)
  for (const parameter of declared) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name]! : parameter.default
    if (value === undefined) {
      problems.missing.push(parameter.name)
      continue
    }
    const typed = typedValue(parameter, value)
    if (typed === undefined) problems.wrong.push(`${parameter.name}: ${JSON.stringify(value)} is no ${parameter.type}`)
    else if (parameter.values && !parameter.values.includes(typed))
      problems.wrong.push(`${parameter.name}: ${JSON.stringify(value)} is none of ${parameter.values.join(', ')}`)
    else values.set(parameter.name, typed)
  }
  return { values, problems }
}

/** A value, or a text of a command line, as the type that is declared; undefined when it cannot be one. */
export function typedValue(
  parameter: { type: TemplateParameter['type']; values?: readonly ParameterValue[] | undefined },
  value: ParameterValue,
): ParameterValue | undefined {
  switch (parameter.type) {
    case 'string':
      return typeof value === 'string' ? value : String(value)
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined
    }
    case 'boolean':
      return typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined
    case 'enum':
      // An enum of numbers given as texts on a command line.
      return (
        parameter.values?.find((allowed) => allowed === value) ??
        parameter.values?.find((allowed) => String(allowed) === value) ??
        value
      )
  }
}

/** A, B, … Z, AA, AB, …: the letter of a 1-based place. */
export function letterOf(place: number): string {
  let letters = ''
  for (let rest = place; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  return letters
}

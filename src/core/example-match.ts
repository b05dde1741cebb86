/**
 * Where what came out is not what an example states. Of an object the example may leave out what does not matter;
 * lists must agree in length and order. Texts are compared without white space at their end, which YAML adds.
 * @param at - the place, e.g. `output`
 * @returns parts of a sentence, none when it matches
 */
export function exampleProblems(expected: unknown, actual: unknown, at: string): string[] {
  if (typeof expected === 'string' && typeof actual === 'string')
    return expected.trimEnd() === actual.trimEnd() ? [] : [unequal(expected, actual, at)]
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [unequal(expected, actual, at)]
    if (expected.length !== actual.length)
      return [`${at} has ${actual.length} members, and the example ${expected.length}`]
    return expected.flatMap((one, i) => exampleProblems(one, actual[i], `${at}[${i}]`))
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return [unequal(expected, actual, at)]
    return Object.entries(expected).flatMap(([name, value]) =>
      exampleProblems(value, Object.hasOwn(actual, name) ? (actual as Record<string, unknown>)[name] : undefined, `${at}.${name}`),
    )
  }
  return Object.is(expected, actual) ? [] : [unequal(expected, actual, at)]
}

function unequal(expected: unknown, actual: unknown, at: string): string {
  return `${at} is ${shown(actual)}, and the example says ${shown(expected)}`
}

const shownCharacters = 120

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text
}

/**
 * What in a value JSON could not hold, in words for a person; undefined when it can hold all of it. What a value says
 * of itself by `toJSON` counts (dates, URLs); members without a value are left out, as JSON does.
 * @param at - the value's place, e.g. `output`
 */
export function jsonProblem(value: unknown, at: string, open: readonly object[] = []): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : `${at} is ${value}`
    case 'object':
      break
    case 'undefined':
      return `${at} has no value`
    default:
      return `${at} is a ${typeof value}`
  }
  if (value === null) return undefined
  if (open.includes(value)) return `${at} contains itself`
  if (open.length >= maxDepth) return `${at} is nested deeper than ${maxDepth} levels`
  const { toJSON } = value as { toJSON?: unknown }
  const inner = [...open, value]
  if (typeof toJSON === 'function') {
    if (ArrayBuffer.isView(value)) return `${at} is a ${value.constructor.name}`
    return jsonProblem((toJSON as () => unknown).call(value), at, inner)
  }
  if (Array.isArray(value)) return firstProblem(value.entries(), (i) => `${at}[${i}]`, inner)
  const prototype: unknown = Object.getPrototypeOf(value)
  const isForeign = value instanceof Map || value instanceof Set || value instanceof Promise || value instanceof Error
  if (isForeign || ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return `${at} is a ${(prototype as { constructor: { name: string } }).constructor.name}`
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return firstProblem(members, (name) => `${at}.${name}`, inner)
}

const maxDepth = 100

function firstProblem<K>(
  members: Iterable<[K, unknown]>,
  placeOf: (key: K) => string,
  open: readonly object[],
): string | undefined {
  for (const [key, member] of members) {
    const problem = jsonProblem(member, placeOf(key), open)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Whether two JSON values say the same, whatever the order of their members. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => isSameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
}

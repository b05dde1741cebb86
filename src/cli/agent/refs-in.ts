/** Members of outputs that list what an answer is about. */
const lists = ['assets', 'results', 'imported', 'exported', 'jobs', 'items']

/** The assets that an answer is about: what `it` and `them` mean in the next sentence. */
export function refsIn(output: unknown, input: Readonly<Record<string, unknown>>): string[] {
  const given = typeof output === 'object' && output !== null ? (output as Record<string, unknown>) : {}
  const listed = lists.flatMap((name) => (Array.isArray(given[name]) ? (given[name] as unknown[]) : [])).flatMap(refOf)
  if (listed.length > 0) return [...new Set(listed)]
  const own = refOf(given)
  if (own.length > 0) return own
  return [input.ref, input.refs].flat().filter((ref): ref is string => typeof ref === 'string' && !ref.includes('*'))
}

function refOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const { ref, token } = value as Record<string, unknown>
  const name = ref ?? token
  return typeof name === 'string' ? [name] : []
}

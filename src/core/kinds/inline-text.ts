import { textOf, type Item, type ItemProblem } from './kind.ts'

/**
 * The text of a prompt: in its field, in `body`, or in the one content file.
 * @param field - the kind's own name of it
 */
export function inlineText(
  item: Item<Readonly<Record<string, unknown>>>,
  field: string,
): { text: string; path: PropertyKey[] } {
  for (const member of [field, 'body']) {
    const text = item.fields[member]
    if (typeof text === 'string') return { text, path: [member] }
  }
  return { text: item.files[0] ? textOf(item.files[0]) : '', path: ['files', 0] }
}

/** The text must stand in exactly one place. */
export function inlineTextProblems(item: Item<Readonly<Record<string, unknown>>>, field: string): ItemProblem[] {
  const places = [field, 'body'].filter((member) => item.fields[member] !== undefined).length + item.files.length
  if (places === 1) return []
  return [
    {
      path: places === 0 ? [] : [item.files.length > 0 ? 'files' : 'body'],
      message: `${places === 0 ? 'has no text' : 'is one text too many'}: it stands in ${field}, in body, or in one file that files names`,
    },
  ]
}

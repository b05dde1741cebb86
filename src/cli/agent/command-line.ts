import { isAssetloomError } from '../../core/errors.ts'
import { doubts, glue, negators, pronouns, questionWords } from '../../core/phrases/lexicon.ts'
import type { Call } from '../../core/phrases/reading.ts'
import { operations } from '../../operations/index.ts'

/** Longer texts are no command that anybody typed. */
const mostCharacters = 10_000

/**
 * The call of a text with flags that begins with a command: `list --category Logos`.
 * @throws USAGE
 */
export async function commandLineIn(text: string): Promise<Call | undefined> {
  return /\s-(?:-[a-z]|[a-z]\s)/.test(text) ? callOf(wordsOf(text)) : undefined
}

/**
 * The call of a command with values and nothing else: `add-tags LOGO-ACME-MARK001 primary,official`. Words of sentences are
 * no values.
 */
export async function bareCommandIn(text: string): Promise<Call | undefined> {
  const words = wordsOf(text)
  if (words.some((word) => [glue, doubts, negators, pronouns, questionWords].some((set) => set.has(word.toLowerCase())))) return undefined
  try {
    const call = await callOf(words)
    const operation = call && (await operations.find(({ name }) => name === call.operation)!.load())
    return operation?.input.safeParse(call?.input).success ? call : undefined
  } catch (error) {
    if (isAssetloomError(error) && error.code === 'USAGE') return undefined
    throw error
  }
}

function wordsOf(text: string): string[] {
  if (text.length > mostCharacters) return []
  // Quotes may stand within a word: --family ACME="Acme".
  const words = [...text.matchAll(/(?:"[^"]*"|'[^']*'|\S)+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'))
  return words[0] === 'assetloom' || words[0] === 'asset' ? words.slice(1) : words
}

async function callOf(words: readonly string[]): Promise<Call | undefined> {
  if (!operations.some(({ name }) => name === words[0] || name === words.slice(0, 2).join(' '))) return undefined
  const { parseArguments } = await import('../parse-arguments.ts')
  const parsed = await parseArguments(words)
  return 'help' in parsed ? undefined : { operation: parsed.row.name, input: parsed.input }
}

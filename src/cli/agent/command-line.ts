import type { Call } from '../../core/phrases/reading.ts'
import { operations } from '../../operations/index.ts'

/**
 * The call of a text that is a command line: `list --category Logos`. Only one that begins with a command and has a flag is
 * taken for it; words alone are a sentence.
 * @throws USAGE
 */
export async function commandLineIn(text: string): Promise<Call | undefined> {
  if (!/\s--[a-z]/.test(text) || text.length > 10_000) return undefined
  const words = [...text.matchAll(/"([^"]*)"|'([^']*)'|[^\s"']+/g)].map(([whole, double, single]) => double ?? single ?? whole)
  if (words[0] === 'assetloom' || words[0] === 'asset') words.shift()
  if (!operations.some(({ name }) => name === words[0] || name === words.slice(0, 2).join(' '))) return undefined
  const { parseArguments } = await import('../parse-arguments.ts')
  const parsed = await parseArguments(words)
  return 'help' in parsed ? undefined : { operation: parsed.row.name, input: parsed.input }
}

import { distance } from 'fastest-levenshtein'
import { beginning, isOfQuestion, type Grammar, type Part } from './sentence.ts'

/**
 * The sentence with words of questions spelled right: `shwo` is `show`. Of an order it would be a guess, so none is made.
 * @param where - `head`: only the word that it begins with; `all`: also what is asked about
 * @returns nothing when every word is right; `grave` when a word is nearest to an order that changes something
 */
export function meantWords(parts: readonly Part[], grammar: Grammar, where: 'head' | 'all'): Part[] | 'grave' | undefined {
  const { at } = beginning(parts)
  let isChanged = false
  const meant: Part[] = []
  for (const [i, part] of parts.entries()) {
    const isHead = i === at
    if (!isStrange(part) || (where === 'head' && !isHead)) {
      meant.push(part)
      continue
    }
    // A name in capitals is no slip: nobody wrote Globex for global.
    const found = isHead ? nearCommand(part.lower, grammar) : /[A-Z]/.test(part.text) ? undefined : nearTopic(part.lower, grammar)
    if (found === 'grave') return 'grave'
    if (found === undefined) meant.push(part)
    else {
      isChanged = true
      meant.push({ ...part, lower: found, meanings: grammar.lexicon.meanings(found), named: grammar.names.get(found) ?? {} })
    }
  }
  return isChanged ? meant : undefined
}

const isStrange = (part: Part) =>
  part.sort === 'word' && !part.value && part.meanings.length === 0 && Object.keys(part.named).length === 0 && !isOfQuestion(part) && /^[a-z]{4,20}$/.test(part.lower)

/** What a word means, or may have been meant as: for advice only. */
export function conceptsNear(part: Part, { lexicon }: Grammar): string[] {
  const words = isStrange(part) ? nearestOf(part.lower, [...lexicon.commands.keys()]) : [part.lower]
  return words.flatMap((word) => lexicon.meanings(word)).map(({ concept }) => concept)
}

const askingWords = ['what', 'which', 'where']

function nearCommand(word: string, { lexicon }: Grammar): string | 'grave' | undefined {
  const near = nearestOf(word, [...lexicon.commands.keys(), ...lexicon.topics, ...askingWords])
  if (near.length === 0) return undefined
  return near.every((one) => lexicon.commands.get(one)?.isHarmless ?? true) ? near[0] : 'grave'
}

function nearTopic(word: string, { lexicon, names }: Grammar): string | undefined {
  const vocabulary = [...names].filter(([name, named]) => !name.includes(' ') && (named.category !== undefined || named.kinds || named.tag !== undefined)).map(([name]) => name)
  return nearestOf(word, [...lexicon.topics, ...vocabulary])[0]
}

/** The words at the least distance: one slip in short words, two in long ones. */
function nearestOf(word: string, known: readonly string[]): string[] {
  let least = word.length > 5 ? 2 : 1
  let found: string[] = []
  for (const one of known) {
    if (Math.abs(one.length - word.length) > least) continue
    const slips = slipsBetween(word, one)
    if (slips > least) continue
    if (slips < least) found = []
    least = slips
    found.push(one)
  }
  return found
}

/** As `distance`, but two neighbours that changed places are one slip. */
function slipsBetween(a: string, b: string): number {
  const slips = distance(a, b)
  return slips === 2 && a.length === b.length && [...a].sort().join('') === [...b].sort().join('') ? 1 : slips
}

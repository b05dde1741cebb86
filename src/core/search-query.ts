import { fold, wordsIn } from './search-text.ts'

/** One way in which a clause may be met. */
export interface Alternative {
  /** These one after the other; mostly one. */
  terms: readonly string[]
  /** The last may go on. */
  isPrefix: boolean
  /** 1 for what was typed, less for what it may have meant. */
  quality: number
}

/** What an asset must have: any of the alternatives. */
export interface Clause {
  /** As typed, folded. */
  text: string
  alternatives: readonly Alternative[]
  /** Typed in quotes: taken by the letter, no other spelling is tried. */
  isExact: boolean
}

export interface SearchQuery {
  /** All of them are wanted. */
  clauses: readonly Clause[]
  /** `hero, minimal` → hero, minimal: an asset tagged so comes first. A query without a comma is one item. */
  items: readonly string[]
  /** The whole, folded: an asset called so comes first. */
  text: string
}

/** What is beyond is not read: no search needs it, and each word costs a look-up. */
const mostCharacters = 2000
const mostClauses = 16

/**
 * Read what a person typed. Every text is a query: signs that mean nothing separate words, an open quote is one of
 * them.
 *
 * @example parseSearch('"dark mode" hero') // the words dark mode side by side, and a word that begins with hero
 */
export function parseSearch(typed: string): SearchQuery {
  const text = typed.slice(0, mostCharacters)
  const clauses = new Map<string, Clause>()
  for (const part of text.split(/(["“][^"“”]*["”])/)) {
    const quoted = /^["“](.*)["”]$/s.exec(part)?.[1]
    const added = quoted === undefined ? clausesOf(part) : exactClause(quoted)
    for (const clause of added) if (clauses.size < mostClauses) clauses.set(`${clause.isExact}${clause.text}`, clause)
  }
  const items = text.split(/[,，、;]/).map(plainText).filter((item) => item !== '')
  return { clauses: [...clauses.values()], items: [...new Set(items)], text: plainText(text) }
}

/** For comparing names and tags as wholes: words with one space between them. */
export function plainText(text: string): string {
  return fold(text)
    .replace(/["“”]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

function clausesOf(text: string): Clause[] {
  const clauses: Clause[] = []
  const words = wordsIn(text)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!word.isUnspaced) {
      clauses.push(wordClause(word.terms.at(-1)!))
      continue
    }
    const run = [word]
    // Pairs of one run overlap; the last stands alone and adds nothing to a longer run.
    while (words[i + 1]?.isUnspaced && words[i + 1]!.start < words[i]!.end) run.push(words[++i]!)
    const pairs = run.length > 1 ? run.slice(0, -1) : run
    const terms = pairs.map((pair) => pair.terms[0]!)
    clauses.push({ text: terms.join(' '), alternatives: [{ terms, isPrefix: run.length === 1, quality: 1 }], isExact: false })
  }
  return clauses
}

function wordClause(term: string): Clause {
  return { text: term, alternatives: [{ terms: [term], isPrefix: true, quality: 1 }], isExact: false }
}

function exactClause(quoted: string): Clause[] {
  const words = wordsIn(quoted)
  // The last sign of an unspaced run stands in the index only where a run ends.
  const isRunEnd = (i: number) => words[i]!.isUnspaced && words[i - 1]?.isUnspaced === true && words[i - 1]!.end === words[i]!.end
  const terms = words.flatMap((word, i) => (isRunEnd(i) ? [] : word.terms))
  return terms.length === 0 ? [] : [{ text: terms.join(' '), alternatives: [{ terms, isPrefix: false, quality: 1 }], isExact: true }]
}

/**
 * How well an alternative stands at a place in a list of terms: 1 as it is, less where its last term only begins a word,
 * 0 where it does not stand.
 */
export function hitAt({ terms: wanted, isPrefix }: Alternative, terms: readonly string[], at: number): number {
  const last = wanted.length - 1
  const end = terms[at + last]
  if (end === undefined || !end.startsWith(wanted[last]!)) return 0
  for (let k = 0; k < last; k++) if (terms[at + k] !== wanted[k]) return 0
  if (end.length === wanted[last]!.length) return 1
  return isPrefix ? 0.5 + (0.3 * wanted[last]!.length) / end.length : 0
}

import type { Known } from './known.ts'
import { createLexicon, glue, negators, pronouns, questionWords, type Concept, type Lexicon, type Meaning } from './lexicon.ts'
import { namesOf, type Named } from './names.ts'
import { scan } from './scan.ts'
import { createValueReader, type Value, type ValueReader } from './value.ts'

/** A word, a phrase, a quoted text or a mark, with all that it may mean. */
export interface Part {
  text: string
  /** Small letters; of a phrase its words with one space. */
  lower: string
  sort: 'word' | 'quoted' | 'mark'
  value?: Value | undefined
  named: Named
  meanings: readonly Meaning[]
  /** A frame has made something of it. */
  isTaken: boolean
}

/** What reading a sentence of one project takes; made once for many sentences. */
export interface Grammar {
  known: Known
  lexicon: Lexicon
  names: ReadonlyMap<string, Named>
  valueOf: ValueReader
}

export function createGrammar(known: Known): Grammar {
  const names = namesOf(known)
  return { known, names, lexicon: createLexicon([...names.keys()].filter((name) => name.includes(' '))), valueOf: createValueReader(known) }
}

const units: Readonly<Record<string, 'bytes' | 'pixels' | 'money'>> = {
  ...Object.fromEntries(['kb', 'mb', 'gb', 'kib', 'mib', 'gib'].map((unit) => [unit, 'bytes'])),
  ...Object.fromEntries(['px', 'pixel', 'pixels'].map((unit) => [unit, 'pixels'])),
  ...Object.fromEntries(['dollar', 'dollars', 'usd', 'bucks'].map((unit) => [unit, 'money'])),
}

/** As words are compared: a typographic apostrophe is one. */
const lowerOf = (text: string) => text.toLowerCase().replaceAll('’', "'")

/** The parts of a sentence: numbers stand with their units, words of a phrase together. */
export function partsOf(sentence: string, { lexicon, names, valueOf }: Grammar): Part[] {
  const pieces = scan(sentence)
  const parts: Part[] = []
  const part = (text: string, lower: string, sort: Part['sort'], value?: Value): Part => ({
    text, lower, sort, value, named: sort === 'word' ? (names.get(lower) ?? {}) : {}, meanings: sort === 'word' ? lexicon.meanings(lower) : [], isTaken: false,
  })
  for (let at = 0; at < pieces.length; at++) {
    const { text, sort } = pieces[at]!
    const lower = lowerOf(text)
    const value = sort === 'mark' ? undefined : valueOf(text, sort === 'quoted')
    const unit = value?.type === 'number' && pieces[at + 1]?.sort === 'word' ? units[pieces[at + 1]!.text.toLowerCase()] : undefined
    if (value?.type === 'number' && unit) {
      const both = unit === 'money' ? { type: unit, amount: value.amount } : { type: unit, text: `${text}${unit === 'pixels' ? 'px' : pieces[at + 1]!.text}` }
      parts.push(part(`${text} ${pieces[at + 1]!.text}`, lower, 'word', both as Value))
      at++
      continue
    }
    // A code in capitals is the code, whatever stands behind it.
    const isCode = /^[A-Z]+$/.test(text) && names.get(lower)?.family === text
    const words = sort === 'word' && !isCode ? phraseAt(pieces, at, lexicon) : undefined
    if (words) {
      parts.push(part(pieces.slice(at, at + words.length).map((one) => one.text).join(' '), words.join(' '), 'word'))
      at += words.length - 1
    } else parts.push(part(text, lower, sort, value))
  }
  return parts
}

function phraseAt(pieces: ReturnType<typeof scan>, at: number, { phrases }: Lexicon): readonly string[] | undefined {
  const fits = (words: readonly string[]) => words.every((word, i) => pieces[at + i]?.sort === 'word' && lowerOf(pieces[at + i]!.text) === word)
  return phrases.get(lowerOf(pieces[at]!.text))?.find(fits)
}

export const means = (part: Part | undefined, ...concepts: readonly Concept[]) => part?.meanings.some(({ concept }) => concepts.includes(concept)) ?? false
export const commands = (part: Part | undefined, ...concepts: readonly Concept[]) =>
  part?.meanings.some(({ concept, isBase }) => isBase && concepts.includes(concept)) ?? false

export const isNegator = ({ lower, sort }: Part) => sort === 'word' && negators.has(lower)
export const isPronoun = ({ lower, sort }: Part) => sort === 'word' && pronouns.has(lower)
export const isGlue = ({ lower, sort }: Part) => sort === 'mark' || (sort === 'word' && glue.has(lower))
export const isOfQuestion = (part: Part) => isGlue(part) || (part.sort === 'word' && questionWords.has(part.lower))

const courtesies = new Set('please kindly hey hi hello ok okay now just so then also and well permanently immediately quickly assetloom agent , ! .'.split(' '))
const openers: readonly (readonly string[])[] = [
  ...['can you', 'could you', 'would you mind', 'would you', 'will you', 'be so kind as to', 'be so kind and', 'go ahead and'],
  ...['i want you to', 'i want to', 'i want', 'i need you to', 'i need to', 'i need', 'do a', 'do an'],
  ...['i would like you to', 'i would like to', 'i would like', "i'd like you to", "i'd like to", "i'd like"],
  ...["let's", 'let us', 'let me', 'help me to', 'help me'],
].map((opener) => opener.split(' '))
/** These ask, even where a polite order begins alike. */
const asking: readonly (readonly string[])[] = ['can', 'could', 'may', 'should', 'shall', 'do'].flatMap((word) => [[word, 'i'], [word, 'we']])

/** Where the order begins behind all courtesy, and whether it is a question instead. */
export function beginning(parts: readonly Part[]): { at: number; asks: boolean } {
  let at = 0
  let asks = false
  for (;;) {
    const fits = (words: readonly string[]) => words.every((word, i) => parts[at + i]?.lower === word)
    const opener = openers.find(fits)
    const question = asking.find(fits)
    if (parts[at] && courtesies.has(parts[at]!.lower) && parts[at]!.sort !== 'quoted') at++
    else if (opener) at += opener.length
    else if (question) [at, asks] = [at + question.length, true]
    else break
  }
  const first = parts[at]?.lower.split(' ')[0] ?? ''
  return { at, asks: asks || /^(?:how|why|when|who|whose|whether|did|do|does|was|were|has|have|is|are|if|what|what's|which|where|suppose|wondering|i|we)$/.test(first) }
}

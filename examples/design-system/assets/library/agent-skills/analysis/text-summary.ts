export interface Input {
  text: string
  /** @default 3 */
  maxSentences?: number
  /** BCP 47 tag. @default 'en' */
  language?: string
}

export interface Output {
  summary: string
  /** In the summary. */
  sentences: number
  /** In the text. */
  ofSentences: number
}

/** Words of up to so many letters (the, and, for …) say little of what a text is about. */
const shortWordLetters = 3

/**
 * Keep the sentences whose words are the most frequent in the text, in the order of the text. A sentence counts by the
 * frequency of its different words over the root of their number: neither short nor long sentences win by length.
 */
export async function execute({ text, maxSentences = 3, language = 'en' }: Input): Promise<Output> {
  if (!Number.isInteger(maxSentences) || maxSentences < 1) throw new RangeError('maxSentences is a whole number from 1.')
  const words = new Intl.Segmenter(language, { granularity: 'word' })
  const wordsOf = (sentence: string) =>
    [...words.segment(sentence)]
      .filter(({ isWordLike, segment }) => isWordLike && (segment.length > shortWordLetters || /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u.test(segment)))
      .map(({ segment }) => segment.toLocaleLowerCase(language))
  const sentences = [...new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text)]
    .map(({ segment }) => segment.trim().replace(/\s+/g, ' '))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
  const counts = new Map<string, number>()
  for (const word of sentences.flatMap(wordsOf)) counts.set(word, (counts.get(word) ?? 0) + 1)
  const scored = sentences.map((sentence, place) => {
    const own = [...new Set(wordsOf(sentence))]
    return { sentence, place, score: own.reduce((sum, word) => sum + counts.get(word)!, 0) / Math.sqrt(own.length || 1) }
  })
  const kept = scored
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .slice(0, maxSentences)
    .sort((a, b) => a.place - b.place)
  return { summary: kept.map(({ sentence }) => sentence).join(' '), sentences: kept.length, ofSentences: sentences.length }
}

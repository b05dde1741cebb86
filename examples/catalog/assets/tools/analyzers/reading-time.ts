export interface Input {
  text: string
  /** @default 230 */
  wordsPerMinute?: number
  /** BCP 47 tag, for where words and sentences end. @default 'en' */
  language?: string
}

export interface Output {
  words: number
  sentences: number
  /** Rounded up; 0 for an empty text. */
  minutes: number
}

/** Count words and sentences by the rules of the language (Unicode TR 29). */
export async function execute({ text, wordsPerMinute = 230, language = 'en' }: Input): Promise<Output> {
  if (!(wordsPerMinute > 0)) throw new RangeError('wordsPerMinute is more than 0.')
  let words = 0
  for (const { isWordLike } of new Intl.Segmenter(language, { granularity: 'word' }).segment(text)) if (isWordLike) words++
  let sentences = 0
  for (const { segment } of new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text)) if (/[\p{L}\p{N}]/u.test(segment)) sentences++
  return { words, sentences, minutes: Math.ceil(words / wordsPerMinute) }
}

/** A word of a text with the terms that find it. */
export interface TextWord {
  /** Place in the text, in UTF-16 units; `end` is behind the last. */
  start: number
  end: number
  /** Folded. Of `heroBanner2`: hero, banner, 2, herobanner2. */
  terms: string[]
  /** A run without spaces between words (Chinese, Japanese, Thai, …): its words are unknown, so its terms are pairs. */
  isUnspaced: boolean
}

/** Longer words are cut: nobody types them, and data in place of text would fill the index. */
const longestTerm = 40

const unspaced =
  '(?=[\\p{L}\\p{N}\\p{M}])[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmr}\\p{scx=Mymr}]'
/** Runs of unspaced script, words, and pictographs one by one; everything else separates. */
const wordPattern = new RegExp(
  `(?<run>(?:${unspaced})+)|(?:(?!${unspaced})[\\p{L}\\p{N}\\p{M}])+|[\\u{1F1E6}-\\u{1F1FF}]{2}|\\p{Extended_Pictographic}`,
  'gu',
)
const plainWordPattern = /[a-z0-9]+/gi
// eslint-disable-next-line no-control-regex
const isPlain = (text: string) => !/[^\x00-\x7f]/.test(text)

/**
 * The words of any text, in order. Case, width and accents do not tell words apart.
 * The terms of a word stand in the order in which a phrase would name them, the whole word last.
 */
export function wordsIn(text: string): TextWord[] {
  const words: TextWord[] = []
  const pattern = isPlain(text) ? plainWordPattern : wordPattern
  for (const match of text.matchAll(pattern)) {
    const [word] = match
    if (match.groups?.run !== undefined) pushPairs(words, word, match.index)
    else {
      const terms = termsOfWord(word)
      if (terms.length > 0) words.push({ start: match.index, end: match.index + word.length, terms, isUnspaced: false })
    }
  }
  return words
}

/** Every term of a text, in order. */
export function termsIn(text: string): string[] {
  return wordsIn(text).flatMap((word) => word.terms)
}

/** One spelling for what a person would call the same: lower case, one width, no accents. */
export function fold(text: string): string {
  if (isPlain(text)) return text.toLowerCase()
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u00c0-\u052f\u1e00-\u1fff]/g, (letter) => letter.normalize('NFD').replace(/\p{Mn}/gu, ''))
    .replace(/[ßøłđæœı]|[\u0300-\u036f]/g, (letter) => plainLetters[letter] ?? '')
    .normalize('NFC')
}

/** Letters that Unicode does not take apart. */
const plainLetters: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', æ: 'ae', œ: 'oe', ı: 'i' }

function termsOfWord(word: string): string[] {
  const whole = termOf(word)
  if (whole === '') return []
  const parts = partsOf(word)
  return parts.length > 1 ? [...parts.map(termOf), whole] : [whole]
}

/** `heroBanner2` → hero, Banner, 2; `LOGO` stays whole. */
function partsOf(word: string): string[] {
  if (!/\d|[\p{Ll}]\p{Lu}/u.test(word)) return [word]
  return word.match(/\p{N}+|\p{Lu}?[\p{Ll}\p{M}]+|\p{Lu}+(?!\p{Ll})|[^\p{N}\p{Lu}\p{Ll}]+|\p{Lu}/gu) ?? [word]
}

function termOf(word: string): string {
  const folded = fold(word)
  const term = isPlain(folded) ? folded.replace(/[^a-z0-9]/g, '') : folded.replace(/[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{RI}]/gu, '')
  return term.length <= longestTerm ? term : [...term].slice(0, longestTerm).join('')
}

/** 東京都 → 東京, 京都, and 都 alone, so that a single sign is found wherever it stands. */
function pushPairs(words: TextWord[], run: string, at: number): void {
  let start = at
  const signs = [...run]
  for (const [i, sign] of signs.entries()) {
    const next = signs[i + 1] ?? ''
    const term = termOf(sign + next)
    const end = start + sign.length + next.length
    if (term !== '') words.push({ start, end, terms: [term], isUnspaced: true })
    start += sign.length
  }
}

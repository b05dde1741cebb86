/** A word that is in the index, and how many slips lie between it and what was typed. */
export interface Meant {
  term: string
  slips: number
}

/** A word list made ready to be searched for slips. */
export interface Vocabulary {
  /** The terms nearest to a word, nearest first. */
  meant(word: string, most: number): Meant[]
}

/** How many slips a word of this length may hold: the shorter it is, the more words lie one slip away. */
const allowedSlips = (length: number) => (length <= 2 ? 0 : length <= 5 ? 1 : 2)
/** The same where the word is only begun. Of a short one every beginning is near to something. */
const allowedInBeginning = (length: number) => (length <= 4 ? -1 : length <= 7 ? 1 : 2)

/** Letters as bits: a word that lacks more letters than slips are allowed is no candidate. Costs a fraction of comparing. */
function lettersOf(word: string): number {
  let bits = 0
  for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) & 31)
  return bits
}

function countBits(bits: number): number {
  let left = bits
  let count = 0
  for (; left !== 0; count++) left &= left - 1
  return count
}

/** @param terms - folded, each once */
export function createVocabulary(terms: readonly string[]): Vocabulary {
  const letters = Uint32Array.from(terms, lettersOf)
  return {
    meant(word, most) {
      const limit = allowedSlips(word.length)
      if (limit === 0) return []
      const wanted = lettersOf(word)
      const found: Meant[] = []
      for (let i = 0; i < terms.length; i++) {
        if (countBits(wanted & ~letters[i]!) > limit) continue
        const term = terms[i]!
        if (term.length < word.length - limit) continue
        const slips = slipsBetween(word, term, limit)
        if (slips < limit + 1) found.push({ term, slips })
        // What stands within a longer word is meant, too: ground in background.
        else if (term.length > word.length && term.includes(word)) found.push({ term, slips: limit })
      }
      const rank = ({ term, slips }: Meant) =>
        slips * 4 + (term[0] === word[0] ? 0 : 2) + Math.min(1, Math.abs(term.length - word.length) / 8)
      return found.sort((a, b) => rank(a) - rank(b) || (a.term < b.term ? -1 : 1)).slice(0, most)
    },
  }
}

/**
 * Least number of letters to add, drop, change or swap with their neighbour (optimal string alignment), or the same to
 * the beginning of the term plus a half, since a word may not be typed to its end.
 * @returns `limit + 1` or more once it is clear that it will be above
 */
export function slipsBetween(word: string, term: string, limit: number): number {
  const [n, m] = [word.length, Math.min(term.length, word.length + limit)]
  if (m >= longest) return limit + 1
  let [before, last, row] = rows as [Uint8Array, Uint8Array, Uint8Array]
  for (let j = 0; j <= m; j++) last[j] = j
  for (let i = 1; i <= n; i++) {
    const letter = word.charCodeAt(i - 1)
    const letterBefore = i > 1 ? word.charCodeAt(i - 2) : -1
    row[0] = i
    let least = i
    for (let j = 1; j <= m; j++) {
      const other = term.charCodeAt(j - 1)
      let cost = last[j - 1]! + (letter === other ? 0 : 1)
      if (last[j]! + 1 < cost) cost = last[j]! + 1
      if (row[j - 1]! + 1 < cost) cost = row[j - 1]! + 1
      if (j > 1 && letterBefore === other && letter === term.charCodeAt(j - 2) && before[j - 2]! + 1 < cost)
        cost = before[j - 2]! + 1
      row[j] = cost
      if (cost < least) least = cost
    }
    if (least > limit) return limit + 1
    ;[before, last, row] = [last, row, before]
  }
  const whole = term.length === m ? last[m]! : limit + 1
  let begun = allowedInBeginning(n) + 1
  for (let j = 0; j <= m; j++) if (last[j]! < begun) begun = last[j]!
  return begun <= allowedInBeginning(n) ? Math.min(whole, begun + 0.5) : whole
}

/** No term is longer, slips included. */
const longest = 96
/** Written anew for each comparison: making them would take longer than comparing. */
const rows = [new Uint8Array(longest), new Uint8Array(longest), new Uint8Array(longest)]

/** A piece of a sentence as it was written. */
export interface Scanned {
  text: string
  /** `mark` is a comma, a stop or a genitive; `quoted` has lost its quotes. */
  sort: 'word' | 'quoted' | 'mark'
}

const closingOf: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`', '“': '”', '‘': '’', '«': '»' }
const marks = new Set([',', ';', '.', '?', '!', ':', '(', ')'])
const isSpace = (c: string | undefined) => c === undefined || /\s/.test(c)

/**
 * Words, quoted texts and marks of a sentence, in one pass. A backslash is a character like others: Windows paths hold it.
 */
export function scan(sentence: string): Scanned[] {
  const found: Scanned[] = []
  /** Quotes that nothing closes any more: looked for once. */
  const unclosed = new Set<string>()
  let at = 0
  while (at < sentence.length) {
    const c = sentence[at]!
    if (isSpace(c)) at++
    else if (marks.has(c) && !isSpace(sentence[at + 1]) && c !== '.') at = mark(c, at)
    else if (closingOf[c] !== undefined && !unclosed.has(c)) {
      const end = closing(c, at + 1)
      if (end < 0) unclosed.add(c)
      else {
        found.push({ text: sentence.slice(at + 1, end), sort: 'quoted' })
        at = end + 1
      }
    } else at = word(at)
  }
  return found

  function mark(text: string, from: number): number {
    found.push({ text, sort: 'mark' })
    return from + 1
  }

  /** A closing quote stands before a space or a mark: `it's` has none. */
  function closing(quote: string, from: number): number {
    const wanted = closingOf[quote]!
    for (let end = sentence.indexOf(wanted, from); end >= 0; end = sentence.indexOf(wanted, end + 1)) {
      const next = sentence[end + 1]
      if (isSpace(next) || marks.has(next!)) return end
    }
    return -1
  }

  function word(from: number): number {
    let end = from
    while (!isSpace(sentence[end]) && sentence[end] !== ',' && sentence[end] !== ';') end++
    if (end === from) return mark(sentence[from]!, from)
    let last = end
    while (last > from + 1 && marks.has(sentence[last - 1]!)) last--
    const text = sentence.slice(from, last)
    const genitive = /['’]s$/.test(text) && !shortForms.has(text.toLowerCase().replace('’', "'"))
    found.push({ text: genitive ? text.slice(0, -2) : text, sort: marks.has(text) ? 'mark' : 'word' })
    if (genitive) found.push({ text: "'s", sort: 'mark' })
    for (const text of sentence.slice(last, end)) found.push({ text, sort: 'mark' })
    return end
  }
}

const shortForms = new Set(["it's", "that's", "what's", "let's", "who's", "where's", "how's", "there's", "here's"])

import type { SearchDocument } from './search-document.ts'
import { hitAt, type SearchQuery } from './search-query.ts'
import { wordsIn } from './search-text.ts'

/** About what fits on two lines of a terminal. */
const snippetCharacters = 160

/**
 * Where an asset answers a query: its name, or else the first other field with a hit, cut around the hit. HTML: hits in
 * `<mark>`, everything else escaped.
 */
export function highlight(query: SearchQuery, document: SearchDocument): string {
  const { name, otherNames, tags, keywords, description, body } = document
  for (const text of [name, otherNames.join(', '), tags.join(', '), keywords.join(', '), description, body]) {
    const spans = hitSpans(query, text)
    if (spans.length > 0) return markedSnippet(text, spans)
  }
  return escapeText(cut(name, 0))
}

interface Span {
  start: number
  end: number
}

function hitSpans(query: SearchQuery, text: string): Span[] {
  const places = wordsIn(text).flatMap((word) => word.terms.map((term) => ({ term, start: word.start, end: word.end })))
  const terms = places.map((place) => place.term)
  const spans: Span[] = []
  for (let i = 0; i < terms.length; i++)
    for (const alternative of query.clauses.flatMap((clause) => clause.alternatives))
      if (hitAt(alternative, terms, i) > 0)
        spans.push({ start: places[i]!.start, end: places[i + alternative.terms.length - 1]!.end })
  return joined(spans, text)
}

/** Spans that touch or have only white space between them become one. */
function joined(spans: readonly Span[], text: string): Span[] {
  const whole: Span[] = []
  for (const { start, end } of spans) {
    const last = whole.at(-1)
    if (last && (start <= last.end || text.slice(last.end, start).trim() === '')) last.end = Math.max(last.end, end)
    else whole.push({ start, end })
  }
  return whole
}

function markedSnippet(text: string, spans: readonly Span[]): string {
  const first = spans[0]!.start
  const from = text.length <= snippetCharacters ? 0 : wordStart(text, Math.max(0, first - snippetCharacters / 3))
  const snippet = cut(text, from)
  const to = from + snippet.length
  let html = from > 0 ? '…' : ''
  let at = from
  for (const { start, end } of spans) {
    if (start >= to) break
    html += `${escapeText(text.slice(at, start))}<mark>${escapeText(text.slice(start, Math.min(end, to)))}</mark>`
    at = Math.min(end, to)
  }
  return html + escapeText(text.slice(at, to)) + (to < text.length ? '…' : '')
}

/** A cut through a word or a surrogate pair would show half of it. */
function wordStart(text: string, near: number): number {
  const at = text.indexOf(' ', near)
  return at >= 0 && at - near < 30 ? at + 1 : startOfSign(text, Math.floor(near))
}

const startOfSign = (text: string, at: number) => (/[\udc00-\udfff]/.test(text[at] ?? '') ? at - 1 : at)

const cut = (text: string, from: number) => text.slice(from, startOfSign(text, Math.min(text.length, from + snippetCharacters)))

const escapeText = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** A highlight as plain text, with what stands in a mark put through `mark`. */
export function unmark(html: string, mark: (text: string) => string): string {
  const plain = (text: string) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')
  return html
    .split(/<mark>(.*?)<\/mark>/s)
    .map((text, i) => (i % 2 ? mark(plain(text)) : plain(text)))
    .join('')
}

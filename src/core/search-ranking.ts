import { fieldTexts, searchFields, type SearchDocument, type SearchField } from './search-document.ts'
import { hitAt, plainText, type Clause, type SearchQuery } from './search-query.ts'
import { termsIn } from './search-text.ts'

/** How much a field's hit is worth, for BM25 and for {@link scoreDocument}. */
export const fieldWeights: Readonly<Record<SearchField, number>> = {
  name: 10,
  tags: 6,
  keywords: 4,
  description: 2,
  body: 1,
}

/**
 * How well an asset answers a query, from 0: of each clause the best field counts, the others a little; a whole word more
 * than its beginning, a slip less than what was typed; an asset called exactly so, or tagged so, is lifted above the rest.
 * @param relevance - BM25 of the full text, positive; decides between equals
 */
export function scoreDocument(query: SearchQuery, document: SearchDocument, relevance: number): number {
  const texts = fieldTexts(document)
  const terms = searchFields.map((field) => ({ weight: fieldWeights[field], terms: texts[field] === '' ? [] : termsIn(texts[field]) }))
  let score = 0
  for (const clause of query.clauses) {
    let best = 0
    let sum = 0
    for (const field of terms) {
      const worth = field.weight * clauseQuality(clause, field.terms)
      sum += worth
      if (worth > best) best = worth
    }
    score += best + 0.1 * (sum - best)
  }
  const ownNames = [document.name, ...document.otherNames].map(plainText)
  if (ownNames.includes(query.text)) score += 40
  const tags = new Set(document.tags.map(plainText))
  score += 4 * query.items.filter((item) => tags.has(item)).length
  // Of two names that hold the words, the one that holds less besides.
  score += query.clauses.length / (query.clauses.length + termsIn(document.name).length)
  return score + relevance / (relevance + 10)
}

function clauseQuality(clause: Clause, terms: readonly string[]): number {
  let best = 0
  for (const alternative of clause.alternatives) {
    if (alternative.quality <= best) continue
    for (let i = 0; i < terms.length && best < alternative.quality; i++)
      best = Math.max(best, alternative.quality * hitAt(alternative, terms, i))
  }
  return best
}

/**
 * One order from several: reciprocal rank fusion, score = Σ 1 / (60 + rank), ranks from 1
 * (Cormack, Clarke and Büttcher 2009).
 */
export function fuseRanks<T>(lists: readonly (readonly T[])[]): { item: T; score: number }[] {
  const scores = new Map<T, number>()
  for (const list of lists)
    for (const [i, item] of list.entries()) scores.set(item, (scores.get(item) ?? 0) + 1 / (60 + i + 1))
  return [...scores].map(([item, score]) => ({ item, score })).sort((a, b) => b.score - a.score)
}

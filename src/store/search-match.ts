import type { Alternative, Clause, SearchQuery } from '../core/search-query.ts'
import { createVocabulary, type Vocabulary } from '../core/search-typos.ts'
import { fieldWeights } from '../core/search-ranking.ts'
import { searchFields, type SearchField } from '../core/search-document.ts'
import { idsOf } from './search-columns.ts'
import type { createStatements } from './statements.ts'

/** What the full text says to a query. */
export interface TextMatches {
  /** The query as it was met, with the spellings that were taken for what was typed. */
  query: SearchQuery
  /** Every document that answers; ascending unless the words were met in part only. */
  ids: Uint32Array
  /** The likeliest of them, best first, with their BM25, positive; 0 where it was not asked for. */
  likely: { id: number; relevance: number }[]
}

/** BM25 of more documents would cost more than all the rest; words that so many have tell little about any of them. */
const rankable = 800
/** Spellings that are tried in place of a word that no asset has. */
const mostSpellings = 6

/** Fields that are looked at alone, when too many documents answer, from the widest choice to the narrowest. */
const narrowings: readonly (readonly SearchField[])[] = [['name', 'tags'], ['name']]

const bm25 = `bm25(${searchFields.map((field) => fieldWeights[field].toFixed(1)).join(', ')})`

/** The full text of one database, for one revision of it. */
export function createTextMatcher(statements: ReturnType<typeof createStatements>) {
  let vocabulary: Vocabulary | undefined
  const readVocabulary = () => {
    const row = statements.prepare("SELECT group_concat(term, ' ') AS terms FROM search_terms").get() as { terms: string | null }
    return createVocabulary(row.terms?.split(' ') ?? [])
  }
  const matching = (expression: string) =>
    idsOf(statements.prepare('SELECT group_concat(rowid) AS ids FROM search_text WHERE search_text MATCH ?').get(expression))
  const isMet = (clause: Clause) =>
    statements.prepare('SELECT 1 FROM search_text WHERE search_text MATCH ? LIMIT 1').get(anyOf(clause)) !== undefined

  /** What a clause may have meant besides; the clause itself when nothing is near. */
  const withSpellings = (clause: Clause): Clause => {
    if (clause.isExact || clause.alternatives.length > 1) return clause
    const term = clause.alternatives[0]!.terms.at(-1)!
    const [, letters, digits] = /^(\D+)(\d+)$/.exec(term) ?? [undefined, term, undefined]
    vocabulary ??= readVocabulary()
    const spellings = vocabulary
      .meant(letters, mostSpellings)
      .map(({ term, slips }): Alternative => ({
        terms: digits === undefined ? [term] : [term, digits],
        isPrefix: false,
        quality: Math.max(0.2, 0.8 - 0.2 * slips),
      }))
    return { ...clause, alternatives: [...clause.alternatives, ...spellings] }
  }

  /** The documents that are likeliest to come first, best first; at most `most`. */
  const likeliest = (expression: string, ids: Uint32Array, mask: Uint8Array | undefined, query: SearchQuery, most: number) => {
    const found = new Map<number, number>()
    const take = (id: number, relevance: number) => {
      if (found.size < most && !found.has(id) && (!mask || mask[id] === 1)) found.set(id, relevance)
    }
    for (const { id } of statements.prepare('SELECT id FROM search_docs WHERE name = ? LIMIT ?').all(query.text, most) as { id: number }[])
      take(id, 0)
    const tiers = [{ expression, ids }]
    for (const fields of narrowings) {
      if (tiers[0]!.ids.length <= rankable) break
      const narrower = `{${fields.join(' ')}} : (${expression})`
      tiers.unshift({ expression: narrower, ids: matching(narrower) })
    }
    for (const tier of tiers) {
      if (found.size >= most) break
      if (tier.ids.length <= rankable) {
        const ranked = statements.prepare(
          `SELECT rowid AS id, rank FROM search_text WHERE search_text MATCH ? AND rank MATCH '${bm25}' ORDER BY rank${mask ? '' : ' LIMIT ?'}`,
        )
        for (const { id, rank } of ranked.iterate(tier.expression, ...(mask ? [] : [most])) as Iterable<{ id: number; rank: number }>) {
          take(id, -rank)
          if (found.size >= most) break
        }
      } else for (let i = tier.ids.length - 1; i >= 0 && found.size < most; i--) take(tier.ids[i]!, 0)
    }
    return [...found].map(([id, relevance]) => ({ id, relevance }))
  }

  /** Documents that have as many of the words as any has; a word that few have counts for more. */
  const matchSome = (query: SearchQuery, mask: Uint8Array | undefined, highestId: number, most: number): TextMatches => {
    const required = query.clauses.filter((clause) => clause.isExact)
    const single = query.clauses.filter((clause) => !clause.isExact).flatMap(singleTerms)
    const tried = single.map((clause) => (isMet(clause) ? clause : withSpellings(clause)))
    const met = { ...query, clauses: [...required, ...tried] }
    const counts = new Uint8Array(highestId + 1)
    const weights = new Float64Array(highestId + 1)
    for (const clause of tried) {
      const ids = matching([clause, ...required].map(anyOf).join(' AND '))
      const weight = Math.log(1 + highestId / (1 + ids.length))
      for (const id of ids) {
        if (mask && mask[id] === 0) continue
        counts[id]!++
        weights[id]! += weight
      }
    }
    let best = 0
    for (let id = 0; id <= highestId; id++) if (counts[id]! > best) best = counts[id]!
    const ids = new Uint32Array(highestId + 1)
    let total = 0
    for (let id = 0; id <= highestId && best > 0; id++) if (counts[id] === best) ids[total++] = id
    const found = ids.subarray(0, total)
    // There are few weights: one for each choice of the words.
    const distinct = new Set<number>()
    for (const id of found) distinct.add(weights[id]!)
    const likely: TextMatches['likely'] = []
    for (const relevance of [...distinct].sort((a, b) => b - a))
      for (let i = 0; i < total && likely.length < most; i++)
        if (weights[found[i]!] === relevance) likely.push({ id: found[i]!, relevance })
    return { query: met, ids: found, likely }
  }

  return {
    /**
     * All words as typed; else, where no asset has a word, what is a slip away from it; else every word with its
     * neighbours; else as many of the words as any asset has.
     * @param mask - 1 at the ids that pass the filters; nothing when all do
     * @param most - of the likely ones
     */
    match(typed: SearchQuery, mask: Uint8Array | undefined, highestId: number, most: number): TextMatches {
      if (typed.clauses.length === 0) return { query: typed, ids: new Uint32Array(), likely: [] }
      const asTyped = expressionOf(typed)
      const stages = [
        () => typed,
        () => ({ ...typed, clauses: typed.clauses.map((clause) => (isMet(clause) ? clause : withSpellings(clause))) }),
        () => ({ ...typed, clauses: typed.clauses.map(withSpellings) }),
      ]
      for (const stage of stages) {
        const query = stage()
        const expression = expressionOf(query)
        if (query !== typed && expression === asTyped) continue
        const all = matching(expression)
        if (all.length === 0) continue
        const ids = mask ? all.filter((id) => mask[id] === 1) : all
        return { query, ids, likely: ids.length === 0 ? [] : likeliest(expression, all, mask, query, most) }
      }
      return matchSome(typed, mask, highestId, most)
    },
  }
}

/** A run of an unspaced script, pair by pair; other clauses as they are. */
function singleTerms(clause: Clause): Clause[] {
  const [first] = clause.alternatives
  if (clause.alternatives.length > 1 || first!.terms.length === 1) return [clause]
  return first!.terms.map((term) => ({ ...clause, text: term, alternatives: [{ ...first!, terms: [term] }] }))
}

const expressionOf = (query: SearchQuery) => query.clauses.map(anyOf).join(' AND ')

const anyOf = (clause: Clause) => `(${clause.alternatives.map(phrase).join(' OR ')})`

/** Quoted, so that no word of a person is an operator of the full text. */
const phrase = ({ terms, isPrefix }: Alternative) => `"${terms.join(' ').replaceAll('"', '""')}"${isPrefix ? ' *' : ''}`

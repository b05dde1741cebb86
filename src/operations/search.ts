import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { facetNames } from '../core/search-document.ts'
import { highlight, unmark } from '../core/search-highlight.ts'
import { emphasized } from './emphasis.ts'
import { filterShape, filtersOf } from './asset-filters.ts'
import { defineOperation } from './operation.ts'
import { table } from './table.ts'

const embeddingNotPaid = defineError('EMBEDDING_UNPAID', {
  summary: 'A search by meaning would cost money, and whoever asked has neither a budget nor the say.',
  message: () => 'A search by meaning is paid for here, and there is no budget.',
  hint: () => 'Set budget: { monthlyUsd: … } in the options, or search by words.',
  exit: 3,
})

export default defineOperation({
  input: z.strictObject({
    query: z
      .union([z.array(z.string()), z.string().transform((text) => [text])])
      .default([])
      .describe('Words, "phrases in quotes", or tags with commas. Typos are forgiven; any text is allowed.'),
    ...filterShape,
    limit: z.number().int().min(1).max(1000).default(20).describe('Most results.'),
    semantic: z
      .boolean()
      .default(false)
      .describe('Search by meaning, too. Sends texts to the embedder that the options name.'),
  }),
  output: z.object({
    total: z.number().int().describe('All that match, whatever the limit.'),
    results: z.array(
      z.object({
        ref: z.string(),
        name: z.string(),
        kind: z.string(),
        score: z.number().describe('Higher is better; comparable within one search.'),
        highlight: z.string().describe('HTML: where it matches, hits in <mark>, the rest escaped.'),
      }),
    ),
    facets: z
      .record(z.enum(facetNames), z.array(z.object({ value: z.string(), count: z.number().int() })))
      .describe('Of all that match: values with counts, most first.'),
    semantic: z
      .object({ embedder: z.string(), textsSent: z.number().int() })
      .optional()
      .describe('Who embedded, and how many texts were sent; the query is one.'),
  }),
  positional: ['query'],
  effect: 'read',
  example: 'assetloom search "hero, minimal" --kind image',
  async run(input, { workspace, signal, progress, paysWithoutBudget }) {
    const { budget, search: configured } = workspace.options
    const isPaid = configured.embedder !== undefined && 'usdPerMillionTokens' in configured.embedder && configured.embedder.usdPerMillionTokens !== 0
    if (input.semantic && isPaid && !budget && !paysWithoutBudget) throw embeddingNotPaid({})
    const search = await workspace.search()
    const text = input.query.join(' ')
    const wanted = { filters: await filtersOf(input, workspace), limit: input.limit }
    const found = input.semantic
      ? await search.byMeaning(text, { ...wanted, signal, progress })
      : { ...search.byWords(text, wanted), semantic: undefined }
    return {
      total: found.total,
      results: found.hits.map(({ document, score }) => ({
        ref: document.ref,
        name: document.name,
        kind: document.kind,
        score: Number(score.toFixed(4)),
        highlight: highlight(found.query, document),
      })),
      facets: found.facets,
      ...(found.semantic && { semantic: found.semantic }),
    }
  },
  present({ total, results, facets, semantic }, { query }) {
    const sent = semantic ? [`${semantic.textsSent} texts were sent to ${semantic.embedder}.`] : []
    if (total === 0)
      return [
        query.join('').trim() === '' ? 'Nothing to search for. assetloom filter lists by tags, kind, …' : 'Nothing found.',
        ...sent,
      ].join('\n')
    const kinds = facets.kind.map(({ value, count }) => `${value} ${count}`).join(', ')
    return [
      ...table(results.map(({ ref, kind, highlight }) => [ref, kind, unmark(highlight, emphasized).replace(/\s+/g, ' ')])),
      `${results.length < total ? `${results.length} of ${total}` : total} found (${kinds})`,
      ...sent,
    ].join('\n')
  },
})

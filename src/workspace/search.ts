import { defineError } from '../core/errors.ts'
import type { SearchFilters } from '../core/search-filters.ts'
import type { Log, Progress } from '../core/ports.ts'
import type { Redactor } from '../core/redact.ts'
import { parseSearch } from '../core/search-query.ts'
import { guardEmbedder, type GuardedEmbedder } from '../generators/define-embedder.ts'
import { createEndpointEmbedder, isOpenaiURL } from '../generators/endpoint-embedder.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Ledger } from '../store/ledger.ts'
import type { ManifestIndex } from '../store/manifest-index.ts'
import { createSearchIndex, type SearchFacets, type SearchIndex, type SearchResult } from '../store/search-index.ts'
import type { StateDb } from '../store/state-db.ts'
import { bookEmbeddings } from './embedding-costs.ts'

export type { SearchFacets }

const embedderMissing = defineError('EMBEDDER_MISSING', {
  summary: 'Semantic search was asked for, and the options name no embedder.',
  message: () => 'Semantic search needs an embedder, and the options name none.',
  hint: () =>
    'Set search: { embedder: { baseURL, apiKey, model } } in assetloom.config.ts, or defineEmbedder({ … }); docs/search.md shows both. Leave --semantic out to search by words.',
  exit: 2,
})

/** What may be asked of the assets as a whole. */
export interface WorkspaceSearch {
  /** @param input.limit - most hits */
  byWords(query: string, input: { filters: SearchFilters; limit: number }): SearchResult
  /**
   * By words and by meaning. Texts of assets that changed since they were embedded are sent first, then the query.
   * @throws EMBEDDER_MISSING, EMBEDDER_FAILED, BUDGET_EXCEEDED
   */
  byMeaning(
    query: string,
    input: { filters: SearchFilters; limit: number; signal: AbortSignal; progress: Progress },
  ): Promise<SearchResult & { semantic: { embedder: string; textsSent: number } }>
  /** Refs of all assets that pass, sorted. */
  filter(filters: SearchFilters): { refs: string[]; facets: SearchFacets }
  /** Make the index anew. */
  rebuild(): { indexed: number }
  /** The index as a part of the cache. */
  readonly upkeep: Pick<SearchIndex, 'measure' | 'verify' | 'forget' | 'drop' | 'optimize'>
}

export function createWorkspaceSearch(input: {
  state: StateDb
  index: ManifestIndex
  onStateFault(error: unknown): void
  options: ResolvedOptions
  redact: Redactor
  log: Log
  runId: string
  ledger(): Ledger
}): WorkspaceSearch {
  const { log } = input
  const index = createSearchIndex(input)

  const embedder = (): GuardedEmbedder => {
    const configured = input.options.search.embedder
    if (!configured) throw embedderMissing({})
    if ('embed' in configured) return guardEmbedder(configured, input.redact)
    const apiKey = configured.apiKey ?? (isOpenaiURL(configured.baseURL) ? input.options.keys.OPENAI_API_KEY : undefined)
    let tokens: number | undefined
    const endpoint = createEndpointEmbedder({ ...configured, apiKey }, (used) => (tokens = used))
    const guarded = guardEmbedder(endpoint, input.redact)
    const { model, usdPerMillionTokens } = configured
    if (usdPerMillionTokens === undefined) return guarded
    const { runId, options: { budget } } = input
    return bookEmbeddings(guarded, { ledger: input.ledger(), budget, runId, model, usdPerMillionTokens, tokensOf: () => tokens })
  }

  return {
    byWords: (query, { filters, limit }) => index.search(parseSearch(query), { filters, limit }),
    async byMeaning(query, { filters, limit, signal, progress }) {
      const { id, batchSize, embed } = embedder()
      const parsed = parseSearch(query)
      if (parsed.text === '') return { ...index.search(parsed, { filters, limit }), semantic: { embedder: id, textsSent: 0 } }
      const [vector] = await embed([query.slice(0, 8000)], signal)
      const texts = index.unembedded(id, vector!.length)
      if (texts.length > 0)
        log.write({
          event: 'TEXTS_EMBEDDED',
          level: 'info',
          subsystem: 'search',
          message: `Sending ${texts.length} texts to the embedder ${id}.`,
        })
      progress.start(texts.length, 'embedding')
      for (let i = 0; i < texts.length; i += batchSize) {
        const batch = texts.slice(i, i + batchSize)
        const vectors = await embed(batch.map(({ text }) => text), signal)
        // Kept batch by batch: what was paid for stays when the next call fails.
        index.keepEmbeddings(id, vectors.map((one, k) => ({ digest: batch[k]!.digest, vector: one })))
        progress.advance(batch.length)
      }
      progress.stop()
      const found = index.search(parsed, { filters, limit, semantic: { model: id, vector: vector! } })
      return { ...found, semantic: { embedder: id, textsSent: texts.length + 1 } }
    },
    filter: (filters) => index.filter(filters),
    rebuild: () => index.rebuild(),
    upkeep: index,
  }
}

import * as z from 'zod'
import type { Embedder } from '../core/ports.ts'
import { keyed } from './endpoint-schema.ts'

/** An endpoint that speaks as OpenAI's /embeddings does. */
export const embeddingEndpoint = z.strictObject({
  ...keyed,
  model: z.string().min(1),
  dimensions: z.number().int().min(1).max(16_384).optional(),
  batchSize: z.number().int().min(1).max(2048).default(64),
  timeoutMs: z.number().int().min(1).default(60_000),
  usdPerMillionTokens: z.number().min(0).max(1_000_000).optional(),
})
export type EmbeddingEndpoint = z.output<typeof embeddingEndpoint>

export function isEmbedder(value: unknown): boolean {
  const embedder = value as Partial<Embedder> | null
  return typeof embedder === 'object' && embedder !== null && typeof embedder.id === 'string' && typeof embedder.embed === 'function'
}

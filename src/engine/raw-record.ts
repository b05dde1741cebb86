import type { MicroUsd } from '../core/cost.ts'
import type { MediaBytes } from '../core/media.ts'

/** What is known of the raw answers of one job; the bytes rest as blobs under their digests. */
export interface RawRecord {
  hashes: string[]
  mediaTypes: string[]
  provider: string
  model?: string
  costMicroUsd: MicroUsd
  seed?: number
  revisedPrompt?: string
  licenseNote?: string
  /** ISO time. */
  generated: string
  meta?: Record<string, unknown>
}

/** Raw answers with their bytes. */
export interface RawAnswers {
  record: RawRecord
  outputs: MediaBytes[]
}

export function answersOf(record: RawRecord, blobs: readonly Uint8Array[]): RawAnswers {
  return {
    record,
    outputs: blobs.map((bytes, i) => ({ bytes, mediaType: record.mediaTypes[i] ?? 'application/octet-stream' })),
  }
}

/** The answers of several calls of one job as one. */
export function joinAnswers(parts: readonly RawAnswers[]): RawAnswers {
  const first = parts[0]!
  if (parts.length === 1) return first
  return {
    record: {
      ...first.record,
      hashes: parts.flatMap((part) => part.record.hashes),
      mediaTypes: parts.flatMap((part) => part.record.mediaTypes),
      costMicroUsd: parts.reduce((sum, part) => sum + part.record.costMicroUsd, 0),
    },
    outputs: parts.flatMap((part) => part.outputs),
  }
}

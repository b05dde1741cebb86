import { digestOf } from './digest.ts'

export const generationTypes = ['image', 'audio', 'music', 'speech', 'text'] as const
export type GenerationType = (typeof generationTypes)[number]

/** What a provider needs to know to make one asset; everything here reaches the job key. */
export interface JobRequest {
  type: GenerationType
  /** The prompt as sent: base, style and template text, filled. */
  prompt: string
  negative?: string
  /** A local recipe by name. */
  recipe?: string
  model?: string
  /** Asked size of a picture. */
  widthPx?: number
  heightPx?: number
  /** Asked length of a sound, in seconds. */
  durationSeconds?: number
  /** The picture needs transparency; said only to a provider that makes it on request. */
  alpha?: boolean
  quality?: string
  voice?: string
  seed?: number
  /** How many variations to make, ≥ 1. */
  variations: number
  /** Provider-specific parameters, as the spec gives them. */
  parameters: Record<string, unknown>
}

/** Bytes given to the provider as input. */
export interface Reference {
  /** Relative to the project, for messages only; not in the key. */
  path: string
  /** A mask says where the first reference may be changed. */
  role: 'reference' | 'mask'
  /** `sha256:…` */
  hash: string
  read(): Promise<Uint8Array>
}

/** One spec instance to be made. */
export interface Job {
  /** Digest of everything that determines the raw bytes. */
  key: string
  /** The spec's id, with the matrix place when expanded. For messages and the ledger. */
  specId: string
  provider: string
  request: JobRequest
  references: Reference[]
}

/** Bump when the meaning of a raw key changes. */
const rawKeyFormat = 1

/** Digest of everything that determines the raw bytes. No path and no time has a part in it. */
export function jobKey(input: {
  request: JobRequest
  provider: string
  providerVersion: number
  referenceHashes: readonly string[]
}): string {
  return digestOf({ format: rawKeyFormat, ...input })
}

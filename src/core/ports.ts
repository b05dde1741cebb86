import type { ZodType } from 'zod'
import type { MicroUsd } from './cost.ts'
import type { GenerationType, Job, JobRequest } from './job.ts'
import type { MediaBytes, Picture, Sound } from './media.ts'
import type { Random } from './random.ts'

/* ── providers: what makes raw bytes ───────────────────────────────────────── */

/** Both included. */
export interface DurationBounds {
  minSeconds: number
  maxSeconds: number
}

export interface ProviderCapabilities {
  types: readonly GenerationType[]
  /** Pictures: any size within these bounds, unless `sizes` lists the only ones. */
  maxWidthPx?: number
  maxHeightPx?: number
  sizes?: readonly `${number}x${number}`[]
  /** Whether its pictures can be transparent: of themselves, or only where `request.alpha` asks for it. */
  alpha?: boolean | 'on-request'
  /** Seconds. */
  minDurationSeconds?: number
  maxDurationSeconds?: number
  /** Bounds of single types, in place of those two. */
  durations?: Readonly<Partial<Record<GenerationType, DurationBounds>>>
  /** References (image inputs) it accepts; 0 or absent means none. */
  references?: number
  /** Most outputs of one call. */
  variationsPerCall?: number
}

export interface Availability {
  available: boolean
  /** Why not, in words for a person; never a secret. */
  reason?: string
}

export interface GenerationContext {
  signal: AbortSignal
  /** 0…1 where the provider reports it. */
  onProgress?(fraction: number): void
  /**
   * For what stands around a provider: its answer is there, and is looked at when this ends. Nothing a provider itself
   * tells.
   */
  onAnswered?(): Promise<void>
}

export interface Generation {
  /** One per variation, ≥ 1. */
  outputs: MediaBytes[]
  costMicroUsd: MicroUsd
  seed?: number
  revisedPrompt?: string
  /** What the licence of the model says of using what it makes, where that is less than everything. */
  licenseNote?: string
  /** Model that answered. */
  model?: string
  /** Further facts for the manifest and the ledger; JSON, no secrets. */
  meta?: Record<string, unknown>
}

export interface Provider {
  id: string
  /** Adapter version: bump when the same job would give other bytes. Part of the job key. */
  version: number
  capabilities: ProviderCapabilities
  /** True when making something costs nothing whatever its size. */
  free: boolean
  /** How many calls may run at once. */
  concurrency: number
  /** A call without an answer after this long is given up. @default 300000 */
  timeoutMs?: number
  /** The model that is used when a spec names none. Part of the job key. */
  defaultModel?(request: JobRequest): string | undefined
  isAvailable(): Availability
  /**
   * Refuse what could only be refused: a parameter that the model does not have, a size that it does not make. Called
   * before every quote; sends nothing.
   * @throws ProviderFailure of kind `rejected`, naming what is allowed
   */
  check?(job: Job): void
  /** The price before the call. @throws PRICE_UNKNOWN when no table and no option has it */
  quote(job: Job): MicroUsd
  /** @throws ProviderFailure (see provider-failure.ts) for every refused or broken call */
  generate(job: Job, context: GenerationContext): Promise<Generation>
}

/* ── processors: one post-processing step ──────────────────────────────────── */

/** A file to be written at the end of the chain. */
export interface Encoding {
  /** Extension without dot: png, webp, mp3, … */
  format: string
  /** Resolved encoder options. */
  options: Record<string, unknown>
}

/** One measured fact of a `validate` step, kept for the quality score. */
export interface CheckResult {
  check: string
  ok: boolean
  measured: string | number | boolean
  bound: string | number | boolean
}

/** What a step receives and returns; steps never change their input in place. */
export interface Processing<M extends Picture | Sound> {
  media: M
  /** Every variation decoded, the chosen one included, each as far processed as `media`; read by `sprite-sheet`. */
  variations: readonly M[]
  /** Size that the last `resize` made; `dimensions_match` compares with it. */
  resizedTo?: { widthPx: number; heightPx: number }
  /** What `convert`/`optimize` asked for; empty keeps the format the asset has. */
  encodings: readonly Encoding[]
  /** Further files, e.g. the JSON atlas of a sprite sheet. `name` is a suffix such as `.atlas.json`. */
  extras: readonly (MediaBytes & { name: string })[]
  checks: readonly CheckResult[]
}

export interface ProcessorContext {
  /** A file named by a step (a composite layer, a palette), already confined to the project. */
  readFile(path: string): Promise<Uint8Array>
  /** The design-token palette or other list a step names by ref; colours as `#RRGGBB`. */
  colorsOf(ref: string): Promise<string[]>
  /** The bytes the current state would be written as, first encoding first. */
  encode(): Promise<MediaBytes[]>
  random(seed: string): Random
}

interface ProcessorBase<M extends Picture | Sound, O> {
  /** `action` in the spec. */
  action: string
  /** Bump when the same options give other bytes. Part of the derived key. */
  version: number
  summary: string
  /** The step without `action`; strict: an unknown field is refused. */
  options: ZodType<O>
  /** Files that the step reads; their digests enter the derived key. */
  inputs?(options: O): string[]
  /** Refs whose colours the step takes; the colours enter the derived key. */
  colorRefs?(options: O): string[]
  run(state: Processing<M>, options: O, context: ProcessorContext): Promise<Processing<M>>
}

export interface ImageProcessor<O = never> extends ProcessorBase<Picture, O> {
  media: 'image'
}
export interface AudioProcessor<O = never> extends ProcessorBase<Sound, O> {
  media: 'audio'
}
// A table holds processors of many option types; `run` is only ever called with what its own schema parsed.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Processor = ImageProcessor<any> | AudioProcessor<any>

/* ── observability ─────────────────────────────────────────────────────────── */

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** One structured event. `event` is a SCREAMING_SNAKE name such as `ASSET_GENERATION_START`. */
export interface LogEvent {
  event: string
  level: LogLevel
  subsystem: string
  message: string
  hint?: string
  [fact: string]: unknown
}

export interface Log {
  write(event: LogEvent): void
}

export interface Progress {
  /** Announce a piece of long work. */
  start(total: number, label: string): void
  /** @param done - finished since the last word; 0 where only the label is news */
  advance(done: number, label?: string): void
  stop(): void
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
}

/* ── embedders: what turns texts into vectors, for semantic search ─────────── */

export interface Embedder {
  /** Names the model and its settings: vectors under different ids are never compared. */
  id: string
  /** Most texts of one call. @default 64 */
  batchSize?: number
  /** A call without an answer after this long is given up. @default 60000 */
  timeoutMs?: number
  /** One vector per text, in order, all of one length. */
  embed(texts: readonly string[], context: { signal: AbortSignal }): Promise<readonly ArrayLike<number>[]>
}

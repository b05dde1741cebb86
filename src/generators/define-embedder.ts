import * as z from 'zod'
import { defineError, isAssetloomError } from '../core/errors.ts'
import type { Embedder } from '../core/ports.ts'
import type { Redactor } from '../core/redact.ts'

const embedderInvalid = defineError('EMBEDDER_INVALID', {
  summary: 'An embedder given to defineEmbedder lacks a member or has a wrong one.',
  message: (d: { id: string; problems: string[] }) => `The embedder ${d.id} cannot be used: ${d.problems.join('; ')}.`,
  hint: () => 'docs/search.md describes the members of an embedder.',
  exit: 2,
})

export const embedderFailed = defineError('EMBEDDER_FAILED', {
  summary: 'The embedder of semantic search refused, broke or gave something that is no embedding.',
  message: (d: { embedder: string; why: string; hint?: string | undefined }) =>
    `The embedder ${d.embedder} did not answer the search: ${d.why}.`,
  hint: (d) =>
    d.hint ?? 'What was embedded so far is kept: run the command again. Search without --semantic needs no embedder.',
  http: 502,
})

const embedderSchema = z.strictObject({
  id: z.string().min(1),
  batchSize: z.number().int().min(1).optional(),
  timeoutMs: z.number().int().min(1).optional(),
  embed: z.custom<Embedder['embed']>((value) => typeof value === 'function', 'must be a function'),
})

/**
 * Check an embedder of a project's own; it stands in the options as `search: { embedder: defineEmbedder({ … }) }`.
 * @throws EMBEDDER_INVALID naming each wrong member
 */
export function defineEmbedder(definition: Embedder): Embedder {
  const parsed = embedderSchema.safeParse(definition)
  if (parsed.success) return definition
  const problems = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `there is no member ${issue.keys.join(', ')}; members are ${Object.keys(embedderSchema.shape).join(', ')}`
      : `${issue.path.map(String).join('.') || 'it'}: ${issue.message}`,
  )
  throw embedderInvalid({ id: String((definition as { id?: unknown } | null)?.id ?? '(without id)'), problems })
}

/** An embedder behind which nothing hangs, nothing holds a secret and every vector is one. */
export interface GuardedEmbedder {
  readonly id: string
  readonly batchSize: number
  /** @throws EMBEDDER_FAILED */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]>
}

export function guardEmbedder(embedder: Embedder, redact: Redactor): GuardedEmbedder {
  const id = redact.text(embedder.id)
  const timeoutMs = embedder.timeoutMs ?? 60_000
  return {
    id,
    batchSize: embedder.batchSize ?? 64,
    async embed(texts, signal) {
      const timeout = AbortSignal.timeout(timeoutMs)
      const both = AbortSignal.any([signal, timeout])
      let answer: unknown
      try {
        // An embedder may not listen to the signal.
        answer = await Promise.race([embedder.embed(texts, { signal: both }), aborted(both)])
      } catch (thrown) {
        signal.throwIfAborted()
        if (timeout.aborted) throw embedderFailed({ embedder: id, why: `no answer came within ${timeoutMs / 1000} s` })
        const error = redact.error(thrown)
        if (isAssetloomError(error)) throw error
        throw embedderFailed({ embedder: id, why: error instanceof Error ? error.message : String(error) }, { cause: error })
      }
      return checkedVectors(id, texts.length, answer)
    },
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, fail) => {
    if (signal.aborted) fail(signal.reason as Error)
    signal.addEventListener('abort', () => fail(signal.reason as Error), { once: true })
  })
}

function checkedVectors(embedder: string, count: number, answer: unknown): Float32Array[] {
  const broken = (why: string) => embedderFailed({ embedder, why })
  if (!Array.isArray(answer) || answer.length !== count)
    throw broken(`${count} texts were sent and ${Array.isArray(answer) ? answer.length : 'no list of'} vectors came back`)
  const vectors = answer.map((one: unknown) => {
    const isList = Array.isArray(one) || ArrayBuffer.isView(one)
    const vector = isList ? Float32Array.from(one as ArrayLike<number>) : new Float32Array()
    if (vector.length === 0 || !vector.every(Number.isFinite)) throw broken('what came back is no list of numbers')
    if (vector.every((value) => value === 0)) throw broken('a vector is all zeros')
    return vector
  })
  if (vectors.some((vector) => vector.length !== vectors[0]!.length)) throw broken('the vectors differ in length')
  return vectors
}

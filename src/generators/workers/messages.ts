import { isMarkedAsUntransferable } from 'node:worker_threads'
import { AssetloomError, isAssetloomError, type ErrorDefinition, type ErrorLocation } from '../../core/errors.ts'

/* What a worker thread and its owner say to each other. A worker does one task at a time. */

export type ToWorker =
  | { type: 'task'; name: string; input: unknown; hostNames: string[] }
  | { type: 'answer'; call: number; outcome: Outcome }
  | { type: 'end' }

export type FromWorker =
  | { type: 'call'; call: number; name: string; args: unknown[] }
  | { type: 'done'; outcome: Outcome }

export type Outcome = { value: unknown } | { failure: Failure }

/** A thrown value: structured cloning would make a plain Error of ours and lose its code. */
type Failure =
  | { kind: 'ours'; definition: ErrorDefinition; facts: FailureFacts; cause: string | undefined }
  | { kind: 'other'; name: string; message: string; stack: string | undefined }

interface FailureFacts {
  message: string
  hint: string | undefined
  location: ErrorLocation | undefined
  details: Record<string, unknown> | undefined
}

export async function outcomeOf(work: () => unknown): Promise<Outcome> {
  try {
    return { value: await work() }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}

/** The value of an outcome, or its failure thrown: an AssetloomError is one again. */
export function settle(outcome: Outcome): unknown {
  if ('value' in outcome) return outcome.value
  const { failure } = outcome
  if (failure.kind === 'ours') throw new AssetloomError(failure.definition, { ...failure.facts, cause: failure.cause })
  throw Object.assign(new Error(failure.message), { name: failure.name, stack: failure.stack })
}

export function failureOf(thrown: unknown): Failure {
  if (!isAssetloomError(thrown)) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    return { kind: 'other', name: error.name, message: error.message, stack: error.stack }
  }
  const { code, exit, http, message, hint, location, details, cause } = thrown
  return {
    kind: 'ours',
    definition: { code, exit, http, summary: '' },
    facts: { message, hint, location, details: details && { ...details } },
    cause: cause === undefined ? undefined : String(cause instanceof Error ? cause.message : cause),
  }
}

/** Memory that a message can hand over instead of copying: whole buffers of the byte arrays in a value. */
export function buffersIn(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value
    // A part of a larger buffer (Node's pool, a WebAssembly memory) would take the rest along.
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !isMarkedAsUntransferable(buffer))
      found.add(buffer)
  } else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) buffersIn(one, found)
  return found
}

/** Exit codes of the CLI; an error knows its own. 130: stopped by a signal, as shells have it. */
export type ExitCode = 1 | 2 | 3 | 4 | 5 | 130

export interface ErrorFace {
  exit: ExitCode
  http: number
}

export interface ErrorDefinition extends ErrorFace {
  code: string
  /** One sentence for the generated error table. */
  summary: string
}

export interface ErrorLocation {
  file?: string
  /** 1-based. */
  line?: number
  /** 1-based. */
  column?: number
}

/** The one error that leaves Assetloom: a permanent code, what happened, what to do. */
export class AssetloomError extends Error {
  override readonly name = 'AssetloomError'
  readonly code: string
  readonly hint: string | undefined
  readonly exit: ExitCode
  readonly http: number
  readonly location: ErrorLocation | undefined
  /** Machine-readable facts; never secrets. */
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(
    definition: Pick<ErrorDefinition, 'code' | 'exit' | 'http'>,
    init: {
      message: string
      hint?: string | undefined
      cause?: unknown
      location?: ErrorLocation | undefined
      details?: Record<string, unknown> | undefined
    },
  ) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.code = definition.code
    this.hint = init.hint
    this.exit = definition.exit
    this.http = definition.http
    this.location = init.location
    this.details = init.details
  }

  toJSON() {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint && { hint: this.hint }),
      ...(this.location && { location: this.location }),
      ...(this.details && { details: this.details }),
    }
  }
}

export interface ErrorContext {
  cause?: unknown
  location?: ErrorLocation | undefined
  details?: Record<string, unknown> | undefined
}

const definitions = new Map<string, ErrorDefinition>()

/** What a budget refuses wants payment; what is stale or in conflict is a conflict; the rest is a bad request. */
const httpOfExit: Readonly<Record<ExitCode, number>> = { 1: 400, 2: 400, 3: 402, 4: 409, 5: 409, 130: 400 }

/**
 * Define an error beside what throws it.
 *
 * @example
 * const fileMissing = defineError('FILE_MISSING', {
 *   summary: 'A named file does not exist.',
 *   message: (d: { file: string }) => `There is no file ${d.file}.`,
 *   hint: () => 'Check the path.',
 * })
 * throw fileMissing({ file })
 */
export function defineError<D>(
  code: string,
  spec: {
    summary: string
    message: (data: D) => string
    hint?: (data: D) => string | undefined
    exit?: ExitCode
    http?: number
  },
): (data: D, context?: ErrorContext) => AssetloomError {
  const definition: ErrorDefinition = {
    code,
    summary: spec.summary,
    exit: spec.exit ?? 1,
    http: spec.http ?? httpOfExit[spec.exit ?? 1],
  }
  if (definitions.has(code)) throw new Error(`Error code ${code} is defined twice.`)
  definitions.set(code, definition)
  return (data, context) =>
    new AssetloomError(definition, { message: spec.message(data), hint: spec.hint?.(data), ...context })
}

/** Every defined error, sorted by code; the source of docs/errors.md. */
export function errorTable(): ErrorDefinition[] {
  return [...definitions.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}

export function isAssetloomError(value: unknown): value is AssetloomError {
  return value instanceof AssetloomError
}

/** The same error with another advice. */
export function withHint(error: AssetloomError, hint: string): AssetloomError {
  const { message, cause, location, details } = error
  return new AssetloomError(error, { message, hint, cause, location, details: details && { ...details } })
}

const unexpected = defineError('UNEXPECTED', {
  summary: 'A fault that Assetloom did not foresee.',
  message: (d: { message: string }) => d.message,
  hint: () => 'Run again with --log-level debug and report it with the output.',
  http: 500,
})

/** Any thrown value as an AssetloomError; what is one already stays itself. */
export function toAssetloomError(value: unknown): AssetloomError {
  if (isAssetloomError(value)) return value
  const message = value instanceof Error ? value.message : String(value)
  return unexpected({ message }, { cause: value })
}

/* What a program's process is told and what it answers; see program-process.ts. */

/** The order, as one JSON document on its standard input. */
export interface ProgramOrder {
  /** File URL of a module that exports `execute`. */
  entry: string
  input: unknown
  timeLimitMs: number
  memoryLimitBytes: number
  /** Within `folder`, files (URLs) that it may load; absent: all. */
  confined?: { folder: string; files: readonly string[] }
}

/** The answers, a JSON document a line each, on file descriptor 3. */
export type ProgramAnswer =
  /** `json` is what `execute` gave. */
  | { type: 'done'; json: string }
  /** What `execute` gave is nothing that JSON can hold. */
  | { type: 'unfit'; problem: string }
  | { type: 'failed'; during: 'load' | 'run'; name: string; message: string; code: string | undefined; stack: string }
  | { type: 'stopped'; because: LimitReached }

export type LimitReached = 'time' | 'memory' | 'orphaned'

/** File descriptor of the answers. */
export const answerDescriptor = 3

/** Longer results are refused, in characters of JSON. */
export const maxResultCharacters = 64 * 1024 * 1024

/** Exit code of a process that has no answer and nothing left to wait for; Node's own for such a module. */
export const waitsForNothing = 13

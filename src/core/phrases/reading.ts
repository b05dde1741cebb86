/** One operation with what it is given. */
export interface Call {
  operation: string
  input: Record<string, unknown>
}

/** What a sentence was understood as. */
export type Reading =
  | { kind: 'calls'; calls: Call[] }
  /** `near` names the operations that it might have meant, nearest first. */
  | { kind: 'unclear'; near: string[] }

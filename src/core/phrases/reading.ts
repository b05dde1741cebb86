/** One operation with what it is given. */
export interface Call {
  operation: string
  input: Record<string, unknown>
}

/** What a sentence was understood as. */
export type Reading =
  /** `isPreview`: only what they would do is asked. */
  | { kind: 'calls'; calls: Call[]; isPreview?: boolean }
  /** Values are missing that the operation cannot do without, in the order in which they are asked for. */
  | (Call & { kind: 'missing'; members: string[] })
  /** One asset is wanted, and several fit. */
  | (Call & { kind: 'choice'; member: string; refs: string[] })
  /** The sentence says what is not to be done, or asks about it. */
  | { kind: 'nothing'; because: 'negated' | 'asked' }
  /** Described assets of which there are none. */
  | { kind: 'unmatched'; operation: string }
  /** `near` names the operations that it might have meant, nearest first; `strange` the words that nothing is known of. */
  | { kind: 'unclear'; near: string[]; strange: string[] }
  | { kind: 'help' }
  | { kind: 'leave' }

import type { Writable } from 'node:stream'
import type { z } from 'zod'
import type { CommandShape } from '../../operations/operation.ts'
import type { Workspace } from '../../workspace.ts'

export interface FaceContext {
  workspace: Workspace
  /** Ends the face; what is in work is finished or given up cleanly. */
  signal: AbortSignal
  /** The one thing that stands on stdout: where others reach it. With --json the data, else the text. */
  announce(data: object, text: string): void
  /** Of a face that speaks there. */
  stdout: Writable
}

/** A command that stays until it is stopped and lets others run the operations. */
export interface Face<I extends z.ZodObject = z.ZodObject> extends CommandShape<I> {
  /** What it says on stdout is a protocol: nobody else may write there. */
  speaksOnStdout?: true
  /** Settles when the signal or the other side has ended it. */
  serve(input: z.output<I>, context: FaceContext): Promise<void>
}

export const defineFace = <I extends z.ZodObject>(face: Face<I>): Face<I> => face

import type { z } from 'zod'
import type { MicroUsd } from '../core/cost.ts'
import { isAssetloomError, type AssetloomError } from '../core/errors.ts'
import type { Entry } from '../core/manifest.ts'
import type { Progress } from '../core/ports.ts'
import type { Workspace } from '../workspace.ts'

/** A word of long work to whoever follows it. */
export type WorkEvent =
  | { type: 'planned'; jobs: number; quoteMicroUsd: MicroUsd }
  /** `job` is a row of the output to come. */
  | { type: 'job'; job: Readonly<Record<string, unknown>>; spentMicroUsd: MicroUsd }

export interface OperationContext {
  workspace: Workspace
  signal: AbortSignal
  progress: Progress
  /**
   * Ask a person; false when there is nobody to ask.
   * @param preset - what Enter alone answers: no for what costs money or cannot be undone
   * @param shown - what a person reads before the answer, and also where the answer was given beforehand
   */
  confirm(question: string, preset: 'yes' | 'no', shown?: string): Promise<boolean>
  /** Let a person choose one of several; nothing when they leave. Absent means that there is nobody to ask. */
  choose?(question: string, choices: readonly { value: string; label: string }[]): Promise<string | undefined>
  /** Sees what long work has come to, beside its progress. Absent: nobody looks. */
  onEvent?(event: WorkEvent): void
  /** Sees, line by line, what programs that are run write to their own output, and what was done before one runs. Absent: nobody reads it. */
  echo?(line: string): void
  /** The whole of the standard input, for a file that is named `-`. Absent: there is none. */
  readStandardInput?(): Promise<string>
  /** Every question is answered with yes beforehand. Absent means no. */
  saysYes?: boolean
  /** A person sits at a terminal: what cannot be undone is asked first. Absent means no. */
  isInteractive?: boolean
  /** The user asked for paid work by name, so it may be paid without a budget: the command line. Absent means no. */
  paysWithoutBudget?: boolean
}

/** What a command line may hold: what `assetloom <name>` takes, be it an operation or a face of them all. */
export interface CommandShape<I extends z.ZodObject = z.ZodObject> {
  input: I
  /** Members of the input that stand without a flag, in order; the last may take many. */
  positional?: readonly (keyof z.input<I> & string)[]
  /** Flags that are none of its own become members of `into`; with `with`, only once that is given. */
  extraFlags?: { into: keyof z.input<I> & string; with?: keyof z.input<I> & string }
  /** A command line that works, for --help. */
  example: string
}

/**
 * One thing a user may ask. CLI, REST, MCP and studio are derived from it; a face translates, it decides nothing.
 * Name and summary stand in the table (index.ts), so that a list of operations loads none of them.
 */
export interface Operation<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType> extends CommandShape<I> {
  output: O
  /** `read` changes nothing and spends nothing; `write` changes files; `pay` may spend money. */
  effect: 'read' | 'write' | 'pay'
  /** It takes away or writes over what no other command brings back: an agent shows it first. Absent: it does not. */
  isDestructive?(input: z.output<I>): boolean
  /** Members of the input for whoever sits at the machine: what they ask for does not end by itself. */
  localMembers?: readonly (keyof z.input<I> & string)[]
  /** Files and folders of this machine that an input names; a face for others keeps them inside the project. */
  paths?(input: z.output<I>): readonly (string | undefined)[]
  run(input: z.output<I>, context: OperationContext): Promise<z.output<O>>
  /**
   * The error that a finished output stands for: some files failed, something is stale. The output is shown all the
   * same.
   */
  verdict?(output: z.output<O>, input: z.output<I>): AssetloomError | undefined
  /** The one asset that the output is about, where there is one: its picture stands above the text where a terminal can show it. */
  pictured?(output: z.output<O>): Entry | undefined
  /** The output as text for a person; lines without trailing line end. */
  present(output: z.output<O>, input: z.output<I>): string
}

export function defineOperation<I extends z.ZodObject, O extends z.ZodType>(
  operation: Operation<I, O>,
): Operation<I, O> {
  return {
    ...operation,
    async run(input, context) {
      try {
        return await operation.run(input, context)
      } catch (error) {
        if (!isAssetloomError(error) || !unknownAsset.has(error.code)) throw error
        const { withStarterHint } = await import('./starter-hint.ts')
        throw await withStarterHint(error, context.workspace)
      }
    },
  }
}

/** Errors that name an asset that is not there; the starter library may have it. */
const unknownAsset: ReadonlySet<string> = new Set(['ASSET_UNKNOWN', 'ASSET_NOWHERE'])

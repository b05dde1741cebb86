import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { readTexts, type Parameter } from '../core/kinds/parameters.ts'
import type { OperationContext } from './operation.ts'
import { fileUnreadable } from './read-source.ts'

const inputUnreadable = defineError('INPUT_UNREADABLE', {
  summary: 'The input of a tool or skill was not given as JSON, or in two ways at once.',
  message: (d: { problem: string; hint?: string }) => `${d.problem}.`,
  hint: (d) => d.hint ?? `Write it as JSON: --input '{"text":"one two"}', as --input @file.json, or as flags: --text "one two".`,
  exit: 2,
})

/** Values as flags of the same name, for operations whose `extraFlags` go here. */
export const valuesSchema = z
  .record(z.string(), z.union([z.string(), z.array(z.string())]))
  .default({})
  .describe('A value by name; may stand several times, of a list once for each member. Any flag of another name is one, too: --tone warm.')

/** How a command is given an input: as JSON, in a file, or value by value. */
export const inputFields = {
  input: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('The input as JSON, as @file, or value by value: --input text=one --input count=2.'),
  inputFile: z.string().min(1).optional().describe('A file with the input as JSON; - is the standard input.'),
  param: valuesSchema,
}

const maxFileBytes = 64e6

/**
 * The input that a command was given; values by name stand in place of those of the JSON.
 * @param parameters - say what texts mean; absent: they stay texts
 * @throws INPUT_UNREADABLE, FILE_UNREADABLE
 */
export async function readInput(
  given: { input?: string | readonly string[] | undefined; inputFile?: string | undefined; param: Readonly<Record<string, string | readonly string[]>> },
  parameters: readonly Parameter[] | undefined,
  context: OperationContext,
): Promise<unknown> {
  const spelled = [given.input ?? []].flat()
  const [whole, second] = spelled.filter((text) => !isPair(text))
  if (second !== undefined) throw inputUnreadable({ problem: '--input was given as a whole twice', hint: 'Give one whole, or values: --input text=one --input count=2.' })
  if (whole !== undefined && given.inputFile !== undefined)
    throw inputUnreadable({ problem: '--input and --input-file were both given', hint: 'Give one of them.' })
  const values = readTexts(parameters ?? [], { ...groupedPairs(spelled.filter(isPair)), ...given.param })
  const file = given.inputFile ?? (whole?.startsWith('@') ? whole.slice(1) : undefined)
  const text = file === undefined ? whole : await fileText(file, context)
  if (text === undefined) return values
  const input = parsed(text, file ?? '--input')
  if (Object.keys(values).length === 0) return input
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw inputUnreadable({ problem: `${Object.keys(values).join(', ')} needs an input that is an object` })
  return { ...input, ...values }
}

/** The files that `--input` names. */
export function inputFiles(input: string | readonly string[] | undefined): string[] {
  return [input ?? []].flat().flatMap((text) => (text.startsWith('@') ? [text.slice(1)] : []))
}

/** `name=value`; JSON begins otherwise. */
const isPair = (text: string) => /^[A-Za-z_][A-Za-z0-9_-]*=/.test(text)

/** A name that stands several times has a list. */
function groupedPairs(pairs: readonly string[]): Record<string, string | string[]> {
  const grouped = new Map<string, string[]>()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    grouped.set(name, [...(grouped.get(name) ?? []), pair.slice(at + 1)])
  }
  return Object.fromEntries([...grouped].map(([name, texts]) => [name, texts.length === 1 ? texts[0]! : texts]))
}

function parsed(text: string, from: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw inputUnreadable({ problem: `${from} holds no JSON: ${(error as Error).message.replace(/\.$/, '')}` })
  }
}

async function fileText(file: string, { workspace, readStandardInput }: OperationContext): Promise<string> {
  if (file === '-') {
    if (!readStandardInput) throw inputUnreadable({ problem: 'There is no standard input here', hint: 'Name a file.' })
    return readStandardInput()
  }
  const path = resolve(workspace.options.root, file)
  try {
    const { size } = await stat(path)
    if (size > maxFileBytes) throw fileUnreadable({ file, why: `it has ${size} bytes, of at most ${maxFileBytes}` })
    return await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause
    throw fileUnreadable({ file, why: (cause as Error).message }, { cause })
  }
}

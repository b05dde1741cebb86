import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as z from 'zod'
import { codeFilesOf } from '../core/catalog/code-files.ts'
import { defineError } from '../core/errors.ts'
import type { ItemUse, JsonSchema } from '../core/kinds/kind.ts'
import { checkValues, renderPrompt } from '../core/kinds/parameters.ts'
import { parseQuantity } from '../core/quantity.ts'
import type { OperationContext } from './operation.ts'
import { requireConsent } from './require-consent.ts'
import type { ReachedItem } from './require-item-anywhere.ts'

const programInput = defineError('PROGRAM_INPUT', {
  summary: 'A tool or skill was given values that it does not know, not all it needs, or wrong ones.',
  message: (d: { id: string; problems: readonly string[]; names: readonly string[] }) =>
    `${d.id}: ${d.problems.join('; ')}.`,
  hint: (d) => (d.names.length === 0 ? 'It takes no parameters.' : `It takes ${d.names.join(', ')}.`),
  exit: 2,
})

const limitInvalid = defineError('LIMIT_INVALID', {
  summary: 'A limit of time or memory for a tool or skill is not within what is allowed.',
  message: (d: { flag: string; least: string; most: string }) => `${d.flag} must be from ${d.least} to ${d.most}.`,
  exit: 2,
})

/** Flags that bound what a program may take. */
export const limitFields = {
  timeout: z.string().default('60s').describe('It is stopped after this long: 500ms, 60s, 5min.'),
  memory: z.number().int().default(1024).describe('It is stopped above so many MB of memory.'),
}

export interface Limits {
  timeLimitMs: number
  memoryLimitBytes: number
}

/** Those of the flags when none is given. */
export const usualLimits: Limits = { timeLimitMs: 60_000, memoryLimitBytes: 1024 ** 3 }

/** Node alone takes about so much. */
const leastMemoryMb = 64
const mostMemoryMb = 65_536
const mostSeconds = 24 * 60 * 60

/** @throws QUANTITY_INVALID, LIMIT_INVALID */
export function limitsOf({ timeout, memory }: { timeout: string; memory: number }): Limits {
  const seconds = parseQuantity(timeout, 'seconds', '--timeout')
  if (!(seconds > 0 && seconds <= mostSeconds))
    throw limitInvalid({ flag: '--timeout', least: 'more than 0', most: '24 hours' })
  if (memory < leastMemoryMb || memory > mostMemoryMb)
    throw limitInvalid({ flag: '--memory', least: `${leastMemoryMb}`, most: `${mostMemoryMb}` })
  return { timeLimitMs: Math.ceil(seconds * 1000), memoryLimitBytes: memory * 1024 ** 2 }
}

/**
 * Do what using an item comes to: fill its text, or run its program.
 * @returns the text, or what the program gave
 * @throws PROMPT_VALUES, PROGRAM_INPUT, CONSENT_MISSING, and what running a program throws
 */
export async function carryOut(
  found: ReachedItem,
  use: ItemUse,
  input: unknown,
  limits: Limits,
  context: OperationContext,
): Promise<unknown> {
  const { item } = found
  if (use.form === 'text') return renderPrompt(item.id, use.text, use.parameters, requireObject(input, item.id, use))
  const checked = checkedInput(input, item.id, use)
  const isForeign = await allowForeign(found, context)
  const output = await (await context.workspace.programs()).run({
    item,
    entry: use.entry,
    input: checked,
    isConfined: isForeign,
    ...(found.libraryFolder !== undefined && { libraryFolder: found.libraryFolder }),
    ...limits,
    onLine: context.echo,
    signal: context.signal,
  })
  if (use.output) await requireShape(item.id, output, use.output)
  return output
}

type Takes = Pick<ItemUse, 'parameters'>

/** @throws PROGRAM_INPUT */
export function requireObject(input: unknown, id: string, { parameters = [] }: Takes): Record<string, unknown> {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Record<string, unknown>
  const names = parameters.map(({ name }) => name)
  throw programInput({ id, problems: ['the input must be an object of values by name'], names })
}

/** The input with defaults, as far as the item says what it takes. @throws PROGRAM_INPUT */
export function checkedInput(input: unknown, id: string, use: Takes): unknown {
  if (!use.parameters) return input
  const { values, problems } = checkValues(use.parameters, requireObject(input, id, use))
  if (problems.length > 0) throw programInput({ id, problems, names: use.parameters.map(({ name }) => name) })
  return Object.fromEntries(values)
}

/** What others wrote runs after somebody allowed exactly that. @returns whether it is of others @throws CONSENT_MISSING */
export async function allowForeign({ item, content, entry }: ReachedItem, context: OperationContext): Promise<boolean> {
  const { source } = entry
  if (source.type !== 'pack' && source.type !== 'catalog') return false
  const from = source.type === 'pack' ? `the pack ${source.pack} ${source.version}` : `the catalog ${source.catalog}`
  const { root } = context.workspace.options
  const code = codeFilesOf(item.kind, [item.file, ...item.files.map(({ file }) => file)])
  const files = (code.length > 0 ? code : [item.file]).map((path) => ({ path, bytes: readFileSync(resolve(root, path)) }))
  await requireConsent({ digest: content.digest, what: `${item.id} from ${from}`, files, ...(source.type === 'catalog' && { catalogRef: item.id }) }, context)
  return true
}

async function requireShape(id: string, output: unknown, schema: JsonSchema): Promise<void> {
  const { requireOutputShape } = await import('./output-shape.ts')
  requireOutputShape(id, output, schema)
}

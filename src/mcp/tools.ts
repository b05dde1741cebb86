import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { didYouMean } from '../core/near.ts'
import type { OperationRow } from '../operations/index.ts'
import type { Operation } from '../operations/operation.ts'
import { remoteInput, remoteOperations, takesLimit } from '../operations/remote.ts'
import { shortened, shortListOf, type ShortList } from './short-list.ts'

export const toolUnknown = defineError('TOOL_UNKNOWN', {
  summary: 'A tool was called or offered over MCP that there is not.',
  message: (d: { name: string; names: readonly string[] }) => `There is no tool ${JSON.stringify(d.name)}.`,
  hint: (d) => didYouMean(d.name, d.names) ?? `Tools: ${d.names.join(', ')}.`,
  exit: 2,
  http: 404,
})

type JsonSchema = { type: 'object' } & Record<string, unknown>

/** A tool: an operation, maybe with members settled and its list short. */
export interface McpTool {
  name: string
  title: string
  description: string
  inputSchema: JsonSchema
  outputSchema: JsonSchema
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean }
  operation: Operation
  fixed: Readonly<Record<string, unknown>>
  short: ShortList | undefined
  /** It may spend money, and must be told how much. */
  needsLimit: boolean
}

/** What is not each operation under its own name. */
const others: readonly { name: string; operation: string; description: string; fixed: Readonly<Record<string, unknown>> }[] = [
  {
    name: 'plan',
    operation: 'generate',
    description: 'Say what generate would make and what each asset would cost; calls no provider, writes nothing, costs nothing.',
    fixed: { dryRun: true },
  },
]

/** Writing that takes away or writes over. */
const destructive: ReadonlySet<string> = new Set(['delete', 'cleanup', 'prune', 'cache clear', 'cache invalidate', 'cache optimize', 'organize', 'rollback', 'update', 'refine', 'merge', 'override', 'apply', 'use', 'install', 'deploy', 'run'])
/** Asked twice they have done no more than asked once. */
const idempotent: ReadonlySet<string> = new Set(['add-tags', 'remove-tags', 'sync', 'types', 'validate', 'reindex', 'index', 'catalog index', 'organize', 'cleanup', 'prune', 'cache clear', 'cache invalidate', 'cache optimize', 'cache verify', 'cache precompile', 'export', 'configure', 'override', 'version label'])
/** They may ask a catalog or a provider. */
const openWorld: ReadonlySet<string> = new Set(['add', 'install', 'outdated', 'catalog search', 'catalog browse', 'catalog update', 'generate', 'info', 'which', 'run', 'search', 'deploy'])

export const toolName = (operation: string): string => operation.replaceAll(/[ -]/g, '_')

/**
 * The tools that are wanted, in the order of the table of operations.
 * @throws TOOL_UNKNOWN
 */
export async function loadTools(wish: { isReadOnly: boolean; tools: readonly string[] }): Promise<readonly McpTool[]> {
  const derived = await Promise.all(
    remoteOperations.map(async (row) => {
      const operation = await row.load()
      const plans = others.filter((one) => one.operation === row.name).map((one) => toolOf({ ...row, ...one, summary: one.description }, operation, one.name, one.fixed))
      return [...plans, toolOf(row, operation, toolName(row.name), {})]
    }),
  )
  const all = derived.flat().filter(({ annotations }) => !wish.isReadOnly || annotations.readOnlyHint)
  const names = all.map(({ name }) => name)
  const unknown = wish.tools.find((name) => !names.includes(name))
  if (unknown !== undefined) throw toolUnknown({ name: unknown, names })
  return wish.tools.length === 0 ? all : all.filter(({ name }) => wish.tools.includes(name))
}

function toolOf(row: Pick<OperationRow, 'name' | 'summary'>, operation: Operation, name: string, fixed: McpTool['fixed']): McpTool {
  const short = shortListOf(operation)
  const isReading = operation.effect === 'read' || Object.keys(fixed).length > 0
  const needsLimit = takesLimit(operation) && !isReading
  return {
    name,
    title: row.summary,
    description: `${row.summary}${needsLimit ? ' Costs money: maxCostUsd must say how much it may; call plan before.' : ''}${short ? ' Rows are short; info gives all of one.' : ''}`,
    inputSchema: inputSchemaOf(operation, { fixed, short, needsLimit }),
    outputSchema: objectSchema(short ? shortened(operation, short) : operation.output, 'output'),
    annotations: {
      readOnlyHint: isReading,
      destructiveHint: !isReading && destructive.has(row.name),
      idempotentHint: isReading || idempotent.has(row.name),
      openWorldHint: openWorld.has(row.name),
    },
    operation,
    fixed,
    short,
    needsLimit,
  }
}

function inputSchemaOf(operation: Operation, { fixed, short, needsLimit }: Pick<McpTool, 'fixed' | 'short' | 'needsLimit'>): JsonSchema {
  const { properties = {}, required = [], ...schema } = objectSchema(remoteInput(operation), 'input') as JsonSchema & { properties?: Record<string, object>; required?: string[] }
  const settled = new Set([...Object.keys(fixed), ...(takesLimit(operation) && !needsLimit ? ['maxCostUsd'] : [])])
  const open = Object.fromEntries(Object.entries(properties).filter(([name]) => !settled.has(name)))
  const limit = short && { limit: { type: 'integer', minimum: 1, maximum: short.most, default: short.usual, description: 'Most rows.' } }
  return { ...schema, properties: { ...open, ...limit }, required: [...required, ...(needsLimit ? ['maxCostUsd'] : [])] }
}

/** The members of its input that a tool takes. */
export const toolMembers = ({ inputSchema }: McpTool): string[] => Object.keys(inputSchema.properties as object)

/** A schema whose root says that it is an object, as the protocol wants it, also where it is one of several. */
function objectSchema(type: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io, unrepresentable: 'any' })
  return { ...schema, type: 'object' }
}


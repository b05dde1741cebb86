import * as z from 'zod'
import type { InputMember } from '../operations/input-members.ts'
import type { Operation } from '../operations/operation.ts'
import { queryInvalid } from './request-errors.ts'

/** Members of the query of every list, beside those of its operation. */
export const pageMembers = [
  { member: 'page', type: 'number', description: 'Which page; the first is 1.' },
  { member: 'pageSize', type: 'number', description: 'Rows per page, at most 1000.' },
  { member: 'fields', type: 'list', description: 'Only these members of each row.' },
] as const satisfies readonly Pick<InputMember, 'member' | 'type' | 'description'>[]

const pageSchema = z.object({
  page: z.number().int().min(1).max(1_000_000).default(1),
  pageSize: z.number().int().min(1).max(1000).default(50),
  fields: z.array(z.string()).optional(),
})
export type PageWish = z.output<typeof pageSchema>

/** Take the members of a page out of a query. @throws QUERY_INVALID */
export function takePage({ page, pageSize, fields, ...rest }: Record<string, unknown>): { wish: PageWish; rest: Record<string, unknown> } {
  const parsed = pageSchema.safeParse({ page, pageSize, fields })
  if (!parsed.success) throw queryInvalid({ problem: `${String(parsed.error.issues[0]!.path[0])} must be a whole number from 1 on, pageSize at most 1000` })
  return { wish: parsed.data, rest }
}

/**
 * How many rows are needed of an operation that takes a limit.
 * @param most - its highest limit
 * @throws QUERY_INVALID when the page lies behind that
 */
export function rowsNeeded({ page, pageSize }: PageWish, most: number): number {
  if ((page - 1) * pageSize >= most) throw queryInvalid({ problem: `page ${page} lies behind the first ${most} rows, and no more are given` })
  return Math.min(most, page * pageSize)
}

/** The highest limit that an operation takes; nothing when it takes none. */
export function highestLimit({ input }: Operation): number | undefined {
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as { properties?: Record<string, { maximum?: number }> }
  const limit = schema.properties?.limit
  return limit && (limit.maximum ?? Infinity)
}

/**
 * One page of an output that has a list, its rows with the wanted members.
 * @throws QUERY_INVALID naming the members that rows have
 */
export function pageOf(output: Readonly<Record<string, unknown>>, list: string, wish: PageWish, known: readonly string[]): Record<string, unknown> {
  const { page, pageSize, fields } = wish
  const unknown = fields?.find((field) => !known.includes(field))
  if (unknown !== undefined) throw queryInvalid({ problem: `${JSON.stringify(unknown)} is no member of the rows`, allowed: known })
  const rows = output[list] as readonly Record<string, unknown>[]
  const total = typeof output.total === 'number' ? output.total : rows.length
  const shown = rows.slice((page - 1) * pageSize, page * pageSize)
  return {
    ...output,
    total,
    [list]: fields ? shown.map((row) => Object.fromEntries(fields.flatMap((field) => (Object.hasOwn(row, field) ? [[field, row[field]]] : [])))) : shown,
    page,
    pageSize,
    pages: Math.max(1, Math.ceil(total / pageSize)),
  }
}

/** The members that rows of a list have, by the schema of the output. */
export function rowMembers({ output }: Operation, list: string): string[] {
  const schema = z.toJSONSchema(output, { unrepresentable: 'any' }) as { properties?: Record<string, { items?: { properties?: object } }> }
  return Object.keys(schema.properties?.[list]?.items?.properties ?? {})
}

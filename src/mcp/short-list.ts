import * as z from 'zod'
import { valueRepresentation } from '../core/value-representation.ts'
import type { Entry } from '../core/manifest.ts'
import type { Operation } from '../operations/operation.ts'

/** A list of whole entries that a model is shown as short rows. */
export interface ShortList {
  list: string
  usual: number
  most: number
}

const rowSchema = z.object({
  ref: z.string(),
  kind: z.string(),
  name: z.string().optional(),
  version: z.string().optional(),
  tags: z.array(z.string()).optional(),
  description: z.string().optional(),
  content: z.string().optional().describe('The content in short; the tool content gives it whole.'),
})
type Row = z.output<typeof rowSchema>

/** Members that every row of an entry has: who has them is shortened. */
const entryMembers = ['ref', 'kind', 'source', 'modified']

/** The list of an operation's output that is to be shortened, found by its schema. */
export function shortListOf({ output }: Operation): ShortList | undefined {
  const shape = output instanceof z.ZodObject ? (output.shape as Record<string, unknown>) : {}
  const found = Object.entries(shape).find(([name, member]) => {
    const element = member instanceof z.ZodArray ? member.element : undefined
    const has = element instanceof z.ZodObject ? element.shape : {}
    return name === 'results' ? Object.hasOwn(has, 'score') : entryMembers.every((one) => Object.hasOwn(has, one))
  })
  return found && { list: found[0], usual: 20, most: 100 }
}

/** The schema of an output whose list is short. */
export function shortened({ output }: Operation, { list }: ShortList): z.ZodObject {
  const { [list]: _, ...rest } = (output as z.ZodObject).shape
  return z.object({ ...rest, total: z.number().int(), [list]: z.array(rowSchema), isCut: z.boolean().describe('There are more than were asked for.') })
}

/** @param find - the entry of a ref, for rows that are not whole entries */
export function shortenOutput(output: Record<string, unknown>, { list }: ShortList, limit: number, find: (ref: string) => Entry | undefined): Record<string, unknown> {
  const rows = output[list] as readonly ({ ref: string; kind: string } & Partial<Entry>)[]
  const total = typeof output.total === 'number' ? output.total : rows.length
  return { ...output, total, [list]: rows.slice(0, limit).map((row) => shortRow(row, 'source' in row ? (row as Entry) : find(row.ref))), isCut: total > Math.min(limit, rows.length) }
}

function shortRow({ ref, kind, name }: { ref: string; kind: string } & Partial<Entry>, entry: Entry | undefined): Row {
  const title = entry?.name ?? name
  return {
    ref,
    kind,
    ...(title !== undefined && { name: title }),
    ...(entry && {
      version: entry.version,
      ...(entry.tags && { tags: entry.tags }),
      ...(entry.description !== undefined && { description: entry.description.slice(0, 200) }),
      content: valueRepresentation(entry),
    }),
  }
}

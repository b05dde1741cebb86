import * as z from 'zod'
import { describeIssues } from '../core/check-document.ts'
import { defineError } from '../core/errors.ts'
import type { JsonSchema } from '../core/kinds/kind.ts'

/* Apart from its callers, since reading JSON Schema takes much of zod. */

const schemaUnreadable = defineError('OUTPUT_SCHEMA_UNREADABLE', {
  summary: 'The JSON Schema that a tool or skill declares for its output cannot be read.',
  message: (d: { id: string; why: string }) => `output of ${d.id} is no JSON Schema that can be read: ${d.why}.`,
  hint: () => 'Write type, properties, required, items, enum and bounds; no references to elsewhere.',
})
const outputMisshapen = defineError('OUTPUT_MISSHAPEN', {
  summary: 'What a tool or skill gave is not of the shape that it declares.',
  message: (d: { id: string; problems: readonly string[] }) =>
    `${d.id} gave what it does not declare: ${d.problems.join('; ')}.`,
  hint: (d) => `Mend the program, or output in the file of ${d.id}.`,
})

/** @throws OUTPUT_SCHEMA_UNREADABLE, OUTPUT_MISSHAPEN */
export function requireOutputShape(id: string, output: unknown, declared: JsonSchema): void {
  let schema: z.ZodType
  try {
    schema = z.fromJSONSchema(declared as Parameters<typeof z.fromJSONSchema>[0])
  } catch (cause) {
    throw schemaUnreadable({ id, why: (cause as Error).message.replace(/\.$/, '') }, { cause })
  }
  const parsed = schema.safeParse(output)
  if (parsed.success) return
  const problems = describeIssues(parsed.error.issues, schema, output)
  throw outputMisshapen({
    id,
    problems: problems.map(({ path, message }) => `${['output', ...path.map(String)].join('.')} ${message}`),
  })
}

import * as z from 'zod'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { exampleProblems } from '../core/example-match.ts'
import type { ItemExample, ItemUse } from '../core/kinds/kind.ts'
import { carryOut, limitFields, limitsOf, type Limits } from './carry-out.ts'
import { changeItem } from './change-item.ts'
import { defineOperation, type OperationContext } from './operation.ts'
import { requireItem, requireUse, type FoundItem } from './require-item.ts'
import { entryInProject, starterItem } from './starter-item.ts'

const nothingToTest = defineError('NOTHING_TO_TEST', {
  summary: 'An item was to be tested that states no examples.',
  message: (d: { ref: string; file: string }) => `${d.ref} states no example that could be tried (${d.file}).`,
  hint: () => 'Write one under examples: what goes in, and what must come of it.',
})
const examplesFailed = defineError('EXAMPLES_FAILED', {
  summary: 'Something else came of an example of an item than it states.',
  message: (d: { ref: string; failed: number; total: number; first: string }) =>
    `${d.failed} of ${d.total} examples of ${d.ref} failed. First: ${d.first}.`,
  hint: () => 'Mend the item, or the example when that is wrong.',
})

const exampleSchema = z.object({
  place: z.number().int().describe('1 for the first.'),
  description: z.string().optional(),
  ok: z.boolean(),
  compared: z.boolean().describe('False when the example states no result, so that it only had to work.'),
  problems: z.array(z.string()),
})
type ExampleReport = z.output<typeof exampleSchema>

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('A prompt, style, tool or skill; also of the starter library.'),
    mark: z.boolean().default(false).describe('Write the result into the item as tested: true or false.'),
    ...limitFields,
  }),
  output: z.object({
    ref: z.string(),
    passed: z.number().int(),
    failed: z.number().int(),
    examples: z.array(exampleSchema),
    marked: z.boolean().optional().describe('What tested became; absent when it was so already or was not asked for.'),
  }),
  positional: ['ref'],
  effect: 'write',
  example: 'assetloom test tools/validators/contrast-checker',
  async run({ ref, mark, timeout, memory }, context) {
    const limits = limitsOf({ timeout, memory })
    const { workspace } = context
    const found = (await starterItem(ref, 'test', workspace)) ?? (await requireItem(ref, 'test', workspace))
    const use = requireUse(found, 'test')
    const stated = found.kind.examples?.(found.item) ?? []
    if (stated.length === 0) throw nothingToTest({ ref: found.item.id, file: found.item.file })
    const examples: ExampleReport[] = []
    context.progress.start(stated.length, 'Testing')
    for (const example of stated) {
      examples.push(await tryExample(example, examples.length + 1, found, use, limits, context))
      context.progress.advance(1)
    }
    context.progress.stop()
    const passed = examples.filter(({ ok }) => ok).length
    const isTested = passed === examples.length
    const isNews = mark && found.item.head.tested !== isTested
    if (isNews)
      await changeItem(await entryInProject(found, workspace), { members: { tested: isTested }, message: `tested: ${isTested}` }, workspace)
    return { ref: found.item.id, passed, failed: examples.length - passed, examples, ...(isNews && { marked: isTested }) }
  },
  verdict({ ref, failed, examples }) {
    const first = examples.find(({ ok }) => !ok)?.problems[0]
    return first === undefined ? undefined : examplesFailed({ ref, failed, total: examples.length, first })
  },
  present: ({ ref, passed, examples, marked }) =>
    [
      ...examples.flatMap(({ place, description, ok, compared, problems }) => [
        `${ok ? '✓' : '✗'} ${place}${description ? `  ${description}` : ''}${ok && !compared ? '  (states no result)' : ''}`,
        ...problems.map((problem) => `    ${problem}`),
      ]),
      `${ref}: ${passed} of ${examples.length} passed${marked === undefined ? '' : `; tested is ${marked}`}`,
    ].join('\n'),
})

async function tryExample(
  { description, input, output: expected }: ItemExample,
  place: number,
  found: FoundItem,
  use: ItemUse,
  limits: Limits,
  context: OperationContext,
): Promise<ExampleReport> {
  const head = { place, ...(description !== undefined && { description }), compared: expected !== undefined }
  try {
    const actual = await carryOut(found, use, input, limits, context)
    const problems = expected === undefined ? [] : exampleProblems(expected, actual, 'output')
    return { ...head, ok: problems.length === 0, problems }
  } catch (error) {
    context.signal.throwIfAborted()
    if (!isAssetloomError(error) || error.code === 'CONSENT_MISSING') throw error
    return { ...head, ok: false, problems: [error.message.replace(/\.$/, '')] }
  }
}

import * as z from 'zod'
import { defineError, toAssetloomError, type AssetloomError } from '../../core/errors.ts'
import { defineOperation, type Operation, type OperationContext } from '../../operations/operation.ts'
import { answer, examples, type Answer, type Person } from './answer.ts'
import { freeReader } from './free-reader.ts'

const sentenceMissing = defineError('SENTENCE_MISSING', {
  summary: 'The agent was told nothing, and there is no terminal to ask on.',
  message: () => 'There is no sentence, and no terminal to ask on.',
  hint: () => `Say what you want: assetloom agent "${examples[0]}".`,
  exit: 2,
})

const callSchema = z.object({ operation: z.string(), input: z.record(z.string(), z.unknown()) })
const outputSchema = z.object({
  operation: z.string().nullable().describe('What was carried out, or planned; of several the last. Null: nothing was to be done.'),
  input: z.record(z.string(), z.unknown()).describe('What it was given.'),
  output: z.unknown().describe("The operation's own output; null when it was only planned."),
  isDone: z.boolean().describe('False when it was only planned, or nothing was to be done.'),
  calls: z.array(callSchema.extend({ output: z.unknown() })).optional().describe('All of them, when there were several.'),
  planned: z.array(callSchema).optional().describe('What was planned and not carried out.'),
  answer: z.string().optional().describe('What the model said.'),
  next: z.array(z.string()).describe('Sentences that one may say next.'),
})

/** A command that remembers what it showed: it runs once. */
export function createAgentCommand(): Operation {
  let shown = ''
  let error: AssetloomError | undefined
  return defineOperation({
    input: z.strictObject({
      sentence: z.array(z.string()).default([]).describe('What you want, in words; - reads a sentence a line from the standard input. Without it, on a terminal: a prompt.'),
      dryRun: z.boolean().default(false).describe('Say what would be done, and do nothing.'),
    }),
    output: outputSchema,
    positional: ['sentence'],
    effect: 'pay',
    example: 'assetloom agent "show everything tagged official"',
    async run({ sentence: words, dryRun: isDryRun }, context) {
      const sentence = words.join(' ').trim()
      const readFreely = freeReader(context.workspace)
      if (sentence === '') {
        if (!context.isInteractive) throw sentenceMissing({})
        const { converse } = await import('./converse.ts')
        await converse(context, { isDryRun, readFreely })
        return documentOf({ done: [], planned: [], text: '', next: [] })
      }
      const input = { context, person: personAt(context), isDryRun, readFreely }
      const answered = sentence === '-' ? await answerLines(input) : await answer(sentence, { ...input, before: [] })
      shown = answered.text
      error = answered.error
      if (context.isInteractive && answered.next.length > 0) process.stderr.write(`Next: ${answered.next.join(' · ')}\n`)
      return documentOf(answered)
    },
    verdict: () => error,
    present: () => shown,
  }) as unknown as Operation
}

/** A sentence a line, up to the first that fails; `it` is what the one before was about. */
async function answerLines(input: Omit<Parameters<typeof answer>[1], 'before'>): Promise<Answer> {
  const text = (await input.context.readStandardInput?.()) ?? ''
  const sentences = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  if (sentences.length === 0) throw sentenceMissing({})
  const all: Answer & { texts: string[] } = { done: [], planned: [], text: '', texts: [], next: [] }
  let before: readonly string[] = []
  for (const sentence of sentences) {
    let answered: Answer
    try {
      answered = await answer(sentence, { ...input, before })
    } catch (thrown) {
      // What the lines before did stands in the document.
      if (all.done.length === 0) throw thrown
      all.error = toAssetloomError(thrown)
      break
    }
    before = answered.refs ?? before
    all.done.push(...answered.done)
    all.planned.push(...answered.planned)
    all.texts.push(answered.text)
    all.next = answered.next
    if (answered.error) all.error = answered.error
    if (answered.error || answered.leaves) break
  }
  return { ...all, text: all.texts.filter((one) => one !== '').join('\n') }
}

/** Whoever sits at the terminal of one sentence. */
function personAt(context: OperationContext): Person {
  return {
    confirm: context.confirm,
    tell: (text) => context.isInteractive && void process.stderr.write(`${text}\n`),
    ...(context.choose && { choose: context.choose }),
    ...(context.isInteractive && {
      async ask(question: string) {
        const { isCancel, text } = await import('@clack/prompts')
        const told = await text({ message: question, output: process.stderr })
        return isCancel(told) ? undefined : told
      },
    }),
  }
}

function documentOf({ done, planned, next, said }: Answer): z.output<typeof outputSchema> {
  const last = done.at(-1)
  const { operation = null, input = {} } = last ?? planned.at(-1) ?? {}
  return {
    operation,
    input,
    output: last?.output ?? null,
    isDone: done.length > 0,
    ...(done.length > 1 && { calls: done }),
    ...(planned.length > 0 && { planned }),
    ...(said !== undefined && { answer: said }),
    next,
  }
}

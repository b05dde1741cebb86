import * as z from 'zod'
import { defineError } from '../../core/errors.ts'
import { readSentence } from '../../core/phrases/read-sentence.ts'
import { operations } from '../../operations/index.ts'
import { defineOperation, type Operation } from '../../operations/operation.ts'

const sentenceMissing = defineError('SENTENCE_MISSING', {
  summary: 'The agent was told nothing, and there is no terminal to ask on.',
  message: () => 'There is no sentence, and no terminal to ask on.',
  hint: () => 'Say what you want: assetloom agent "show everything tagged official".',
  exit: 2,
})

const sentenceUnclear = defineError('SENTENCE_UNCLEAR', {
  summary: 'The agent does not understand a sentence.',
  message: (d: { sentence: string }) => `I do not understand ${JSON.stringify(d.sentence)}.`,
  hint: () => 'Say it otherwise: show everything tagged official.',
  exit: 2,
})

/** A command that remembers what it showed: it runs once. */
export function createAgentCommand(): Operation {
  let shown = ''
  return defineOperation({
    input: z.strictObject({
      sentence: z.array(z.string()).default([]).describe('What you want, in words. Without it, on a terminal: a prompt.'),
    }),
    output: z.object({
      operation: z.string().describe('What was carried out.'),
      input: z.record(z.string(), z.unknown()),
      output: z.unknown(),
    }),
    positional: ['sentence'],
    effect: 'pay',
    example: 'assetloom agent "show everything tagged official"',
    async run(input, context) {
      const sentence = input.sentence.join(' ').trim()
      if (sentence === '') throw sentenceMissing({})
      const reading = readSentence(sentence)
      if (reading.kind !== 'calls') throw sentenceUnclear({ sentence })
      const [call] = reading.calls as [(typeof reading.calls)[number]]
      const operation = await operations.find(({ name }) => name === call.operation)!.load()
      const given = operation.input.parse(call.input)
      const output = await operation.run(given, context)
      shown = operation.present(output, given)
      return { ...call, output }
    },
    present: () => shown,
  }) as unknown as Operation
}

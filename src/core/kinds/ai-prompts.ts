import * as z from 'zod'
import { inlineText, inlineTextProblems } from './inline-text.ts'
import { versionSchema } from './item-head.ts'
import { defineKind, type ItemProblem } from './kind.ts'
import { parameterProblems, parametersOf, parametersSchema, renderCode, renderPrompt, renderType } from './parameters.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()])

export const aiPrompts = defineKind({
  name: 'ai-prompts',
  summary: 'Prompts for language models, with typed variables.',
  groups: ['design', 'content', 'seo', 'code'],
  fields: {
    prompt: z.string().min(1).optional().describe('The text; variables stand in it as `{{name}}`.'),
    body: z.string().min(1).optional().describe('Another place for the text.'),
    variables: parametersSchema.optional(),
    examples: z
      .array(
        z.strictObject({
          description: z.string().optional(),
          variables: z.record(z.string(), scalar).default({}),
          rendered: z.string().optional().describe('The prompt filled in, which `test` compares.'),
          output: z.string().optional().describe('What a model answers.'),
        }),
      )
      .optional(),
    effectiveness: z.number().min(0).max(100).optional().describe('Share of uses that served, in percent.'),
    avgTokens: z.number().min(0).optional().describe('Tokens of prompt and answer on average.'),
    labels: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be a word in small letters'), versionSchema).optional().describe('Versions by label, e.g. `production`.'),
  },
  gives: '`(vars) => string`, vars typed',
  verbs: ['use', 'customize', 'optimize', 'test'],
  use: (item) => ({ form: 'text', ...inlineText(item, 'prompt'), parameters: parametersOf(item.fields.variables) }),
  examples: ({ fields: { examples = [] } }) =>
    examples.map(({ description, variables, rendered }) => ({ description, input: variables, output: rendered })),
  problems(item) {
    const problems: ItemProblem[] = inlineTextProblems(item, 'prompt')
    if (problems.length > 0) return problems
    const text = inlineText(item, 'prompt')
    problems.push(...parameterProblems(item.fields.variables, 'variables', text))
    if (problems.length > 0) return problems
    for (const [i, example] of (item.fields.examples ?? []).entries()) {
      try {
        renderPrompt(item.id, text.text, parametersOf(item.fields.variables), example.variables)
      } catch (error) {
        const message = (error as Error).message.slice(item.id.length + 2).replace(/\.$/, '')
        problems.push({ path: ['examples', i], message: `does not fit the variables: ${message}` })
      }
    }
    return problems
  },
  module: (item) => ({ form: 'code', ...renderCode(item.id, inlineText(item, 'prompt').text, parametersOf(item.fields.variables)) }),
  types: (item) => ({ value: renderType(parametersOf(item.fields.variables), 'vars') }),
  skeleton: ({ name }) => ({
    item: `prompt: |
  Write a short text about {{topic}} in a {{tone}} tone.
variables:
  - { name: topic, type: string, required: true, description: What it is about }
  - { name: tone, type: enum, values: [friendly, formal], default: friendly }
examples:
  - variables: { topic: ${JSON.stringify(name)} }
`,
  }),
  represent: (item) => {
    const names = parametersOf(item.fields.variables).map((one) => one.name)
    return `Prompt${names.length > 0 ? ` with ${names.join(', ')}` : ''}: ${inlineText(item, 'prompt').text}`
  },
})

import * as z from 'zod'
import { inlineText, inlineTextProblems } from './inline-text.ts'
import { defineKind } from './kind.ts'
import { parameterProblems, parametersOf, parametersSchema, renderCode, renderPrompt, renderType, readTexts } from './parameters.ts'

export const stylePrompts = defineKind({
  name: 'style-prompts',
  summary: 'Styles that prompts for pictures and texts are written in.',
  groups: ['brand', 'layout', 'content', 'animation'],
  fields: {
    prompt: z.string().min(1).optional().describe('The text; parameters stand in it as `{{name}}`.'),
    body: z.string().min(1).optional().describe('Another place for the text.'),
    parameters: parametersSchema.optional(),
    examples: z
      .array(
        z.union([
          z.string(),
          z.strictObject({
            description: z.string().optional(),
            parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
            rendered: z.string().optional().describe('The style filled in, which `test` compares.'),
          }),
        ]),
      )
      .optional()
      .describe('Subjects that it suits, as texts; or parameters and what comes of them.'),
    effectiveness: z.number().min(0).max(100).optional().describe('Share of uses that served, in percent.'),
    tokenCost: z.number().min(0).optional().describe('Tokens of the text.'),
  },
  gives: '`(params) => string`, params typed',
  verbs: ['apply', 'use', 'customize', 'optimize', 'test'],
  use: (item) => ({ form: 'text', ...inlineText(item, 'prompt'), parameters: parametersOf(item.fields.parameters) }),
  examples: ({ fields: { examples = [] } }) =>
    examples.flatMap((example) => {
      if (typeof example === 'string') return []
      return [{ description: example.description, input: example.parameters, output: example.rendered }]
    }),
  siteList: 'stylePrompts',
  apply(item, { values }) {
    const parameters = parametersOf(item.fields.parameters)
    return { to: 'spec', style: renderPrompt(item.id, inlineText(item, 'prompt').text, parameters, readTexts(parameters, values)).trim() }
  },
  problems(item) {
    const problems = inlineTextProblems(item, 'prompt')
    return problems.length > 0 ? problems : parameterProblems(item.fields.parameters, 'parameters', inlineText(item, 'prompt'))
  },
  module: (item) => ({ form: 'code', ...renderCode(item.id, inlineText(item, 'prompt').text, parametersOf(item.fields.parameters)) }),
  types: (item) => ({ value: renderType(parametersOf(item.fields.parameters), 'params') }),
  skeleton: () => ({
    item: `prompt: |
  Flat shapes, {{mood}} colours, much empty space.
parameters:
  - { name: mood, type: enum, values: [calm, bold], default: calm }
examples: []
`,
  }),
  represent: (item) => `Style: ${inlineText(item, 'prompt').text}`,
})

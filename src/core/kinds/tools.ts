import * as z from 'zod'
import { executeProblems, executeSkeleton, programFields, programUse, sourceModule, sourceTypes } from './code-files.ts'
import { defineKind } from './kind.ts'
import { declarationProblems, programParametersSchema } from './parameters.ts'

export const tools = defineKind({
  name: 'tools',
  summary: 'Programs that make, check or improve something.',
  groups: ['generators', 'validators', 'optimizers', 'analyzers'],
  fields: {
    entry: z.string().min(1).describe('A file that exports `execute(input)`.'),
    options: programParametersSchema.optional(),
    ...programFields,
  },
  gives: '`execute`',
  verbs: ['run', 'test'],
  use: (item) => programUse(item, item.fields.options),
  examples: ({ fields: { examples = [] } }) => examples,
  contentFiles: ({ entry }) => [entry],
  problems: (item) => [...executeProblems(item), ...declarationProblems(item.fields.options, 'options')],
  module: (item) => sourceModule(item, 'execute'),
  types: (item, importPath) => sourceTypes(item, 'execute', importPath),
  skeleton({ name }) {
    const { entry, files } = executeSkeleton(name)
    return { item: `entry: ${entry}\noptions:\n  - { name: text, type: string }\nexamples:\n  - { input: { text: one two }, output: { words: 2 } }\n`, files }
  },
  represent: ({ fields: { entry } }) => `Tool ${entry}`,
})

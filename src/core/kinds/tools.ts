import * as z from 'zod'
import { executeProblems, executeSkeleton, programFields, programUse, sourceModule, sourceTypes } from './code-files.ts'
import { defineKind } from './kind.ts'
import { parametersSchema } from './parameters.ts'

export const tools = defineKind({
  name: 'tools',
  summary: 'Programs that make, check or improve something.',
  groups: ['generators', 'validators', 'optimizers', 'analyzers'],
  fields: {
    entry: z.string().min(1).describe('A file that exports `execute(input)`.'),
    options: parametersSchema.optional(),
    ...programFields,
  },
  gives: '`execute`',
  verbs: ['run', 'test'],
  use: (item) => programUse(item, item.fields.options),
  examples: ({ fields: { examples = [] } }) => examples,
  contentFiles: ({ entry }) => [entry],
  problems: executeProblems,
  module: (item) => sourceModule(item, 'execute'),
  types: (item, importPath) => sourceTypes(item, 'execute', importPath),
  skeleton({ name }) {
    const { entry, files } = executeSkeleton(name)
    return { item: `entry: ${entry}\noptions:\n  - { name: text, type: string }\nexamples:\n  - { input: { text: one two }, output: { words: 2 } }\n`, files }
  },
  represent: ({ fields: { entry } }) => `Tool ${entry}`,
})

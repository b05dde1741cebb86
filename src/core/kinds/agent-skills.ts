import * as z from 'zod'
import { executeProblems, executeSkeleton, programFields, programUse, sourceModule, sourceTypes } from './code-files.ts'
import { defineKind, type ItemProblem } from './kind.ts'
import { declarationProblems, parameterProblems, parametersOf, programParametersSchema, renderCode, renderType } from './parameters.ts'

export const agentSkills = defineKind({
  name: 'agent-skills',
  summary: 'What agents can do: a program, or a prompt.',
  groups: ['analysis', 'generation', 'optimization', 'validation'],
  fields: {
    entry: z.string().min(1).optional().describe('A file that exports `execute(params)`.'),
    prompt: z.string().min(1).optional().describe('Instead of `entry`: a text with parameters as `{{name}}`.'),
    parameters: programParametersSchema.optional(),
    ...programFields,
    avgTokens: z.number().min(0).optional(),
    successRate: z.number().min(0).max(100).optional().describe('In percent.'),
  },
  gives: '`execute`; of a skill that is a prompt, the rendered text',
  verbs: ['use', 'run', 'test'],
  use(item) {
    const { prompt, parameters } = item.fields
    if (prompt === undefined) return programUse(item, parameters)
    return { form: 'text', text: prompt, path: ['prompt'], parameters: parametersOf(parameters) }
  },
  examples: ({ fields: { examples = [] } }) => examples,
  contentFiles: ({ entry }) => (entry === undefined ? [] : [entry]),
  problems(item): ItemProblem[] {
    const { entry, prompt, parameters } = item.fields
    if ((entry === undefined) === (prompt === undefined)) return [{ path: entry === undefined ? [] : ['prompt'], message: 'must have entry or prompt, one of the two' }]
    if (prompt === undefined) return [...executeProblems(item), ...declarationProblems(parameters, 'parameters')]
    return parameterProblems(parameters, 'parameters', { path: ['prompt'], text: prompt })
  },
  module(item) {
    const { prompt, parameters } = item.fields
    if (prompt === undefined) return sourceModule(item, 'execute')
    const { statements, expression } = renderCode(item.id, prompt, parametersOf(parameters))
    return { form: 'code', statements: [...statements, `export const execute = async (params) => ${expression}(params)`], expression: 'execute' }
  },
  types(item, importPath) {
    const { prompt, parameters } = item.fields
    if (prompt === undefined) return sourceTypes(item, 'execute', importPath)
    const value = renderType(parametersOf(parameters), 'params').replace(/string$/, 'Promise<string>')
    return { value, named: { execute: value } }
  },
  skeleton({ name }) {
    const { entry, files } = executeSkeleton(name)
    return { item: `entry: ${entry}\nparameters:\n  - { name: text, type: string }\nexamples:\n  - { input: { text: one two }, output: { words: 2 } }\n`, files }
  },
  represent: ({ fields: { entry, prompt } }) => `Skill: ${prompt ?? entry}`,
})

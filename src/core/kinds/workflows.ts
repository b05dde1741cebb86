import * as z from 'zod'
import { definitionModule, definitionTypes } from './definition.ts'
import { defineKind } from './kind.ts'
import { outputsSchema, stepFields, stepProblems, triggerSchema } from './steps.ts'

export const workflows = defineKind({
  name: 'workflows',
  summary: 'Steps that are carried out one after the other.',
  groups: ['development', 'deployment', 'content', 'maintenance'],
  fields: {
    steps: z.array(z.strictObject(stepFields)).min(1),
    triggers: z.array(triggerSchema).optional(),
    conditions: z.record(z.string(), z.string()).optional().describe('Expressions by name, for `when`.'),
    outputs: outputsSchema.optional(),
  },
  gives: 'typed definition',
  verbs: ['run'],
  siteList: 'workflows',
  problems: ({ fields: { steps } }) => stepProblems(steps),
  module: ({ fields }) => definitionModule(fields),
  types: ({ fields }) => definitionTypes(fields),
  skeleton: () => ({ item: 'steps:\n  - { id: check, description: Look at what there is }\n  - { id: publish, needs: [check] }\ntriggers:\n  - { on: manual }\n' }),
  represent: ({ fields: { steps } }) => `Workflow of ${steps.length} steps: ${steps.map(({ id }) => id).join(', ')}`,
})

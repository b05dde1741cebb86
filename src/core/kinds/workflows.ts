import * as z from 'zod'
import type { Workflow } from '../workflow/workflow.ts'
import { definitionModule, definitionTypes } from './definition.ts'
import { defineKind } from './kind.ts'
import { declarationProblems, parametersOf } from './parameters.ts'
import { inputsSchema, outputsSchema, stepFields, stepProblems, triggerSchema } from './steps.ts'

const fields = {
  inputs: inputsSchema,
  steps: z.array(z.strictObject(stepFields)).min(1),
  triggers: z.array(triggerSchema).optional(),
  conditions: z.record(z.string(), z.string()).optional().describe('Expressions by name, for `when`.'),
  outputs: outputsSchema.optional(),
}

function workflowOf({ inputs, steps, triggers = [], conditions = {}, outputs = {} }: z.output<z.ZodObject<typeof fields>>): Workflow {
  return { steps, agents: {}, groups: [], isInTurn: false, conditions, outputs, triggers, inputs: inputs && parametersOf(inputs) }
}

export const workflows = defineKind({
  name: 'workflows',
  summary: 'Steps that are carried out in the order in which they need one another.',
  groups: ['development', 'deployment', 'content', 'maintenance'],
  fields,
  gives: 'typed definition',
  verbs: ['run'],
  siteList: 'workflows',
  workflow: (item) => workflowOf(item.fields),
  async problems({ fields }) {
    const { steps, inputs } = fields
    const problems = [...declarationProblems(inputs, 'inputs'), ...stepProblems(steps)]
    // Expressions have a parser of their own, which only those who have workflows load.
    return problems.length > 0 ? problems : (await import('../workflow/workflow-problems.ts')).workflowProblems(workflowOf(fields))
  },
  module: ({ fields }) => definitionModule(fields),
  types: ({ fields }) => definitionTypes(fields),
  skeleton: () => ({ item: 'steps:\n  - { id: check, description: Look at what there is }\n  - { id: publish, needs: [check] }\ntriggers:\n  - { on: manual }\n' }),
  represent: ({ fields: { steps } }) => `Workflow of ${steps.length} steps: ${steps.map(({ id }) => id).join(', ')}`,
})

import * as z from 'zod'
import type { Workflow } from '../workflow/workflow.ts'
import { definitionModule, definitionTypes } from './definition.ts'
import { defineKind } from './kind.ts'
import { declarationProblems, parametersOf } from './parameters.ts'
import { inputsSchema, outputsSchema, stepFields, stepProblems, unknownStep } from './steps.ts'

const fields = {
  inputs: inputsSchema,
  agents: z.record(z.string(), z.string().min(1)).describe('Sub-agents by the name that steps use.'),
  steps: z.array(z.strictObject({ ...stepFields, agent: z.string().optional().describe('One of `agents`.'), prompt: z.string().optional().describe('What the agent is to do; may hold `{{ expression }}`.') })).min(1),
  parallelSteps: z.array(z.array(z.string()).min(2)).optional().describe('Groups of steps that may run at the same time.'),
  outputs: outputsSchema.optional(),
  avgDurationMs: z.number().min(0).optional(),
  avgTokens: z.number().min(0).optional(),
  successRate: z.number().min(0).max(100).optional().describe('In percent.'),
}

function workflowOf({ inputs, agents, steps, parallelSteps = [], outputs = {} }: z.output<z.ZodObject<typeof fields>>): Workflow {
  return { steps, agents, groups: parallelSteps, isInTurn: true, conditions: {}, outputs, triggers: [], inputs: inputs && parametersOf(inputs) }
}

export const agentWorkflows = defineKind({
  name: 'agent-workflows',
  summary: 'Steps that agents carry out, some of them at the same time.',
  groups: ['site-building', 'page-creation', 'content-generation', 'seo'],
  fields,
  gives: 'typed definition',
  verbs: ['run', 'customize'],
  workflow: (item) => workflowOf(item.fields),
  async problems({ fields }) {
    const { agents, steps, parallelSteps = [], inputs } = fields
    const ids = steps.map(({ id }) => id)
    const names = Object.keys(agents)
    const problems = [
      ...declarationProblems(inputs, 'inputs'),
      ...stepProblems(steps),
      ...steps.flatMap(({ agent }, i) => (agent === undefined || names.includes(agent) ? [] : [{ path: ['steps', i, 'agent'], message: `names ${agent}, which is none of agents`, allowed: names }])),
      ...parallelSteps.flatMap((group, i) => group.flatMap((id, k) => (ids.includes(id) ? [] : [{ path: ['parallelSteps', i, k], ...unknownStep(id, ids) }]))),
    ]
    return problems.length > 0 ? problems : (await import('../workflow/workflow-problems.ts')).workflowProblems(workflowOf(fields))
  },
  module: ({ fields }) => definitionModule(fields),
  types: ({ fields }) => definitionTypes(fields),
  skeleton: () => ({ item: 'agents:\n  writer: sub-agents/content/editor\nsteps:\n  - { id: draft, agent: writer, prompt: Write a draft }\n  - { id: review, agent: writer, prompt: Review the draft, needs: [draft] }\n' }),
  represent: ({ fields: { steps, agents } }) => `Workflow of ${steps.length} steps for ${Object.keys(agents).join(', ')}: ${steps.map(({ id }) => id).join(', ')}`,
})

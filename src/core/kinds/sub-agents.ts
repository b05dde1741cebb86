import * as z from 'zod'
import { namesIn, fillText } from '../template.ts'
import { definitionModule, definitionTypes } from './definition.ts'
import { defineKind, type Item } from './kind.ts'

const fields = {
  capabilities: z.array(z.string()).optional(),
  skills: z.array(z.string()).optional().describe('Ids of agent-skills.'),
  promptTemplate: z.string().min(1).describe('What it is told; `{{name}}`, `{{description}}`, `{{capabilities}}`, `{{skills}}` and the texts and numbers of `config` are filled in.'),
  config: z.record(z.string(), z.unknown()).optional().describe('Model, temperature and so on.'),
  performance: z.record(z.string(), z.number()).optional().describe('Averages, e.g. `avgTokens`.'),
}
type SubAgent = Item<z.output<z.ZodObject<typeof fields>>>

function valuesOf({ name, head, fields: { capabilities = [], skills = [], config = {} } }: SubAgent) {
  const plain = Object.entries(config).filter((one): one is [string, string | number | boolean] => ['string', 'number', 'boolean'].includes(typeof one[1]))
  return new Map<string, string | number | boolean>([
    ...plain,
    ['name', head.name ?? name],
    ['description', head.description ?? ''],
    ['capabilities', capabilities.join(', ')],
    ['skills', skills.join(', ')],
  ])
}

function definitionOf(item: SubAgent) {
  const { promptTemplate, ...rest } = item.fields
  return { ...rest, prompt: fillText(promptTemplate, valuesOf(item)) }
}

export const subAgents = defineKind({
  name: 'sub-agents',
  summary: 'Agents for one sort of work.',
  groups: ['design', 'content', 'seo', 'analysis'],
  fields,
  gives: 'definition with its prompt filled in',
  verbs: ['use', 'create'],
  // What the item says of itself is what a value is unless another one is given.
  use: (item) => ({
    form: 'text',
    text: item.fields.promptTemplate,
    path: ['promptTemplate'],
    parameters: [...valuesOf(item)].map(([name, value]) => ({
      name,
      type: typeof value as 'string' | 'number' | 'boolean',
      isRequired: false,
      default: value,
    })),
  }),
  problems(item) {
    const values = valuesOf(item)
    return namesIn(item.fields.promptTemplate)
      .filter((name) => !values.has(name))
      .map((name) => ({ path: ['promptTemplate'], message: `uses {{${name}}}, which nothing fills in`, allowed: [...values.keys()] }))
  },
  module: (item) => definitionModule(definitionOf(item)),
  types: (item) => definitionTypes(definitionOf(item)),
  skeleton: () => ({ item: 'capabilities: [writing]\npromptTemplate: |\n  You are {{name}}. You are good at {{capabilities}}.\nconfig: { temperature: 0.5 }\n' }),
  represent: (item) => `Agent: ${definitionOf(item).prompt}`,
})

import * as z from 'zod'
import { definitionModule, definitionTypes } from './definition.ts'
import { defineKind } from './kind.ts'

const config = z.record(z.string(), z.unknown()).describe('The settings themselves.')

export const globalConfigs = defineKind({
  name: 'configs/global',
  summary: 'Settings that several sites share.',
  groups: ['build', 'deploy', 'seo', 'performance', 'security'],
  fields: {
    config,
    appliesTo: z.array(z.string()).optional().describe('Sites; absent means all.'),
    overrides: z.array(z.strictObject({ site: z.string().min(1), config })).optional().describe('Other settings for single sites.'),
  },
  gives: 'typed object',
  verbs: ['apply', 'override'],
  apply: (_item, { config }) => ({ to: 'settings', config }),
  module: ({ fields }) => definitionModule(fields),
  types: ({ fields }) => definitionTypes(fields),
  skeleton: () => ({ item: 'config:\n  minify: true\n' }),
  represent: ({ fields }) => `Settings ${Object.keys(fields.config).join(', ')}`,
})

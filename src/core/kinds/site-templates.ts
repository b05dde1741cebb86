import * as z from 'zod'
import { definitionModule, definitionTypes } from './definition.ts'
import { defineKind } from './kind.ts'

export const siteTemplateConfigs = defineKind({
  name: 'configs/site-templates',
  summary: 'Settings of a sort of site, and the assets that go with it.',
  groups: ['business', 'blog', 'portfolio', 'ecommerce'],
  fields: {
    config: z.record(z.string(), z.unknown()).describe('The settings themselves.'),
    recommendedAssets: z.array(z.string()).optional().describe('Refs.'),
  },
  gives: 'typed object',
  verbs: ['apply', 'customize'],
  apply: ({ fields }, { config }) => ({ to: 'site', config, recommended: fields.recommendedAssets ?? [] }),
  module: ({ fields }) => definitionModule(fields),
  types: ({ fields }) => definitionTypes(fields),
  skeleton: () => ({ item: 'config:\n  title: My site\nrecommendedAssets: []\n' }),
  represent: ({ fields }) => `Site settings ${Object.keys(fields.config).join(', ')}`,
})

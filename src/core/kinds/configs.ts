import * as z from 'zod'
import { definitionModule, definitionTypes } from './definition.ts'
import { defineKind } from './kind.ts'

/* Three kinds of settings; their import is what they say. */

const config = z.record(z.string(), z.unknown()).describe('The settings themselves.')

export const globalConfigs = defineKind({
  name: 'configs/global',
  summary: 'Settings that several sites share.',
  groups: ['build', 'deploy', 'seo', 'performance', 'security'],
  fields: {
    config,
    appliesTo: z.array(z.string()).optional().describe('Sites; absent means all.'),
    overrides: z.array(z.strictObject({ site: z.string().min(1), config })).optional(),
  },
  gives: 'typed object',
  verbs: ['apply', 'override'],
  module: ({ fields }) => definitionModule(fields),
  types: ({ fields }) => definitionTypes(fields),
  skeleton: () => ({ item: 'config:\n  minify: true\n' }),
  represent: ({ fields }) => `Settings ${Object.keys(fields.config).join(', ')}`,
})

export const siteTemplateConfigs = defineKind({
  name: 'configs/site-templates',
  summary: 'Settings of a sort of site, and the assets that go with it.',
  groups: ['business', 'blog', 'portfolio', 'ecommerce'],
  fields: { config, recommendedAssets: z.array(z.string()).optional().describe('Refs.') },
  gives: 'typed object',
  verbs: ['apply'],
  module: ({ fields }) => definitionModule(fields),
  types: ({ fields }) => definitionTypes(fields),
  skeleton: () => ({ item: 'config:\n  title: My site\nrecommendedAssets: []\n' }),
  represent: ({ fields }) => `Site settings ${Object.keys(fields.config).join(', ')}`,
})

export const deploymentConfigs = defineKind({
  name: 'configs/deployment',
  summary: 'Settings of a platform that sites are deployed to.',
  groups: ['cloudflare', 'vercel', 'netlify', 'custom'],
  fields: {
    config,
    environmentVars: z
      .array(z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'must be the name of a variable in capital letters, never its value'))
      .optional()
      .describe('Names, never values.'),
    buildSettings: z.strictObject({ command: z.string().optional(), output: z.string().optional(), node: z.string().optional() }).optional(),
  },
  gives: 'typed object',
  verbs: ['apply', 'deploy'],
  module: ({ fields }) => definitionModule(fields),
  types: ({ fields }) => definitionTypes(fields),
  skeleton: ({ name }) => ({ item: `config:\n  name: ${name}\nenvironmentVars: []\nbuildSettings: { command: npm run build, output: dist }\n` }),
  represent: ({ fields }) => `Deployment settings ${Object.keys(fields.config).join(', ')}`,
})

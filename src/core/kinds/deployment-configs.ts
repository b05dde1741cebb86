import * as z from 'zod'
import { definitionModule, definitionTypes } from './definition.ts'
import { platforms, platformText } from './deployment-platforms.ts'
import { defineKind } from './kind.ts'

export const deploymentConfigs = defineKind({
  name: 'configs/deployment',
  summary: 'Settings of a platform that sites are deployed to.',
  groups: [...Object.keys(platforms), 'custom'],
  fields: {
    config: z.record(z.string(), z.unknown()).describe('What the file of the platform says.'),
    environmentVars: z
      .array(z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'must be the name of a variable in capital letters, never its value'))
      .optional()
      .describe('Names, never values.'),
    buildSettings: z
      .strictObject({
        command: z.string().optional().describe('A program and its arguments; no shell reads it.'),
        output: z.string().optional().describe('Folder of what was built, relative to the site.'),
        node: z.string().optional(),
        deploy: z.string().optional().describe('A program that uploads; without it deploy only tells which command does.'),
      })
      .optional(),
  },
  gives: 'typed object',
  verbs: ['apply', 'deploy'],
  apply({ id, group }, { config }) {
    const platform = platforms[group]
    if (!platform) return { to: 'settings', config }
    return { to: 'platform', names: platform.files, text: (name) => platformText(id, platform, name, config) }
  },
  deploy({ group, fields: { environmentVars = [], buildSettings = {} } }) {
    const { command, output, deploy } = buildSettings
    return { variables: environmentVars, build: command, output, upload: deploy, advice: platforms[group]?.uploadCommand(output ?? '.') }
  },
  module: ({ fields }) => definitionModule(fields),
  types: ({ fields }) => definitionTypes(fields),
  skeleton: ({ group, name }) => {
    const { config, variables } = platforms[group]?.begin(name) ?? { config: [`name: ${name}`], variables: [] }
    return {
      item: [
        'config:',
        ...config.map((line) => `  ${line}`),
        `environmentVars: [${variables.join(', ')}]`,
        'buildSettings: { command: npm run build, output: dist }',
        '',
      ].join('\n'),
    }
  },
  represent: ({ fields }) => `Deployment settings ${Object.keys(fields.config).join(', ')}`,
})

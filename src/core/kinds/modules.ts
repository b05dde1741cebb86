import * as z from 'zod'
import { definitionModule, definitionTypes } from './definition.ts'
import { defineKind } from './kind.ts'

export const modules = defineKind({
  name: 'modules',
  summary: 'Files that together add a feature to a site.',
  groups: ['auth', 'commerce', 'blog', 'forms', 'analytics'],
  fields: {
    configuration: z
      .record(
        z.string(),
        z.strictObject({
          type: z.enum(['string', 'number', 'boolean']),
          default: z.union([z.string(), z.number(), z.boolean()]).optional(),
          required: z.boolean().optional(),
          description: z.string().optional(),
        }),
      )
      .optional()
      .describe('Settings by name.'),
    integration: z
      .array(z.strictObject({ file: z.string().min(1).describe('One of `files`.'), target: z.string().min(1).describe('Where it goes, relative to the site.'), description: z.string().optional() }))
      .optional(),
  },
  gives: 'definition',
  verbs: ['install', 'configure'],
  problems({ files, fields: { integration = [], configuration = {} } }) {
    const names = files.map(({ name }) => name)
    return [
      ...integration.flatMap(({ file }, i) => (names.includes(file) ? [] : [{ path: ['integration', i, 'file'], message: `names ${file}, which is none of its files`, allowed: names }])),
      ...Object.entries(configuration).flatMap(([name, { type, default: value }]) =>
        value === undefined || typeof value === type ? [] : [{ path: ['configuration', name, 'default'], message: `must be a ${type}` }],
      ),
    ]
  },
  module: (item) => definitionModule(described(item)),
  types: (item) => definitionTypes(described(item)),
  skeleton: ({ name }) => ({
    item: `files: [${name}.ts]\nconfiguration:\n  title: { type: string, default: Untitled }\nintegration:\n  - { file: ${name}.ts, target: src/${name}.ts }\n`,
    files: { [`${name}.ts`]: "export const title = 'Untitled'\n" },
  }),
  represent: ({ files }) => `Module of ${files.length} files: ${files.map(({ name }) => name).join(', ')}`,
})

const described = ({ files, fields }: { files: readonly { name: string }[]; fields: object }) => ({ files: files.map(({ name }) => name), ...fields })

import * as z from 'zod'
import { definitionModule, definitionTypes } from './definition.ts'
import { defineError } from '../errors.ts'
import { siteTargetRefusal } from '../site-target.ts'
import { defineKind } from './kind.ts'

const moduleWish = defineError('MODULE_WISH', {
  summary: 'A module was to be used with slots, props or in another place; its files belong together.',
  message: (d: { id: string; given: string }) => `${d.id} is a module and takes no ${d.given}.`,
  hint: (d) => `assetloom configure ${d.id} --set name=value changes its settings.`,
  exit: 2,
})

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
          environment: z.boolean().optional().describe('It stands in the environment under its name, and never in a file.'),
          description: z.string().optional(),
        }),
      )
      .optional()
      .describe('Settings by name.'),
    settings: z.string().min(1).optional().describe('One of `files`, JSON: where `configure` writes the settings. Default: `src/<name>-settings.json`.'),
    integration: z
      .array(z.strictObject({ file: z.string().min(1).describe('One of `files`.'), target: z.string().min(1).describe('Where it goes, relative to the site.'), description: z.string().optional() }))
      .optional(),
  },
  gives: 'definition',
  verbs: ['use', 'install', 'configure'],
  siteList: 'modules',
  place({ id, files, fields: { integration = [] } }, { slots, props, target }) {
    const given = [...Object.keys(slots).map(() => 'slots'), ...Object.keys(props).map(() => 'props'), ...(target === undefined ? [] : ['place of another name'])]
    if (given[0]) throw moduleWish({ id, given: given[0] })
    return integration.map((one) => ({ target: one.target, bytes: files.find(({ name }) => name === one.file)!.bytes }))
  },
  configure: ({ name, fields: { settings, integration = [], configuration = {} } }) => ({
    target: integration.find(({ file }) => file === settings)?.target ?? `src/${name}-settings.json`,
    fields: configuration,
  }),
  problems({ files, fields: { integration = [], configuration = {}, settings } }) {
    const names = files.map(({ name }) => name)
    const placed = integration.map(({ file }) => file)
    return [
      ...(settings === undefined || (placed.includes(settings) && settings.endsWith('.json'))
        ? []
        : [{ path: ['settings'], message: `names ${settings}, which is no JSON file that integration puts in place`, allowed: placed.filter((file) => file.endsWith('.json')) }]),
      ...integration.flatMap(({ target }, i) => {
        const why = siteTargetRefusal(target)
        return why === undefined ? [] : [{ path: ['integration', i, 'target'], message: `is ${JSON.stringify(target)}, where no module may write: ${why}` }]
      }),
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

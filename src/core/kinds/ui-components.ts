import * as z from 'zod'
import { componentSkeleton, copiesBeside, frameworkProblems, frameworks, propsSchema, sourceModule, sourceTypes } from './code-files.ts'
import { fillComponent } from './fill-component.ts'
import { defineKind, textOf } from './kind.ts'

export const uiComponents = defineKind({
  name: 'ui-components',
  summary: 'Components of a user interface.',
  groups: ['buttons', 'forms', 'cards', 'navigation', 'modals'],
  fields: {
    framework: z.enum(frameworks),
    code: z.string().min(1).describe('The file of the component.'),
    styles: z.string().min(1).optional().describe('A style sheet beside it.'),
    props: propsSchema,
    examples: z
      .array(z.strictObject({ name: z.string().optional(), props: z.record(z.string(), z.unknown()).default({}), content: z.string().optional() }))
      .optional(),
    accessibility: z
      .strictObject({ role: z.string().optional(), keyboard: z.array(z.string()).optional(), notes: z.string().optional() })
      .optional(),
  },
  gives: 'the component, by the framework of the host',
  verbs: ['use', 'customize'],
  siteList: 'uiComponents',
  accepts: ({ fields: { props = [] } }) => ({ props, slots: [{ name: 'default' }] }),
  place({ id, files, fields: { framework, code, props = [] } }, wish) {
    const filled = fillComponent({ id, framework, code: textOf(files[0]!), props, slots: ['default'] }, wish, false)
    return copiesBeside(files, filled, wish.target ?? `src/components/${code}`)
  },
  frameworks,
  contentFiles: ({ code, styles }) => [code, ...(styles === undefined ? [] : [styles])],
  problems: ({ fields: { framework, code } }) => frameworkProblems(framework, code),
  module: (item) => sourceModule(item, 'default'),
  types: (item, importPath) => sourceTypes(item, 'default', importPath),
  skeleton({ group, name, framework }) {
    const { item, files } = componentSkeleton(framework, name, tagOfGroup[group]!)
    return { item: `framework: ${framework}\n${item}examples:\n  - { props: { label: Send } }\n`, files: files! }
  },
  represent: ({ fields: { framework, props = [] } }) => `Component of ${framework}${props.length > 0 ? `, props ${props.map(({ name }) => name).join(', ')}` : ''}`,
})

const tagOfGroup: Readonly<Record<string, string>> = { buttons: 'button', forms: 'form', cards: 'article', navigation: 'nav', modals: 'dialog' }

import * as z from 'zod'
import { componentSkeleton, copiesBeside, frameworkOf, frameworks, propsSchema, sourceModule, sourceTypes } from './code-files.ts'
import { fillComponent } from './fill-component.ts'
import { defineKind, textOf } from './kind.ts'

const typeOfGroup: Readonly<Record<string, string>> = { pages: 'page', sections: 'section', layouts: 'layout' }
const folderOfGroup: Readonly<Record<string, string>> = { pages: 'src/pages', sections: 'src/components', layouts: 'src/layouts' }

export const templates = defineKind({
  name: 'templates',
  summary: 'Pages, sections and layouts to begin with.',
  groups: ['pages', 'sections', 'layouts'],
  fields: {
    type: z.enum(['page', 'section', 'layout']).optional().describe('Follows from the group; need not be written.'),
    code: z.string().min(1).describe('The file of the component.'),
    slots: z.array(z.strictObject({ name: z.string().min(1), description: z.string().optional() })).optional(),
    props: propsSchema,
    target: z.string().min(1).optional().describe('Where `use` puts it, relative to the site. Default: `src/pages`, `src/components` or `src/layouts`.'),
    rating: z.number().min(0).max(5).optional(),
    downloads: z.number().int().min(0).optional(),
  },
  gives: 'the component, by the framework of the host',
  verbs: ['use', 'customize'],
  siteList: 'templates',
  accepts: ({ fields: { props = [], slots = [] } }) => ({ props, slots }),
  place({ id, group, files, fields: { code, props = [], slots = [], target } }, wish) {
    const component = { id, framework: frameworkOf(code)!, code: textOf(files[0]!), props, slots: slots.map(({ name }) => name) }
    const filled = fillComponent(component, wish, group === 'pages')
    return copiesBeside(files, filled, wish.target ?? target ?? `${folderOfGroup[group]!}/${code}`)
  },
  frameworks,
  contentFiles: ({ code }) => [code],
  problems({ group, fields: { type, code } }) {
    if (type !== undefined && type !== typeOfGroup[group]) return [{ path: ['type'], message: `must be ${typeOfGroup[group]} in the group ${group}` }]
    if (!frameworkOf(code)) return [{ path: ['code'], message: `is ${code}, which is no file of ${frameworks.join(', ')}` }]
    return []
  },
  module: (item) => sourceModule(item, 'default'),
  types: (item, importPath) => sourceTypes(item, 'default', importPath),
  skeleton({ group, name, framework }) {
    const { item, files } = componentSkeleton(framework, name, group === 'sections' ? 'section' : 'main')
    return { item: `type: ${typeOfGroup[group]}\n${item}slots: []\n`, files: files! }
  },
  represent: ({ fields: { code, props = [] } }) => `Template in ${frameworkOf(code)}${props.length > 0 ? `, props ${props.map(({ name }) => name).join(', ')}` : ''}`,
})

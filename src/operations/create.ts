import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { libraryKinds } from '../core/kinds/index.ts'
import { placeOfName, requireKind, titleOf, type ItemPlace } from '../core/kinds/item-id.ts'
import { didYouMean } from '../core/near.ts'
import { placeNewItem } from './new-item.ts'
import { defineOperation } from './operation.ts'

const frameworkUnknown = defineError('FRAMEWORK_UNKNOWN', {
  summary: 'A new item was asked for in a framework that its kind is not made for.',
  message: (d: { kind: string; framework: string; allowed: readonly string[] }) =>
    d.allowed.length === 0
      ? `Items of the kind ${d.kind} belong to no framework.`
      : `${d.kind} has no framework ${JSON.stringify(d.framework)}; allowed: ${d.allowed.join(', ')}.`,
  hint: (d) => (d.allowed.length === 0 ? 'Leave --framework out.' : didYouMean(d.framework, d.allowed)),
  exit: 2,
})

export default defineOperation({
  input: z.strictObject({
    kind: z.string().min(1).describe(`Kind of the item: ${libraryKinds.map(({ name }) => name).join(', ')}.`),
    name: z.string().min(1).describe('Group and name, e.g. colors/brand.'),
    framework: z.string().optional().describe('For components and templates: astro, react, vue or svelte.'),
    description: z.string().optional().describe('What it is and when to use it.'),
    tags: z.array(z.string()).optional().describe('Tags, separated by commas.'),
  }),
  output: z.object({
    ref: z.string(),
    files: z.array(z.string()).describe('Files that were written, relative to the root.'),
  }),
  positional: ['kind', 'name'],
  effect: 'write',
  example: 'assetloom create design-tokens colors/brand',
  async run(input, { workspace }) {
    const kind = requireKind(input.kind)
    const { frameworks = [] } = kind
    if (input.framework !== undefined && !frameworks.includes(input.framework))
      throw frameworkUnknown({ kind: kind.name, framework: input.framework, allowed: frameworks })
    const place = placeOfName(kind, input.name)
    const { group, name } = place
    const skeleton = kind.skeleton({ group, name, framework: input.framework ?? frameworks[0] ?? '' })
    const file = workspace.library.fileOf(place.id)
    const contents = new Map(Object.entries(skeleton.files ?? {}).map(([one, text]) => [one, new TextEncoder().encode(text)]))
    const own = new TextEncoder().encode(headText(place, input.description, input.tags) + skeleton.item)
    const read = await workspace.library.check(file, own, contents)

    return { ref: place.id, files: await placeNewItem(place, read, own, contents, workspace) }
  },
  present: ({ ref, files }) => [`✓ ${ref}`, ...files.map((file) => `  ${file}`), `  import item from "asset:${ref}"`].join('\n'),
})

function headText({ name }: ItemPlace, description: string | undefined, tags: readonly string[] | undefined): string {
  return [
    `name: ${JSON.stringify(titleOf(name))}`,
    ...(description ? [`description: ${JSON.stringify(description)}`] : []),
    'version: "1.0.0"',
    ...(tags?.length ? [`tags: [${tags.map((tag) => JSON.stringify(tag)).join(', ')}]`] : []),
    '',
  ].join('\n')
}

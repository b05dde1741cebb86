import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import * as z from 'zod'
import { contentHash } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import { libraryKinds } from '../core/kinds/index.ts'
import { placeOfName, requireKind, type ItemPlace } from '../core/kinds/item-id.ts'
import { didYouMean } from '../core/near.ts'
import { foldedName, nameCollision } from '../core/names.ts'
import type { Workspace } from '../workspace.ts'
import { refreshSources, requireFree } from './asset-change.ts'
import { recordItems } from './library-items.ts'
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

    const written = new Map([[file, own], ...[...contents].map(([one, bytes]) => [`${dirname(file)}/${one}`, bytes] as const)])
    const staged = new Map<string, string>()
    try {
      for (const [path, bytes] of written) staged.set(path, await workspace.stageBytes(bytes, contentHash(bytes)))
      workspace.manifest.update((draft, changes) => {
        for (const path of written.keys()) {
          requireFree(path, workspace)
          requireOwnName(path, place, Object.keys(draft.assets), workspace)
          changes.place(staged.get(path)!, resolve(workspace.options.root, path))
        }
        recordItems(draft, [read], workspace)
      })
    } finally {
      for (const temporary of staged.values()) workspace.dropTemporary(temporary)
    }
    await refreshSources(workspace)
    return { ref: place.id, files: [...written.keys()] }
  },
  present: ({ ref, files }) => [`✓ ${ref}`, ...files.map((file) => `  ${file}`), `  import item from "asset:${ref}"`].join('\n'),
})

function headText({ name }: ItemPlace, description: string | undefined, tags: readonly string[] | undefined): string {
  const title = name.replace(/[-_]+/g, ' ').replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())
  return [
    `name: ${JSON.stringify(title)}`,
    ...(description ? [`description: ${JSON.stringify(description)}`] : []),
    'version: "1.0.0"',
    ...(tags?.length ? [`tags: [${tags.map((tag) => JSON.stringify(tag)).join(', ')}]`] : []),
    '',
  ].join('\n')
}

/** @throws NAME_COLLISION with an item, or a file, whose name differs in capital letters only */
function requireOwnName(path: string, { id }: ItemPlace, refs: readonly string[], workspace: Workspace): void {
  const other = refs.find((ref) => foldedName(ref) === foldedName(id))
  if (other !== undefined) throw nameCollision({ name: id, first: other })
  const twin = workspace.library.list().find((file) => foldedName(file) === foldedName(path))
  if (twin !== undefined && !existsSync(resolve(workspace.options.root, path))) throw nameCollision({ name: path, first: twin })
}

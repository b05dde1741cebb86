import * as z from 'zod'
import { libraryKinds } from '../core/kinds/index.ts'
import { didYouMean } from '../core/near.ts'
import { fold } from '../core/search-text.ts'
import { entryRowSchema, rowLine, rowsOf, type EntryRow } from './entry-row.ts'
import { defineOperation, type OperationContext } from './operation.ts'

/** A person who chooses sees no more than these in one list; they type to narrow it. */
const mostChoices = 2000

export default defineOperation({
  input: z.strictObject({
    category: z.string().optional().describe('A category, a kind, or the beginning of ids, e.g. ai-prompts/design.'),
    tags: z.array(z.string()).default([]).describe('Only assets with all of these tags.'),
    page: z.number().int().min(1).default(1).describe('Which page.'),
    pageSize: z.number().int().min(1).max(1000).default(50).describe('Assets per page.'),
  }),
  output: z.object({
    total: z.number().int().describe('On all pages.'),
    assets: z.array(entryRowSchema).describe('Of this page, group by group; with a terminal, the chosen one.'),
    pages: z.number().int(),
    hint: z.string().optional().describe('Which categories have a name near to one that holds nothing.'),
  }),
  positional: ['category'],
  effect: 'read',
  example: 'assetloom browse Logos',
  async run(input, context) {
    const { workspace, choose } = context
    const search = await workspace.search()
    const { refs } = search.filter({ tags: input.tags })
    const within = input.category === undefined ? refs : await refsWithin(input.category, refs, context)
    const rows = rowsOf(workspace, within)
    const groups = grouped(rows)
    const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, group]) => group)
    const hint = sorted.length === 0 && input.category !== undefined ? await elsewhere(input.category, context) : undefined
    const page = { total: sorted.length, pages: Math.max(1, Math.ceil(sorted.length / input.pageSize)), ...(hint && { hint }) }
    if (choose && sorted.length > 0) {
      const picked = await pick(groups, choose)
      if (picked) workspace.counters.add(picked.ref, 'views')
      return { ...page, assets: picked ? [picked] : [] }
    }
    const from = (input.page - 1) * input.pageSize
    return { ...page, assets: sorted.slice(from, from + input.pageSize) }
  },
  pictured: ({ assets }) => (assets.length === 1 ? assets[0] : undefined),
  present({ total, assets, pages, hint }, { page }) {
    if (total === 0) return `Nothing here. ${hint ?? 'assetloom categories lists the categories.'}`
    if (page > pages) return `There is no page ${page}; the last is ${pages}.`
    const groups = grouped(assets)
    return [
      ...[...groups].flatMap(([group, rows]) => [group, ...rows.map((row) => `  ${rowLine(row)}`)]),
      ...(pages > 1 && assets.length > 1 ? [`page ${page} of ${pages}, ${total} assets`] : []),
    ].join('\n')
  },
})

async function refsWithin(name: string, refs: readonly string[], { workspace }: OperationContext): Promise<string[]> {
  const search = await workspace.search()
  const inside = new Set([...search.filter({ category: [name] }).refs, ...search.filter({ kind: [name] }).refs])
  const beginning = `${fold(name).replace(/\/$/, '')}/`
  return refs.filter((ref) => inside.has(ref) || ref.startsWith(beginning))
}

/** What there is instead: a category spelled nearly so, or, of a kind that the project has none of, the starter library. */
async function elsewhere(name: string, { workspace }: OperationContext): Promise<string | undefined> {
  const categories = workspace.words().categories.map((category) => category.name)
  const present = rowsOf(workspace, Object.keys(workspace.manifest.read().assets)).map(groupOf)
  const kinds = libraryKinds.map((kind) => kind.name)
  if (!kinds.includes(name)) return didYouMean(name, new Set([...categories, ...kinds, ...present]))
  const { starter } = await workspace.sites()
  const places = starter.list().map(starter.placeOf)
  const ids = places.filter(({ kind }) => kind.name === name).map(({ id }) => id)
  return ids.length > 0 ? `The starter library has ${ids.join(', ')}.` : undefined
}

function grouped(rows: readonly EntryRow[]): Map<string, EntryRow[]> {
  const groups = new Map<string, EntryRow[]>()
  for (const row of rows) {
    const group = groupOf(row)
    const known = groups.get(group)
    if (known) known.push(row)
    else groups.set(group, [row])
  }
  return groups
}

/** The category; of a library asset the folder of its id. */
function groupOf(row: EntryRow): string {
  return row.category ?? (row.id?.includes('/') ? row.id.slice(0, row.id.lastIndexOf('/')) : row.kind)
}

async function pick(
  groups: ReadonlyMap<string, EntryRow[]>,
  choose: NonNullable<OperationContext['choose']>,
): Promise<EntryRow | undefined> {
  const names = [...groups.keys()].sort()
  const group =
    names.length === 1
      ? names[0]
      : await choose('Which group?', names.map((name) => ({ value: name, label: `${name} (${groups.get(name)!.length})` })))
  if (group === undefined) return undefined
  const rows = groups.get(group)!
  const ref = await choose(
    'Which asset?',
    rows.slice(0, mostChoices).map((row) => ({ value: row.ref, label: rowLine(row) })),
  )
  return rows.find((row) => row.ref === ref)
}

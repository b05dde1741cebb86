import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { png, run } from '../operations/project.ts'
import { createLibraryProject, type LibraryProject } from './item-project.ts'

/* The parts of the cache that are of the library: compiled prompts, types of items and the search index. */

interface Layer {
  count: number
  bytes: number
}
interface Cache {
  prompts: Layer
  types: Layer
  search: Layer & { embeddings: number }
  damaged: { layer: string; hash: string }[]
  removedRecords: number
}
const prompt = 'ai-prompts/content/greeting'
const agent = 'sub-agents/content/writer'
const tool = 'tools/analyzers/count'

let project: LibraryProject
beforeEach(async () => {
  project = createLibraryProject()
  project.write('in/mark.png', await png(1))
  await run(project, 'import', { files: ['in/mark.png'], category: 'Logos' })
  for (const ref of [prompt, agent, tool]) await project.create(ref.slice(0, ref.indexOf('/')), ref.slice(ref.indexOf('/') + 1))
})
afterEach(() => project.remove())

const cache = (command: string, input: Record<string, unknown> = {}) => run<Cache>(project, `cache ${command}`, input)
const search = async (query: string) => (await run<{ results: { ref: string }[] }>(project, 'search', { query })).results.map(({ ref }) => ref)
const greeting = async () => (await project.load(`import greet from "asset:${prompt}"\nexport const text = greet({ topic: "tea" }).trim()`)).text
/** Write into the state database as no command does. */
function tamper(sql: string): void {
  const db = new DatabaseSync(project.path('.assetloom/state.db'))
  db.exec(sql)
  db.close()
}

it('stats tells of compiled prompts, types and the search index', async () => {
  expect(await cache('stats')).toMatchObject({ prompts: { count: 0, bytes: 0 }, search: { count: 0, bytes: 0, embeddings: 0 } })
  await greeting()
  await search('greeting')
  const { prompts, types, search: index } = await cache('stats')
  expect(prompts).toMatchObject({ count: 1 })
  // Of the present state, and of the version that it is.
  expect(types.count).toBe(6)
  expect(index.count).toBe(4)
  for (const { bytes } of [prompts, types, index]) expect(bytes).toBeGreaterThan(100)
})

it('precompile makes prompts; an import of one that did not change takes it as it was made', async () => {
  expect(await cache('precompile', { refs: [prompt, agent, tool] })).toMatchObject({ made: 2, failed: [] })
  expect(await cache('precompile', { refs: [prompt, agent] })).toMatchObject({ made: 0, assets: [{ files: 1 }, { files: 1 }] })
  tamper(`UPDATE cache_index SET value = replace(value, 'Write a short', 'Sing a short') WHERE key LIKE 'prompt:%'`)
  expect(await greeting()).toBe('Sing a short text about tea in a friendly tone.')
  // An edit shows whatever is kept.
  const file = `assets/library/${prompt}.asset.yaml`
  project.write(file, project.read(file).toString().replace('Write a short', 'Write a long'))
  expect(await greeting()).toBe('Write a long text about tea in a friendly tone.')
})

it('verify finds a prompt that is not what its item is compiled to', async () => {
  await cache('precompile', { refs: [prompt] })
  expect(await cache('verify')).toMatchObject({ damaged: [] })
  tamper(`UPDATE cache_index SET value = replace(value, 'Write a short', 'Sing a short') WHERE key LIKE 'prompt:%'`)
  expect((await cache('verify')).damaged).toEqual([{ layer: 'prompts', hash: project.manifest().assets[prompt]!.digest }])
  expect(await greeting()).toBe('Write a short text about tea in a friendly tone.')
})

it.each([
  ['a document that the full text has and the tables have not', 'DELETE FROM search_docs WHERE id = 1'],
  ['a document of another state of the asset', `UPDATE search_docs SET digest = 'other' WHERE id = 1`],
  ['facets of a document that are gone', 'DELETE FROM search_codes'],
  ['a full text that has lost a document', 'DELETE FROM search_text WHERE rowid = 2'],
])('verify finds %s in the search index, which is made anew', async (_, sql) => {
  expect(await search('greeting')).toEqual([prompt])
  expect(await cache('verify')).toMatchObject({ damaged: [], search: { count: 4 } })
  tamper(sql)
  expect((await cache('verify')).damaged).toMatchObject([{ layer: 'search' }])
  expect(await search('greeting')).toEqual([prompt])
  expect(await cache('verify')).toMatchObject({ damaged: [], search: { count: 4 } })
})

it('invalidate drops what was compiled of one item, and has it read anew by the search', async () => {
  await cache('precompile', { refs: [prompt, agent] })
  await search('greeting')
  tamper(`UPDATE search_docs SET name = 'nothing'`)
  expect(await cache('invalidate', { ref: prompt })).toMatchObject({ removedRecords: 3 })
  expect(await cache('stats')).toMatchObject({ prompts: { count: 1 }, types: { count: 4 } })
  await search('greeting')
  const db = new DatabaseSync(project.path('.assetloom/state.db'))
  expect(db.prepare(`SELECT count(*) AS count FROM search_docs WHERE name = 'nothing'`).get()).toEqual({ count: 3 })
  db.close()
})

it('optimize gives up what was compiled of earlier states and rested, clear drops all of it', async () => {
  await cache('precompile', { refs: [prompt] })
  await run(project, 'update', { ref: prompt, description: 'Other' })
  await cache('precompile', { refs: [prompt] })
  expect(await cache('optimize')).toMatchObject({ prompts: { count: 2 } })
  tamper(`UPDATE cache_index SET used_at_ms = 0`)
  expect(await cache('optimize')).toMatchObject({ prompts: { count: 1 } })
  expect(await search('greeting')).toEqual([prompt])
  expect(await cache('clear')).toMatchObject({ prompts: { count: 0 }, types: { count: 0 }, search: { count: 0 } })
  expect(await search('greeting')).toEqual([prompt])
})

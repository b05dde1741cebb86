import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libraryKind } from '../../src/core/kinds/index.ts'
import { createLibraryFiles } from '../../src/store/library-files.ts'
import { startChatServer } from '../fakes/chat.ts'
import { createProject, png, run, type TestProject } from '../operations/project.ts'
import { repository } from '../project.ts'

/* Each starter item that can be run or tested is, by the commands, in a project that has copied the library. */

const library = createLibraryFiles({ root: repository, folder: 'library' })
const ids = (verb: string) =>
  library.list().map((file) => library.placeOf(file)).filter(({ kind }) => kind.verbs.includes(verb) && kind.use).map(({ id }) => id)

let project: TestProject
beforeAll(async () => {
  project = createProject()
  project.write('package.json', '{ "name": "site", "type": "module" }')
  mkdirSync(project.path('node_modules'))
  symlinkSync(join(repository, 'node_modules/sharp'), project.path('node_modules/sharp'), 'junction')
  cpSync(join(repository, 'library'), project.path('assets/library'), { recursive: true })
  await run(project, 'sync', {})
})
afterAll(() => project?.remove())

describe('test', () => {
  it.each(ids('test'))('%s passes its examples', async (id) => {
    const { examples, failed } = await run<{ examples: { problems: string[] }[]; failed: number }>(project, 'test', { ref: id })
    expect(examples.flatMap(({ problems }) => problems)).toEqual([])
    expect(failed).toBe(0)
  })
})

describe('run', () => {
  it.each(ids('run'))('%s gives a result for the first of its examples', async (id) => {
    const { item } = await library.read(library.fileOf(id))
    const { input, output: expected } = libraryKind(item.kind)!.examples!(item)[0]!
    const { output } = await run<{ output: unknown }>(project, 'run', { ref: id, input: JSON.stringify(input) })
    if (typeof expected === 'object' && expected !== null) expect(output).toMatchObject(expected)
    else expect(output).toBeTypeOf('string')
  })

  it.each<[string, Record<string, string>, object]>([
    ['workflows/development/check-palette', {}, { passes: true }],
    ['workflows/content/prepare-article', { text: 'Bees visit flowers. They gather nectar. Somebody laughed.', subject: 'Bees' }, { minutes: 1, altProblems: [], prompt: expect.stringContaining('Subject: Bees') as string }],
    ['workflows/content/prepare-article', { text: 'Bees.', subject: 'Bees', picture: 'bee.png', alt: 'Image of a bee' }, { summary: 'Bees.', altProblems: [expect.stringContaining('Image of') as string], picture: 'bee.png.webp' }],
    ['workflows/maintenance/accessibility-round', {}, {}],
  ])('%s with %j comes to its end', async (ref, param, outputs) => {
    project.write('bee.png', await png(3))
    expect(await run(project, 'run', { ref, param }, {}, { confirm: async () => true })).toMatchObject({ status: 'completed', outputs })
  })

  it.each([
    ['agent-workflows/content-generation/article', { topic: 'bees' }, 5],
    ['agent-workflows/page-creation/landing-page', { subject: 'bees' }, 4],
  ])('%s asks its agents', async (ref, param, calls) => {
    const chat = await startChatServer()
    chat.otherwise = ({ messages }) => `Answer to: ${messages[0]!.content!.slice(0, 30)}`
    const answered = await run(project, 'run', { ref, param }, { llm: { baseURL: chat.baseURL, model: 'small' } })
    await chat.close()
    expect(answered).toMatchObject({ status: 'completed' })
    expect(chat.calls).toHaveLength(calls)
    expect(chat.calls.at(-1)!.messages[1]!.content).toContain('read_result')
  })

  it('covers what ships', () => {
    expect(ids('run').length).toBeGreaterThanOrEqual(8)
    expect(ids('test').length).toBeGreaterThanOrEqual(18)
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { libraryKinds } from '../../src/core/kinds/index.ts'
import { createLibraryProject, type LibraryProject } from '../library/item-project.ts'
import { repository, runNode, cliPath } from '../project.ts'

/* What a page says is done, word for word, in an empty project. */

const folder = join(repository, 'docs/kinds')
const pages = readdirSync(folder).map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
const blocks = (text: string, language: string) => [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code!)
/** The last block of code is the module of the site; one before it may be a content file. */
const moduleOf = (text: string) => blocks(text, 'ts').at(-1)!

let project: LibraryProject
beforeAll(async () => {
  project = createLibraryProject()
  for (const { text } of pages)
    for (const line of blocks(text, 'sh').join('').trim().split('\n')) {
      const { code, stderr } = await runNode([cliPath, ...line.split(' ').slice(1)], project.root)
      expect({ code, stderr }, line).toEqual({ code: 0, stderr: '' })
    }
}, 120_000)
afterAll(() => project?.remove())
afterEach(() => void vi.restoreAllMocks())

it('every kind has a page', () => {
  expect(pages.map(({ file }) => file).sort()).toEqual(libraryKinds.map(({ name }) => `${name.replaceAll('/', '-')}.md`).sort())
})

describe.each(pages)('docs/kinds/$file', ({ text }) => {
  it('shows the item that create writes', () => {
    const [, file] = /^writes `(\S+)`/m.exec(text)!
    expect(readFileSync(project.path(file!), 'utf8')).toContain(blocks(text, 'yaml')[0]!.split('\n').slice(1).join('\n').trim())
  })

  it('has an example that runs and prints what it says', async () => {
    const code = moduleOf(text)
    const said = [...code.matchAll(/^console\.log\(.*\) \/\/ (.*)$/gm)].map(([, output]) => output)
    expect(said.length).toBeGreaterThan(0)
    const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
    await project.load(code)
    expect(printed.mock.calls.map(([value]: unknown[]) => String(value))).toEqual(said)
  })
})

it('the examples have no type errors', async () => {
  const errors = await project.typeErrors(Object.fromEntries(pages.map(({ file, text }) => [file.replace('.md', ''), moduleOf(text)])))
  expect(errors).toEqual({})
})

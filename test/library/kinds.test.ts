import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libraryKinds } from '../../src/core/kinds/index.ts'
import { run } from '../operations/project.ts'
import { createLibraryProject, until, watching, type LibraryProject } from './item-project.ts'

/** What is special about a kind: what its skeleton gives, and an edit that shows. */
interface Expectation {
  group: string
  framework?: string
  /** An expression over the import `x`, and what it is; also its type, where that is literal. */
  shows: [expression: string, value: unknown, type?: string]
  /** Text in one of its files, and what takes its place. */
  edit: [from: string, to: string]
  /** The same expression after the edit. */
  then: unknown
}

const expectations: Record<string, Expectation> = {
  'design-tokens': { group: 'colors', shows: ['x.primary', '#2563eb', '"#2563eb"'], edit: ['hex: "#2563eb"', 'hex: "#ff6b35"'], then: '#ff6b35' },
  'ai-prompts': { group: 'content', shows: ['x({ topic: "tea" }).trim()', 'Write a short text about tea in a friendly tone.', 'string'], edit: ['Write a short', 'Write a long'], then: 'Write a long text about tea in a friendly tone.' },
  'style-prompts': { group: 'brand', shows: ['x({}).trim()', 'Flat shapes, calm colours, much empty space.', 'string'], edit: ['Flat shapes', 'Round shapes'], then: 'Round shapes, calm colours, much empty space.' },
  'templates': { group: 'sections', framework: 'react', shows: ['x({ label: "Hi" }).props.children', 'Hi'], edit: ['{label}', '{label + "!"}'], then: 'Hi!' },
  'ui-components': { group: 'buttons', framework: 'react', shows: ['x({ label: "Send" }).type', 'button'], edit: ['<button className="sample">{label}</button>', '<a>{label}</a>'], then: 'a' },
  'workflows': { group: 'content', shows: ['x.steps[1].id', 'publish', '"publish"'], edit: ['id: publish', 'id: release'], then: 'release' },
  'modules': { group: 'blog', shows: ['x.configuration.title.default', 'Untitled', '"Untitled"'], edit: ['default: Untitled', 'default: Blog'], then: 'Blog' },
  'tools': { group: 'analyzers', shows: ['await x({ text: "one two" })', { words: 2 }, '{ words: number }'], edit: ['.filter(Boolean).length', '.filter(Boolean).length * 10'], then: { words: 20 } },
  'configs/global': { group: 'build', shows: ['x.config.minify', true, 'true'], edit: ['minify: true', 'minify: false'], then: false },
  'configs/site-templates': { group: 'blog', shows: ['x.config.title', 'My site', '"My site"'], edit: ['My site', 'My blog'], then: 'My blog' },
  'configs/deployment': { group: 'vercel', shows: ['x.buildSettings.output', 'dist', '"dist"'], edit: ['output: dist', 'output: out'], then: 'out' },
  'agent-workflows': { group: 'seo', shows: ['x.steps[0].prompt', 'Write a draft', '"Write a draft"'], edit: ['Write a draft', 'Write two drafts'], then: 'Write two drafts' },
  'sub-agents': { group: 'content', shows: ['x.prompt.trim()', 'You are Sample. You are good at writing.', 'string'], edit: ['[writing]', '[writing, tea]'], then: 'You are Sample. You are good at writing, tea.' },
  'agent-skills': { group: 'analysis', shows: ['await x({ text: "one two" })', { words: 2 }, '{ words: number }'], edit: ['.filter(Boolean).length', '.filter(Boolean).length * 10'], then: { words: 20 } },
}

const kinds = libraryKinds.map((kind) => [kind.name, kind] as const)
let project: LibraryProject
beforeAll(() => {
  project = createLibraryProject()
})
afterAll(() => project.remove())

describe('every kind', () => {
  it('has an expectation here', () => {
    expect(Object.keys(expectations).sort()).toEqual(kinds.map(([name]) => name).sort())
  })

  it.each(kinds)('%s: a new item of each group is valid', async (name, kind) => {
    for (const group of kind.groups) {
      const { ref, files } = await project.create(name, `${group}/sample`, { framework: expectations[name]!.framework })
      expect(ref).toBe(`${name}/${group}/sample`)
      for (const file of files) expect(project.files('assets/library')).toContain(file)
      expect(project.manifest().assets[ref]).toMatchObject({ kind: name, id: ref, version: '1.0.0', digest: expect.stringMatching(/^sha256:/) })
    }
    const { findings } = await run<{ findings: { severity: string; ref: string }[] }>(project, 'validate', { refs: [`${name}/*/*`] })
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([])
  })

  it('is imported by a build', async () => {
    const imports = kinds.map(([name], i) => `import x${i} from "asset:${name}/${expectations[name]!.group}/sample"\nexport const v${i} = await (async (x) => ${expectations[name]!.shows[0]})(x${i})`)
    const module = await project.load(imports.join('\n'))
    for (const [i, [name]] of kinds.entries()) expect(module[`v${i}`], name).toEqual(expectations[name]!.shows[1])
  })

  it('is typed; an unknown item is a type error', async () => {
    const files: Record<string, string> = {}
    for (const [i, [name]] of kinds.entries()) {
      const { group, shows } = expectations[name]!
      const ref = `${name}/${group}/sample`
      const assert = 'type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false'
      files[`known${i}`] = `import x from "asset:${ref}"\n${assert}\nconst value = ${shows[0]}\nexport const same: Same<typeof value, ${shows[2] ?? 'typeof value'}> = true\nexport const isAny: Same<typeof x, any> = false\n`
      files[`unknown${i}`] = `import x from "asset:${ref}s"\nexport { x }\n`
    }
    const errors = await project.typeErrors(files)
    expect(Object.keys(errors).sort()).toEqual(kinds.map((_, i) => `unknown${i}`).sort())
  })

  it('follows an edit in the dev server, and goes when it is deleted', async () => {
    const server = await project.serve()
    try {
      await server.listen()
      await watching()
      for (const [i, [name]] of kinds.entries()) {
        const { group, shows, edit, then } = expectations[name]!
        const ref = `${name}/${group}/sample`
        project.write(`src/dev-${i}.js`, `import x from "asset:${ref}"\nexport const value = await (${shows[0]})\n`)
        const value = async () => ((await server.ssrLoadModule(`/src/dev-${i}.js`)) as { value: unknown }).value
        expect(await value(), name).toEqual(shows[1])
        const before = project.manifest().assets[ref]!
        const file = [before.file!, ...(before.files ?? []).map((one) => one.file)].find((one) => readFileSync(project.path(one), 'utf8').includes(edit[0]))!
        project.write(file, readFileSync(project.path(file), 'utf8').replace(edit[0], edit[1]))
        expect(await until(value, (now) => JSON.stringify(now) === JSON.stringify(then)), name).toEqual(then)
        const digest = await until(() => project.manifest().assets[ref]!.digest, (now) => now !== before.digest)
        expect(digest, `${name} is recorded anew`).not.toBe(before.digest)
      }
    } finally {
      await server.close()
    }
    for (const [name] of kinds) {
      const ref = `${name}/${expectations[name]!.group}/sample`
      for (const file of project.files('src')) rmSync(project.path(file))
      const { files } = await run<{ files: string[] }>(project, 'delete', { ref })
      expect(files.length).toBeGreaterThan(0)
      expect(project.manifest().assets[ref]).toBeUndefined()
      for (const file of files) expect(project.files('assets')).not.toContain(file)
      await expect(project.load(`export { default } from "asset:${ref}"`)).rejects.toThrow(/There is no asset/)
    }
  })
})

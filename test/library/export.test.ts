import { basename, extname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { libraryKinds } from '../../src/core/kinds/index.ts'
import { createProject, run, type TestProject } from '../operations/project.ts'

interface Exported {
  exported: { ref: string; files: string[] }[]
  failed: { ref: string; code: string }[]
}

let project: TestProject
beforeEach(() => {
  project = createProject()
})
afterEach(() => project.remove())

describe('export of library items', () => {
  it.each(libraryKinds.map((kind) => [kind.name, kind] as const))('%s: every file, bytes as they are, as often as one likes', async (_name, kind) => {
    const { ref, files } = await run<{ ref: string; files: string[] }>(project, 'create', { kind: kind.name, name: `${kind.groups[0]}/sample` })
    const first = await run<Exported>(project, 'export', { refs: [ref, 'out'] })
    const stem = ref.replaceAll('/', '-')
    const names = files.map((file) => (file.endsWith('.asset.yaml') ? `${stem}.yaml` : basename(file)))
    expect(first).toMatchObject({ exported: [{ ref, files: names.map((name) => project.path(`out/${name}`)) }], failed: [] })
    expect(project.files('out')).toEqual([...names, `${stem}.json`].map((name) => `out/${name}`).sort())
    for (const [i, name] of names.entries()) expect(project.read(`out/${name}`)).toEqual(project.read(files[i]!))
    expect(await run(project, 'export', { refs: [ref, 'out'] })).toMatchObject({ failed: [] })
  })

  it('content files of one extension stand side by side, in their folders', async () => {
    const item = 'assets/library/modules/blog/posts.asset.yaml'
    project.write(item, 'version: "1.0.0"\nfiles: [a.ts, parts/a.ts]\nintegration:\n  - { file: a.ts, target: src/a.ts }\n')
    project.write('assets/library/modules/blog/a.ts', 'export const a = 1\n')
    project.write('assets/library/modules/blog/parts/a.ts', 'export const a = 2\n')
    await run(project, 'sync', {})
    expect(await run(project, 'export', { refs: ['modules/blog/posts', 'out'] })).toMatchObject({ failed: [] })
    expect(project.read('out/a.ts').toString()).toBe('export const a = 1\n')
    expect(project.read('out/parts/a.ts').toString()).toBe('export const a = 2\n')
  })

  it('two items with other files of one name are not mixed, even with --force', async () => {
    for (const group of ['buttons', 'cards']) await run(project, 'create', { kind: 'ui-components', name: `${group}/one`, framework: 'react' })
    const [first, second] = ['buttons', 'cards'].map((group) => project.manifest().assets[`ui-components/${group}/one`]!.files![0]!.file)
    expect(basename(first!)).toBe(basename(second!))
    project.write(second!, `${project.read(second!).toString()}// another\n`)
    await run(project, 'sync', {})
    const result = await run<Exported>(project, 'export', { refs: ['ui-components/*/one', 'out'], force: true })
    expect(result.failed).toMatchObject([{ ref: 'ui-components/cards/one', code: 'EXPORT_SHARED_NAME' }])
    expect(project.read(`out/one${extname(first!)}`)).toEqual(project.read(first!))
  })

  it('of files that were changed since is refused', async () => {
    const { ref, files } = await run<{ ref: string; files: string[] }>(project, 'create', { kind: 'tools', name: 'validators/check' })
    project.write(files[1]!, 'export const execute = () => 1\n')
    expect(await run(project, 'export', { refs: [ref, 'out'] })).toMatchObject({ exported: [], failed: [{ ref, code: 'ASSET_FILE_CHANGED' }] })
  })
})

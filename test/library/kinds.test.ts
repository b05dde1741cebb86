import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libraryKinds } from '../../src/core/kinds/index.ts'
import { run } from '../operations/project.ts'
import { createLibraryProject, until, watching, type LibraryProject } from './item-project.ts'
import { expectations } from './kind-expectations.ts'

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
      const { client } = server.environments
      const told: string[] = []
      const send = client.hot.send.bind(client.hot)
      client.hot.send = ((payload: { type?: string }, ...more: unknown[]) => {
        if (payload.type) told.push(payload.type)
        return (send as (...all: unknown[]) => void)(payload, ...more)
      }) as typeof send
      /** What a browser does that opens a module. */
      const open = async (url: string, seen = new Set<string>()): Promise<void> => {
        if (seen.has(url) || !/asset|src/.test(url)) return
        seen.add(url)
        await client.transformRequest(url)
        for (const { url: next } of (await client.moduleGraph.getModuleByUrl(url))?.importedModules ?? []) await open(next, seen)
      }
      for (const [i, [name]] of kinds.entries()) {
        const { group, shows, edit, then } = expectations[name]!
        const ref = `${name}/${group}/sample`
        project.write(`src/dev-${i}.js`, `import x from "asset:${ref}"\nexport const value = await (${shows[0]})\n`)
        const value = async () => ((await server.ssrLoadModule(`/src/dev-${i}.js`)) as { value: unknown }).value
        expect(await value(), name).toEqual(shows[1])
        await open(`/src/dev-${i}.js`)
        told.length = 0
        const before = project.manifest().assets[ref]!
        const file = [before.file!, ...(before.files ?? []).map((one) => one.file)].find((one) => readFileSync(project.path(one), 'utf8').includes(edit[0]))!
        project.write(file, readFileSync(project.path(file), 'utf8').replace(edit[0], edit[1]))
        expect(await until(value, (now) => JSON.stringify(now) === JSON.stringify(then)), name).toEqual(then)
        expect(await until(() => told.some((type) => type === 'update' || type === 'full-reload'), Boolean), `a page that shows ${name} is told`).toBe(true)
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

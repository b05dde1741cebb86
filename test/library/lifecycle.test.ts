import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libraryKinds } from '../../src/core/kinds/index.ts'
import { run } from '../operations/project.ts'
import { astroConfig, dev, quiet } from '../plugin/astro-site.ts'
import { repository, runNode } from '../project.ts'
import { createLibraryProject, until, type LibraryProject } from './item-project.ts'
import { expectations } from './kind-expectations.ts'

/** An item of every kind with what is expected of it. Components of other frameworks than Astro's need no renderer to be called. */
const samples = libraryKinds.map(({ name: kind }) => {
  const { group, framework, shows, edit, then } = expectations[kind]!
  return { kind, group, framework, edit, ref: `${kind}/${group}/sample`, expression: shows[0], before: shows[1], after: then }
})
/** The kinds whose items are components, as components of Astro. */
const components = samples.filter(({ framework }) => framework !== undefined).map(({ kind, group }) => ({ kind, ref: `${kind}/${group}/of-astro` }))
const refs = [...samples, ...components].map(({ ref }) => ref)

const valuesOf = (some: typeof samples) =>
  some.map(({ ref, expression }, i) => `import x${i} from "asset:${ref}"\nexport const v${i} = await (async (x) => ${expression})(x${i})`).join('\n')

let maker: LibraryProject
let site: LibraryProject
beforeAll(() => {
  maker = createLibraryProject()
  site = createLibraryProject()
})
afterAll(() => {
  maker.remove()
  site.remove()
})

/** What a Vite build makes of every item. */
async function built(project: LibraryProject): Promise<Record<string, unknown>> {
  const module = await project.load(valuesOf(samples))
  return Object.fromEntries(samples.map(({ ref }, i) => [ref, module[`v${i}`]]))
}
const filesOf = (project: LibraryProject) => Object.fromEntries(project.files('assets/library').map((file) => [file, project.read(file).toString('base64')]))
const versionsOf = (project: LibraryProject) => Object.fromEntries(refs.map((ref) => [ref, project.manifest().assets[ref]!.version]))

/** The kinds whose items are no components, and what a page shows of them. */
const plain = samples.filter(({ framework }) => framework === undefined)
const expectedOf = (some: typeof samples, state: 'before' | 'after') => Object.fromEntries(some.map((one) => [one.ref, one[state]]))
function valuesOn(html: string): Record<string, unknown> {
  const text = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(html)?.[1]
  const values = text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>)
  return Object.fromEntries(plain.map(({ ref }, i) => [ref, values[`v${i}`]]))
}

/** Put another text in the place of one, in whichever file of an item it stands. */
function swap(project: LibraryProject, ref: string, from: string, to: string): void {
  const { file, files = [] } = project.manifest().assets[ref]!
  const holder = [file!, ...files.map((one) => one.file)].find((one) => project.read(one).toString().includes(from))!
  project.write(holder, project.read(holder).toString().replace(from, to))
}

describe('the life of an item of every kind', () => {
  it('begins with create', async () => {
    for (const { kind, group, framework } of samples) await maker.create(kind, `${group}/sample`, { framework })
    for (const { kind, ref } of components) await maker.create(kind, ref.slice(kind.length + 1), { framework: 'astro' })
    expect(Object.keys(maker.manifest().assets).sort()).toEqual([...refs].sort())
    expect(await built(maker)).toEqual(expectedOf(samples, 'before'))
  })

  it('goes on with an edit by hand, which sync takes in and version create records', async () => {
    for (const { ref, edit } of samples) swap(maker, ref, edit[0], edit[1])
    const { changed, failed } = await maker.sync()
    expect(failed).toEqual([])
    expect(changed.map(({ ref }) => ref).sort()).toEqual(samples.map(({ ref }) => ref).sort())
    for (const { ref } of samples) await run(maker, 'version create', { ref, message: 'Edited by hand' })
    for (const { ref } of components) await expect(run(maker, 'version create', { ref }), ref).rejects.toMatchObject({ code: 'VERSION_UNCHANGED' })
  })

  it('is imported by a build, with types', async () => {
    expect(await built(maker)).toEqual(expectedOf(samples, 'after'))
    const code = samples.map(({ ref, expression }, i) => `import x${i} from "asset:${ref}"\nexport const v${i} = ${expression.replace(/\bx\b/g, `x${i}`)}`)
    expect(await maker.typeErrors({ every: code.join('\n'), wrong: `import x from "asset:${refs[0]}s"\nexport { x }` })).toEqual({ wrong: ['TS1192'] })
  })

  it('changes by a tool, which is a version', async () => {
    for (const ref of refs) await run(maker, 'update', { ref, description: 'Changed', minor: true })
    expect(maker.manifest().assets[refs[0]!]!.description).toBe('Changed')
    for (const ref of refs) {
      const { versions } = await run<{ versions: { version: string }[] }>(maker, 'versions', { ref })
      expect(versions.length, ref).toBeGreaterThanOrEqual(samples.some((one) => one.ref === ref) ? 3 : 2)
      expect(versions.at(-1)!.version, ref).toBe(maker.manifest().assets[ref]!.version)
      const told = await run<{ isSame: boolean; metadata: { field: string }[]; files: unknown[] }>(maker, 'diff', { before: `${ref}@1.0.0`, after: ref })
      expect(told.metadata.map(({ field }) => field), ref).toContain('description')
      expect(told.files.length, ref).toBeGreaterThan(0)
      expect(await run(maker, 'diff', { before: `${ref}@latest`, after: ref }), ref).toMatchObject({ isSame: true })
    }
  })

  it('goes back to how it began, and forward again', async () => {
    const versions = versionsOf(maker)
    const files = filesOf(maker)
    for (const { ref } of samples) await run(maker, 'rollback', { ref, version: '1.0.0' })
    expect(await built(maker)).toEqual(expectedOf(samples, 'before'))
    for (const { ref } of samples) await run(maker, 'rollback', { ref, version: versions[ref]! })
    expect(await built(maker)).toEqual(expectedOf(samples, 'after'))
    const again = filesOf(maker)
    expect(Object.keys(again)).toEqual(Object.keys(files))
    const { changed, failed } = await maker.sync()
    expect([...changed, ...failed]).toEqual([])
  })

  it('is packed, and installed in an empty project byte for byte', async () => {
    const { file } = await run<{ file: string }>(maker, 'package', { refs, name: 'everything', version: '1.0.0' })
    const { items } = await run<{ items: { ref: string; state: string }[] }>(site, 'install', { source: file })
    expect(items.map(({ ref, state }) => [ref, state])).toEqual([...refs].sort().map((ref) => [ref, 'new']))
    expect(filesOf(site)).toEqual(filesOf(maker))
    expect(versionsOf(site)).toEqual(versionsOf(maker))
    for (const ref of refs) expect(site.manifest().assets[ref]!.digest).toBe(maker.manifest().assets[ref]!.digest)
    expect(await site.sync()).toMatchObject({ added: [], changed: [], missing: [], failed: [] })
    expect(await built(site)).toEqual(expectedOf(samples, 'after'))
  })

  it('is built by Astro, every kind on one page', async () => {
    site.write('astro.config.mjs', astroConfig())
    site.write('src/values.ts', valuesOf(plain).replaceAll('async (x)', 'async (x: any)'))
    site.write('src/pages/index.astro', [
      '---',
      `import * as values from '../values.ts'`,
      ...components.map(({ ref }, i) => `import C${i} from "asset:${ref}"`),
      '---',
      '<html lang="en"><head><title>Kinds</title></head><body>',
      ...components.map((_, i) => `<C${i} label="Tea ${i}" />`),
      '<script is:inline type="application/json" set:html={JSON.stringify(values)} />',
      '</body></html>',
    ].join('\n'))
    const result = await runNode([join(repository, 'node_modules/astro/bin/astro.mjs'), 'build'], site.root, quiet)
    expect(result.code, result.stdout + result.stderr).toBe(0)
    const html = site.read('dist/index.html').toString()
    expect(valuesOn(html)).toEqual(expectedOf(plain, 'after'))
    for (const [i] of components.entries()) expect(html).toMatch(new RegExp(`<(?:section|button)[^>]*>Tea ${i}</`))
  }, 120_000)

  it('is followed by the dev server of Astro', async () => {
    const server = await dev(site)
    try {
      const html = async () => (await server.get()).text
      expect(valuesOn(await html())).toEqual(expectedOf(plain, 'after'))
      for (const { ref } of plain) await run(maker, 'rollback', { ref, version: '1.0.0' })
      for (const { ref } of plain) for (const file of maker.files(`assets/library/${ref.replace(/\/[^/]*$/, '')}`)) site.write(file, maker.read(file))
      for (const { ref } of components) swap(site, ref, '{label}', '{label} with milk')
      const now = await until(html, (text) => JSON.stringify(valuesOn(text)) === JSON.stringify(expectedOf(plain, 'before')) && text.includes('with milk'), 20_000)
      expect(valuesOn(now)).toEqual(expectedOf(plain, 'before'))
      for (const [i] of components.entries()) expect(now).toMatch(new RegExp(`<(?:section|button)[^>]*>Tea ${i} with milk</`))
    } finally {
      await server.stop()
    }
  }, 120_000)
})

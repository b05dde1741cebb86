import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openWorkspace } from '../../src/workspace.ts'
import { createPricedProvider } from '../fakes/priced-adapter.ts'
import type { PricedServer } from '../fakes/priced-provider.ts'
import { createProject, png, projectAt, type TestProject } from '../operations/project.ts'
import { eachWithPricedProject } from './priced-project.ts'

let server: PricedServer
let project: TestProject
eachWithPricedProject((made) => ({ server, project } = made))

const options = (more: object = {}) => ({
  tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' },
  constants: false as const,
  logLevel: 'silent' as const,
  budget: { monthlyUsd: 10 },
  providers: { priced: createPricedProvider({ baseURL: server.baseURL, variationsPerCall: 4 }) },
  ...more,
})

/** Run everything; the actions and how many requests it took. */
async function make(at: TestProject = project, more: object = {}, input: { force?: boolean } = {}) {
  const before = server.calls.length
  const workspace = await openWorkspace({ root: at.root, options: options(more), env: {} })
  try {
    const result = await workspace.generation.run(await workspace.generation.plan(input), input)
    const error = result.results.find((one) => one.error)?.error
    if (error) throw error
    return { actions: result.results.map((one) => one.action), calls: server.calls.length - before, reported: result.providerCalls }
  } finally {
    await workspace.close()
  }
}

const yaml = `version: "1.0"
id: hero
metadata: { category: Images, tags: [a, b] }
generation: { type: image, provider: priced, model: priced-1 }
prompt:
  base: A wide hero picture
  style: |
    - flat
    - calm
  references: [brand/palette.png]
  parameters: { size: 48x32, quality: high, seed: 7, n_variations: 2 }
post_processing:
  - { action: resize, dimensions: 24x16 }
  - { action: convert, formats: [png, webp] }
integration: { manifest_key: hero, description: A hero }
`

describe('an asset that is made', () => {
  beforeEach(async () => {
    project.write('brand/palette.png', await png(1))
    project.write('specs/hero.yaml', yaml)
    expect(await make()).toEqual({ actions: ['generate'], calls: 1, reported: 1 })
    expect(await make()).toEqual({ actions: ['hit'], calls: 0, reported: 0 })
  })
  const change = (from: string, to: string) => {
    expect(yaml).toContain(from)
    project.write('specs/hero.yaml', yaml.replace(from, to))
  }

  it.each([
    ['post-processing', () => change('24x16', '12x8'), 'derive'],
    ['a new format', () => change('[png, webp]', '[png, webp, jpg]'), 'derive'],
    ['the order of keys', () => change('{ size: 48x32, quality: high, seed: 7, n_variations: 2 }', '{ n_variations: 2, seed: 7, quality: high, size: 48x32 }'), 'hit'],
    ['line ends', () => project.write('specs/hero.yaml', yaml.replaceAll('\n', '\r\n')), 'hit'],
    ['comments', () => change('generation:', '# a comment\ngeneration:'), 'hit'],
    ['metadata', () => change('[a, b]', '[c]'), 'hit'],
    ['the description', () => change('A hero', 'Another'), 'hit'],
    ['a fallback', () => change('model: priced-1', 'model: priced-1, fallback: local'), 'hit'],
    ['JSON in place of YAML', () => {
      rmSync(project.path('specs/hero.yaml'))
      const spec = { id: 'hero', version: '1.0', generation: { model: 'priced-1', provider: 'priced', type: 'image' }, metadata: { tags: ['a', 'b'], category: 'Images' }, integration: { manifest_key: 'hero', description: 'A hero' }, post_processing: [{ action: 'resize', dimensions: '24x16' }, { action: 'convert', formats: ['png', 'webp'] }], prompt: { base: 'A wide hero picture', style: '- flat\r\n- calm\r\n', references: ['brand/palette.png'], parameters: { size: '48x32', quality: 'high', seed: 7, n_variations: 2 } } }
      project.write('specs/other/hero.json', JSON.stringify(spec))
    }, 'hit'],
    ['a new path', () => change('manifest_key: hero', 'manifest_key: hero, manifest_path: art/hero.png'), 'hit'],
    ['a new path in another format', () => change('manifest_key: hero', 'manifest_key: hero, manifest_path: art/hero.jpg'), 'derive'],
    ['a lost file', () => rmSync(project.path('assets/images/IMG-ACME-HERO001.png')), 'derive'],
  ])('is not paid for again after a change of %s', async (_, act, action) => {
    act()
    expect(await make()).toEqual({ actions: [action], calls: 0, reported: 0 })
    expect(await make()).toEqual({ actions: ['hit'], calls: 0, reported: 0 })
  })

  it.each([
    ['the prompt', () => change('A wide hero', 'A tall hero')],
    ['the style', () => change('- calm', '- loud')],
    ['the model', () => change('model: priced-1', 'model: priced-2')],
    ['the size', () => change('48x32', '64x32')],
    ['the quality', () => change('quality: high', 'quality: low')],
    ['the seed', () => change('seed: 7', 'seed: 8')],
    ['the number of variations', () => change('n_variations: 2', 'n_variations: 3')],
    ['a parameter of the provider', () => change('seed: 7', 'seed: 7, background: opaque')],
    ['a reference', async () => project.write('brand/palette.png', await png(2))],
  ])('is made by exactly one call after a change of %s', async (_, act) => {
    await act()
    expect(await make()).toEqual({ actions: ['generate'], calls: 1, reported: 1 })
    expect(await make()).toEqual({ actions: ['hit'], calls: 0, reported: 0 })
  })

  it('keeps its token and goes back to the cache when a change is taken back', async () => {
    const [ref] = Object.keys(project.manifest().assets)
    const before = project.manifest().assets[ref!]!
    change('A wide hero', 'A tall hero')
    await make()
    project.write('specs/hero.yaml', yaml)
    expect(await make()).toEqual({ actions: ['derive'], calls: 0, reported: 0 })
    expect(Object.keys(project.manifest().assets)).toEqual([ref])
    expect(project.manifest().assets[ref!]!.hash).toBe(before.hash)
  })

  it('needs no cache and no call in another checkout', async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'assetloom-другая папка-')))
    cpSync(project.root, root, { recursive: true, filter: (path) => !path.includes('.assetloom') })
    const clone = projectAt(root)
    expect(await make(clone)).toEqual({ actions: ['hit'], calls: 0, reported: 0 })
    expect(clone.read('assets/manifest.json').equals(project.read('assets/manifest.json'))).toBe(true)
    clone.remove()
  })

  it('comes from the shared cache on another machine', async () => {
    const shared = new Map<string, unknown>()
    change('A wide hero', 'A shared hero')
    await make(project, { cache: { shared } })
    const other = createProject()
    cpSync(project.path('specs'), other.path('specs'), { recursive: true })
    cpSync(project.path('brand'), other.path('brand'), { recursive: true })
    expect(await make(other, { cache: { shared } })).toEqual({ actions: ['derive'], calls: 0, reported: 0 })
    const entryOf = (of: TestProject) => Object.values(of.manifest().assets)[0]!
    expect(entryOf(other).hash).toBe(entryOf(project).hash)
    other.remove()
  })

  it('with --force is paid for once more', async () => {
    expect(await make(project, {}, { force: true })).toEqual({ actions: ['generate'], calls: 1, reported: 1 })
  })

  it('stays right while its provider has no key', async () => {
    const without = { providers: { priced: { ...createPricedProvider({ baseURL: server.baseURL }), isAvailable: () => ({ available: false, reason: 'no key' }) } } }
    expect(await make(project, without)).toEqual({ actions: ['hit'], calls: 0, reported: 0 })
    change('24x16', '10x10')
    expect(await make(project, without)).toEqual({ actions: ['derive'], calls: 0, reported: 0 })
    change('A wide', 'Another')
    await expect(make(project, without)).rejects.toMatchObject({ code: 'NO_PROVIDER', message: expect.stringContaining('no key') as string })
  })

  it('is made anew when its cached answer is damaged, through the budget', async () => {
    const { writeFileSync } = await import('node:fs')
    const content = project.path('.assetloom/blobs/content-v2')
    for (const file of readdirSync(content, { recursive: true, withFileTypes: true })) if (file.isFile()) writeFileSync(join(file.parentPath, file.name), 'damaged')
    change('24x16', '12x8')
    expect(await make()).toEqual({ actions: ['generate'], calls: 1, reported: 1 })
  })
})

it('moves its file without a call when only the path changes', async () => {
  const spec = (path: string) => `version: "1.0"\nid: a\ngeneration: { type: image, provider: priced }\nprompt: { base: x, parameters: { size: 16x16 } }\nintegration: { manifest_path: ${path} }\n`
  project.write('specs/a.yaml', spec('one/a.png'))
  await make()
  project.write('specs/a.yaml', spec('two/b.png'))
  expect(await make()).toEqual({ actions: ['hit'], calls: 0, reported: 0 })
  expect(project.files('assets')).toEqual(['assets/manifest.json', 'assets/two/b.png'])
  expect(Object.values(project.manifest().assets)[0]!.file).toBe('assets/two/b.png')
})

it('passes raw bytes through untouched when there are no steps', async () => {
  project.write('specs/a.yaml', `version: "1.0"\nid: a\ngeneration: { type: image, provider: priced }\nprompt: { base: x, parameters: { size: 16x16 } }\n`)
  await make()
  const [entry] = Object.values(project.manifest().assets)
  expect(entry!.source).toMatchObject({ type: 'spec', rawHash: entry!.hash })
})

it('uses another variation without a call', async () => {
  project.write('specs/a.yaml', `version: "1.0"\nid: a\ngeneration: { type: image, provider: priced }\nprompt: { base: x, parameters: { size: 16x16, n_variations: 3 } }\nintegration: { manifest_key: a }\n`)
  await make()
  const workspace = await openWorkspace({ root: project.root, options: options(), env: {} })
  const hashes = new Set<string>()
  for (const n of [1, 2, 3]) hashes.add((await workspace.generation.pick('a', n)).entry.hash!)
  expect(hashes.size).toBe(3)
  await expect(workspace.generation.pick('a', 4)).rejects.toMatchObject({ code: 'PICK_OUTSIDE' })
  await workspace.close()
  const picked = Object.values(project.manifest().assets)[0]!
  expect(await make()).toEqual({ actions: ['hit'], calls: 0, reported: 0 })
  project.write('specs/a.yaml', project.read('specs/a.yaml').toString().replace('integration', 'post_processing: [{ action: resize, dimensions: 8x8 }]\nintegration'))
  expect(await make()).toEqual({ actions: ['derive'], calls: 0, reported: 0 })
  const after = Object.values(project.manifest().assets)[0]!
  expect((after.source as { rawHash?: string }).rawHash).toBe(picked.hash)
  expect(server.calls).toHaveLength(1)
})

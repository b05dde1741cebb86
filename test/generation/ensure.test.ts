import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AssetloomError } from '../../src/core/errors.ts'
import { openWorkspace, type Workspace } from '../../src/workspace.ts'
import { createPricedProvider } from '../fakes/priced-adapter.ts'
import { pricedSpec, type PricedServer } from '../fakes/priced-provider.ts'
import { createProject, options, png, type TestProject } from '../operations/project.ts'
import { eachWithPricedProject } from './priced-project.ts'

let server: PricedServer
let project: TestProject
eachWithPricedProject((made) => ({ server, project } = made))

async function open<T>(work: (generation: Workspace['generation'], workspace: Workspace) => Promise<T>, more: object = {}, env: NodeJS.ProcessEnv = {}): Promise<T> {
  const workspace = await openWorkspace({ root: project.root, options: { ...options, constants: false, providers: { priced: createPricedProvider({ baseURL: server.baseURL }) }, ...more }, env })
  try {
    return await work(workspace.generation, workspace)
  } finally {
    await workspace.close()
  }
}
const refusal = async (work: Promise<unknown>) => (await work.then(() => undefined, (error: unknown) => error)) as AssetloomError | undefined
const local = (id: string, prompt = id) => pricedSpec(id, { provider: 'local', prompt })
const budget = { budget: { monthlyUsd: 1 } }

describe('a ref', () => {
  it('is made when only a spec names it, by key, token and spec id, once however many ask', async () => {
    project.write('specs/a.json', pricedSpec('a', { integration: { token: 'ICON-ACME-UI001' } }))
    await open(async (generation) => {
      const all = await Promise.all([generation.ensure('key_a'), generation.ensure('ICON-ACME-UI001'), generation.ensure('a'), generation.ensure('key_a')])
      expect(all.map((one) => one?.ref)).toEqual(Array(4).fill('ICON-ACME-UI001'))
      expect(all[0]!.state).toBe('made')
      expect(statSync(all[0]!.file!).size).toBe(all[0]!.entry.size)
      expect((await generation.ensure('key_a'))!.state).toBe('hit')
    }, budget)
    expect(server.calls).toHaveLength(1)
  })

  it('that nobody knows is undefined, and an imported one is left alone', async () => {
    await open(async (generation, workspace) => {
      expect(await generation.ensure('nothing')).toBeUndefined()
      project.write('in/x.png', await png(1))
      const { default: operation } = await import('../../src/operations/import.ts')
      await operation.run(operation.input.parse({ files: ['in/x.png'], category: 'Icons', variant: 'UI' }), { workspace, signal: new AbortController().signal, progress: { start() {}, advance() {}, stop() {} }, confirm: async () => false })
      expect(await generation.ensure('ICON-ACME-UI001')).toMatchObject({ state: 'hit', ref: 'ICON-ACME-UI001' })
    })
  })

  it('that a broken spec may hold is an error of that spec', async () => {
    project.write('specs/a.yaml', 'version: "1.0"\nid: a\nprompt: { base: x }\n')
    expect((await refusal(open((generation) => generation.ensure('key_a'))))?.code).toBe('SPEC_INVALID')
  })

  it('is not disturbed by another broken spec', async () => {
    project.write('specs/a.json', local('a'))
    project.write('specs/b.yaml', 'nonsense')
    expect(await open((generation) => generation.ensure('key_a'))).toMatchObject({ state: 'made' })
  })

  it('names the files that it depends on', async () => {
    project.write('brand/x.png', await png(1))
    project.write('specs/t.yaml', 'version: "1.0"\ntemplate: t\ngeneration: { type: image, provider: priced }\nprompt: { base: x, references: [brand/x.png] }\n')
    project.write('specs/a.yaml', 'version: "1.0"\nid: a\ntemplate: t\nintegration: { manifest_key: key_a }\n')
    expect(await open((generation) => generation.specFilesOf('key_a'))).toEqual(['specs/a.yaml', 'specs/t.yaml', 'brand/x.png'].map((file) => project.path(file)))
  })

  it('is made together with others by few manifest writes', async () => {
    for (let i = 0; i < 40; i++) project.write(`specs/s${i}.json`, local(`s${i}`))
    let writes = 0
    await open(async (generation, workspace) => {
      const { update } = workspace.manifest
      workspace.manifest.update = (change) => {
        writes++
        return update(change)
      }
      const made = await Promise.all(Array.from({ length: 40 }, (_, i) => generation.ensure(`key_s${i}`)))
      expect(new Set(made.map((one) => one!.ref)).size).toBe(40)
    })
    expect(writes).toBeLessThan(40)
  })
})

describe('the policy', () => {
  const stale = async () => {
    project.write('specs/a.json', local('a'))
    await open((generation) => generation.ensure('key_a'))
    project.write('specs/a.json', local('a', 'another'))
  }

  it('auto makes what is stale', async () => {
    await stale()
    expect(await open((generation) => generation.ensure('key_a'))).toMatchObject({ state: 'made', entry: { version: '1.0.1' } })
  })

  it('missing makes only what is not there', async () => {
    await stale()
    project.write('specs/b.json', local('b'))
    await open(async (generation) => {
      expect(await generation.ensure('key_a')).toMatchObject({ state: 'hit', entry: { version: '1.0.0' } })
      expect(await generation.ensure('key_b')).toMatchObject({ state: 'made' })
    }, { generate: 'missing' })
  })

  it.each([['the option', { generate: 'frozen' }, {}], ['CI', {}, { CI: 'true' }]])('frozen by %s makes nothing, and lists all that is stale or missing with the command', async (_, more, env) => {
    await stale()
    project.write('specs/b.json', local('b'))
    project.write('specs/c.json', local('c'))
    await open(async (generation) => void (await generation.ensure('key_c')))
    const manifest = project.read('assets/manifest.json')
    const files = project.files('assets')
    await open(async (generation) => {
      expect(await generation.ensure('key_c')).toMatchObject({ state: 'hit' })
      for (const ref of ['key_a', 'key_b']) {
        const error = await refusal(generation.ensure(ref))
        expect(error).toMatchObject({ code: 'STALE_FROZEN', exit: 4 })
        expect(error!.message).toMatch(/key_a[\s\S]*key_b/)
        expect(error!.message).not.toContain('key_c')
        expect(error!.hint).toContain('npx assetloom generate')
      }
      expect((await refusal(generation.requireFresh()))?.code).toBe('STALE_FROZEN')
    }, more, env)
    expect(project.read('assets/manifest.json').equals(manifest)).toBe(true)
    expect(project.files('assets')).toEqual(files)
  })

  it('frozen takes what the shared cache has, and writes no manifest', async () => {
    const shared = new Map<string, unknown>()
    const elsewhere = createProject()
    const text = pricedSpec('a', { steps: [{ action: 'resize', dimensions: '8x8' }] })
    elsewhere.write('specs/a.json', text)
    const there = await openWorkspace({ root: elsewhere.root, options: { ...options, constants: false, ...budget, cache: { shared }, providers: { priced: createPricedProvider({ baseURL: server.baseURL }) } }, env: {} })
    const made = await there.generation.ensure('key_a')
    await there.close()
    elsewhere.remove()
    project.write('specs/a.json', text)
    const got = await open((generation) => generation.ensure('key_a'), { generate: 'frozen', cache: { shared } })
    expect(got).toMatchObject({ state: 'transient', entry: { hash: made!.entry.hash, widthPx: 8 } })
    expect(statSync(got!.file!).size).toBe(got!.entry.size)
    expect(project.files('.').filter((file) => file.startsWith('assets'))).toEqual([])
    expect(server.calls).toHaveLength(1)
  })
})

describe('a paid ref', () => {
  it('needs a budget inside dev and build', async () => {
    project.write('specs/a.json', pricedSpec('a'))
    const error = await refusal(open((generation) => generation.ensure('key_a')))
    expect(error).toMatchObject({ code: 'PAID_NEEDS_BUDGET' })
    expect(error!.message).toContain('$0.04')
    expect(error!.hint).toContain('assetloom generate specs/a.json')
    expect(server.calls).toHaveLength(0)
    expect(await open((generation) => generation.ensure('key_a'), budget)).toMatchObject({ state: 'made' })
  })

  it('keeps its last good state when it cannot be made, and says why', async () => {
    project.write('specs/a.json', pricedSpec('a'))
    const before = await open((generation) => generation.ensure('key_a'), budget)
    project.write('specs/a.json', pricedSpec('a', { prompt: 'another' }))
    server.faults.push({ status: 400 })
    expect(await open((generation) => generation.ensure('key_a'), budget)).toMatchObject({ state: 'kept', entry: { hash: before!.entry.hash }, error: { code: 'PROVIDER_REJECTED' } })
    expect(await open((generation) => generation.ensure('key_a'))).toMatchObject({ state: 'kept', error: { code: 'PAID_NEEDS_BUDGET' } })
    expect(await open((generation) => generation.ensure('key_a'), budget)).toMatchObject({ state: 'made' })
  })

  it('with no last good state fails with the reason', async () => {
    project.write('specs/a.json', pricedSpec('a'))
    server.faults.push({ status: 400 })
    expect((await refusal(open((generation) => generation.ensure('key_a'), budget)))?.code).toBe('PROVIDER_REJECTED')
  })
})

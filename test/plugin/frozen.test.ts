import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainPng } from '../pictures.ts'
import { createProject, runNode, type Project } from '../project.ts'

/** A priced provider behind real HTTP that counts what reaches it. */
let calls = 0
let server: Server
let project: Project

const spec = (id: string, prompt: string, steps = '') => `version: "1.0"
id: ${id}
generation: { type: image, provider: painter }
prompt: { base: "${prompt}", parameters: { size: 64x48 } }
${steps}
integration: { manifest_key: ${id}, token: { prefix: IMG, family: ACME, variant: ${id.toUpperCase()} } }
`
const vite = (at: Project, env: Record<string, string> = {}) => runNode([join(at.root, 'node_modules/vite/bin/vite.js'), 'build'], at.root, env)

beforeAll(async () => {
  const picture = await plainPng(64, 48, '#336699')
  server = createServer((_request, response) => {
    calls++
    response.setHeader('content-type', 'image/png').end(picture)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  project = createProject({
    files: {
      'assetloom.config.ts': `import { defineConfig, defineProvider } from 'assetloom'
        export default defineConfig({
          tokens: { families: { ACME: 'Acme' } },
          budget: { monthlyUsd: 1 },
          providers: {
            painter: defineProvider({
              id: 'painter', capabilities: { types: ['image'] }, quote: () => 40000,
              async generate() {
                const response = await fetch('http://127.0.0.1:${port}/')
                return { outputs: [{ bytes: new Uint8Array(await response.arrayBuffer()), mediaType: 'image/png' }], costMicroUsd: 40000 }
              },
            }),
          },
        })`,
      'specs/hero.yaml': spec('hero', 'a hero'),
      'specs/side.yaml': spec('side', 'a side'),
      'index.html': '<!doctype html><body><script type="module" src="/src/main.js"></script></body>',
      'src/main.js': 'import hero from "asset:hero"; import side from "asset:side?w=32"; document.body.append(hero, side)',
      'vite.config.js': `import assetloom from 'assetloom/vite'\nexport default { plugins: [assetloom()] }`,
    },
  })
})
afterAll(() => void server.close())

/** What a clone has: everything but what is ignored. */
function clone(): Project {
  const copy = createProject()
  for (const part of readdirSync(project.root)) if (!['node_modules', '.assetloom', 'dist'].includes(part)) cpSync(join(project.root, part), join(copy.root, part), { recursive: true })
  return copy
}

describe('a build', () => {
  it('makes what is missing within the budget, each once', async () => {
    const run = await vite(project)
    expect(run.code, run.stderr + run.stdout).toBe(0)
    expect(calls).toBe(2)
    expect((await vite(project)).code).toBe(0)
    expect(calls).toBe(2)
    const { json } = await project.cli('costs', '--json')
    expect(json.data.spentMicroUsd).toBe(80_000)
  })

  it('of a clean clone with committed assets calls nobody and writes no manifest, frozen or not', async () => {
    const copy = clone()
    const before = readFileSync(join(copy.root, 'assets/manifest.json'))
    const plan = await copy.cli('generate', '--dry-run', '--json')
    expect(plan.json.data.totals).toMatchObject({ hit: 2, derive: 0, generate: 0, quoteMicroUsd: 0 })
    for (const env of [{ CI: '1' }, {}]) {
      const run = await vite(copy, env as Record<string, string>)
      expect(run.code, run.stderr + run.stdout).toBe(0)
    }
    expect(calls).toBe(2)
    expect(readFileSync(join(copy.root, 'assets/manifest.json')).equals(before)).toBe(true)
  })

  it('that is frozen names every stale asset and the command, and makes nothing', async () => {
    const copy = clone()
    copy.write({ 'specs/hero.yaml': spec('hero', 'another hero'), 'specs/side.yaml': spec('side', 'a side', 'post_processing: [ { action: blur, sigma: 2 } ]') })
    const run = await vite(copy, { CI: '1' })
    expect(run.code).toBe(1)
    const said = run.stderr + run.stdout
    for (const text of ['hero', 'specs/hero.yaml', 'side', 'specs/side.yaml', 'npx assetloom generate', 'STALE_FROZEN']) expect(said).toContain(text)
    expect(calls).toBe(2)
  })

  it('that is frozen fails for an asset that only a spec knows', async () => {
    const copy = clone()
    copy.write({ 'specs/new.yaml': spec('fresh', 'something new'), 'src/main.js': 'import fresh from "asset:fresh"; document.body.append(fresh)' })
    const run = await vite(copy, { CI: '1' })
    expect(run.code).toBe(1)
    expect(run.stderr + run.stdout).toContain('fresh')
    expect(calls).toBe(2)
  })

  it('fails without a budget when it would have to pay, and names the command and the price', async () => {
    const copy = clone()
    writeFileSync(join(copy.root, 'assetloom.config.ts'), readFileSync(join(copy.root, 'assetloom.config.ts'), 'utf8').replace('budget: { monthlyUsd: 1 },', ''))
    copy.write({ 'specs/new.yaml': spec('fresh', 'something new'), 'src/main.js': 'import fresh from "asset:fresh"; document.body.append(fresh)' })
    const run = await vite(copy)
    expect(run.code).toBe(1)
    const said = run.stderr + run.stdout
    for (const text of ['$0.04', 'npx assetloom generate', 'PAID_NEEDS_BUDGET']) expect(said).toContain(text)
    expect(calls).toBe(2)
  })

  it('does a changed processing step without a call, from the raw layer', async () => {
    project.write({ 'specs/side.yaml': spec('side', 'a side', 'post_processing: [ { action: blur, sigma: 2 } ]') })
    rmSync(join(project.root, 'dist'), { recursive: true, force: true })
    expect((await vite(project)).code).toBe(0)
    expect(calls).toBe(2)
  })
})

describe('a frozen build with a shared cache', () => {
  it('takes from it what another machine made, and writes no manifest', async () => {
    const shared = join(project.root, 'shared.json')
    // A Keyv adapter over a file: what a Redis would be between two machines.
    const adapter = `import { existsSync, readFileSync, writeFileSync } from 'node:fs'
      const file = ${JSON.stringify(shared)}
      const all = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {})
      export const shared = {
        opts: {}, namespace: undefined,
        async get(key) { return all()[key] },
        async set(key, value) { writeFileSync(file, JSON.stringify({ ...all(), [key]: value })) },
        async delete(key) { return true },
        async clear() {},
        on() { return this },
      }`
    const withShared = (at: Project) => {
      const config = readFileSync(join(at.root, 'assetloom.config.ts'), 'utf8')
      at.write({
        'shared.js': adapter,
        'assetloom.config.ts': `import { shared } from './shared.js'\n${config.replace('defineConfig({', 'defineConfig({ cache: { shared },')}`,
      })
    }
    const first = clone()
    withShared(first)
    first.write({ 'specs/third.yaml': spec('third', 'a third'), 'src/main.js': 'import third from "asset:third?no-inline"; document.body.append(third)' })
    expect((await vite(first)).code).toBe(0)
    const paid = calls

    const second = clone()
    withShared(second)
    second.write({ 'specs/third.yaml': spec('third', 'a third'), 'src/main.js': 'import third from "asset:third?no-inline"; document.body.append(third)' })
    const before = readFileSync(join(second.root, 'assets/manifest.json'), 'utf8')
    const run = await vite(second, { CI: '1' })
    expect(run.code, run.stderr + run.stdout).toBe(0)
    expect(calls).toBe(paid)
    expect(readFileSync(join(second.root, 'assets/manifest.json'), 'utf8')).toBe(before)
    expect(readdirSync(join(second.root, 'dist/assets')).some((name) => name.includes('IMG-ACME-THIRD001'))).toBe(true)
  })
})

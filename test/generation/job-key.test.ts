import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFake, type Fake } from '../fakes/fake.ts'
import { openaiFake } from '../fakes/openai.ts'
import { plainPng } from '../pictures.ts'
import { createProject, repository, runNode, type Project } from '../project.ts'

/* What is asked for again, and what never: the real command, a real adapter, and the requests that its server saw. */

const yaml = `version: "1.0"
id: hero
generation: { type: image, provider: openai, model: gpt-image-2 }
prompt:
  base: A wide hero picture
  style: |
    - flat
    - calm
  references: [brand/palette.png]
  parameters: { size: 1024x1024, quality: low, seed: 7 }
post_processing:
  - { action: resize, dimensions: 64x64 }
integration: { manifest_key: hero }
`

let fake: Fake
let project: Project
const config = (more: object = {}) =>
  `export default ${JSON.stringify({ tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' }, constants: false, budget: { monthlyUsd: 5 }, providers: fake.options, ...more })}`

beforeAll(async () => {
  fake = await startFake(openaiFake)
  project = createProject({ files: { 'assetloom.config.ts': config(), 'brand/palette.png': await plainPng(64, 64, 'red'), 'specs/hero.yaml': yaml } })
  expect(await run()).toEqual({ action: 'generate', requests: 1 })
})
afterAll(() => fake.close())
beforeEach(async () => {
  project.write({ 'assetloom.config.ts': config(), 'brand/palette.png': await plainPng(64, 64, 'red'), 'specs/hero.yaml': yaml })
  await run()
})

/** `assetloom generate`, and how often the provider was asked for that. */
async function run(root = project.root, env: Record<string, string> = {}): Promise<{ action: string; requests: number }> {
  const before = fake.requests.length
  const { code, json, stdout } = await runNode([join(repository, 'dist/cli/main.js'), 'generate', '--json'], root, env)
  expect(code, stdout).toBe(0)
  const requests = fake.requests.length - before
  expect(json.data.totals.providerCalls).toBe(requests)
  return { action: json.data.jobs[0].action, requests }
}

function change(from: string, to: string): void {
  expect(yaml).toContain(from)
  project.write({ 'specs/hero.yaml': yaml.replace(from, to) })
}

describe('asks nobody', () => {
  it.each<[string, string, () => void]>([
    ['post-processing changes', 'derive', () => change('64x64', '32x32')],
    ['keys stand in another order', 'hit', () => change('{ size: 1024x1024, quality: low, seed: 7 }', '{ seed: 7, quality: low, size: 1024x1024 }')],
    ['lines end as on Windows', 'hit', () => project.write({ 'specs/hero.yaml': yaml.replaceAll('\n', '\r\n') })],
    ['the budget changes', 'hit', () => project.write({ 'assetloom.config.ts': config({ budget: { monthlyUsd: 6 } }) })],
    ['the patience with the provider changes', 'hit', () => project.write({ 'assetloom.config.ts': config({ providers: { openai: { ...fake.options.openai, timeoutMs: 9000 } } }) })],
  ])('when %s', async (_, action, act) => {
    act()
    expect(await run()).toEqual({ action, requests: 0 })
  })

  it('when the key comes from the environment', async () => {
    const { baseURL } = fake.options.openai as { baseURL: string }
    project.write({ 'assetloom.config.ts': config({ providers: { openai: { baseURL } } }) })
    change('64x64', '16x16')
    expect(await run(project.root, { OPENAI_API_KEY: openaiFake.credentials.apiKey! })).toEqual({ action: 'derive', requests: 0 })
  })

  it.each([
    ['with the cache', '', 'derive'],
    ['without the cache', '.assetloom', 'hit'],
  ])('in a checkout at another path, %s', async (_, leftOut, action) => {
    const other = createProject({ name: 'ein anderer Ordner' })
    cpSync(project.root, other.root, { recursive: true, filter: (path) => !path.includes('node_modules') && !(leftOut && path.includes(leftOut)) })
    if (action === 'derive') other.write({ 'specs/hero.yaml': yaml.replace('64x64', '48x48') })
    expect(await run(other.root)).toEqual({ action, requests: 0 })
    const manifest = (root: string) => readFileSync(join(root, 'assets/manifest.json'), 'utf8')
    if (action === 'hit') expect(manifest(other.root)).toBe(manifest(project.root))
  })
})

describe('asks once', () => {
  it.each<[string, () => void | Promise<void>]>([
    ['the prompt', () => change('A wide hero', 'A tall hero')],
    ['the style', () => change('- calm', '- loud')],
    ['the model', () => change('gpt-image-2', 'gpt-image-2.5-flare')],
    ['the size', () => change('1024x1024', '1536x1024')],
    ['the quality', () => change('quality: low', 'quality: medium')],
    ['the seed', () => change('seed: 7', 'seed: 8')],
    ['a parameter of the provider', () => change('seed: 7', 'seed: 7, output_format: webp')],
    ["a reference's bytes", async () => project.write({ 'brand/palette.png': await plainPng(64, 64, 'blue') })],
  ])('when %s changes', async (_, act) => {
    await act()
    expect(await run()).toEqual({ action: 'generate', requests: 1 })
    expect(await run()).toEqual({ action: 'hit', requests: 0 })
  })
})

import { expect, it } from 'vitest'
import type { Progress } from '../../src/core/ports.ts'
import { openWorkspace } from '../../src/workspace.ts'
import { createPricedProvider, priceMicroUsd } from '../fakes/priced-adapter.ts'
import { pricedConfig, pricedSpec, type PricedServer } from '../fakes/priced-provider.ts'
import { options, startCli, type TestProject } from '../operations/project.ts'
import { startFake } from '../fakes/fake.ts'
import { openaiFake } from '../fakes/openai.ts'
import { eachWithPricedProject } from './priced-project.ts'

let server: PricedServer
let project: TestProject
eachWithPricedProject((made) => ({ server, project } = made))

type Event = Record<string, unknown> & { event: string; spec_id?: string }

/** Run the command and give the events that it wrote. */
async function events(...args: string[]): Promise<Event[]> {
  const before = new Set(logs())
  await startCli(project, ['generate', ...args]).done
  const file = logs().find((one) => !before.has(one))!
  return project.read(file).toString().trimEnd().split('\n').map((line) => JSON.parse(line) as Event)
}
const logs = () => project.files('.').filter((file) => /^\.assetloom\/logs\/.*\.jsonl$/.test(file))
const configure = (timeoutMs = 1000) =>
  project.write('assetloom.config.ts', pricedConfig(server.baseURL, { options: { budget: { monthlyUsd: 1 } }, provider: { concurrency: 1, timeoutMs } }))

const common = { time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string, subsystem: 'asset-generation', message: expect.stringMatching(/\S/) as string }
const ms = expect.any(Number) as number

it('tells every step of a run with who, what it cost and how long it took', async () => {
  configure()
  project.write('specs/good.json', pricedSpec('good', { provider: 'elevenlabs', fallback: 'priced', steps: [{ action: 'resize', dimensions: '8x8' }] }))
  project.write('specs/bad.json', pricedSpec('bad'))
  project.write('specs/lost.json', pricedSpec('lost'))
  server.faults.push({ status: 400 }, { status: 429 }, 'ok', 'hang')
  const all = await events()
  const of = (id: string | undefined, event: string) => all.filter((one) => one.event === event && one.spec_id === id)

  expect(of(undefined, 'ASSET_ORCHESTRATOR_INIT')).toEqual([
    { ...common, event: 'ASSET_ORCHESTRATOR_INIT', level: 'info', jobs: 3, quote_micro_usd: 3 * priceMicroUsd, budget_micro_usd: 1_000_000 },
  ])
  const good = { ...common, spec_id: 'good', level: 'info', provider: 'priced' }
  expect(of('good', 'ASSET_GENERATION_START')).toMatchObject([{ ...good, type: 'image', quote_micro_usd: priceMicroUsd, reason: 'it is not made yet' }])
  expect(of('good', 'PROVIDER_SELECTED')).toMatchObject([{ ...good, model: 'priced-1' }])
  expect(of('good', 'PROVIDER_FALLBACK')).toMatchObject([{ ...good, level: 'warn', requested: 'elevenlabs', reason: expect.any(String) as string }])
  expect(of('good', 'PROVIDER_RETRY')).toMatchObject([{ ...good, attempt: 1, wait_ms: ms }])
  expect(of('good', 'PROCESSING_STEP')).toMatchObject([{ ...good, action: 'resize', duration_ms: ms }])
  expect(of('good', 'ASSET_GENERATION_SUCCESS')).toMatchObject([{ ...good, ref: 'ICON-ACME-MAIN002', cost_micro_usd: priceMicroUsd, duration_ms: ms }])
  expect(of('good', 'COST_TRACKED')).toMatchObject([{ ...good, cost_micro_usd: priceMicroUsd, duration_ms: ms }])
  expect(of(undefined, 'MANIFEST_UPDATED')).toMatchObject([{ ...common, refs: ['ICON-ACME-MAIN002'], spec_ids: ['good'], duration_ms: ms }])
  expect(of('bad', 'ASSET_GENERATION_FAILED')).toMatchObject([
    { ...common, level: 'warn', provider: 'priced', code: 'PROVIDER_REJECTED', cost_micro_usd: 0, duration_ms: ms, hint: expect.any(String) as string },
  ])
  expect(of('lost', 'COST_MAYBE_SPENT')).toMatchObject([{ ...common, level: 'warn', provider: 'priced', cost_micro_usd: priceMicroUsd }])
  expect(of('lost', 'ASSET_GENERATION_FAILED')).toMatchObject([{ code: 'PROVIDER_MAYBE_SPENT', cost_micro_usd: priceMicroUsd }])
  const order = ['ASSET_GENERATION_START', 'PROVIDER_SELECTED', 'PROVIDER_FALLBACK', 'PROVIDER_RETRY', 'PROCESSING_STEP', 'ASSET_GENERATION_SUCCESS', 'COST_TRACKED']
  expect(all.filter((one) => one.spec_id === 'good').map((one) => one.event)).toEqual(order)

  project.write('specs/good.json', pricedSpec('good', { steps: [{ action: 'resize', dimensions: '4x4' }] }))
  const again = await events('good')
  expect(again.filter((one) => one.event === 'CACHE_HIT')).toMatchObject([{ ...good, cost_micro_usd: 0 }])
  expect(again.some((one) => one.event === 'COST_TRACKED')).toBe(false)
})

it('leaves out what is below the level, and writes nothing when silent', async () => {
  configure()
  project.write('specs/a.json', pricedSpec('a'))
  project.write('specs/b.json', pricedSpec('b', { provider: 'elevenlabs', fallback: 'local' }))
  const warned = await events('b', '--log-level', 'warn')
  expect(warned.map((one) => one.event)).toEqual(['PROVIDER_FALLBACK'])
  const before = logs()
  await startCli(project, ['generate', 'a', '--log-level', 'silent']).done
  expect(logs()).toEqual(before)
})

it('counts the money while a run goes on', async () => {
  for (const id of ['a', 'b']) project.write(`specs/${id}.json`, pricedSpec(id))
  // The first is placed, and told, while the second is waited for.
  server.faults.push('ok', { delayMs: 1500 })
  const told: string[] = []
  const progress: Progress = {
    start: (total, label) => void told.push(`${label} ${total}`),
    advance: (_done, label) => void told.push(label ?? ''),
    stop: () => void told.push('stop'),
  }
  const workspace = await openWorkspace({
    root: project.root,
    options: { ...options, constants: false, budget: { monthlyUsd: 1 }, providers: { priced: createPricedProvider({ baseURL: server.baseURL, concurrency: 1 }) } },
    env: {},
  })
  await workspace.generation.run(await workspace.generation.plan(), { progress })
  await workspace.close()
  expect(told).toEqual(['Generating 2', '$0.04 spent  ICON-ACME-MAIN001', '$0.08 spent  ICON-ACME-MAIN002', 'stop'])
})

it('passes on how far a provider is, to the bar and to the log', async () => {
  const fake = await startFake(openaiFake)
  project.write('assetloom.config.ts', `export default ${JSON.stringify({ ...options, constants: false, logLevel: 'debug', budget: { monthlyUsd: 1 }, providers: fake.options })}`)
  project.write('specs/a.json', pricedSpec('a', { provider: 'openai', parameters: { quality: 'low', partial_images: 3 } }))
  try {
    const told = (await events()).filter((one) => one.event === 'ASSET_GENERATION_PROGRESS')
    expect(told.map(({ fraction }) => fraction)).toEqual([0.25, 0.5, 0.75])
    expect(told[0]).toMatchObject({ ...common, level: 'debug', spec_id: 'a', provider: 'openai', message: 'a: openai is 25 % done.' })
  } finally {
    await fake.close()
  }
})

it('counts calls of one asset together', async () => {
  project.write('specs/a.json', pricedSpec('a', { parameters: { n_variations: 4 } }))
  const told: string[] = []
  const priced = createPricedProvider({ baseURL: server.baseURL, concurrency: 1, variationsPerCall: 2 })
  const halfway: typeof priced = {
    ...priced,
    async generate(job, context) {
      for (const fraction of [0.5, NaN, -1, 2]) context.onProgress?.(fraction)
      return priced.generate(job, context)
    },
  }
  const workspace = await openWorkspace({ root: project.root, options: { ...options, constants: false, budget: { monthlyUsd: 1 }, providers: { priced: halfway } }, env: {} })
  await workspace.generation.run(await workspace.generation.plan(), { progress: { start() {}, advance: (done, label) => void told.push(`${done} ${label}`), stop() {} } })
  await workspace.close()
  expect(told).toEqual([
    '0 $0.00 spent  ICON-ACME-MAIN001 25 %',
    '0 $0.00 spent  ICON-ACME-MAIN001 50 %',
    expect.stringMatching(/^0 \$0\.0\d spent {2}ICON-ACME-MAIN001 75 %$/),
    expect.stringMatching(/^0 \$0\.\d\d spent {2}ICON-ACME-MAIN001 100 %$/),
    '1 $0.16 spent  ICON-ACME-MAIN001',
  ])
})

import { expect, it } from 'vitest'
import { priceMicroUsd } from '../fakes/priced-adapter.ts'
import { pricedConfig, pricedSpec, type PricedServer } from '../fakes/priced-provider.ts'
import { eachWithPricedProject } from '../generation/priced-project.ts'
import { startCli, type TestProject } from './project.ts'

let server: PricedServer
let project: TestProject
eachWithPricedProject((made) => ({ server, project } = made))

const cli = async (...args: string[]) => (await startCli(project, args).done).stdout
const health = async () => (JSON.parse(await cli('health', '--json')) as { data: Record<string, unknown> }).data

it('tells of budget, providers, the last calls and the cache', async () => {
  project.write('assetloom.config.ts', pricedConfig(server.baseURL, { options: { budget: { monthlyUsd: 0.15 } }, provider: { concurrency: 1, timeoutMs: 1000 } }))
  const month = new Date().toISOString().slice(0, 7)
  expect(await health()).toMatchObject({
    score: 100,
    reasons: [],
    month,
    budget: { limitMicroUsd: 150_000, spentMicroUsd: 0, reservedMicroUsd: 0, leftMicroUsd: 150_000 },
    providers: [],
    recent: [],
    cache: { hits: 0, misses: 0, hitRate: null },
  })

  for (const id of ['a', 'b', 'c']) project.write(`specs/${id}.json`, pricedSpec(id))
  project.write('specs/d.json', pricedSpec('d', { provider: 'local' }))
  server.faults.push('ok', { status: 400 }, 'hang')
  await cli('generate')
  // One more step: made from the cached answer.
  project.write('specs/a.json', pricedSpec('a', { steps: [{ action: 'resize', dimensions: '8x8' }] }))
  await cli('generate', 'a')

  expect(await health()).toMatchObject({
    // 25 for 2 of 4 calls that failed, 5 for the one that broke off.
    score: 70,
    reasons: [
      { points: -25, reason: '2 of 3 calls to priced failed' },
      { points: -5, reason: expect.stringContaining('may have cost $0.04') as string },
    ],
    budget: { limitMicroUsd: 150_000, spentMicroUsd: 2 * priceMicroUsd, leftMicroUsd: 70_000 },
    providers: [
      { provider: 'priced', calls: 3, failed: 2, successRate: 1 / 3, costMicroUsd: 2 * priceMicroUsd, meanCostMicroUsd: priceMicroUsd, meanDurationMs: expect.any(Number) as number },
      { provider: 'local', calls: 1, failed: 0, successRate: 1, costMicroUsd: 0 },
    ],
    cache: { hits: 1, misses: 2, hitRate: 1 / 3 },
  })
  const { recent } = (await health()) as { recent: { spec: string; success: boolean; state: string }[] }
  expect(recent.map((one) => one.spec).sort()).toEqual(['a', 'b', 'c', 'd'])
  expect(recent.find((one) => one.spec === 'c')).toMatchObject({ success: false, state: 'maybe_spent' })

  const text = await cli('health', '--recent', '2')
  for (const part of ['70 of 100', '$0.08 spent, $0.07 of $0.15 left', '33% of 3 assets', 'priced', '3 calls']) expect(text).toContain(part)
})

it('marks a month without a limit', async () => {
  project.write('assetloom.config.ts', pricedConfig(server.baseURL))
  project.write('specs/a.json', pricedSpec('a'))
  await cli('generate', '--yes')
  expect(await health()).toMatchObject({ score: 90, budget: { limitMicroUsd: null, leftMicroUsd: null } })
  expect(await cli('health')).toContain('no monthly limit')
})

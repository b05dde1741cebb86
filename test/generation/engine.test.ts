import { describe, expect, it } from 'vitest'
import { openWorkspace } from '../../src/workspace.ts'
import { createPricedProvider, priceMicroUsd } from '../fakes/priced-adapter.ts'
import { pricedConfig, pricedSpec, type PricedServer } from '../fakes/priced-provider.ts'
import { options, startCli, type TestProject } from '../operations/project.ts'
import { eachWithPricedProject } from './priced-project.ts'

let server: PricedServer
let project: TestProject
eachWithPricedProject((made) => ({ server, project } = made))

interface Document {
  error?: { code: string }
  data: {
    jobs: { spec: string; action: string; status: string; costMicroUsd: number; error?: { code: string; message: string } }[]
    totals: { providerCalls: number; costMicroUsd: number }
    spentMicroUsd: number
    reservedMicroUsd: number
    rows: { state: string }[]
  }
}

const budget = { options: { budget: { monthlyUsd: 10 } } }
const configure = (more: Parameters<typeof pricedConfig>[1] = budget, head = '') =>
  project.write('assetloom.config.ts', head + pricedConfig(server.baseURL, more))
const spec = (id: string, more: Parameters<typeof pricedSpec>[1] = {}) => project.write(`specs/${id}.json`, pricedSpec(id, more))
const cli = async (...args: string[]) => {
  const { code, signal, stdout } = await startCli(project, [...args, '--json']).done
  return { code, signal, document: (stdout ? JSON.parse(stdout) : undefined) as Document }
}
const untilCalls = async (count: number) => {
  while (server.calls.length < count) await new Promise((done) => setTimeout(done, 10))
}

describe('a killed run', () => {
  it('loses nothing and pays nothing twice when the raw bytes were kept before the books', async () => {
    // The team's cache is told after the bytes are safe and before the cost is settled: a place to die between the two.
    const deadly = `const shared = { opts: {}, on() { return this }, async get() {}, async delete() { return true }, async clear() {},
      async set(key) { if (key.includes('raw:')) process.kill(process.pid, 'SIGKILL') } }\n`
    configure({ options: { budget: { monthlyUsd: 0.07 } } }, deadly)
    const config = project.read('assetloom.config.ts').toString()
    project.write('assetloom.config.ts', config.replace('constants: false,', 'constants: false, cache: { shared },'))
    spec('kept')
    expect((await cli('generate')).signal).toBe('SIGKILL')
    expect(server.calls).toHaveLength(1)

    configure({ options: { budget: { monthlyUsd: 0.07 } } })
    const { code, document } = await cli('generate')
    expect(code).toBe(0)
    expect(document.data.jobs).toMatchObject([{ action: 'derive', status: 'done', costMicroUsd: 0 }])
    expect(server.calls).toHaveLength(1)
    expect(Object.keys(project.manifest().assets)).toHaveLength(1)
    const costs = (await cli('costs')).document.data
    expect(costs).toMatchObject({ spentMicroUsd: priceMicroUsd, reservedMicroUsd: 0, rows: [{ state: 'maybe_spent' }] })
  })

  it('is gone on with: what was paid for is there, only the call under way is made again', async () => {
    configure({ ...budget, provider: { concurrency: 1 } })
    for (const id of ['a', 'b', 'c', 'd']) spec(id)
    server.faults.push('ok', 'ok', { delayMs: 5000 })
    const child = startCli(project, ['generate', '--json'])
    await untilCalls(3)
    const settled = async () => (await cli('costs')).document.data.rows.filter((row) => row.state === 'settled')
    while ((await settled()).length < 2);
    child.kill()
    expect((await child.done).signal).toBe('SIGKILL')
    const { code, document } = await cli('generate')
    expect(code).toBe(0)
    // Placed or not when the run was killed, its bytes were kept.
    expect(document.data.jobs.map((job) => job.action === 'generate')).toEqual([false, false, true, true])
    expect(server.calls).toHaveLength(5)
    // The one that was under way may have been paid, and counts so.
    expect((await cli('costs')).document.data.spentMicroUsd).toBe(5 * priceMicroUsd)
  })
})

describe('a run that is killed while an answer is on its way into the cache', () => {
  it('has every call in its books, and goes on', async () => {
    configure({ ...budget, provider: { concurrency: 2 } })
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) spec(id)
    server.faults.push('ok', 'ok', 'ok', 'ok', { delayMs: 5000 })
    const child = startCli(project, ['generate', '--json'])
    // The fifth goes out when the third or fourth answer is there, and not kept yet.
    await untilCalls(5)
    child.kill()
    expect((await child.done).signal).toBe('SIGKILL')
    expect((await cli('generate')).code).toBe(0)
    // One that was reserved may not have come so far.
    expect((await cli('costs')).document.data.spentMicroUsd).toBeGreaterThanOrEqual(server.calls.length * priceMicroUsd)
    // Two answers at most are asked for again, and the calls that were under way.
    expect(server.calls.length).toBeLessThanOrEqual(6 + 2 + 2)
  })
})

describe('limits', () => {
  it('lowered below what is spent let nothing more through', async () => {
    configure()
    for (const id of ['a', 'b', 'c']) spec(id)
    await cli('generate')
    expect(server.calls).toHaveLength(3)
    configure({ options: { budget: { monthlyUsd: 0.05 } } })
    spec('d')
    const { code, document } = await cli('generate')
    expect([code, document.data.jobs.at(-1)!.error!.code]).toEqual([3, 'BUDGET_EXCEEDED'])
    expect(document.data.jobs.slice(0, 3).map((job) => job.status)).toEqual(['done', 'done', 'done'])
    expect(server.calls).toHaveLength(3)
  })

  it.each([NaN, -1, -0.01, Infinity])('of %s are refused', async (limit) => {
    for (const name of ['monthlyUsd', 'perRunUsd', 'perAssetUsd'])
      await expect(
        openWorkspace({ root: project.root, options: { ...options, budget: { [name]: limit } }, env: {} }),
      ).rejects.toMatchObject({ code: 'OPTIONS_INVALID' })
  })
})

describe('one job', () => {
  it('that two open projects of one process ask for is called once', async () => {
    spec('a')
    server.faults.push({ delayMs: 500 })
    const open = () =>
      openWorkspace({
        root: project.root,
        options: { ...options, constants: false, budget: { monthlyUsd: 1 }, providers: { priced: createPricedProvider({ baseURL: server.baseURL }) } },
        env: {},
      })
    const workspaces = await Promise.all([open(), open()])
    const made = await Promise.all(workspaces.map((workspace) => workspace.generation.ensure('key_a')))
    expect(new Set(made.map((one) => one!.entry.hash)).size).toBe(1)
    expect(server.calls).toHaveLength(1)
    for (const workspace of workspaces) await workspace.close()
  })

  it('with more variations than a call makes is as few calls as that takes', async () => {
    configure({ ...budget, provider: { variationsPerCall: 4 } })
    spec('a', { parameters: { n_variations: 10, seed: 100 } })
    const { document } = await cli('generate')
    expect(document.data.totals).toMatchObject({ providerCalls: 3, costMicroUsd: 10 * priceMicroUsd })
    const asked = server.calls.map((call) => [call.variations, call.seed]).sort((a, b) => Number(a[1]) - Number(b[1]))
    expect(asked).toEqual([[4, 100], [4, 104], [2, 108]])
  })
})

describe('a provider that answers 429', () => {
  it('is left in peace by all calls until it may be asked, and then does all', async () => {
    configure({ ...budget, provider: { concurrency: 6 } })
    for (let i = 0; i < 18; i++) spec(`s${i}`)
    server.faults.push(...Array.from({ length: 6 }, () => ({ status: 429, retryAfterSeconds: 2 })))
    const { code, document } = await cli('generate')
    expect([code, document.data.jobs.every((job) => job.status === 'done')]).toEqual([0, true])
    expect(server.calls).toHaveLength(24)
    const [first] = server.callTimesMs
    const since = server.callTimesMs.map((time) => time - first!)
    // Six were under way together; not one more comes before the time is over.
    expect(since.filter((time) => time < 1950)).toHaveLength(6)
  })

  it('does not hold a run that is stopped, and has cost nothing', async () => {
    configure()
    spec('a')
    server.faults.push({ status: 429, retryAfterSeconds: 55 })
    const child = startCli(project, ['generate', '--json'])
    await untilCalls(1)
    await new Promise((done) => setTimeout(done, 500))
    child.interrupt()
    const { code } = await child.done
    expect(code).toBe(1)
    expect((await cli('costs')).document.data).toMatchObject({ spentMicroUsd: 0, reservedMicroUsd: 0 })
  })
})

describe('a place at a provider', () => {
  const nothing = { opts: {}, on: () => nothing, get: async () => undefined, delete: async () => true, clear: async () => {} }
  const open = (provider: ReturnType<typeof createPricedProvider>, more: object) =>
    openWorkspace({ root: project.root, options: { ...options, constants: false, providers: { priced: provider }, ...more }, env: {} })

  it('is free for the next call when an answer is there, and both stand in the books until that is kept', async () => {
    spec('a')
    spec('b')
    const reserved: number[] = []
    // The answer is kept only once the next call has come: with the place still taken, that would never be.
    const store = { ...nothing, set: async (key: string) => {
      if (!key.includes('raw:')) return true
      await untilCalls(2)
      reserved.push(workspace.generation.ledger.totals().reservedMicroUsd)
      return true
    } }
    const workspace = await open(createPricedProvider({ baseURL: server.baseURL, concurrency: 1 }), { budget: { monthlyUsd: 1 }, cache: { shared: store } })
    server.faults.push('ok', { delayMs: 300 })
    const { results } = await workspace.generation.run(await workspace.generation.plan(), {})
    expect(results.map((one) => one.status)).toEqual(['done', 'done'])
    expect(reserved).toEqual([2 * priceMicroUsd, priceMicroUsd])
    await workspace.close()
  })

  it('waits for the books where an answer may have cost less than its quote', async () => {
    for (const id of ['a', 'b', 'c', 'd']) spec(id)
    const provider = createPricedProvider({ baseURL: server.baseURL, concurrency: 1 })
    const cheap = { ...provider, async generate(...call: Parameters<typeof provider.generate>) {
      return { ...(await provider.generate(...call)), costMicroUsd: 10_000 }
    } }
    // Room for two quotes, or for one and what three calls cost.
    const workspace = await open(cheap, { budget: { monthlyUsd: 0.08 } })
    const { results, costMicroUsd } = await workspace.generation.run(await workspace.generation.plan(), {})
    expect([results.map((one) => one.status), costMicroUsd]).toEqual([Array(4).fill('done'), 40_000])
    await workspace.close()
  })

  it('is kept until the answer is looked at, once answers were of no use', async () => {
    configure({ ...budget, provider: { concurrency: 1 } })
    for (let i = 0; i < 12; i++) spec(`s${i}`)
    server.faults.push(...Array.from({ length: 12 }, () => 'no-picture' as const))
    const { document } = await cli('generate')
    expect(document.data.jobs.every((job) => job.status === 'failed')).toBe(true)
    // Five rounds, and the one call that went out before the first answer was looked at.
    expect(server.calls).toHaveLength(6)
  })
})

describe('a provider that is broken', () => {
  it('for one moment is asked again by all', async () => {
    configure({ ...budget, provider: { concurrency: 8 } })
    for (let i = 0; i < 8; i++) spec(`s${i}`)
    server.faults.push(...Array.from({ length: 8 }, () => ({ status: 503 })))
    expect((await cli('generate')).code).toBe(0)
    expect(server.calls).toHaveLength(16)
  })

  it('for good is left alone after five rounds', async () => {
    configure({ ...budget, provider: { concurrency: 1 } })
    for (const id of ['a', 'b', 'c']) spec(id)
    server.faults.push(...Array.from({ length: 20 }, () => ({ status: 500 })))
    const { code, document } = await cli('generate')
    expect(code).toBe(1)
    expect(server.calls).toHaveLength(5)
    expect(document.data.jobs.map((job) => job.error!.code)).toEqual(['PROVIDER_SERVER', 'PROVIDER_SERVER', 'PROVIDER_STOPPED'])
    expect((await cli('costs')).document.data.spentMicroUsd).toBe(0)
  })

  it('is not what prompts that it rejects make of it', async () => {
    configure({ ...budget, provider: { concurrency: 1 } })
    for (let i = 0; i < 7; i++) spec(`s${i}`)
    server.faults.push(...Array.from({ length: 6 }, () => ({ status: 400 })))
    const { document } = await cli('generate')
    expect(document.data.jobs.map((job) => job.status)).toEqual([...Array(6).fill('failed'), 'done'])
  })
})

describe('the route', () => {
  it('passes over what cannot take a job, says why, and tells all that was tried when nothing is left', async () => {
    configure()
    spec('large', { fallback: 'local', parameters: { size: '4096x4096' } })
    spec('keyless', { provider: 'openai', fallback: 'priced' })
    spec('lost', { provider: 'openai', fallback: 'elevenlabs' })
    const { code, document } = await cli('generate', '--dry-run')
    expect(code).toBe(1)
    const [keyless, large, lost] = [...document.data.jobs].sort((a, b) => (a.spec < b.spec ? -1 : 1))
    expect(keyless).toMatchObject({ provider: 'priced', passedOver: [{ provider: 'openai', reason: expect.stringMatching(/OPENAI_API_KEY/) as string }] })
    expect(large).toMatchObject({ provider: 'local', passedOver: [{ provider: 'priced', reason: 'its largest picture is 2048x2048, and 4096x4096 is asked' }] })
    expect(lost!.error).toMatchObject({ code: 'NO_PROVIDER', message: expect.stringMatching(/openai: .*elevenlabs: /) as string })
    expect(server.calls).toHaveLength(0)
  })
})

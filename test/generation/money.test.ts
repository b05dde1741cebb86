import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openWorkspace } from '../../src/workspace.ts'
import { priceMicroUsd } from '../fakes/priced-adapter.ts'
import { pricedConfig, pricedSpec, startPricedServer, type Fault, type PricedServer } from '../fakes/priced-provider.ts'
import { startCli, type TestProject } from '../operations/project.ts'
import { eachWithPricedProject } from './priced-project.ts'

let server: PricedServer
let project: TestProject
eachWithPricedProject((made) => ({ server, project } = made))

interface Document {
  ok: boolean
  error?: { code: string; message: string }
  data: {
    jobs: { ref: string; spec: string; action: string; status: string; costMicroUsd: number; quoteMicroUsd: number; error?: { code: string; message: string } }[]
    totals: { hit: number; derive: number; generate: number; failed: number; costMicroUsd: number; providerCalls: number }
  }
}

const generate = async (...args: string[]) => {
  const { code, stdout, stderr } = await startCli(project, ['generate', '--json', ...args]).done
  return { code, stderr, document: JSON.parse(stdout) as Document }
}

const costs = async () => {
  const { stdout } = await startCli(project, ['costs', '--json']).done
  return (JSON.parse(stdout) as { data: { limitMicroUsd: number | null; spentMicroUsd: number; reservedMicroUsd: number; rows: { state: string; costMicroUsd: number; success: boolean | null; spec: string }[] } }).data
}

const configure = (more: Parameters<typeof pricedConfig>[1] = {}) => project.write('assetloom.config.ts', pricedConfig(server.baseURL, more))
const spec = (id: string, more: Parameters<typeof pricedSpec>[1] = {}, folder = 'specs') => project.write(`${folder}/${id}.json`, pricedSpec(id, more))

describe('a budget over many processes', () => {
  it('lets 25 of 160 calls at $0.04 through under $1.00', async () => {
    configure({ options: { budget: { monthlyUsd: 1 } } })
    for (let group = 0; group < 8; group++) for (let i = 0; i < 20; i++) spec(`p${group}x${i}`, {}, `specs/p${group}`)
    const runs = await Promise.all(Array.from({ length: 8 }, (_, group) => generate(`specs/p${group}`)))
    expect(server.calls.length).toBe(25)
    const jobs = runs.flatMap(({ document }) => document.data.jobs)
    expect(jobs.filter((job) => job.status === 'done')).toHaveLength(25)
    expect(jobs.filter((job) => job.status === 'refused' && job.error?.code === 'BUDGET_EXCEEDED')).toHaveLength(135)
    for (const { code, document } of runs) if (document.data.jobs.some((job) => job.status === 'refused')) expect(code).toBe(3)
    const { spentMicroUsd, reservedMicroUsd, limitMicroUsd } = await costs()
    expect({ spentMicroUsd, reservedMicroUsd, limitMicroUsd }).toEqual({ spentMicroUsd: 25 * priceMicroUsd, reservedMicroUsd: 0, limitMicroUsd: 1_000_000 })
    expect(Object.keys(project.manifest().assets)).toHaveLength(25)
    expect(new Set(Object.keys(project.manifest().assets)).size).toBe(25)
  }, 120_000)

  it.each([
    ['of the month', { budget: { monthlyUsd: 0.1 } }, []],
    ['of the run', { budget: { monthlyUsd: 100, perRunUsd: 0.1 } }, []],
    ['of the provider', { budget: { perProvider: { priced: 0.1 } } }, []],
    ['of --max-cost', { budget: { monthlyUsd: 100 } }, ['--max-cost', '0.1']],
  ])('keeps the limit %s', async (_, options, flags) => {
    configure({ options })
    for (const id of ['a', 'b', 'c', 'd']) spec(id)
    const { code, document } = await generate(...flags)
    expect(code).toBe(3)
    expect(document.error!.code).toBe('BUDGET_EXCEEDED')
    expect(server.calls).toHaveLength(2)
    expect(document.data.totals).toMatchObject({ generate: 2, failed: 2, costMicroUsd: 2 * priceMicroUsd, providerCalls: 2 })
  })

  it('keeps the limit of one asset', async () => {
    configure({ options: { budget: { monthlyUsd: 100, perAssetUsd: 0.1 } } })
    spec('cheap')
    spec('dear', { parameters: { n_variations: 3 } })
    const { document } = await generate()
    expect(document.data.jobs.map((job) => [job.spec, job.status])).toEqual([['cheap', 'done'], ['dear', 'refused']])
  })

  it('spends nothing under a limit of 0', async () => {
    configure({ options: { budget: { monthlyUsd: 0 } } })
    spec('a')
    expect((await generate()).code).toBe(3)
    expect(server.calls).toHaveLength(0)
  })

  it.each([{ monthlyUsd: -1 }, { monthlyUsd: 'NaN' }, { perRunUsd: null }])('refuses the budget %j', async (budget) => {
    configure({ options: { budget } })
    spec('a')
    const { code, document } = await generate()
    expect([code, document.error?.code]).toEqual([2, 'OPTIONS_INVALID'])
    expect(server.calls).toHaveLength(0)
  })
})

describe('one job', () => {
  it('is called once by two processes that want it at the same moment', async () => {
    configure({ options: { budget: { monthlyUsd: 1 } } })
    spec('shared')
    server.faults.push({ delayMs: 1500 })
    const runs = await Promise.all([generate(), generate(), generate()])
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(server.calls).toHaveLength(1)
    expect(Object.keys(project.manifest().assets)).toHaveLength(1)
    expect((await costs()).spentMicroUsd).toBe(priceMicroUsd)
  })

  it('keeps its reservation when the process dies between answer and settling', async () => {
    project.write(
      'assetloom.config.ts',
      pricedConfig(server.baseURL, { options: { budget: { monthlyUsd: 0.07 } } }).replace('baseURL:', "onAnswer: () => process.kill(process.pid, 'SIGKILL'), baseURL:"),
    )
    spec('lost')
    const { signal } = await startCli(project, ['generate', '--json']).done
    expect(signal).toBe('SIGKILL')
    const after = await costs()
    expect(after.spentMicroUsd).toBe(priceMicroUsd)
    expect(after.rows.map((row) => row.state)).toEqual(['maybe_spent'])
    configure({ options: { budget: { monthlyUsd: 0.07 } } })
    expect((await generate()).code).toBe(3)
    expect(server.calls).toHaveLength(1)
    expect(project.files('.').some((file) => file.startsWith('assets/icons'))).toBe(false)
  })
})

describe('failures', () => {
  const wait = { retryAfterSeconds: 1 }
  it.each<[string, Fault[], { calls: number; code: number; status: string; spent: number; states: string[]; error?: string }]>([
    ['429 with Retry-After, then an answer', [{ status: 429, ...wait }], { calls: 2, code: 0, status: 'done', spent: 1, states: ['settled'] }],
    ['429 with a wait past the cap', [{ status: 429, retryAfterSeconds: 3600 }], { calls: 1, code: 1, status: 'failed', spent: 0, states: ['released'], error: 'PROVIDER_RATE_LIMITED' }],
    ['500, then an answer', [{ status: 500 }], { calls: 2, code: 0, status: 'done', spent: 1, states: ['settled'] }],
    ['500 again and again', Array.from({ length: 9 }, () => ({ status: 500 })), { calls: 4, code: 1, status: 'failed', spent: 0, states: ['released'], error: 'PROVIDER_SERVER' }],
    ['402', [{ status: 402 }], { calls: 1, code: 1, status: 'failed', spent: 0, states: ['released'], error: 'PROVIDER_MONEY' }],
    ['400', [{ status: 400 }], { calls: 1, code: 1, status: 'failed', spent: 0, states: ['released'], error: 'PROVIDER_REJECTED' }],
    ['a hang', ['hang'], { calls: 1, code: 1, status: 'failed', spent: 1, states: ['maybe_spent'], error: 'PROVIDER_MAYBE_SPENT' }],
    ['a cut after the request was sent', ['cut'], { calls: 1, code: 1, status: 'failed', spent: 1, states: ['maybe_spent'], error: 'PROVIDER_MAYBE_SPENT' }],
    ['a garbage body', ['garbage'], { calls: 1, code: 1, status: 'failed', spent: 1, states: ['settled'], error: 'PROVIDER_BAD_OUTPUT' }],
    ['bytes that are no picture', ['no-picture'], { calls: 1, code: 1, status: 'failed', spent: 1, states: ['settled'], error: 'PROVIDER_BAD_OUTPUT' }],
  ])('%s', async (_, faults, wanted) => {
    configure({ options: { budget: { monthlyUsd: 1 } }, provider: { timeoutMs: 4000 } })
    spec('a')
    server.faults.push(...faults)
    const { code, document } = await generate()
    const [job] = document.data.jobs
    expect({ calls: server.calls.length, code, status: job!.status, error: job!.error?.code }).toEqual({ calls: wanted.calls, code: wanted.code, status: wanted.status, error: wanted.error })
    expect(document.data.totals.providerCalls).toBe(wanted.calls)
    const ledger = await costs()
    expect(ledger.spentMicroUsd).toBe(wanted.spent * priceMicroUsd)
    expect(ledger.rows.map((row) => row.state)).toEqual(wanted.states)
    if (wanted.status === 'failed') expect(project.files('.').filter((file) => /^assets\/icons/.test(file))).toEqual([])
  })

  it('honours Retry-After for all calls to the provider', async () => {
    configure({ options: { budget: { monthlyUsd: 1 } }, provider: { concurrency: 1 } })
    for (const id of ['a', 'b', 'c']) spec(id)
    server.faults.push({ status: 429, ...wait })
    expect((await generate()).code).toBe(0)
    expect(server.callTimesMs[1]! - server.callTimesMs[0]!).toBeGreaterThanOrEqual(950)
    expect(server.calls).toHaveLength(4)
  })

  it('spends nothing when nobody listens', async () => {
    const { baseURL } = server
    await server.close()
    project.write('assetloom.config.ts', pricedConfig(baseURL, { options: { budget: { monthlyUsd: 1 } } }))
    spec('a')
    const { code, document } = await generate()
    expect([code, document.data.jobs[0]!.error!.code]).toEqual([1, 'PROVIDER_NOT_SENT'])
    expect((await costs()).spentMicroUsd).toBe(0)
    server = await startPricedServer()
  })

  it('leaves a provider alone once it has no money', async () => {
    configure({ options: { budget: { monthlyUsd: 1 } }, provider: { concurrency: 1 } })
    for (const id of ['a', 'b', 'c']) spec(id)
    server.faults.push({ status: 402 }, { status: 402 }, { status: 402 })
    const { document } = await generate()
    expect(server.calls).toHaveLength(1)
    expect(document.data.jobs.map((job) => job.error!.code)).toEqual(['PROVIDER_MONEY', 'PROVIDER_STOPPED', 'PROVIDER_STOPPED'])
  })

  it('keep the last good asset, and are tried again by the next run', async () => {
    configure({ options: { budget: { monthlyUsd: 1 } } })
    spec('a')
    await generate()
    const before = project.manifest()
    const [ref, entry] = Object.entries(before.assets)[0]!
    const bytes = project.read(entry.file!)
    spec('a', { prompt: 'another picture' })
    server.faults.push({ status: 400 })
    expect((await generate()).code).toBe(1)
    expect(project.manifest()).toEqual(before)
    expect(project.read(entry.file!).equals(bytes)).toBe(true)
    const { code, document } = await generate()
    expect([code, document.data.jobs[0]!.ref]).toEqual([0, ref])
    expect(project.read(entry.file!).equals(bytes)).toBe(false)
    expect(project.manifest().assets[ref]!.version).toBe('1.0.1')
  })

  it('of some variations pay only for the missing ones the next time', async () => {
    configure({ options: { budget: { monthlyUsd: 1 } }, provider: { variationsPerCall: 1, concurrency: 1 } })
    spec('a', { parameters: { n_variations: 3, seed: 5 } })
    server.faults.push('ok', { status: 400 }, 'ok')
    expect((await generate()).code).toBe(1)
    expect(server.calls).toHaveLength(3)
    expect((await generate()).code).toBe(0)
    expect(server.calls).toHaveLength(4)
    expect((await costs()).spentMicroUsd).toBe(3 * priceMicroUsd)
  })
})

describe('prices', () => {
  it('refuse what nobody knows the price of', async () => {
    configure({ options: { budget: { monthlyUsd: 1 } }, provider: { priceMicroUsd: null } })
    spec('a')
    const { code, document } = await generate('--dry-run')
    expect([code, document.data.jobs[0]!.error!.code]).toEqual([1, 'PRICE_UNKNOWN'])
    expect((await generate()).document.data.jobs[0]!.error!.code).toBe('PRICE_UNKNOWN')
    expect(server.calls).toHaveLength(0)
  })

  it.each([
    ['the model', { priced: { 'priced-1': 0.0125 } }, 12_500],
    ['any model', { priced: { '*': 0.5 } }, 500_000],
  ])('of the options are charged exactly for %s', async (_, prices, each) => {
    configure({ options: { budget: { monthlyUsd: 100 }, prices }, provider: { priceMicroUsd: null } })
    spec('a', { parameters: { n_variations: 3 } })
    const { document } = await generate()
    expect(document.data.jobs[0]).toMatchObject({ quoteMicroUsd: 3 * each, costMicroUsd: 3 * each, status: 'done' })
  })

  it('without a budget are asked for on a terminal only; other faces never pay', async () => {
    configure()
    spec('a')
    const workspace = await openWorkspace({ root: project.root, logLevel: 'silent', env: {} })
    const { default: operation } = await import('../../src/operations/generate.ts')
    const context = { workspace, signal: new AbortController().signal, progress: { start() {}, advance() {}, stop() {} }, confirm: async () => false }
    await expect(operation.run(operation.input.parse({}), context)).rejects.toMatchObject({ code: 'PAYMENT_DECLINED', exit: 3 })
    await expect(operation.run(operation.input.parse({}), { ...context, isInteractive: true, paysWithoutBudget: true })).rejects.toMatchObject({ code: 'PAYMENT_DECLINED' })
    expect(server.calls).toHaveLength(0)
    await workspace.close()
    expect((await generate()).code).toBe(0)
    expect(server.calls).toHaveLength(1)
  })
})

describe('the ledger', () => {
  it('is a file for its owner alone', async () => {
    const { statSync } = await import('node:fs')
    configure({ options: { budget: { monthlyUsd: 1 } } })
    spec('a')
    await generate()
    expect(statSync(join(project.root, '.assetloom/state.db')).mode & 0o777).toBe(0o600)
  })
})

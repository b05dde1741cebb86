import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configText, copySample, spec, useSample } from '../cli/sample.ts'
import { endAll, serveProject, type Served } from './served-project.ts'

useSample()
afterAll(endAll)

const withoutBudget = configText.replace('  budget: { monthlyUsd: 1 },\n', '')
const newSpecs = { 'specs/door.json': spec('door'), 'specs/gem.json': spec('gem'), 'specs/key.json': spec('key'), 'specs/map.json': spec('map', { prompt: 'fail' }) }

async function served(files: Record<string, string>, env: Record<string, string> = {}) {
  const project = copySample()
  project.write(files)
  const calls = () => readFileSync(join(project.root, 'calls.txt'), 'utf8').trim().split('\n').slice(1)
  return { project, calls, server: await serveProject(project, [], env) }
}

async function ended(server: Served, id: string) {
  for (;;) {
    const { data } = await server.ask(`/api/runs/${id}`)
    if (data.status !== 'running') return data
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

interface Heard {
  id: number
  type: string
  data: Record<string, unknown>
}

async function events(server: Served, id: string, headers: Record<string, string> = {}): Promise<Heard[]> {
  const response = await fetch(`${server.url}/api/runs/${id}/events`, { headers })
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  return (await response.text()).split('\n\n').filter((block) => block.startsWith('id: ')).map((block) => {
    const [, number, type, data] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(block)!
    return { id: Number(number), type: type!, data: JSON.parse(data!) as Record<string, unknown> }
  })
}

describe('generate over HTTP', () => {
  let withBudget: Awaited<ReturnType<typeof served>>
  beforeAll(async () => {
    withBudget = await served(newSpecs, { STUDIO_DELAY_MS: '150' })
  })

  it('begins a run, tells each step with its money, and ends with what it came to', async () => {
    const { server, calls } = withBudget
    const { status, data: run } = await server.ask('/api/generate', { specs: ['specs/gem.json', 'specs/key.json'] })
    expect(status).toBe(202)
    expect(run).toMatchObject({ operation: 'generate', status: 'running', jobs: 2, quoteMicroUsd: 80_000 })
    const heard = await events(server, run.id)
    expect(heard.map(({ id }) => id)).toEqual(heard.map((_, i) => i + 1))
    expect(heard[0]).toMatchObject({ type: 'planned', data: { jobs: 2, quoteMicroUsd: 80_000 } })
    expect(heard.filter(({ type }) => type === 'job').map(({ data }) => data.spentMicroUsd)).toEqual([40_000, 80_000])
    expect(heard.at(-1)).toMatchObject({ type: 'finished', data: { status: 'done', spentMicroUsd: 80_000 } })
    expect(await ended(server, run.id)).toMatchObject({ status: 'done', spentMicroUsd: 80_000, output: { totals: { generate: 2, costMicroUsd: 80_000 } } })
    expect(calls().sort()).toEqual(['gem', 'key'])
    // What is known already is not told again.
    expect((await events(server, run.id, { 'last-event-id': String(heard.length - 1) })).map(({ type }) => type)).toEqual(['finished'])
    expect((await server.ask('/api/runs')).data).toMatchObject({ total: 1, runs: [{ id: run.id }] })
  })

  it('tells what failed, with what was done', async () => {
    const { server } = withBudget
    const { data } = await server.ask('/api/generate', { specs: ['specs/map.json'] })
    expect(await ended(server, data.id)).toMatchObject({ status: 'failed', error: { code: 'GENERATE_INCOMPLETE' }, output: { totals: { failed: 1 } } })
  })

  it.each([
    ['a member that is none', { specs: [], maxCost: 1 }, 400, 'INPUT_INVALID'],
    ['a negative limit', { maxCostUsd: -1 }, 400, 'INPUT_INVALID'],
    ['a limit that is no number', { maxCostUsd: '1' }, 400, 'INPUT_INVALID'],
    ['a spec that is none', { specs: ['nothing'] }, 400, 'SPEC_NOT_FOUND'],
    ['a spec elsewhere', { specs: ['../other/specs/x.yaml'] }, 403, 'PATH_CLOSED'],
  ])('refuses %s at once', async (_, body, status, code) => {
    expect(await withBudget.server.ask('/api/generate', body)).toMatchObject({ error: true, status, code })
  })

  it('knows no run of others', async () => {
    for (const path of ['/api/runs/nope', '/api/runs/nope/events']) expect(await withBudget.server.ask(path)).toMatchObject({ status: 404, code: 'RUN_NOT_SERVED' })
  })
})

describe('money', () => {
  it('is not spent without a budget or a limit', async () => {
    const { server, calls } = await served({ ...newSpecs, 'assetloom.config.js': withoutBudget })
    expect(await server.ask('/api/generate', { specs: ['specs/gem.json'] })).toMatchObject({ status: 402, code: 'PAYMENT_DECLINED', hint: expect.stringContaining('maxCostUsd') as string })
    expect(calls()).toEqual([])
    expect((await server.ask('/api/runs')).data.total).toBe(0)
    const { data } = await server.ask('/api/generate', { specs: ['specs/gem.json', 'specs/key.json'], maxCostUsd: 0.05 })
    expect(await ended(server, data.id)).toMatchObject({ status: 'failed', spentMicroUsd: 40_000, error: { status: 402, code: 'BUDGET_EXCEEDED' } })
    expect(calls()).toHaveLength(1)
    // What an earlier run spent is none of the limit of this one.
    expect(await ended(server, (await server.ask('/api/generate', { specs: ['specs/key.json', 'specs/gem.json'], maxCostUsd: 0.05 })).data.id)).toMatchObject({ status: 'done', spentMicroUsd: 40_000 })
    expect(calls()).toHaveLength(2)
    expect((await ended(server, (await server.ask('/api/generate', { specs: ['specs/door.json'], maxCostUsd: 0 })).data.id)).spentMicroUsd).toBe(0)
    expect(calls()).toHaveLength(2)
  })

  it('that is being spent is finished when the server is stopped, and in the books', async () => {
    const { project, server } = await served(newSpecs, { STUDIO_DELAY_MS: '600' })
    await server.ask('/api/generate', { specs: ['specs/gem.json', 'specs/key.json'] })
    expect(await server.end('SIGTERM')).toBe(0)
    const { spentMicroUsd, reservedMicroUsd } = (await project.cli('costs', '--json')).json.data
    expect(reservedMicroUsd).toBe(0)
    // The coin of the sample, and each that was begun.
    const made = (await project.cli('list', '--category', 'Icons', '--json')).json.data.total - 1
    expect(spentMicroUsd).toBe(160_000 + 40_000 * made)
  })
})

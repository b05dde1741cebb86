import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pricedConfig, pricedSpec, startPricedServer, type PricedServer } from '../fakes/priced-provider.ts'
import { createProject, startCli, type TestProject } from '../operations/project.ts'

let server: PricedServer
let project: TestProject
beforeEach(async () => {
  server = await startPricedServer()
  project = createProject()
  project.write('assetloom.config.ts', pricedConfig(server.baseURL, { options: { budget: { monthlyUsd: 1 } }, provider: { concurrency: 1 } }))
})
afterEach(async () => {
  project.remove()
  await server.close()
})

const cli = async (...args: string[]) => {
  const { code, stdout, stderr } = await startCli(project, args).done
  return { code, stdout, stderr, json: args.includes('--json') ? (JSON.parse(stdout) as { ok: boolean; data: never; error?: { code: string; message: string; hint?: string } }) : undefined }
}
const own = (file: string) => !file.startsWith('.assetloom')

describe('generate', () => {
  it('plans without a call or a write', async () => {
    project.write('specs/a.json', pricedSpec('a'))
    project.write('specs/b.json', pricedSpec('b', { provider: 'gone-provider-x', fallback: 'local' }).replace('gone-provider-x', 'openai'))
    const before = project.files('.').filter(own)
    const { code, json } = await cli('generate', '--dry-run', '--json')
    expect(code).toBe(0)
    const { jobs, totals } = json!.data as { jobs: Record<string, unknown>[]; totals: unknown }
    expect(jobs).toMatchObject([
      { ref: 'ICON-ACME-MAIN001', spec: 'a', action: 'generate', provider: 'priced', quoteMicroUsd: 40_000, costMicroUsd: 0, status: 'planned' },
      { ref: 'ICON-ACME-MAIN002', spec: 'b', action: 'generate', provider: 'local', quoteMicroUsd: 0, status: 'planned', passedOver: [{ provider: 'openai' }] },
    ])
    expect(totals).toEqual({ hit: 0, derive: 0, generate: 2, failed: 0, quoteMicroUsd: 40_000, costMicroUsd: 0, providerCalls: 0 })
    expect(server.calls).toHaveLength(0)
    expect(project.files('.').filter(own)).toEqual(before)
  })

  it('makes what is named: a file, a folder, a glob, an id, a key, a token', async () => {
    for (const [id, folder] of [['a', 'one'], ['b', 'one'], ['c', 'two']]) project.write(`specs/${folder}/${id}.json`, pricedSpec(id!, { provider: 'local' }))
    const planned = async (...args: string[]) => (((await cli('generate', ...args, '--dry-run', '--json')).json!.data as { jobs: { spec: string }[] }).jobs.map((job) => job.spec))
    expect(await planned('specs/two/c.json')).toEqual(['c'])
    expect(await planned('specs/one')).toEqual(['a', 'b'])
    expect(await planned('specs/*/[bc].json')).toEqual(['b', 'c'])
    expect(await planned('a', 'key_c')).toEqual(['a', 'c'])
    await cli('generate', 'a')
    expect(await planned('ICON-ACME-MAIN001')).toEqual(['a'])
    expect(await planned('--only', 'stale')).toEqual(['b', 'c'])
    const { code, json } = await cli('generate', 'key_d', '--json')
    expect([code, json!.error!.code]).toEqual([2, 'SPEC_NOT_FOUND'])
    expect(json!.error!.hint).toContain('key_a')
  })

  it('takes the parameters of a template as flags', async () => {
    project.write('specs/templates/beep.yaml', 'version: "1.0"\ntemplate: beep\nparameters: [{ name: jump_type, type: enum, values: [coin, laser] }, { name: provider, type: string, default: x }]\ngeneration: { type: audio }\nprompt: { base: "a {{jump_type}} {{provider}}" }\n')
    const { code, json } = await cli('generate', '--template', 'beep', '--jump_type', 'laser', '--param', 'provider=y', '--output-name', 'beepLaser', '--json')
    expect(code).toBe(0)
    expect((json!.data as { jobs: unknown[] }).jobs).toMatchObject([{ spec: 'beep/beepLaser', aliases: ['beepLaser'], status: 'done' }])
    expect((await cli('generate', '--jump_type', 'laser', '--json')).json!.error!.code).toBe('USAGE')
    expect((await cli('generate', '--param', 'a=b', '--json')).json!.error!.code).toBe('PARAMETERS_WITHOUT_TEMPLATE')
    expect((await cli('generate', '--template', 'beep', '--jump_tipe', 'laser', '--json')).json!.error).toMatchObject({ code: 'TEMPLATE_VALUES' })
  })

  it('writes a report that shows all and runs nothing', async () => {
    project.write('specs/a.json', pricedSpec('a', { provider: 'local', integration: { manifest_key: 'nice' } }))
    project.write('specs/b.yaml', 'version: "1.0"\nid: beep\ngeneration: { type: audio }\nprompt: { base: coin }\n')
    project.write('specs/c.json', pricedSpec('c', { model: '<img src=x onerror=alert(1)>' }))
    server.faults.push({ status: 400 })
    const { json } = await cli('generate', '--json')
    const { report } = json!.data as { report: { json: string; html: string } }
    const html = project.read(report.html).toString()
    expect(html).toContain('data:image/webp;base64,')
    expect(html).toContain('<svg viewBox')
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(html).not.toContain('<img src=x')
    expect(html).not.toMatch(/<script|https?:/)
    expect(JSON.parse(project.read(report.json).toString())).toMatchObject({ totals: { generate: 2, failed: 1 }, jobs: [{ spec: 'a' }, { spec: 'beep' }, { spec: 'c', status: 'failed' }] })
  })

  it('keeps a private prompt out of logs, reports and output', async () => {
    const text = pricedSpec('a', { prompt: 'the secret words' }).replace('"base":', '"private":true,"base":')
    project.write('specs/a.json', text)
    const { stdout, stderr } = await cli('generate', '--json', '--log-level', 'debug')
    const logs = project.files('.assetloom').filter((file) => /\/(?:logs|reports)\//.test(file)).map((file) => project.read(file).toString())
    expect(logs.length).toBeGreaterThan(1)
    for (const written of [stdout, stderr, ...logs]) expect(written).not.toContain('secret words')
  })

  it('stopped by SIGINT finishes the paid call, keeps it, and goes on the next time', async () => {
    for (const id of ['a', 'b', 'c']) project.write(`specs/${id}.json`, pricedSpec(id))
    server.faults.push({ delayMs: 1500 })
    const child = spawn(process.execPath, [resolve('src/cli/main.ts'), 'generate', '--json', '--cwd', project.root], { stdio: ['ignore', 'pipe', 'inherit'] })
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    while (server.calls.length === 0) await new Promise((done) => setTimeout(done, 20))
    child.kill('SIGINT')
    const code = await new Promise((done) => child.on('close', done))
    expect(code).toBe(1)
    const document = JSON.parse(stdout) as { error: { code: string }; data: { jobs: { status: string }[] } }
    expect(document.error.code).toBe('GENERATE_STOPPED')
    expect(document.data.jobs.map((job) => job.status)).toEqual(['done', 'cancelled', 'cancelled'])
    expect(server.calls).toHaveLength(1)
    expect((await cli('generate', '--json')).code).toBe(0)
    expect(server.calls).toHaveLength(3)
  }, 60_000)
})

describe('costs', () => {
  it('sum up by provider and by spec, as table, JSON and CSV', async () => {
    for (const id of ['a', 'b']) project.write(`specs/${id}.json`, pricedSpec(id, { parameters: { n_variations: id === 'a' ? 2 : 1 } }))
    await cli('generate')
    const month = new Date().toISOString().slice(0, 7)
    expect((await cli('costs', '--json', '--by', 'provider')).json!.data).toMatchObject({ month, limitMicroUsd: 1_000_000, spentMicroUsd: 120_000, reservedMicroUsd: 0, rows: [{ provider: 'priced', calls: 2, failed: 0, costMicroUsd: 120_000 }] })
    expect((await cli('costs', '--json', '--by', 'spec')).json!.data).toMatchObject({ rows: [{ spec: 'a', costMicroUsd: 80_000 }, { spec: 'b', costMicroUsd: 40_000 }] })
    expect((await cli('costs', '--json', '--month', '2020-01')).json!.data).toMatchObject({ month: '2020-01', spentMicroUsd: 0, rows: [] })
    expect((await cli('costs', '--csv', '--by', 'spec')).stdout.split('\n').slice(0, 2)).toEqual([expect.stringMatching(/^spec,calls,failed,costMicroUsd/), expect.stringMatching(/^a,1,0,80000/)])
    expect((await cli('costs', '--month', '2020-13', '--json')).code).toBe(2)
  })
})

it('pick takes another variation', async () => {
  project.write('specs/a.json', pricedSpec('a', { parameters: { n_variations: 3 } }))
  await cli('generate')
  const before = Object.values(project.manifest().assets)[0]!
  const other = [1, 2, 3].find((n) => n !== (before.source as { chosen?: number }).chosen)!
  const { json } = await cli('pick', 'key_a', String(other), '--json')
  expect(json!.data).toMatchObject({ ref: 'ICON-ACME-MAIN001', variations: 3, version: '1.0.1' })
  expect((await cli('pick', 'key_a', '9', '--json')).json!.error!.code).toBe('PICK_OUTSIDE')
  expect(server.calls).toHaveLength(1)
})

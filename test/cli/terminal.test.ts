import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pricedConfig, pricedSpec, startPricedServer, type PricedServer } from '../fakes/priced-provider.ts'
import { createProject, png, type TestProject } from '../operations/project.ts'
import { hasTerminal, onTerminal as cliOnTerminal } from '../terminal.ts'

let server: PricedServer
let project: TestProject
beforeEach(async () => {
  server = await startPricedServer()
  project = createProject()
  project.write('assetloom.config.ts', pricedConfig(server.baseURL, { provider: { concurrency: 1 } }))
  for (const id of ['a', 'b']) project.write(`specs/${id}.json`, pricedSpec(id))
})
afterEach(async () => {
  project.remove()
  await server.close()
})

/** Press keys when the CLI shows a text. */
const onTerminal = (args: string[], waitFor: RegExp, keys: string) => cliOnTerminal([...args, '--cwd', project.root], { presses: [[waitFor, keys]] })

const question = /Spend about \$0\.08 on 2 assets\?/

describe.skipIf(!hasTerminal)('generate on a terminal, with no budget', () => {
  it('asks before it pays, and shows a bar with what was spent', { timeout: 20_000 }, async () => {
    // The first asset is written after two seconds at most; the bar must show it while the second is made.
    server.faults.push('ok', { delayMs: 8000 })
    const { code, shown } = await onTerminal(['generate'], question, 'y')
    expect(code, shown).toBe(0)
    expect(shown).toMatch(question)
    expect(shown).toMatch(/Generating [█░]+ 1\/2 \$0\.04 spent {2}ICON-ACME-MAIN001/)
    expect(server.calls).toHaveLength(2)
  })

  it.each([['Enter alone', '\r'], ['no', 'n'], ['Ctrl-C', '\u0003']])('pays nothing after %s', { timeout: 20_000 }, async (_, keys) => {
    const { code, shown } = await onTerminal(['generate'], question, keys)
    expect(code, shown).toBe(3)
    expect(shown).toContain('PAYMENT_DECLINED')
    expect(server.calls).toHaveLength(0)
    expect(project.files('.').filter((file) => file.startsWith('assets'))).toEqual([])
  })

  it('shows how far a call is', { timeout: 20_000 }, async () => {
    project.write('in.png', await png(1))
    project.write('assetloom.config.js', `import { readFileSync } from 'node:fs'
const slow = {
  id: 'slow', version: 1, free: true, concurrency: 1, capabilities: { types: ['image'] }, isAvailable: () => ({ available: true }), quote: () => 0,
  async generate(job, { onProgress }) {
    onProgress(0.5)
    await new Promise((resolve) => setTimeout(resolve, 3000))
    return { outputs: [{ bytes: new Uint8Array(readFileSync(new URL('in.png', import.meta.url))), mediaType: 'image/png' }], costMicroUsd: 0 }
  },
}
export default { tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' }, providers: { slow } }
`)
    rmSync(project.path('assetloom.config.ts'))
    rmSync(project.path('specs'), { recursive: true })
    project.write('specs/a.json', pricedSpec('a', { provider: 'slow' }))
    const { code, shown } = await onTerminal(['generate'], question, '')
    expect(code, shown).toBe(0)
    expect(shown).toMatch(/Generating [█░]+ 0\/1 \$0\.00 spent {2}ICON-ACME-MAIN001 50 %/)
  })

  it('asks nothing with --yes', { timeout: 20_000 }, async () => {
    const { code, shown } = await onTerminal(['generate', '--yes'], question, 'n')
    expect(code, shown).toBe(0)
    expect(shown).not.toMatch(question)
    expect(server.calls).toHaveLength(2)
  })
})

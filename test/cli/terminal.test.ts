import { rmSync } from 'node:fs'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pricedConfig, pricedSpec, startPricedServer, type PricedServer } from '../fakes/priced-provider.ts'
import { createProject, png, startCli, type TestProject } from '../operations/project.ts'
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

const question = /Spend about \$0\.08 on 2 assets\? \[y\/N\] /

describe.skipIf(!hasTerminal)('generate on a terminal, with no budget', () => {
  it('asks before it pays, and shows a bar with what was spent', { timeout: 20_000 }, async () => {
    // The first asset is written after two seconds at most; the bar must show it while the second is made.
    server.faults.push('ok', { delayMs: 8000 })
    const { code, shown } = await onTerminal(['generate'], question, 'y\r')
    expect(code, shown).toBe(0)
    expect(shown).toMatch(question)
    expect(shown).toMatch(/Generating [█░]+ 1\/2 \$0\.04 spent {2}ICON-ACME-MAIN001/)
    expect(server.calls).toHaveLength(2)
  })

  it.each([['Enter alone', '\r'], ['no', 'n\r'], ['No', 'No\r'], ['Ctrl-C', '\u0003'], ['Ctrl-D', '\u0004']])('pays nothing after %s', { timeout: 20_000 }, async (_, keys) => {
    const { code, shown } = await onTerminal(['generate'], question, keys)
    expect(code, shown).toBe(3)
    expect(shown).toContain('PAYMENT_DECLINED')
    expect(server.calls).toHaveLength(0)
    expect(project.files('.').filter((file) => file.startsWith('assets'))).toEqual([])
  })

  it('asks again until the answer is one', { timeout: 20_000 }, async () => {
    const { code, shown } = await cliOnTerminal(['generate', '--cwd', project.root], { presses: [[question, 'maybe\r'], [/Please answer y or n\.[^]*\? \[y\/N\] /, 'Yes\r']] })
    expect(code, shown).toBe(0)
    expect(server.calls).toHaveLength(2)
  })

  it('asks on the terminal though stdout goes elsewhere', { timeout: 20_000 }, async () => {
    const stdout = project.path('out.txt')
    const { code, shown } = await cliOnTerminal(['generate', '--cwd', project.root], { presses: [[question, 'y\r']], stdout })
    expect(code, shown).toBe(0)
    expect(project.read('out.txt').toString()).toContain('ICON-ACME-MAIN001')
    expect(project.read('out.txt').toString()).not.toContain('Spend')
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

describe.skipIf(!hasTerminal)('what is longer than the screen', () => {
  const list = (env: Record<string, string>) => cliOnTerminal(['list', '--cwd', project.root], { env })
  const rows = (shown: string) => shown.trim().split(/\r?\n/).length
  beforeEach(async () => {
    for (let seed = 0; seed < 40; seed++) project.write(`in/icon-${seed}.png`, await png(seed))
    const { code } = await startCli(project, ['import', 'in']).done
    expect(code).toBe(0)
  })

  it('goes to the pager', { timeout: 30_000 }, async () => {
    const { code, shown } = await list({ PAGER: 'head -n 3' })
    expect(code, shown).toBe(0)
    expect(rows(shown)).toBe(3)
    expect(shown).toContain('IMG-ACME-ICON')
  })

  it.each([['an empty one', ''], ['cat', 'cat'], ['one that is not installed', 'no-such-pager']])('is written as it is when the pager is %s', { timeout: 30_000 }, async (_, pager) => {
    const { code, shown } = await list({ PAGER: pager })
    expect(code, shown).toBe(0)
    expect(rows(shown)).toBeGreaterThanOrEqual(40)
  })

  it('is written as it is with --quiet', { timeout: 30_000 }, async () => {
    const { shown } = await cliOnTerminal(['list', '--quiet', '--cwd', project.root], { env: { PAGER: 'head -n 3' } })
    expect(rows(shown)).toBeGreaterThanOrEqual(40)
  })
})

describe.skipIf(!hasTerminal)('a picture', () => {
  const info = async (env: Record<string, string>) => (await cliOnTerminal(['info', 'IMG-ACME-ICON001', '--cwd', project.root], { env })).raw
  // eslint-disable-next-line no-control-regex
  const kitty = /\u001b_Ga=T,f=100,q=2,m=[01];([A-Za-z0-9+/=]+)\u001b\\/
  // eslint-disable-next-line no-control-regex
  const iterm = /\u001b\]1337;File=inline=1;size=\d+:([A-Za-z0-9+/=]+)\u0007/
  beforeEach(async () => {
    project.write('in/icon.png', await sharp(await png(1)).resize(700, 500).png().toBuffer())
    expect((await startCli(project, ['import', 'in']).done).code).toBe(0)
  })

  it.each([['Kitty', { TERM: 'xterm-kitty' }, kitty], ['iTerm2', { LC_TERMINAL: 'iTerm2' }, iterm]])('is shown small by %s, above what is told of it', { timeout: 20_000 }, async (_, env, sequence) => {
    const raw = await info(env)
    const shown = sequence.exec(raw)
    const { format, width, height } = await sharp(Buffer.from(shown![1]!, 'base64'), { failOn: 'none' }).metadata()
    expect({ format, width, height }).toEqual({ format: 'png', width: 280, height: 200 })
    expect(raw.indexOf('700×500', shown!.index)).toBeGreaterThan(shown!.index)
  })

  it.each([['another terminal', {}], ['tmux', { TERM: 'xterm-kitty', TMUX: '/tmp/tmux-0/default,1,0' }]])('is none in %s', { timeout: 20_000 }, async (_, env) => {
    const raw = await info(env)
    expect(raw).toContain('IMG-ACME-ICON001')
    expect(raw).not.toMatch(kitty)
    expect(raw).not.toMatch(iterm)
  })
})

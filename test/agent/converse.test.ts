import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pricedConfig, pricedSpec, startPricedServer, type PricedServer } from '../fakes/priced-provider.ts'
import { createProject, png, startCli, type TestProject } from '../operations/project.ts'
import { hasTerminal, onTerminal } from '../terminal.ts'

let server: PricedServer
let project: TestProject
beforeEach(async () => {
  server = await startPricedServer()
  project = createProject()
  project.write('assetloom.config.ts', pricedConfig(server.baseURL))
  for (const seed of [1, 2]) project.write(`in/${seed}.png`, await png(seed))
  const { code, stderr } = await startCli(project, ['import', 'in', '--category', 'Logos', '--variant', 'MARK', '--tags', 'primary']).done
  expect(code, stderr).toBe(0)
})
afterEach(async () => {
  project.remove()
  await server.close()
})

const prompt = /Agent> $/
const refs = () => Object.keys(project.manifest().assets)
const converse = (presses: readonly (readonly [RegExp, string])[], args: readonly string[] = []) => onTerminal(['agent', ...args, '--cwd', project.root], { presses })

describe.skipIf(!hasTerminal)('the prompt of the agent', () => {
  it('remembers what it and them are, suggests what may come next, and leaves with exit', { timeout: 30_000 }, async () => {
    const { code, shown } = await converse([
      [prompt, 'show everything tagged primary\r'],
      [/Next:[^]*Agent> $/, 'tag them as old\r'],
      [/✓[^]*Agent> $/, 'tell me about LOGO-ACME-MARK002\r'],
      [/version[^]*Agent> $/, 'export it to out\r'],
      [/→[^]*Agent> $/, 'exit\r'],
    ])
    expect(code, shown).toBe(0)
    expect(Object.values(project.manifest().assets).map(({ tags }) => tags)).toEqual([['old', 'primary'], ['old', 'primary']])
    expect(project.files('out')).toEqual(['out/LOGO-ACME-MARK002.json', 'out/LOGO-ACME-MARK002.png'])
  })

  it.each([
    ['no', 'n\r', 2],
    ['Enter alone', '\r', 2],
    ['yes', 'y\r', 1],
  ])('shows the plan before it deletes, and takes %s for an answer', { timeout: 30_000 }, async (_, keys, left) => {
    const { code, shown } = await converse([
      [prompt, 'delete LOGO-ACME-MARK001\r'],
      [/assetloom delete LOGO-ACME-MARK001[^]*Do this\? \[y\/N\] $/, keys],
      [prompt, '\u0004'],
    ])
    expect(code, shown).toBe(0)
    expect(refs()).toHaveLength(left)
  })

  it('asks for what is missing, and which one is meant', { timeout: 30_000 }, async () => {
    const { code, shown } = await converse([
      [prompt, 'export LOGO-ACME-MARK001\r'],
      [/Folder to export to.*: $/, 'kit\r'],
      [/→[^]*Agent> $/, 'rename the logo to Mark\r'],
      [/2 {2}LOGO-ACME-MARK002[^]*Which one\? $/, '2\r'],
      [/✓[^]*Agent> $/, 'exit\r'],
    ])
    expect(code, shown).toBe(0)
    expect(project.files('kit')).toContain('kit/LOGO-ACME-MARK001.png')
    expect(project.manifest().assets['LOGO-ACME-MARK002']).toMatchObject({ name: 'Mark' })
  })

  it('quotes before it pays', { timeout: 30_000 }, async () => {
    project.write('specs/gem.json', pricedSpec('gem'))
    const ended = await converse([
      [prompt, 'generate gem\r'],
      [/Spend about \$0\.04\? \[y\/N\] $/, '\r'],
      [/Nothing was done[^]*Agent> $/, 'generate gem\r'],
      [/Spend about \$0\.04\? \[y\/N\] $/, 'yes\r'],
      [/spent[^]*Agent> $/, 'exit\r'],
    ])
    expect(ended.code, ended.shown).toBe(0)
    expect(server.calls).toHaveLength(1)
  })

  it('goes on after what it does not understand, has a history and completes names', { timeout: 30_000 }, async () => {
    const { code, shown } = await converse([
      [prompt, 'flurb it\r'],
      [/SENTENCE_UNCLEAR[^]*Agent> $/, 'show LOGO-ACME-MARK002\r'],
      [/version[^]*Agent> $/, '\u001b[A'],
      [/show LOGO-ACME-MARK002$/, '\u0003'],
      [prompt, 'cate\t'],
      [/categories $|categories$/, '\u0003'],
      [prompt, '\u0003'],
    ])
    expect(code, shown).toBe(0)
  })

  it('stops what is being done at Ctrl-C and stays', { timeout: 30_000 }, async () => {
    project.write('specs/gem.json', pricedSpec('gem'))
    server.faults.push({ delayMs: 4000 })
    const { code, shown } = await converse([
      [prompt, 'generate gem\r'],
      [/Spend about \$0\.04\? \[y\/N\] $/, 'y\r'],
      [/Generating/, '\u0003'],
      [/Agent> $/, 'which tags are there?\r'],
      [/primary[^]*Agent> $/, '\u0004'],
    ])
    expect(code, shown).toBe(0)
    expect(server.calls).toHaveLength(1)
  })

  it('asks once on a terminal for one sentence, too', { timeout: 30_000 }, async () => {
    const { code, shown } = await converse([[/Do this\?/, 'y\r']], ['delete LOGO-ACME-MARK001'])
    expect(code, shown).toBe(0)
    expect(shown.match(/\?/g)).toHaveLength(1)
    expect(refs()).toEqual(['LOGO-ACME-MARK002'])
  })
})

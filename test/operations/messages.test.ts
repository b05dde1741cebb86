import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProject, run, startCli, type TestProject } from './project.ts'

let project: TestProject
beforeAll(async () => {
  project = createProject()
  await run(project, 'create', { kind: 'ai-prompts', name: 'content/greeting' })
  await run(project, 'create', { kind: 'templates', name: 'sections/hero' })
  project.write(
    'assets/library/ai-prompts/content/greeting.asset.yaml',
    'version: "1.0.0"\nprompt: "Greet {{name}} in a {{tone}} way"\nvariables:\n  - { name: name, description: Who is greeted. }\n  - { name: tone, type: enum, values: [warm, dry], default: dry }\n',
  )
  project.write('assets/library/tools/analyzers/words.ts', 'export const execute = () => 1\n')
  project.write('assets/library/tools/analyzers/words.asset.yaml', 'entry: words.ts\noptions:\n  limit: { type: number, default: 3 }\n')
  const hero = 'assets/library/templates/sections/hero.asset.yaml'
  project.write(hero, project.read(hero).toString().replace('slots: []', 'slots: [{ name: picture, description: A picture }]'))
  await run(project, 'sync', {})
})
afterAll(() => project?.remove())

async function cli(...args: string[]) {
  const { code, stdout, stderr } = await startCli(project, args).done
  return { code, text: stdout + stderr }
}

describe('commands say what helps on', () => {
  it.each<[args: string[], code: number, text: RegExp]>([
    [['filter', '--kind', 'ai-promts'], 2, /There is no kind "ai-promts"; kinds are image, .*tools[^]*Did you mean ai-prompts\?[^]*FILTER_KIND/],
    [['search', 'x', '--kind', 'bogus'], 2, /kinds are image, audio/],
    [['filter', '--kind', 'AI-Prompts'], 0, /greeting/],
    [['create'], 2, /Missing required argument 'kind'\.[^]*design-tokens, .*agent-skills\./],
    [['create', 'bogus', 'a/b'], 2, /Kinds are .*agent-skills/],
    [['create', 'ai-prompts', 'design/CON'], 1, /device name on Windows/],
    [['browse', '--page', '9', '--page-size', '2'], 0, /There is no page 9; the last is 2\./],
    [['browse', 'ai-prompt'], 0, /Nothing here\. Did you mean ai-prompts/],
    [['browse', 'modules'], 0, /Nothing here\. The starter library has modules\//],
    [['list', '--tag', 'nope'], 0, /No asset is of that sort/],
    [['serve', '--token', 'short'], 2, /--token: must have at least 16 characters/],
    [['browse', 'Logo'], 0, /Did you mean Logos/],
    [['info', 'ai-prompts/content/greeting'], 0, /takes +name: string, required\. Who is greeted\.\n +takes +tone: warm \| dry, default "dry"/],
    [['info', 'tools/analyzers/words'], 0, /takes +limit: number, default 3/],
    [['info', 'templates/sections/hero'], 0, /prop +label: string, required\n +slot +picture\. A picture\n/],
  ])('%j', async (args, code, text) => {
    const answer = await cli(...args)
    expect(answer.text).toMatch(text)
    expect(answer.code).toBe(code)
  })

  it('info gives scripts what an item takes', async () => {
    const { stdout } = await startCli(project, ['info', 'ai-prompts/content/greeting', '--json']).done
    expect(JSON.parse(stdout)).toMatchObject({
      data: {
        parameters: [
          { name: 'name', type: 'string', required: true },
          { name: 'tone', type: 'enum', required: false, default: 'dry', values: ['warm', 'dry'] },
        ],
      },
    })
  })

  it('an unknown field is named once', async () => {
    project.write('assets/library/ai-prompts/content/odd.asset.yaml', 'prompt: Hello\nnope: 1\n')
    const { text } = await cli('sync')
    expect(text).toContain('nope is no field here. Allowed: ')
    expect(text).not.toContain('field "nope"')
    const validated = await cli('validate')
    expect(validated.text).toContain('ITEM_INVALID')
    expect(validated.text).not.toContain('--fix')
  })

  it('delete speaks of a number only where there is one', async () => {
    await run(project, 'create', { kind: 'ai-prompts', name: 'content/base' })
    await run(project, 'deps add', { ref: 'templates/sections/hero', other: 'ai-prompts/content/base', range: '*' })
    const { code, text } = await cli('delete', 'ai-prompts/content/base')
    expect([code, /number/.test(text), /pass --force\./.test(text)]).toEqual([5, false, true])
  })
})

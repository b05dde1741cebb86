import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProject, run, startCli, type TestProject } from '../operations/project.ts'

/* Items of the starter library in a project that does not have them. */

let project: TestProject
beforeEach(() => {
  project = createProject()
})
afterEach(() => project.remove())

/** The project's own files: all but its state and what its user allowed. */
const ownFiles = () => project.files('.').filter((file) => !/^\.(?:assetloom|config)\//.test(file))
const cli = async (...args: string[]) => {
  const { code, stdout } = await startCli(project, [...args, '--json']).done
  return { code, ...(JSON.parse(stdout) as { data: Record<string, unknown>; error: { code: string; message: string; hint: string } }) }
}

describe('a command that only looks, or fails', () => {
  it.each([
    [['use', 'ai-prompts/design/palette-brief'], 'PROMPT_VALUES'],
    [['use', 'agent-skills/generation/color-harmony', '--param', 'base=…'], 'PROGRAM_INPUT'],
    [['use', 'ai-prompts/design/palette-brief', '--subject', 'a bakery', '--out', 'there.txt'], 'FILE_EXISTS'],
    [['run', 'tools/validators/contrast-checker', '--foreground', '#777'], 'PROGRAM_INPUT'],
  ])('%j fails and brings nothing into the project', async (args, expected) => {
    writeFileSync(project.path('there.txt'), '')
    const { code, error } = await cli(...args)
    expect(code).not.toBe(0)
    expect(error.code).toBe(expected)
    expect(ownFiles()).toEqual(['there.txt'])
  })

  it.each([
    [['override', 'configs/global/seo/defaults'], { ref: 'configs/global/seo/defaults', changed: [] }],
    [['run', 'tools/validators/contrast-checker', '--foreground', '#777', '--background', '#fff'], { output: expect.objectContaining({ ratio: expect.any(Number) }) }],
    [['test', 'tools/validators/contrast-checker'], { failed: 0 }],
    [['test', 'agent-skills/generation/color-harmony'], { failed: 0 }],
    [['test', 'ai-prompts/design/palette-brief'], { failed: 0 }],
    [['optimize', 'ai-prompts/design/palette-brief'], { written: false, unit: 'tokens' }],
  ])('%j answers and brings nothing into the project', async (args, expected) => {
    expect(await cli(...args)).toMatchObject({ code: 0, data: expected })
    expect(ownFiles()).toEqual([])
  })
})

describe('a command that changes an item', () => {
  it('use brings the item in once its text stands', async () => {
    expect(await cli('use', 'ai-prompts/design/palette-brief', '--subject', 'a bakery')).toMatchObject({ code: 0, data: { text: expect.stringContaining('a bakery') } })
    expect(Object.keys(project.manifest().assets)).toEqual(['ai-prompts/design/palette-brief'])
  })

  it('override brings the item in with the setting', async () => {
    await run(project, 'override', { ref: 'configs/global/seo/defaults', set: { 'openGraph.type': 'article' } })
    expect(Object.keys(project.manifest().assets)).toEqual(['configs/global/seo/defaults'])
  })

  it('an item that the project has is used as it stands there', async () => {
    mkdirSync(project.path('assets/library/ai-prompts/design'), { recursive: true })
    project.write('assets/library/ai-prompts/design/palette-brief.asset.yaml', 'name: Mine\ndescription: Mine.\nversion: "1.0.0"\nprompt: Paint it black\n')
    await run(project, 'sync', {})
    expect(await run(project, 'use', { ref: 'ai-prompts/design/palette-brief' })).toMatchObject({ text: 'Paint it black' })
  })
})

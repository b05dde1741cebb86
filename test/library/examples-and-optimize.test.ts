import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProject, png, run, startCli, type TestProject } from '../operations/project.ts'

let project: TestProject
beforeAll(() => {
  project = createProject()
  project.write('package.json', '{ "name": "site", "type": "module" }')
})
afterAll(() => project?.remove())

async function item(id: string, text: string, files: Record<string, string> = {}): Promise<string> {
  const folder = `assets/library/${id.slice(0, id.lastIndexOf('/'))}`
  for (const [name, content] of Object.entries(files)) project.write(`${folder}/${name}`, content)
  project.write(`assets/library/${id}.asset.yaml`, text)
  expect((await run<{ failed: unknown[] }>(project, 'sync', {})).failed).toEqual([])
  return id
}

const entryOf = (id: string) => project.manifest().assets[id]!
const fileOf = (id: string) => project.read(entryOf(id).file!).toString()

interface Report {
  ok: boolean
  data: {
    passed: number
    failed: number
    marked?: boolean
    examples: { place: number; ok: boolean; compared: boolean; problems: string[] }[]
  }
  error?: { code: string; message: string }
}

async function test(...args: string[]): Promise<Report & { code: number | null }> {
  const { stdout, code } = await startCli(project, ['test', ...args, '--json']).done
  return { code, ...(JSON.parse(stdout) as Report) }
}

describe('test', () => {
  const words = 'export const execute = ({ text }) => { if (!text) throw new RangeError("no text"); return { words: text.split(" ").length, text } }\n'
  const examples = (...lines: string[]) => `entry: words.js\noptions: [{ name: text }]\nexamples:\n${lines.map((line) => `  - ${line}\n`).join('')}`

  it('runs every example of a tool and compares what comes of it', async () => {
    const id = await item('tools/analyzers/words', examples('{ input: { text: a b }, output: { words: 2 } }', '{ input: { text: a }, output: { words: 2 } }', '{ description: Empty, input: { text: "" } }', '{ input: { txt: a } }', '{ input: { text: a } }'), { 'words.js': words })
    const { code, data, error } = await test(id)
    expect(data.examples.map(({ ok }) => ok)).toEqual([true, false, false, false, true])
    expect(data.examples.map(({ compared }) => compared)).toEqual([true, true, false, false, false])
    expect(data.examples[1]!.problems).toEqual(['output.words is 1, and the example says 2'])
    expect(data.examples[2]!.problems[0]).toMatch(/failed: RangeError: no text/)
    expect(data.examples[3]!.problems[0]).toMatch(/txt is no parameter of it; text is missing/)
    expect(data).toMatchObject({ passed: 2, failed: 3 })
    expect({ code, name: error?.code }).toEqual({ code: 1, name: 'EXAMPLES_FAILED' })
    expect(error?.message).toMatch(/3 of 5 .*output\.words is 1/)
    expect(entryOf(id)).not.toHaveProperty('tested')
  })

  it.each([
    ['ai-prompts/content/note', 'prompt: About {{topic}}\nvariables: [{ name: topic }]\nexamples:\n  - { variables: { topic: x }, rendered: ABOUT }\n', 'About x'],
    ['style-prompts/brand/mood', 'prompt: Very {{mood}}\nparameters: [{ name: mood, default: calm }]\nexamples:\n  - A subject\n  - { rendered: ABOUT }\n', 'Very calm'],
    ['agent-skills/generation/short', 'prompt: "Shorten {{text}}"\nparameters: [{ name: text }]\nexamples:\n  - { input: { text: x }, output: ABOUT }\n', 'Shorten x'],
  ])('compares what %s is filled to', async (id, text, rendered) => {
    await item(id, text.replace('ABOUT', JSON.stringify(`${rendered}\n`)))
    expect(await test(id)).toMatchObject({ code: 0, data: { passed: 1, failed: 0 } })
    await item(id, text.replace('ABOUT', JSON.stringify(`${rendered}!`)))
    expect(await test(id)).toMatchObject({ code: 1, data: { passed: 0, failed: 1 } })
  })

  it('writes the result into the item with --mark, as a version', async () => {
    const id = await item('tools/analyzers/marked', `# mine\n${examples('{ input: { text: a b }, output: { words: 2 } }')}`)
    expect((await test(id, '--mark')).data.marked).toBe(true)
    expect(entryOf(id)).toMatchObject({ tested: true, version: '1.0.1' })
    expect(fileOf(id)).toMatch(/^# mine\n[^]*tested: true/)
    expect((await test(id, '--mark')).data).not.toHaveProperty('marked')
    expect(entryOf(id).version).toBe('1.0.1')
    project.write('assets/library/tools/analyzers/words.js', words.replace('.length', '.length + 1'))
    await run(project, 'sync', {})
    expect(await test(id, '--mark')).toMatchObject({ code: 1, data: { marked: false } })
    expect(entryOf(id)).toMatchObject({ tested: false })
  })

  it('is an error where there is nothing to try, and for kinds that have no examples to try', async () => {
    const id = await item('tools/analyzers/silent', 'entry: words.js\n')
    expect(await test(id)).toMatchObject({ code: 1, error: { code: 'NOTHING_TO_TEST' } })
    const agent = await item('sub-agents/content/writer', 'promptTemplate: x\n')
    expect(await test(agent)).toMatchObject({ code: 2, error: { code: 'VERB_UNSUITABLE' } })
  })
})

describe('optimize', () => {
  const long = 'Write   about {{topic}}. \n\n\n\nBe brief and kind.\nBe brief and kind.\n'
  const short = 'Write about {{topic}}.\n\nBe brief and kind.\n'

  it.each([
    ['in the item', 'ai-prompts/content/long', `prompt: ${JSON.stringify(long)}\nvariables: [{ name: topic }]\n`, {}],
    ['in body', 'ai-prompts/content/body', `body: ${JSON.stringify(long)}\nvariables: [{ name: topic }]\n`, {}],
    ['in a file', 'ai-prompts/content/filed', 'files: [filed.md]\nvariables: [{ name: topic }]\n', { 'filed.md': long }],
  ])('counts what a shorter text %s saves, and writes it as a version when told to', async (_, id, text, files) => {
    await item(id, text, files)
    const before = fileOf(id)
    const said = await run<{ before: number; after: number; text: string }>(project, 'optimize', { ref: id })
    expect(said).toMatchObject({ unit: 'tokens', encoding: 'o200k_base', text: short, written: false, version: '1.0.0' })
    expect(said.before - said.after).toBeGreaterThan(5)
    expect(fileOf(id)).toBe(before)
    expect(await run(project, 'optimize', { ref: id, write: true })).toMatchObject({ before: said.before, after: said.after, written: true, version: '1.0.1' })
    const { text: used } = await run<{ text: string }>(project, 'use', { ref: id, param: { topic: 'trees' } })
    expect(used).toBe(short.replace('{{topic}}', 'trees'))
    expect(await run(project, 'optimize', { ref: id, write: true })).toMatchObject({ before: said.after, after: said.after, reductions: [], written: false, version: '1.0.1' })
    expect((await run<{ failed: unknown[]; changed: unknown[] }>(project, 'sync', {})).changed).toEqual([])
  })

  it('counts tokens as the models do', async () => {
    // "hello world" is two tokens of o200k_base; a control token is eight as text.
    const [plain, control] = [await item('ai-prompts/code/plain', 'prompt: hello world\n'), await item('ai-prompts/code/control', 'prompt: <|endoftext|>\n')]
    expect(await run(project, 'optimize', { ref: plain })).toMatchObject({ before: 2, after: 2 })
    expect((await run<{ before: number }>(project, 'optimize', { ref: control })).before).toBeGreaterThan(3)
  })

  it('writes down what a style costs', async () => {
    const id = await item('style-prompts/brand/priced', 'prompt: hello world\n')
    expect(await run(project, 'optimize', { ref: id, write: true })).toMatchObject({ written: true, version: '1.0.1' })
    expect(entryOf(id)).toMatchObject({ tokenCost: 2 })
    expect(await run(project, 'optimize', { ref: id, write: true })).toMatchObject({ written: false })
  })

  it('makes media smaller', async () => {
    project.write('in/a.png', await png(1, 200, 100))
    project.write('in/b.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><!-- note --><g><rect x="0.0000" width="20" height="10" fill="#ff0000"/></g></svg>')
    await run(project, 'import', { files: ['in/a.png', 'in/b.svg'], category: 'Icons' })
    const refs = Object.keys(project.manifest().assets).filter((ref) => ref.startsWith('ICON-'))
    expect(refs).toHaveLength(2)
    for (const ref of refs) {
      const { size } = entryOf(ref)
      const said = await run<{ before: number; after: number }>(project, 'optimize', { ref, compress: 'high' })
      expect(said).toMatchObject({ unit: 'bytes', before: size, written: false, version: '1.0.0' })
      expect(entryOf(ref).size).toBe(size)
      if (said.after === said.before) continue
      expect(await run(project, 'optimize', { ref, compress: 'high', write: true })).toMatchObject({ after: said.after, written: true, version: '1.0.1' })
      expect(entryOf(ref).size).toBe(said.after)
    }
    expect(refs.filter((ref) => entryOf(ref).version === '1.0.1').length).toBeGreaterThan(0)
  })

  it('is refused for what has nothing to make smaller', async () => {
    await run(project, 'import', { color: '#ff6b35' })
    await expect(run(project, 'optimize', { ref: 'COLOR-ACME-MAIN001' })).rejects.toMatchObject({ code: 'ASSET_WITHOUT_FILE' })
    await expect(run(project, 'optimize', { ref: 'sub-agents/content/writer' })).rejects.toMatchObject({ code: 'VERB_UNSUITABLE' })
  })
})

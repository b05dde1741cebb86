import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProject, run, startCli, type CliResult, type TestProject } from '../operations/project.ts'
import { until } from './item-project.ts'

let project: TestProject
beforeAll(() => {
  project = createProject()
  project.write('package.json', '{ "name": "site", "type": "module" }')
})
afterAll(() => project?.remove())

let count = 0
/** Write a tool and register it. @returns its id */
async function tool(code: string, head = '', file = 'tool.ts'): Promise<string> {
  const name = `t${++count}`
  const id = `tools/analyzers/${name}`
  const entry = `${name}-${file}`
  project.write(`assets/library/tools/analyzers/${entry}`, code)
  project.write(`assets/library/${id}.asset.yaml`, `entry: ${entry}\n${head}`)
  const { failed } = await run<{ failed: unknown[] }>(project, 'sync', {})
  expect(failed).toEqual([])
  return id
}

interface Answer extends CliResult {
  data: { output: unknown; durationMs: number }
  error: { code: string; message: string; hint: string; location?: { file: string; line: number } }
}

async function cli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  const result = await startCli(project, [...args, '--json'], env).done
  return { ...result, ...(JSON.parse(result.stdout) as Pick<Answer, 'data' | 'error'>) }
}

/** What has ended but was not yet taken note of by the system's first process counts as ended. */
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Tells its own process and one that it starts, then does not come to an end. */
const holdsOn = (how: string) => `import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
export async function execute() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
  writeFileSync('pids.json', JSON.stringify([process.pid, child.pid]))
  ${how}
}`
const pids = () => {
  try {
    return JSON.parse(readFileSync(project.path('pids.json'), 'utf8')) as number[]
  } catch {
    return []
  }
}

describe('run', () => {
  it('gives what execute gives, and keeps what it prints out of the document', async () => {
    const id = await tool(`export function execute({ text }: { text: string }) {
      console.log('counting')
      console.error('careful')
      return { words: text.split(' ').length, nothing: undefined, at: new Date(0) }
    }`)
    const { code, data, stdout, stderr } = await cli(['run', id, '--text', 'one two'])
    expect(code).toBe(0)
    expect(data.output).toEqual({ words: 2, at: '1970-01-01T00:00:00.000Z' })
    expect(stdout).not.toContain('counting')
    expect(stderr.split('\n').filter(Boolean).sort()).toEqual(['careful', 'counting'])
    expect((await cli(['run', id, '--text', 'one', '--quiet'])).stderr).toBe('')
  })

  it('shows no key of the environment and no option of Node to a program', async () => {
    const id = await tool('export const execute = () => ({ ...process.env })')
    const keys = { OPENAI_API_KEY: 'canary-1', MY_SECRET: 'canary-2', NODE_OPTIONS: '--no-deprecation', LANG: 'de_DE.UTF-8' }
    const { data, stdout } = await cli(['run', id], keys)
    expect(stdout).not.toContain('canary')
    expect(data.output).toMatchObject({ LANG: 'de_DE.UTF-8' })
    expect(Object.keys(data.output as object)).not.toContain('NODE_OPTIONS')
  })

  it.each([
    ['an error', 'export function execute() {\n  throw new RangeError("ratio is more than 1")\n}', 'PROGRAM_FAILED', /failed: RangeError: ratio is more than 1\. \(assets\/library\/.*-tool\.ts:2\)$/],
    ['a text', 'export const execute = () => { throw "no" }', 'PROGRAM_FAILED', /failed: no\.$/],
    ['an error later on', 'export const execute = () => new Promise(() => setTimeout(() => { throw new Error("late") }))', 'PROGRAM_FAILED', /failed: late\./],
    ['a lost rejection', 'export const execute = () => new Promise(() => { void Promise.reject(new Error("lost")) })', 'PROGRAM_FAILED', /failed: lost\./],
    ['the end of its process', 'export const execute = () => process.exit(3)', 'PROGRAM_ENDED', /with code 3/],
    ['waiting for nothing', 'export const execute = () => new Promise(() => {})', 'PROGRAM_ENDED', /never comes/],
    ['a function', 'export const execute = () => ({ list: [{ go() {} }] })', 'PROGRAM_OUTPUT', /output\.list\[0\]\.go is a function/],
    ['no number', 'export const execute = () => [1, NaN]', 'PROGRAM_OUTPUT', /output\[1\] is NaN/],
    ['a big number', 'export const execute = () => 1n', 'PROGRAM_OUTPUT', /output is a bigint/],
    ['a map', 'export const execute = () => ({ sizes: new Map() })', 'PROGRAM_OUTPUT', /output\.sizes is a Map/],
    ['bytes', 'export const execute = () => Buffer.from("x")', 'PROGRAM_OUTPUT', /output is a Buffer/],
    ['itself', 'export const execute = () => { const a: { a?: unknown } = {}; a.a = a; return a }', 'PROGRAM_OUTPUT', /output\.a contains itself/],
    ['an enum', 'enum Size { Small }\nexport const execute = () => Size.Small', 'PROGRAM_UNLOADABLE', /enum/],
    ['a mistake', 'export const execute = () => {', 'PROGRAM_UNLOADABLE', /cannot be loaded/],
    ['a package that is missing', 'import x from "not-there"\nexport const execute = () => x', 'PROGRAM_UNLOADABLE', /not-there/],
  ])('says what was wrong: %s', async (_, code, errorCode, message) => {
    const id = await tool(code)
    const answer = await cli(['run', id])
    expect(answer.error).toMatchObject({ code: errorCode })
    expect(answer.error.message).toMatch(message)
    expect(answer.error.message).toContain(id)
    // Neither where the project lies nor frames of others.
    expect(answer.error.message).not.toMatch(new RegExp(`node_modules|program-process|${project.root}`))
    expect(answer.code).toBe(1)
  })

  it('says of a tool that waits for nothing no word of Node itself', async () => {
    const id = await tool('console.error("begun")\nexport const execute = () => new Promise(() => {})')
    const { stderr } = await startCli(project, ['run', id]).done
    expect(stderr).toMatch(/begun[^]*never comes/)
    expect(stderr).not.toMatch(/Warning|program-process/)
  })

  it('says what to write in the place of an enum', async () => {
    const { error } = await cli(['run', await tool('enum Size { Small }\nexport const execute = () => Size.Small')])
    expect(error.hint).toMatch(/constant object/)
  })

  it.each([
    ['a loop', 'for (;;) {}'],
    ['a promise', 'await new Promise(() => {})'],
  ])('stops %s at the time limit, and what it started', async (_, how) => {
    const { error, code } = await cli(['run', await tool(holdsOn(how)), '--timeout', '700ms'])
    expect(error.code).toBe('PROGRAM_TIMED_OUT')
    expect(error.message).toContain('0.7 s')
    expect(code).toBe(1)
    expect(await until(() => pids().filter(isAlive), (alive) => alive.length === 0)).toEqual([])
  })

  it.each([
    ['objects', 'const all: unknown[] = []; for (;;) all.push({ at: all.length, text: String(all.length) })'],
    ['bytes', 'const all: unknown[] = []; for (;;) { all.push(Buffer.alloc(1e6, 1)); await new Promise(setImmediate) }'],
  ])('stops what takes too much memory: %s', async (_, how) => {
    const { error } = await cli(['run', await tool(`export async function execute() { ${how} }`), '--memory', '200'])
    expect(error).toMatchObject({ code: 'PROGRAM_OUT_OF_MEMORY' })
  })

  it.each(['interrupt', 'kill'] as const)('leaves nothing running after %s of the command', async (how) => {
    project.write('pids.json', '[]')
    const command = startCli(project, ['run', await tool(holdsOn('for (;;) {}')), '--json'])
    const started = await until(pids, (all) => all.length === 2)
    expect(started.filter(isAlive)).toHaveLength(2)
    command[how]()
    const { stdout } = await command.done
    if (how === 'interrupt') expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'INTERRUPTED' } })
    expect(await until(() => started.filter(isAlive), (alive) => alive.length === 0)).toEqual([])
  })

  it('ends with its result, whatever the program has open', async () => {
    const id = await tool('export const execute = () => { setInterval(() => {}, 1000); return "done" }')
    expect((await cli(['run', id, '--timeout', '20s'])).data).toMatchObject({ output: 'done' })
  })

  it('gives large results whole', async () => {
    const id = await tool('export const execute = ({ size }: { size: number }) => "x".repeat(size)', 'options: [{ name: size, type: number }]\n')
    expect((await cli(['run', id, '--size', '5000000'])).data.output).toHaveLength(5_000_000)
    expect((await cli(['run', id, '--size', '70000000'])).error.message).toMatch(/of at most 67108864 characters/)
  })

  it.each([['--timeout', '0s'], ['--timeout', 'soon'], ['--timeout', '25000min'], ['--memory', '1']])('refuses %s %s', async (flag, value) => {
    const { code, error } = await cli(['run', await tool('export const execute = () => 1'), flag, value])
    expect(code).toBe(2)
    expect(error.message).toContain(flag)
  })
})

describe('input', () => {
  const head = `options:
  - { name: text, type: string }
  - { name: maxWords, type: number, default: 3 }
  - { name: tone, type: enum, values: [warm, dry], required: false }
  - { name: loud, type: boolean, default: false }
`
  let id: string
  beforeAll(async () => {
    id = await tool('export const execute = (input: unknown) => input', head)
    project.write('input.json', '{ "text": "from a file" }')
  })

  it.each([
    ['flags', ['--text', 'a, b', '--max-words', '5', '--loud'], { text: 'a, b', maxWords: 5, loud: true }],
    ['flags as they are declared', ['--text=x', '--maxWords=-2', '--tone', 'warm'], { text: 'x', maxWords: -2, tone: 'warm', loud: false }],
    ['JSON', ['--input', '{"text":"x"}'], { text: 'x', maxWords: 3, loud: false }],
    ['JSON and flags', ['--input', '{"text":"x","tone":"dry"}', '--tone', 'warm'], { text: 'x', maxWords: 3, tone: 'warm', loud: false }],
    ['a file', ['--input-file', 'input.json'], { text: 'from a file', maxWords: 3, loud: false }],
    ['--param', ['--param', 'text=--json'], { text: '--json', maxWords: 3, loud: false }],
  ])('is taken as %s', async (_, args, output) => {
    expect((await cli(['run', id, ...args])).data).toMatchObject({ output })
  })

  it('is taken from the standard input', async () => {
    const command = join(import.meta.dirname, '../../src/cli/main.ts')
    const child = spawn(process.execPath, [command, 'run', id, '--input-file', '-', '--json', '--cwd', project.root], { stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdin.end('{"text":"piped"}')
    let text = ''
    for await (const chunk of child.stdout) text += String(chunk)
    expect(JSON.parse(text)).toMatchObject({ data: { output: { text: 'piped' } } })
  })

  it.each([
    ['what is missing', [], 'PROGRAM_INPUT', /text is missing/],
    ['an unknown name', ['--text', 'x', '--tonne', 'warm'], 'PROGRAM_INPUT', /tonne is no parameter of it/],
    ['a wrong type', ['--text', 'x', '--max-words', 'many'], 'PROGRAM_INPUT', /maxWords is "many", no number/],
    ['another type of JSON', ['--input', '{"text":5}'], 'PROGRAM_INPUT', /text is 5, no string/],
    ['what is none of the values', ['--text', 'x', '--tone', 'sour'], 'PROGRAM_INPUT', /tone is "sour", none of warm, dry/],
    ['a list', ['--input', '[]'], 'PROGRAM_INPUT', /object of values/],
    ['no JSON', ['--input', '{text}'], 'INPUT_UNREADABLE', /--input holds no JSON/],
    ['two inputs', ['--input', '{}', '--input-file', 'input.json'], 'INPUT_UNREADABLE', /both given/],
    ['a file that is not there', ['--input-file', 'nowhere.json'], 'FILE_UNREADABLE', /nowhere\.json/],
  ])('is refused before anything starts: %s', async (_, args, code, message) => {
    const { error } = await cli(['run', id, ...args])
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })

  describe('of lists and objects', () => {
    const nested = `options:
  - { name: widths, type: list, items: { type: number }, default: [640] }
  - { name: words, type: list, items: {}, required: false }
  - name: crops
    type: list
    required: false
    items:
      type: object
      properties:
        width: { type: number }
        unit: { type: enum, values: [px, percent], default: px }
  - { name: theme, type: object, required: false, properties: { colors: { type: list, items: { type: enum, values: [red, blue] } }, name: { required: false } } }
  - { name: free, type: object, required: false }
`
    let lists: string
    beforeAll(async () => {
      lists = await tool('export const execute = (input: unknown) => input', nested)
    })

    it.each([
      ['nothing', [], { widths: [640] }],
      ['a flag for each member', ['--widths', '320', '--widths', '1280'], { widths: [320, 1280] }],
      ['one flag', ['--widths=320', '--words', 'a, b'], { widths: [320], words: ['a, b'] }],
      ['JSON', ['--widths', '[1,2]', '--theme', '{"colors":["red"]}', '--free', '{"a":{"b":[1]}}'], { widths: [1, 2], theme: { colors: ['red'] }, free: { a: { b: [1] } } }],
      ['objects, each by itself', ['--crops', '{"width":1}', '--crops', '{"width":2,"unit":"percent"}'], { crops: [{ width: 1, unit: 'px' }, { width: 2, unit: 'percent' }] }],
      ['--input', ['--input', '{"crops":[{"width":5}]}'], { crops: [{ width: 5, unit: 'px' }] }],
      ['no list in texts that look like it', ['--words', '[no json'], { words: ['[no json'] }],
    ])('takes %s', async (_, args, output) => {
      expect((await cli(['run', lists, ...args])).data).toMatchObject({ output })
    })

    it.each([
      [['--widths', '1', '--widths', 'wide'], /widths\[1\] is "wide", no number/],
      [['--input', '{"widths":5}'], /widths is 5, no list/],
      [['--input', '{"crops":[{"width":1},{"width":"wide"}]}'], /crops\[1\]\.width is "wide", no number/],
      [['--input', '{"crops":[{}]}'], /crops\[0\]\.width is missing/],
      [['--input', '{"crops":[{"width":1,"unit":"em"}]}'], /crops\[0\]\.unit is "em", none of px, percent/],
      [['--theme', '{"colors":["red","green"],"size":1}'], /theme\.colors\[1\] is "green", none of red, blue; theme\.size is not known; theme holds colors, name/],
      [['--theme', 'dark'], /theme is "dark", no object/],
      [['--theme', '[]'], /theme is \[\], no object/],
    ])('refuses %j by its place', async (args, message) => {
      const { code, error } = await cli(['run', lists, ...args])
      expect({ code, name: error.code }).toEqual({ code: 2, name: 'PROGRAM_INPUT' })
      expect(error.message).toMatch(message)
    })

    it.each([
      ['{ name: a, type: list }', /must have items when its type is list/],
      ['{ name: a, items: {} }', /must have items when its type is list, and only then/],
      ['{ name: a, properties: {} }', /properties only when its type is object/],
      ['{ name: a, type: enum }', /must have values/],
      ['{ name: a, type: list, items: { type: enum } }', /items.*must have values/],
      ['{ name: a, type: list, items: { type: number }, default: [x] }', /default.*\[0\] is "x", no number/],
      ['{ name: a, type: object, properties: { b: { type: number, default: x } } }', /properties\.b\.default.*is "x", no number/],
      ['{ name: a, type: list, items: { tipe: number } }', /tipe/],
      ['{ name: a, type: array, items: {} }', /string, number, boolean, enum, list, object/],
    ])('a declaration %s is refused', async (declared, message) => {
      project.write('assets/library/tools/analyzers/odd.ts', 'export const execute = () => 1')
      project.write('assets/library/tools/analyzers/odd.asset.yaml', `entry: odd.ts\noptions:\n  - ${declared}\n`)
      const { failed } = await run<{ failed: { file: string; message: string }[] }>(project, 'sync', {})
      expect(failed.find(({ file }) => file.includes('odd'))?.message).toMatch(message)
      rmSync(project.path('assets/library/tools/analyzers/odd.asset.yaml'))
    })

    it('are not for texts', async () => {
      project.write('assets/library/agent-skills/analysis/odd.asset.yaml', 'prompt: "{{a}}"\nparameters:\n  - { name: a, type: list, items: {} }\n')
      const { failed } = await run<{ failed: { file: string; message: string }[] }>(project, 'sync', {})
      expect(failed.find(({ file }) => file.includes('odd'))?.message).toMatch(/is list, and a text can hold string/)
      rmSync(project.path('assets/library/agent-skills/analysis/odd.asset.yaml'))
    })
  })

  it('and output are held to what the item declares', async () => {
    const shape = 'output:\n  type: object\n  properties: { words: { type: integer, minimum: 0 } }\n  required: [words]\n'
    const good = await tool('export const execute = () => ({ words: 2 })', shape)
    const bad = await tool('export const execute = () => ({ words: "two" })', shape)
    const odd = await tool('export const execute = () => 1', 'output: { type: somewhat }\n')
    expect((await cli(['run', good])).data.output).toEqual({ words: 2 })
    expect((await cli(['run', bad])).error).toMatchObject({ code: 'OUTPUT_MISSHAPEN', message: expect.stringContaining('output.words') as string })
    expect((await cli(['run', odd])).error.code).toBe('OUTPUT_SCHEMA_UNREADABLE')
  })

  it('is refused for items that cannot be run', async () => {
    project.write('assets/library/style-prompts/brand/calm.asset.yaml', 'prompt: calm\n')
    await run(project, 'sync', {})
    const { code, error } = await cli(['run', 'style-prompts/brand/calm'])
    expect({ code, name: error.code }).toEqual({ code: 2, name: 'VERB_UNSUITABLE' })
    expect(error.message).toMatch(/it is for .*tools/)
    expect((await cli(['run', 'tools/analyzers/none'])).error.code).toBe('ASSET_UNKNOWN')
  })
})

describe('code that came with a pack', () => {
  /** As if a pack had brought it. */
  const foreign = (id: string) => {
    const manifest = JSON.parse(project.read('assets/manifest.json').toString()) as { assets: Record<string, { source: object }> }
    manifest.assets[id]!.source = { type: 'pack', pack: 'acme', version: '1.0.0' }
    project.write('assets/manifest.json', JSON.stringify(manifest))
  }

  it('runs once somebody allowed exactly that code', async () => {
    const id = await tool('export const execute = () => "first"')
    foreign(id)
    expect(await cli(['run', id])).toMatchObject({ code: 1, error: { code: 'CONSENT_MISSING', message: expect.stringContaining('the pack acme 1.0.0') as string } })
    expect(await cli(['run', id, '--yes'])).toMatchObject({ data: { output: 'first' } })
    expect(await cli(['run', id])).toMatchObject({ data: { output: 'first' } })
    project.write(`assets/library/tools/analyzers/t${count}-tool.ts`, 'export const execute = () => "second"')
    expect((await cli(['run', id])).error.code).toBe('CONSENT_MISSING')
  })

  it('asks, and a no is a no', async () => {
    const id = await tool('export const execute = () => 1')
    foreign(id)
    const asked: string[] = []
    const answer = (yes: boolean) => ({ confirm: async (question: string, _preset: string, shown = '') => asked.push(shown + question) > 0 && yes })
    await expect(run(project, 'run', { ref: id }, {}, answer(false))).rejects.toMatchObject({ code: 'CONSENT_MISSING' })
    await expect(run(project, 'run', { ref: id }, {}, answer(true))).resolves.toMatchObject({ output: 1 })
    await expect(run(project, 'run', { ref: id }, {}, answer(false))).resolves.toMatchObject({ output: 1 })
    expect(asked).toHaveLength(2)
    expect(asked[0]).toContain(id)
    expect(asked[0]).toContain('export const execute = () => 1')
  })

  it('loads no other file of the library than those that stand under its digest', async () => {
    project.write('assets/library/tools/analyzers/other.ts', 'export const word = "other"')
    const code = 'import { word } from "./other.ts"\nexport const execute = () => word'
    const [own, without, named] = [await tool(code), await tool(code), await tool(code, 'files: [other.ts]\n')]
    foreign(without)
    foreign(named)
    expect((await cli(['run', own])).data.output).toBe('other')
    expect((await cli(['run', named, '--yes'])).data.output).toBe('other')
    expect((await cli(['run', without, '--yes'])).error).toMatchObject({ code: 'PROGRAM_UNLOADABLE', message: expect.stringContaining('./other.ts') as string })
  })
})

describe('use', () => {
  beforeAll(async () => {
    const items = {
      'ai-prompts/content/note': 'prompt: "Write {{count}} lines about {{topic}}."\nvariables:\n  - { name: topic }\n  - { name: count, type: number, default: 2 }\n',
      'sub-agents/content/writer': 'promptTemplate: "You are {{name}}, at {{warmth}}."\nconfig: { warmth: 0.5 }\n',
      'agent-skills/generation/shorten': 'prompt: "Shorten: {{text}}"\nparameters: [{ name: text }]\n',
      'agent-skills/generation/double': 'entry: double.js\nparameters: [{ name: n, type: number }]\n',
    }
    for (const [id, text] of Object.entries(items)) project.write(`assets/library/${id}.asset.yaml`, text)
    project.write('assets/library/agent-skills/generation/double.js', 'export const execute = ({ n }) => ({ twice: 2 * n })')
    await run(project, 'sync', {})
  })

  it.each([
    ['ai-prompts/content/note', ['--topic', 'trees $& {{count}}'], 'Write 2 lines about trees $& {{count}}.'],
    ['ai-prompts/content/note', ['--topic', 'trees', '--count', '9'], 'Write 9 lines about trees.'],
    ['sub-agents/content/writer', [], 'You are writer, at 0.5.'],
    ['sub-agents/content/writer', ['--warmth', '1'], 'You are writer, at 1.'],
    ['agent-skills/generation/shorten', ['--text', 'x'], 'Shorten: x'],
    ['agent-skills/generation/double', ['--n', '4'], '{\n  "twice": 8\n}'],
  ])('fills %s with %j', async (id, args, text) => {
    expect((await cli(['use', id, ...args])).data).toEqual({ ref: id, text })
    const { stdout } = await startCli(project, ['use', id, ...args]).done
    expect(stdout).toBe(`${text}\n`)
  })

  it('writes a new file', async () => {
    const { data } = await cli(['use', 'ai-prompts/content/note', '--topic', 'x', '--out', 'out/note.txt'])
    expect(data).toMatchObject({ file: 'out/note.txt' })
    expect(project.read('out/note.txt').toString()).toBe('Write 2 lines about x.')
    expect((await cli(['use', 'ai-prompts/content/note', '--topic', 'y', '--out', 'out/note.txt'])).error.code).toBe('FILE_EXISTS')
    expect(project.read('out/note.txt').toString()).toBe('Write 2 lines about x.')
  })

  it('names what is missing and what is unknown', async () => {
    const { code, error } = await cli(['use', 'ai-prompts/content/note', '--subject', 'x'])
    expect({ code, name: error.code }).toEqual({ code: 2, name: 'PROMPT_VALUES' })
    expect(error.message).toMatch(/subject is no parameter of it; topic is missing/)
  })
})

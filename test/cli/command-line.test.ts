/* eslint-disable no-control-regex -- control characters are what is looked for */
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plainText } from '../../src/cli/terminal.ts'
import { cliPath, repository, runNode } from '../project.ts'
import { copySample, spec, useSample } from './sample.ts'

useSample()

const { version, bin } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string; bin: Record<string, string> }

describe('usage', () => {
  it.each<[string[], string, RegExp | undefined]>([
    [['lst'], 'There is no command "lst".', /list/],
    [['ad-tags'], 'There is no command "ad-tags".', /add-tags/],
    [[''], 'There is no command "".', undefined],
    [['zzzzzzzz'], 'There is no command "zzzzzzzz".', /--help/],
    [['--jsn', 'list'], 'There is no option --jsn before a command.', /--json/],
    [['--category', 'Logos', 'list'], 'There is no option --category before a command.', /comes first/],
    [['list', '--categroy', 'Logos'], "Unknown option '--categroy'.", /--category/],
    [['list', '--categroy=Logos'], "Unknown option '--categroy=Logos'.", /--category/],
    [['list', '--category'], '--category needs a value.', /--help/],
    [['list', '--category', '--json'], '--category needs a value, and --json follows it.', /--category=--json/],
    [['list', '--category', '--'], '--category needs a value, and -- follows it.', undefined],
    [['--cwd'], '--cwd needs a value.', undefined],
    [['list', '--json=yes'], "Unknown option '--json=yes'.", /--json/],
    [['list', '--log-level', 'loud'], "is invalid. Allowed choices are debug, info, warn, error, silent.", undefined],
    [['info', '-weird'], "Unknown option '-weird'.", /info -- -weird/],
    [['info', 'a', 'b'], 'Too many arguments.', undefined],
    [['info'], "Missing required argument 'ref'.", undefined],
    [['help', 'lst'], 'There is no command "lst".', /list/],
    [['--quiet'], 'No command was given.', undefined],
    [['list', '--cwd', 'no/such'], 'There is no folder', undefined],
  ])('%j', async (args, message, hint) => {
    const project = copySample()
    if (!args.some((arg) => arg.startsWith('--json'))) {
      const told = await project.cli(...args)
      expect(told).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) })
      if (hint) expect(told.stderr).toMatch(hint)
    }
    const first = await project.cli('--json', ...args)
    expect(first.code).toBe(2)
    expect(first.stderr).toBe('')
    expect(first.json).toMatchObject({ ok: false, error: { message: expect.stringContaining(message) } })
    if (hint) expect(first.json.error.hint).toMatch(hint)
  })

  it('takes --json, --cwd and --quiet before and after the command', async () => {
    const project = copySample()
    const there = { cwd: project.root }
    const expected = (await runNode([cliPath, 'list', '--json'], there.cwd)).stdout
    for (const args of [['--json', 'list'], ['--json', '--cwd', project.root, 'list'], ['list', '--quiet', '--json', `--cwd=${project.root}`], ['--quiet', '--cwd', project.root, '--json', 'list'], ['--log-level', 'warn', 'list', '--cwd', project.root, '--json']]) {
      const { code, stdout } = await runNode([cliPath, ...args], args.join().includes(project.root) ? repository : project.root)
      expect(code).toBe(0)
      expect(stdout).toBe(expected)
    }
  })

  it('tells its version and an overview of every command', async () => {
    const project = copySample()
    for (const flag of ['--version', '-v']) expect(await project.cli(flag)).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
    expect((await project.cli('--json', '--version')).json).toEqual({ ok: true, data: { version } })
    const { stdout } = await project.cli('--help')
    for (const args of [[], ['-h'], ['help']]) expect(await project.cli(...args)).toMatchObject({ code: 0, stdout })
    expect((await project.cli('--help', '--json')).json.data.help).toBe(stdout.trimEnd())
    expect((await project.cli('--json')).code).toBe(2)
  })

  it('is the same program under both names', async () => {
    expect(bin).toEqual({ assetloom: 'dist/cli/main.js', asset: 'dist/cli/main.js' })
    const project = copySample()
    mkdirSync(join(project.root, 'bin'))
    symlinkSync(cliPath, join(project.root, 'bin/asset'))
    const [own, short] = await Promise.all([project.cli('list'), new Promise((done) => execFile(join(project.root, 'bin/asset'), ['list'], { cwd: project.root, env: { PATH: `${join(process.execPath, '..')}:${process.env.PATH}` } }, (_error, stdout) => done(stdout)))])
    expect(short).toBe(own.stdout)
  })
})

describe('values', () => {
  const update = async (...args: string[]) => (await copySample().cli('update', 'LOGO-ACME-MARK001', ...args, '--json')).json

  it.each([
    [['--description', '-5 dB'], '-5 dB'],
    [['--description', '--- a rule'], '--- a rule'],
    [['--description=--json'], '--json'],
    [['--description=a=b'], 'a=b'],
    [['--description', 'größe ✓ 图标 🎨'], 'größe ✓ 图标 🎨'],
    [['--description', '$(echo x) `y` "z" \\'], '$(echo x) `y` "z" \\'],
  ])('takes %j as it is', async (args, description) => {
    expect((await update(...args)).data.description).toBe(description)
  })

  it('splits lists at commas, keeps escaped ones and joins repeated flags', async () => {
    expect((await update('--tags', 'a,b', '--tags', ' c\\,d ,')).data.tags).toEqual(['a', 'b', 'c', 'd'])
    expect((await copySample().cli('list', '--tag', 'brand', '--tag', 'none', '--json')).json.data.total).toBe(0)
  })

  it('takes everything behind -- as a value', async () => {
    const project = copySample()
    for (const value of ['-x', '--json', '--help']) {
      const { code, stdout, stderr } = await project.cli('info', '--', value)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain(`"${value}"`)
    }
    expect((await project.cli('info', '--json', '--', 'LOGO-ACME-MARK001')).json.data.ref).toBe('LOGO-ACME-MARK001')
  })

  it('finds files and folders whose names hold other letters than ASCII', async () => {
    const project = copySample()
    project.write({ 'bilder/größe 图标.png': readFileSync(join(project.root, 'in/3.png')), '--x/-y.png': readFileSync(join(project.root, 'in/4.png')) })
    const { json } = await project.cli('import', 'bilder/größe 图标.png', '--category', 'Icons', '--json')
    expect(json.data.imported).toMatchObject([{ originalName: 'größe 图标.png' }])
    expect((await project.cli('import', '--json', '--category', 'Icons', '--', '--x/-y.png')).json.data.imported).toHaveLength(1)
  })
})

describe('terminal', () => {
  const hostile = '\u001b[31mred\u001b[0m \u001b]8;;http://evil.test\u0007link\u001b]8;;\u0007 over\rwritten \u202ekcab\u202c \u009b2J \u0007bell'

  it('shows text of others without what steers a terminal, and gives it whole as JSON', async () => {
    const project = copySample()
    await project.cli('update', 'LOGO-ACME-MARK001', '--description', hostile, '--name', hostile)
    const { stdout } = await project.cli('info', 'LOGO-ACME-MARK001')
    expect(stdout).toContain('red link overwritten kcab')
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    expect((await project.cli('info', 'LOGO-ACME-MARK001', '--json')).json.data.description).toBe(hostile)
    const unknown = await project.cli('info', hostile)
    expect(unknown.stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    project.write({ 'in/\u001b[31mred\u202e.png': readFileSync(join(project.root, 'in/3.png')) })
    const imported = await project.cli('import', 'in/\u001b[31mred\u202e.png', '--category', 'Icons')
    expect(imported.code).toBe(0)
    expect(imported.stdout + imported.stderr).not.toMatch(/[\u001b\u202e]/)
  })

  it.each([
    ['a\u001b[1;31mb', 'ab'],
    ['\u001b]0;title\u001b\\x', 'x'],
    ['\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['\u001b(Bx\u001bcy', 'Bxy'],
    ['a\u001b', 'a'],
    ['\u001b]never ends', 'never ends'],
    ['one\ttwo\nthree', 'one\ttwo\nthree'],
    ['\u2067rtl\u2069\u200f', 'rtl'],
  ])('%j becomes %j', (text, shown) => {
    expect(plainText(text)).toBe(shown)
  })

  it.each<Record<string, string>>([{}, { CI: '1' }, { CI: 'true', TERM: 'xterm-256color' }, { NO_COLOR: '1' }])('has no colour and asks nothing without a TTY (%j)', async (env) => {
    const { root } = copySample()
    for (const args of [['lst'], ['delete', 'LOGO-ACME-MARK001'], ['import', '--color', 'red'], ['list']]) {
      const { stdout, stderr } = await runNode([cliPath, ...args], root, env)
      expect(stdout + stderr).not.toContain('\u001b')
      expect(stdout + stderr).not.toMatch(/\?\s*$/)
    }
  })

  it('--quiet tells nothing but the result', async () => {
    const project = copySample()
    project.write({ 'specs/pay.json': spec('pay') })
    const config = readFileSync(join(project.root, 'assetloom.config.js'), 'utf8').replace('budget: { monthlyUsd: 1 },', '')
    project.write({ 'assetloom.config.js': config })
    expect((await project.cli('generate', '--dry-run', '--quiet')).stderr).toBe('')
    const told = await project.cli('generate', 'pay')
    expect(told.stderr).toContain('$0.04')
    expect(told.stderr).not.toContain('\u001b')
    project.write({ 'specs/more.json': spec('more') })
    const quiet = await project.cli('generate', 'more', '--quiet')
    expect(quiet).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('1 generated') })
  })
})

/** Run a line of the shell; `asset` is the program. */
function shell(line: string, cwd: string): Promise<{ stdout: string; stderr: string }> {
  return new Promise((done) => execFile('bash', ['-c', `asset() { "${process.execPath}" "${cliPath}" "$@"; }; ${line}`], { cwd, maxBuffer: 64e6 }, (_error, stdout, stderr) => done({ stdout, stderr })))
}

describe.skipIf(process.platform === 'win32')('pipes', () => {
  const withManyColors = () => {
    const project = copySample()
    const manifest = JSON.parse(readFileSync(join(project.root, 'assets/manifest.json'), 'utf8')) as { assets: Record<string, object>; sequences: Record<string, number> }
    const color = manifest.assets['COLOR-ACME-MAIN001']!
    for (let i = 2; i <= 999; i++) {
      const token = `COLOR-ACME-MAIN${String(i).padStart(3, '0')}`
      manifest.assets[token] = { ...color, token, description: 'x'.repeat(300) }
    }
    manifest.sequences['COLOR-ACME-MAIN'] = 999
    project.write({ 'assets/manifest.json': JSON.stringify(manifest) })
    return project
  }

  it('ends quietly when its reader goes away', async () => {
    const { root } = withManyColors()
    for (const line of ['asset list --json', 'asset list', 'asset --help', 'asset info NOPE --json']) {
      const { stdout, stderr } = await shell(`${line} | head -1; echo "\${PIPESTATUS[0]}"`, root)
      const [first, code] = stdout.trim().split('\n').slice(-2)
      expect(first).toMatch(/\S/)
      expect(code).toMatch(line.includes('NOPE') ? /^[01]$/ : /^0$/)
      expect(stderr).toBe('')
    }
    // Nobody reads at all.
    expect(await shell('asset list --json | true; asset list NOPE 2>&1 >/dev/null | true', root)).toMatchObject({ stderr: '' })
  })

  it('writes a long document whole', async () => {
    const { root } = withManyColors()
    const { stdout } = await shell('asset list --json | cat', root)
    expect((JSON.parse(stdout) as { data: { total: number } }).data.total).toBe(1002)
  })

  it.skipIf(!existsSync('/dev/full'))('says so when the output cannot be written', async () => {
    const { stdout, stderr } = await shell('asset list --json > /dev/full; echo $?', copySample().root)
    expect(stdout).toBe('1\n')
    expect(stderr).toMatch(/^The output could not be written: .*\n$/)
  })
})

describe.skipIf(process.platform === 'win32')('signals', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s stops a long generate after the paid call; the next run goes on', async (signal) => {
    const project = copySample()
    for (const id of ['one', 'two', 'three']) project.write({ [`specs/${id}.json`]: spec(id) })
    const calls = () => readFileSync(join(project.root, 'calls.txt'), 'utf8').trim().split('\n').length - 1
    const child = spawn(process.execPath, [cliPath, 'generate', '--json'], { cwd: project.root, env: { ...process.env, CI: '', STUDIO_DELAY_MS: '1500' }, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = new Promise((done) => child.on('close', (code, by) => done({ code, by })))
    while (calls() === 0) await new Promise((done) => setTimeout(done, 20))
    child.kill(signal)
    expect(await ended).toEqual({ code: 1, by: null })
    expect(stderr).toBe('')
    const document = JSON.parse(stdout) as { ok: boolean; error: { code: string }; data: { jobs: { status: string }[] } }
    expect(document).toMatchObject({ ok: false, error: { code: 'GENERATE_STOPPED' } })
    expect(document.data.jobs.map((job) => job.status).sort()).toEqual(['cancelled', 'cancelled', 'done', 'done'])
    expect(calls()).toBe(1)
    expect(readdirSync(join(project.root, '.assetloom/tmp'))).toEqual([])
    expect((await project.cli('validate', '--json')).json.data.findings.filter((one: { severity: string }) => one.severity === 'error')).toEqual([])
    expect((await project.cli('costs', '--json')).json.data).toMatchObject({ spentMicroUsd: 200_000, reservedMicroUsd: 0 })
    expect((await project.cli('generate', '--json')).json.data.totals).toMatchObject({ hit: 2, generate: 2 })
    expect(calls()).toBe(3)
  })
})

it.skipIf(process.platform === 'win32')('keeps the state database to its owner', async () => {
  const project = copySample()
  await project.cli('list')
  for (const name of readdirSync(join(project.root, '.assetloom')).filter((one) => one.startsWith('state.db'))) expect(statSync(join(project.root, '.assetloom', name)).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(project.root, '.assetloom/.gitignore'), 'utf8')).toMatch(/^\*$/m)
})

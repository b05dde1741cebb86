/*
 * Runs one operation again and again in this process, making the n-th file-system call on the project fail for
 * n = 1, 2, 3, … until none fails, and checks after each what must hold. Prints one JSON line with what it saw.
 *
 * Arguments: scenario, error code, and `once` (that call alone), `onwards` (it and all after it) or `late` (that call
 * alone, after it has done its work, as a network file system may answer).
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAssetloomError } from '../../src/core/errors.ts'
import { openWorkspace } from '../../src/workspace.ts'
import { createProject, options, png, projectAt, requireWhole, run, strayFiles, type TestProject } from './project.ts'

const [scenarioName, code, mode] = process.argv.slice(2) as [string, string, 'once' | 'onwards' | 'late']

interface Scenario {
  prepare(project: TestProject): Promise<void>
  /** True in the output when some of it failed without throwing. */
  act(project: TestProject): Promise<{ failed?: unknown[] }>
  /** A text that is one thing before and another after. */
  state(project: TestProject): string
}

const imported = async (project: TestProject) => {
  project.write('in/one.png', await png(1))
  project.write('in/two.png', await png(2))
  await run(project, 'import', { files: ['in/one.png', 'in/two.png'], category: 'Icons', variant: 'UI' })
}
const refs = (project: TestProject) =>
  Object.entries(project.manifest().assets)
    .map(([ref, entry]) => `${ref} ${entry.file ?? ''} ${entry.hash ?? ''} ${entry.version}`)
    .join('\n')

const scenarios: Record<string, Scenario> = {
  import: {
    async prepare(project) {
      await imported(project)
      project.write('in/three.png', await png(3))
    },
    act: (project) => run(project, 'import', { files: ['in/three.png'], category: 'Icons', variant: 'UI' }),
    state: refs,
  },
  refine: {
    prepare: imported,
    act: (project) => run(project, 'refine', { ref: 'ICON-ACME-UI001', convert: 'webp' }),
    state: refs,
  },
  replace: {
    async prepare(project) {
      await imported(project)
      project.write('in/new.png', await png(9))
    },
    act: (project) => run(project, 'update', { ref: 'ICON-ACME-UI001', file: 'in/new.png' }),
    state: refs,
  },
  delete: { prepare: imported, act: (project) => run(project, 'delete', { ref: 'ICON-ACME-UI002' }), state: refs },
  tag: {
    prepare: imported,
    act: (project) => run(project, 'add-tags', { ref: 'ICON-ACME-*', tags: ['a'] }),
    state: refs,
  },
  organize: {
    async prepare(project) {
      await imported(project)
      const text = project.read('assets/manifest.json').toString()
      project.write('assets/odd/x.png', project.read('assets/icons/ICON-ACME-UI001.png'))
      fs.rmSync(project.path('assets/icons/ICON-ACME-UI001.png'))
      project.write('assets/manifest.json', text.replace('assets/icons/ICON-ACME-UI001.png', 'assets/odd/x.png'))
    },
    act: async (project) => ({ failed: (await run<{ skipped: unknown[] }>(project, 'organize', {})).skipped }),
    state: refs,
  },
}
const scenario = scenarios[scenarioName]!

/* The faults: calls that touch the project, by path or by a handle opened on it. */
let isArmed = false
let calls = 0
let failAt = 0
let failed: string | undefined
let watchedRoot = ''
const handles = new Set<number>()

function strike(name: string): void {
  if (!isArmed) return
  calls++
  if (calls !== failAt && !(mode === 'onwards' && calls > failAt)) return
  failed ??= name
  throw Object.assign(new Error(`${code}: injected, ${name}`), { code, errno: -1, syscall: name })
}
const isWatched = (args: unknown[]) =>
  args.some(
    (arg) => (typeof arg === 'string' && arg.startsWith(watchedRoot)) || (typeof arg === 'number' && handles.has(arg)),
  )

type Call = (...args: unknown[]) => unknown
const wrap = (owner: Record<string, Call>, name: string, around: (real: Call) => Call) => {
  owner[name] = around(owner[name]!.bind(owner))
}
const syncFs = fs as unknown as Record<string, Call>
for (const name of [
  'openSync',
  'writeSync',
  'fsyncSync',
  'renameSync',
  'rmSync',
  'mkdirSync',
  'readFileSync',
  'readdirSync',
  'statSync',
  'linkSync',
  'copyFileSync',
  'realpathSync',
  'appendFileSync',
  'writeFileSync',
])
  wrap(syncFs, name, (real) => (...args) => {
    if (mode !== 'late' && isArmed && isWatched(args)) strike(name)
    const result = real(...args)
    // Only what changes names can have happened and be reported as failed.
    if (
      mode === 'late' &&
      isArmed &&
      isWatched(args) &&
      ['renameSync', 'rmSync', 'linkSync', 'mkdirSync'].includes(name)
    )
      strike(name)
    if (name === 'openSync' && typeof args[0] === 'string' && args[0].startsWith(watchedRoot))
      handles.add(result as number)
    return result
  })
wrap(syncFs, 'closeSync', (real) => (handle) => {
  const watched = handles.delete(handle as number)
  real(handle)
  if (watched && mode !== 'late') strike('closeSync')
})
const promises = fs.promises as unknown as Record<string, Call>
for (const name of ['open', 'readFile', 'rm', 'mkdir'])
  wrap(promises, name, (real) => async (...args) => {
    if (mode === 'late' || !isArmed || !isWatched(args)) return real(...args)
    strike(`promises.${name}`)
    const result = await real(...args)
    if (name === 'open')
      for (const method of ['writeFile', 'sync', 'close'])
        wrap(result as Record<string, Call>, method, (realMethod) => async (...given) => {
          if (method !== 'close') strike(`handle.${method}`)
          const answer = await realMethod(...given)
          if (method === 'close') strike('handle.close')
          return answer
        })
    return result
  })
syncBuiltinESMExports()

const template = createProject()
template.write('x', '')
await scenario.prepare(template)
const before = scenario.state(template)
// Everything that is loaded at first use is loaded now: the faults are to hit the project, not Node's modules.
const rehearsal = copyOf(template)
await scenario.act(rehearsal)
const after = scenario.state(rehearsal)
rehearsal.remove()
if (before === after) throw new Error('the scenario changes nothing')

function copyOf(project: TestProject): TestProject {
  const copy = projectAt(fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'assetloom-')))
  fs.cpSync(project.root, copy.root, { recursive: true })
  return copy
}

const problems: string[] = []
const codes = new Map<string, number>()
let faults = 0
for (failAt = 1; failAt < 500; failAt++) {
  const project = copyOf(template)
  const blame = (what: string) =>
    problems.push(`${scenarioName} ${code} ${mode} n=${failAt} (${failed ?? 'no fault'}): ${what}`)
  ;[watchedRoot, calls, failed] = [project.root, 0, undefined]
  let outcome = 'ok'
  isArmed = true
  try {
    const output = await scenario.act(project)
    if (output.failed?.length) outcome = (output.failed[0] as { code: string }).code
  } catch (error) {
    outcome = isAssetloomError(error) ? error.code : `RAW ${String((error as Error).stack)}`
  }
  isArmed = false
  handles.clear()
  codes.set(outcome.slice(0, 40), (codes.get(outcome.slice(0, 40)) ?? 0) + 1)
  if (failed !== undefined) faults++
  if (outcome.startsWith('RAW') || outcome === 'UNEXPECTED') blame(`no clear error: ${outcome}`)
  try {
    // Before anything is mended the manifest parses; when one call alone failed, nothing is left to mend.
    project.manifest()
    if (mode !== 'onwards') requireWhole(project)
    const workspace = await openWorkspace({ root: project.root, options, env: {} })
    workspace.manifest.recover()
    await workspace.close()
    requireWhole(project)
    const state = scenario.state(project)
    if (state !== before && state !== after) blame(`neither the old state nor the new:\n${state}`)
    if (mode !== 'onwards' && outcome !== 'ok' && state !== before)
      blame(`${outcome} was reported, and the state is new`)
    if (outcome === 'ok' && state !== after) blame('success was reported, and the state is old')
    const strays = strayFiles(project)
    if (strays.length > 0) blame(`strays: ${strays.join(', ')}`)
    if (state === before) {
      await scenario.act(project)
      if (scenario.state(project) !== after) blame('a second try does not succeed')
    }
    const left = fs.readdirSync(project.path('.assetloom/tmp')).filter((name) => name.endsWith('.journal.json'))
    if (left.length > 0) blame(`journals are left: ${left.join(', ')}`)
  } catch (error) {
    blame(String((error as Error).stack))
  }
  project.remove()
  if (failed === undefined) break
}
template.remove()
process.stdout.write(`${JSON.stringify({ faults, problems, codes: Object.fromEntries(codes) })}\n`)

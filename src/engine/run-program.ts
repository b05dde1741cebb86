import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { ownFrame } from './own-frame.ts'
import {
  programEnded,
  programFailed,
  programOutput,
  programTimedOut,
  programTooLarge,
  programUnloadable,
} from './program-errors.ts'
import { answerDescriptor, waitsForNothing, type ProgramAnswer, type ProgramOrder } from './program-messages.ts'

export interface ProgramRun extends ProgramOrder {
  /** Id of its item, for messages. */
  name: string
  /** Its working folder, and where files in messages are relative to. */
  root: string
  /** All that it sees of the environment. */
  env: Readonly<Record<string, string>>
  /** Sees what it writes to its standard output and error, line by line. */
  onLine?: ((line: string) => void) | undefined
  signal: AbortSignal
}

/** How long a program may go on after its result, to close what it has open. */
const afterResultMs = 500

/** The process itself looks at its limits; whoever started it steps in when that failed. */
const afterLimitMs = 1000

/**
 * Carry out `execute` of a module in a process of its own, which ends with its children when it is done, at its limits
 * of time and memory, and when it is called off.
 * @param program - file of the process's program, see program-process.ts
 * @returns what it gave, as JSON holds it
 * @throws PROGRAM_FAILED, PROGRAM_UNLOADABLE, PROGRAM_TIMED_OUT, PROGRAM_OUT_OF_MEMORY, PROGRAM_ENDED, PROGRAM_OUTPUT,
 *   and the reason of the signal
 */
export async function runProgram(program: string, run: ProgramRun): Promise<unknown> {
  run.signal.throwIfAborted()
  const child = startProcess(program, run)
  const end = () => endProcess(child)
  const limit = setTimeout(end, run.timeLimitMs + afterLimitMs)
  run.signal.addEventListener('abort', end, { once: true })
  const answers: ProgramAnswer[] = []
  const errors: string[] = []
  let rest: NodeJS.Timeout | undefined
  eachLine(child.stdio[answerDescriptor] as Readable, (line) => {
    answers.push(JSON.parse(line) as ProgramAnswer)
    rest ??= setTimeout(end, afterResultMs)
  })
  eachLine(child.stdout!, (line) => run.onLine?.(line))
  eachLine(child.stderr!, (line) => {
    if (errors.length < 200) errors.push(line)
    run.onLine?.(line)
  })
  const { timeLimitMs, memoryLimitBytes, entry, input, confined } = run
  const order: ProgramOrder = { entry, input, timeLimitMs, memoryLimitBytes, ...(confined && { confined }) }
  sendOrder(child.stdin!, order)
  try {
    const how = await ended(child)
    run.signal.throwIfAborted()
    return settle(answers[0] ?? lastWord(how, errors, run), run)
  } finally {
    clearTimeout(limit)
    clearTimeout(rest)
    run.signal.removeEventListener('abort', end)
  }
}

function startProcess(program: string, { root, env, memoryLimitBytes }: ProgramRun): ChildProcess {
  const flags = [
    // Types are taken away by Node itself; that it calls this new is no news for whoever runs a tool.
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    `--max-old-space-size=${Math.ceil(memoryLimitBytes / 1024 ** 2)}`,
  ]
  return spawn(process.execPath, [...flags, program], {
    cwd: root,
    env: { ...env },
    // A group of its own, so that its children end with it and Ctrl-C comes through the signal alone.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  })
}

function sendOrder(stdin: Writable, order: ProgramOrder): void {
  // A process that is gone already tells why by its end.
  stdin.on('error', () => {})
  stdin.end(JSON.stringify(order))
}

/** End a process and what it started. */
function endProcess(child: ChildProcess): void {
  const { pid } = child
  if (pid === undefined) return
  if (process.platform === 'win32') {
    const killer = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true })
    killer.on('error', () => child.kill('SIGKILL'))
    return
  }
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Everybody in the group is gone.
  }
}

/** Wait for the end of a process and of its output. */
function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const done = () => resolve({ code, signal })
      child.once('close', done)
      // Children that outlive it would hold its output open.
      endProcess(child)
      // What left the group on purpose is not waited for.
      setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy()
        done()
      }, afterResultMs).unref()
    })
  })
}

function eachLine(stream: Readable, tell: (line: string) => void): void {
  stream.on('error', () => {})
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', tell)
}

/** Why a process ended that said nothing. */
function lastWord(
  { code, signal }: { code: number | null; signal: NodeJS.Signals | null },
  errors: readonly string[],
  { name }: ProgramRun,
): ProgramAnswer {
  const isOutOfMemory = errors.some((line) => /heap out of memory|Allocation failed/.test(line))
  if (isOutOfMemory) return { type: 'stopped', because: 'memory' }
  if (signal === 'SIGKILL') return { type: 'stopped', because: 'time' }
  if (code === waitsForNothing) throw programEnded({ name, how: 'it waits for something that never comes' })
  throw programEnded({ name, how: signal ? `by ${signal}` : `with code ${code}` })
}

/** @throws what the answer stands for */
function settle(answer: ProgramAnswer, { name, root, timeLimitMs, memoryLimitBytes }: ProgramRun): unknown {
  switch (answer.type) {
    case 'done':
      return JSON.parse(answer.json)
    case 'unfit':
      throw programOutput({ name, problem: answer.problem })
    case 'stopped':
      throw answer.because === 'memory'
        ? programTooLarge({ name, limitMb: Math.round(memoryLimitBytes / 1024 ** 2) })
        : programTimedOut({ name, limitMs: timeLimitMs })
    case 'failed': {
      const frame = ownFrame(answer.stack, root)
      const at = frame && `${frame.file}:${frame.line}`
      const location = frame && { location: frame }
      const named = ['', 'Error'].includes(answer.name) ? '' : `${answer.name}: `
      const error = `${named}${answer.message.split('\n')[0]!.replace(/\.$/, '')}`
      if (answer.during === 'load')
        throw programUnloadable({ name, error: shortPaths(error, root), at, hint: loadHint(answer.code) }, location)
      throw programFailed({ name, error: `${error}.`.replace(/([!?])\.$/, '$1'), at }, location)
    }
  }
}

function shortPaths(text: string, root: string): string {
  return text.replaceAll(`file://${root}/`, '').replaceAll(`${root}/`, '')
}

function loadHint(code: string | undefined): string | undefined {
  switch (code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return 'Node only takes types away: write a constant object for an enum, no namespace, no parameter property.'
    case 'ERR_INVALID_TYPESCRIPT_SYNTAX':
      return 'Mend the mistake; tsc shows it with its surroundings.'
    case 'ERR_MODULE_NOT_FOUND':
      return 'Install the package, or write the file with its ending: import "./words.ts".'
    default:
      return undefined
  }
}

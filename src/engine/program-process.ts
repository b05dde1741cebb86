import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { text } from 'node:stream/consumers'
import { Worker } from 'node:worker_threads'
import { jsonProblem } from '../core/json-value.ts'
import { answerDescriptor, maxResultCharacters, waitsForNothing, type ProgramAnswer, type ProgramOrder } from './program-messages.ts'

/* The program of the process that a tool or skill runs in. */

const answer = (message: ProgramAnswer) => writeSync(answerDescriptor, `${JSON.stringify(message)}\n`)

/**
 * Ends the process and its children when a limit is reached or whoever started it is gone. A thread of its own, since
 * the main one may be in a loop that never ends; JavaScript text, since it must not wait for anything to be loaded.
 */
const watchdog = `
const { writeSync } = require('node:fs')
const { parentPort, workerData: { descriptor, timeLimitMs, memoryLimitBytes } } = require('node:worker_threads')
const [owner, end] = [process.ppid, performance.now() + timeLimitMs]
setInterval(() => {
  const because = process.ppid !== owner ? 'orphaned'
    : performance.now() > end ? 'time'
    : process.memoryUsage.rss() > memoryLimitBytes ? 'memory' : undefined
  if (because === undefined) return
  try { writeSync(descriptor, JSON.stringify({ type: 'stopped', because }) + '\\n') } catch {}
  try { process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL') } catch {}
  process.kill(process.pid, 'SIGKILL')
}, 50)
parentPort.postMessage('watching')
`

/** Returns once the thread watches: it could not start while the main one is in a loop. */
async function watch({ timeLimitMs, memoryLimitBytes }: ProgramOrder): Promise<void> {
  const workerData = { descriptor: answerDescriptor, timeLimitMs, memoryLimitBytes }
  const thread = new Worker(watchdog, { eval: true, workerData, execArgv: [], stdout: true, stderr: true })
  await once(thread, 'message')
  thread.unref()
}

/** Keep a program to the files that stand under its digest; packages and the project's own sources stay free. */
function confine({ folder, files }: NonNullable<ProgramOrder['confined']>): void {
  const allowed = new Set(files)
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      if (found.url.startsWith(folder) && !allowed.has(found.url.split(/[?#]/)[0]!))
        throw new Error(`It loads ${JSON.stringify(specifier)}, a file of the library that it does not name in files.`)
      return found
    },
  })
}

async function carryOut({ entry, input }: ProgramOrder): Promise<ProgramAnswer> {
  let during: 'load' | 'run' = 'load'
  try {
    const { execute } = (await import(entry)) as { execute?: unknown }
    if (typeof execute !== 'function') throw new TypeError('It exports no function execute.')
    during = 'run'
    const result: unknown = (await (execute as (input: unknown) => unknown)(input)) ?? null
    const problem = jsonProblem(result, 'output')
    if (problem !== undefined) return { type: 'unfit', problem }
    const json = JSON.stringify(result)
    if (json.length > maxResultCharacters)
      return { type: 'unfit', problem: `output has ${json.length} of at most ${maxResultCharacters} characters of JSON` }
    return { type: 'done', json }
  } catch (thrown) {
    return failure(during, thrown)
  }
}

function failure(during: 'load' | 'run', thrown: unknown): ProgramAnswer {
  const error: NodeJS.ErrnoException = thrown instanceof Error ? thrown : { name: '', message: String(thrown) }
  const { name, message, code, stack = '' } = error
  return { type: 'failed', during, name, message, code: code === undefined ? undefined : String(code), stack }
}

// What a program leaves to chance (a timer, an event) fails it as what it throws does.
let isAnswered = false
const answerOnce = (message: ProgramAnswer) => {
  if (!isAnswered) answer(message)
  isAnswered = true
}
process.on('uncaughtException', (thrown) => {
  answerOnce(failure('run', thrown))
  process.exitCode = 1
})

// Nothing is left to wait for, and there is no answer: the code that Node gives for it, without its warning.
process.once('beforeExit', () => {
  if (!isAnswered) process.exitCode = waitsForNothing
})

async function main(): Promise<void> {
  const order = JSON.parse(await text(process.stdin)) as ProgramOrder
  await watch(order)
  if (order.confined) confine(order.confined)
  answerOnce(await carryOut(order))
}

// Not awaited: Node warns on standard error of a top-level await that never settles, and the program may be of that kind.
void main()

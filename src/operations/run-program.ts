import { spawn } from 'node:child_process'

/** Most characters of a program's output that are kept: its end. */
const maxOutput = 20_000

export interface ProgramResult {
  /** null: it was ended by a signal. */
  code: number | null
  /** The end of what it wrote, to either stream. */
  output: string
  /** Why it could not be started. */
  fault?: string
}

/**
 * Run a program with arguments; no shell sees them. It is ended with all it started when the signal comes.
 * @param input.onOutput - sees what it writes
 */
export function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  input: { cwd: string; signal: AbortSignal; onOutput?(text: string): void },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const isWindows = process.platform === 'win32'
    const child = spawn(program, args, { cwd: input.cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: false, detached: !isWindows })
    let output = ''
    const hear = (chunk: Buffer) => {
      const text = chunk.toString()
      output = (output + text).slice(-maxOutput)
      input.onOutput?.(text)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const stop = () => {
      try {
        // A build has children of its own: the whole group goes.
        if (isWindows || child.pid === undefined) child.kill()
        else process.kill(-child.pid, 'SIGTERM')
      } catch {
        // It is over already.
      }
    }
    input.signal.addEventListener('abort', stop, { once: true })
    if (input.signal.aborted) stop()
    const finish = (result: ProgramResult) => {
      input.signal.removeEventListener('abort', stop)
      resolve(result)
    }
    child.on('error', (error) => finish({ code: null, output, fault: error.message }))
    child.on('close', (code) => finish({ code, output }))
  })
}

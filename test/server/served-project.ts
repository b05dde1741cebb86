import { spawn, type ChildProcess } from 'node:child_process'
import { connect } from 'node:net'
import { cliPath, type Project } from '../project.ts'

export interface Served {
  url: string
  port: number
  token: string
  child: ChildProcess
  /** What it wrote to stderr so far. */
  stderr(): string
  /** A request with the token; the envelope of its answer. */
  // What a test reads of it is its assertion.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  ask(path: string, body?: unknown, headers?: Record<string, string>): Promise<any>
  /** Send bytes as they are; what comes back, until the server closes. */
  raw(request: string): Promise<string>
  end(signal?: NodeJS.Signals): Promise<number | null>
}

const running = new Set<ChildProcess>()

/** For `afterAll`: none outlives its tests. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Start `assetloom serve` of the built package at a free port. */
export async function serveProject(project: Project, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Served> {
  const child = spawn(process.execPath, [cliPath, 'serve', '--port', '0', '--json', ...args], {
    cwd: project.root,
    env: { PATH: process.env.PATH, HOME: project.root, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let [stdout, stderr] = ['', '']
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const { url, token } = await new Promise<{ url: string; token: string }>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      if (stdout.endsWith('}\n')) resolve((JSON.parse(stdout) as { data: { url: string; token: string } }).data)
    })
    void exit.then((code) => reject(new Error(`serve ended with ${code}: ${stderr}${stdout}`)))
  })
  const port = Number(new URL(url).port)
  return {
    url,
    port,
    token,
    child,
    stderr: () => stderr,
    async ask(path, body, headers = {}) {
      const init = body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }
      const response = await fetch(url + path, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      })
      return response.json()
    },
    raw: (request) =>
      new Promise((resolve, reject) => {
        let answer = ''
        const socket = connect(port, '127.0.0.1', () => socket.write(request, 'latin1'))
        socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
        socket.on('close', () => resolve(answer)).on('error', reject)
        // Keep-alive would hold it open; whoever writes a request in full waits no longer than this.
        socket.setTimeout(1500, () => socket.end())
      }),
    async end(signal = 'SIGTERM') {
      child.kill(signal)
      const code = await exit
      running.delete(child)
      return code
    },
  }
}

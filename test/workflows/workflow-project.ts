import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cliPath, createProject, type CliResult, type Project } from '../project.ts'

/** A tool that notes that it ran, waits as it is told, and fails as it is told. */
const stepTool = `import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
export async function execute({ mark, value = null, waitMs = 0, failUntil = '', until = '' }) {
  writeFileSync('step.pid', String(process.pid))
  appendFileSync('ran.log', mark + '+\\n')
  if (waitMs) await setTimeout(waitMs)
  while (until && !existsSync(until)) await setTimeout(20)
  if (failUntil && !existsSync(failUntil)) throw new Error(mark + ' is not ready')
  appendFileSync('ran.log', mark + '-\\n')
  return { mark, value }
}
`
const stepItem = `entry: step.js
options:
  - { name: mark, type: string }
  - { name: value, type: object, required: false }
  - { name: waitMs, type: number, default: 0 }
  - { name: failUntil, type: string, default: "" }
  - { name: until, type: string, default: "" }
`

export interface WorkflowProject extends Project {
  /** What the tool noted, in order. */
  ran(): string[]
  /** Register a workflow. @returns its id */
  workflow(name: string, text: string): Promise<string>
  /** Run the built CLI in a process that can be ended. */
  start(...args: string[]): { done: Promise<CliResult & { signal: NodeJS.Signals | null }>; stderr(): string; signal(name: NodeJS.Signals): void }
}

/** A project with a tool \`tools/analyzers/step\`. */
export async function createWorkflowProject(config?: object): Promise<WorkflowProject> {
  const project = createProject({
    packages: [],
    files: {
      'assets/library/tools/analyzers/step.js': stepTool,
      'assets/library/tools/analyzers/step.asset.yaml': stepItem,
      ...(config && { 'assetloom.config.ts': `export default ${JSON.stringify(config)}\n` }),
    },
  })
  return {
    ...project,
    ran: () => (existsSync(join(project.root, 'ran.log')) ? readFileSync(join(project.root, 'ran.log'), 'utf8').split('\n').filter(Boolean) : []),
    async workflow(name, text) {
      const kind = text.includes('agents:') ? 'agent-workflows/seo' : 'workflows/content'
      project.write({ [`assets/library/${kind}/${name}.asset.yaml`]: text })
      const { json } = await project.cli('sync', '--json')
      const { failed } = json.data as { failed: { message: string }[] }
      if (failed.length > 0) throw new Error(failed.map(({ message }) => message).join('\n'))
      return `${kind}/${name}`
    },
    start(...args) {
      const { CI: _, ...env } = process.env
      const child = spawn(process.execPath, [cliPath, ...args], { cwd: project.root, env: { ...env, NODE_ENV: '', VITEST: '' }, stdio: ['ignore', 'pipe', 'pipe'] })
      let [stdout, stderr] = ['', '']
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
      const done = new Promise<CliResult & { signal: NodeJS.Signals | null }>((resolve, reject) => {
        child.on('error', reject)
        child.on('close', (code, signal) => {
          let json: unknown
          try {
            json = JSON.parse(stdout)
          } catch {
            json = undefined
          }
          resolve({ code: code ?? -1, signal, stdout, stderr, json })
        })
      })
      return { done, stderr: () => stderr, signal: (name) => void child.kill(name) }
    },
  }
}

/** Wait for something that comes about by itself. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !isSo(); i++) await sleep(20)
  if (!isSo()) throw new Error('It did not come about.')
}

/** The program of the step that began last is gone; what its parent does not see any more counts as gone. */
export function isStepGone(project: WorkflowProject): boolean {
  const pid = Number(readFileSync(join(project.root, 'step.pid'), 'utf8'))
  try {
    process.kill(pid, 0)
    return process.platform === 'linux' && /\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

export const statuses = (result: CliResult): Record<string, string> =>
  Object.fromEntries((result.json.data.steps as { id: string; status: string }[]).map(({ id, status }) => [id, status]))

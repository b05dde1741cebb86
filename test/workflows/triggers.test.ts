import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createWorkflowProject, until, type WorkflowProject } from './workflow-project.ts'

let project: WorkflowProject
beforeAll(async () => {
  project = await createWorkflowProject()
})

const step = 'use: tools/analyzers/step'
const count = (line: string) => project.ran().filter((one) => one === line).length

describe('triggers', () => {
  it('schedule: a line for cron that a shell reads as it was meant', async () => {
    const id = await project.workflow('nightly', `inputs:\n  - { name: text, type: string, default: "" }\nsteps:\n  - { id: a, ${step}, with: { mark: n } }\ntriggers:\n  - { on: schedule, cron: 0 3 * * * }\n`)
    const { json, code } = await project.cli('run', id, '--print-cron', '--text', "50% it's", '--json')
    expect(code).toBe(0)
    const [line] = json.data.cron as string[]
    expect(line).toMatch(/^0 3 \* \* \* cd '/)
    const command = line!.slice('0 3 * * * '.length).replaceAll(String.raw`\%`, '%').replace('npx assetloom', 'printf "%s\\n"')
    const words = execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' }).trim().split('\n')
    expect(words).toEqual(['run', id, '--input', JSON.stringify({ text: "50% it's" }), '--json'])
    expect(count('n+')).toBe(0)
    expect((await project.cli('run', id, '--watch', '--json')).json.error.code).toBe('TRIGGER_MISSING')
  })

  it('file-change: runs on changes of its globs and of nothing else, until it is interrupted', async () => {
    project.write({ 'content/a.md': 'one', 'content/b.txt': 'one' })
    const id = await project.workflow('watched', `inputs:\n  - { name: changed, type: list, items: { type: string }, default: [] }
steps:\n  - { id: a, ${step}, with: { mark: "watched {{ join(inputs.changed, ' ') }}" } }\ntriggers:\n  - { on: file-change, paths: ["content/**/*.md"] }\n`)
    const watch = project.start('run', id, '--watch', '--json')
    let told = 0
    const change = async (files: Record<string, string>, line: string) => {
      // What changes before the watcher stands is not seen.
      await until(() => watch.stderr().split('Watching').length > told + 1)
      told = watch.stderr().split('Watching').length - 1
      project.write(files)
      await until(() => count(line) === 1)
    }
    await change({ 'content/a.md': 'two', 'content/b.txt': 'two' }, 'watched content/a.md-')
    await change({ 'content/deep/c.md': 'new' }, 'watched content/deep/c.md-')
    await until(() => watch.stderr().split('Watching').length > told + 1)
    watch.signal('SIGINT')
    const { code, json } = await watch.done
    expect(code).toBe(0)
    expect(json.data.runs).toMatchObject([{ status: 'completed', changed: ['content/a.md'] }, { status: 'completed', changed: ['content/deep/c.md'] }])
  })

  it('generation-finished: after generate, when it is asked for', async () => {
    project.write({ 'specs/dot.yaml': 'version: "1.0"\nid: dot\nmetadata: { category: icons }\ngeneration: { type: image, provider: local, recipe: particle }\nprompt: { base: white dot, parameters: { size: 32x32 } }\nintegration: { token: { prefix: ICON, family: ACME, variant: DOT } }\n', 'assetloom.config.ts': "export default { tokens: { families: { ACME: 'Acme' } } }\n" })
    const id = await project.workflow('afterwards', `steps:\n  - { id: a, ${step}, with: { mark: after } }\ntriggers:\n  - { on: generation-finished }\n`)
    const without = await project.cli('generate', '--json')
    expect(without.json.error).toBeUndefined()
    expect(count('after+')).toBe(0)
    const { json } = await project.cli('generate', '--run-workflows', '--json')
    expect(json.data.workflows).toMatchObject([{ ref: id, status: 'completed' }])
    expect(count('after+')).toBe(1)
    await project.workflow('afterwards', `steps:\n  - { id: a, ${step}, with: { mark: after, failUntil: never } }\ntriggers:\n  - { on: generation-finished }\n`)
    const failed = await project.cli('generate', '--run-workflows', '--json')
    expect([failed.code, failed.json.error.code]).toEqual([1, 'WORKFLOW_FAILED'])
  })
})

describe('the report', () => {
  it('shows steps and results, and nothing of what they say as markup', async () => {
    const id = await project.workflow('reported', `steps:\n  - { id: a, ${step}, with: { mark: "<img src=x>" } }\noutputs: { said: steps.a.output.mark }\n`)
    const { json } = await project.cli('run', id, '--json')
    const { report, run } = json.data as { report: { json: string; html: string }; run: string }
    expect(JSON.parse(readFileSync(join(project.root, report.json), 'utf8'))).toMatchObject({ run, status: 'completed', outputs: { said: '<img src=x>' } })
    const html = readFileSync(join(project.root, report.html), 'utf8')
    expect(html).toContain('&lt;img src=x&gt;')
    expect(html).not.toContain('<img src=x')
    expect(existsSync(join(project.root, `.assetloom/reports/workflow-${run}.html`))).toBe(true)
  })
})

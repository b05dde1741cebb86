import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectAt, run } from '../operations/project.ts'
import { createWorkflowProject, isStepGone, statuses, until, type WorkflowProject } from './workflow-project.ts'

let project: WorkflowProject
beforeAll(async () => {
  project = await createWorkflowProject()
})

const step = 'use: tools/analyzers/step'
const count = (line: string) => project.ran().filter((one) => one === line).length

describe('a run that was cut short', () => {
  it('goes on after a failed step, and does nothing twice', async () => {
    const id = await project.workflow('mended', `steps:
  - { id: a, ${step}, with: { mark: m1 } }
  - { id: b, ${step}, needs: [a], with: { mark: m2, failUntil: mended, value: { a: "{{ steps.a.output.mark }}" } } }
  - { id: c, ${step}, needs: [b], with: { mark: m3 } }
`)
    const failed = await project.cli('run', id, '--json')
    expect(statuses(failed)).toEqual({ a: 'completed', b: 'failed', c: 'pending' })
    const run = failed.json.data.run as string
    project.write({ mended: '' })
    const { code, json } = await project.cli('run', id, '--resume', run, '--json')
    expect(code).toBe(0)
    expect(json.data).toMatchObject({ run, status: 'completed', steps: [{ attempts: 1, output: { mark: 'm1' } }, { attempts: 2, output: { value: { a: 'm1' } } }, { attempts: 1 }] })
    expect([count('m1+'), count('m3+')]).toEqual([1, 1])
    const again = await project.cli('run', id, '--resume', run, '--json')
    expect(again.json.data).toMatchObject({ run, status: 'completed' })
    expect([count('m1+'), count('m3+')]).toEqual([1, 1])
  })

  it('by SIGKILL at any step goes on at that step', async () => {
    const marks = ['k1', 'k2', 'k3']
    const steps = marks.map((mark, i) => `  - { id: ${mark}, ${step}, needs: [${marks.slice(0, i).join(', ')}], with: { mark: ${mark}, until: go-${mark} } }\n`).join('')
    const id = await project.workflow('killed', `steps:\n${steps}`)
    let run = ''
    for (const [i, mark] of marks.entries()) {
      const one = project.start('run', id, ...(run ? ['--resume', run] : []), '--json')
      await until(() => count(`${mark}+`) === 1)
      one.signal('SIGKILL')
      expect((await one.done).signal).toBe('SIGKILL')
      run ||= 'last'
      // It ends soon after its owner.
      await until(() => isStepGone(project))
      project.write({ [`go-${mark}`]: '' })
      expect(marks.slice(0, i).map((before) => count(`${before}-`))).toEqual(marks.slice(0, i).map(() => 1))
    }
    const { json } = await project.cli('run', id, '--resume', 'last', '--json')
    expect(json.data.status).toBe('completed')
    expect(json.data.steps.map((one: { attempts: number }) => one.attempts)).toEqual([2, 2, 2])
    expect(marks.map((mark) => count(`${mark}-`))).toEqual([1, 1, 1])
  })

  it('by SIGINT ends with 130, its programs with it, and goes on', async () => {
    const id = await project.workflow('stopped', `steps:
  - { id: a, ${step}, with: { mark: s1 } }
  - { id: b, ${step}, needs: [a], with: { mark: s2, until: go-s2 } }
`)
    const run = project.start('run', id, '--json')
    await until(() => count('s2+') === 1)
    run.signal('SIGINT')
    const stopped = await run.done
    expect([stopped.code, stopped.json.error.code, stopped.json.data.status]).toEqual([130, 'WORKFLOW_STOPPED', 'cancelled'])
    expect(statuses(stopped)).toEqual({ a: 'completed', b: 'pending' })
    project.write({ 'go-s2': '' })
    expect(statuses(await project.cli('run', id, '--resume', stopped.json.data.run as string, '--json'))).toEqual({ a: 'completed', b: 'completed' })
    expect([count('s1+'), count('s2-')]).toEqual([1, 1])
  })

  it('is taken up by one of two processes', async () => {
    const id = await project.workflow('fought', `steps:\n  - { id: a, ${step}, with: { mark: f1, failUntil: go-f1, until: go-f0 } }\n`)
    project.write({ 'go-f0': '' })
    const failed = await project.cli('run', id, '--json')
    const run = failed.json.data.run as string
    const other = await project.workflow('slow-f', `steps:\n  - { id: a, ${step}, with: { mark: f2, until: go-f2 } }\n`)
    const holder = project.start('run', other, '--json')
    await until(() => count('f2+') === 1)
    const taken = await project.cli('run', other, '--resume', 'last', '--json')
    expect([taken.code, taken.json.error.code]).toEqual([5, 'RUN_TAKEN'])
    project.write({ 'go-f2': '', 'go-f1': '' })
    expect((await holder.done).code).toBe(0)
    const both = await Promise.all([1, 2].map(() => project.start('run', id, '--resume', run, '--json').done))
    // The later one finds it held, or done already; the step ran once more and no more.
    expect(both.filter(({ code }) => code === 0).length).toBeGreaterThanOrEqual(1)
    expect(both.filter(({ code }) => code !== 0).every(({ json }) => json.error.code === 'RUN_TAKEN')).toBe(true)
    expect(count('f1+')).toBe(2)
  })

  it('is not taken up by another workflow, with another input, or after a change', async () => {
    const text = (more = '') => `inputs:\n  - { name: x, type: string, default: "" }\nsteps:\n  - { id: a, ${step}, with: { mark: c1, failUntil: never } }\n${more}`
    const id = await project.workflow('changed', text())
    const run = (await project.cli('run', id, '--json')).json.data.run as string
    const code = async (...args: string[]) => (await project.cli('run', ...args, '--json')).json.error.code as string
    const other = await project.workflow('another', `steps:\n  - { id: a, ${step}, with: { mark: c2 } }\n`)
    expect(await code(other, '--resume', run)).toBe('RUN_UNKNOWN')
    expect(await code(id, '--resume', 'nothing')).toBe('RUN_UNKNOWN')
    expect(await code(id, '--resume', run, '--x', 'y')).toBe('RESUME_INPUT')
    await project.workflow('changed', text('outputs: { more: "1 + 1" }\n'))
    expect(await code(id, '--resume', run)).toBe('RUN_CHANGED')
  })

  it('is offered to a person who runs the workflow again with the same input', async () => {
    const id = await project.workflow('offered', `inputs:\n  - { name: x, type: string, default: "" }\nsteps:\n  - { id: a, ${step}, with: { mark: o1 } }\n  - { id: b, ${step}, needs: [a], with: { mark: o2, failUntil: go-o } }\n`)
    const first = (await project.cli('run', id, '--json')).json.data.run as string
    const asked: string[] = []
    const again = (param: Record<string, string>, answer: boolean) =>
      run<{ run: string }>(projectAt(project.root), 'run', { ref: id, param }, {}, { isInteractive: true, confirm: async (question) => (asked.push(question), answer) })
    expect((await again({ x: 'other' }, true)).run).not.toBe(first)
    expect(asked).toEqual([])
    expect((await again({ x: 'other' }, false)).run).not.toBe(first)
    expect(asked).toEqual([expect.stringContaining('with 1 of 2 steps done')])
    project.write({ 'go-o': '' })
    const taken = await again({ x: 'other' }, true)
    expect(taken).toMatchObject({ status: 'completed' })
    expect(count('o1+')).toBe(3)
  })

  it('of a workflow within a workflow goes on within it', async () => {
    const inner = await project.workflow('within', `steps:\n  - { id: a, ${step}, with: { mark: w1 } }\n  - { id: b, ${step}, needs: [a], with: { mark: w2, failUntil: go-w } }\n`)
    const id = await project.workflow('around', `steps:\n  - { id: in, use: ${inner} }\n`)
    const failed = await project.cli('run', id, '--json')
    expect(failed.json.data.error).toMatchObject({ step: 'in', code: 'PROGRAM_FAILED' })
    project.write({ 'go-w': '' })
    expect((await project.cli('run', id, '--resume', 'last', '--json')).json.data.status).toBe('completed')
    expect([count('w1+'), count('w2+')]).toEqual([1, 2])
  })
})

describe('a step that a person does', () => {
  it('pauses the run where nobody is asked, and --yes says that it is done', async () => {
    const id = await project.workflow('by-hand', `steps:\n  - { id: look, name: Look, description: At all of it }\n  - { id: a, ${step}, needs: [look], with: { mark: p1 } }\n`)
    const paused = await project.cli('run', id, '--json')
    expect([paused.code, paused.json.error.code]).toEqual([1, 'WORKFLOW_WAITS'])
    expect(paused.json.error.message).toContain('Look: At all of it')
    expect(statuses(paused)).toEqual({ look: 'waiting', a: 'pending' })
    expect(statuses(await project.cli('run', id, '--resume', 'last', '--yes', '--json'))).toEqual({ look: 'completed', a: 'completed' })
  })
})

describe('a run', () => {
  it('counts in info, and leaves a log', async () => {
    const id = await project.workflow('counted', `steps:\n  - { id: a, ${step}, with: { mark: i1 } }\n`)
    await project.cli('run', id)
    const { json, stdout } = await project.cli('info', id, '--json')
    expect(json.data.averages).toMatchObject({ runs: 1, successRate: 100, avgTokens: 0 })
    expect(stdout).toBeTruthy()
    expect((await project.cli('info', id)).stdout).toMatch(/ran +1 time, 100 % well/)
    expect(existsSync(join(project.root, '.assetloom/logs'))).toBe(true)
  })
})

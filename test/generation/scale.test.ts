import { afterEach, beforeEach, expect, it } from 'vitest'
import { openWorkspace } from '../../src/workspace.ts'
import { createProject, options, type TestProject } from '../operations/project.ts'

let project: TestProject
beforeEach(() => (project = createProject()))
afterEach(() => project.remove())

const spec = (i: number, prompt = `picture ${i}`) => `version: "1.0"\nid: s${i}\ngeneration: { type: image }\nprompt: { base: ${prompt}, parameters: { size: 16x16 } }\nintegration: { manifest_key: k${i} }\n`
const dryRun = async () => {
  const workspace = await openWorkspace({ root: project.root, options: { ...options, constants: false }, env: {} })
  try {
    const { jobs } = await workspace.generation.plan()
    return { jobs: jobs.length, failed: jobs.filter((job) => job.error).length, parsed: workspace.generation.specs.parsedCount() }
  } finally {
    await workspace.close()
  }
}

it('a dry run over 10,000 specs parses each once, and afterwards only what changed', async () => {
  // 1,000 numbers a series; the rest of the tokens is another test's matter.
  for (let i = 0; i < 10_000; i++) project.write(`specs/${i % 50}/s${i}.yaml`, spec(i).replace('{ manifest_key', `{ token: { variant: ${'ABCDEFGHIJKL'[Math.floor(i / 900)]} }, manifest_key`))
  const first = await dryRun()
  expect(first).toMatchObject({ jobs: 10_000, failed: 0 })
  // The shipped templates are parsed as well.
  expect(first.parsed - 10_000).toBeLessThan(20)
  expect(await dryRun()).toEqual({ jobs: 10_000, failed: 0, parsed: 0 })
  project.write('specs/7/s7.yaml', spec(7, 'another'))
  project.write('specs/new.yaml', spec(10_001))
  expect(await dryRun()).toEqual({ jobs: 10_001, failed: 0, parsed: 2 })
  // The same bytes under a new time are not parsed again.
  project.write('specs/7/s7.yaml', spec(7, 'another'))
  expect(await dryRun()).toEqual({ jobs: 10_001, failed: 0, parsed: 0 })
}, 180_000)

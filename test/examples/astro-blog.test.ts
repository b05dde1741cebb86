import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProject, repository } from '../project.ts'

const example = join(repository, 'examples/astro-blog')

describe('examples/astro-blog', () => {
  it('has nothing to make in a clean clone', async () => {
    const project = createProject({ packages: [] })
    const isCommitted = (path: string) => !/[\\/](?:node_modules|dist|\.astro|\.assetloom)$/.test(path)
    cpSync(example, project.root, { recursive: true, force: true, filter: isCommitted })
    const plan = await project.cli('generate', '--dry-run', '--json')
    expect(plan.code, plan.stderr).toBe(0)
    const jobs = plan.json.data.jobs as { ref: string; action: string; reason: string }[]
    expect(jobs.length).toBe(8)
    expect(jobs.filter(({ action }) => action !== 'hit')).toEqual([])
  })
})

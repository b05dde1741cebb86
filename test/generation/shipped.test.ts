import { afterEach, beforeEach, expect, it } from 'vitest'
import { openWorkspace } from '../../src/workspace.ts'
import { createProject, options, type TestProject } from '../operations/project.ts'

let project: TestProject
beforeEach(() => (project = createProject()))
afterEach(() => project.remove())

it.each<[string, Record<string, string>, object]>([
  ['jump-sfx', { jump_type: 'energy-burst', variant: 'crisp' }, { kind: 'audio', mediaType: 'audio/mpeg', category: 'Sound Effects' }],
  ['particle', { color: 'orange' }, { kind: 'image', widthPx: 32, hasAlpha: true, category: 'Particles' }],
  ['app-icon', { words: 'AL', size: '128x128' }, { kind: 'image', widthPx: 128, category: 'Icons' }],
])('the shipped template %s makes an asset offline', async (name, values, wanted) => {
  const workspace = await openWorkspace({ root: project.root, options: { ...options, constants: false }, env: {} })
  const { generation } = workspace
  expect(await generation.specs.templateNames()).toContain(name)
  const { results } = await generation.run(await generation.plan({ template: { name, values, outputName: 'made' } }), {})
  expect(results[0]!.error).toBeUndefined()
  expect(results[0]!.entry).toMatchObject({ aliases: ['made'], ...wanted })
  expect((await generation.plan()).jobs.map((job) => job.action)).toEqual(['hit'])
  await workspace.close()
})

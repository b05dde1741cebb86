import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { createProject, png, run, type TestProject } from './project.ts'

let project: TestProject
afterEach(() => project?.remove())

const counts = async (ref: string) => (await run<{ counts: unknown }>(project, 'info', { ref })).counts

it('looks, exports and packs are counted, by asset, and stay out of the manifest', async () => {
  project = createProject()
  project.write('one.png', await png(1))
  project.write('two.png', await png(2))
  const { imported } = await run<{ imported: { token: string }[] }>(project, 'import', { files: ['one.png', 'two.png'], category: 'Icons', newFamily: 'Acme', family: 'ACME' })
  const [one, two] = imported.map(({ token }) => token) as [string, string]
  const manifest = JSON.stringify(project.manifest())

  expect(await counts(one)).toMatchObject({ views: 1, downloads: 0, usageCount: 0, lastAccessed: expect.stringMatching(/^\d{4}-/) })
  await run(project, 'export', { refs: [one], dir: 'out' })
  await run(project, 'package', { refs: [one, two], name: 'icons', version: '1.0.0' })
  expect(await counts(one)).toMatchObject({ views: 2, downloads: 2 })
  expect(await counts(two)).toMatchObject({ views: 1, downloads: 1 })
  expect(JSON.stringify(project.manifest())).toBe(manifest)
})

it('each run and each application is a use', async () => {
  project = createProject()
  await run(project, 'create', { kind: 'ai-prompts', name: 'seo/title' })
  await run(project, 'use', { ref: 'ai-prompts/seo/title', param: { topic: 'tea' } })
  await run(project, 'create', { kind: 'design-tokens', name: 'colors/brand' })
  await run(project, 'apply', { ref: 'design-tokens/colors/brand', target: 'src/brand.css', dryRun: true })
  await run(project, 'apply', { ref: 'design-tokens/colors/brand', target: 'src/brand.css' })
  expect(await counts('ai-prompts/seo/title')).toMatchObject({ usageCount: 1 })
  expect(await counts('design-tokens/colors/brand')).toMatchObject({ usageCount: 1 })
})

it('an asset is shown though nothing can be counted', async () => {
  project = createProject()
  project.write('one.png', await png(1))
  const { imported } = await run<{ imported: { token: string }[] }>(project, 'import', { files: ['one.png'], category: 'Icons', newFamily: 'Acme', family: 'ACME' })
  rmSync(project.path('.assetloom'), { recursive: true, force: true })
  writeFileSync(project.path('.assetloom'), 'no folder')
  chmodSync(project.path('.assetloom'), 0o444)
  expect(await counts(imported[0]!.token)).toEqual({ views: 0, downloads: 0, usageCount: 0 })
})

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Manifest } from '../../src/core/manifest.ts'
import { openWorkspace, type Workspace } from '../../src/workspace.ts'
import { createProject, png, run, type TestProject } from './project.ts'

let project: TestProject
let workspace: Workspace
const first = 'LOGO-ACME-MARK001'
const file = () => join(project.root, 'assets/manifest.json')
/** An entry as the first one, under other names. */
const added = (draft: Manifest, token: string, alias: string) => {
  draft.assets[token] = { ...draft.assets[first]!, token, aliases: [alias] }
}
const byHand = (edit: (draft: Manifest) => void) => {
  const draft = JSON.parse(readFileSync(file(), 'utf8')) as Manifest
  edit(draft)
  writeFileSync(file(), JSON.stringify(draft))
}
beforeEach(async () => {
  project = createProject()
  writeFileSync(join(project.root, 'logo.png'), await png(1))
  await run(project, 'import', { files: ['logo.png'], category: 'Logos', newFamily: 'Acme', family: 'ACME', variant: 'MARK' })
  workspace = await openWorkspace({ root: project.root })
})
afterEach(async () => {
  await workspace.close()
  project.remove()
})

it('follows every change: what this process writes, and what others wrote before it', () => {
  const { index, manifest } = workspace
  expect(index.refs()).toEqual([first])
  manifest.update((draft) => added(draft, 'LOGO-ACME-MARK002', 'two'))
  expect(index.refs()).toEqual([first, 'LOGO-ACME-MARK002'])
  // Nobody asks the index between these two.
  byHand((draft) => added(draft, 'LOGO-ACME-MARK003', 'three'))
  manifest.update((draft) => added(draft, 'LOGO-ACME-MARK004', 'four'))
  expect(index.names()).toEqual(expect.arrayContaining(['two', 'three', 'four']))
  byHand((draft) => delete draft.assets['LOGO-ACME-MARK002'])
  manifest.update((draft) => {
    delete draft.assets['LOGO-ACME-MARK004']
    draft.assets['LOGO-ACME-MARK003']!.aliases = ['four']
  })
  expect(index.refs()).toEqual([first, 'LOGO-ACME-MARK003'])
  expect(index.find('four')?.ref).toBe('LOGO-ACME-MARK003')
  expect(['two', 'three'].map((name) => index.find(name))).toEqual([undefined, undefined])
})

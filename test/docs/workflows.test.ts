import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { functions, applyBinary } from '../../src/core/workflow/expression-values.ts'
import { createProject, repository } from '../project.ts'

const page = readFileSync(join(repository, 'docs/workflows.md'), 'utf8')
const [yaml] = [...page.matchAll(/^```yaml\n# (\S+)\n(.*?)^```/gms)]

it('the workflow of the page runs as it says', async () => {
  const project = createProject({ packages: [], files: { [yaml![1]!]: yaml![2]! } })
  expect((await project.cli('sync', '--json')).json.data.failed).toEqual([])
  const { json } = await project.cli('run', 'workflows/content/check-text', '--text', 'One. Two. Three things.', '--json')
  expect(json.data).toMatchObject({ status: 'completed', outputs: { fits: true, teaser: expect.stringContaining('Three') as string } })
})

it('the page names every operator and function', () => {
  const table = page.slice(page.indexOf('## Expressions'), page.indexOf('## Runs'))
  for (const name of [...functions.keys(), ...applyBinary.keys()].filter((name) => !['===', '!=='].includes(name))) expect(table).toContain(`\`${name}\``)
})

import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { copySample, useSample } from '../cli/sample.ts'
import { repository, type Project } from '../project.ts'
import { endAll, serveProject, type Served } from './served-project.ts'

useSample()
let project: Project
let served: Served
beforeAll(async () => {
  project = copySample()
  served = await serveProject(project)
})
afterAll(endAll)

const examples = [...readFileSync(join(repository, 'docs/serve.md'), 'utf8').matchAll(/^```sh\n(.*?)^```/gms)]
  .flatMap(([, block]) => block!.split(/\n(?=curl )/))
  .filter((text) => text.startsWith('curl '))

it('has examples', () => expect(examples.length).toBeGreaterThan(14))

// Without curl there is nothing to try.
it.skipIf(spawnSync('curl', ['--version']).error !== undefined).each(examples)('%s', async (example) => {
  const { stdout, code } = await new Promise<{ stdout: string; code: number }>((resolve) =>
    execFile('sh', ['-c', example.replaceAll('curl ', 'curl -sS --fail-with-body ')], { cwd: project.root, env: { PATH: process.env.PATH, URL: served.url, TOKEN: served.token } }, (error, out) => resolve({ stdout: out, code: error ? 1 : 0 })),
  )
  expect({ code, stdout: code === 0 ? '' : stdout }).toEqual({ code: 0, stdout: '' })
  if (!example.includes(' -o ')) expect(JSON.parse(stdout)).toMatchObject({ error: false })
})

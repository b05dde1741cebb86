import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { configText, createProject, png, run, startCli, type TestProject } from '../operations/project.ts'

const logo = 'LOGO-ACME-MARK001'
const writer = join(import.meta.dirname, 'version-writer.ts')
let project: TestProject
beforeEach(async () => {
  project = createProject()
  project.write('assetloom.config.mjs', configText)
  project.write('in/logo.png', await png(1))
  await run(project, 'import', { files: ['in/logo.png'], category: 'Logos', variant: 'MARK' })
})
afterEach(() => project.remove())

interface Row { version: string; parent?: string; message?: string; branch: string }
const versions = async () => (await run<{ versions: Row[] }>(project, 'versions', { ref: logo })).versions

it('4 processes that each change one asset 10 times leave every line, in order', async () => {
  const names = ['A', 'B', 'C', 'D']
  const codes = await Promise.all(
    names.map((name) => new Promise((resolve) => spawn(process.execPath, [writer, project.root, name, '10'], { stdio: 'inherit' }).on('exit', resolve))),
  )
  expect(codes).toEqual([0, 0, 0, 0])
  const rows = await versions()
  expect(rows.map(({ version }) => version)).toEqual(Array.from({ length: 41 }, (_, i) => `1.0.${i}`))
  expect(rows.slice(1).map(({ parent }) => parent)).toEqual(Array.from({ length: 40 }, (_, i) => `1.0.${i}`))
  const messages = rows.slice(1).map(({ message }) => message)
  expect([...messages].sort()).toEqual(names.flatMap((name) => Array.from({ length: 10 }, (_, i) => `${name} ${i}`)).sort())
}, 120_000)

it('a process that is killed while it changes an asset leaves a history that the next change makes whole', async () => {
  for (let kill = 0; kill < 8; kill++) {
    const child = startCli(project, ['update', logo, '--description', `kill ${kill}`, '-m', `kill ${kill}`])
    // Each time a little later after the first sign of the change.
    const watcher = watch(project.path('assets'), { recursive: true }, () => {
      watcher.close()
      setTimeout(() => child.kill(), kill)
    })
    await child.done
    watcher.close()
  }
  await run(project, 'update', { ref: logo, description: 'at last', message: 'at last' })
  const rows = await versions()
  const last = Number(project.manifest().assets[logo]!.version.slice(4))
  expect(rows.map(({ version }) => version)).toEqual(Array.from({ length: last + 1 }, (_, i) => `1.0.${i}`))
  expect(rows.at(-1)).toMatchObject({ message: 'at last', parent: `1.0.${last - 1}` })
  for (const { version } of rows) await run(project, 'rollback', { ref: logo, version })
}, 120_000)

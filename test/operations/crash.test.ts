import { cpSync, watch } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  configText,
  createProject,
  png,
  projectAt,
  requireWhole,
  run,
  startCli,
  strayFiles,
  type TestProject,
} from './project.ts'

/*
 * Some kills fall anywhere in the life of the process, some a little after its first byte on the disk, and half of
 * them while files and manifest change, which the journal among the temporary files announces.
 */
const killsPerOperation = 12

let template: TestProject
beforeEach(async () => {
  template = createProject()
  template.write('assetloom.config.mjs', configText)
  for (let i = 1; i <= 3; i++) template.write(`in/${i}.png`, await png(i, 64, 64))
  await run(template, 'import', { files: ['in'], category: 'Icons', variant: 'UI' })
  for (let i = 4; i <= 9; i++) template.write(`new/${i}.png`, await png(i, 64, 64))
  template.write('brand.zip', await packOf(template))
})
afterEach(() => template.remove())

/** A pack of the new pictures, made in a project of its own. */
async function packOf(project: TestProject): Promise<Uint8Array> {
  const maker = copyOf(project)
  const { imported } = await run<{ imported: { token: string }[] }>(maker, 'import', { files: ['new'], category: 'Logos', variant: 'MARK' })
  await run(maker, 'package', { refs: imported.map(({ token }) => token), name: 'brand', version: '1.0.0', out: 'brand.zip' })
  const bytes = maker.read('brand.zip')
  maker.remove()
  return bytes
}

const stateOf = (project: TestProject) =>
  Object.entries(project.manifest().assets)
    .map(([ref, entry]) => `${ref} ${entry.file ?? ''} ${entry.hash ?? ''}`)
    .join('\n')

function copyOf(project: TestProject): TestProject {
  const copy = createProject()
  cpSync(project.root, copy.root, { recursive: true })
  return projectAt(copy.root)
}

function afterTime(delayMs: number, act: () => void): () => void {
  const timer = setTimeout(act, delayMs)
  return () => clearTimeout(timer)
}

/** Acts some time after a file with this ending appears among the temporary ones. */
function afterWrite(project: TestProject, ending: string, delayMs: number, act: () => void): () => void {
  let stop = () => {}
  const watcher = watch(project.path('.assetloom/tmp'), (_event, name) => {
    if (!name?.endsWith(ending)) return
    watcher.close()
    if (delayMs === 0) act()
    else stop = afterTime(delayMs, act)
  })
  return () => {
    watcher.close()
    stop()
  }
}

const cases: [string, string[]][] = [
  ['import', ['import', 'new', '--category', 'Icons', '--variant', 'UI', '--move']],
  ['refine', ['refine', 'ICON-ACME-UI002', '--convert', 'webp']],
  ['install', ['install', 'brand.zip']],
  ['delete', ['delete', 'ICON-ACME-UI001']],
]

describe('SIGKILL at any moment', () => {
  it.each(cases)(
    '%s leaves state N or N+1',
    async (_name, args) => {
      const before = stateOf(template)
      const whole = copyOf(template)
      const started = performance.now()
      expect(await startCli(whole, args).done).toMatchObject({ code: 0 })
      let usualMs = performance.now() - started
      const after = stateOf(whole)
      whole.remove()
      expect(after).not.toBe(before)

      let killed = 0
      for (let round = 0; killed < killsPerOperation; round++) {
        expect(round).toBeLessThan(killsPerOperation * 4)
        const project = copyOf(template)
        const from = performance.now()
        const { done, kill } = startCli(project, args)
        const stop = [
          () => afterTime(usualMs * Math.random(), kill),
          () => afterWrite(project, '.tmp', 30 * Math.random(), kill),
          () => afterWrite(project, '.journal.json', 4 * Math.random(), kill),
          () => afterWrite(project, '.journal.json', 0, kill),
        ][round % 4]!()
        const { signal } = await done
        stop()
        if (signal === null) usualMs = Math.min(usualMs, performance.now() - from)
        if (signal === 'SIGKILL') killed++
        // Before anything is mended: what the manifest names is there.
        project.manifest()
        for (const entry of Object.values(project.manifest().assets))
          expect(project.read(entry.file!).length).toBeGreaterThan(0)
        // A command that changes nothing mends it.
        await run(project, 'list', {})
        requireWhole(project)
        expect([before, after]).toContain(stateOf(project))
        expect(strayFiles(project)).toEqual([])
        const isOld = stateOf(project) === before
        if (args.includes('--move'))
          expect(project.files('.').filter((file) => file.startsWith('new/'))).toHaveLength(isOld ? 6 : 0)
        project.remove()
      }
    },
    300_000,
  )
})

import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseManifest } from '../../src/store/manifest-text.ts'
import { configText, createProject, png, requireWhole, run, startCli, strayFiles, type TestProject } from './project.ts'

let project: TestProject
beforeEach(() => {
  project = createProject()
  project.write('assetloom.config.mjs', configText)
})
afterEach(() => project.remove())

describe('many processes', () => {
  it('8 that import 50 files each issue 400 distinct tokens', async () => {
    for (let process = 0; process < 8; process++)
      for (let file = 0; file < 50; file++)
        project.write(`in/${process}/${file}.png`, await png(process * 50 + file + 1, 8, 8))
    const results = await Promise.all(
      Array.from(
        { length: 8 },
        (_, i) => startCli(project, ['import', `in/${i}`, '--category', 'Icons', '--variant', 'UI', '--json']).done,
      ),
    )
    const tokens = results.flatMap(({ code, stdout, stderr }) => {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      return (JSON.parse(stdout) as { data: { imported: { token: string }[] } }).data.imported.map(({ token }) => token)
    })
    expect(new Set(tokens).size).toBe(400)
    const manifest = requireWhole(project)
    expect(Object.keys(manifest.assets).sort()).toEqual([...tokens].sort())
    expect(manifest.sequences).toEqual({ 'ICON-ACME-UI': 400 })
    expect(strayFiles(project)).toEqual([])
  }, 180_000)

  it('a reader never sees a torn manifest while 4 add 50 each', async () => {
    await run(project, 'import', { color: '#000000', variant: 'FIRST' })
    const writers = ['A', 'B', 'C', 'D'].map((name) =>
      fork(join(import.meta.dirname, 'color-writer.ts'), [project.root, name, '50']),
    )
    let running = writers.length
    const done = Promise.all(
      writers.map(
        (writer) => new Promise<number | null>((resolve) => writer.on('exit', (code) => (running--, resolve(code)))),
      ),
    )
    let reads = 0
    let last = 0
    while (running > 0) {
      const count = Object.keys(
        parseManifest(readFileSync(project.path('assets/manifest.json'), 'utf8'), 'manifest.json').assets,
      ).length
      expect(count).toBeGreaterThanOrEqual(last)
      last = count
      reads++
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await done).toEqual([0, 0, 0, 0])
    expect(reads).toBeGreaterThan(50)
    expect(Object.keys(project.manifest().assets)).toHaveLength(201)
  }, 120_000)
})

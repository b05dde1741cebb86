import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { createStateDb } from './state-db.ts'

const root = mkdtempSync(join(tmpdir(), 'assetloom-state-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

it('opens anew when its folder was deleted, so that all processes share one file and one lock', () => {
  const home = join(root, '.assetloom')
  const one = createStateDb(join(home, 'state.db'))
  one.exclusive((db) => db.exec("INSERT INTO usage (ref) VALUES ('A')"))
  rmSync(home, { recursive: true })
  one.exclusive((db) => db.exec("INSERT INTO usage (ref) VALUES ('B')"))
  expect(existsSync(join(home, '.gitignore'))).toBe(true)

  const other = createStateDb(join(home, 'state.db'))
  expect(other.open().prepare('SELECT ref FROM usage').all()).toEqual([{ ref: 'B' }])
  other.close()
  one.close()
})

it('is made by several processes at the same moment', async () => {
  const program = `import { createStateDb } from ${JSON.stringify(new URL('state-db.ts', import.meta.url).href)}
    const [file, at] = process.argv.slice(1)
    while (Date.now() < Number(at));
    const state = createStateDb(file)
    state.open()
    state.close()`
  for (let round = 0; round < 6; round++) {
    const file = join(root, `made-${round}`, 'state.db')
    const at = String(Date.now() + 700)
    const opening = Array.from({ length: 3 }, () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, file, at]))
    expect((await Promise.allSettled(opening)).flatMap((one) => (one.status === 'rejected' ? String(one.reason) : []))).toEqual([])
  }
})

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

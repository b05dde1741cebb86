import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { contentHash } from '../core/digest.ts'
import { createFileHashes } from './file-hashes.ts'
import { createStateDb, type StateDb } from './state-db.ts'

let root: string
let state: StateDb
const hashOf = (text: string) => contentHash(Buffer.from(text))
const files = () => createFileHashes({ root, state, onStateFault: (error) => { throw error } })
const rows = () => state.open().prepare('SELECT file, hash FROM file_hashes').all()
const write = (text: string, modifiedMs = Date.now()) => {
  writeFileSync(join(root, 'a.txt'), text)
  utimesSync(join(root, 'a.txt'), modifiedMs / 1000, modifiedMs / 1000)
}
/** The next that looks takes another's word for the file, as long as it looks the same. */
const plant = () => state.open().exec("UPDATE file_hashes SET hash = 'planted'")
const anHourAgo = Date.now() - 3_600_000

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'file-hashes-'))
  state = createStateDb(join(root, '.assetloom/state.db'))
})
afterEach(() => {
  state.close()
  rmSync(root, { recursive: true, force: true })
})

it('what one process read, the next one knows by its times and size', () => {
  write('one', anHourAgo)
  const first = files()
  expect(first.hashOf('a.txt')).toBe(hashOf('one'))
  first.keep()
  plant()
  const second = files()
  second.prime()
  expect([second.hashOf('a.txt'), second.holds('a.txt', 'planted')]).toEqual(['planted', true])
})

it('a file that changed is read again, though its size and time of change are the same', () => {
  write('one', anHourAgo)
  const first = files()
  first.hashOf('a.txt')
  first.keep()
  const { mtimeMs } = statSync(join(root, 'a.txt'))
  write('two', mtimeMs)
  const second = files()
  second.prime()
  expect([second.hashOf('a.txt'), second.holds('a.txt', hashOf('one'))]).toEqual([hashOf('two'), false])
  second.keep()
  expect(rows()).toEqual([{ file: 'a.txt', hash: hashOf('two') }])
})

it('a file written a moment ago may change unseen: it is not remembered', () => {
  write('one')
  const first = files()
  expect(first.hashOf('a.txt')).toBe(hashOf('one'))
  first.keep()
  expect(rows()).toEqual([])
})

it('a Git LFS pointer holds what it points to, and a file that is gone nothing', () => {
  const pointed = hashOf('the picture')
  write(`version https://git-lfs.github.com/spec/v1\noid ${pointed}\nsize 11\n`, anHourAgo)
  const first = files()
  expect([first.holds('a.txt', pointed), first.holds('a.txt', hashOf('other'))]).toEqual([true, false])
  first.keep()
  const second = files()
  second.prime()
  expect(second.holds('a.txt', pointed)).toBe(true)
  rmSync(join(root, 'a.txt'))
  expect([second.holds('a.txt', pointed), second.hashOf('a.txt')]).toEqual([false, undefined])
})

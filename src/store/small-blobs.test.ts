import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, openSync, closeSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentHash } from '../core/digest.ts'
import { createSmallBlobs, type SmallBlobs } from './small-blobs.ts'

let folder: string
let file: string
let damages: unknown[]
let faults: unknown[]
const opened: SmallBlobs[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assetloom-small-'))
  file = join(folder, 'blobs/versions-1.db')
  damages = []
  faults = []
})
afterEach(() => {
  for (const one of opened.splice(0)) one.close()
  rmSync(folder, { recursive: true, force: true })
})

const open = () => {
  const blobs = createSmallBlobs({
    folder: join(folder, 'blobs'),
    onDamage: (error) => damages.push(error),
    onFault: (error) => faults.push(error),
  })
  opened.push(blobs)
  return blobs
}
/** Bytes that differ from every other seed's. */
const bytesOf = (seed: number, size = 4096) => new Uint8Array(size).map((_, i) => (i * 31 + seed * 97 + ((i * seed) >> 5)) & 0xff)
const hashOf = (seed: number) => contentHash(bytesOf(seed))
const putAll = (blobs: SmallBlobs, from: number, count: number) => {
  for (let seed = from; seed < from + count; seed++) blobs.put(hashOf(seed), bytesOf(seed))
  blobs.flush()
}
/** Seeds whose bytes are there and whole. */
const whole = (blobs: SmallBlobs, count: number) =>
  Array.from({ length: count }, (_, seed) => seed).filter((seed) => {
    const bytes = blobs.get(hashOf(seed))
    return bytes !== undefined && contentHash(bytes) === hashOf(seed)
  })

describe('small blobs', () => {
  it('are found at once by who put them, and by others once they are flushed', () => {
    const [mine, others] = [open(), open()]
    mine.put(hashOf(1), bytesOf(1))
    expect([mine.has(hashOf(1)), others.has(hashOf(1))]).toEqual([true, false])
    expect(mine.get(hashOf(1))).toEqual(bytesOf(1))
    mine.flush()
    expect(others.has(hashOf(1))).toBe(true)
    expect(others.get(hashOf(1))).toEqual(bytesOf(1))
    expect(others.list()).toEqual([{ hash: hashOf(1), sizeBytes: 4096, storedAtMs: expect.any(Number) as number }])
    others.remove(hashOf(1))
    expect([mine.has(hashOf(1)), mine.get(hashOf(1)), mine.list()]).toEqual([false, undefined, []])
  })

  it('do not grow in memory without bound: many are written before the flush', () => {
    const [mine, others] = [open(), open()]
    for (let seed = 0; seed < 80; seed++) mine.put(hashOf(seed), bytesOf(seed, 64 * 1024))
    expect(others.list().length).toBeGreaterThan(60)
  })

  it('make no file when they are only looked for', () => {
    const blobs = open()
    expect([blobs.has(hashOf(1)), blobs.get(hashOf(1)), blobs.list()]).toEqual([false, undefined, []])
    blobs.remove(hashOf(1))
    blobs.compact()
    blobs.flush()
    expect(readdirSync(folder)).toEqual([])
  })

  it('give their room back', () => {
    const blobs = open()
    putAll(blobs, 0, 500)
    blobs.compact()
    const before = statSync(file).size
    for (let seed = 0; seed < 490; seed++) blobs.remove(hashOf(seed))
    blobs.compact()
    expect(statSync(file).size).toBeLessThan(before / 10)
    expect(whole(blobs, 500)).toEqual([490, 491, 492, 493, 494, 495, 496, 497, 498, 499])
  })

  it('begin anew when their file was deleted under them', () => {
    const blobs = open()
    putAll(blobs, 0, 2)
    rmSync(join(folder, 'blobs'), { recursive: true })
    expect(whole(blobs, 2)).toEqual([])
    putAll(blobs, 1, 1)
    expect(whole(open(), 2)).toEqual([1])
    expect([damages, faults]).toEqual([[], []])
  })
})

const overwrite = (at: number, length: number) => {
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.alloc(length, 0xa5), 0, length, at)
  closeSync(handle)
}
const pageBytes = 16384

describe('a damaged file', () => {
  /** [what, how it is damaged, most that may be lost of 100] */
  const damage: [string, () => void, number][] = [
    ['is something else', () => writeFileSync(file, 'no database, '.repeat(5000)), 100],
    ['has lost its head', () => overwrite(0, 100), 100],
    ['was cut off', () => truncateSync(file, Math.floor(statSync(file).size / 2)), 60],
    ['has lost a page in the middle', () => overwrite(12 * pageBytes, pageBytes), 12],
    ['is empty', () => truncateSync(file, 0), 100],
  ]
  it.each(damage)('%s: it begins anew, once, with what can be read', (what, act, mostLost) => {
    const first = open()
    putAll(first, 0, 100)
    first.close()
    act()
    const blobs = open()
    const left = whole(blobs, 100)
    expect(left.length).toBeGreaterThanOrEqual(100 - mostLost)
    putAll(blobs, 0, 100)
    expect(whole(blobs, 100)).toHaveLength(100)
    expect(whole(open(), 100)).toHaveLength(100)
    expect(damages).toHaveLength(what === 'is empty' ? 0 : 1)
    expect(faults).toEqual([])
    for (const one of opened.splice(0)) one.close()
    expect(readdirSync(join(folder, 'blobs'))).toEqual([what === 'is empty' ? 'versions-1.db' : 'versions-2.db'])
  })

  it('found by a writer is no failure either', () => {
    putAll(open(), 0, 1)
    for (const one of opened.splice(0)) one.close()
    overwrite(0, 4096)
    putAll(open(), 1, 1)
    expect(whole(open(), 2)).toEqual([1])
    expect(damages).toHaveLength(1)
  })
})

describe('several processes', () => {
  const writer = join(import.meta.dirname, '../../test/versions/blob-writer.ts')
  const run = (...args: string[]) =>
    new Promise<string>((done) => {
      const child = spawn(process.execPath, [writer, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
      let text = ''
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
      child.on('close', (code) => done(`${code} ${text.trim()}`))
    })

  it('write at once, and nothing is lost', async () => {
    const results = await Promise.all(['a', 'b', 'c', 'd'].map((name) => run(folder, name, '60')))
    expect(results).toEqual(Array.from({ length: 4 }, () => '0 60 of 60'))
    expect(open().list()).toHaveLength(240)
  }, 60_000)

  it('that find the file damaged at once all go on', async () => {
    putAll(open(), 0, 200)
    for (const one of opened.splice(0)) one.close()
    overwrite(0, 100)
    const results = await Promise.all(['a', 'b', 'c', 'd'].map((name) => run(folder, name, '60')))
    expect(results).toEqual(Array.from({ length: 4 }, () => '0 60 of 60'))
    expect(open().list()).toHaveLength(240)
    expect([damages, faults]).toEqual([[], []])
  }, 60_000)

  it.runIf(process.platform !== 'win32')('that may not write read what is there', async () => {
    putAll(open(), 0, 3)
    for (const one of opened.splice(0)) one.close()
    chmodSync(folder, 0o755)
    chmodSync(file, 0o444)
    chmodSync(join(folder, 'blobs'), 0o555)
    try {
      expect(await run(folder, 'read-only', hashOf(1))).toBe(`0 found 3, ${contentHash(bytesOf(1))}, WRITE_FAILED, no damage, no fault`)
    } finally {
      chmodSync(join(folder, 'blobs'), 0o755)
    }
    expect(readFileSync(file).length).toBeGreaterThan(0)
    expect(existsSync(`${file}-wal`)).toBe(false)
  }, 60_000)
})

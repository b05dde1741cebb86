import { closeSync, cpSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentHash } from '../../src/core/digest.ts'
import type { LogEvent } from '../../src/core/ports.ts'
import { openWorkspace } from '../../src/workspace.ts'
import { createProject, options, png, requireWhole, run, type TestProject } from '../operations/project.ts'

const logo = 'LOGO-ACME-MARK001'
const database = '.assetloom/blobs/versions-1.db'
let project: TestProject
let first: Buffer
beforeEach(async () => {
  project = createProject()
  first = await png(1)
  project.write('in/logo.png', first)
  project.write('in/new.png', await png(2))
  await run(project, 'import', { files: ['in/logo.png'], category: 'Logos', variant: 'MARK' })
})
afterEach(() => project.remove())

const fileOf = (at: TestProject, ref = logo) => at.read(at.manifest().assets[ref]!.file!)
/** Above what shares a file with others. */
const largePng = () => sharp({ create: { width: 200, height: 150, channels: 3, background: '#000', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).png().toBuffer()
const replace = () => run(project, 'update', { ref: logo, file: 'in/new.png' })
const rollback = (at = project) => run(at, 'rollback', { ref: logo, version: '1.0.0' })

/** Flip one byte of the bytes of a blob where they stand in the database. */
function flip(bytes: Uint8Array): void {
  const at = project.read(database).indexOf(bytes.subarray(0, 200))
  const handle = openSync(project.path(database), 'r+')
  writeSync(handle, Uint8Array.of(bytes[100]! ^ 1), 0, 1, at + 100)
  closeSync(handle)
}

/** What a workspace tells while it works. */
async function told(work: (workspace: Awaited<ReturnType<typeof openWorkspace>>) => unknown): Promise<LogEvent[]> {
  const events: LogEvent[] = []
  const workspace = await openWorkspace({ root: project.root, options: { ...options, logLevel: 'warn' }, env: {}, show: (event) => events.push(event) })
  await work(workspace)
  await workspace.close()
  return events
}

describe('bytes of versions', () => {
  it('stand in one file when they are small, and in files of their own when they are large', async () => {
    project.write('in/large.png', await largePng())
    await run(project, 'import', { files: ['in/large.png'], category: 'Images', variant: 'MAIN' })
    await replace()
    expect(project.files('.assetloom/blobs').filter((file) => !file.includes('/version/'))).toEqual([database])
    expect(project.files('.assetloom/blobs/version')).toHaveLength(1)
    await rollback()
    expect(fileOf(project)).toEqual(first)
  })

  it('that were flipped are found, reported and dropped; the others stay', async () => {
    await replace()
    flip(first)
    const hash = contentHash(first)
    const events = await told((workspace) => {
      expect(workspace.blobs.get(hash)).toBeUndefined()
      expect(workspace.blobs.isKept(hash)).toBe(false)
    })
    expect(events.map(({ event, message }) => [event, message.includes(hash)])).toEqual([['CACHE_ENTRY_DAMAGED', true]])
    await expect(rollback()).rejects.toMatchObject({ code: 'VERSION_BYTES_GONE' })
    expect(fileOf(project)).toEqual(project.read('in/new.png'))
  })

  it('whose database is no database are missed by name; changes and rollbacks go on', async () => {
    await replace()
    writeFileSync(project.path(database), 'no database'.repeat(1000))
    await expect(rollback()).rejects.toMatchObject({ code: 'VERSION_BYTES_GONE' })
    await run(project, 'update', { ref: logo, file: 'in/logo.png' })
    await run(project, 'update', { ref: logo, file: 'in/new.png' })
    await run(project, 'rollback', { ref: logo, version: '1.0.2' })
    expect(fileOf(project)).toEqual(first)
    requireWhole(project)
  })

  it('whose database is damaged are one warning', async () => {
    await replace()
    writeFileSync(project.path(database), 'no database'.repeat(1000))
    const events = await told((workspace) => {
      for (let i = 0; i < 3; i++) expect(workspace.blobs.get(contentHash(first))).toBeUndefined()
    })
    expect(events.map(({ event }) => event)).toEqual(['VERSION_BLOBS_DAMAGED'])
  })

  it('cost nothing to those who need none: no file is made, none is opened', async () => {
    rmSync(project.path('.assetloom'), { recursive: true })
    await run(project, 'list', {})
    await run(project, 'types', {})
    expect(readdirSync(project.path('.assetloom'))).not.toContain('blobs')
  })
})

describe('the cache commands', () => {
  it('count, clear and clean up small ones like all others', async () => {
    await replace()
    const small = (await run<{ version: { count: number; bytes: number } }>(project, 'cache stats', {})).version
    expect(small.count).toBeGreaterThanOrEqual(4)
    expect(await run(project, 'cache clear', { includePaid: true })).toMatchObject({ version: small })
    expect(await run(project, 'cache optimize', {})).toMatchObject({ version: small })
    expect(await run(project, 'cache verify', {})).toMatchObject({ version: small, damaged: [] })

    // Nothing uses the asset, so that its versions go with it.
    const planned = await run<{ items: { what: string; name: string; sizeBytes: number }[] }>(project, 'cleanup', {})
    const versions = planned.items.filter(({ what }) => what === 'version')
    expect(versions.map(({ name }) => name)).toContain(contentHash(first))
    expect(versions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(small.bytes)
    await run(project, 'cleanup', {}, {}, { confirm: async () => true })
    expect(await run(project, 'cache stats', {})).toMatchObject({ version: { count: 0, bytes: 0 } })
  })

  it('verify looks at the copy of each layer', async () => {
    const copies = { raw: first, derived: first }
    for (const layer of ['raw', 'derived'] as const) await told((workspace) => workspace.blobs.put(layer, copies[layer]))
    expect(await run(project, 'cache verify', {})).toMatchObject({ damaged: [] })
    flip(first)
    const hash = contentHash(first)
    const verified = await run<{ version: { count: number } }>(project, 'cache verify', {})
    expect(verified).toMatchObject({ damaged: [{ layer: 'version', hash }], raw: { count: 1 }, derived: { count: 1 } })
    const raw = project.path(`.assetloom/blobs/content-v2/sha256/${hash.slice(7, 9)}/${hash.slice(9, 11)}/${hash.slice(11)}`)
    rmSync(raw)
    writeFileSync(raw, first.subarray(1))
    expect(await run(project, 'cache verify', {})).toMatchObject({ damaged: [{ layer: 'raw', hash }], raw: { count: 0 }, derived: { count: 1 } })
  })
})

it('travel through the team\'s cache: another machine rolls back to what it never had', async () => {
  const shared = new Map<string, unknown>()
  const cache = { cache: { shared } }
  const a = project
  const b = createProject()
  try {
    a.write('in/large.png', await largePng())
    await run(a, 'update', { ref: logo, file: 'in/large.png' }, cache)
    await run(a, 'update', { ref: logo, file: 'in/new.png', description: 'new' }, cache)
    // What git brings: assets with their history, nothing of .assetloom.
    cpSync(a.path('assets'), b.path('assets'), { recursive: true })
    for (const [version, bytes] of [['1.0.0', first], ['1.0.1', a.read('in/large.png')]] as const) {
      await run(b, 'rollback', { ref: logo, version }, cache)
      expect(fileOf(b)).toEqual(bytes)
      requireWhole(b)
    }
    // What came is kept: the team's cache is not needed again.
    await run(b, 'rollback', { ref: logo, version: '1.0.1' })
    expect(fileOf(b)).toEqual(a.read('in/large.png'))
    await expect(run(a, 'rollback', { ref: logo, version: '1.0.0' })).resolves.toMatchObject({ restored: '1.0.0' })
  } finally {
    b.remove()
  }
})

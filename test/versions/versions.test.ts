import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AssetloomError } from '../../src/core/errors.ts'
import { createProject, png, run, type TestProject } from '../operations/project.ts'

const logo = 'LOGO-ACME-MARK001'
const palette = 'design-tokens/colors/brand'
const paletteFile = 'assets/library/design-tokens/colors/brand.asset.yaml'

interface Row {
  version: string
  digest: string
  date: string
  message?: string
  parent?: string
  branch: string
  labels: string[]
}
interface Versions {
  ref: string
  version: string
  versions: Row[]
  branches: { name: string; version: string }[]
  labels: Record<string, string>
}

let project: TestProject
beforeEach(async () => {
  project = createProject()
  project.write('in/logo.png', await png(1))
  project.write('in/new.png', await png(2))
  await run(project, 'import', { files: ['in/logo.png'], category: 'Logos', variant: 'MARK', description: 'first' })
})
afterEach(() => project.remove())

const versionsOf = (ref: string) => run<Versions>(project, 'versions', { ref })
const historyOf = (ref: string) => project.path(`assets/history/${ref}.jsonl`)
const fileOf = (ref: string) => project.read(project.manifest().assets[ref]!.file!)
const codeOf = (work: Promise<unknown>) => work.then(() => 'none', (error: AssetloomError) => error.code)

describe('history', () => {
  it('needs no file for an asset that never changed', async () => {
    expect(existsSync(project.path('assets/history'))).toBe(false)
    const { ref, version, versions, labels } = await versionsOf(logo)
    expect({ ref, version, labels }).toEqual({ ref: logo, version: '1.0.0', labels: { latest: '1.0.0' } })
    expect(versions).toMatchObject([{ version: '1.0.0', branch: 'main', labels: ['latest'], digest: expect.stringMatching(/^sha256:/) as string }])
  })

  it('tells of every change with its message, and the digest of a state stays', async () => {
    const [first] = (await versionsOf(logo)).versions
    await run(project, 'update', { ref: logo, description: 'second', message: 'Better words' })
    await run(project, 'add-tags', { ref: logo, tags: ['primary'] })
    await run(project, 'update', { ref: logo, file: 'in/new.png', minor: true, message: 'New mark' })
    const { versions } = await versionsOf(logo)
    expect(versions.map(({ version, parent, message }) => [version, parent, message])).toEqual([
      ['1.0.0', undefined, undefined],
      ['1.0.1', '1.0.0', 'Better words'],
      ['1.0.2', '1.0.1', undefined],
      ['1.1.0', '1.0.2', 'New mark'],
    ])
    expect(versions[0]!.digest).toBe(first!.digest)
    expect(project.read(`assets/history/${logo}.jsonl`).toString().split('\n')).toHaveLength(5)
  })

  it('goes with a deleted asset', async () => {
    await run(project, 'update', { ref: logo, description: 'second' })
    await run(project, 'delete', { ref: logo })
    expect(existsSync(historyOf(logo))).toBe(false)
  })

  it.each([
    ['a file that is gone', (file: string) => rmSync(file)],
    ['a torn last line', (file: string) => appendFileSync(file, '{"version":"1.0.')],
  ])('mends %s at the next change', async (_, damage) => {
    await run(project, 'update', { ref: logo, description: 'second' })
    damage(historyOf(logo))
    expect((await versionsOf(logo)).versions.at(-1)!.version).toBe('1.0.1')
    await run(project, 'update', { ref: logo, description: 'third' })
    const { versions } = await versionsOf(logo)
    expect(versions.slice(-2).map(({ version }) => version)).toEqual(['1.0.1', '1.0.2'])
    expect(project.read(`assets/history/${logo}.jsonl`).toString()).toMatch(/^(?:\{.*\}\n)+$/)
  })

  it.each([
    ['HISTORY_CONFLICT', '<<<<<<< HEAD\n'],
    ['HISTORY_DAMAGED', 'version 1.0.1\n'],
    ['HISTORY_DAMAGED', '{"version":"1.0.1"}\n'],
  ])('%s: %j is told with its line and changes nothing', async (code, text) => {
    await run(project, 'update', { ref: logo, description: 'second' })
    appendFileSync(historyOf(logo), text)
    const before = [project.read('assets/manifest.json'), project.read(`assets/history/${logo}.jsonl`)]
    await expect(versionsOf(logo)).rejects.toMatchObject({ code, message: expect.stringContaining(`${logo}.jsonl:3`) as string })
    expect(await codeOf(run(project, 'update', { ref: logo, description: 'third' }))).toBe(code)
    expect([project.read('assets/manifest.json'), project.read(`assets/history/${logo}.jsonl`)]).toEqual(before)
  })
})

describe('rollback', () => {
  it('brings file and words of a picture back as a new version', async () => {
    const first = fileOf(logo)
    await run(project, 'update', { ref: logo, file: 'in/new.png', description: 'second' })
    expect(fileOf(logo)).not.toEqual(first)
    const row = await run(project, 'rollback', { ref: logo, version: '1.0.0' })
    expect(row).toMatchObject({ version: '1.0.2', restored: '1.0.0', changed: true, description: 'first' })
    expect(fileOf(logo)).toEqual(first)
    const { versions } = await versionsOf(logo)
    expect(versions.at(-1)).toMatchObject({ version: '1.0.2', message: 'Back to 1.0.0', digest: versions[0]!.digest })
    expect(await run(project, 'rollback', { ref: logo, version: '1.0.0' })).toMatchObject({ version: '1.0.2', changed: false })
  })

  it.each(['sync', 'version create'])('a hand edit is a version once %s records it', async (command) => {
    const first = fileOf(logo)
    const { file } = project.manifest().assets[logo]!
    writeFileSync(project.path(file!), await png(3))
    expect(await codeOf(run(project, 'rollback', { ref: logo, version: '1.0.0' }))).toBe('ASSET_FILE_CHANGED')
    await run(project, command, { ...(command === 'sync' ? {} : { ref: logo }), message: 'By hand' })
    expect((await versionsOf(logo)).versions.at(-1)).toMatchObject({ version: '1.0.1', message: 'By hand' })
    await run(project, 'rollback', { ref: logo, version: '1.0.0' })
    expect(fileOf(logo)).toEqual(first)
    await run(project, 'rollback', { ref: logo, version: '1.0.1' })
    expect(fileOf(logo)).toEqual(await png(3))
  })

  it.each(['sync', 'version create'])('an item edited by hand and recorded by %s gets the next version in its own file', async (command) => {
    await run(project, 'create', { kind: 'design-tokens', name: 'colors/brand' })
    const first = project.read(paletteFile).toString()
    project.write(paletteFile, first.replace('name: "Brand"', 'name: "Brand two"'))
    await run(project, command, { ...(command === 'sync' ? {} : { ref: palette }), message: 'By hand' })
    expect(project.read(paletteFile).toString()).toContain('version: "1.0.1"')
    expect(await versionsOf(palette)).toMatchObject({ version: '1.0.1', versions: [{ version: '1.0.0' }, { version: '1.0.1', message: 'By hand' }] })
    await run(project, 'rollback', { ref: palette, version: '1.0.0' })
    expect(project.read(paletteFile).toString()).toBe(first.replace('1.0.0', '1.0.2'))
  })

  it('brings content files of an item back, and takes those away that were added since', async () => {
    await run(project, 'create', { kind: 'ui-components', name: 'buttons/go', framework: 'react' })
    const ref = 'ui-components/buttons/go'
    const before = new Map(project.files('assets/library').map((file) => [file, project.read(file).toString()]))
    const own = 'assets/library/ui-components/buttons/go.asset.yaml'
    for (const file of before.keys()) if (file !== own) project.write(file, `${before.get(file)!}\n// changed\n`)
    project.write('assets/library/ui-components/buttons/go.extra.txt', 'more')
    project.write(own, `${before.get(own)!}files: [go.extra.txt]\n`)
    await run(project, 'version create', { ref, major: true })
    expect((await versionsOf(ref)).version).toBe('2.0.0')
    await run(project, 'rollback', { ref, version: '1.0.0' })
    for (const [file, text] of before) expect(project.read(file).toString()).toBe(file === own ? text.replace('1.0.0', '2.0.1') : text)
    expect(existsSync(project.path('assets/library/ui-components/buttons/go.extra.txt'))).toBe(false)
  })

  it('an unknown version is refused with those that there are', async () => {
    await run(project, 'update', { ref: logo, description: 'second' })
    await expect(run(project, 'rollback', { ref: logo, version: '9.9.9' })).rejects.toMatchObject({
      code: 'VERSION_UNKNOWN',
      message: expect.stringContaining('1.0.1, 1.0.0, latest') as string,
    })
  })

  it('bytes that are nowhere are named, and nothing changes', async () => {
    const { hash, file } = project.manifest().assets[logo]!
    await run(project, 'update', { ref: logo, file: 'in/new.png' })
    rmSync(project.path('.assetloom/blobs'), { recursive: true })
    const before = project.read('assets/manifest.json')
    await expect(run(project, 'rollback', { ref: logo, version: '1.0.0' })).rejects.toMatchObject({ code: 'VERSION_BYTES_GONE' })
    expect(project.read('assets/manifest.json')).toEqual(before)
    expect([hash, file]).not.toContain(undefined)
  })

  it('cache clear leaves what earlier versions need', async () => {
    const first = fileOf(logo)
    await run(project, 'update', { ref: logo, file: 'in/new.png' })
    await run(project, 'cache', { action: 'clear', includePaid: true })
    await run(project, 'rollback', { ref: logo, version: '1.0.0' })
    expect(fileOf(logo)).toEqual(first)
  })
})

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

  it('what no version would tell apart from the last is no version', async () => {
    await run(project, 'create', { kind: 'design-tokens', name: 'colors/brand' })
    for (const ref of [logo, palette]) {
      const { versions } = await versionsOf(ref)
      expect(await codeOf(run(project, 'version create', { ref, major: true }))).toBe('VERSION_UNCHANGED')
      expect((await versionsOf(ref)).versions).toEqual(versions)
      expect(await run(project, 'version create', { ref, major: true, allowEmpty: true })).toMatchObject({ version: '2.0.0' })
      expect(await codeOf(run(project, 'version create', { ref }))).toBe('VERSION_UNCHANGED')
    }
  })

  it('an item that sync only registers keeps its version, which stays what it was', async () => {
    await run(project, 'create', { kind: 'design-tokens', name: 'colors/brand' })
    const first = project.read(paletteFile).toString()
    for (const name of ['Brand two', 'Brand three']) {
      project.write(paletteFile, first.replace('name: "Brand"', `name: "${name}"`))
      await run(project, 'sync', {})
    }
    expect(project.manifest().assets[palette]).toMatchObject({ version: '1.0.0', name: 'Brand three' })
    expect(project.read(paletteFile).toString()).toContain('version: "1.0.0"')
    expect(await versionsOf(palette)).toMatchObject({ isRecorded: false, versions: [{ version: '1.0.0' }] })
    expect(await codeOf(run(project, 'rollback', { ref: palette, version: '1.0.0' }))).toBe('VERSION_UNRECORDED')
    await run(project, 'version create', { ref: palette, message: 'By hand' })
    expect(await versionsOf(palette)).toMatchObject({ isRecorded: true, versions: [{ version: '1.0.0' }, { version: '1.0.1', message: 'By hand', parent: '1.0.0' }] })
    await run(project, 'rollback', { ref: palette, version: '1.0.0' })
    expect(project.read(paletteFile).toString()).toBe(first.replace('1.0.0', '1.0.2'))
  })

  it('what was changed by hand is thrown away by force alone', async () => {
    await run(project, 'create', { kind: 'design-tokens', name: 'colors/brand' })
    const first = project.read(paletteFile).toString()
    project.write(paletteFile, first.replace('name: "Brand"', 'name: "Brand two"'))
    await run(project, 'sync', {})
    await run(project, 'rollback', { ref: palette, version: '1.0.0', force: true })
    expect(project.read(paletteFile).toString()).toBe(first.replace('1.0.0', '1.0.1'))
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
    await run(project, 'cache clear', { includePaid: true })
    await run(project, 'rollback', { ref: logo, version: '1.0.0' })
    expect(fileOf(logo)).toEqual(first)
  })
})

describe('labels', () => {
  it('stand at versions, move, and go; the version stays', async () => {
    await run(project, 'update', { ref: logo, description: 'second' })
    expect(await run(project, 'version label', { ref: logo, name: 'production', version: '1.0.0' })).toMatchObject({ version: '1.0.0', labels: { production: '1.0.0', latest: '1.0.1' } })
    expect(await run(project, 'version label', { ref: logo, name: 'production', version: 'latest' })).toMatchObject({ version: '1.0.1', before: '1.0.0' })
    expect(project.manifest().assets[logo]).toMatchObject({ version: '1.0.1', labels: { production: '1.0.1' } })
    const { versions, labels } = await versionsOf(logo)
    expect(versions.map((row) => row.labels)).toEqual([[], ['production', 'latest']])
    expect(labels).toEqual({ production: '1.0.1', latest: '1.0.1' })
    await run(project, 'version label', { ref: logo, name: 'production', remove: true })
    expect(project.manifest().assets[logo]!.labels).toBeUndefined()
  })

  it('outlive a change and a rollback', async () => {
    await run(project, 'version label', { ref: logo, name: 'production', version: '1.0.0' })
    await run(project, 'update', { ref: logo, file: 'in/new.png' })
    const first = await run(project, 'rollback', { ref: logo, version: 'production' })
    expect(first).toMatchObject({ version: '1.0.2', restored: '1.0.0' })
    expect(project.manifest().assets[logo]!.labels).toEqual({ production: '1.0.0' })
  })

  it('of an item stand in its file where that has them', async () => {
    await run(project, 'create', { kind: 'ai-prompts', name: 'seo/title' })
    const ref = 'ai-prompts/seo/title'
    const file = project.manifest().assets[ref]!.file!
    project.write(file, `${project.read(file).toString()}labels: { production: "1.0.0" }\n`)
    await run(project, 'sync', { message: 'Labels' })
    expect((await versionsOf(ref)).labels).toEqual({ production: '1.0.0', latest: '1.0.1' })
    expect(await codeOf(run(project, 'version label', { ref, name: 'production', version: '1.0.1' }))).toBe('LABEL_IN_FILE')
    await run(project, 'version label', { ref, name: 'staging', version: '1.0.1' })
    await run(project, 'update', { ref, description: 'Titles' })
    expect((await versionsOf(ref)).labels).toEqual({ production: '1.0.0', staging: '1.0.1', latest: '1.0.2' })
  })

  it.each([
    [{ name: 'latest', version: '1.0.0' }, 'VERSION_NAME_INVALID'],
    [{ name: '1.0.0', version: '1.0.0' }, 'VERSION_NAME_INVALID'],
    [{ name: 'a b', version: '1.0.0' }, 'VERSION_NAME_INVALID'],
    [{ name: 'production', version: '3.0.0' }, 'VERSION_UNKNOWN'],
    [{ name: 'production' }, 'LABEL_NEEDS_VERSION'],
    [{ name: 'production', version: '1.0.0', remove: true }, 'LABEL_NEEDS_VERSION'],
    [{ name: 'production', remove: true }, 'LABEL_UNKNOWN'],
  ])('%j is refused: %s', async (input, code) => {
    expect(await codeOf(run(project, 'version label', { ref: logo, ...input }))).toBe(code)
  })
})

describe('branches', () => {
  it('take changes while manifest and files stay as they are', async () => {
    await run(project, 'branch', { ref: logo, name: 'summer', message: 'For the season' })
    const before = [project.read('assets/manifest.json'), fileOf(logo)]
    expect(await run(project, 'update', { ref: logo, branch: 'summer', file: 'in/new.png', message: 'Warm' })).toMatchObject({ version: '1.0.1-summer.1', changed: true })
    expect(await run(project, 'update', { ref: logo, branch: 'summer', description: 'warm' })).toMatchObject({ version: '1.0.1-summer.2' })
    expect(await run(project, 'update', { ref: logo, branch: 'summer', description: 'warm' })).toMatchObject({ version: '1.0.1-summer.2', changed: false })
    expect([project.read('assets/manifest.json'), fileOf(logo)]).toEqual(before)
    await run(project, 'update', { ref: logo, description: 'on main' })
    const { versions, branches, version } = await versionsOf(logo)
    expect({ version, branches }).toEqual({ version: '1.0.1', branches: [{ name: 'summer', version: '1.0.1-summer.2' }] })
    expect(versions.map((row) => [row.version, row.branch, row.parent, row.message])).toEqual([
      ['1.0.0', 'main', undefined, undefined],
      ['1.0.1-summer.1', 'summer', '1.0.0', 'Warm'],
      ['1.0.1-summer.2', 'summer', '1.0.1-summer.1', undefined],
      ['1.0.1', 'main', '1.0.0', undefined],
    ])
    expect(await run(project, 'rollback', { ref: logo, version: 'summer' })).toMatchObject({ version: '1.0.2', restored: '1.0.1-summer.2', description: 'warm' })
    expect(fileOf(logo)).toEqual(await png(2))
  })

  it('of an item hold its own file', async () => {
    await run(project, 'create', { kind: 'design-tokens', name: 'colors/brand' })
    await run(project, 'branch', { ref: palette, name: 'feature/dark' })
    const before = project.read(paletteFile)
    expect(await run(project, 'update', { ref: palette, branch: 'feature/dark', description: 'Dark', minor: true })).toMatchObject({ version: '1.1.0-feature-dark.1' })
    expect(project.read(paletteFile)).toEqual(before)
    await run(project, 'rollback', { ref: palette, version: 'feature/dark' })
    expect(project.read(paletteFile).toString()).toMatch(/version: "1\.0\.1"[^]*description: "?Dark/)
  })

  it.each([
    ['branch', { name: 'main' }, 'VERSION_NAME_INVALID'],
    ['branch', { name: '2.0.0' }, 'VERSION_NAME_INVALID'],
    ['branch', { name: '../x' }, 'VERSION_NAME_INVALID'],
    ['branch', { name: 'summer' }, 'BRANCH_EXISTS'],
    ['update', { branch: 'winter', description: 'x' }, 'BRANCH_UNKNOWN'],
    ['update', { branch: 'main', description: 'x' }, 'BRANCH_UNKNOWN'],
    ['version label', { name: 'summer', version: '1.0.0' }, 'VERSION_NAME_INVALID'],
  ])('%s %j is refused: %s', async (name, input, code) => {
    await run(project, 'branch', { ref: logo, name: 'summer' })
    expect(await codeOf(run(project, name, { ref: logo, ...input }))).toBe(code)
  })
})

describe('an asset that a spec makes', () => {
  const ref = 'ICON-ACME-MAIN001'
  const spec = (more: Record<string, unknown>) =>
    JSON.stringify({ version: '1.0', id: 'dot', metadata: { category: 'Icons' }, generation: { type: 'image', provider: 'local', recipe: 'icon' }, prompt: { base: 'a dot', parameters: { size: '32x32', ...more } } })
  const generate = async () => (await run<{ jobs: { action: string }[] }>(project, 'generate', {})).jobs.map(({ action }) => action)

  it('stays as it was rolled back until the spec changes', async () => {
    project.write('specs/dot.json', spec({ seed: 1 }))
    await generate()
    const first = fileOf(ref)
    project.write('specs/dot.json', spec({ seed: 2, size: '48x48' }))
    expect(await generate()).toEqual(['generate'])
    expect((await versionsOf(ref)).versions.map(({ version }) => version)).toEqual(['1.0.0', '1.0.1'])
    await run(project, 'rollback', { ref, version: '1.0.0' })
    expect(fileOf(ref)).toEqual(first)
    expect(project.manifest().assets[ref]).toMatchObject({ version: '1.0.2', widthPx: 32 })
    expect(await generate()).toEqual(['hit'])
    expect(fileOf(ref)).toEqual(first)
    project.write('specs/dot.json', spec({ seed: 3 }))
    expect(await generate()).toEqual(['generate'])
    expect(project.manifest().assets[ref]).toMatchObject({ version: '1.0.3' })
    expect(project.manifest().assets[ref]!.source).not.toHaveProperty('accepted')
  })
})

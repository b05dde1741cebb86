import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentHash } from '../../src/core/digest.ts'
import type { Entry } from '../../src/core/manifest.ts'
import { openWorkspace } from '../../src/workspace.ts'
import {
  configText,
  createProject,
  options,
  png,
  requireWhole,
  run,
  startCli,
  strayFiles,
  wav,
  type TestProject,
} from './project.ts'

let project: TestProject
beforeEach(async () => {
  project = createProject()
  project.write('in/avatar.png', await png(1, 200, 200))
  project.write(
    'in/photo.jpg',
    await sharp(await png(2, 300, 200, false))
      .jpeg({ quality: 98 })
      .toBuffer(),
  )
  project.write(
    'in/sign.svg',
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">\n  <!-- a comment -->\n  <g>\n    <path d="M 10 10 L 20 20 L 10 20 Z" fill="#ff0000"/>\n  </g>\n</svg>\n',
  )
  project.write('in/jump.wav', wav(0.3))
  await run(project, 'import', { files: ['in/avatar.png'], category: 'Logos', tags: ['primary'] })
  await run(project, 'import', { files: ['in/photo.jpg'], category: 'Photos' })
  await run(project, 'import', { files: ['in/sign.svg'], category: 'Icons' })
  await run(project, 'import', { files: ['in/jump.wav'], category: 'Sound Effects', variant: 'JUMP' })
})
afterEach(() => {
  requireWhole(project)
  project.remove()
})

const logo = 'LOGO-ACME-PFP001'
const photo = 'PHOTO-ACME-MAIN001'
const icon = 'ICON-ACME-ICON001'
const sound = 'SFX-ACME-JUMP001'
const entry = (ref: string): Entry => project.manifest().assets[ref]!

function editEntry(ref: string, change: (entry: Entry & Record<string, unknown>) => void): void {
  const manifest = JSON.parse(project.read('assets/manifest.json').toString()) as {
    assets: Record<string, Entry & Record<string, unknown>>
  }
  change(manifest.assets[ref]!)
  project.write('assets/manifest.json', JSON.stringify(manifest, null, 2))
}

interface Finding {
  ref: string
  code: string
  severity: string
  fixed?: boolean
}
const findingsOf = async (input: Record<string, unknown> = {}) =>
  (await run<{ findings: Finding[] }>(project, 'validate', input)).findings
const codesOf = async (ref: string, input: Record<string, unknown> = {}) =>
  (await findingsOf(input)).filter((one) => one.ref === ref).map(({ code }) => code)

describe('info', () => {
  it('tells what an asset is, holds, and who needs it', async () => {
    editEntry(photo, (one) => (one.dependencies = { [logo]: '^1.0.0' }))
    const info = await run(project, 'info', { ref: logo })
    expect(info).toMatchObject({
      ref: logo,
      token: logo,
      valueRepresentation: expect.stringMatching(/^PNG 200×200, alpha, dominant #[0-9A-F]{6}$/) as string,
      dependents: [photo],
      parsed: {
        prefix: 'LOGO',
        prefixName: 'Logos & Marks',
        family: 'ACME',
        familyName: 'Acme',
        variant: 'PFP',
        variantName: 'Profile Picture',
        sequence: 1,
      },
    })
    expect(await run(project, 'info', { ref: sound })).toMatchObject({
      valueRepresentation: 'WAV 0.30 s, 8 kHz mono',
      dependents: [],
    })
  })

  it('names what is near an unknown ref', async () => {
    await expect(run(project, 'info', { ref: 'LOGO-ACME-PFP01' })).rejects.toMatchObject({
      code: 'ASSET_UNKNOWN',
      hint: expect.stringContaining(logo) as string,
    })
    await expect(run(project, 'info', { ref: '__proto__' })).rejects.toMatchObject({ code: 'ASSET_UNKNOWN' })
  })
})

describe('tags', () => {
  it('are added sorted and once, taken away, and counted', async () => {
    expect(await run(project, 'add-tags', { ref: logo, tags: ['b, a', 'primary'] })).toEqual({
      assets: [{ ref: logo, tags: ['a', 'b', 'primary'], changed: true }],
    })
    await run(project, 'add-tags', { ref: '*-ACME-*', tags: ['all'] })
    expect(await run(project, 'tags', {})).toEqual({
      total: 4,
      tags: [
        { tag: 'all', count: 4 },
        { tag: 'a', count: 1 },
        { tag: 'b', count: 1 },
        { tag: 'primary', count: 1 },
      ],
    })
    await run(project, 'remove-tags', { ref: photo, tags: ['all', 'nothing'] })
    expect(entry(photo).tags).toBeUndefined()
  })

  it('are a new version only when they change', async () => {
    const { version, modified } = entry(logo)
    await run(project, 'add-tags', { ref: logo, tags: ['primary'] })
    expect(entry(logo)).toMatchObject({ version, modified })
    await run(project, 'add-tags', { ref: logo, tags: ['x'] })
    expect(entry(logo).version).toBe('1.0.1')
  })

  it.each([[[]], [[' , ']], [['a'.repeat(65)]], [['bad\u202etag']], [['bad\u0007tag']]])(
    '%j are refused',
    async (tags) => {
      await expect(run(project, 'add-tags', { ref: logo, tags })).rejects.toMatchObject({ code: 'TAGS_INVALID' })
    },
  )
})

it('categories and stats count', async () => {
  const { categories } = await run<{ categories: { name: string; count: number }[] }>(project, 'categories', {
    used: true,
  })
  expect(categories.map(({ name, count }) => [name, count])).toEqual([
    ['Logos', 1],
    ['Icons', 1],
    ['Photos', 1],
    ['Sound Effects', 1],
  ])
  expect(await run(project, 'stats', {})).toMatchObject({
    total: 4,
    byKind: { image: 3, audio: 1 },
    bySource: { import: 4 },
    tags: 1,
    untagged: 3,
    withoutAlt: 3,
  })
})

describe('update', () => {
  it('edits metadata as a version; empty text takes it away', async () => {
    expect(
      await run(project, 'update', { ref: logo, alt: 'Acme', license: 'CC0-1.0', tags: ['z', 'a'], minor: true }),
    ).toMatchObject({ changed: true, alt: 'Acme', tags: ['a', 'z'], version: '1.1.0' })
    expect(await run(project, 'update', { ref: logo, alt: 'Acme' })).toMatchObject({ changed: false, version: '1.1.0' })
    await run(project, 'update', { ref: logo, alt: '', major: true })
    expect(entry(logo)).toMatchObject({ version: '2.0.0' })
    expect(entry(logo).alt).toBeUndefined()
  })

  it('replaces the file: the token stays, the extension follows, the old file goes', async () => {
    await run(project, 'update', { ref: logo, file: 'in/photo.jpg' })
    expect(entry(logo)).toMatchObject({
      token: logo,
      file: `assets/logos/${logo}.jpg`,
      mediaType: 'image/jpeg',
      widthPx: 300,
      hasAlpha: false,
      version: '1.0.1',
    })
    expect(strayFiles(project)).toEqual([])
  })

  it('refuses what makes no sense', async () => {
    await expect(run(project, 'update', { ref: logo })).rejects.toMatchObject({ code: 'NOTHING_TO_UPDATE' })
    await expect(run(project, 'update', { ref: logo, alt: 'x', minor: true, major: true })).rejects.toMatchObject({
      code: 'VERSION_STEPS_CONFLICT',
    })
    await expect(run(project, 'update', { ref: logo, file: 'in/jump.wav' })).rejects.toMatchObject({
      code: 'KIND_DIFFERS',
    })
    await expect(run(project, 'update', { ref: logo, file: 'in/none.png' })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    })
    project.write(`assets/logos/${logo}.jpg`, 'mine')
    await expect(run(project, 'update', { ref: logo, file: 'in/photo.jpg' })).rejects.toMatchObject({
      code: 'FILE_EXISTS',
    })
    expect(project.read(`assets/logos/${logo}.jpg`).toString()).toBe('mine')
    expect(project.files('.assetloom/tmp')).toEqual([])
  })
})

describe('refine', () => {
  it('compresses and records sizes and hashes of both sides', async () => {
    const before = { size: entry(photo).size, hash: entry(photo).hash }
    await run(project, 'refine', { ref: photo, compress: 'high' })
    const after = entry(photo)
    expect(after.size).toBeLessThan(before.size!)
    expect(after.version).toBe('1.0.1')
    expect(after.refinements).toEqual([
      { date: after.modified, type: 'compress', level: 'high', before, after: { size: after.size, hash: after.hash } },
    ])
  })

  it('resizes inside a box, converts, and takes the old file away', async () => {
    const row = await run(project, 'refine', { ref: photo, resize: '100x100', convert: 'webp' })
    expect(row).toMatchObject({
      changed: true,
      widthPx: 100,
      heightPx: 67,
      mediaType: 'image/webp',
      file: `assets/photos/${photo}.webp`,
    })
    expect((await sharp(project.read(`assets/photos/${photo}.webp`)).metadata()).format).toBe('webp')
    expect(strayFiles(project)).toEqual([])
    expect(entry(photo).refinements).toMatchObject([{ type: 'resize+convert' }])
  })

  it('makes an SVG smaller that shows the same', async () => {
    const render = async () =>
      sharp(project.read(entry(icon).file!))
        .resize(96, 96)
        .raw()
        .toBuffer()
    const before = await render()
    expect(await run(project, 'refine', { ref: icon, optimiseSvg: true })).toMatchObject({ changed: true })
    expect((await render()).equals(before)).toBe(true)
    expect(await run(project, 'refine', { ref: icon, optimiseSvg: true })).toMatchObject({ changed: false })
  })

  it('converts a sound', async () => {
    expect(await run(project, 'refine', { ref: sound, convert: 'ogg', compress: 'high' })).toMatchObject({
      mediaType: 'audio/ogg',
      file: `assets/sound-effects/${sound}.ogg`,
    })
  })

  it.each([
    [photo, {}, 'NOTHING_TO_REFINE'],
    [photo, { optimiseSvg: true }, 'REFINE_UNSUITABLE'],
    [icon, { resize: '10x10' }, 'REFINE_UNSUITABLE'],
    [sound, { resize: '10x10' }, 'REFINE_UNSUITABLE'],
    [sound, { compress: 'low' }, 'REFINE_UNSUITABLE'],
    [photo, { convert: 'mp3' }, 'FORMAT_UNKNOWN'],
    [sound, { convert: 'png' }, 'SOUND_FORMAT_UNWRITABLE'],
  ])('%s %j is refused with %s', async (ref, request, code) => {
    const before = project.read('assets/manifest.json')
    await expect(run(project, 'refine', { ref, ...request })).rejects.toMatchObject({ code })
    expect(project.read('assets/manifest.json').equals(before)).toBe(true)
  })

  it('does not work on a file that is not the recorded one', async () => {
    const file = entry(photo).file!
    const bytes = project.read(file)
    project.write(file, await png(50))
    await expect(run(project, 'refine', { ref: photo, compress: 'low' })).rejects.toMatchObject({
      code: 'ASSET_FILE_CHANGED',
    })
    project.write(file, bytes)
  })
})

describe('delete', () => {
  it('takes entry and file away and never issues the number again', async () => {
    expect(await run(project, 'delete', { ref: logo })).toMatchObject({ files: [`assets/logos/${logo}.png`] })
    expect(strayFiles(project)).toEqual([])
    expect(await run(project, 'import', { files: ['in/avatar.png'], category: 'Logos' })).toMatchObject({
      imported: [{ token: 'LOGO-ACME-PFP002' }],
    })
  })

  it.each([
    ['src/main.ts', `import logo from "asset:${logo}?w=64"`],
    ['src/main.ts', `const m = await import('asset:LOGO-ACME-*')`],
    ['src/app.css', `a { background: url(asset:${logo}) }`],
    ['index.html', `<img src="asset:${logo}">`],
    ['content/post.md', `![x](~asset/${logo}.png)`],
    ['src/use.ts', `show(ASSETS.logos.${logo.replaceAll('-', '_')}.file)`],
    ['src/page.astro', `<Asset ref="${logo}" />`],
  ])('is refused with exit 5 while %s has %s', async (file, text) => {
    project.write(file, `\n${text}\n`)
    await expect(run(project, 'delete', { ref: logo })).rejects.toMatchObject({
      code: 'ASSET_IN_USE',
      exit: 5,
      message: expect.stringContaining(`${file}:2`) as string,
    })
    expect(entry(logo)).toBeDefined()
    expect(await run(project, 'delete', { ref: logo, force: true })).toMatchObject({ usedIn: [{ file, line: 2 }] })
  })

  it('does not count what git ignores, such as build output in a folder of any name', async () => {
    project.write('.gitignore', '/public_html/\n')
    project.write('public_html/assets/index.js', `const url = "asset:${logo}"`)
    project.write('web/.gitignore', 'www\n')
    project.write('web/www/page.html', `<img src="asset:${logo}">`)
    await run(project, 'delete', { ref: logo })
    expect(entry(logo)).toBeUndefined()
  })

  it('is refused while another asset depends on it', async () => {
    editEntry(photo, (one) => (one.dependencies = { [logo]: '^1.0.0' }))
    await expect(run(project, 'delete', { ref: logo })).rejects.toMatchObject({
      code: 'ASSET_IN_USE',
      message: expect.stringContaining(photo) as string,
    })
  })

  it('asks a person, and takes no for an answer', async () => {
    const asked: string[] = []
    const face = { isInteractive: true, confirm: async (question: string) => (asked.push(question), false) }
    await expect(run(project, 'delete', { ref: logo }, {}, face)).rejects.toMatchObject({ code: 'NOT_CONFIRMED' })
    expect(asked).toHaveLength(1)
    expect(entry(logo)).toBeDefined()
  })

  it('exits with 5 on the command line, as one JSON document', async () => {
    project.write('assetloom.config.mjs', configText)
    project.write('src/a.js', `import "asset:${logo}"`)
    const { code, stdout } = await startCli(project, ['delete', logo, '--json']).done
    expect(code).toBe(5)
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'ASSET_IN_USE' } })
  })
})

describe('export', () => {
  it('copies files with their metadata, verified', async () => {
    const { exported } = await run<{ exported: { ref: string; files: string[] }[] }>(project, 'export', {
      refs: [logo, '*-ACME-MAIN*', project.path('out/brand')],
    })
    expect(exported.map(({ ref }) => ref)).toEqual([logo, photo])
    expect(contentHash(project.read(`out/brand/${logo}.png`))).toBe(entry(logo).hash)
    expect(JSON.parse(project.read(`out/brand/${logo}.json`).toString())).toMatchObject({
      ...entry(logo),
      ref: logo,
      exported: expect.any(String) as string,
    })
  })

  it('may be repeated, and writes over foreign files only with --force', async () => {
    await run(project, 'export', { refs: [logo], dir: 'out' })
    expect(await run(project, 'export', { refs: [logo], dir: 'out' })).toMatchObject({ failed: [] })
    project.write(`out/${logo}.png`, 'mine')
    expect(await run(project, 'export', { refs: [logo], dir: 'out' })).toMatchObject({
      exported: [],
      failed: [{ ref: logo, code: 'EXPORT_EXISTS' }],
    })
    expect(project.read(`out/${logo}.png`).toString()).toBe('mine')
    expect(await run(project, 'export', { refs: [logo], dir: 'out', force: true })).toMatchObject({ failed: [] })
  })

  it('a changed file and an unknown ref fail alone', async () => {
    const file = entry(photo).file!
    const bytes = project.read(file)
    project.write(file, 'changed')
    expect(await run(project, 'export', { refs: [logo, photo, 'NOPE-ACME-X001'], dir: 'out' })).toMatchObject({
      exported: [{ ref: logo }],
      failed: [
        { ref: 'NOPE-ACME-X001', code: 'ASSET_UNKNOWN' },
        { ref: photo, code: 'ASSET_FILE_CHANGED' },
      ],
    })
    expect(project.files('out')).toEqual([`out/${logo}.json`, `out/${logo}.png`])
    project.write(file, bytes)
  })

  it('names that differ in case only collide', async () => {
    project.write(`out/${logo.toLowerCase()}.png`, 'other')
    expect(await run(project, 'export', { refs: [logo], dir: 'out' })).toMatchObject({
      failed: [{ code: 'NAME_COLLISION' }],
    })
  })

  it.each(['zip', 'json'])('as %s to a file of that extension it is that file, and refuses a second asset', async (format) => {
    const target = `out/one.${format}`
    const { exported } = await run<{ exported: { files: string[]; metadata?: string }[] }>(project, 'export', { refs: [logo, target], format })
    expect(exported.map(({ files, metadata }) => [...files, ...(metadata ? [metadata] : [])])).toEqual([[project.path(target)]])
    expect(project.files('out')).toEqual([target])
    await expect(run(project, 'export', { refs: [logo, photo, 'out/two.' + format], format })).rejects.toMatchObject({ code: 'EXPORT_ONE_FILE' })
    if (format === 'json') return expect(JSON.parse(project.read(target).toString())).toMatchObject({ ref: logo })
    const other = createProject()
    expect(await run(other, 'install', { source: project.path(target) })).toMatchObject({ items: [{ ref: logo, action: 'install' }] })
    expect(other.read(other.manifest().assets[logo]!.file!)).toEqual(project.read(entry(logo).file!))
    other.remove()
  })

  it('as json without a target gives the metadata and writes nothing', async () => {
    const before = project.files('.').filter((file) => !file.startsWith('.assetloom/'))
    const { code, stdout } = await startCli(project, ['export', logo, '--format', 'json']).done
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ ...entry(logo), ref: logo, exported: expect.any(String) as string })
    expect(project.files('.').filter((file) => !file.startsWith('.assetloom/'))).toEqual(before)
  })

  it.each([
    [{ refs: [] }, 'EXPORT_TARGET_MISSING'],
    [{ refs: [logo] }, 'EXPORT_TARGET_MISSING'],
    [{ refs: [logo, 'out/one.zip', 'in/sign.svg'], format: 'zip' }, 'EXPORT_NO_FOLDER'],
    [{ refs: [logo], dir: 'out/con' }, 'NAME_REFUSED'],
    [{ refs: [logo], dir: 'a\u202eb' }, 'NAME_REFUSED'],
    [{ refs: [logo], dir: 'in/sign.svg' }, 'EXPORT_NO_FOLDER'],
  ])('%j is refused with %s', async (input, code) => {
    await expect(run(project, 'export', input)).rejects.toMatchObject({ code })
  })
})

describe('validate', () => {
  it('asks for alt text, rights and licence without failing', async () => {
    expect(await codesOf(logo)).toEqual([
      'ALT_MISSING',
      'LICENSE_MISSING',
      'USAGE_RIGHTS_MISSING',
      'DESCRIPTION_MISSING',
    ])
    await run(project, 'update', { ref: logo, alt: 'a', license: 'MIT', usageRights: 'all', description: 'd' })
    expect(await codesOf(logo)).toEqual([])
  })

  const damages: [string, string, () => void | Promise<void>][] = [
    ['FILE_MISSING', photo, () => rmSync(project.path(entry(photo).file!))],
    ['FILE_CHANGED', photo, () => project.write(entry(photo).file!, 'other')],
    [
      'FILE_POINTER',
      photo,
      () =>
        project.write(
          entry(photo).file!,
          `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 3\n`,
        ),
    ],
    ['FILE_DAMAGED', photo, () => recordBytes(photo, project.read(entry(photo).file!).subarray(0, 900))],
    ['FILE_TYPE', photo, async () => recordBytes(photo, await png(4))],
    [
      'FILE_SHARED',
      photo,
      () => editEntry(photo, (one) => Object.assign(one, { file: entry(logo).file, hash: entry(logo).hash })),
    ],
    ['NAME_COLLISION', photo, () => editEntry(photo, (one) => (one.file = entry(logo).file!.toUpperCase()))],
    ['NAME_REFUSED', photo, () => editEntry(photo, (one) => (one.file = 'assets/photos/con.jpg'))],
    ['ALIAS_TAKEN', photo, () => editEntry(photo, (one) => (one.aliases = [logo]))],
    ['DEPENDENCY_MISSING', photo, () => editEntry(photo, (one) => (one.dependencies = { 'a/b/c': '*' }))],
    ['VERSION_INVALID', photo, () => editEntry(photo, (one) => (one.version = 'one'))],
    ['TOKEN_CATEGORY', photo, () => editEntry(photo, (one) => (one.category = 'Logos'))],
    ['TOKEN_PARTS', photo, () => editEntry(photo, (one) => (one.family = 'OTHER'))],
    ['FACTS_STALE', photo, () => editEntry(photo, (one) => (one.widthPx = 7))],
    ['TAGS_UNTIDY', photo, () => editEntry(photo, (one) => (one.tags = ['b', 'a', 'b']))],
    ['FILE_NAME', photo, () => editEntry(photo, (one) => (one.file = 'in/photo.jpg'))],
    [
      'SVG_UNSAFE',
      icon,
      () =>
        recordBytes(
          icon,
          Buffer.from(
            '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><script>1</script><rect width="9" height="9"/></svg>',
          ),
        ),
    ],
    [
      'PRIVATE_METADATA',
      photo,
      async () =>
        recordBytes(
          photo,
          await sharp(project.read(entry(photo).file!))
            .withExif({ IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
            .jpeg()
            .toBuffer(),
        ),
    ],
    [
      'SEQUENCE_BEHIND',
      'manifest',
      () =>
        project.write(
          'assets/manifest.json',
          project.read('assets/manifest.json').toString().replace('"PHOTO-ACME-MAIN": 1', '"PHOTO-ACME-MAIN": 0'),
        ),
    ],
  ]

  /** Bytes that the manifest believes in. */
  function recordBytes(ref: string, bytes: Buffer): void {
    project.write(entry(ref).file!, bytes)
    editEntry(ref, (one) => Object.assign(one, { hash: contentHash(bytes), size: bytes.length }))
  }

  it.each(damages)('finds %s', async (code, ref, damage) => {
    const whole = project.read('assets/manifest.json')
    const bytes = new Map(project.files('assets').map((file) => [file, project.read(file)]))
    expect(await codesOf(ref)).not.toContain(code)
    await damage()
    const found = (await findingsOf()).find((one) => one.code === code)
    expect(found).toMatchObject({
      ref,
      code,
      message: expect.stringMatching(/./) as string,
      hint: expect.stringMatching(/./) as string,
    })

    const isFixable = [
      'TOKEN_PARTS',
      'FACTS_STALE',
      'TAGS_UNTIDY',
      'SVG_UNSAFE',
      'PRIVATE_METADATA',
      'SEQUENCE_BEHIND',
    ].includes(code)
    const fixing = (await findingsOf({ fix: true })).find((one) => one.code === code)
    expect(fixing!.fixed ?? false).toBe(isFixable)
    expect((await codesOf(ref)).includes(code)).toBe(!isFixable)
    if (isFixable) requireWhole(project)

    for (const [file, content] of bytes) project.write(file, content)
    project.write('assets/manifest.json', whole)
  })

  it('exits with 1 on an error and 0 on warnings, unless --strict', async () => {
    project.write('assetloom.config.mjs', configText)
    expect((await startCli(project, ['validate']).done).code).toBe(0)
    expect((await startCli(project, ['validate', '--strict']).done).code).toBe(1)
    const bytes = project.read(entry(photo).file!)
    rmSync(project.path(entry(photo).file!))
    const { code, stdout } = await startCli(project, ['validate', '--json']).done
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { code: 'VALIDATION_FAILED' },
      data: {
        findings: expect.arrayContaining([
          expect.objectContaining({ ref: photo, code: 'FILE_MISSING', severity: 'error' }),
        ]) as unknown,
      },
    })
    project.write(`assets/photos/${photo}.jpg`, bytes)
  })

  it('looks at what it is asked to look at only', async () => {
    expect(new Set((await findingsOf({ refs: ['LOGO-*'] })).map(({ ref }) => ref))).toEqual(new Set([logo]))
    await expect(findingsOf({ refs: ['NOPE-*'] })).rejects.toMatchObject({ code: 'ASSET_UNKNOWN' })
  })
})

describe('sync', () => {
  it('follows changed files, registers new ones, lists missing and unregistered ones', async () => {
    project.write(
      entry(photo).file!,
      await sharp(await png(30, 90, 60, false))
        .jpeg()
        .toBuffer(),
    )
    project.write('assets/logos/LOGO-ACME-WORD007.png', await png(31))
    project.write('assets/logos/holiday.png', await png(32))
    project.write('assets/logos/ICON-ACME-UI001.png', await png(33))
    const missing = project.read(entry(icon).file!)
    rmSync(project.path(entry(icon).file!))
    const dry = await run(project, 'sync', { dryRun: true })
    const done = await run(project, 'sync', {})
    expect(done).toEqual({ ...dry, isDryRun: false })
    expect(done).toMatchObject({
      added: [{ ref: 'LOGO-ACME-WORD007' }],
      changed: [{ ref: photo }],
      missing: [{ ref: icon }],
      unregistered: [{ file: 'assets/logos/ICON-ACME-UI001.png' }, { file: 'assets/logos/holiday.png' }],
      failed: [],
    })
    expect(entry(photo)).toMatchObject({ widthPx: 90, heightPx: 60, version: '1.0.1' })
    expect(project.manifest().sequences['LOGO-ACME-WORD']).toBe(7)
    project.write(entry(icon).file!, missing)
    expect(await run(project, 'sync', {})).toMatchObject({ added: [], changed: [], missing: [] })
  })

  it('cleans what it takes in', async () => {
    project.write(
      'assets/icons/ICON-ACME-UI001.svg',
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script><rect width="9" height="9"/></svg>',
    )
    await run(project, 'sync', {})
    expect(project.read('assets/icons/ICON-ACME-UI001.svg').toString()).not.toContain('script')
  })

  it('does not register a number that was issued before', async () => {
    const bytes = project.read(entry(logo).file!)
    await run(project, 'delete', { ref: logo })
    project.write(`assets/logos/${logo}.png`, bytes)
    expect(await run(project, 'sync', {})).toMatchObject({
      added: [],
      unregistered: [
        { file: `assets/logos/${logo}.png`, why: expect.stringContaining('never issued again') as string },
      ],
    })
    // Import passes the place over: the file is somebody's.
    expect(await run(project, 'import', { files: ['in/avatar.png'], category: 'Logos' })).toMatchObject({
      imported: [{ token: 'LOGO-ACME-PFP002' }],
    })
  })

  it('keeps what it says of a file that cannot be read', async () => {
    const [file, bytes, before] = [entry(photo).file!, project.read(entry(photo).file!), entry(photo)]
    project.write(file, 'no picture')
    expect(await run(project, 'sync', {})).toMatchObject({
      changed: [],
      failed: [{ file, code: 'EXTENSION_DISAGREES' }],
    })
    expect(entry(photo)).toEqual(before)
    project.write(file, bytes)
  })
})

describe('organize', () => {
  it('moves files to the standard layout, as it printed before', async () => {
    const bytes = project.read(entry(photo).file!)
    rmSync(project.path(entry(photo).file!))
    project.write('assets/odd/Holiday.JPG', bytes)
    editEntry(photo, (one) => (one.file = 'assets/odd/Holiday.JPG'))
    const move = { ref: photo, from: 'assets/odd/Holiday.JPG', to: `assets/photos/${photo}.jpg` }
    expect(await run(project, 'organize', { dryRun: true })).toEqual({ moves: [move], skipped: [], isDryRun: true })
    expect(project.files('assets/odd')).toHaveLength(1)
    expect(await run(project, 'organize', {})).toMatchObject({ moves: [move] })
    expect(project.files('assets/odd')).toEqual([])
    expect(await run(project, 'organize', {})).toMatchObject({ moves: [] })
  })

  it('leaves what is in the way', async () => {
    const bytes = project.read(entry(photo).file!)
    project.write('assets/odd/x.jpg', bytes)
    editEntry(photo, (one) => (one.file = 'assets/odd/x.jpg'))
    expect(await run(project, 'organize', {})).toMatchObject({
      moves: [],
      skipped: [{ ref: photo, code: 'FILE_EXISTS' }],
    })
  })
})

describe('prune and cache', () => {
  const open = () => openWorkspace({ root: project.root, options, env: {} })
  const kilobytes = (n: number) => new Uint8Array(n * 1000).map((_, i) => (i * n) & 0xff)

  async function fill(): Promise<{ old: string; recent: string; raw: string; both: string }> {
    const workspace = await open()
    const old = await workspace.blobs.put('derived', kilobytes(600))
    const recent = await workspace.blobs.put('derived', kilobytes(700))
    const raw = await workspace.blobs.put('raw', kilobytes(20))
    const both = await workspace.blobs.put('raw', kilobytes(3))
    await workspace.blobs.put('derived', kilobytes(3))
    await workspace.cache.set('derived:old', { hash: old, mediaType: 'image/png' })
    await workspace.cache.set('derived:both', { hash: both, mediaType: 'image/png' })
    await workspace.cache.set('derived:recent', { hash: recent, mediaType: 'image/png' })
    const age = workspace.state.open().prepare('UPDATE cache_index SET used_at_ms = used_at_ms - ? WHERE key = ?')
    age.run(1_000_000, 'derived:old')
    age.run(2_000_000, 'derived:both')
    await workspace.close()
    return { old, recent, raw, both }
  }

  it('prune drops what was used longest ago, never raw answers', async () => {
    const { old, recent, raw, both } = await fill()
    project.write('.assetloom/files/00000000/gone.png', 'x')
    const limit = { cache: { maxDerivedMb: 1 } }
    const dry = await run<{ items: { what: string; name: string }[] }>(project, 'prune', { dryRun: true }, limit)
    const done = await run(project, 'prune', {}, limit)
    expect(done).toEqual({ ...dry, isDryRun: false })
    expect(dry.items.map(({ what, name }) => [what, name])).toEqual([
      ...[old, both].sort().map((hash) => ['derived', hash]),
      ['served', '00000000/gone.png'],
    ])
    const workspace = await open()
    expect(workspace.blobs.get(old)).toBeUndefined()
    expect(workspace.blobs.get(recent)).toBeDefined()
    expect(workspace.blobs.get(raw)).toBeDefined()
    // The same bytes were a raw answer, too.
    expect(workspace.blobs.get(both)).toBeDefined()
    await workspace.close()
    expect(await run(project, 'prune', {}, limit)).toMatchObject({ freedBytes: 0 })
  })

  it('cache verify finds a flipped byte', async () => {
    const { old } = await fill()
    expect(await run(project, 'cache verify', {})).toMatchObject({
      damaged: [],
      derived: { count: 3 },
      raw: { count: 2 },
    })
    const hex = old.slice('sha256:'.length)
    const path = project.path(
      `.assetloom/blobs/derived/${hex.slice(0, 1)}/${hex.slice(1)}`,
    )
    rmSync(path)
    writeFileSync(path, kilobytes(601).subarray(0, 600_000))
    expect(await run(project, 'cache verify', {})).toMatchObject({
      damaged: [{ layer: 'derived', hash: old }],
      derived: { count: 2 },
    })
  })

  it('cache clear keeps raw answers unless told', async () => {
    const { raw } = await fill()
    mkdirSync(project.path('.assetloom/files/11111111'), { recursive: true })
    expect(await run(project, 'cache clear', {})).toMatchObject({
      derived: { count: 0 },
      raw: { count: 2 },
      records: 0,
    })
    const workspace = await open()
    expect(workspace.blobs.get(raw)).toBeDefined()
    await workspace.close()
    expect(await run(project, 'cache clear', { includePaid: true })).toMatchObject({ raw: { count: 0 } })
  })
})

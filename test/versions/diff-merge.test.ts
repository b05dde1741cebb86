import { appendFileSync } from 'node:fs'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentHash, sha256 } from '../../src/core/digest.ts'
import type { Descent } from '../../src/core/version/common-ancestor.ts'
import { openWorkspace } from '../../src/workspace.ts'
import { configText, createProject, options, requireWhole, run, wav, type TestProject } from '../operations/project.ts'
import { plainPng } from '../pictures.ts'
import { cliPath, runNode } from '../project.ts'

const logo = 'LOGO-ACME-MARK001'
const palette = 'design-tokens/colors/brand'
const paletteFile = `assets/library/${palette}.asset.yaml`

let project: TestProject
beforeEach(() => {
  project = createProject()
  project.write('assetloom.config.mjs', configText)
})
afterEach(() => project.remove())

const cli = (...args: string[]) => runNode([cliPath, ...args], project.root)
/** The built command line as a script reads it. */
async function ask(...args: string[]) {
  const { code, json } = await cli(...args, '--json')
  return { code, data: json?.data, error: json?.error }
}
const importOne = (file: string, category: string, more: Record<string, unknown> = {}) =>
  run(project, 'import', { files: [file], category, variant: 'MARK', ...more })
const update = (ref: string, changes: Record<string, unknown>) => run(project, 'update', { ref, ...changes })

async function branch(ref: string, name: string): Promise<void> {
  const workspace = await openWorkspace({ root: project.root, options, env: {} })
  try {
    ;(await workspace.versions()).createBranch(ref, name, undefined)
  } finally {
    await workspace.close()
  }
}

/** Everything but what Assetloom keeps for itself. */
const tree = () =>
  project.files('.').filter((file) => !file.startsWith('.assetloom/')).map((file) => `${file} ${sha256(project.read(file))}`)

const squared = async () =>
  sharp(await plainPng(40, 40, '#ffffff')).composite([{ input: await plainPng(20, 10, '#d00000'), left: 0, top: 0 }]).png().toBuffer()

async function importLogo(): Promise<void> {
  project.write('in/logo.png', await plainPng(40, 40, '#ffffff'))
  await importOne('in/logo.png', 'Logos', { description: 'first', tags: ['old', 'kept'] })
}

async function createPalette(): Promise<void> {
  await run(project, 'create', { kind: 'design-tokens', name: 'colors/brand' })
  project.write(paletteFile, `name: Brand
description: Colours
version: "1.0.0"
tags: [colour]
# What the site is painted with.
body:
  ink: "#101010"
  paper: "#ffffff"
  link: "{ink}"
`)
  await run(project, 'version create', { ref: palette })
}

describe('diff', () => {
  it('gives the pixels, the bytes and the metadata of two versions of a picture', async () => {
    await importLogo()
    const [before, after] = [await plainPng(40, 40, '#ffffff'), await squared()]
    project.write('in/new.png', after)
    await update(logo, { file: 'in/new.png', description: 'second', tags: ['kept', 'new'], minor: true })
    const { code, data } = await ask('diff', `${logo}@1.0.0`, logo, '--out', 'diff.png')
    expect(code).toBe(0)
    expect(data).toMatchObject({
      before: { ref: logo, version: '1.0.0', isPresent: false },
      after: { ref: logo, version: '1.1.0', isPresent: true },
      isSame: false,
      files: [
        {
          file: 'assets/logos/LOGO-ACME-MARK001.png',
          change: 'changed',
          before: { hash: contentHash(before), sizeBytes: before.length },
          after: { hash: contentHash(after), sizeBytes: after.length },
          picture: { before: { widthPx: 40, heightPx: 40 }, after: { widthPx: 40, heightPx: 40 }, pixels: { total: 1600, different: 200, percent: 12.5, unequal: 200 } },
        },
      ],
      tokens: [],
      out: project.path('diff.png'),
    })
    const changes = Object.fromEntries(data.metadata.map((one: { field: string }) => [one.field, one]))
    expect(changes.description).toEqual({ field: 'description', change: 'changed', before: 'first', after: 'second' })
    expect(changes.tags).toMatchObject({ added: ['new'], removed: ['old'] })
    expect(await sharp(project.read('diff.png')).metadata()).toMatchObject({ format: 'png', width: 40, height: 40 })
  })

  it('gives length, loudness and peak of sounds', async () => {
    project.write('in/beep.wav', wav(0.5))
    await importOne('in/beep.wav', 'Sound Effects')
    const [ref] = Object.keys(project.manifest().assets)
    project.write('in/long.wav', wav(1))
    await update(ref!, { file: 'in/long.wav' })
    const { data } = await ask('diff', `${ref}@1.0.0`, `${ref}@latest`)
    expect(data.files[0].sound).toMatchObject({ before: { durationMs: 500 }, after: { durationMs: 1000, peakDb: -8.73 } })
    expect(data.files[0].sound.after.loudnessLufs).toBeLessThan(-8)
    expect((await cli('diff', `${ref}@1.0.0`, `${ref}@latest`)).stdout).toMatch(/0\.50 s .* → 1\.00 s -\d+\.\d+ LUFS -8\.73 dB peak/)
  })

  it('gives a hand edit of tokens value by value and line by line', async () => {
    await createPalette()
    project.write(paletteFile, project.read(paletteFile).toString().replace('#101010', '#ffffff'))
    const { data } = await ask('diff', `${palette}@latest`, palette)
    expect(data.after).toEqual({ ref: palette, version: '1.0.1', isPresent: true })
    expect(data.tokens).toMatchObject([
      { token: 'ink', type: 'color', change: 'changed', before: '#101010', after: '#ffffff', colorDistance: expect.closeTo(0.83, 1) as number },
      { token: 'link', before: '#101010', after: '#ffffff' },
    ])
    expect(data.files).toMatchObject([{ file: paletteFile, text: { addedLines: 1, removedLines: 1 } }])
    expect(data.files[0].text.unified).toContain('-  ink: "#101010"\n+  ink: "#ffffff"\n')
  })

  it('shows an item that is not valid line by line all the same', async () => {
    await createPalette()
    appendFileSync(project.path(paletteFile), 'nonsense: true\n')
    const { code, data } = await ask('diff', `${palette}@latest`, palette)
    expect(code).toBe(0)
    expect(data.tokens).toEqual([])
    expect(data.files[0].text.unified).toContain('+nonsense: true')
  })

  it('compares two assets, also of different kinds', async () => {
    await run(project, 'import', { color: '#ff6b35' })
    await run(project, 'import', { color: '#ff6b36' })
    const { data } = await ask('diff', 'COLOR-ACME-MAIN001', 'COLOR-ACME-MAIN002')
    expect(data.metadata).toContainEqual({ field: 'colorHex', change: 'changed', before: '#FF6B35', after: '#FF6B36', colorDistance: expect.closeTo(0, 2) as number })
    await importLogo()
    expect((await ask('diff', 'COLOR-ACME-MAIN001', logo)).data.files).toMatchObject([{ change: 'added', before: null }])
  })

  it('says so when nothing differs', async () => {
    await importLogo()
    expect((await ask('diff', logo, `${logo}@1.0.0`)).data).toMatchObject({ isSame: true, metadata: [], files: [], tokens: [] })
    expect((await cli('diff', logo, `${logo}@1.0.0`)).stdout).toBe(`${logo}@1.0.0 (now) → ${logo}@1.0.0\nno difference\n`)
  })

  it('colours lines where colours are wanted, and only there', async () => {
    await createPalette()
    project.write(paletteFile, project.read(paletteFile).toString().replace('Colours', 'Colors'))
    const show = (env: Record<string, string>) => runNode([cliPath, 'diff', `${palette}@latest`, palette], project.root, env)
    const plain = (await show({ NO_COLOR: '1' })).stdout
    expect(plain).toContain('\n-description: Colours\n+description: Colors\n')
    for (const sign of ['\u001b', '\ue001', '\ue002', '\ue003', '\ue004']) expect(plain).not.toContain(sign)
    const coloured = (await show({ FORCE_COLOR: '1' })).stdout
    expect(coloured).toContain('\u001b[31m-description: Colours\u001b[39m\n\u001b[32m+description: Colors\u001b[39m\n')
  })

  it.each<[name: string, args: string[], code: string]>([
    ['an asset that is not there', ['LOGO-ACME-MARK009', logo], 'ASSET_UNKNOWN'],
    ['a version that is not there', [logo, `${logo}@9.9.9`], 'VERSION_UNKNOWN'],
    ['a star', ['LOGO-ACME-*', logo], 'STATE_NAME_INVALID'],
    ['a query', [`${logo}?w=20`, logo], 'STATE_NAME_INVALID'],
    ['an empty version', [`${logo}@`, logo], 'REF_INVALID'],
    ['one state alone', [logo], 'USAGE'],
    ['a picture of differences where none differs', [logo, `${logo}@1.0.0`, '--out', 'diff.png'], 'DIFF_NO_PICTURE'],
    ['one that is no PNG', [logo, logo, '--out', 'diff.jpg'], 'DIFF_OUT_INVALID'],
    ['one among the assets', [logo, logo, '--out', 'assets/logos/LOGO-ACME-MARK001.png'], 'DIFF_OUT_INVALID'],
    ['one in the place of another file', [logo, logo, '--out', 'notes.png'], 'DIFF_OUT_INVALID'],
  ])('refuses %s', async (_name, args, code) => {
    await importLogo()
    project.write('notes.png', 'my notes')
    const before = tree()
    const { code: exit, error } = await ask('diff', ...args)
    expect(error).toMatchObject({ code, message: expect.stringMatching(/\S/) as string })
    expect(exit).toBeGreaterThan(0)
    expect(tree()).toEqual(before)
  })
})

describe('merge', () => {
  const lines = (ref: string) => project.read(`assets/history/${ref}.jsonl`).toString().trim().split('\n').map((line) => JSON.parse(line) as Descent)

  it('brings the changes of both sides together as a version that names both', async () => {
    await importLogo()
    await branch(logo, 'summer')
    await update(logo, { branch: 'summer', tags: ['kept', 'old', 'sunny'], alt: 'A sun' })
    await update(logo, { description: 'second', tags: ['kept', 'fresh'] })
    const { code, data } = await ask('merge', `${logo}@summer`, '-m', 'Sunshine', '--minor')
    expect({ code, data }).toMatchObject({
      code: 0,
      data: { ref: logo, branch: 'summer', version: '1.1.0', base: '1.0.0', ours: '1.0.1', theirs: '1.0.1-summer.1', changed: true, conflicts: [] },
    })
    expect(requireWhole(project).assets[logo]).toMatchObject({ version: '1.1.0', description: 'second', alt: 'A sun', tags: ['fresh', 'kept', 'sunny'] })
    expect(lines(logo).at(-1)).toMatchObject({ version: '1.1.0', parent: '1.0.1', merged: '1.0.1-summer.1', message: 'Sunshine' })
    const again = await ask('merge', `${logo}@summer`)
    expect(again).toMatchObject({ code: 0, data: { changed: false, version: '1.1.0' } })
  })

  it('begins a second merge where the first one ended', async () => {
    await importLogo()
    await branch(logo, 'summer')
    await update(logo, { branch: 'summer', description: 'warm' })
    await run(project, 'merge', { ref: `${logo}@summer` })
    await update(logo, { description: 'ours again' })
    await update(logo, { branch: 'summer', alt: 'A sun' })
    expect(await ask('merge', `${logo}@summer`)).toMatchObject({ code: 0, data: { base: '1.0.1-summer.1', conflicts: [] } })
    expect(project.manifest().assets[logo]).toMatchObject({ description: 'ours again', alt: 'A sun' })
  })

  it('takes the file of the side that changed it', async () => {
    await importLogo()
    await branch(logo, 'summer')
    project.write('in/new.png', await squared())
    await update(logo, { branch: 'summer', file: 'in/new.png' })
    await update(logo, { description: 'second' })
    expect(await ask('merge', `${logo}@summer`)).toMatchObject({ code: 0, data: { changed: true } })
    const { assets } = requireWhole(project)
    expect(assets[logo]).toMatchObject({ description: 'second', hash: contentHash(await squared()) })
  })

  it('refuses a picture and a field that both changed, and writes nothing', async () => {
    await importLogo()
    await branch(logo, 'summer')
    const [ours, theirs] = [await plainPng(8, 8, '#00ff00'), await squared()]
    project.write('in/ours.png', ours)
    project.write('in/theirs.png', theirs)
    await update(logo, { branch: 'summer', file: 'in/theirs.png', description: 'theirs' })
    await update(logo, { file: 'in/ours.png', description: 'ours' })
    const before = tree()
    const { code, data, error } = await ask('merge', `${logo}@summer`)
    expect({ code, error }).toMatchObject({ code: 5, error: { code: 'MERGE_CONFLICT' } })
    expect(data.changed).toBe(false)
    expect(data.conflicts).toContainEqual({ field: 'description', base: 'first', ours: 'ours', theirs: 'theirs' })
    expect(data.conflicts).toContainEqual({
      path: 'assets/logos/LOGO-ACME-MARK001.png',
      base: contentHash(await plainPng(40, 40, '#ffffff')),
      ours: contentHash(ours),
      theirs: contentHash(theirs),
    })
    expect(tree()).toEqual(before)
    const shown = await cli('merge', `${logo}@summer`)
    expect([shown.code, shown.stdout]).toEqual([5, expect.stringContaining('description\n  base    first\n  ours    ours\n  theirs  theirs')])
  })

  it.each([
    ['text', 'note.md', (a: string, b: string) => `# ${a}\n\nBetween.\n\n${b}\n`],
    ['drawings', 'mark.svg', (a: string, b: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">\n<title>${a}</title>\n<g/>\n<desc>${b}</desc>\n</svg>\n`],
  ])('merges %s line by line', async (_name, name, text) => {
    project.write(`in/${name}`, text('head', 'foot'))
    await importOne(`in/${name}`, 'Logos')
    const [ref] = Object.keys(project.manifest().assets)
    await branch(ref!, 'summer')
    project.write(`in/theirs/${name}`, text('head', 'their foot'))
    await update(ref!, { branch: 'summer', file: `in/theirs/${name}` })
    project.write(`in/ours/${name}`, text('our head', 'foot'))
    await update(ref!, { file: `in/ours/${name}` })
    expect(await ask('merge', `${ref}@summer`)).toMatchObject({ code: 0, data: { changed: true } })
    const { file } = requireWhole(project).assets[ref!]!
    expect(project.read(file!).toString()).toBe(text('our head', 'their foot'))
    project.write(`in/ours/${name}`, text('our last head', 'foot'))
    await update(ref!, { file: `in/ours/${name}` })
    project.write(`in/theirs/${name}`, text('their head', 'their foot'))
    await update(ref!, { branch: 'summer', file: `in/theirs/${name}` })
    const { code, data } = await ask('merge', `${ref}@summer`)
    expect([code, data.conflicts.length, data.conflicts[0].path]).toEqual([5, 1, file])
    expect(data.conflicts[0].ours).toContain('our last head')
    expect(data.conflicts[0].theirs).toContain('their head')
  })

  it('merges what an item says of itself, though both sides changed its version', async () => {
    await createPalette()
    await branch(palette, 'summer')
    await update(palette, { branch: 'summer', description: 'Warm colours', tags: ['colour', 'warm'] })
    await update(palette, { name: 'Our brand', tags: ['colour', 'ours'] })
    expect(await ask('merge', `${palette}@summer`)).toMatchObject({ code: 0, data: { version: '1.0.3', changed: true } })
    const text = project.read(paletteFile).toString()
    expect(text).toContain('# What the site is painted with.')
    expect(requireWhole(project).assets[palette]).toMatchObject({ version: '1.0.3', name: 'Our brand', description: 'Warm colours', tags: ['colour', 'ours', 'warm'] })
  })

  it('names the field of an item that both changed', async () => {
    await createPalette()
    await branch(palette, 'summer')
    await update(palette, { branch: 'summer', description: 'Warm colours' })
    await update(palette, { description: 'Cold colours' })
    const before = tree()
    const { code, data } = await ask('merge', `${palette}@summer`)
    expect([code, data.conflicts]).toEqual([5, [{ path: paletteFile, field: 'description', base: 'Colours', ours: 'Cold colours', theirs: 'Warm colours' }]])
    expect(tree()).toEqual(before)
  })

  it('merges the text of an item line by line when a branch holds other content', async () => {
    await createPalette()
    await branch(palette, 'summer')
    const text = project.read(paletteFile).toString()
    project.write('in/new.asset.yaml', text.replace('#101010', '#202020'))
    const before = tree()
    expect(await ask('update', palette, '--branch', 'summer', '--file', 'in/new.asset.yaml')).toMatchObject({ code: 0, data: { version: '1.0.2-summer.1', changed: true } })
    expect((await ask('update', palette, '--branch', 'summer', '--file', 'in/new.asset.yaml')).data).toMatchObject({ changed: false })
    expect(project.read(paletteFile).toString()).toBe(text)
    expect(tree().filter((line) => !before.includes(line) && !line.includes('history'))).toEqual([])
    project.write(paletteFile, text.replace('"{ink}"', '"#0000ee"'))
    await run(project, 'version create', { ref: palette })
    expect(await ask('merge', `${palette}@summer`)).toMatchObject({ code: 0, data: { changed: true, conflicts: [] } })
    expect(project.read(paletteFile).toString()).toMatch(/# What[^]*ink: "#202020"\n {2}paper: "#ffffff"\n {2}link: "#0000ee"/)
    requireWhole(project)
  })

  it('puts a content file on a branch, and names both sides where they clash', async () => {
    await run(project, 'create', { kind: 'tools', name: 'analyzers/words' })
    const [ref, code] = ['tools/analyzers/words', 'assets/library/tools/analyzers/words.ts']
    await branch(ref, 'fast')
    const text = project.read(code).toString()
    project.write('in/words.ts', `// theirs\n${text}`)
    expect(await ask('update', ref, '--branch', 'fast', '--file', 'in/words.ts')).toMatchObject({ code: 0, data: { changed: true } })
    expect(project.read(code).toString()).toBe(text)
    project.write('in/other.ts', text)
    expect((await ask('update', ref, '--branch', 'fast', '--file', 'in/other.ts')).error).toMatchObject({ code: 'ITEM_FILE', message: expect.stringContaining('words.ts') as string })
    project.write('in/bad.yaml', 'nope: 1\n')
    expect((await ask('update', ref, '--branch', 'fast', '--file', 'in/bad.yaml')).error).toMatchObject({ code: 'ITEM_INVALID', message: expect.stringMatching(/^in\/bad\.yaml:1/) as string })
    project.write('in/named.yaml', 'version: "1.0.0"\nentry: gone.ts\n')
    expect((await ask('update', ref, '--branch', 'fast', '--file', 'in/named.yaml')).error).toMatchObject({ code: 'ITEM_INVALID', message: expect.stringMatching(/^in\/named\.yaml:2/) as string })
    project.write(code, `// ours\n${text}`)
    await run(project, 'version create', { ref })
    expect(await ask('merge', `${ref}@fast`)).toMatchObject({ code: 5, data: { conflicts: [{ path: code }] } })
    project.write(code, `${text}// ours\n`)
    await run(project, 'version create', { ref })
    expect(await ask('merge', `${ref}@fast`)).toMatchObject({ code: 0 })
    expect(project.read(code).toString()).toBe(`// theirs\n${text}// ours\n`)
  })

  it.each<[name: string, args: string[], code: string]>([
    ['a ref without a branch', [logo], 'MERGE_BRANCH_MISSING'],
    ['a branch that is not there', [`${logo}@winter`], 'BRANCH_UNKNOWN'],
    ['two steps', [`${logo}@summer`, '--minor', '--major'], 'VERSION_STEPS_CONFLICT'],
  ])('refuses %s', async (_name, args, code) => {
    await importLogo()
    await branch(logo, 'summer')
    const before = tree()
    expect((await ask('merge', ...args)).error).toMatchObject({ code })
    expect(tree()).toEqual(before)
  })

  it('refuses while a hand edit is not recorded', async () => {
    await createPalette()
    await branch(palette, 'summer')
    await update(palette, { branch: 'summer', description: 'Warm colours' })
    appendFileSync(project.path(paletteFile), '# mine\n')
    expect(await ask('merge', `${palette}@summer`)).toMatchObject({ code: 4, error: { code: 'ASSET_FILE_CHANGED' } })
    expect(project.read(paletteFile).toString()).toContain('# mine')
  })
})

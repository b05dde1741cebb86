import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { countTokens } from '../../src/workspace/token-count.ts'
import { png } from '../operations/project.ts'
import { createProject, runNode, cliPath, type CliResult, type Project } from '../project.ts'

/* What analyze, cleanup, duplicate and the cache commands do in a project on the disk, through the built command line. */

const config = 'export default { tokens: { families: { ACME: "Acme" }, defaultFamily: "ACME" }, logLevel: "silent" }\n'
const [one, two, three] = ['IMG-ACME-MAIN001', 'IMG-ACME-MAIN002', 'IMG-ACME-MAIN003']

async function must(project: Project, ...args: string[]): Promise<CliResult['json']> {
  return (await mustIn(project, {}, ...args))
}

async function mustIn(project: Project, env: Record<string, string>, ...args: string[]): Promise<CliResult['json']> {
  const { code, json, stdout, stderr } = await runNode([cliPath, ...args, '--json'], project.root, env)
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stdout}${stderr}`)
  return json.data
}

async function withPictures(count: number): Promise<Project> {
  const files = Object.fromEntries(await Promise.all(Array.from({ length: count }, async (_, i) => [`in/${i + 1}.png`, await png(i + 1, 40, 20)] as const)))
  const project = createProject({ files: { 'assetloom.config.ts': config, ...files }, packages: [] })
  for (const file of Object.keys(files).sort()) await must(project, 'import', file, '--variant', 'MAIN')
  return project
}

const path = (project: Project, file: string) => join(project.root, file)
const bytesOf = (project: Project, file: string) => readFileSync(path(project, file))
const manifestOf = (project: Project) => JSON.parse(bytesOf(project, 'assets/manifest.json').toString())
const edit = (project: Project, change: (manifest: ReturnType<typeof manifestOf>) => void) => {
  const manifest = manifestOf(project)
  change(manifest)
  project.write({ 'assets/manifest.json': JSON.stringify(manifest) })
}

describe('analyze', () => {
  it('finds every sort of use, and the sizes', async () => {
    const project = await withPictures(2)
    edit(project, (manifest) => (manifest.assets[one].aliases = ['hero']))
    await must(project, 'deps', 'add', two, one, '*')
    project.write({
      'src/a.js': `\nimport a from "asset:${one}?w=10"\n`,
      'src/b.css': `b { background: url("asset:hero") }\n`,
      'index.html': `<img src="asset:hero?w=10&amp;format=webp">\n`,
      'notes.md': '![](~asset/hero.png)\n',
      'src/c.ts': 'import { ASSETS as files } from "./assets.gen.ts"\nexport const c = files.images.hero\n',
      'src/d.ts': 'const { hero } = ASSETS\n',
      'node_modules/x/index.js': 'import "asset:hero"\n',
    })
    await must(project, 'cache', 'precompile', one)
    const data = await must(project, 'analyze', 'hero')
    expect(data.usedIn).toEqual([
      { file: 'index.html', line: 1 }, { file: 'notes.md', line: 1 }, { file: 'src/a.js', line: 2 },
      { file: 'src/b.css', line: 1 }, { file: 'src/c.ts', line: 2 }, { file: 'src/d.ts', line: 1 },
    ])
    expect(data.dependents).toEqual([two])
    const file = `assets/images/${one}.png`
    const [raw, gzip] = [bytesOf(project, file).length, gzipSync(bytesOf(project, file)).length]
    expect(data.sizes).toMatchObject({ raw, gzip, files: [{ file, raw, gzip }] })
    expect(data.sizes.transforms.map((made: { mediaType: string; widthPx: number }) => `${made.mediaType} ${made.widthPx}`).sort()).toEqual(['image/png 10', 'image/webp 10'])
    expect(data).not.toHaveProperty('tokenCost')
  })

  it('counts the tokens of an item', async () => {
    const project = createProject({ files: { 'assetloom.config.ts': config }, packages: [] })
    const { ref, files } = await must(project, 'create', 'ai-prompts', 'design/brief')
    const data = await must(project, 'analyze', ref)
    expect(data.tokenCost).toBe(await countTokens(bytesOf(project, files[0]).toString()))
    project.write({ 'flow.yaml': `steps:\n  - uses: ${ref}\n` })
    expect((await must(project, 'analyze', ref)).usedIn).toEqual([{ file: 'flow.yaml', line: 2 }])
  })
})

describe('cleanup', () => {
  /** Later than the hour in which a blob may belong to a process at work. */
  const later = { SOURCE_DATE_EPOCH: String(Math.floor(Date.now() / 1000) + 7200) }

  it('tells what nothing needs, to the byte, and takes exactly that away', async () => {
    const project = await withPictures(3)
    await must(project, 'deps', 'add', one, two, '*')
    await must(project, 'import', '--color', '#123456')
    project.write({
      'src/a.js': `import a from "asset:${one}"\nimport loose from "../assets/loose.png"\n`,
      'assets/orphan.png': await png(9),
      'assets/loose.png': await png(8),
      'assets/images/old/deep.bin': 'x'.repeat(100),
      'assets/README.md': 'For people.\n',
      'assets/.gitkeep': '',
      'assets/images/IMG-ACME-MAIN009.png': await png(7),
      'assets/library/workflows/content/x.asset.yaml': 'steps: [\n',
      '.assetloom/files/00000000/gone.png': 'x'.repeat(50),
      '.assetloom/types/assets-1010101.d.ts': 'x'.repeat(30),
    })
    const before = { manifest: bytesOf(project, 'assets/manifest.json'), picture: bytesOf(project, `assets/images/${three}.png`) }
    for (let i = 0; i < 2; i++) await must(project, 'info', three)
    const told = await mustIn(project, later, 'cleanup')
    expect(told).toEqual({
      items: [
        { what: 'asset', name: 'COLOR-ACME-MAIN001', sizeBytes: 0, use: { views: 0, downloads: 0, usageCount: 0 } },
        { what: 'asset', name: three, sizeBytes: before.picture.length, use: { views: 2, downloads: 0, usageCount: 0, lastAccessed: expect.stringMatching(/^2\d{3}-/) } },
        { what: 'file', name: 'assets/images/old/deep.bin', sizeBytes: 100 },
        { what: 'file', name: 'assets/orphan.png', sizeBytes: (await png(9)).length },
        { what: 'version', name: manifestOf(project).assets[three].hash, sizeBytes: before.picture.length },
        { what: 'served', name: '.assetloom/files/00000000/gone.png', sizeBytes: 50 },
        { what: 'types', name: '.assetloom/types/assets-1010101.d.ts', sizeBytes: 30 },
      ],
      counts: { asset: 2, file: 2, version: 1, served: 1, types: 1 },
      freedBytes: 2 * before.picture.length + 100 + (await png(9)).length + 80,
      keptRawBytes: 0,
      isDone: false,
    })
    expect(bytesOf(project, 'assets/manifest.json')).toEqual(before.manifest)
    for (const { what, name } of told.items) if (['file', 'served', 'types'].includes(what)) expect(existsSync(path(project, name))).toBe(true)

    expect(await mustIn(project, later, 'cleanup', '--yes')).toEqual({ ...told, isDone: true })
    expect(Object.keys(manifestOf(project).assets)).toEqual([one, two])
    for (const { what, name } of told.items) if (what !== 'asset') expect(existsSync(path(project, name)), name).toBe(false)
    for (const kept of ['assets/loose.png', 'assets/README.md', 'assets/.gitkeep', 'assets/images/IMG-ACME-MAIN009.png', 'assets/library/workflows/content/x.asset.yaml'])
      expect(existsSync(path(project, kept)), kept).toBe(true)
    expect((await mustIn(project, later, 'cleanup', '--yes')).items).toEqual([])
  })

  it('keeps what specs make, what is public, and what a used asset names or needs', async () => {
    const project = await withPictures(3)
    const item = (await must(project, 'create', 'ai-prompts', 'design/brief')).ref
    project.write({ [`assets/library/workflows/content/go.asset.yaml`]: `version: "1.0.0"\nsteps:\n  - id: first\n    use: ${item}\n` })
    edit(project, (manifest) => (manifest.assets[two].isPublic = true))
    project.write({
      'src/a.js': 'import go from "asset:workflows/content/go"\n',
      'specs/coin.yaml': 'version: "1.0"\nid: coin\ngeneration: { type: image, provider: local }\nprompt: { base: coin, parameters: { size: "16x16" } }\nintegration: { manifest_key: coin }\n',
    })
    await must(project, 'sync')
    await must(project, 'generate')
    const unused = async () => (await must(project, 'cleanup')).items.filter((one: { what: string }) => one.what === 'asset').map((one: { name: string }) => one.name)
    expect(Object.keys(manifestOf(project).assets)).toContain(item)
    expect(await unused()).toEqual([one, three])
    project.write({ 'src/a.js': '', 'src/b.js': 'export const all = Object.values(ASSETS)\n' })
    expect(await unused()).toEqual([])
  })

  it('drops blobs that nothing names; raw ones only when told', async () => {
    const project = await withPictures(1)
    project.write({ 'src/a.js': `import a from "asset:${one}?w=8&format=webp"\n` })
    await must(project, 'cache', 'precompile', one)
    const [derived, raw, recorded] = await Promise.all([png(70), png(71), png(72)])
    const hashes = await storeBlobs(project, { derived, raw, recorded })
    // The history of versions keeps what it names.
    project.write({ [`assets/history/${one}.jsonl`]: `${JSON.stringify({ version: '0.9.0', digest: hashes.recorded, date: '2026-01-01T00:00:00Z', branch: 'main' })}\n` })
    expect((await must(project, 'cleanup')).items).toEqual([])
    const told = await mustIn(project, later, 'cleanup')
    expect(told).toMatchObject({ items: [{ what: 'derived', name: hashes.derived, sizeBytes: derived.length }], freedBytes: derived.length, keptRawBytes: raw.length })
    await mustIn(project, later, 'cleanup', '--yes')
    expect(await must(project, 'cache', 'stats')).toMatchObject({ derived: { count: 1 }, raw: { count: 2 } })
    expect(await mustIn(project, later, 'cleanup', '--yes', '--include-paid')).toMatchObject({ items: [{ what: 'raw', name: hashes.raw, sizeBytes: raw.length }], keptRawBytes: 0 })
    expect(await must(project, 'cache', 'verify')).toMatchObject({ raw: { count: 1 }, derived: { count: 1 }, damaged: [] })
  })
})

/** Blobs that no record names: `recorded` and `raw` as raw answers. */
async function storeBlobs(project: Project, blobs: Record<'derived' | 'raw' | 'recorded', Uint8Array>): Promise<Record<string, string>> {
  const { createBlobs } = await import('../../src/store/blobs.ts')
  const store = createBlobs({ folder: path(project, '.assetloom/blobs'), tempFolder: path(project, '.assetloom/tmp'), onDamage() {}, onDatabaseDamage() {}, onFault() {} })
  return { derived: await store.put('derived', blobs.derived), raw: await store.put('raw', blobs.raw), recorded: await store.put('raw', blobs.recorded) }
}

describe('cache', () => {
  it('precompile makes what code asks for, once; invalidate drops it; optimize packs', async () => {
    const project = await withPictures(2)
    project.write({ 'src/a.js': `import a from "asset:${one}?w=8;16&format=avif;webp"\nimport b from "asset:${two}?w=8&format=webp"\n`, 'b.md': `![](~asset/${one}.webp)\n` })
    expect(await must(project, 'cache', 'precompile', 'IMG-*')).toMatchObject({
      assets: [{ ref: one, queries: ['format=webp', 'w=8;16&format=avif;webp'], files: 5 }, { ref: two, files: 1 }],
      made: 6,
    })
    expect(await must(project, 'cache', 'precompile', 'IMG-*')).toMatchObject({ made: 0 })
    expect(await must(project, 'cache', 'invalidate', one)).toMatchObject({ removedRecords: 5, freedBytes: expect.any(Number) })
    expect((await must(project, 'analyze', one)).sizes.transforms).toEqual([])
    expect((await must(project, 'analyze', two)).sizes.transforms).toHaveLength(1)
    expect(await must(project, 'cache', 'stats')).toMatchObject({ derived: { count: 1 } })
    expect(await must(project, 'cache', 'precompile', one)).toMatchObject({ made: 5 })
    expect(await must(project, 'cache', 'optimize')).toMatchObject({ removedRecords: 0, removedBlobs: 0, derived: { count: 6 } })
    expect(await must(project, 'cache', 'precompile', 'IMG-*')).toMatchObject({ made: 0 })
  })

  it('optimize gives the room of what was deleted back', async () => {
    const project = await withPictures(1)
    const { createStateDb } = await import('../../src/store/state-db.ts')
    const state = createStateDb(path(project, '.assetloom/state.db'))
    state.exclusive((db) => {
      const put = db.prepare("INSERT INTO cache_index (key, value, used_at_ms) VALUES (?, ?, 0)")
      for (let i = 0; i < 300; i++) put.run(`derived:${i}`, JSON.stringify({ value: { hash: `sha256:${String(i).padStart(64, '0')}`, pad: 'x'.repeat(4000) } }))
    })
    state.close()
    const before = statSync(path(project, '.assetloom/state.db')).size
    const data = await must(project, 'cache', 'optimize')
    expect(data).toMatchObject({ removedRecords: 300, removedBlobs: 0 })
    expect(data.freedBytes).toBeGreaterThan(300 * 4000 - 10_000)
    expect(statSync(path(project, '.assetloom/state.db')).size).toBe(before - data.freedBytes)
  })
})

describe('duplicate', () => {
  it('copies media with what is said of it, under the next number or a chosen one', async () => {
    const project = await withPictures(1)
    await must(project, 'update', one, '--alt', 'A grid', '--tags', 'grid')
    edit(project, (manifest) => (manifest.assets[one].aliases = ['grid']))
    const copy = await must(project, 'duplicate', 'grid', 'Second grid')
    expect(copy).toEqual({ ref: two, from: one, files: [`assets/images/${two}.png`] })
    const { assets } = manifestOf(project)
    expect(assets[two]).toMatchObject({ name: 'Second grid', alt: 'A grid', tags: ['grid'], version: '1.0.0', hash: assets[one].hash, source: { type: 'import', copyOf: one } })
    expect(assets[two]).not.toHaveProperty('aliases')
    expect(bytesOf(project, `assets/images/${two}.png`)).toEqual(bytesOf(project, `assets/images/${one}.png`))
    expect(await must(project, 'duplicate', one, 'ICON-ACME-GRID004')).toMatchObject({ ref: 'ICON-ACME-GRID004', files: ['assets/icons/ICON-ACME-GRID004.png'] })
    expect(manifestOf(project).sequences['ICON-ACME-GRID']).toBe(4)
    expect((await project.cli('duplicate', one, 'ICON-ACME-GRID004', '--json')).json.error.code).toBe('TOKEN_TAKEN')
    expect((await project.cli('duplicate', one, 'ICON-ACME-GRID002', '--json')).json.error.message).toContain('deleted')
    expect((await must(project, 'validate')).findings.filter((one: { severity: string }) => one.severity === 'error')).toEqual([])
  })

  it('copies an item with its files, whose ways to one another lead to the copies', async () => {
    const project = createProject({ files: { 'assetloom.config.ts': config }, packages: [] })
    const folder = 'assets/library/ui-components/buttons'
    project.write({
      [`${folder}/push.asset.yaml`]: '# A button.\nname: Push\nversion: "1.4.0"\nframework: react\ncode: push.tsx # the component\nfiles: [push.css, icons/arrow.ts]\ntags: [push]\n',
      [`${folder}/push.tsx`]: `import './push.css'\nimport { arrow } from "./icons/arrow"\nimport { theme } from '../shared/theme'\nexport default function Push() { return <b>{arrow}{theme}</b> }\n`,
      [`${folder}/push.css`]: 'b { color: red }\n',
      [`${folder}/icons/arrow.ts`]: `export { theme } from '../../shared/theme'\nexport const arrow = '→'\n`,
    })
    await must(project, 'sync')
    const ref = 'ui-components/buttons/push'
    expect(await must(project, 'duplicate', ref, 'pull')).toEqual({
      ref: 'ui-components/buttons/pull',
      from: ref,
      files: [`${folder}/pull.asset.yaml`, `${folder}/pull.tsx`, `${folder}/pull.css`, `${folder}/pull/icons/arrow.ts`],
    })
    const text = (file: string) => bytesOf(project, `${folder}/${file}`).toString()
    expect(text('pull.asset.yaml')).toBe('# A button.\nname: "Pull"\nversion: "1.0.0"\nframework: react\ncode: pull.tsx # the component\nfiles: [ pull.css, pull/icons/arrow.ts ]\ntags: [ push ]\n')
    expect(text('pull.tsx')).toContain(`import './pull.css'\nimport { arrow } from "./pull/icons/arrow"\nimport { theme } from '../shared/theme'`)
    expect(text('pull/icons/arrow.ts')).toContain(`from '../../../shared/theme'`)
    expect((await must(project, 'sync', '--dry-run'))).toMatchObject({ added: [], changed: [] })
    for (const [name, exit, code] of [['pull', 5, 'FILE_EXISTS'], ['cards/pull', 0, ''], ['ai-prompts/design/x', 1, 'ITEM_INVALID'], ['no name!', 1, 'ITEM_INVALID']] as const) {
      const result = await project.cli('duplicate', ref, name, '--json')
      expect([name, result.code, result.json.error?.code ?? '']).toEqual([name, exit, code])
    }
    expect(text('../cards/pull.tsx')).toContain(`'../shared/theme'`)
  })
})

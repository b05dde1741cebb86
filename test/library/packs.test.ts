import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { refuserOf } from '../../src/core/pack-check.ts'
import type { PackLayout } from '../../src/core/pack-layout.ts'
import { openPackZip } from '../../src/store/pack-zip.ts'
import { sha256 } from '../../src/core/digest.ts'
import {
  configText,
  createProject,
  png,
  projectAt,
  requireWhole,
  run,
  startCli,
  strayFiles,
  type TestProject,
} from '../operations/project.ts'
import { rawZip, type RawEntry } from './raw-zip.ts'

interface Item {
  ref: string
  target: string
  state: string
  action: string
  why?: string
}
interface Installed {
  items: Item[]
  missing: { ref: string; needs: string }[]
}

const icon = 'ICON-ACME-UI001'
const other = 'ICON-ACME-UI002'
const prompt = 'ai-prompts/content/teaser'

let maker: TestProject
let site: TestProject
beforeAll(async () => {
  maker = createProject()
  for (let i = 1; i <= 2; i++) maker.write(`in/${i}.png`, await png(i))
  await run(maker, 'import', { files: ['in'], category: 'Icons', variant: 'UI', alt: 'An icon', license: 'CC0-1.0' })
  await run(maker, 'import', { color: '#ff6b35' })
  await run(maker, 'create', { kind: 'ai-prompts', name: 'content/teaser' })
  const manifest = maker.manifest()
  manifest.assets[icon]!.dependencies = { [other]: '^1.0.0', [prompt]: '>=0.0.1' }
  maker.write('assets/manifest.json', JSON.stringify(manifest))
  await pack(maker, [icon, 'COLOR-*'], 'brand.zip')
  return () => maker.remove()
})
beforeEach(() => {
  site = createProject()
  site.write('src/main.js', 'export {}\n')
})
afterEach(() => site.remove())

async function pack(project: TestProject, refs: string[], out: string, more: Record<string, unknown> = {}) {
  return run<{ file: string; assets: string[] }>(project, 'package', { refs, name: 'brand', version: '1.0.0', out, ...more })
}
const install = (source: string, more: Record<string, unknown> = {}, project = site) =>
  run<Installed>(project, 'install', { source, ...more })
const states = ({ items }: Installed) => Object.fromEntries(items.map(({ ref, state, action }) => [ref, `${state} ${action}`]))

/** Everything of a project but what Assetloom keeps for itself. */
function treeOf(project: TestProject): string {
  const hash = createHash('sha256')
  for (const file of project.files('.').filter((one) => !one.startsWith('.assetloom/')))
    hash.update(file).update('\0').update(sha256(project.read(file)))
  return hash.digest('hex')
}

/** The files of the pack, to be put together otherwise. */
async function piecesOf(file = maker.path('brand.zip')): Promise<{ layout: PackLayout; files: Map<string, Uint8Array> }> {
  const zip = await openPackZip(projectAt('/').read(file), refuserOf('brand.zip'))
  const files = new Map<string, Uint8Array>()
  for (const { path } of zip.listed) files.set(path, await zip.read(path))
  return { layout: JSON.parse(Buffer.from(files.get('assetpack.json')!).toString()) as PackLayout, files }
}

describe('a round trip', () => {
  it('gives the same files and entries, with what they depend on', async () => {
    const { assets } = await pack(maker, [icon, 'COLOR-*'], 'brand.zip')
    expect(assets).toEqual(['COLOR-ACME-MAIN001', icon, other, prompt])
    const result = await install(maker.path('brand.zip'), {}, site)
    expect(new Set(Object.values(states(result)))).toEqual(new Set(['new install']))
    const [made, got] = [maker.manifest(), site.manifest()]
    for (const ref of assets) {
      const { source, ...entry } = got.assets[ref]!
      const { source: _source, ...wanted } = made.assets[ref]!
      expect(entry).toEqual(wanted)
      expect(source).toMatchObject({ type: 'pack', pack: 'brand', version: '1.0.0' })
      if (entry.file) expect(site.read(entry.file)).toEqual(maker.read(entry.file))
    }
    expect(requireWhole(site).vocabulary.families).toBeUndefined()
    expect(await install(maker.path('brand.zip'))).toMatchObject({ items: assets.map((ref) => ({ ref, state: 'current', action: 'keep' })) })
    expect(strayFiles(site)).toEqual([])
  })

  it('lists every file with its size and digest, and tells nobody who made it', async () => {
    const { layout, files } = await piecesOf()
    expect([...files.keys()]).toEqual(['assetpack.json', ...layout.entries.map(({ path }) => path)])
    for (const { path, size, sha256: digest } of layout.entries) expect([files.get(path)!.length, sha256(files.get(path)!)]).toEqual([size, digest])
    expect(layout).toMatchObject({ schemaVersion: 1, name: 'brand', version: '1.0.0', license: 'CC0-1.0' })
    expect(layout.entries.find(({ ref }) => ref === icon)!.dependencies).toEqual({ [other]: '^1.0.0', [prompt]: '>=0.0.1' })
    expect(Object.values(layout.assets).some((asset) => 'source' in asset)).toBe(false)
  })

  it('makes the same bytes in another process, at another time and in another time zone', async () => {
    const args = ['package', icon, 'COLOR-*', '--name', 'brand', '--version', '1.0.0', '--out', 'tokyo.zip']
    maker.write('assetloom.config.mjs', configText)
    expect(await startCli(maker, args, { TZ: 'Asia/Tokyo' }).done).toMatchObject({ code: 0 })
    expect(maker.read('tokyo.zip').equals(maker.read('brand.zip'))).toBe(true)
  })

  it('goes through a folder, into another folder of assets, and declares unknown families', async () => {
    for (const [path, bytes] of (await piecesOf()).files) site.write(`unpacked/${path}`, bytes)
    await run(site, 'install', { source: 'unpacked' }, { assetsDir: 'media', tokens: {} })
    const manifest = JSON.parse(site.read('media/manifest.json').toString()) as { assets: Record<string, { file: string }>; vocabulary: unknown; sequences: unknown }
    expect(manifest).toMatchObject({ vocabulary: { families: { ACME: 'Acme' } }, sequences: { 'ICON-ACME-UI': 2 } })
    expect(site.read(manifest.assets[icon]!.file).length).toBeGreaterThan(0)
    expect(manifest.assets[icon]!.file).toMatch(/^media\//)
  })

  it('leaves dependencies out on request, and says on the other side what is missing', async () => {
    await pack(maker, [icon], 'alone.zip', { deps: false })
    expect((await install(maker.path('alone.zip'))).missing).toMatchObject([{ ref: icon, needs: other }, { ref: icon, needs: prompt }])
  })

  it('changes nothing in a dry run', async () => {
    const before = treeOf(site)
    expect(states(await install(maker.path('brand.zip'), { dryRun: true }))).toMatchObject({ [icon]: 'new install' })
    expect(treeOf(site)).toBe(before)
  })
})

describe('packing refuses', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['what is not there', { refs: ['ICON-ACME-UI009'] }, 'ASSET_UNKNOWN'],
    ['to write over what is no pack', { out: 'in/1.png' }, 'PACK_OUT_TAKEN'],
  ])('%s', async (_name, more, code) => {
    await expect(pack(maker, [icon], 'x.zip', more)).rejects.toMatchObject({ code })
  })

  it('a dependency that is missing or has another version', async () => {
    const project = createProject()
    cpSync(maker.root, project.root, { recursive: true })
    const manifest = project.manifest()
    const depend = (dependencies: Record<string, string>) => {
      manifest.assets[icon]!.dependencies = dependencies
      project.write('assets/manifest.json', JSON.stringify(manifest))
    }
    depend({ 'ICON-ACME-UI009': '*' })
    await expect(pack(project, [icon], 'x.zip')).rejects.toMatchObject({ code: 'PACK_DEPENDENCY_MISSING', exit: 1 })
    depend({ [other]: '^2.0.0' })
    await expect(pack(project, [icon], 'x.zip')).rejects.toMatchObject({ code: 'PACK_DEPENDENCY_VERSION', exit: 5 })
    project.remove()
  })
})

interface Hostile {
  /** Changes the layout and the files before they are zipped. */
  change?(layout: PackLayout, files: Map<string, Uint8Array>): void
  /** Entries that are added to, or changed in, the zip. */
  entries?(entries: RawEntry[]): RawEntry[]
  /** The text of assetpack.json. */
  text?(text: string): string
  code?: string
  why: RegExp
}

const add = (...more: RawEntry[]): Pick<Hostile, 'entries'> => ({ entries: (entries) => [...entries, ...more] })
const flip = (bytes: Uint8Array) => {
  const copy = Buffer.from(bytes)
  copy[copy.length - 5]! ^= 1
  return copy
}
/** Lists a file as one more of the icon, as a format. */
const listed = (path: string, bytes: Uint8Array, mediaType: string): Pick<Hostile, 'change'> => ({
  change(layout, files) {
    files.set(path, bytes)
    layout.entries.push({ path, ref: icon, size: bytes.length, sha256: sha256(bytes) })
    layout.assets[icon]!.formats = { more: { file: path, hash: `sha256:${sha256(bytes)}`, size: bytes.length, mediaType } }
  },
})
const iconFile = 'assets/icons/ICON-ACME-UI001.png'
const promptFile = `assets/library/${prompt}.asset.yaml`
const replaced = (path: string, ref: string, bytes: (old: Uint8Array) => Uint8Array): Pick<Hostile, 'change'> => ({
  change(layout, files) {
    const made = bytes(files.get(path)!)
    files.set(path, made)
    const entry = layout.entries.find((one) => one.path === path)!
    Object.assign(entry, { size: made.length, sha256: sha256(made) })
    Object.assign(layout.assets[ref]!, { hash: `sha256:${sha256(made)}`, size: made.length })
  },
})

const hostile: Record<string, Hostile> = {
  'a path that climbs out': { ...add({ name: '../evil.png' }), why: /relative path|"\.\."/ },
  'a path that climbs out from within': { ...add({ name: 'assets/../../evil.png' }), why: /relative path|"\.\."/ },
  'an absolute path': { ...add({ name: '/etc/evil' }), why: /absolute path/ },
  'a path of a Windows drive': { ...add({ name: 'C:/evil.png' }), why: /absolute path|":"/ },
  'a path with backslashes': { ...add({ name: 'assets\\..\\evil.png' }), why: /invalid characters|slash/ },
  'a device name of Windows': { ...add({ name: 'assets/icons/con.png' }), why: /device name/ },
  'a hidden file': { ...add({ name: 'assets/.git/config' }), why: /begins with a dot/ },
  'a symbolic link': { ...add({ name: 'assets/icons/link.png', bytes: Buffer.from('/etc/passwd'), mode: 0o120777 }), why: /symbolic link/ },
  'a listed symbolic link': { entries: (entries) => entries.map((one) => (one.name === iconFile ? { ...one, mode: 0o120777 } : one)), why: /symbolic link/ },
  'a device file': { ...add({ name: 'assets/icons/tty.png', mode: 0o020666 }), why: /neither a file nor a folder/ },
  'a name twice': { entries: (entries) => [...entries, entries.at(-1)!], why: /twice/ },
  'a name twice but for capitals': { ...add({ name: 'assets/icons/icon-acme-ui001.png' }), why: /one name/ },
  'a name twice but for its Unicode form': { ...add({ name: 'assets/icons/\u00e9.png' }, { name: 'assets/icons/e\u0301.png' }), why: /one name/ },
  'a file called __proto__': { ...add({ name: 'assets/__proto__/x.png' }), why: /__proto__/ },
  'a key __proto__ in assetpack.json': { text: (text) => text.replace('{', '{ "__proto__": { "isAdmin": true },'), why: /the key "__proto__"/ },
  'a file that is not listed': { ...add({ name: 'assets/icons/more.png', bytes: Buffer.from('x') }), why: /does not list/ },
  'an empty folder': { ...add({ name: 'assets/empty/', mode: 0o040755 }), why: /does not list/ },
  'a listed file that is missing': { entries: (entries) => entries.filter(({ name }) => name !== iconFile), why: /is missing/ },
  'a size that the zip lies about': { entries: (entries) => entries.map((one) => (one.name === iconFile ? { ...one, deflate: true, saidSize: one.bytes!.length - 7 } : one)), why: /bytes/ },
  'a size that both lie about': {
    change: (layout) => void (layout.entries.find(({ path }) => path === iconFile)!.size -= 7),
    entries: (entries) => entries.map((one) => (one.name === iconFile ? { ...one, deflate: true, saidSize: one.bytes!.length - 7 } : one)),
    why: /bytes/,
  },
  'a size that assetpack.json lies about': { change: (layout) => void layout.entries[0]!.size++, why: /bytes/ },
  'a bomb, 1000 to 1': { ...add({ name: 'assets/icons/zero.png', bytes: new Uint8Array(10_000_000), deflate: true }), why: /100 times/ },
  'a bomb in assetpack.json': { text: (text) => text + ' '.repeat(10_000_000), entries: (entries) => entries.map((one) => ({ ...one, deflate: true })), why: /100 times/ },
  '100,000 entries': { ...add(...Array.from({ length: 100_000 }, (_, i) => ({ name: `assets/icons/${i}` }))), why: /holds 10000\d entries/ },
  'an encrypted file': { entries: (entries) => entries.map((one) => (one.name === iconFile ? { ...one, deflate: true, flags: 0x801 } : one)), why: /encrypted/ },
  'a nested zip as a picture': { ...replaced(iconFile, icon, () => rawZip([{ name: 'x', bytes: Buffer.from('x') }])), why: /not sound/ },
  'a nested zip as a further format': { ...listed('assets/icons/ICON-ACME-UI001.zip', rawZip([{ name: 'x' }]), 'application/zip'), why: /not sound/ },
  'a nested zip as an item': { ...replaced(promptFile, prompt, () => rawZip([{ name: 'x' }])), why: /no item of a library/ },
  'a script in the name of a picture': { ...replaced(iconFile, icon, () => Buffer.from('alert(1)\n')), why: /not sound/ },
  'a picture with a script in it': {
    ...listed('assets/icons/x.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script>alert(1)</script><rect width="1" height="1"/></svg>'), 'image/svg+xml'),
    why: /takes out/,
  },
  'a picture of another type than it says': { change: (layout) => void (layout.assets[icon]!.mediaType = 'image/webp'), why: /says image\/webp/ },
  'an item that is not what it says': { change: (layout) => void (layout.assets[prompt]!.version = '9.9.9'), why: /another item/ },
  'a damaged item': { ...replaced(promptFile, prompt, () => Buffer.from('name: 1\n')), why: /not sound/ },
  'a flipped bit under a right CRC': { entries: (entries) => entries.map((one) => (one.name === iconFile ? { ...one, bytes: flip(one.bytes!) } : one)), why: /does not have the bytes/ },
  'a file over the manifest': {
    change(layout, files) {
      const bytes = Buffer.from('{}')
      files.set('assets/manifest.json', bytes)
      layout.entries.push({ path: 'assets/manifest.json', ref: icon, size: 2, sha256: sha256(bytes) })
    },
    why: /no place of an asset/,
  },
  'a file outside the assets': {
    change(layout, files) {
      files.set('vite.config.js', Buffer.from('evil'))
      layout.entries.push({ path: 'vite.config.js', ref: icon, size: 4, sha256: sha256('evil') })
    },
    why: /no place of an asset/,
  },
  'a file that no asset owns': {
    change(layout, files) {
      files.set('assets/icons/x.txt', Buffer.from('evil'))
      layout.entries.push({ path: 'assets/icons/x.txt', ref: icon, size: 4, sha256: sha256('evil') })
    },
    why: /belongs to no asset/,
  },
  'an item in the place of another': { change: (layout) => void (layout.assets[prompt]!.id = 'ai-prompts/content/x'), why: /its id is/ },
  'an unknown field': { change: (layout) => void Object.assign(layout, { scripts: { install: 'evil' } }), why: /scripts is no field here/ },
  'no assetpack.json': { entries: (entries) => entries.filter(({ name }) => name !== 'assetpack.json'), why: /has no assetpack\.json/ },
  'an assetpack.json that is no JSON': { text: () => '{', why: /is no JSON/ },
  'a newer format': { change: (layout) => void Object.assign(layout, { schemaVersion: 2 }), code: 'PACK_NEWER', why: /pack format 2/ },
}

async function zipOf({ change, entries = (all) => all, text = (same) => same }: Partial<Hostile>): Promise<Buffer> {
  const { layout, files } = await piecesOf()
  change?.(layout, files)
  files.set('assetpack.json', Buffer.from(text(JSON.stringify(layout))))
  return rawZip(entries([...files].map(([name, bytes]) => ({ name, bytes }))))
}

describe('a pack is refused before the first write for', () => {
  it.each(Object.entries(hostile))('%s', async (_name, one) => {
    site.write('hostile.zip', await zipOf(one))
    const before = treeOf(site)
    const error = await install('hostile.zip', { onConflict: 'replace' }).then(() => undefined, (thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: one.code ?? 'PACK_REFUSED', exit: 1, message: expect.stringMatching(one.why) })
    expect(treeOf(site)).toBe(before)
    expect(site.files('.assetloom').filter((file) => file.endsWith('.tmp'))).toEqual([])
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  it('nothing, when the same zip is whole', async () => {
    site.write('same.zip', await zipOf({}))
    expect(Object.values(states(await install('same.zip')))).toHaveLength(4)
  })

  it('nothing, when another program made the zip of a folder', async () => {
    const folders = ['assets/', 'assets/icons/', 'assets/library/'].map((name) => ({ name, mode: 0o040755 }))
    site.write('same.zip', await zipOf({ entries: (entries) => [...folders, ...entries.reverse().map((one) => ({ ...one, deflate: true }))] }))
    expect(Object.values(states(await install('same.zip')))).toHaveLength(4)
  })

  it.each([
    ['what is no zip', () => Buffer.from('not a zip'), 'PACK_REFUSED'],
    ['a zip that was cut off', () => maker.read('brand.zip').subarray(0, -40), 'PACK_REFUSED'],
    ['an empty file', () => Buffer.alloc(0), 'PACK_REFUSED'],
  ])('%s', async (_name, bytes, code) => {
    site.write('x.zip', bytes())
    const before = treeOf(site)
    await expect(install('x.zip')).rejects.toMatchObject({ code })
    expect(treeOf(site)).toBe(before)
  })

  it('a link in an unpacked pack', async () => {
    for (const [path, bytes] of (await piecesOf()).files) if (path !== iconFile) site.write(`unpacked/${path}`, bytes)
    symlinkSync(maker.path(iconFile), site.path(`unpacked/${iconFile}`))
    await expect(install('unpacked')).rejects.toMatchObject({ code: 'PACK_REFUSED', message: expect.stringContaining('symbolic link') })
  })

  it('a folder of the project that leads out of it', async () => {
    const outside = createProject()
    mkdirSync(site.path('assets'))
    symlinkSync(outside.root, site.path('assets/icons'))
    await expect(install(maker.path('brand.zip'))).rejects.toMatchObject({ code: 'PATH_OUTSIDE' })
    expect(outside.files('.')).toEqual([])
    outside.remove()
  })

  it('nothing that is there', async () => {
    await expect(install('none.zip')).rejects.toMatchObject({ code: 'PACK_UNREADABLE' })
  })
})

describe('what was changed meanwhile', () => {
  /** The pack again, with another alt text of the icon. */
  const newer = () => zipOf({
    change(layout) {
      layout.version = '1.1.0'
      Object.assign(layout.assets[icon]!, { alt: 'A better icon', version: '1.0.1' })
    },
  })
  const ofIcon = (result: Installed) => result.items.find(({ ref }) => ref === icon)!
  const changeHere = async () => run(site, 'update', { ref: icon, alt: 'Mine' })

  beforeEach(async () => {
    await install(maker.path('brand.zip'))
    site.write('newer.zip', await newer())
  })

  it('nothing here: the newer one takes its place', async () => {
    expect(ofIcon(await install('newer.zip'))).toMatchObject({ state: 'outdated', action: 'update' })
    expect(site.manifest().assets[icon]!.alt).toBe('A better icon')
    expect(site.manifest().assets[other]!.source).toMatchObject({ version: '1.1.0' })
    expect(ofIcon(await install('newer.zip'))).toMatchObject({ state: 'current' })
  })

  it('here only: it stays, unless it is to be replaced', async () => {
    await changeHere()
    expect(ofIcon(await install(maker.path('brand.zip')))).toMatchObject({ state: 'modified', action: 'keep' })
    expect(site.manifest().assets[icon]!.alt).toBe('Mine')
    expect(ofIcon(await install(maker.path('brand.zip'), { onConflict: 'replace' }))).toMatchObject({ state: 'modified', action: 'replace' })
    expect(site.manifest().assets[icon]!.alt).toBe('An icon')
  })

  it('a file by hand: it is not written over', async () => {
    site.write(iconFile, await png(7))
    expect(ofIcon(await install('newer.zip'))).toMatchObject({ state: 'conflict', action: 'keep' })
    expect(site.read(iconFile)).toEqual(await png(7))
    await install('newer.zip', { onConflict: 'replace' })
    requireWhole(site)
  })

  it('on both sides: a conflict, and renaming keeps both', async () => {
    await changeHere()
    expect(ofIcon(await install('newer.zip'))).toMatchObject({ state: 'conflict', action: 'keep' })
    const renamed = ofIcon(await install('newer.zip', { onConflict: 'rename' }))
    expect(renamed).toMatchObject({ action: 'rename', target: 'ICON-ACME-UI003' })
    const { assets } = requireWhole(site)
    expect([assets[icon]!.alt, assets[renamed.target]!.alt, assets[renamed.target]!.file]).toEqual(['Mine', 'A better icon', 'assets/icons/ICON-ACME-UI003.png'])
    expect(ofIcon(await install('newer.zip'))).toMatchObject({ target: renamed.target, state: 'current' })
  })

  it('there it is gone: it stays and is said', async () => {
    await pack(maker, [other], 'less.zip')
    const { items } = await install(maker.path('less.zip'))
    expect(items.find(({ ref }) => ref === icon)).toMatchObject({ state: 'gone', action: 'keep' })
    expect(site.manifest().assets[icon]).toBeDefined()
  })
})

describe('a place that is taken', () => {
  it('by an asset of the project: it stays, or the one of the pack gets another name', async () => {
    site.write('mine.png', await png(50))
    await run(site, 'import', { files: ['mine.png'], category: 'Icons', variant: 'UI' })
    expect(states(await install(maker.path('brand.zip')))[icon]).toBe('conflict keep')
    site.write('assetloom.config.mjs', configText)
    expect((await startCli(site, ['install', maker.path('brand.zip')]).done).stdout).toContain('--on-conflict replace or rename brings')
    expect(site.read(iconFile)).toEqual(await png(50))
    const result = await install(maker.path('brand.zip'), { onConflict: 'rename' })
    expect(result.items.find(({ ref }) => ref === icon)!.target).toBe('ICON-ACME-UI003')
    expect(requireWhole(site).assets['ICON-ACME-UI003']!.dependencies).toHaveProperty(other)
  })

  it('by an asset of the project: the other name is none that the pack itself has', async () => {
    site.write('mine.png', await png(50))
    await run(site, 'import', { files: ['mine.png'], category: 'Icons', variant: 'UI' })
    const { items } = await install(maker.path('brand.zip'), { onConflict: 'rename' })
    expect(items.filter(({ ref }) => ref === icon || ref === other).map(({ target }) => target)).toEqual(['ICON-ACME-UI003', other])
  })

  it('by an item: the other one gets a name and a file of its own', async () => {
    await run(site, 'create', { kind: 'ai-prompts', name: 'content/teaser' })
    await run(site, 'update', { ref: prompt, description: 'Mine' })
    const { items } = await install(maker.path('brand.zip'), { onConflict: 'rename' })
    expect(items.find(({ ref }) => ref === prompt)).toMatchObject({ state: 'conflict', target: `${prompt}-2` })
    expect(requireWhole(site).assets[`${prompt}-2`]!.file).toBe(`assets/library/${prompt}-2.asset.yaml`)
    expect(await run(site, 'sync', {})).toMatchObject({ added: [], changed: [], failed: [] })
  })

  it('by an item with content files: these get the new name too, and what refers to it follows', async () => {
    const [tool, flow] = ['tools/validators/check', 'workflows/content/round']
    await run(maker, 'create', { kind: 'tools', name: 'validators/check' })
    const ownFile = `assets/library/${tool}.asset.yaml`
    maker.write('assets/library/tools/validators/check/rules.ts', `export { execute } from '../check.ts'\n`)
    maker.write('assets/library/tools/validators/check.ts', `import './check/rules.ts'\nimport 'asset:${tool}'\nexport const execute = () => 1\n`)
    maker.write(ownFile, `id: ${tool}\nfiles: [check/rules.ts]\n${maker.read(ownFile).toString()}`)
    maker.write(`assets/library/${flow}.asset.yaml`, [
      'name: Round', 'version: "1.0.0"', `dependencies: { ${tool}: ^1.0.0 }`, 'steps:', `  - { id: first, use: ${tool} } # checks`, '',
    ].join('\n'))
    await run(maker, 'sync', {})
    await pack(maker, [flow], 'tool.zip')
    await install(maker.path('tool.zip'))
    const { file, files } = requireWhole(site).assets[tool]!
    for (const one of [file!, ...files!.map(({ file: path }) => path)]) expect(site.read(one)).toEqual(maker.read(one))
    site.write(files![0]!.file, 'export const execute = () => 2\n')
    await run(site, 'delete', { ref: flow, force: true })
    expect(states(await install(maker.path('tool.zip'), { dryRun: true }))).toMatchObject({ [tool]: 'modified keep', [flow]: 'new install' })
    const told = await startCli(site, ['install', maker.path('tool.zip'), '--dry-run']).done
    expect(told.stdout).toContain('--on-conflict replace or rename brings')

    const { items } = await install(maker.path('tool.zip'), { onConflict: 'rename' })
    expect(items.find(({ ref }) => ref === tool)).toMatchObject({ action: 'rename', target: `${tool}-2` })
    const folder = 'assets/library/tools/validators'
    const { assets } = requireWhole(site)
    expect(assets[`${tool}-2`]!.files!.map((one) => one.file).sort()).toEqual([`${folder}/check-2.ts`, `${folder}/check-2/rules.ts`])
    expect(site.read(files![0]!.file).toString()).toBe('export const execute = () => 2\n')
    expect(site.read(`${folder}/check-2.ts`).toString()).toBe(`import './check-2/rules.ts'\nimport 'asset:${tool}-2'\nexport const execute = () => 1\n`)
    expect(site.read(`${folder}/check-2/rules.ts`).toString()).toBe(`export { execute } from '../check-2.ts'\n`)
    expect(site.read(`${folder}/check-2.asset.yaml`).toString()).toContain('entry: check-2.ts')
    const round = site.read(`assets/library/${flow}.asset.yaml`).toString()
    expect(round).toContain(`use: ${tool}-2 } # checks`)
    expect(assets[flow]!.dependencies).toEqual({ [`${tool}-2`]: '^1.0.0' })
    expect(await run(site, 'sync', {})).toMatchObject({ changed: [{ ref: tool }], failed: [] })

    // It is followed under its new name: what differs by names only was not changed here.
    const again = await install(maker.path('tool.zip'), { onConflict: 'replace' })
    expect(again.items.map(({ target, state }) => [target, state])).toEqual([[`${tool}-2`, 'current'], [flow, 'current']])
    maker.write(`${folder}/check.ts`, `import './check/rules.ts'\nexport const execute = () => 3\n`)
    await run(maker, 'version create', { ref: tool, message: 'Three' })
    await pack(maker, [flow], 'newer.zip', { version: '1.1.0' })
    expect(states(await install(maker.path('newer.zip')))).toMatchObject({ [tool]: 'outdated update', [flow]: 'current keep' })
    expect(site.read(`${folder}/check-2.ts`).toString()).toBe(`import './check-2/rules.ts'\nexport const execute = () => 3\n`)
    requireWhole(site)
    site.write(`${folder}/check-2.ts`, 'export const execute = () => 4\n')
    expect(states(await install(maker.path('newer.zip')))[tool]).toBe('modified keep')
  })

  it('by a file that belongs to nobody', async () => {
    site.write(iconFile, 'mine')
    expect(await install(maker.path('brand.zip'))).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ ref: icon, state: 'conflict', why: `${iconFile} exists already` })]) })
    expect(site.read(iconFile).toString()).toBe('mine')
    expect(states(await install(maker.path('brand.zip'), { onConflict: 'replace' }))[icon]).toBe('conflict replace')
    requireWhole(site)
  })
})

describe('from an address', () => {
  it('on this machine it is fetched; redirects lead nowhere else', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/brand.zip') response.end(maker.read('brand.zip'))
      else if (request.url === '/same') response.writeHead(302, { location: '/brand.zip' }).end()
      else if (request.url === '/away') response.writeHead(302, { location: 'https://example.com/brand.zip' }).end()
      else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end()
      else response.writeHead(404).end()
    }).listen(0, '127.0.0.1')
    await new Promise((done) => server.once('listening', done))
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      expect((await install(`${at}/same`)).items).toHaveLength(4)
      for (const [address, why] of [[`${at}/away`, 'another host'], [`${at}/round`, 'more than 5'], [`${at}/none`, '404'], ['http://example.com/brand.zip', 'https'], ['ftp://127.0.0.1/x', 'https']] as const)
        await expect(install(address)).rejects.toMatchObject({ code: 'PACK_DOWNLOAD_FAILED', message: expect.stringContaining(why) })
    } finally {
      server.close()
    }
  })
})

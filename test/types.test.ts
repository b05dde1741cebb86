import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emitTypes, type HostFlavor, type TypedAsset } from '../src/core/emit-types.ts'
import { formatManifest, emptyManifest } from '../src/core/manifest.ts'
import typesOperation from '../src/operations/types.ts'
import { checkGeneratedSources, writeGeneratedSources, type GeneratedSources } from '../src/store/generated-sources.ts'
import { openWorkspace } from '../src/workspace.ts'
import { fixtureAssets } from './types/assets.ts'

const repository = resolve(import.meta.dirname, '..')
const compilers = { 'TypeScript 5.9': 'typescript-5', 'TypeScript 6': 'typescript', 'TypeScript 7': 'typescript-7' }
const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'types-test-'))
  folders.push(folder)
  return folder
}

function sources(root: string, assets: readonly TypedAsset[] | undefined, host: HostFlavor = 'vite'): GeneratedSources {
  return {
    root, typesFolder: join(root, '.assetloom/types'), constantsFile: join(root, 'src/assets.gen.ts'), isConstantsFileChosen: false,
    assets, host, tempFolder: join(root, '.assetloom/tmp'),
  }
}

/** Errors of a project: file name → codes. */
async function typeErrors(compiler: string, root: string): Promise<Record<string, string[]>> {
  const child = spawn(process.execPath, [join(repository, 'node_modules', compiler, 'bin/tsc'), '-p', root, '--pretty', 'false'], { cwd: root })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  await new Promise((done) => child.on('close', done))
  const errors: Record<string, string[]> = {}
  for (const [, file, code] of output.matchAll(/^(\S+)\(\d+,\d+\): error (TS\d+)/gm)) (errors[file!] ??= []).push(code!)
  if (output.trim() && Object.keys(errors).length === 0) throw new Error(output)
  return errors
}

function writeProject(root: string, options: object, types: string[]): void {
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'))
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  const compilerOptions = {
    target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', strict: true, noEmit: true, verbatimModuleSyntax: true,
    allowImportingTsExtensions: true, types, ...options,
  }
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src', '.assetloom/types/assets.d.ts'] }))
}

/** Spellings that must not pass; each in a file of its own. */
const unknown: Record<string, string> = {
  token: 'import a from "asset:NOPE"; export { a }',
  withExtension: 'import a from "asset:NOPE.webp"; export { a }',
  hostQuery: 'import a from "asset:NOPE?url"; export { a }',
  twoKeys: 'import a from "asset:NOPE?w=2&inline"; export { a }',
  picture: 'import a from "asset:NOPE?as=picture"; export { a }',
  version: 'import a from "asset:NOPE@1.0.0"; export { a }',
  dynamic: 'export const a = (await import("asset:NOPE")).default',
  dynamicExtension: 'export const a = (await import("asset:NOPE.webp")).default',
  file: 'import a from "~asset/NOPE.png"; export { a }',
  fileExtension: 'import a from "~asset/LOGO-AIOTIZE-PFP001.svg"; export { a }',
  fileExtensionQuery: 'import a from "~asset/LOGO-AIOTIZE-PFP001.webp?w=2"; export { a }',
  soundExtension: 'import a from "~asset/SFX-WYN-JUMP001.wav"; export { a }',
  fileQuery: 'import a from "~asset/NOPE.png?url"; export { a }',
  underFamilyGlob: 'import a from "asset:LOGO-AIOTIZE-NOPE001"; export { a }',
  underSeriesGlob: 'import a from "asset:LOGO-AIOTIZE-PFP003"; export { a }',
  lowerCaseUnderGlob: 'import a from "asset:LOGO-AIOTIZE-nope"; export { a }',
  underPrefixGlob: 'import a from "asset:LOGO-NOPE-PFP001"; export { a }',
  knownWithExtension: 'import a from "asset:LOGO-AIOTIZE-PFP001.svg"; export { a }',
  extensionAndQuery: 'import a from "asset:LOGO-AIOTIZE-PFP001.webp?w=2"; export { a }',
  pictureInTheMiddle: 'import a from "asset:LOGO-AIOTIZE-PFP001?w=2;4&as=picture&format=webp"; export const b = a.img',
  emptyGlob: 'import a from "asset:LOGO-NOPE-*"; export { a }',
  tokenOfGlob: 'import a from "asset:LOGO-AIOTIZE-*"; export const b = a["LOGO-AIOTIZE-PFP003"]',
  id: 'import a from "asset:design-tokens/colors/nope"; export { a }',
  colorQuery: 'import a from "asset:COLOR-AIOTIZE-BRAND001?w=2"; export { a }',
  widthOfSound: 'import { width } from "asset:SFX-WYN-JUMP001"; export { width }',
  wrongWidth: 'import { width } from "asset:LOGO-AIOTIZE-PFP001"; export const b: 601 = width',
}

describe.each([
  ...Object.entries(compilers).map(([name, compiler]) => ({ name, compiler, options: {} })),
  { name: 'TypeScript 7, nodenext', compiler: 'typescript-7', options: { module: 'nodenext', moduleResolution: 'nodenext' } },
  { name: 'TypeScript 5.9, nodenext', compiler: 'typescript-5', options: { module: 'nodenext', moduleResolution: 'nodenext' } },
])('types in $name', ({ compiler, options }) => {
  let errors: Record<string, string[]>
  beforeAll(async () => {
    const root = temporaryFolder()
    cpSync(join(import.meta.dirname, 'types/project'), root, { recursive: true })
    writeProject(root, options, ['vite/client'])
    for (const [name, text] of Object.entries(unknown)) writeFileSync(join(root, 'src', `${name}.ts`), text)
    writeGeneratedSources(sources(root, fixtureAssets))
    errors = await typeErrors(compiler, root)
  })

  it('knows every spelling of an asset, with literal facts', () => expect(errors['src/known.ts']).toBeUndefined())
  it('has no errors in the generated files', () => expect(Object.keys(errors).filter((file) => !file.startsWith('src/'))).toEqual([]))
  it.each(Object.keys(unknown))('refuses %s', (name) => expect(errors[`src/${name}.ts`]).toHaveLength(1))
})

describe('types in Astro', () => {
  it('fit astro:assets', async () => {
    const root = temporaryFolder()
    mkdirSync(join(root, 'src'))
    writeProject(root, { skipLibCheck: true, jsx: 'preserve' }, ['astro/client'])
    writeFileSync(
      join(root, 'src/page.ts'),
      `import { getImage } from 'astro:assets'
       import logo, { src, width } from 'asset:LOGO-AIOTIZE-PFP001'
       import drawing from 'asset:LOGO-AIOTIZE-PFP002'
       import file from '~asset/LOGO-AIOTIZE-PFP001.png'
       import srcset from 'asset:LOGO-AIOTIZE-PFP001?w=8;16'
       import smallFile from '~asset/LOGO-AIOTIZE-PFP001.png?w=8'
       import fileUrl from '~asset/LOGO-AIOTIZE-PFP001.png?url'
       import smallFileUrl from '~asset/LOGO-AIOTIZE-PFP001.png?w=8&url'
       import converted from 'asset:LOGO-AIOTIZE-PFP002.png'
       import convertedFile from '~asset/LOGO-AIOTIZE-PFP002.webp'
       const metadata: ImageMetadata[] = [logo, drawing, file, smallFile, converted, convertedFile]
       const urls: string[] = [fileUrl, smallFileUrl]
       const literals: [600, 600, 24, string, string] = [logo.width, width, drawing.width, src, srcset]
       const component: import('astro/types').SvgComponent = drawing
       export const image = getImage({ src: logo, width: 30 })
       export { metadata, literals, component, urls }`,
    )
    writeFileSync(join(root, 'src/unknown.ts'), 'import a from "asset:NOPE.png"; export { a }')
    writeGeneratedSources(sources(root, fixtureAssets, 'astro'))
    expect(await typeErrors('typescript', root)).toEqual({ 'src/unknown.ts': ['TS1192'] })
  })
})

describe('assetloom/client', () => {
  it('lets every spelling pass where no types are generated', async () => {
    const root = temporaryFolder()
    mkdirSync(join(root, 'src'))
    writeProject(root, {}, ['vite/client'])
    cpSync(join(repository, 'client.d.ts'), join(root, 'src/client.d.ts'))
    writeFileSync(
      join(root, 'src/page.ts'),
      `import a, { width } from 'asset:A.webp'
       import b from 'asset:A?w=1&as=picture'
       import c from '~asset/A.webp'
       export const all: [string, number | undefined, string, string] = [a, width, b.img.src, c]`,
    )
    expect(await typeErrors('typescript-5', root)).toEqual({})
  })
})

describe('writing', () => {
  const filesIn = (root: string) => readdirSync(join(root, '.assetloom/types')).sort()
  const stampOf = (path: string) => statSync(path, { bigint: true }).mtimeNs

  it('leaves files alone whose bytes are right, and brings back what is gone or changed', () => {
    const root = temporaryFolder()
    mkdirSync(join(root, 'src'))
    const input = sources(root, fixtureAssets)
    const { written } = writeGeneratedSources(input)
    const constants = join(root, 'src/assets.gen.ts')
    const bucket = join(root, '.assetloom/types/assets-0.d.ts')
    for (const path of [constants, bucket]) utimesSync(path, 1000, 1000)
    expect(writeGeneratedSources({ ...input, assets: fixtureAssets.toReversed() })).toEqual({ written: [], unchanged: written })
    expect([stampOf(constants), stampOf(bucket)]).toEqual([1_000_000_000_000n, 1_000_000_000_000n])

    const text = readFileSync(bucket, 'utf8')
    rmSync(bucket)
    writeFileSync(join(root, '.assetloom/types/globs.d.ts'), '')
    expect(checkGeneratedSources(input)).toMatchObject({ stale: ['.assetloom/types/assets-0.d.ts', '.assetloom/types/globs.d.ts'] })
    expect(writeGeneratedSources(input).written).toEqual(['.assetloom/types/assets-0.d.ts', '.assetloom/types/globs.d.ts'])
    expect(readFileSync(bucket, 'utf8')).toBe(text)
    expect(checkGeneratedSources(input)).toEqual({ stale: [], superfluous: [] })
    expect(readdirSync(join(root, '.assetloom/tmp'))).toEqual([])
  })

  it('removes buckets that are no longer there', () => {
    const root = temporaryFolder()
    writeGeneratedSources(sources(root, manyAssets(1200)))
    expect(filesIn(root).length).toBeGreaterThan(5)
    expect(checkGeneratedSources(sources(root, fixtureAssets)).stale).toContain('.assetloom/types/assets-11.d.ts')
    writeGeneratedSources(sources(root, fixtureAssets))
    expect(filesIn(root)).toEqual(['assets-0.d.ts', 'assets.d.ts', 'globs.d.ts', 'shared.d.ts'])
  })

  it('writes nothing without a manifest, and no constants without a place or an asset for them', () => {
    const root = temporaryFolder()
    expect(writeGeneratedSources(sources(root, undefined))).toEqual({ written: [], unchanged: [] })
    expect(readdirSync(root)).toEqual([])
    expect(writeGeneratedSources(sources(root, fixtureAssets)).written).not.toContain('src/assets.gen.ts')
    expect(writeGeneratedSources({ ...sources(root, fixtureAssets), isConstantsFileChosen: true }).written).toEqual(['src/assets.gen.ts'])
    rmSync(join(root, 'src/assets.gen.ts'))
    expect(writeGeneratedSources(sources(root, [])).written).not.toContain('src/assets.gen.ts')
  })

  it("does not write over another hand's file", () => {
    const root = temporaryFolder()
    mkdirSync(join(root, 'src'))
    writeFileSync(join(root, 'src/assets.gen.ts'), 'export const mine = 1\n')
    expect(() => writeGeneratedSources(sources(root, fixtureAssets))).toThrow(expect.objectContaining({ code: 'CONSTANTS_FOREIGN' }))
    expect(readFileSync(join(root, 'src/assets.gen.ts'), 'utf8')).toBe('export const mine = 1\n')
  })

  it('changes one file for one asset more among 10,000', () => {
    const assets = manyAssets(10_000)
    const before = emitTypes(assets, 'vite')
    const again = emitTypes(assets.toReversed(), 'vite')
    const added = manyAssets(10_001).at(-1)!
    const after = emitTypes([...assets, added], 'vite')
    const changed = (texts: Map<string, string>) => [...texts].filter(([name, text]) => before.get(name) !== text).map(([name]) => name)
    expect(changed(again)).toEqual([])
    expect(changed(after)).toHaveLength(1)
    expect(changed(after)[0]).toMatch(/^assets-[01]+\.d\.ts$/)
    for (const text of before.values()) {
      expect(text.endsWith('\n')).toBe(true)
      expect(text).not.toMatch(/[\r\u2028\u2029]/)
    }
  })
})

describe('assetloom types', () => {
  it('writes, and with --check says what is stale and exits 4', async () => {
    const root = temporaryFolder()
    mkdirSync(join(root, 'assets'))
    mkdirSync(join(root, 'src'))
    const workspace = await openWorkspace({ root, options: { logLevel: 'silent' }, env: {} })
    const context = { workspace, signal: new AbortController().signal, confirm: async () => false, progress: { start() {}, advance() {}, stop() {} } } as never
    const run = (check: boolean) => typesOperation.run({ check }, context)
    try {
      expect(await run(false)).toEqual({ written: [], unchanged: [], stale: [] })
      const assets = Object.fromEntries(fixtureAssets.map(({ ref, entry }) => [ref, entry]))
      writeFileSync(join(root, 'assets/manifest.json'), formatManifest({ ...emptyManifest(), assets }))
      const stale = await run(true)
      expect(stale.stale).toEqual(['src/assets.gen.ts'])
      expect(typesOperation.verdict!(stale, { check: true })).toMatchObject({ code: 'TYPES_STALE', exit: 4 })
      expect(statSync(join(root, 'src/assets.gen.ts'), { throwIfNoEntry: false })).toBeUndefined()
      expect((await run(false)).written).toContain('src/assets.gen.ts')
      const fresh = await run(true)
      expect(typesOperation.verdict!(fresh, { check: true })).toBeUndefined()
      rmSync(join(root, '.assetloom/types/shared.d.ts'))
      expect((await run(true)).stale).toEqual(['.assetloom/types/shared.d.ts'])
      // As in a clean clone.
      rmSync(join(root, '.assetloom/types'), { recursive: true })
      expect((await run(true)).stale).toEqual([])
    } finally {
      await workspace.close()
    }
  })
})

function manyAssets(count: number): TypedAsset[] {
  return Array.from({ length: count }, (_, i) => {
    const token = `IMG-ACME-${String.fromCharCode(65 + Math.floor(i / 999 / 26), 65 + (Math.floor(i / 999) % 26))}${String((i % 999) + 1).padStart(3, '0')}`
    return { ...fixtureAssets[0]!, ref: token, entry: { ...fixtureAssets[0]!.entry, token } }
  })
}

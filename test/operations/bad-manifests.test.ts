import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProject, png, run, type TestProject } from './project.ts'

let project: TestProject
let good: string
beforeEach(async () => {
  project = createProject()
  project.write('a.png', await png(1))
  await run(project, 'import', { files: ['a.png'], category: 'Logos', variant: 'MARK', tags: ['one'] })
  good = project.read('assets/manifest.json').toString()
})
afterEach(() => project.remove())

const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length
const change = (from: string | RegExp, to: string) => (text: string) => {
  const changed = text.replace(from, to)
  if (changed === text) throw new Error(`the case changes nothing: ${String(from)}`)
  return changed
}

interface Case {
  name: string
  damage(text: string): string | Uint8Array
  code?: string
  /** Text on whose line the damage is. */
  at?: string
  says: RegExp
}

const cases: Case[] = [
  { name: 'empty', damage: () => '', says: /empty/ },
  { name: 'only white space', damage: () => '\n \n', says: /empty/ },
  { name: 'a byte order mark', damage: (text) => `\ufeff${text}`, says: /byte order mark/ },
  {
    name: 'cut short',
    damage: (text) => text.slice(0, Math.floor(text.length / 2)),
    says: /JSON|Unexpected|Unterminated|Expected/i,
  },
  { name: 'one closing brace too few', damage: (text) => text.trimEnd().slice(0, -1), says: /JSON|Expected/i },
  { name: 'text behind the end', damage: (text) => `${text}x`, says: /JSON|Unexpected/i },
  {
    name: 'a flipped quote',
    damage: change('"category"', '\'category"'),
    says: /JSON|Unexpected|Expected/i,
    at: '\'category"',
  },
  { name: 'a trailing comma', damage: change(/("version": 1),/, '$1,,'), says: /JSON|Expected/i, at: '"version": 1,,' },
  {
    name: 'a byte that is no UTF-8',
    damage: (text) =>
      Buffer.concat([
        Buffer.from(text.slice(0, text.indexOf('Logos'))),
        Buffer.from([0xff]),
        Buffer.from(text.slice(text.indexOf('Logos') + 1)),
      ]),
    says: /UTF-8/,
  },
  {
    name: 'a flipped bit in "assets"',
    damage: change('\n  "assets"', '\n  "assetc"'),
    says: /assetc.*assets/s,
    at: '"assetc"',
  },
  {
    name: 'a flipped bit in "sequences"',
    damage: change('"sequences"', '"sequencer"'),
    says: /sequencer.*sequences/s,
    at: '"sequencer"',
  },
  {
    name: 'a flipped digit in the key of an entry',
    damage: change('"LOGO-ACME-MARK001": {', '"LOGO-ACME-MARK003": {'),
    says: /LOGO-ACME-MARK003/,
    at: '"LOGO-ACME-MARK003": {',
  },
  {
    name: 'a flipped digit in the token of an entry',
    damage: change('"token": "LOGO-ACME-MARK001"', '"token": "LOGO-ACME-MARK003"'),
    says: /MARK003/,
    at: '"LOGO-ACME-MARK001": {',
  },
  {
    name: 'a flipped bit in the name of the token',
    damage: change('"token": "', '"toker": "'),
    says: /neither "token" nor "id"/,
  },
  {
    name: 'a flipped digit in a hash',
    damage: change(/"hash": "sha256:../, '"hash": "sha256:zz'),
    says: /sha256/,
    at: '"hash"',
  },
  {
    name: 'conflict markers',
    damage: change('  "sequences"', '<<<<<<< HEAD\n  "sequences"'),
    says: /conflict/,
    at: '<<<<<<<',
  },
  {
    name: 'a newer version',
    damage: change('"version": 1,', '"version": 2,'),
    code: 'MANIFEST_NEWER',
    says: /version 2/,
  },
  { name: 'an older version', damage: change('"version": 1,', '"version": 0,'), says: /version/, at: '"version": 0' },
  {
    name: 'the version as text',
    damage: change('"version": 1,', '"version": "1",'),
    says: /version/,
    at: '"version": "1"',
  },
  { name: 'an array', damage: () => '[]', says: /no JSON object/ },
  { name: 'null', damage: () => 'null', says: /no JSON object/ },
  {
    name: '__proto__',
    damage: change('"assets": {', '"assets": {\n    "__proto__": {},'),
    says: /__proto__/,
    at: '"__proto__"',
  },
  {
    name: 'constructor',
    damage: change('"tags"', '"constructor": 1,\n      "tags"'),
    says: /constructor/,
    at: '"constructor"',
  },
  {
    name: 'assets as a list',
    damage: (text) => `${text.slice(0, text.indexOf('"assets"'))}"assets": []\n}\n`,
    says: /assets/,
    at: '"assets"',
  },
  { name: 'a size as text', damage: change(/"size": (\d+)/, '"size": "$1"'), says: /size/, at: '"size"' },
  { name: 'tags as text', damage: change(/"tags": \[[^\]]*\]/, '"tags": "one"'), says: /tags/, at: '"tags"' },
  {
    name: 'a path out of the project',
    damage: change('"file": "assets/logos/', '"file": "../'),
    says: /inside the project/,
    at: '"file"',
  },
  {
    name: 'an absolute path',
    damage: change('"file": "assets/', '"file": "/'),
    says: /inside the project/,
    at: '"file"',
  },
  { name: 'a source of no known type', damage: change('"type": "import"', '"type": "magic"'), says: /source/ },
  {
    name: 'a sequence below zero',
    damage: change('"LOGO-ACME-MARK": 1', '"LOGO-ACME-MARK": -1'),
    says: /sequences/,
    at: '"LOGO-ACME-MARK": -1',
  },
  {
    name: 'an asset twice',
    damage: (text) => {
      const entry = / {4}"LOGO-ACME-MARK001": \{[^]*?\n {4}\}/.exec(text)![0]
      return text.replace(entry, `${entry},\n${entry}`)
    },
    says: /LOGO-ACME-MARK001.*twice/s,
  },
  {
    name: 'deep nesting',
    damage: change('"tags"', `"deep": ${'['.repeat(20_000)}${']'.repeat(20_000)},\n      "tags"`),
    says: /./,
  },
  {
    name: 'a Git LFS pointer',
    damage: () => `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`,
    says: /LFS/,
  },
]

const writers: [string, Record<string, unknown>][] = [
  ['import', { color: '#FF6B35' }],
  ['add-tags', { ref: 'LOGO-ACME-MARK001', tags: ['x'] }],
  ['delete', { ref: 'LOGO-ACME-MARK001', force: true }],
  ['sync', {}],
]

describe('a damaged manifest', () => {
  it.each(cases)('$name: refused with its line, never written over', async ({ damage, code, at, says }) => {
    const damaged = Buffer.from(damage(good) as string)
    project.write('assets/manifest.json', damaged)
    const filesBefore = project.files('assets')
    for (const [name, input] of writers) {
      const error = await run(project, name, input).then(
        () => undefined,
        (thrown: Error & { code?: string; hint?: string; location?: { line?: number } }) => thrown,
      )
      expect({ name, code: error?.code }).toEqual({ name, code: code ?? 'MANIFEST_DAMAGED' })
      expect(error!.message).toMatch(says)
      expect(error!.hint).toBeTruthy()
      if (at !== undefined)
        expect({ at, line: error!.location?.line }).toEqual({ at, line: lineOf(damaged.toString(), at) })
    }
    expect(project.read('assets/manifest.json').equals(damaged)).toBe(true)
    expect(project.files('assets')).toEqual(filesBefore)
  })

  it('is read again once it is mended', async () => {
    project.write('assets/manifest.json', good.slice(0, 100))
    await expect(run(project, 'list', {})).rejects.toMatchObject({ code: 'MANIFEST_DAMAGED' })
    project.write('assets/manifest.json', good)
    expect(await run(project, 'list', {})).toMatchObject({ total: 1 })
  })
})

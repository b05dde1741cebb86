import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapedCell, restoredCell } from '../../src/core/catalog/formula-cells.ts'
import { rowPathRefusal } from '../../src/core/catalog/row-path.ts'
import { rowOfLine, rowsNamed, searchLines } from '../../src/core/catalog/row-lines.ts'
import { readOrigin } from '../../src/core/catalog/source.ts'
import { formatIndex, readIndex, type ReadIndex } from '../../src/store/catalog/index-csv.ts'
import { rowOf } from './shelf.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const read = (text: string) => readIndex(bytes(text)) as ReadIndex

describe('cells', () => {
  it.each([['=1+1', "'=1+1"], ['+x', "'+x"], ['-x', "'-x"], ['@x', "'@x"], ["'=x", "''=x"], ['plain', 'plain'], ["it's", "it's"], ['', '']])('%j is written %j', (text, cell) => {
    expect(escapedCell(text)).toBe(cell)
    expect(restoredCell(cell)).toBe(text)
  })
  it('come back whatever they hold', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a', '"', ',') }), (text) => restoredCell(escapedCell(text)) === text))
  })
})

describe('an index', () => {
  const words = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', "'", '=', ' ', '本', ';') })
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,8}$/), { maxLength: 8 }), words, (names, description) => {
        const rows = names.map((name) => rowOf(`tools/x/${name}`, name, { description: description.trim(), tags: ['a b', '=c'], dependencies: { 'tools/x/other': '^1.0.0' }, version: '1.2.3', license: 'MIT' }))
        const { lines, problems } = read(formatIndex(rows))
        expect(problems).toEqual([])
        const back = lines === '' ? [] : lines.split('\n').map((line) => rowOfLine(line))
        expect(back).toEqual([...rows].sort((a, b) => (a.name < b.name ? -1 : 1)))
      }),
    )
  })
  it('of any bytes is read or refused, and never throws', () => {
    const head = 'type,category,name,description,tags,bin,sha,size,created,updated\n'
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => void readIndex(garbage)))
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '/', '.', '\0', '\t') }), (garbage) => void readIndex(bytes(head + garbage))))
  })
  it('whose quote does not end keeps what stands before it', () => {
    const good = formatIndex([rowOf('tools/x/a', 'a')])
    const { rows, problems } = read(`${good}tools,x,b,"never ends,,,,\n`)
    expect({ rows, problems: problems.length }).toEqual({ rows: 1, problems: 1 })
    expect(problems[0]!.problem).toMatch(/rest cannot be read|cells/)
  })
  it('over its limits is refused', () => {
    expect(readIndex(new Uint8Array(20_000_001).fill(97))).toEqual({ why: expect.stringContaining('the most is 20000000') })
    const sha = 'a'.repeat(40)
    const many = `type,category,name,description,tags,bin,sha,size,created,updated\n${Array.from({ length: 200_001 }, (_, i) => `t,c,n${i},,,,${sha},1,,\n`).join('')}`
    expect(readIndex(bytes(many))).toEqual({ why: 'it has more than 200000 rows' })
  })
})

describe('searching', () => {
  const { lines } = read(
    formatIndex([
      rowOf('tools/a/button', '1', { description: 'Presses' }),
      rowOf('tools/a/button-group', '2', { description: 'Several' }),
      rowOf('tools/a/radio', '3', { tags: ['button'], description: 'One of many' }),
      rowOf('tools/a/toolbar', '4', { description: 'Has a button, or rather two' }),
      rowOf('tools/a/unbuttoned', '5', { description: 'Open' }),
      rowOf('texts/a/x', '6', { description: 'İstanbul ÄRGER' }),
    ]),
  )
  const refs = (query: string) => searchLines(lines, query, 10).rows.map(({ name }) => name)
  it.each([
    ['button', ['button', 'button-group', 'unbuttoned', 'radio', 'toolbar']],
    ['BUTTON several', ['button-group']],
    ['tools/a/but', ['button', 'button-group']],
    ['istanbul', ['x']],
    ['ärger', ['x']],
    ['tools', []],
    ['tools/a/', ['button', 'button-group', 'radio', 'toolbar', 'unbuttoned']],
    ['', []],
    ['   ', []],
    ['.*', []],
    ['\t', []],
  ])('%j finds %j', (query, found) => expect(refs(query)).toEqual(found))
  it('counts all and gives the best', () => expect(searchLines(lines, 'button', 2)).toMatchObject({ total: 5, rows: [{ name: 'button' }, { name: 'button-group' }] }))
  it('takes any text', () => fc.assert(fc.property(fc.string(), (query) => void searchLines(lines, query, 5))))
  it.each([['button', 1], ['tools/a/button', 1], ['a/button', 0], ['Presses', 0], ['', 0], ['\n', 0], ['tools', 0]])('the name %j stands for %d', (name, count) => {
    expect(rowsNamed(lines, name)).toHaveLength(count)
  })
})

describe('sources', () => {
  it.each([
    ['github:acme/assets', { type: 'github', owner: 'acme', repo: 'assets', ref: 'HEAD' }],
    ['github:acme/assets#feature/x', { type: 'github', owner: 'acme', repo: 'assets', ref: 'feature/x' }],
    ['https://host.example/path', { type: 'static', url: 'https://host.example/path/' }],
    ['http://127.0.0.1:8080/', { type: 'static', url: 'http://127.0.0.1:8080/' }],
    ['file:../shared', { type: 'folder', folder: '../shared' }],
    ['file:///srv/shared', { type: 'folder', folder: '/srv/shared' }],
  ])('%s is read', (from, origin) => expect(readOrigin(from)).toEqual(origin))
  it.each(['github:acme', 'github:acme/assets/more', 'github:../assets', 'github:acme/..', 'github:acme/assets#../x', 'github:acme/assets#a b', 'github:acme/assets#', 'github:a%2fb/c', 'http://example.com/', 'https://user:pass@host/', 'https://host/?x', 'ftp://x', 'file:', 'acme/assets', ''])('%j is refused', (from) => expect(typeof readOrigin(from)).toBe('string'))
  it('refuses paths of every hostile sort, and takes plain ones', () => {
    for (const path of ['assets/a/b.png', 'a-b_c/d.e f/ü.svg']) expect(rowPathRefusal(path)).toBeUndefined()
    fc.assert(fc.property(fc.string(), (path) => rowPathRefusal(path) !== undefined || new URL(path.split('/').map(encodeURIComponent).join('/'), 'https://h/o/r/s/').pathname.startsWith('/o/r/s/')))
  })
})

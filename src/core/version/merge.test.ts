import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentHash } from '../digest.ts'
import type { Fields } from './fields.ts'
import { mergeFields } from './merge-fields.ts'
import { mergeFile, mergeFiles } from './merge-files.ts'
import { mergeText } from './merge-text.ts'

const text = (...lines: string[]) => `${lines.join('\n')}\n`
const bytesOf = (content: string) => new TextEncoder().encode(content)

describe('texts merged', () => {
  it.each<[name: string, base: string, ours: string, theirs: string, merged: string]>([
    ['changes apart', text('a', 'b', 'c', 'd', 'e'), text('A', 'b', 'c', 'd', 'e'), text('a', 'b', 'c', 'd', 'E'), text('A', 'b', 'c', 'd', 'E')],
    ['the same change', text('a', 'b'), text('a', 'B'), text('a', 'B'), text('a', 'B')],
    ['lines out here, in there', text('a', 'b', 'c', 'd'), text('a', 'c', 'd'), text('a', 'b', 'c', 'd', 'e'), text('a', 'c', 'd', 'e')],
    ['a missing last line end', 'a\nb\nc', 'A\nb\nc', 'a\nb\nc\n', 'A\nb\nc\n'],
    ['line ends that they changed', text('a', 'b', 'c'), text('A', 'b', 'c'), 'a\r\nb\r\nc\r\n', 'A\r\nb\r\nc\r\n'],
    ['line ends that we changed', text('a', 'b', 'c'), 'a\r\nb\r\nc\r\n', text('A', 'b', 'c'), 'A\r\nb\r\nc\r\n'],
    ['a text that both emptied', 'a\n', '', '', ''],
  ])('%s', (_name, base, ours, theirs, merged) => {
    expect(mergeText({ base, ours, theirs })).toEqual({ text: merged, conflicts: [] })
  })

  it('takes long texts of which most lines are alike', () => {
    const base = Array.from({ length: 200_000 }, (_, i) => (i % 2 ? '' : `${i % 8}`))
    const ours = base.with(40_000, 'ours')
    const theirs = base.with(150_000, 'theirs')
    const merged = mergeText({ base: base.join('\n'), ours: ours.join('\n'), theirs: theirs.join('\n') })
    expect(merged).toEqual({ text: ours.with(150_000, 'theirs').join('\n'), conflicts: [] })
  })

  it('tells where both changed the same lines, with what each has there', () => {
    const base = text('1', '2', '3', '4', '5')
    expect(mergeText({ base, ours: text('0', '1', '2', 'ours', '4', '5'), theirs: text('1', '2', 'theirs', '4', '5') })).toEqual({
      text: undefined,
      conflicts: [{ line: 4, base: '3', ours: 'ours', theirs: 'theirs' }],
    })
  })
})

describe('texts that both changed side by side', () => {
  it.each<[name: string, base: string, ours: string, theirs: string, conflict: object]>([
    ['lines that touch', text('1', '2', '3', '4'), text('1', 'ours', '3', '4'), text('1', '2', 'theirs', '4'), { line: 2, base: '2\n3', ours: 'ours\n3', theirs: '2\ntheirs' }],
    ['lines put in at one place', text('1', '2'), text('1', 'ours', '2'), text('1', 'theirs', '2'), { line: 2, base: '', ours: 'ours', theirs: 'theirs' }],
    ['a line changed that was taken out', text('1', '2', '3'), text('1', '3'), text('1', 'theirs', '3'), { line: 2, base: '2', ours: '', theirs: 'theirs' }],
  ])('are a conflict: %s', (_name, base, ours, theirs, conflict) => {
    expect(mergeText({ base, ours, theirs })).toEqual({ text: undefined, conflicts: [conflict] })
  })
})

describe('files merged', () => {
  const [a, b, c] = [new Uint8Array([0, 1]), new Uint8Array([0, 2]), new Uint8Array([0, 3])]

  it.each<[name: string, sides: Parameters<typeof mergeFile>[1], bytes: Uint8Array | undefined]>([
    ['ours alone', { base: a, ours: b, theirs: a }, b],
    ['theirs alone', { base: a, ours: a, theirs: b }, b],
    ['both the same', { base: a, ours: b, theirs: b }, b],
    ['new with us', { base: undefined, ours: b, theirs: undefined }, b],
    ['gone with them', { base: a, ours: a, theirs: undefined }, undefined],
    ['gone with both', { base: a, ours: undefined, theirs: undefined }, undefined],
  ])('%s', (_name, sides, bytes) => {
    expect(mergeFile('x.bin', sides)).toEqual({ bytes, conflicts: [] })
  })

  it.each<[name: string, sides: Parameters<typeof mergeFile>[1]]>([
    ['both changed what is no text', { base: a, ours: b, theirs: c }],
    ['both added what is no text', { base: undefined, ours: b, theirs: c }],
    ['one took away what the other changed', { base: bytesOf('a'), ours: undefined, theirs: bytesOf('b') }],
    ['a text became something else', { base: bytesOf('a'), ours: bytesOf('b'), theirs: c }],
  ])('a conflict: %s', (_name, { base, ours, theirs }) => {
    const hash = (bytes: Uint8Array | undefined) => (bytes ? contentHash(bytes) : null)
    expect(mergeFile('x.bin', { base, ours, theirs })).toEqual({
      conflicts: [{ path: 'x.bin', base: hash(base), ours: hash(ours), theirs: hash(theirs) }],
    })
  })

  it('merges each by its path', () => {
    const files = (entries: Record<string, string>) => new Map(Object.entries(entries).map(([path, content]) => [path, bytesOf(content)]))
    const merged = mergeFiles({
      base: files({ 'a.md': text('1', '2', '3'), 'gone.md': 'x', 'c.md': 'c' }),
      ours: files({ 'a.md': text('one', '2', '3'), 'gone.md': 'x', 'new.md': 'n', 'c.md': 'ours' }),
      theirs: files({ 'a.md': text('1', '2', 'three'), 'c.md': 'theirs' }),
    })
    expect(merged.conflicts).toEqual([{ path: 'c.md', line: 1, base: 'c', ours: 'ours', theirs: 'theirs' }])
    expect([...merged.files].map(([path, bytes]) => [path, new TextDecoder().decode(bytes)])).toEqual([['a.md', text('one', '2', 'three')], ['new.md', 'n']])
  })
})

describe('fields merged', () => {
  it.each<[name: string, base: Fields, ours: Fields, theirs: Fields, merged: Fields]>([
    ['of each side its change', { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 2 }],
    ['what one took away', { a: 1, b: 1 }, { a: 1 }, { a: 1, b: 1, c: 1 }, { a: 1, c: 1 }],
    ['sets word by word', { tags: ['a', 'b'] }, { tags: ['a', 'c'] }, { tags: ['b', 'a', 'd'] }, { tags: ['a', 'c', 'd'] }],
    ['sets that both began', {}, { tags: ['a'] }, { tags: ['b'] }, { tags: ['a', 'b'] }],
    ['a set that one emptied', { tags: ['a'] }, {}, { tags: ['a', 'b'] }, { tags: ['b'] }],
    ['records field by field', { d: { a: '1' } }, { d: { a: '2' } }, { d: { a: '1', b: '1' } }, { d: { a: '2', b: '1' } }],
    ['records that both began', {}, { d: { a: '1' } }, { d: { b: '1' } }, { d: { a: '1', b: '1' } }],
    ['texts of several lines', { p: text('1', '2', '3') }, { p: text('one', '2', '3') }, { p: text('1', '2', 'three') }, { p: text('one', '2', 'three') }],
  ])('%s', (_name, base, ours, theirs, merged) => {
    expect(mergeFields({ base, ours, theirs })).toEqual({ value: merged, conflicts: [] })
  })

  it.each<[name: string, base: Fields, ours: Fields, theirs: Fields, conflict: unknown]>([
    ['a value', { a: 1 }, { a: 2 }, { a: 3 }, { field: 'a', base: 1, ours: 2, theirs: 3 }],
    ['a value that both began', {}, { a: 2 }, { a: 3 }, { field: 'a', base: null, ours: 2, theirs: 3 }],
    ['one that we took away', { a: 1 }, {}, { a: 3 }, { field: 'a', base: 1, ours: null, theirs: 3 }],
    ['a record that they took away', { d: { a: '1' } }, { d: { a: '2' } }, {}, { field: 'd', base: { a: '1' }, ours: { a: '2' }, theirs: null }],
    ['one within', { d: { a: '1' } }, { d: { a: '2' } }, { d: { a: '3' } }, { field: 'd.a', base: '1', ours: '2', theirs: '3' }],
    ['a list that is no set', { steps: ['a'] }, { steps: ['b'] }, { steps: ['c'] }, { field: 'steps', base: ['a'], ours: ['b'], theirs: ['c'] }],
  ])('a conflict: %s', (_name, base, ours, theirs, conflict) => {
    const merged = mergeFields({ base, ours, theirs })
    expect(merged.conflicts).toEqual([conflict])
    expect(merged.value).toEqual(ours)
  })

  it('reaches no prototype', () => {
    const theirs = JSON.parse('{ "__proto__": { "isAdmin": true }, "constructor": "x" }') as Fields
    const { value } = mergeFields({ base: {}, ours: { a: 1 }, theirs })
    expect(Object.keys(value).sort()).toEqual(['__proto__', 'a', 'constructor'])
    expect((value as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })
})

const line = fc.string({ unit: 'grapheme-ascii', maxLength: 6 })
const anyText = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'))
const word = fc.constantFrom('a', 'b', 'c', 'd')
const anyFields = fc.dictionary(
  fc.constantFrom('alt', 'tags', 'dependencies', 'rating', 'note', '__proto__'),
  fc.oneof(fc.uniqueArray(word), fc.dictionary(word, fc.nat(2)), anyText, fc.nat(3), fc.constant(null)),
)

/** Laws of every three-way merge. */
function laws<T>(value: fc.Arbitrary<T>, merge: (base: T, ours: T, theirs: T) => unknown) {
  fc.assert(
    fc.property(value, value, (x, y) => {
      expect(merge(x, x, y)).toEqual(y)
      expect(merge(x, y, x)).toEqual(y)
      expect(merge(x, y, y)).toEqual(y)
    }),
  )
}

describe('in general', () => {
  it('a side that changed nothing changes nothing: texts', () => {
    laws(anyText, (base, ours, theirs) => mergeText({ base, ours, theirs }).text)
  })

  it('a side that changed nothing changes nothing: fields', () => {
    laws(anyFields as fc.Arbitrary<Fields>, (base, ours, theirs) => {
      const { value, conflicts } = mergeFields({ base, ours, theirs })
      return conflicts.length > 0 ? conflicts : value
    })
  })

  it('edits that do not touch are both applied', () => {
    const edit = fc.oneof(fc.constant('out' as const), fc.array(line, { minLength: 1, maxLength: 3 }))
    const edits = fc.array(fc.record({ side: fc.constantFrom('ours', 'theirs'), edit }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(edits, (changes) => {
        // Every second line may change; those between stay and tell the places apart.
        const base = changes.flatMap((_, i) => [`keep ${i}`, `line ${i}`]).concat('end')
        const apply = (side: string | undefined) =>
          base.flatMap((one, at) => {
            const change = changes[(at - 1) / 2]
            if (at % 2 === 0 || !change || (side !== undefined && change.side !== side)) return [one]
            return change.edit === 'out' ? [] : change.edit.map((added, i) => `${added} ${at} ${i}`)
          })
        const merged = mergeText({ base: base.join('\n'), ours: apply('ours').join('\n'), theirs: apply('theirs').join('\n') })
        expect(merged).toEqual({ text: apply(undefined).join('\n'), conflicts: [] })
      }),
    )
  })

  it('fields that only one side changed are both taken', () => {
    fc.assert(
      fc.property(anyFields, anyFields, (base, other) => {
        const names = [...new Set([...Object.keys(base), ...Object.keys(other)])]
        const isOurs = (name: string) => names.indexOf(name) % 2 === 0
        const side = (takes: (name: string) => boolean) =>
          Object.fromEntries(names.flatMap((name) => {
            const from = takes(name) ? other : base
            return Object.hasOwn(from, name) ? [[name, from[name]]] : []
          }))
        const { value, conflicts } = mergeFields({ base, ours: side(isOurs), theirs: side((name) => !isOurs(name)) })
        expect(conflicts).toEqual([])
        expect(value).toEqual(side(() => true))
      }),
    )
  })
})

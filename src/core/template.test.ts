import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillText, fillValue, letterOf, namesIn, resolveValues } from './template.ts'

describe('fillText', () => {
  it('puts any value in literally and once', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(fillText('<{{a}}|{{ b }}|{{c}}>', new Map([['a', a], ['b', b]]))).toBe(`<${a}|${b}|{{c}}>`)
      }),
    )
  })
  it.each([
    ['{{a}}{{b}} {{a}}', ['a', 'b']],
    ['{a} {{ }} {{1}} {{a b}}', []],
    ['{{{a}}}', ['a']],
  ])('finds the names in %s', (text, names) => expect(namesIn(text)).toEqual(names))
})

it('fillValue keeps the type of a value that stands alone', () => {
  const values = new Map<string, string | number | boolean>([
    ['n', 3],
    ['b', false],
    ['s', 'x'],
  ])
  expect(fillValue({ a: '{{n}}', b: ['{{b}}', '{{s}} {{n}}'], c: 7 }, values)).toEqual({
    a: 3,
    b: [false, 'x 3'],
    c: 7,
  })
})

describe('resolveValues', () => {
  const declared = [
    { name: 'kind', type: 'enum' as const, values: ['low', 'high'] },
    { name: 'count', type: 'number' as const, default: 2 },
    { name: 'on', type: 'boolean' as const, default: false },
    { name: 'level', type: 'enum' as const, values: [1, 2], default: 1 },
  ]
  it('reads texts as what is declared, and fills in defaults', () => {
    expect([...resolveValues(declared, { kind: 'low', on: 'true', level: '2' }).values]).toEqual([
      ['kind', 'low'],
      ['count', 2],
      ['on', true],
      ['level', 2],
    ])
  })
  it('lists all that is wrong', () => {
    expect(resolveValues(declared, { count: 'many', on: 'maybe', level: 3, size: 1 }).problems).toEqual({
      missing: ['kind'],
      unknown: ['size'],
      wrong: ['count: "many" is no number', 'on: "maybe" is no boolean', 'level: 3 is none of 1, 2'],
    })
  })
  it('does not take an inherited name for a value', () =>
    expect(resolveValues([{ name: 'constructor', type: 'string' }], {}).problems.missing).toEqual(['constructor']))
})

it.each([
  [1, 'A'],
  [4, 'D'],
  [26, 'Z'],
  [27, 'AA'],
  [52, 'AZ'],
  [53, 'BA'],
])('the letter of %i is %s', (place, letter) => expect(letterOf(place)).toBe(letter))

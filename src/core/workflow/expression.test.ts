import { describe, expect, it } from 'vitest'
import { isAssetloomError, type AssetloomError } from '../errors.ts'
import { evaluate, parseExpression } from './expression.ts'
import { expressionsIn, fillExpressions } from './fill-expressions.ts'

const scope = new Map<string, unknown>([
  ['inputs', { lang: 'en', count: 3, tags: ['a', 'b'], empty: '', own: JSON.parse('{"__proto__": {"leak": 1}, "deep": {"ok": true}}') as unknown }],
  ['steps', { 'read-me': { output: { words: 120, title: 'On tea' }, status: 'completed' }, off: { output: null, status: 'skipped' } }],
])
const result = (text: string) => evaluate(parseExpression(text), scope)

const faultOf = (work: () => unknown): AssetloomError => {
  try {
    work()
  } catch (error) {
    if (isAssetloomError(error)) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('an expression', () => {
  it.each([
    ['steps["read-me"].output.words > 100 && inputs.lang == "en"', true],
    ['inputs.count * 2 + 1', 7],
    ['inputs.lang === "de" ? "ja" : "no"', 'no'],
    ['steps.off.output.words', null],
    ['steps.off.output.words ?? 5', 5],
    ['!inputs.empty', true],
    ['-inputs.count % 2', -1],
    ['inputs.tags == ["a", "b"]', true],
    ['inputs.tags[1] + "!"', 'b!'],
    ['inputs.tags.length', 2],
    ['length(steps["read-me"].output)', 2],
    ['contains(inputs.tags, "b") && !contains("abc", "d")', true],
    ['join(inputs.tags, "-")', 'a-b'],
    ['upper(trim(" x ")) + lower("Y")', 'Xy'],
    ['startsWith("draft.md", "draft") && endsWith("draft.md", ".md")', true],
    ['number("4.50") / 3', 1.5],
    ['round(10 / 3, 2)', 3.33],
    ['max(1, 5, 3) - min([4, 2])', 3],
    ['text(inputs.tags)', '["a","b"]'],
    ['"a" < "b"', true],
    ['inputs?.own?.deep?.ok', true],
    ['nothing', null],
    ['inputs.toString', null],
    ['inputs.own.hasOwnProperty', null],
    ['inputs.tags.map', null],
    ['inputs.lang.at', null],
    ['undefined == null', true],
  ])('%s', (text, expected) => {
    expect(result(text)).toEqual(expected)
  })

  it.each([
    ['inputs.__proto__', 8, /names __proto__/],
    ['inputs["__proto__"]', 8, /names __proto__/],
    ['inputs.own.constructor', 12, /names constructor/],
    ['\\u0063onstructor', 1, /constructor/],
    ['inputs.tags.map(x => x)', 1, /calls something/],
    ['(() => 1)()', 2, /calls something/],
    ['eval("1")', 1, /calls eval/],
    ['Function("return 1")()', 1, /calls something/],
    ['new Date()', 1, /holds new/],
    ['this', 1, /holds this/],
    ['`x`', 1, /template/],
    ['import("fs")', 1, /no part/],
    ['a = 1', 1, /assignment/],
    ['a; b', 4, /one value/],
    ['{ a: 1 }', 1, /must be a value/],
    ['/a+/', 1, /holds what is no text/],
    ['10n', 1, /holds what is no text/],
    ['a in b', 2, /holds in/],
    ['typeof a', 1, /holds typeof/],
    ['1 +', 4, /cannot be read/],
    ['', 1, /empty/],
    [`"${'x'.repeat(2000)}"`, 2001, /characters/],
  ])('refuses %s', (text, column, problem) => {
    const error = faultOf(() => parseExpression(text))
    expect(error).toMatchObject({ code: 'EXPRESSION_INVALID', location: { column }, exit: 2 })
    expect(error.message).toMatch(problem)
  })

  it.each([
    ['inputs["con" + "structor"]', /names constructor/],
    ['inputs[text("__pro") + "to__"]', /names __proto__/],
    ['inputs.own["__pro" + "to__"].leak', /names __proto__/],
    ['1 / 0', /is no number/],
    ['"a" * 2', /is for numbers/],
    ['inputs.tags < 3', /is for numbers/],
    ['lower(3)', /is no text/],
    ['number("many")', /which is none/],
    ['1 + (inputs.count - "b")', /3 - "b"/],
  ])('fails with a place: %s', (text, problem) => {
    const error = faultOf(() => result(text))
    expect(error).toMatchObject({ code: 'EXPRESSION_FAILED', location: { column: expect.any(Number) as number } })
    expect(error.message).toMatch(problem)
  })

  it('tells where in a long one it failed', () => {
    expect(faultOf(() => result('inputs.count > 1 && lower(inputs.count) == "x"')).location?.column).toBe(21)
    expect(parseExpression('inputs.a + steps["b-c"].output').references).toEqual([
      { path: ['inputs', 'a'], column: 1 },
      { path: ['steps', 'b-c', 'output'], column: 12 },
    ])
  })

  it('makes no text without end', () => {
    const long = new Map([['x', 'a'.repeat(900_000)]])
    expect(faultOf(() => evaluate(parseExpression('x + x'), long)).message).toMatch(/1000000 characters/)
  })
})

describe('a text with expressions', () => {
  it.each([
    ['{{ inputs.count }}', 3],
    [' {{inputs.tags}} ', ['a', 'b']],
    ['{{ inputs.count }} of {{ inputs.tags }}', '3 of ["a","b"]'],
    ['{{ steps.off.output }}.', '.'],
    ['no marks }} {{', 'no marks }} {{'],
    ['{{ "{{" }}', '{{'],
  ])('%s', (text, expected) => {
    expect(fillExpressions(text, scope)).toEqual(expected)
  })

  it('is filled wherever it stands, once', () => {
    const echo = new Map([['inputs', { x: '{{ inputs.y }}', y: 1 }]])
    expect(fillExpressions({ a: ['{{ inputs.x }}', 2], b: { c: 'x: {{ inputs.x }}' } }, echo)).toEqual({ a: ['{{ inputs.y }}', 2], b: { c: 'x: {{ inputs.y }}' } })
    expect(expressionsIn({ a: ['{{ x }}'] })).toEqual([{ path: ['a', 0], text: 'x' }])
  })
})

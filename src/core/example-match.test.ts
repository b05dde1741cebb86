import { describe, expect, it } from 'vitest'
import { exampleProblems } from './example-match.ts'

describe('exampleProblems', () => {
  it.each([
    [{ words: 2 }, { words: 2, sentences: 1 }],
    [[{ a: 1 }, 2], [{ a: 1, b: 2 }, 2]],
    ['text\n', 'text'],
    [null, null],
    [{}, {}],
  ])('%j is matched by %j', (expected, actual) => {
    expect(exampleProblems(expected, actual, 'output')).toEqual([])
  })

  it.each([
    [{ words: 2 }, { words: 3 }, 'output.words is 3, and the example says 2'],
    [{ words: 2 }, {}, 'output.words is missing, and the example says 2'],
    [{ a: { b: 1 } }, { a: [1] }, 'output.a is [1], and the example says {"b":1}'],
    [[1], [1, 2], 'output has 2 members, and the example 1'],
    [[1], { 0: 1 }, 'output is {"0":1}, and the example says [1]'],
    [0, '0', 'output is "0", and the example says 0'],
    [null, {}, 'output is {}, and the example says null'],
    [{ constructor: 1 }, {}, 'output.constructor is missing, and the example says 1'],
    [' text', 'text', 'output is "text", and the example says " text"'],
  ])('%j is not matched by %j', (expected, actual, problem) => {
    expect(exampleProblems(expected, actual, 'output')).toEqual([problem])
  })
})

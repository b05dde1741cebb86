import { describe, expect, it } from 'vitest'
import { tightenText } from './tighten-text.ts'

describe('tightenText', () => {
  it.each([
    ['line ends', 'a\r\nb\rc\n', 'a\nb\nc\n'],
    ['spaces at line ends', 'a \nb\t\n', 'a\nb\n'],
    ['spaces', 'Write   a short  text.', 'Write a short text.'],
    ['blank lines', '\n\na\n\n\n\nb\n\n', 'a\n\nb\n'],
    ['a line that repeats', 'Be brief and kind.\nBe brief and kind.\nUse lists.', 'Be brief and kind.\nUse lists.'],
    ['a paragraph that repeats', 'Be brief.\nUse lists.\n\nBe brief.\nUse lists.\n\nEnd.\n', 'Be brief.\nUse lists.\n\nEnd.\n'],
    ['a paragraph that repeats at the end', 'Be brief and kind.\n\nBe brief and kind.\n', 'Be brief and kind.\n'],
    ['all of it', 'One  two  \n\n\n  three   four\r\n', 'One two\n\n  three four\n'],
  ])('takes away %s', (_, text, expected) => {
    const { text: result, reductions } = tightenText(text)
    expect(result).toBe(expected)
    expect(Object.keys(reductions).length).toBeGreaterThan(0)
    expect(tightenText(result)).toEqual({ text: result, reductions: {} })
  })

  it.each([
    ['what is short', 'Write about {{ topic }}.\n'],
    ['nothing', ''],
    ['code in fences', 'See:\n```js\na  =  1  \n\n\n\na  =  1  \n```\n'],
    ['code in longer fences', '~~~~\n```\na  b\n~~~~\nx y'],
    ['indented code', 'See:\n\n    a  =  1\n    bb =  2\n'],
    ['tables', '| a  | b |\n|----|---|\n| 1  | 2 |\n'],
    ['columns', 'name    size\nlogo    12\n'],
    ['breaks of Markdown', 'Roses are red,  \nviolets are blue.'],
    ['short lines that repeat', '---\n---\nYes.\nYes.'],
    ['repeats further away', 'Be brief and kind.\nUse lists.\nBe brief and kind.'],
    ['indents', '- a\n  - b\n    - c\n'],
  ])('leaves %s as it is', (_, text) => {
    expect(tightenText(text)).toEqual({ text, reductions: {} })
  })
})

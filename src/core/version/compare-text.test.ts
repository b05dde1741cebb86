import { applyPatch } from 'diff'
import { describe, expect, it } from 'vitest'
import { compareText } from './compare-text.ts'

const names = { before: 'a.md@1.0.0', after: 'a.md@1.0.1' }

describe('texts compared', () => {
  it('gives a unified diff with three lines of context', () => {
    const lines = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '']
    const after = lines.map((line) => (line === '5' ? 'five' : line)).join('\n')
    expect(compareText(lines.join('\n'), after, names)).toEqual({
      unified: '--- a.md@1.0.0\n+++ a.md@1.0.1\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
      addedLines: 1,
      removedLines: 1,
    })
  })

  it('is empty for equal texts', () => {
    expect(compareText('a\n', 'a\n', names)).toEqual({ unified: '', addedLines: 0, removedLines: 0 })
  })

  it.each([
    ['a missing last line end', 'a\nb', 'a\nb\n'],
    ['other line ends', 'a\r\nb\r\n', 'a\nb\n'],
    ['a text that was empty', '', 'a\n'],
    ['a text that is empty', 'a\n', ''],
    ['lines that look like a head', '--- x\n+++ y\n', '--- x\n+++ z\n'],
  ])('can be applied: %s', (_name, before, after) => {
    const { unified } = compareText(before, after, names)
    expect(applyPatch(before, unified, { autoConvertLineEndings: false })).toBe(after)
  })

  it('tells texts with too many edits as replaced, in bounded time', () => {
    const text = (seed: number) => Array.from({ length: 6000 }, (_, i) => `${(i * seed) % 9973} ${seed}\n`).join('')
    const [before, after] = [text(7), text(11)]
    const { unified, addedLines, removedLines } = compareText(before, after, names)
    expect([addedLines, removedLines]).toEqual([6000, 6000])
    expect(applyPatch(before, unified)).toBe(after)
  })
})

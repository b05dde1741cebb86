import { describe, expect, it } from 'vitest'
import { fold, termsIn, wordsIn } from './search-text.ts'

describe('terms', () => {
  it.each([
    ['Hero banner', ['hero', 'banner']],
    ['LOGO-ACME-MARK001', ['logo', 'acme', 'mark', '001', 'mark001']],
    ['particleWhite2x', ['particle', 'white', '2', 'x', 'particlewhite2x']],
    ['HTMLPage', ['htmlpage']],
    ['Café ＡＢＣ Straße', ['cafe', 'abc', 'strasse']],
    ['Cafe\u0301', ['cafe']],
    ['東京都', ['東京', '京都', '都']],
    ['asset東京 x', ['asset', '東京', '京', 'x']],
    ['🚀🇯🇵👍🏽', ['🚀', '🇯🇵', '👍']],
    ['\ud83d \0 "…"', []],
    ['', []],
  ])('of %j', (text, terms) => {
    expect(termsIn(text)).toEqual(terms)
  })

  it('know where they stand', () => {
    expect(wordsIn('a Café 東京').map(({ start, end }) => [start, end])).toEqual([[0, 1], [2, 6], [7, 9], [8, 9]])
  })

  it('are cut when no person would type them', () => {
    expect(termsIn('x'.repeat(5000))[0]).toHaveLength(40)
  })
})

it('folds to the same twice', () => {
  for (const text of ['Ärger', 'Й', 'ﬁne', 'Ǆ', 'İ', '가', 'が']) expect(fold(fold(text))).toBe(fold(text))
})

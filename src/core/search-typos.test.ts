import { describe, expect, it } from 'vitest'
import { createVocabulary, slipsBetween } from './search-typos.ts'

describe('slips', () => {
  it.each([
    ['hero', 'hero', 0],
    ['heor', 'hero', 1],
    ['hro', 'hero', 1],
    ['herro', 'hero', 1],
    ['hera', 'hero', 1],
    ['backgruond', 'background', 1],
    ['bakgroud', 'background', 2],
    // The beginning of a longer word, plus a half.
    ['bannr', 'banners', 1.5],
    ['buton', 'buttons', 1.5],
    ['bakgroud', 'backgrounds', 2.5],
    // Too short, and too many, for a beginning.
    ['heor', 'heroes', 3],
    ['bacgrnd', 'backgrounds', 3],
    ['zebra', 'hero', 3],
  ])('between %s and %s: %d', (word, term, slips) => {
    expect(slipsBetween(word, term, 2)).toBe(slips)
  })
})

describe('a vocabulary', () => {
  const { meant } = createVocabulary(['banner', 'banners', 'background', 'hero', 'heron', 'zero', 'forest', 'buttons', 'illustrations'])

  it.each([
    ['bannre', 'banner'],
    ['hreo', 'hero'],
    ['ground', 'background'],
    ['forst', 'forest'],
    ['buton', 'buttons'],
    ['ilustratoin', 'illustrations'],
  ])('takes %s for %s', (typed, term) => {
    expect(meant(typed, 6)[0]?.term).toBe(term)
  })

  it('puts a word that is only begun behind whole ones', () => {
    expect(createVocabulary(['buttons', 'butter', 'button', 'baton']).meant('buton', 6).map(({ term }) => term)).toEqual(['baton', 'button', 'buttons'])
  })

  it('offers nothing for a word that is too short, or near to none', () => {
    expect(meant('he', 6)).toEqual([])
    expect(meant('quartz', 6)).toEqual([])
    expect(meant('banner', 1)).toHaveLength(1)
  })
})

import { compileString } from 'sass'
import StyleDictionary from 'style-dictionary'
import { describe, expect, it } from 'vitest'
import { readTokens } from '../../src/core/tokens/read-tokens.ts'
import { tokensToCss, tokensToScss } from '../../src/core/tokens/token-sheets.ts'
import { tokensToDtcg } from '../../src/core/tokens/write-dtcg.ts'

const tree = {
  $description: 'Of the brand',
  color: { primary: { $value: '#FF6B35', $type: 'color', $extensions: { 'org.example.note': { a: 1 } } }, accent: '{color.primary}' },
  space: { $type: 'dimension', small: '8px', large: { $value: { value: 2, unit: 'rem' } } },
  fade: '200ms',
}
const { set, problems } = readTokens(tree, { group: 'colors', modes: { dark: { color: { primary: '#102030' } } } })

describe('design tokens', () => {
  it('drafts are read, and 2025.10 is written; reading it again gives the same', () => {
    expect(problems).toEqual([])
    const written = tokensToDtcg(set)
    expect(written).toMatchObject({
      color: { primary: { $type: 'color', $value: { colorSpace: 'srgb', hex: '#FF6B35' }, $extensions: { 'org.example.note': { a: 1 } } }, accent: { $value: '{color.primary}' } },
      space: { small: { $type: 'dimension', $value: { value: 8, unit: 'px' } } },
    })
    expect(tokensToDtcg(readTokens(written, { group: 'colors' }).set)).toEqual(written)
  })

  it('an alias follows its token in every mode', () => {
    const css = tokensToCss(set)
    expect(css).toContain('--color-accent: var(--color-primary);')
    expect(css).toMatch(/\[data-mode="dark"\] \{\n {2}--color-primary: #102030;/)
  })

  it('Sass reads the variables', () => {
    expect(compileString(`${tokensToScss(set)}a { color: $color-accent; margin: $space-small }`).css).toMatch(/color: #FF6B35;\s+margin: 8px/)
  })

  it('Style Dictionary reads what is exported', async () => {
    const dictionary = new StyleDictionary({ tokens: tokensToDtcg(set) as never, log: { verbosity: 'silent' }, platforms: { css: { transformGroup: 'css' } } })
    const { allTokens } = await dictionary.getPlatformTokens('css')
    // Its CSS transforms leave a duration of 2025.10 as the object it is.
    expect(allTokens.find(({ name }) => name === 'fade')!.$value).toEqual({ value: 200, unit: 'ms' })
    const values = Object.fromEntries(allTokens.map((token) => [token.name, String(token.$value).toLowerCase()]))
    expect(values).toMatchObject({ 'color-primary': '#ff6b35', 'color-accent': '#ff6b35', 'space-small': '8px', 'space-large': '2rem' })
  })
})

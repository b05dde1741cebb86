import { describe, expect, it } from 'vitest'
import { readTokens } from '../tokens/read-tokens.ts'
import { compareTokens, type TokenChange } from './compare-tokens.ts'

function compare(before: unknown, after: unknown, modes: { before?: Record<string, unknown>; after?: Record<string, unknown> } = {}): TokenChange[] {
  const set = (tree: unknown, own: Record<string, unknown> = {}) => {
    const { set, problems } = readTokens(tree, { group: 'colors', modes: own })
    expect(problems).toEqual([])
    return set
  }
  return compareTokens(set(before, modes.before), set(after, modes.after))
}

describe('tokens compared', () => {
  it('gives values as CSS has them, and the distance of colours', () => {
    const changes = compare({ ink: '#000000', paper: '#FFFFFF', gap: '4px' }, { ink: '#FFFFFF', paper: '#FFFFFF', gap: '8px' })
    expect(changes).toEqual([
      { token: 'ink', type: 'color', change: 'changed', before: '#000000', after: '#FFFFFF', colorDistance: 1 },
      { token: 'gap', type: 'dimension', change: 'changed', before: '4px', after: '8px' },
    ])
  })

  it('gives what is new and what is gone', () => {
    expect(compare({ a: { old: '#112233' } }, { a: { young: '#112233' } })).toEqual([
      { token: 'a.old', type: 'color', change: 'removed', before: '#112233' },
      { token: 'a.young', type: 'color', change: 'added', after: '#112233' },
    ])
  })

  it('says nothing of another spelling of the same value', () => {
    expect(compare({ a: { $type: 'dimension', $value: '16px' } }, { a: { $type: 'dimension', $value: { value: 16, unit: 'px' } } })).toEqual([])
  })

  it('follows aliases, and tells an alias that leads elsewhere to the same value', () => {
    expect(compare({ brand: '#112233', link: '{brand}' }, { brand: '#112244', link: '{brand}' }).map(({ token }) => token)).toEqual(['brand', 'link'])
    expect(compare({ brand: '#112233', link: '{brand}' }, { brand: '#112233', link: '#112233' })).toEqual([
      { token: 'link', type: 'color', change: 'changed', before: '{brand}', after: '#112233' },
    ])
  })

  it('tells of a mode only what is special to it', () => {
    const tree = (brand: string) => ({ brand, link: '{brand}' })
    const dark = (brand: string) => ({ dark: { brand } })
    expect(compare(tree('#112233'), tree('#112244'), { before: dark('#AABBCC'), after: dark('#AABBCC') }).map(({ token, mode }) => [token, mode])).toEqual([
      ['brand', undefined],
      ['link', undefined],
    ])
    const other = { dark: { other: '#000000' } }
    const changed = compare({ brand: '#112233', other: '#FFFFFF' }, { brand: '#112244', other: '#FFFFFF' }, { before: other, after: other })
    expect(changed.map(({ token, mode }) => [token, mode])).toEqual([['brand', undefined]])
    const changes = compare(tree('#112233'), tree('#112233'), { before: dark('#AABBCC'), after: dark('#AABBDD') })
    expect(changes.map(({ token, mode, after }) => [token, mode, after])).toEqual([['brand', 'dark', '#AABBDD'], ['link', 'dark', '#AABBDD']])
  })
})

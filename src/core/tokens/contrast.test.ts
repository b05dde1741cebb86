import { describe, expect, it } from 'vitest'
import { contrastMessage, lowContrasts, pairProblems, type Pairs } from './contrast.ts'
import { readTokens } from './read-tokens.ts'

const tree = {
  text: '#767676', background: '#ffffff', faint: '#999999', link: '{faint}',
  button: { primary: '#1d4ed8', 'on-primary': '#93b4ff', onPrimary: '#ffffff' },
}
const { set } = readTokens(tree, { group: 'colors', modes: { dark: { background: '#10151f' }, print: { button: { primary: '#000000' } } } })
const found = (input: { pairs?: Pairs; usage?: string[] }) => lowContrasts(set, input).map(({ front, back, mode, least }) => [front, back, mode, least])
/** What the names of the tokens say, without `pairs` and `usage`. */
const byName = [['text', 'background', 'dark', 4.5], ['button.on-primary', 'button.primary', undefined, 4.5]]

describe('lowContrasts', () => {
  it('takes pairs from names, in every mode that changes one of them', () => {
    expect(found({})).toEqual([byName[1], byName[0]])
  })

  it.each<[string, { pairs?: Pairs; usage?: string[] }, unknown[]]>([
    ['pairs', { pairs: [{ front: ['faint', 'link'], back: 'background', use: 'text' }] }, [['faint', 'background', undefined, 4.5], ['link', 'background', undefined, 4.5], byName[1], byName[0]]],
    ['graphics need less, and still 3:1', { pairs: [{ front: 'faint', back: 'background', use: 'graphics' }] }, [['faint', 'background', undefined, 3], byName[1], byName[0]]],
    ['pairs before names', { pairs: [{ front: 'text', back: 'background', use: 'large-text' }, { front: 'button.on-primary', back: 'button.primary', use: 'text', ratio: 1 }] }, []],
    ['a ratio of its own', { pairs: [{ front: 'text', back: 'background', use: 'text', ratio: 7 }] }, [['text', 'background', undefined, 7], ['text', 'background', 'dark', 7], byName[1]]],
    ['usage', { usage: ['faint on background', 'Text on photographs', 'faint on nothing'] }, [['faint', 'background', undefined, 4.5], byName[1], byName[0]]],
  ])('%s', (_what, input, expected) => {
    expect(new Set(found(input))).toEqual(new Set(expected))
  })

  it('names both tokens, both values, the ratio and the bound', () => {
    const [low] = lowContrasts(set, { pairs: [{ front: 'link', back: 'background', use: 'text' }] })
    expect(contrastMessage(low!)).toBe('link (#999999) on background (#ffffff) has a contrast of 2.84:1 and needs 4.5:1 (text, WCAG 2.2 1.4.3).')
  })

  it('never says that a ratio is the bound that it misses', () => {
    const { set: near } = readTokens({ text: { $type: 'color', $value: { colorSpace: 'srgb', components: [0.4655, 0.4655, 0.4655] } }, background: '#fff' }, { group: 'colors' })
    expect(lowContrasts(near, {}).map(contrastMessage)).toEqual([expect.stringContaining('of 4.49:1 and needs 4.5:1')])
  })
})

describe('pairProblems', () => {
  it('refuses names that are no colours', () => {
    expect(pairProblems(set, [{ front: ['text', 'bakground'], back: 'background', use: 'text' }])).toEqual([{ path: ['0', 'front', '1'], message: expect.stringContaining('bakground'), hint: expect.stringContaining('background') }])
  })
})

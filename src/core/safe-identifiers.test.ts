import { describe, expect, it } from 'vitest'
import { safeIdentifiers } from './safe-identifiers.ts'

describe('safeIdentifiers', () => {
  it.each<[string[], Record<string, string>]>([
    [
      ['LOGO-ACME-MARK001', 'particleWhite'],
      { 'LOGO-ACME-MARK001': 'LOGO_ACME_MARK001', particleWhite: 'particleWhite' },
    ],
    [['a-b', 'a.b', 'a_b'], { a_b: 'a_b', 'a-b': 'a_b_2', 'a.b': 'a_b_3' }],
    [
      ['default', 'class', '__proto__', 'constructor'],
      { default: 'default_', class: 'class_', ['__proto__']: '__proto___', constructor: 'constructor_' },
    ],
    [['2d', '', 'снег', '日本'], { '2d': '_2d', '': '_', снег: 'снег', 日本: '日本' }],
    [['a\u2028b', '"; alert(1) //'], { 'a\u2028b': 'a_b', '"; alert(1) //': '___alert_1____' }],
  ])('of %j', (names, identifiers) => {
    expect([...safeIdentifiers(names)].sort()).toEqual(Object.entries(identifiers).sort())
    expect(safeIdentifiers(names.toReversed())).toEqual(new Map(Object.entries(identifiers)))
  })

  it('keeps clear of what is taken', () =>
    expect([...safeIdentifiers(['audio'], ['audio'])]).toEqual([['audio', 'audio_2']]))
})

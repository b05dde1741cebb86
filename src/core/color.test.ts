import { describe, expect, test } from 'vitest'
import { formatHex, formatHexAlpha, fromOklch, parseColor, toOklch } from './color.ts'

describe('parseColor', () => {
  test.each([
    ['#fff', '#FFFFFFFF'],
    ['f80c', '#FF8800CC'],
    ['#1A2b3C', '#1A2B3CFF'],
    ['RebeccaPurple', '#663399FF'],
    ['transparent', '#00000000'],
  ])('%s', (text, hex) => expect(formatHexAlpha(parseColor(text)!)).toBe(hex))

  test.each(['', '#', '#12', '#12345', 'notacolor', '#gggggg', 'rgb(1,2,3)', 'constructor'])('refuses %j', (text) => {
    expect(parseColor(text)).toBeUndefined()
  })
})

test('OKLCH and back keeps every tested colour', () => {
  for (let i = 0; i < 4096; i += 37) {
    const color = { r: (i >> 8) * 17, g: ((i >> 4) & 15) * 17, b: (i & 15) * 17 }
    expect(formatHex(fromOklch(toOklch(color)))).toBe(formatHex(color))
  }
})

test('colours outside sRGB lose chroma, not lightness', () => {
  const { l, h } = toOklch(fromOklch({ l: 0.7, c: 0.4, h: 150 }))
  expect(l).toBeCloseTo(0.7, 1)
  expect(Math.abs(h - 150)).toBeLessThan(4)
})

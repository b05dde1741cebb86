import { describe, expect, it } from 'vitest'
import { colorDistance } from './color-distance.ts'
import { colorSpaces } from './legacy-color.ts'

const color = (colorSpace: string, ...components: number[]) => ({ colorSpace, components })

/** sRGB red in every space, as CSS Color 4's own tables and its conversion code give it. */
const reds: Record<string, [number, number, number]> = {
  'srgb': [1, 0, 0],
  'srgb-linear': [1, 0, 0],
  'hsl': [0, 100, 50],
  'hwb': [0, 0, 0],
  'lab': [54.29, 80.81, 69.89],
  'lch': [54.29, 106.84, 40.86],
  'oklab': [0.62796, 0.22486, 0.12585],
  'oklch': [0.62796, 0.25768, 29.23],
  'display-p3': [0.91749, 0.20029, 0.13856],
  'a98-rgb': [0.85859, 0, 0],
  'prophoto-rgb': [0.70225, 0.27572, 0.10355],
  'rec2020': [0.79198, 0.23098, 0.07376],
  'xyz-d65': [0.41239, 0.21264, 0.01933],
  'xyz-d50': [0.43607, 0.22249, 0.01392],
}

describe('the distance of colours', () => {
  it('knows every space that tokens may have', () => {
    expect(Object.keys(reds).sort()).toEqual([...colorSpaces].sort())
  })

  it.each(Object.entries(reds))('sees one colour in %s', (space, components) => {
    expect(colorDistance(color('srgb', 1, 0, 0), color(space, ...components))).toBeLessThan(0.002)
  })

  it.each<[string, number[], number[], number]>([
    ['black and white', [0, 0, 0], [1, 1, 1], 1],
    ['equal colours', [0.2, 0.3, 0.4], [0.2, 0.3, 0.4], 0],
    // (0.62796, 0.22486, 0.12585) and (0.45201, -0.03246, -0.31153) of OKLab
    ['red and blue', [1, 0, 0], [0, 0, 1], 0.5371],
  ])('is that of OKLab: %s', (_name, a, b, distance) => {
    expect(colorDistance(color('srgb', ...a), color('srgb', ...b))).toBeCloseTo(distance, 3)
  })

  it('takes "none" for nothing, and knows no other spaces', () => {
    expect(colorDistance({ colorSpace: 'srgb', components: ['none', 0, 0] }, color('srgb', 0, 0, 0))).toBe(0)
    expect(colorDistance(color('cmyk', 0, 0, 0), color('srgb', 0, 0, 0))).toBeUndefined()
  })
})

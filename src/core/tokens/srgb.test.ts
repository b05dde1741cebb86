import { describe, expect, it } from 'vitest'
import { colorSpaces, legacyColor } from './legacy-color.ts'
import { colorDistance, contrastRatio, toSrgb } from './srgb.ts'

const bytes = (text: string) => toSrgb(legacyColor(text)!).map((v) => Math.round(v * 255))

describe('toSrgb', () => {
  // What Chromium 156 paints for the same text.
  it.each([
    ['#ff6b35', [255, 107, 53]],
    ['hsl(210 50% 40%)', [51, 102, 153]],
    ['hsl(-150 50% 40%)', [51, 102, 153]],
    ['hwb(210 20% 40%)', [51, 102, 153]],
    ['hwb(0 80% 80%)', [128, 128, 128]],
    ['color(srgb-linear 0.5 0.2 0.1)', [188, 124, 89]],
    ['lab(50 40 -30)', [165, 91, 171]],
    ['lab(5 0 0)', [17, 17, 17]],
    ['lch(50 50 300)', [130, 105, 193]],
    ['oklab(0.6 0.1 0.05)', [186, 100, 92]],
    ['oklch(0.6 0.12 240)', [43, 136, 192]],
    ['color(display-p3 0.5 0.4 0.2)', [132, 101, 41]],
    ['color(display-p3 1 0 0)', [255, 0, 0]],
    ['color(a98-rgb 0.5 0.4 0.2)', [137, 102, 43]],
    ['color(prophoto-rgb 0.5 0.4 0.3)', [171, 115, 90]],
    ['color(xyz-d65 0.3 0.4 0.2)', [139, 182, 107]],
    ['color(xyz-d50 0.3 0.4 0.2)', [122, 184, 127]],
    ['color(srgb none 0.4 0.2)', [0, 102, 51]],
  ])('%s', (text, expected) => {
    expect(bytes(text)).toEqual(expected)
  })

  it.each(['lab(100 0 0)', 'oklab(1 0 0)', 'color(rec2020 1 1 1)', 'color(prophoto-rgb 1 1 1)', 'color(a98-rgb 1 1 1)', 'color(display-p3 1 1 1)'])('%s is white', (text) => {
    expect(bytes(text)).toEqual([255, 255, 255])
  })
})

describe('contrastRatio', () => {
  it.each([
    ['#000', '#fff', 21],
    ['#fff', '#fff', 1],
    ['#777777', '#ffffff', 4.478],
    ['#767676', '#ffffff', 4.542],
    ['#00000080', '#ffffff', 4.004],
  ])('%s on %s', (front, back, ratio) => {
    expect(contrastRatio(legacyColor(front)!, legacyColor(back)!)).toBeCloseTo(ratio, 2)
  })
})

const color = (colorSpace: string, ...components: number[]) => ({ colorSpace, components })

/** sRGB red in every space. */
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
  'rec2020': [0.82346, 0.32841, 0.18040],
  'xyz-d65': [0.41239, 0.21264, 0.01933],
  'xyz-d50': [0.43607, 0.22249, 0.01392],
}

describe('colorDistance', () => {
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

  it('takes "none" for nothing', () => {
    expect(colorDistance({ colorSpace: 'srgb', components: ['none', 0, 0] }, color('srgb', 0, 0, 0))).toBe(0)
  })
})

import { n } from './drawing.ts'

/*
 * A monoline geometric alphabet as centre lines, drawn as strokes: no font file takes part, so that every machine makes
 * the same bytes. Boxes are 100 high and 100 wide and are then narrowed by `width`. Commands: M x y, L x y,
 * A rx ry sweep x y (never more than half an ellipse).
 */
const round = 'M50 0A50 50 1 100 50A50 50 1 50 100A50 50 1 0 50A50 50 1 50 0'
const glyphs: Record<string, readonly [width: number, lines: string]> = {
  A: [0.86, 'M0 100L50 0L100 100M17 66L83 66'],
  B: [0.62, 'M0 0L62 0A30 24 1 62 48L0 48M62 48A38 26 1 62 100L0 100L0 0'],
  C: [0.88, 'M86 15.3A50 50 0 50 0A50 50 0 0 50A50 50 0 50 100A50 50 0 86 84.7'],
  D: [0.8, 'M0 0L42 0A58 50 1 100 50A58 50 1 42 100L0 100L0 0'],
  E: [0.56, 'M100 0L0 0L0 100L100 100M0 48L88 48'],
  F: [0.54, 'M100 0L0 0L0 100M0 50L86 50'],
  G: [0.92, 'M86 15.3A50 50 0 50 0A50 50 0 0 50A50 50 0 50 100A50 50 0 100 53L60 53'],
  H: [0.74, 'M0 0L0 100M100 0L100 100M0 49L100 49'],
  I: [0, 'M50 0L50 100'],
  J: [0.5, 'M100 0L100 66A50 34 1 50 100A50 34 1 2 76'],
  K: [0.68, 'M0 0L0 100M98 0L0 58M36 36.7L100 100'],
  L: [0.52, 'M0 0L0 100L100 100'],
  M: [0.94, 'M0 100L0 0L50 66L100 0L100 100'],
  N: [0.76, 'M0 100L0 0L100 100L100 0'],
  O: [0.98, round],
  P: [0.6, 'M0 100L0 0L60 0A40 28 1 60 56L0 56'],
  Q: [0.98, `${round}M60 62L98 100`],
  R: [0.62, 'M0 100L0 0L60 0A40 27 1 60 54L0 54M50 54L98 100'],
  S: [0.6, 'M92 16A45 25 0 50 0A45 25 0 5 25A45 24 0 50 49A48 25.5 1 98 74.5A48 25.5 1 50 100A48 25.5 1 4 83'],
  T: [0.74, 'M0 0L100 0M50 0L50 100'],
  U: [0.72, 'M0 0L0 62A50 38 0 50 100A50 38 0 100 62L100 0'],
  V: [0.84, 'M0 0L50 100L100 0'],
  W: [1.22, 'M0 0L26 100L50 26L74 100L100 0'],
  X: [0.76, 'M0 0L100 100M100 0L0 100'],
  Y: [0.78, 'M0 0L50 52L100 0M50 52L50 100'],
  Z: [0.7, 'M2 0L98 0L2 100L98 100'],
  0: [0.66, round],
  1: [0.28, 'M0 20L90 0L90 100'],
  2: [0.6, 'M3 30A47 30 1 50 0A47 30 1 97 30A47 32 1 84 54L2 100L100 100'],
  3: [0.58, 'M8 0L94 0L48 41A50 29.5 1 98 70.5A50 29.5 1 48 100A48 27 1 2 82'],
  4: [0.68, 'M72 100L72 0L0 70L100 70'],
  5: [0.58, 'M90 0L14 0L8 46A56 34 1 50 37A48 31.5 1 98 68.5A48 31.5 1 50 100A48 28 1 3 84'],
  6: [0.62, 'M74 0L8 54M50 38A50 31 1 100 69A50 31 1 50 100A50 31 1 0 69A50 31 1 50 38'],
  7: [0.6, 'M0 0L100 0L36 100'],
  8: [
    0.6,
    'M50 0A42 24 1 92 24A42 24 1 50 48A42 24 1 8 24A42 24 1 50 0M50 48A50 26 1 100 74A50 26 1 50 100A50 26 1 0 74A50 26 1 50 48',
  ],
  9: [0.62, 'M26 100L92 46M50 62A50 31 1 0 31A50 31 1 50 0A50 31 1 100 31A50 31 1 50 62'],
  '+': [0.62, 'M0 54L100 54M50 22L50 86'],
  '-': [0.4, 'M0 54L100 54'],
}

/** The characters of a text that can be drawn: upper case, accents dropped, the rest left out. */
export function drawableText(text: string): string {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase()
  return [...plain].filter((character) => character === ' ' || Object.hasOwn(glyphs, character)).join('').trim()
}

function glyphPath(lines: string, x: number, y: number, width: number, height: number): string {
  const px = (value: string) => n(x + (Number(value) / 100) * width)
  const py = (value: string) => n(y + (Number(value) / 100) * height)
  return lines.replace(/([MLA])([\d. ]+)/g, (_all, command: string, numbers: string) => {
    const v = numbers.trim().split(' ') as [string, string, string, string, string]
    if (command !== 'A') return `${command}${px(v[0])} ${py(v[1])}`
    const radii = `${n((Number(v[0]) / 100) * width)} ${n((Number(v[1]) / 100) * height)}`
    return `A${radii} 0 0 ${v[2]} ${px(v[3])} ${py(v[4])}`
  })
}

export interface Lettering {
  /** Stroke `d` with `weight`, round caps and joins. */
  d: string
  weight: number
  /** Ink box in units, stroke included. */
  width: number
  height: number
}

/**
 * Letters in one line, the ink box centred on a point.
 *
 * @param weight - stroke width as part of the height, 0.08…0.3
 * @param tracking - gap between letters as part of the height
 */
export function letter(
  text: string,
  cx: number,
  cy: number,
  height: number,
  weight = 0.17,
  tracking = 0.14,
): Lettering {
  const stroke = height * weight
  const skeleton = height - stroke
  const widths = [...text].map((character) => (character === ' ' ? 0.24 : glyphs[character]![0]) * skeleton)
  const gap = stroke + height * tracking
  const total = widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1) + stroke
  let x = cx - total / 2 + stroke / 2
  const parts: string[] = []
  ;[...text].forEach((character, i) => {
    if (character !== ' ')
      parts.push(glyphPath(glyphs[character]![1], x, cy - skeleton / 2, Math.max(widths[i]!, 0.01), skeleton))
    x += widths[i]! + gap
  })
  return { d: parts.join(''), weight: stroke, width: total, height }
}

/** The largest lettering of a text that fits a box. */
export function fitLetters(
  text: string,
  cx: number,
  cy: number,
  maxWidth: number,
  maxHeight: number,
  weight?: number,
  tracking?: number,
): Lettering {
  const trial = letter(text, cx, cy, maxHeight, weight, tracking)
  const scale = Math.min(1, maxWidth / trial.width)
  return scale === 1 ? trial : letter(text, cx, cy, maxHeight * scale, weight, tracking)
}

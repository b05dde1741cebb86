import { colorNames } from '../../../core/color-names.ts'
import { formatHex, fromOklch, parseColor, toOklch, type Oklch } from '../../../core/color.ts'
import { defineError } from '../../../core/errors.ts'
import type { Random } from '../../../core/random.ts'

const colorUnknown = defineError('RECIPE_COLOR', {
  summary: 'A colour given to a local recipe cannot be read.',
  message: (d: { text: string }) => `${JSON.stringify(d.text)} is no colour.`,
  hint: () => 'Give #RRGGBB or a CSS colour name such as teal.',
  exit: 2,
})

/** Colours that belong together. */
export interface Palette {
  /** What the prompt or the `colors` knob names, in order; may be empty. */
  asked: readonly Oklch[]
  main: Oklch
  /** Beside `main` on the wheel. */
  second: Oklch
  /** Across the wheel: small areas. */
  accent: Oklch
  /** Nearly black in the hue of `main`. */
  ink: Oklch
  /** Nearly white in the hue of `main`. */
  paper: Oklch
}

export const css = (color: Oklch) => formatHex(fromOklch(color))

/** The same hue at another lightness; chroma scaled when given. */
export const tone = (color: Oklch, l: number, chroma = 1): Oklch => ({ l, c: color.c * chroma, h: color.h })

export const hex = (text: string): Oklch => toOklch(parseColor(text)!)

/** Between two colours, along the shorter way round the wheel. A grey takes the other's hue. */
export function mix(a: Oklch, b: Oklch, t: number): Oklch {
  const from = a.c < 0.01 ? b.h : a.h
  const to = b.c < 0.01 ? a.h : b.h
  const turn = ((to - from + 540) % 360) - 180
  return { l: a.l + (b.l - a.l) * t, c: a.c + (b.c - a.c) * t, h: (from + turn * t + 360) % 360 }
}

/** Everyday colour words as a painter means them; the CSS values of these are glaring. */
const painted: Record<string, string> = {
  red: '#E5383B', green: '#2FA35B', blue: '#2F6FE4', yellow: '#FFCB2E', purple: '#7C46DB', violet: '#8B5CF6',
  pink: '#FF7EB6', orange: '#FF8A26', lime: '#A3DB32', cyan: '#1CC4DE', aqua: '#1CC4DE', magenta: '#DB2C9B',
  brown: '#8A5A36', gray: '#8A909A', grey: '#8A909A', navy: '#1B2A5B', maroon: '#7D2336', gold: '#F2B632',
  mint: '#98E2C6', amber: '#FFB01F', emerald: '#1FA97A', ruby: '#D0244F', sapphire: '#2250C4', rose: '#F2608A',
  peach: '#FFB38A', cream: '#FFF3DC', charcoal: '#333A45', sand: '#E6CFA3', lilac: '#C4A7EA', cobalt: '#1F4FC8',
}
/** Colour names that mean a thing more often than a colour. */
const seldomColors = new Set([
  'tan',
  'linen',
  'wheat',
  'snow',
  'peru',
  'sand',
  'rose',
  'mint',
  'peach',
  'chocolate',
  'tomato',
])
const shades: Record<string, (color: Oklch) => Oklch> = {
  dark: (c) => tone(c, c.l * 0.62), deep: (c) => tone(c, c.l * 0.72), light: (c) => tone(c, 1 - (1 - c.l) * 0.5, 0.8),
  pale: (c) => tone(c, 1 - (1 - c.l) * 0.32, 0.5), bright: (c) => tone(c, Math.min(0.9, c.l * 1.1), 1.25),
  pastel: (c) => tone(c, 0.86, 0.55), neon: (c) => tone(c, Math.max(0.72, c.l), 1.5),
}

/** The colours a text names, `#RRGGBB` and words, in order; a shade before a word (`dark teal`) counts. */
export function colorsInText(text: string): Oklch[] {
  const words = text.toLowerCase().match(/#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![0-9a-f])|[a-z]+/g) ?? []
  const found: Oklch[] = []
  for (let i = 0; i < words.length; i++) {
    const [word, next] = [words[i]!, words[i + 1] ?? '']
    if (word.startsWith('#')) {
      found.push(hex(word))
    } else if (next && colorNames.has(word + next)) {
      found.push(hex(word + next))
      i++
    } else {
      const plain = painted[word] ?? colorNames.get(word)
      const isColor = plain !== undefined && (!seldomColors.has(word) || next === 'colored' || next === 'coloured')
      const color = isColor ? hex(plain) : undefined
      if (color) found.push(shades[words[i - 1] ?? '']?.(color) ?? color)
    }
  }
  return found
}

/** Mains that stand well on light and dark, each with room for neighbours. */
const mains: readonly Oklch[] = [
  { l: 0.65, c: 0.19, h: 27 }, { l: 0.72, c: 0.16, h: 55 }, { l: 0.8, c: 0.15, h: 84 }, { l: 0.68, c: 0.15, h: 148 },
  { l: 0.63, c: 0.11, h: 188 }, { l: 0.66, c: 0.14, h: 238 }, { l: 0.52, c: 0.2, h: 268 }, { l: 0.56, c: 0.21, h: 298 },
  { l: 0.64, c: 0.2, h: 350 }, { l: 0.58, c: 0.13, h: 215 },
]

/**
 * A palette for a prompt: colours that it names come first, the rest is chosen around them by the seed.
 * @param colors - the recipe's `colors` knob
 * @throws RECIPE_COLOR
 */
export function paletteFor(prompt: string, random: Random, colors?: readonly string[]): Palette {
  const asked = colors?.map(requireColor) ?? colorsInText(prompt)
  const chosen = random.pick(mains)
  const jitter = random.between(-9, 9)
  const near = random.pick([-1, 1] as const) * random.between(28, 52)
  const far = random.between(150, 205)
  const main = asked[0] ?? { ...chosen, h: (chosen.h + jitter + 360) % 360 }
  const isGrey = main.c < 0.03
  const hue = isGrey ? chosen.h : main.h
  const turned = (degrees: number, l: number, c: number): Oklch => ({ l, c, h: (hue + degrees + 360) % 360 })
  const lively = Math.max(main.c, 0.12)
  return {
    asked,
    main,
    second: asked[1] ?? turned(near, main.l > 0.7 ? main.l - 0.12 : main.l + 0.12, isGrey ? 0.04 : lively * 0.9),
    accent:
      asked[2] ??
      turned(far, main.l > 0.6 ? Math.min(0.88, main.l + 0.12) : 0.78, isGrey ? 0.06 : Math.min(0.16, lively)),
    ink: turned(0, 0.24, isGrey ? 0.01 : 0.05),
    paper: turned(0, 0.97, isGrey ? 0.002 : 0.014),
  }
}

function requireColor(text: string): Oklch {
  const painter = painted[text.trim().toLowerCase()]
  const color = parseColor(painter ?? text)
  if (!color) throw colorUnknown({ text })
  return toOklch(color)
}

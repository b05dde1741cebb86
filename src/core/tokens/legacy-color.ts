import { parseColor } from '../color.ts'
import type { Color } from './token-types.ts'

/** Component ranges of the colour spaces, for percentages: 100 % is the span. */
const spaces: Readonly<Record<string, readonly [number, number, number]>> = {
  'srgb': [1, 1, 1], 'srgb-linear': [1, 1, 1], 'hsl': [360, 100, 100], 'hwb': [360, 100, 100],
  'lab': [100, 125, 125], 'lch': [100, 150, 360], 'oklab': [1, 0.4, 0.4], 'oklch': [1, 0.4, 360],
  'display-p3': [1, 1, 1], 'a98-rgb': [1, 1, 1], 'prophoto-rgb': [1, 1, 1], 'rec2020': [1, 1, 1],
  'xyz-d65': [1, 1, 1], 'xyz-d50': [1, 1, 1],
}
export const colorSpaces = Object.keys(spaces)

const otherNames = new Map([['rgb', 'srgb'], ['rgba', 'srgb'], ['hsla', 'hsl'], ['xyz', 'xyz-d65']])

const round = (value: number) => Number(value.toFixed(6))

/** Read a CSS colour as drafts of the format spelled them: hex, name, `rgb()`, `hsl()`, `oklch()`, `color()`, …. */
export function legacyColor(text: string): Color | undefined {
  const word = text.trim()
  const called = /^([a-z]+)\(([^()]*)\)$/i.exec(word)
  return called ? functionColor(called[1]!.toLowerCase(), called[2]!) : plainColor(word)
}

function plainColor(word: string): Color | undefined {
  // Without # a word such as "added" would be a colour.
  const rgba = /^[0-9a-f]+$/i.test(word) ? undefined : parseColor(word)
  if (!rgba) return undefined
  const digits = /^#([0-9a-f]+)$/i.exec(word)?.[1]
  const long = digits && (digits.length < 6 ? [...digits].map((digit) => digit + digit).join('') : digits)
  const bytes = [rgba.r, rgba.g, rgba.b]
  const hex = long?.slice(0, 6) ?? bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return {
    colorSpace: 'srgb',
    components: bytes.map((byte) => round(byte / 255)),
    ...(rgba.a < 255 && { alpha: round(rgba.a / 255) }),
    hex: `#${hex}`,
  }
}

function functionColor(name: string, content: string): Color | undefined {
  const parts = content.trim().split(/[\s,/]+/)
  const space = name === 'color' ? parts.shift()!.toLowerCase() : name
  const colorSpace = otherNames.get(space) ?? space
  const spans = Object.hasOwn(spaces, colorSpace) ? spaces[colorSpace] : undefined
  if (!spans || parts.length < 3 || parts.length > 4) return undefined
  const components = parts.slice(0, 3).map((part, i) => component(part, spans[i]!, name.startsWith('rgb') ? 255 : 1))
  const alpha = parts[3] === undefined ? 1 : component(parts[3], 1, 1)
  if (components.includes(undefined) || typeof alpha !== 'number') return undefined
  return { colorSpace, components: components as (number | 'none')[], ...(alpha < 1 && { alpha }) }
}

function component(text: string, span: number, divisor: number): number | 'none' | undefined {
  if (text === 'none') return 'none'
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(%|deg|rad|turn)?$/i.exec(text)
  if (!match) return undefined
  const value = Number(match[1])
  switch (match[2]?.toLowerCase()) {
    case '%':
      return round((value / 100) * span)
    case 'turn':
      return round(value * 360)
    case 'rad':
      return round((value * 180) / Math.PI)
    default:
      return round(value / divisor)
  }
}

import { isRecord } from './token-value.ts'
import type { Color, TokenType } from './token-types.ts'

/** Numbers of the weights that have names. */
const weights: Readonly<Record<string, number>> = {
  'thin': 100, 'hairline': 100, 'extra-light': 200, 'ultra-light': 200, 'light': 300, 'normal': 400, 'regular': 400,
  'book': 400, 'medium': 500, 'semi-bold': 600, 'demi-bold': 600, 'bold': 700, 'extra-bold': 800, 'ultra-bold': 800,
  'black': 900, 'heavy': 900, 'extra-black': 950, 'ultra-black': 950,
}
const generic = new Set(['serif', 'sans-serif', 'monospace', 'cursive', 'fantasy', 'system-ui', 'ui-serif', 'ui-sans-serif', 'ui-monospace', 'ui-rounded', 'math', 'emoji'])

/**
 * A resolved value as CSS writes it; numbers stay numbers. Typography is an object of its parts.
 * A gradient is its stops, to stand in `linear-gradient(…)`.
 */
export function cssValue(type: TokenType, value: unknown): string | number | Readonly<Record<string, string | number>> {
  const part = (name: string, of: TokenType) => String(cssValue(of, (value as Record<string, unknown>)[name]))
  switch (type) {
    case 'color':
      return cssColor(value as Color)
    case 'dimension':
    case 'duration': {
      const { value: amount, unit } = value as { value: number; unit: string }
      return `${amount}${unit}`
    }
    case 'number':
      return value as number
    case 'fontWeight':
      return weights[value as string] ?? (value as number)
    case 'fontFamily':
      return [value].flat().map((name) => (generic.has(String(name)) ? String(name) : cssString(String(name)))).join(', ')
    case 'cubicBezier':
      return `cubic-bezier(${(value as number[]).join(', ')})`
    case 'strokeStyle':
      // CSS borders have no dashes of their own lengths.
      return isRecord(value) ? 'dashed' : String(value)
    case 'border':
      return `${part('width', 'dimension')} ${part('style', 'strokeStyle')} ${part('color', 'color')}`
    case 'transition':
      return `${part('duration', 'duration')} ${part('timingFunction', 'cubicBezier')} ${part('delay', 'duration')}`
    case 'shadow':
      return [value].flat().map((one) => cssShadow(one as Record<string, unknown>)).join(', ')
    case 'gradient':
      return (value as { color: Color; position: number }[]).map((stop) => `${cssColor(stop.color)} ${trimmed(Math.min(1, Math.max(0, stop.position)) * 100)}%`).join(', ')
    case 'typography':
      return Object.fromEntries(
        Object.entries(value as Record<string, unknown>).map(([name, member]) => [name, cssValue(typographyTypes[name]!, member) as string | number]),
      )
  }
}

const typographyTypes: Readonly<Record<string, TokenType>> = {
  fontFamily: 'fontFamily', fontSize: 'dimension', fontWeight: 'fontWeight', letterSpacing: 'dimension', lineHeight: 'number',
}

function cssShadow(shadow: Record<string, unknown>): string {
  const lengths = ['offsetX', 'offsetY', 'blur', 'spread'].map((name) => cssValue('dimension', shadow[name]))
  return `${shadow.inset === true ? 'inset ' : ''}${lengths.join(' ')} ${cssColor(shadow.color as Color)}`
}

const trimmed = (value: number) => String(Number(value.toFixed(6)))

/** Hex where the colour is sRGB within its gamut, else the function of its space. */
export function cssColor({ colorSpace, components, alpha = 1, hex }: Color): string {
  const plain = components.every((one): one is number => typeof one === 'number')
  if (colorSpace === 'srgb' && plain && components.every((one) => one >= 0 && one <= 1)) {
    const byte = (value: number) => Math.round(value * 255).toString(16).padStart(2, '0')
    const digits = hex ?? `#${components.map(byte).join('')}`
    const shown = digits === digits.toUpperCase() ? byte(alpha).toUpperCase() : byte(alpha)
    return alpha >= 1 ? digits : `${digits}${shown}`
  }
  const isPercent = colorSpace === 'hsl' || colorSpace === 'hwb'
  const [a, b, c] = components.map((one, i) => (one === 'none' ? one : `${trimmed(one)}${isPercent && i > 0 ? '%' : ''}`))
  const opacity = alpha >= 1 ? '' : ` / ${trimmed(alpha)}`
  return ['hsl', 'hwb', 'lab', 'lch', 'oklab', 'oklch'].includes(colorSpace)
    ? `${colorSpace}(${a} ${b} ${c}${opacity})`
    : `color(${colorSpace} ${a} ${b} ${c}${opacity})`
}

/** Quoted; nothing in it ends the string, the declaration or a style element. */
function cssString(text: string): string {
  return `"${text.replace(/["\\<\p{Cc}]/gu, (character) => `\\${character.codePointAt(0)!.toString(16)} `)}"`
}

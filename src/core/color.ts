import { colorNames } from './color-names.ts'

/** Straight-alpha sRGB, each channel 0…255. */
export interface Rgba {
  r: number
  g: number
  b: number
  a: number
}

/**
 * Read `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa` (the `#` may be left out), a CSS colour name, or `transparent`.
 * @returns undefined when the text is no such colour
 */
export function parseColor(text: string): Rgba | undefined {
  const word = text.trim().toLowerCase()
  if (word === 'transparent') return { r: 0, g: 0, b: 0, a: 0 }
  const digits = colorNames.get(word) ?? word.replace(/^#/, '')
  if (!/^(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.test(digits)) return undefined
  const long = digits.length <= 4 ? [...digits].map((digit) => digit + digit).join('') : digits
  const channel = (at: number) => Number.parseInt(long.slice(at, at + 2), 16)
  return { r: channel(0), g: channel(2), b: channel(4), a: long.length === 8 ? channel(6) : 255 }
}

const twoDigits = (value: number) =>
  Math.max(0, Math.min(255, Math.round(value))).toString(16).padStart(2, '0')

/** `#RRGGBB`; alpha is left out. */
export function formatHex({ r, g, b }: Omit<Rgba, 'a'>): string {
  return `#${twoDigits(r)}${twoDigits(g)}${twoDigits(b)}`.toUpperCase()
}

/** `#RRGGBBAA`. */
export function formatHexAlpha(color: Rgba): string {
  return `${formatHex(color)}${twoDigits(color.a).toUpperCase()}`
}

const toLinear = (channel: number) => {
  const c = channel / 255
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
}
const fromLinear = (c: number) => 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)

/** WCAG relative luminance, 0…1. @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
export function luminance({ r, g, b }: Omit<Rgba, 'a'>): number {
  return 0.2126 * toLinear(r) + 0.7152 * toLinear(g) + 0.0722 * toLinear(b)
}

/** Lightness and chroma of OKLCH; hue in degrees. */
export interface Oklch {
  /** 0…1 */
  l: number
  /** 0…about 0.37 */
  c: number
  h: number
}

/** Cartesian OKLab of a colour; Euclidean distance there is near to perceived difference. */
export function toOklab({ r, g, b }: Omit<Rgba, 'a'>): [l: number, a: number, b: number] {
  return linearToOklab([toLinear(r), toLinear(g), toLinear(b)])
}

/** @param rgb - linear-light sRGB, 0…1 within its gamut @see https://bottosson.github.io/posts/oklab/ for the matrices */
export function linearToOklab([lr, lg, lb]: readonly [number, number, number]): [l: number, a: number, b: number] {
  const l = Math.cbrt(0.4122214708 * lr + 0.5363325363 * lg + 0.0514459929 * lb)
  const m = Math.cbrt(0.2119034982 * lr + 0.6806995451 * lg + 0.1073969566 * lb)
  const s = Math.cbrt(0.0883024619 * lr + 0.2817188376 * lg + 0.6299787005 * lb)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

export function toOklch(color: Omit<Rgba, 'a'>): Oklch {
  const [l, a, b] = toOklab(color)
  return { l, c: Math.hypot(a, b), h: ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360 }
}

function linearOf({ l, c, h }: Oklch): [number, number, number] {
  const angle = (h * Math.PI) / 180
  const a = c * Math.cos(angle)
  const b = c * Math.sin(angle)
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ]
}

/** The sRGB colour of an OKLCH one; chroma is lowered until it fits the gamut. */
export function fromOklch(color: Oklch): Rgba {
  const l = Math.max(0, Math.min(1, color.l))
  let linear = linearOf({ ...color, l })
  const fits = () => linear.every((v) => v >= -0.0005 && v <= 1.0005)
  for (let c = color.c; !fits() && c > 0; ) {
    c = Math.max(0, c - 0.004)
    linear = linearOf({ l, c, h: color.h })
  }
  const [r, g, b] = linear.map((v) => Math.round(fromLinear(Math.max(0, Math.min(1, v))))) as [number, number, number]
  return { r, g, b, a: 255 }
}

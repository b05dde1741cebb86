export interface Input {
  /** `#rgb` or `#rrggbb` */
  foreground: string
  background: string
  /** @default 'text' */
  purpose?: 'text' | 'large-text' | 'graphics'
}

export interface Output {
  /** 1 to 21, rounded down to two places, so that it never promises too much. */
  ratio: number
  level: 'AAA' | 'AA' | 'fail'
  passes: boolean
  /** The nearest foreground towards black or white that reaches AA; absent when it does already. */
  suggestion?: string
}

type Rgb = readonly [red: number, green: number, blue: number]

/** Ratios that WCAG 2.2 asks for (1.4.3, 1.4.6, 1.4.11); for graphics it knows no AAA. */
const least = {
  'text': { AA: 4.5, AAA: 7 },
  'large-text': { AA: 3, AAA: 4.5 },
  'graphics': { AA: 3, AAA: Infinity },
}

function parse(color: string): Rgb {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color)?.[1]
  if (!digits) throw new TypeError(`${JSON.stringify(color)} is no colour such as "#1d4ed8".`)
  const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits
  const value = Number.parseInt(long, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

const format = (color: Rgb) => `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((channel) => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** The first colour on the way to black or to white that reaches the ratio, whichever way is shorter. */
function nearest(foreground: Rgb, background: Rgb, ratio: number): string | undefined {
  for (let step = 1; step <= 255; step++)
    for (const end of [0, 255]) {
      const mixed = foreground.map((channel) => Math.round(channel + ((end - channel) * step) / 255)) as unknown as Rgb
      if (contrast(mixed, background) >= ratio) return format(mixed)
    }
  return undefined
}

/** Compare two opaque colours by WCAG 2.2. */
export async function execute({ foreground, background, purpose = 'text' }: Input): Promise<Output> {
  const [front, back] = [parse(foreground), parse(background)]
  const limits = least[purpose]
  if (!limits) throw new TypeError(`purpose is one of ${Object.keys(least).join(', ')}.`)
  const exact = contrast(front, back)
  const level = exact >= limits.AAA ? 'AAA' : exact >= limits.AA ? 'AA' : 'fail'
  const suggestion = level === 'fail' ? nearest(front, back, limits.AA) : undefined
  return { ratio: Math.floor(exact * 100) / 100, level, passes: level !== 'fail', ...(suggestion && { suggestion }) }
}

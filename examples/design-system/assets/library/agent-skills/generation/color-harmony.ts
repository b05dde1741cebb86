/** Distances of hues, in degrees. */
const schemes = {
  'complementary': [0, 180],
  'analogous': [0, -30, 30],
  'triadic': [0, 120, 240],
  'split-complementary': [0, 150, 210],
  'tetradic': [0, 90, 180, 270],
}

export interface Input {
  /** `#rgb` or `#rrggbb` */
  color: string
  /** @default 'complementary' */
  scheme?: keyof typeof schemes
}

export interface Output {
  /** The colour itself first; all have its OKLCH lightness, and its chroma as far as sRGB allows. */
  colors: string[]
}

type Triple = readonly [number, number, number]

function parse(color: string): Triple {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color)?.[1]
  if (!digits) throw new TypeError(`${JSON.stringify(color)} is no colour such as "#1d4ed8".`)
  const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits
  return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16) / 255) as unknown as Triple
}

const toLinear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4)
const fromLinear = (channel: number) => (channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055)

/** Lightness, chroma, hue in radians. @see https://bottosson.github.io/posts/oklab/ for the matrices */
function toOklch(color: Triple): Triple {
  const [red, green, blue] = color.map(toLinear) as unknown as Triple
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  const a = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short
  const b = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short
  return [0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short, Math.hypot(a, b), Math.atan2(b, a)]
}

/** Linear channels; outside 0…1 when sRGB has no such colour. */
function toLinearRgb([lightness, chroma, hue]: Triple): Triple {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)]
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ]
}

const fits = (channels: Triple) => channels.every((channel) => channel >= -1e-4 && channel <= 1 + 1e-4)

/** The most colourful sRGB colour of this lightness and hue, up to the chroma. */
function fitted([lightness, chroma, hue]: Triple): Triple {
  if (fits(toLinearRgb([lightness, chroma, hue]))) return toLinearRgb([lightness, chroma, hue])
  let [low, high] = [0, chroma]
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2
    if (fits(toLinearRgb([lightness, middle, hue]))) low = middle
    else high = middle
  }
  return toLinearRgb([lightness, low, hue])
}

function format(channels: Triple): string {
  const bytes = channels.map((channel) => Math.round(255 * fromLinear(Math.min(1, Math.max(0, channel)))))
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** Colours that go with a colour. */
export async function execute({ color, scheme = 'complementary' }: Input): Promise<Output> {
  const turns = schemes[scheme]
  if (!turns) throw new TypeError(`scheme is one of ${Object.keys(schemes).join(', ')}.`)
  const [lightness, chroma, hue] = toOklch(parse(color))
  return { colors: turns.map((degrees) => format(fitted([lightness, chroma, hue + (degrees * Math.PI) / 180]))) }
}

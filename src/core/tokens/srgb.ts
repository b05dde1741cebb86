import { linearToOklab, luminance } from '../color.ts'
import type { Color } from './token-types.ts'

type Three = readonly [number, number, number]
type Matrix = readonly [Three, Three, Three]

/* Conversions of CSS Color 4. @see https://www.w3.org/TR/css-color-4/#color-conversion-code */

const xyzToSrgb: Matrix = [
  [12831 / 3959, -329 / 214, -1974 / 3959],
  [-851781 / 878810, 1648619 / 878810, 36519 / 878810],
  [705 / 12673, -2585 / 12673, 705 / 667],
]
const d50ToD65: Matrix = [
  [0.955473421488075, -0.02309845494876471, 0.06325924320057072],
  [-0.0283697093338637, 1.0099953980813041, 0.021041441191917323],
  [0.012314014864481998, -0.020507649298898964, 1.330365926242124],
]
const p3ToXyz: Matrix = [
  [608311 / 1250200, 189793 / 714400, 198249 / 1000160],
  [35783 / 156275, 247089 / 357200, 198249 / 2500400],
  [0, 32229 / 714400, 5220557 / 5000800],
]
const a98ToXyz: Matrix = [
  [573536 / 994567, 263643 / 1420810, 187206 / 994567],
  [591459 / 1989134, 6239551 / 9945670, 374412 / 4972835],
  [53769 / 1989134, 351524 / 4972835, 4929758 / 4972835],
]
const rec2020ToXyz: Matrix = [
  [63426534 / 99577255, 20160776 / 139408157, 47086771 / 278816314],
  [26158966 / 99577255, 472592308 / 697040785, 8267143 / 139408157],
  [0, 19567812 / 697040785, 295819943 / 278816314],
]
const prophotoToXyzD50: Matrix = [
  [0.7977666449006423, 0.13518129740053308, 0.0313477341283922],
  [0.2880748288194013, 0.711835234241873, 0.00008993693872564],
  [0, 0, 0.8251046025104602],
]
const oklabToCubeRoots: Matrix = [
  [1, 0.3963377773761749, 0.2158037573099136],
  [1, -0.1055613458156586, -0.0638541728258133],
  [1, -0.0894841775298119, -1.2914855480194092],
]
const conesToXyz: Matrix = [
  [1.2268798758459243, -0.5578149944602171, 0.2813910456659647],
  [-0.0405757452148008, 1.112286803280317, -0.0717110580655164],
  [-0.0763729366746601, -0.4214933324022432, 1.5869240198367816],
]
const whiteD50: Three = [0.3457 / 0.3585, 1, (1 - 0.3457 - 0.3585) / 0.3585]

const times = (matrix: Matrix, [a, b, c]: Three): Three => matrix.map((row) => row[0] * a + row[1] * b + row[2] * c) as unknown as Three
const each = (values: Three, change: (value: number, at: number) => number): Three => values.map(change) as unknown as Three
/** A transfer function for values of both signs. */
const signed = (curve: (value: number) => number) => (value: number) => Math.sign(value) * curve(Math.abs(value))
const linear = signed((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
const encoded = signed((v) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055))
/** Lightness or chroma and a hue in degrees as the two axes of it. */
const polar = ([l, c, h]: Three): Three => [l, c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)]

const fromXyz = (xyz: Three) => each(times(xyzToSrgb, xyz), encoded)
const fromXyzD50 = (xyz: Three) => fromXyz(times(d50ToD65, xyz))
const fromOklab = (lab: Three) => fromXyz(times(conesToXyz, each(times(oklabToCubeRoots, lab), (v) => v ** 3)))
const fromHsl = ([h, s, l]: Three): Three =>
  each([0, 8, 4], (n) => {
    const k = (n + h / 30) % 12
    return l / 100 - (s / 100) * Math.min(l / 100, 1 - l / 100) * Math.max(-1, Math.min(k - 3, 9 - k, 1))
  })
function fromHwb([h, white, black]: Three): Three {
  const [w, b] = [white / 100, black / 100]
  return w + b >= 1 ? [w / (w + b), w / (w + b), w / (w + b)] : each(fromHsl([h, 100, 50]), (v) => v * (1 - w - b) + w)
}
function fromLab([l, a, b]: Three): Three {
  const fy = (l + 16) / 116
  const f: Three = [fy + a / 500, fy, fy - b / 200]
  const cubed = (v: number) => (v ** 3 > 216 / 24389 ? v ** 3 : (116 * v - 16) / (24389 / 27))
  return fromXyzD50(each(f, (v, at) => (at === 1 && l <= 8 ? l / (24389 / 27) : cubed(v)) * whiteD50[at]!))
}

/** Encoded sRGB of each colour space of the format, 0…1 within its gamut. */
const conversions: Readonly<Record<string, (components: Three) => Three>> = {
  'srgb': (rgb) => rgb,
  'srgb-linear': (rgb) => each(rgb, encoded),
  'hsl': ([h, s, l]) => fromHsl([((h % 360) + 360) % 360, s, l]),
  'hwb': ([h, w, b]) => fromHwb([((h % 360) + 360) % 360, w, b]),
  'lab': fromLab,
  'lch': (lch) => fromLab(polar(lch)),
  'oklab': fromOklab,
  'oklch': (lch) => fromOklab(polar(lch)),
  'display-p3': (rgb) => fromXyz(times(p3ToXyz, each(rgb, linear))),
  'a98-rgb': (rgb) => fromXyz(times(a98ToXyz, each(rgb, signed((v) => v ** (563 / 256))))),
  'prophoto-rgb': (rgb) => fromXyzD50(times(prophotoToXyzD50, each(rgb, signed((v) => (v <= 16 / 512 ? v / 16 : v ** 1.8))))),
  'rec2020': (rgb) => fromXyz(times(rec2020ToXyz, each(rgb, signed((v) => v ** 2.4)))),
  'xyz-d65': fromXyz,
  'xyz-d50': fromXyzD50,
}

function unclipped({ colorSpace, components }: Color): Three {
  return conversions[colorSpace]!(components.map((one) => (one === 'none' ? 0 : one)) as unknown as Three)
}

/** A colour of any space as encoded sRGB, each channel 0…1; what lies outside the gamut is clipped to it. */
export function toSrgb(color: Color): readonly [r: number, g: number, b: number] {
  return each(unclipped(color), (v) => Math.max(0, Math.min(1, v)))
}

/**
 * How far apart two colours look, their alpha left out (ΔE OK): 0 for equal ones, about 0.02 where a difference begins to
 * be seen, 1 between black and white.
 * @returns rounded to four digits
 * @see https://www.w3.org/TR/css-color-4/#color-difference-OK
 */
export function colorDistance(a: Color, b: Color): number {
  const lab = (color: Color) => linearToOklab(each(unclipped(color), linear))
  const second = lab(b)
  return Number(Math.hypot(...lab(a).map((value, at) => value - second[at]!)).toFixed(4))
}

/**
 * Contrast ratio of WCAG 2.2, 1…21. A translucent colour in front is laid over the one behind; one behind is taken as
 * opaque, since what shows through it is unknown.
 * @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
export function contrastRatio(front: Color, back: Color): number {
  const behind = toSrgb(back)
  const { alpha = 1 } = front
  const seen = each(toSrgb(front), (v, at) => v * alpha + behind[at]! * (1 - alpha))
  const [dark, light] = [seen, behind].map(([r, g, b]) => luminance({ r: r * 255, g: g * 255, b: b * 255 })).sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

import type { Color } from './token-types.ts'

/*
 * How far apart two colours look, whatever their spaces. Conversions are those of CSS Color 4, "Sample code for Color
 * Conversions": https://www.w3.org/TR/css-color-4/#color-conversion-code
 */

type Triple = readonly [number, number, number]
type Matrix = readonly [Triple, Triple, Triple]

const apply = (matrix: Matrix, [x, y, z]: Triple): Triple =>
  matrix.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Triple
const each = (triple: Triple, change: (value: number) => number): Triple => triple.map(change) as unknown as Triple
/** A transfer function applied to the size, so that colours outside the gamut keep their sign. */
const mirrored = (decode: (size: number) => number) => (value: number) => Math.sign(value) * decode(Math.abs(value))

const srgbDecode = mirrored((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))

/** Linear-light RGB to CIE XYZ; ProPhoto's white is D50, that of the others D65. */
const rgbToXyz = {
  'srgb': [
    [506752 / 1228815, 87881 / 245763, 12673 / 70218],
    [87098 / 409605, 175762 / 245763, 12673 / 175545],
    [7918 / 409605, 87881 / 737289, 1001167 / 1053270],
  ],
  'display-p3': [
    [608311 / 1250200, 189793 / 714400, 198249 / 1000160],
    [35783 / 156275, 247089 / 357200, 198249 / 2500400],
    [0, 32229 / 714400, 5220557 / 5000800],
  ],
  'a98-rgb': [
    [573536 / 994567, 263643 / 1420810, 187206 / 994567],
    [591459 / 1989134, 6239551 / 9945670, 374412 / 4972835],
    [53769 / 1989134, 351524 / 4972835, 4929758 / 4972835],
  ],
  'prophoto-rgb': [
    [0.7977666449006423, 0.13518129740053308, 0.0313477341283922],
    [0.2880748288194013, 0.711835234241873, 0.00008993693872564],
    [0, 0, 0.8251046025104602],
  ],
  'rec2020': [
    [63426534 / 99577255, 20160776 / 139408157, 47086771 / 278816314],
    [26158966 / 99577255, 472592308 / 697040785, 8267143 / 139408157],
    [0, 19567812 / 697040785, 295819943 / 278816314],
  ],
} as const satisfies Record<string, Matrix>

const decoders: Readonly<Record<keyof typeof rgbToXyz, (value: number) => number>> = {
  'srgb': srgbDecode,
  'display-p3': srgbDecode,
  'a98-rgb': mirrored((v) => v ** (563 / 256)),
  'prophoto-rgb': mirrored((v) => (v <= 16 / 512 ? v / 16 : v ** 1.8)),
  // ITU-R BT.2020-2, table 4, inverted.
  'rec2020': mirrored((v) => (v < 0.018053968510807 * 4.5 ? v / 4.5 : ((v + 0.09929682680944) / 1.09929682680944) ** (1 / 0.45))),
}

/** Bradford adaptation of the white point. */
const d50ToD65: Matrix = [
  [0.955473421488075, -0.02309845494876471, 0.06325924320057072],
  [-0.0283697093338637, 1.0099953980813041, 0.021041441191917323],
  [0.012314014864481998, -0.020507649298898964, 1.330365926242124],
]
const d50White: Triple = [0.3457 / 0.3585, 1, (1 - 0.3457 - 0.3585) / 0.3585]

/** @see https://bottosson.github.io/posts/oklab/, recomputed for the D65 white of CSS Color 4 */
const xyzToLms: Matrix = [
  [0.819022437996703, 0.3619062600528904, -0.1288737815209879],
  [0.0329836539323885, 0.9292868615863434, 0.0361446663506424],
  [0.0481771893596242, 0.2642395317527308, 0.6335478284694309],
]
const lmsToOklab: Matrix = [
  [0.210454268309314, 0.7936177747023054, -0.0040720430116193],
  [1.9779985324311684, -2.4285922420485799, 0.450593709617411],
  [0.0259040424655478, 0.7827717124575296, -0.8086757549230774],
]

const oklabOfXyz = (xyz: Triple) => apply(lmsToOklab, each(apply(xyzToLms, xyz), Math.cbrt))

function ofPolar([lightness, chroma, hue]: Triple): Triple {
  const angle = (hue * Math.PI) / 180
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)]
}

/** CIE Lab with the white of D50 to XYZ of D50. */
function xyzOfLab([lightness, a, b]: Triple): Triple {
  const [kappa, epsilon] = [24389 / 27, 216 / 24389]
  const y = (lightness + 16) / 116
  const [x, z] = [y + a / 500, y - b / 200]
  const cubed = (v: number) => (v ** 3 > epsilon ? v ** 3 : (116 * v - 16) / kappa)
  const [wx, wy, wz] = d50White
  return [cubed(x) * wx, (lightness > kappa * epsilon ? y ** 3 : lightness / kappa) * wy, cubed(z) * wz]
}

/** Saturation and lightness in percent. */
function srgbOfHsl([hue, saturation, lightness]: Triple): Triple {
  const [s, l] = [saturation / 100, lightness / 100]
  const channel = (n: number) => {
    const k = (((n + hue / 30) % 12) + 12) % 12
    return l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1))
  }
  return [channel(0), channel(8), channel(4)]
}

/** White and black in percent. */
function srgbOfHwb([hue, whiteness, blackness]: Triple): Triple {
  const [white, black] = [whiteness / 100, blackness / 100]
  if (white + black >= 1) return each([1, 1, 1], () => white / (white + black))
  return each(srgbOfHsl([hue, 100, 50]), (v) => v * (1 - white - black) + white)
}

function oklabOfRgb(space: keyof typeof rgbToXyz, rgb: Triple): Triple {
  const xyz = apply(rgbToXyz[space], each(rgb, decoders[space]))
  return oklabOfXyz(space === 'prophoto-rgb' ? apply(d50ToD65, xyz) : xyz)
}

const toOklab: Readonly<Record<string, (components: Triple) => Triple>> = {
  'srgb': (rgb) => oklabOfRgb('srgb', rgb),
  'srgb-linear': (rgb) => oklabOfXyz(apply(rgbToXyz.srgb, rgb)),
  'hsl': (hsl) => oklabOfRgb('srgb', srgbOfHsl(hsl)),
  'hwb': (hwb) => oklabOfRgb('srgb', srgbOfHwb(hwb)),
  'display-p3': (rgb) => oklabOfRgb('display-p3', rgb),
  'a98-rgb': (rgb) => oklabOfRgb('a98-rgb', rgb),
  'prophoto-rgb': (rgb) => oklabOfRgb('prophoto-rgb', rgb),
  'rec2020': (rgb) => oklabOfRgb('rec2020', rgb),
  'lab': (lab) => oklabOfXyz(apply(d50ToD65, xyzOfLab(lab))),
  'lch': (lch) => oklabOfXyz(apply(d50ToD65, xyzOfLab(ofPolar(lch)))),
  'oklab': (lab) => lab,
  'oklch': ofPolar,
  'xyz-d50': (xyz) => oklabOfXyz(apply(d50ToD65, xyz)),
  'xyz-d65': oklabOfXyz,
}

/**
 * How far apart two opaque colours look: 0 for equal ones, about 0.02 where most people begin to see a difference, 1
 * between black and white. Alpha has no part in it.
 * @returns rounded to four digits; undefined when a space is not known
 * @see https://www.w3.org/TR/css-color-4/#color-difference-OK (ΔE OK)
 */
export function colorDistance(a: Color, b: Color): number | undefined {
  const [first, second] = [a, b].map(({ colorSpace, components }) => {
    const convert = Object.hasOwn(toOklab, colorSpace) ? toOklab[colorSpace] : undefined
    return convert?.(components.map((one) => (one === 'none' ? 0 : one)) as unknown as Triple)
  })
  if (!first || !second) return undefined
  return Number(Math.hypot(...first.map((value, i) => value - second[i]!)).toFixed(4))
}

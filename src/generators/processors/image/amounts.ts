import * as z from 'zod'
import { formatHexAlpha, parseColor } from '../../../core/color.ts'

/* Option values as people write them in specs: plain, or with a unit. */

function parsed<T>(what: string, read: (text: string) => T | undefined) {
  return z.union([z.number(), z.string()]).transform((value, context): T => {
    const result = read(String(value).trim().toLowerCase())
    if (result !== undefined) return result
    context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is not ${what}` })
    return z.NEVER
  }).meta({ title: what.replace(/, for example.*/, '') })
}

/** Pixels: `4`, `"4"` or `"4px"`. */
export function pixels(min: number, max: number, whole = true) {
  const what = `${whole ? 'whole pixels' : 'pixels'} from ${min} to ${max}, for example 4 or "4px"`
  return parsed(what, (text) => {
    const value = /^-?\d+(?:\.\d+)?(?: ?px)?$/.test(text) ? Number.parseFloat(text) : NaN
    return value >= min && value <= max && (!whole || Number.isInteger(value)) ? value : undefined
  })
}

/** A part of a whole: `0.4` or `"40%"`; parsed to 0…1. */
export const fraction = parsed('a part from 0 to 1 or a percentage, for example 0.4 or "40%"', (text) => {
  const percent = /^\d+(?:\.\d+)? ?%$/.test(text)
  const value = /^\d*\.?\d+(?: ?%)?$/.test(text) ? Number.parseFloat(text) / (percent ? 100 : 1) : NaN
  return value >= 0 && value <= 1 ? value : undefined
})

/** A colour as `#RRGGBBAA`. */
export const color = z
  .string()
  .transform((text, context) => {
    const rgba = parseColor(text)
    if (rgba) return formatHexAlpha(rgba)
    context.addIssue({
      code: 'custom',
      message: `${JSON.stringify(text)} is no colour: write #RRGGBB, #RRGGBBAA, a CSS name or transparent`,
    })
    return z.NEVER
  })
  .meta({ title: 'colour' })

export interface Dimensions {
  widthPx: number
  heightPx: number
}

/** `32x32`, `"32 x 32 px"`, `[32, 32]`, or one number for a square. */
export const dimensions = z
  .union([z.string(), z.number(), z.tuple([z.number(), z.number()])])
  .transform((value, context): Dimensions => {
    const text = Array.isArray(value) ? value.join('x') : String(value)
    const match = /^(\d{1,5})(?: ?[x×] ?(\d{1,5}))? ?(?:px)?$/i.exec(text.trim())
    const widthPx = Number(match?.[1])
    const heightPx = Number(match?.[2] ?? match?.[1])
    if (widthPx >= 1 && heightPx >= 1 && widthPx <= 16_383 && heightPx <= 16_383) return { widthPx, heightPx }
    context.addIssue({
      code: 'custom',
      message: `${JSON.stringify(value)} is no size: write width x height in pixels, for example 32x32`,
    })
    return z.NEVER
  })
  .meta({ title: 'size such as 32x32' })

/** Nine places in a box. */
export const places = [
  'center',
  'top',
  'right-top',
  'right',
  'right-bottom',
  'bottom',
  'left-bottom',
  'left',
  'left-top',
] as const
export type Place = (typeof places)[number]

/** A place by name; `top right`, `top-right` and `right-top` are one, `centre` is `center`. */
export const place = z.string().transform((text, context): Place => {
  const words = text.trim().toLowerCase().replace('centre', 'center').split(/[\s-]+/)
  const known = places.find((name) => name === words.join('-') || name === [...words].reverse().join('-'))
  if (known) return known
  context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} is no place: one of ${places.join(', ')}` })
  return z.NEVER
}).meta({ title: 'place such as top or left-bottom' })

/** Left and top of a box put at a place in a larger or smaller one; whole pixels. */
export function offsetAt(at: Place, outer: Dimensions, inner: Dimensions): { x: number; y: number } {
  const [x, y] = [outer.widthPx - inner.widthPx, outer.heightPx - inner.heightPx]
  return {
    x: at.includes('left') ? 0 : at.includes('right') ? x : Math.floor(x / 2),
    y: at.includes('top') ? 0 : at.includes('bottom') ? y : Math.floor(y / 2),
  }
}

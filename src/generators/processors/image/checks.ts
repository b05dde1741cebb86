import * as z from 'zod'
import { luminance, parseColor, toOklab, type Rgba } from '../../../core/color.ts'
import { defineError } from '../../../core/errors.ts'
import type { MediaBytes, Picture } from '../../../core/media.ts'
import type { Processing } from '../../../core/ports.ts'
import { quantityOption } from '../../quantity-option.ts'
import type { Check, Checks } from '../asked-checks.ts'
import { color, dimensions, fraction } from './amounts.ts'
import { colorsOfTokens } from './palette.ts'

/** What a check may look at; files are encoded only when a check asks for them. */
export interface Measured {
  state: Processing<Picture>
  /** What would be written, first encoding first. */
  files(): Promise<readonly MediaBytes[]>
  colorsOf(ref: string): Promise<string[]>
}

const check = <B>(definition: Check<Measured, B>) => definition as unknown as Check<Measured, unknown>

const nothingToMatch = defineError('CHECK_NEEDS_VALUE', {
  summary: 'A check of a `validate` step has nothing to compare with.',
  message: (d: { check: string }) =>
    `The check ${d.check} has nothing to compare with: no resize step stands before it.`,
  hint: (d) => `Give a value, for example { ${d.check}: 32x32 }, or put a resize step before.`,
  exit: 2,
})

const sizeText = ({ widthPx, heightPx }: { widthPx: number; heightPx: number }) => `${widthPx}x${heightPx}`
const percent = (share: number) => `${(share * 100).toFixed(1)} %`

/** A file for the web: not above this, and not larger than its bare pixels. */
const reasonableMaxBytes = 10 * 1024 * 1024
const headerBytes = 4096

/** Share of pixels that must differ from the commonest colour. */
const notBlankShare = 0.0005

const largest = (files: readonly MediaBytes[]) => Math.max(...files.map((file) => file.bytes.length))
const smallest = (files: readonly MediaBytes[]) => Math.min(...files.map((file) => file.bytes.length))

const paletteBound = z.union([
  z.array(color).min(1).transform((colors) => ({ colors })),
  z.string().min(1).transform((tokens) => ({ tokens })),
  z
    .strictObject({ colors: z.array(color).min(1).optional(), tokens: z.string().min(1).optional(), tolerance: fraction.optional(), share: fraction.optional() })
    .refine((value) => (value.colors === undefined) !== (value.tokens === undefined), 'give either colors or tokens'),
])
type PaletteBound = {
  colors?: string[] | undefined
  tokens?: string | undefined
  tolerance?: number | undefined
  share?: number | undefined
}

const bytes = quantityOption('bytes', { min: 0 })

/** Every check of a picture by name; a further one is one entry here. */
export const pictureChecks: Checks<Measured> = new Map(
  Object.entries({
    has_alpha: check({
      summary: 'Some pixel is not opaque.',
      measure: ({ state }) => {
        const share = shareOf(state.media, (pixels, at) => pixels[at + 3]! < 255)
        return { ok: share > 0, measured: `${percent(share)} transparent`, bound: 'above 0 % transparent' }
      },
    }),
    dimensions_match: check<{ widthPx: number; heightPx: number } | undefined>({
      summary: 'The size is the given one, or what the last resize made.',
      bound: dimensions,
      unsaid: undefined,
      measure: ({ state }, given) => {
        const wanted = given ?? state.resizedTo
        if (!wanted) throw nothingToMatch({ check: 'dimensions_match' })
        return {
          ok: sizeText(state.media) === sizeText(wanted),
          measured: sizeText(state.media),
          bound: sizeText(wanted),
        }
      },
    }),
    file_size_reasonable: check({
      summary: 'Every file is at most 10 MiB and not larger than its bare pixels.',
      measure: async ({ state, files }) => {
        const most = Math.min(reasonableMaxBytes, state.media.pixels.length + headerBytes)
        const measured = largest(await files())
        return { ok: measured <= most, measured: `${measured} bytes`, bound: `at most ${most} bytes` }
      },
    }),
    min_bytes: check({
      summary: 'No file is smaller, e.g. `200` or `1 KB`.',
      bound: bytes,
      measure: async ({ files }, least) => {
        const measured = smallest(await files())
        return { ok: measured >= least, measured: `${measured} bytes`, bound: `at least ${least} bytes` }
      },
    }),
    max_bytes: check({
      summary: 'No file is larger, e.g. `20000` or `20 KB`.',
      bound: bytes,
      measure: async ({ files }, most) => {
        const measured = largest(await files())
        return { ok: measured <= most, measured: `${measured} bytes`, bound: `at most ${most} bytes` }
      },
    }),
    not_blank: check({
      summary: 'Not all of one colour and not wholly transparent.',
      measure: ({ state }) => {
        const share = 1 - commonestShare(state.media)
        return {
          ok: share >= notBlankShare,
          measured: `${percent(share)} differ`,
          bound: `at least ${percent(notBlankShare)} differ`,
        }
      },
    }),
    contrast: check({
      summary: 'Light and dark parts differ at least by this WCAG ratio (1 to 21).',
      bound: z.number().min(1).max(21),
      unsaid: 1.5,
      measure: ({ state }, least) => {
        const ratio = contrastOf(state.media)
        return { ok: ratio >= least, measured: ratio.toFixed(2), bound: `at least ${least}` }
      },
    }),
    palette_match: check<PaletteBound>({
      summary: 'Nearly all visible pixels have a listed colour, or one of the design tokens named.',
      bound: paletteBound,
      colorRefs: ({ tokens }) => (tokens === undefined ? [] : [tokens]),
      measure: async ({ state, colorsOf }, { colors, tokens, tolerance = 0.05, share = 0.95 }) => {
        const palette =
          tokens === undefined ? colors!.map((text) => parseColor(text)!) : await colorsOfTokens(tokens, colorsOf)
        const measured = paletteShare(state.media, palette, tolerance)
        return { ok: measured >= share, measured: percent(measured), bound: `at least ${percent(share)}` }
      },
    }),
  }),
)

function shareOf({ pixels }: Picture, test: (pixels: Uint8Array, at: number) => boolean): number {
  let count = 0
  for (let at = 0; at < pixels.length; at += 4) if (test(pixels, at)) count++
  return count / (pixels.length / 4)
}

function commonestShare({ pixels }: Picture): number {
  const counts = new Map<number, number>()
  let most = 0
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3]!
    // Colours under full transparency do not show.
    const code = alpha === 0 ? -1 : ((pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!) * 256 + alpha
    const count = (counts.get(code) ?? 0) + 1
    counts.set(code, count)
    if (count > most) most = count
  }
  return most / (pixels.length / 4)
}

/**
 * WCAG ratio between the 2nd and the 98th percentile of luminance. A picture with alpha is seen on black and on white,
 * and the better of the two counts.
 */
function contrastOf({ pixels }: Picture): number {
  const ratioOn = (ground: number) => {
    const histogram = new Float64Array(1024)
    for (let at = 0; at < pixels.length; at += 4) {
      const alpha = pixels[at + 3]! / 255
      const over = (channel: number) => pixels[at + channel]! * alpha + ground * (1 - alpha)
      histogram[Math.min(1023, Math.floor(luminance({ r: over(0), g: over(1), b: over(2) }) * 1024))]!++
    }
    const count = pixels.length / 4
    const percentile = (part: number) => {
      let sum = 0
      for (let i = 0; i < 1024; i++) if ((sum += histogram[i]!) >= part * count) return i / 1023
      return 1
    }
    return (percentile(0.98) + 0.05) / (percentile(0.02) + 0.05)
  }
  return Math.max(ratioOn(0), ratioOn(255))
}

function paletteShare({ pixels }: Picture, palette: readonly Rgba[], tolerance: number): number {
  const labs = palette.map((entry) => toOklab(entry))
  const known = new Map<number, boolean>()
  let [visible, matching] = [0, 0]
  for (let at = 0; at < pixels.length; at += 4) {
    // Half-covered edge pixels are blends by nature.
    if (pixels[at + 3]! < 128) continue
    visible++
    const code = (pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!
    let matches = known.get(code)
    if (matches === undefined) {
      const [l, a, b] = toOklab({ r: pixels[at]!, g: pixels[at + 1]!, b: pixels[at + 2]! })
      matches = labs.some(([l2, a2, b2]) => Math.hypot(l - l2, a - a2, b - b2) <= tolerance)
      known.set(code, matches)
    }
    if (matches) matching++
  }
  return visible === 0 ? 1 : matching / visible
}

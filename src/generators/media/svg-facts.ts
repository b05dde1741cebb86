import { SaxesParser } from 'saxes'
import { defineError } from '../../core/errors.ts'

export const svgInvalid = defineError('SVG_INVALID', {
  summary: 'Text that should be an SVG is not well-formed XML or has another root.',
  message: (d: { why: string }) => `The SVG cannot be used: ${d.why}.`,
  hint: () => 'Export it again as plain SVG, or mend the place the message names.',
})
export const svgTooLarge = defineError('SVG_TOO_LARGE', {
  summary: 'An SVG passes the limits on text length, depth or picture size.',
  message: (d: { what: string; limit: string }) => `The SVG has ${d.what}; the limit is ${d.limit}.`,
  hint: () => 'Simplify the drawing, or import it as a PNG or WebP.',
})

/** Most bytes (and so characters) of an SVG. */
export const maxSvgBytes = 5_000_000
/** Most nested elements; renderers recurse over them. */
export const maxSvgDepth = 200
const maxSvgSidePx = 16_383

export const svgNamespace = 'http://www.w3.org/2000/svg'

/**
 * The text of SVG bytes.
 * @throws SVG_INVALID when they are not UTF-8
 * @throws SVG_TOO_LARGE
 */
export function requireSvg(bytes: Uint8Array): string {
  if (bytes.length > maxSvgBytes) throw svgTooLarge({ what: `${bytes.length} bytes`, limit: `${maxSvgBytes}` })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw svgInvalid({ why: 'it is not UTF-8 text' }, { cause })
  }
}

export interface SvgFacts {
  /** At 96 dpi; from width and height, else from the viewBox, else 300 × 150 as CSS has it. */
  widthPx: number
  heightPx: number
  viewBox?: readonly [x: number, y: number, width: number, height: number]
}

const pxPerUnit: Record<string, number> = {
  '': 1, px: 1, pt: 96 / 72, pc: 16, in: 96, cm: 96 / 2.54, mm: 96 / 25.4, q: 96 / 101.6, em: 16, rem: 16, ex: 8,
}

function lengthPx(text: string | undefined): number | undefined {
  const parts = /^\s*\+?(\d*\.?\d+(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(text ?? '')
  if (!parts) return undefined
  const unit = pxPerUnit[parts[2]!.toLowerCase()]
  const px = unit === undefined ? undefined : Number(parts[1]) * unit
  return px && Number.isFinite(px) ? px : undefined
}

function viewBoxOf(text: string | undefined): SvgFacts['viewBox'] {
  const numbers = (text ?? '').trim().split(/[\s,]+/).map(Number)
  const [x, y, width, height] = numbers as [number, number, number, number]
  return numbers.length === 4 && numbers.every(Number.isFinite) && width > 0 && height > 0
    ? [x, y, width, height]
    : undefined
}

/** The size that the attributes of a root element give. */
function sizeOfRoot(attributes: ReadonlyMap<string, string>): SvgFacts {
  const viewBox = viewBoxOf(attributes.get('viewBox'))
  const [width, height] = [lengthPx(attributes.get('width')), lengthPx(attributes.get('height'))]
  const ratio = viewBox && viewBox[2] / viewBox[3]
  const facts = {
    widthPx: width ?? (height && ratio ? height * ratio : (viewBox?.[2] ?? 300)),
    heightPx: height ?? (width && ratio ? width / ratio : (viewBox?.[3] ?? 150)),
    ...(viewBox && { viewBox }),
  }
  if (facts.widthPx > maxSvgSidePx || facts.heightPx > maxSvgSidePx) {
    throw svgTooLarge({ what: `a size of ${facts.widthPx} × ${facts.heightPx}`, limit: `${maxSvgSidePx} on a side` })
  }
  return facts
}

/**
 * Size and viewBox of an SVG; the whole text must be well-formed.
 * @throws SVG_INVALID, SVG_TOO_LARGE
 */
export function svgFacts(text: string): SvgFacts {
  let facts: SvgFacts | undefined
  let depth = 0
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (cause) => {
    throw svgInvalid({ why: `it is not well-formed at ${cause.message}` }, { cause })
  })
  parser.on('opentag', (tag) => {
    if (++depth > maxSvgDepth) throw svgTooLarge({ what: 'deeply nested elements', limit: `${maxSvgDepth} levels` })
    if (depth > 1) return
    requireSvgRoot(tag)
    facts ??= sizeOfRoot(new Map(Object.values(tag.attributes).map(({ name, value }) => [name, value])))
  })
  parser.on('closetag', () => void depth--)
  parser.write(text).close()
  if (!facts) throw svgInvalid({ why: 'it holds no element' })
  return facts
}

/** @throws SVG_INVALID */
export function requireSvgRoot(tag: { local: string; uri: string }): void {
  if (tag.local !== 'svg' || (tag.uri !== svgNamespace && tag.uri !== '')) {
    throw svgInvalid({ why: `its root element is <${tag.local}>, not <svg>` })
  }
}

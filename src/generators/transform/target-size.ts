import type { TransformGeometry } from '../../core/transform.ts'

export interface Size {
  widthPx: number
  heightPx: number
}

/** The size of a picture turned by some degrees: the box around it. */
export function turned({ widthPx, heightPx }: Size, degrees: number): Size {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))]
  const side = (a: number, b: number) => Math.max(1, Math.round(a * cos + b * sin))
  return { widthPx: side(widthPx, heightPx), heightPx: side(heightPx, widthPx) }
}

/** The largest box of an aspect inside a picture. */
function largestInside(source: Size, [w, h]: readonly [number, number]): Size {
  const scale = Math.min(source.widthPx / w, source.heightPx / h)
  return { widthPx: Math.max(1, Math.round(w * scale)), heightPx: Math.max(1, Math.round(h * scale)) }
}

/**
 * The box to resize to, or undefined for the source's own size. Without `enlarge` a box that the source cannot fill is
 * shrunk as a whole, so that the aspect asked for stays.
 *
 * @param source - upright and turned as the output will be
 */
export function targetSize(source: Size, options: TransformGeometry): Partial<Size> | undefined {
  const { fit, enlarge } = options
  const box = options.aspect
    ? largestInside(source, options.aspect)
    : { ...(options.widthPx && { widthPx: options.widthPx }), ...(options.heightPx && { heightPx: options.heightPx }) }
  if (!box.widthPx && !box.heightPx) return undefined
  if (enlarge) return box
  if (!box.widthPx || !box.heightPx) {
    const [key, limit] = box.widthPx ? (['widthPx', source.widthPx] as const) : (['heightPx', source.heightPx] as const)
    return box[key]! >= limit ? undefined : box
  }
  const [x, y] = [box.widthPx / source.widthPx, box.heightPx / source.heightPx]
  if (fit === 'fill') {
    return { widthPx: Math.min(box.widthPx, source.widthPx), heightPx: Math.min(box.heightPx, source.heightPx) }
  }
  const scale = fit === 'cover' || fit === 'outside' ? Math.max(x, y) : Math.min(x, y)
  if (scale <= 1) return box
  return {
    widthPx: Math.max(1, Math.round(box.widthPx / scale)),
    heightPx: Math.max(1, Math.round(box.heightPx / scale)),
  }
}

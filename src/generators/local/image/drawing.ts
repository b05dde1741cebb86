import type { Oklch } from '../../../core/color.ts'
import { css } from './palette.ts'

/** A number for markup: two decimals are finer than any pixel drawn here, and the same text everywhere. */
export function n(value: number): string {
  const text = value.toFixed(2)
  return text.includes('.') ? text.replace(/\.?0+$/, '').replace(/^-0$/, '0') : text
}

export interface Stop {
  at: number
  color: Oklch
  alpha?: number
}

/** SVG text under construction. Coordinates are units: the short side has `short` of them. */
export interface Drawing {
  width: number
  height: number
  /** Append markup. */
  add(...markup: string[]): void
  /** Define a gradient from top to bottom (or along a vector in units of the shape's box); returns `url(#…)`. */
  linear(stops: readonly Stop[], vector?: readonly [x1: number, y1: number, x2: number, y2: number]): string
  /** Define a gradient from the middle of a shape outwards; returns `url(#…)`. */
  radial(stops: readonly Stop[], middle?: readonly [cx: number, cy: number]): string
  /** Put markup into `<defs>` under a fresh id; returns the id. */
  define(markup: (id: string) => string): string
  /** The whole document. */
  finish(): string
}

export function createDrawing(widthPx: number, heightPx: number, short = 512): Drawing {
  const scale = short / Math.min(widthPx, heightPx)
  const [width, height] = [widthPx * scale, heightPx * scale]
  const defs: string[] = []
  const body: string[] = []
  const define = (markup: (id: string) => string) => {
    const id = `d${defs.length + 1}`
    defs.push(markup(id))
    return id
  }
  const stopsOf = (stops: readonly Stop[]) =>
    stops
      .map(({ at, color, alpha = 1 }) => {
        const opacity = alpha < 1 ? ` stop-opacity="${alpha.toFixed(3)}"` : ''
        return `<stop offset="${at.toFixed(3)}" stop-color="${css(color)}"${opacity}/>`
      })
      .join('')
  return {
    width,
    height,
    add: (...markup) => void body.push(...markup),
    define,
    linear: (stops, [x1, y1, x2, y2] = [0, 0, 0, 1]) => {
      const place = `x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}"`
      return `url(#${define((id) => `<linearGradient id="${id}" ${place}>${stopsOf(stops)}</linearGradient>`)})`
    },
    radial: (stops, [cx, cy] = [0.5, 0.5]) => {
      const place = `cx="${n(cx)}" cy="${n(cy)}" r="0.5"`
      return `url(#${define((id) => `<radialGradient id="${id}" ${place}>${stopsOf(stops)}</radialGradient>`)})`
    },
    finish: () =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${n(width)} ${n(height)}">` +
      (defs.length > 0 ? `<defs>${defs.join('')}</defs>` : '') +
      `${body.join('')}</svg>`,
  }
}

export const circle = (cx: number, cy: number, r: number, fill: string, more = '') =>
  `<circle cx="${n(cx)}" cy="${n(cy)}" r="${n(r)}" fill="${fill}"${more && ` ${more}`}/>`

export const ellipse = (cx: number, cy: number, rx: number, ry: number, fill: string, more = '') =>
  `<ellipse cx="${n(cx)}" cy="${n(cy)}" rx="${n(rx)}" ry="${n(ry)}" fill="${fill}"${more && ` ${more}`}/>`

export const rect = (x: number, y: number, width: number, height: number, fill: string, more = '') =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${fill}"${more && ` ${more}`}/>`

export const path = (d: string, fill: string, more = '') => `<path d="${d}" fill="${fill}"${more && ` ${more}`}/>`

export type Point = readonly [x: number, y: number]

/** `M… L… L…` through points. */
export const polyline = (points: readonly Point[]) =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${n(x)} ${n(y)}`).join('')

/** A smooth curve through points (Catmull-Rom as cubic Béziers). */
export function curve(points: readonly Point[], closed = false): string {
  const count = points.length
  const at = (i: number): Point =>
    closed ? points[(i + count) % count]! : points[Math.max(0, Math.min(count - 1, i))]!
  const parts = [`M${n(at(0)[0])} ${n(at(0)[1])}`]
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
    const first: Point = [b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6]
    const second: Point = [c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6]
    parts.push(`C${[first, second, c].map(([x, y]) => `${n(x)} ${n(y)}`).join(' ')}`)
  }
  return parts.join('') + (closed ? 'Z' : '')
}

/** A point on a circle; 0° is up, clockwise. */
export function polar(cx: number, cy: number, r: number, degrees: number): Point {
  const angle = (degrees * Math.PI) / 180
  return [cx + r * Math.sin(angle), cy - r * Math.cos(angle)]
}

/** A regular polygon, or a star when `inner` is given. */
export function star(cx: number, cy: number, points: number, outer: number, inner?: number, turn = 0): string {
  const corners: Point[] = []
  for (let i = 0; i < points; i++) {
    corners.push(polar(cx, cy, outer, turn + (i * 360) / points))
    if (inner !== undefined) corners.push(polar(cx, cy, inner, turn + ((i + 0.5) * 360) / points))
  }
  return `${polyline(corners)}Z`
}

/** A square with continuous curvature (superellipse of exponent 5), as app tiles have it. */
export function squircle(cx: number, cy: number, r: number): string {
  const corners: Point[] = []
  for (let i = 0; i < 64; i++) {
    const angle = (i / 64) * 2 * Math.PI
    const side = (value: number) => Math.sign(value) * Math.abs(value) ** (2 / 5)
    corners.push([cx + r * side(Math.cos(angle)), cy + r * side(Math.sin(angle))])
  }
  return curve(corners, true)
}

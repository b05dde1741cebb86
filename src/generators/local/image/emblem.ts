import { circle, path, squircle, star, type Drawing } from './drawing.ts'

/** Grounds that a mark may stand on. */
export const grounds = ['circle', 'squircle', 'hexagon', 'shield', 'diamond', 'none'] as const
export type Ground = (typeof grounds)[number]

const shieldPath = (x: number, y: number, r: number) => {
  const p = (dx: number, dy: number) => `${(x + dx * r).toFixed(2)} ${(y + dy * r).toFixed(2)}`
  return `M${p(0, -1)}C${p(0.3, -0.84)} ${p(0.62, -0.78)} ${p(0.86, -0.78)}L${p(0.86, -0.06)}C${p(0.86, 0.5)} ${p(0.46, 0.82)} ${p(0, 1)}` +
    `C${p(-0.46, 0.82)} ${p(-0.86, 0.5)} ${p(-0.86, -0.06)}L${p(-0.86, -0.78)}C${p(-0.62, -0.78)} ${p(-0.3, -0.84)} ${p(0, -1)}Z`
}

/** The outline of a ground around a middle, `r` from the middle to its farthest edge. */
export function groundShape(ground: Ground, x: number, y: number, r: number, fill: string, more = ''): string {
  const rounded = `${more} stroke-linejoin="round"`
  if (ground === 'circle') return circle(x, y, r, fill, more)
  if (ground === 'squircle') return path(squircle(x, y, r * 0.94), fill, more)
  if (ground === 'hexagon') return path(star(x, y, 6, r), fill, rounded)
  if (ground === 'diamond') return path(star(x, y, 4, r), fill, rounded)
  if (ground === 'shield') return path(shieldPath(x, y, r), fill, more)
  return ''
}

/** How much of `r` a mark may take on each ground, so that it looks equally large on all. */
export const innerScale: Record<Ground, number> = {
  circle: 0.6,
  squircle: 0.66,
  hexagon: 0.58,
  shield: 0.56,
  diamond: 0.48,
  none: 0.98,
}

/** A soft light from above over a ground. */
export function sheen(drawing: Drawing, ground: Ground, x: number, y: number, r: number): string {
  const white = { l: 1, c: 0, h: 0 }
  const fill = drawing.linear([{ at: 0, color: white, alpha: 0.2 }, { at: 0.55, color: white, alpha: 0 }])
  return groundShape(ground, x, y, r, fill)
}

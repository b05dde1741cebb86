import { toOklab, type Rgba } from '../../../core/color.ts'
import type { Picture } from '../../../core/media.ts'

type Lab = readonly [number, number, number]
interface Cell {
  r: number
  g: number
  b: number
  lab: Lab
  weight: number
}

const distanceSquared = (a: Lab, b: Lab) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2

/** The distinct colours of a picture at 6 bits a channel, each with its mean and its visible weight. */
function cellsOf({ pixels }: Picture): Cell[] {
  const sums = new Map<number, [r: number, g: number, b: number, weight: number]>()
  for (let i = 0; i < pixels.length; i += 4) {
    const weight = pixels[i + 3]!
    if (weight === 0) continue
    const [r, g, b] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!]
    const code = ((r >> 2) << 12) | ((g >> 2) << 6) | (b >> 2)
    const sum = sums.get(code)
    if (sum) {
      sum[0] += r * weight
      sum[1] += g * weight
      sum[2] += b * weight
      sum[3] += weight
    } else sums.set(code, [r * weight, g * weight, b * weight, weight])
  }
  return [...sums.values()].map(([r, g, b, weight]) => {
    const mean = { r: r / weight, g: g / weight, b: b / weight }
    return { ...mean, lab: toOklab(mean), weight }
  })
}

function meanOf(cells: readonly Cell[]): Rgba {
  let [r, g, b, weight] = [0, 0, 0, 0]
  for (const cell of cells) {
    r += cell.r * cell.weight
    g += cell.g * cell.weight
    b += cell.b * cell.weight
    weight += cell.weight
  }
  return { r: Math.round(r / weight), g: Math.round(g / weight), b: Math.round(b / weight), a: 255 }
}

/** Spread of a box along its longest axis in OKLab. */
function longestAxis(cells: readonly Cell[]): { axis: 0 | 1 | 2; spread: number } {
  const spreads = ([0, 1, 2] as const).map((axis) => {
    let [weight, sum, squares] = [0, 0, 0]
    for (const cell of cells) {
      weight += cell.weight
      sum += cell.lab[axis] * cell.weight
      squares += cell.lab[axis] ** 2 * cell.weight
    }
    return { axis, spread: Math.max(0, squares - sum ** 2 / weight) }
  })
  return spreads.reduce((best, one) => (one.spread > best.spread ? one : best))
}

/**
 * The `count` colours that stand best for a picture: boxes are halved where they spread most, then centres are moved to
 * the middle of what is nearest to them.
 * @see P. Heckbert, Color image quantization for frame buffer display, 1982; S. Lloyd, 1982 (refinement)
 */
export function dominantPalette(picture: Picture, count: number): Rgba[] {
  const cells = cellsOf(picture)
  if (cells.length === 0) return [{ r: 0, g: 0, b: 0, a: 255 }]
  const boxes = [{ cells, ...longestAxis(cells) }]
  while (boxes.length < Math.min(count, cells.length)) {
    boxes.sort((a, b) => b.spread - a.spread)
    const box = boxes.shift()!
    if (box.cells.length < 2) {
      boxes.push({ ...box, spread: -1 })
      if (boxes.every((one) => one.cells.length < 2)) break
      continue
    }
    const sorted = [...box.cells].sort((a, b) => a.lab[box.axis] - b.lab[box.axis])
    const half = sorted.reduce((sum, cell) => sum + cell.weight, 0) / 2
    let at = 0
    for (let sum = 0; at < sorted.length - 2 && sum + sorted[at]!.weight < half; at++) sum += sorted[at]!.weight
    for (const part of [sorted.slice(0, at + 1), sorted.slice(at + 1)]) {
      if (part.length > 0) boxes.push({ cells: part, ...longestAxis(part) })
    }
  }
  let palette = boxes.map((box) => meanOf(box.cells))
  for (let round = 0; round < 4; round++) {
    const nearest = nearestIn(palette)
    const groups: Cell[][] = palette.map(() => [])
    for (const cell of cells) groups[nearest(cell.lab)]!.push(cell)
    palette = groups.map((group, i) => (group.length > 0 ? meanOf(group) : palette[i]!))
  }
  return palette
}

function nearestIn(palette: readonly Rgba[]): (lab: Lab) => number {
  const labs = palette.map((entry) => toOklab(entry))
  return (lab) => {
    let best = 0
    for (let i = 1; i < labs.length; i++)
      if (distanceSquared(lab, labs[i]!) < distanceSquared(lab, labs[best]!)) best = i
    return best
  }
}

/**
 * Every pixel as the nearest colour of a palette (in OKLab); alpha stays.
 * @param dither - 0…1: how much of the error is carried on to the next pixels
 * @see R. Floyd, L. Steinberg, An adaptive algorithm for spatial grey scale, 1976
 */
export function snapToPalette(picture: Picture, palette: readonly Rgba[], dither: number): Picture {
  const { widthPx, heightPx } = picture
  const pixels = picture.pixels.slice()
  const nearest = nearestIn(palette)
  const known = new Map<number, Rgba>()
  const match = (r: number, g: number, b: number): Rgba => {
    const code = (r << 16) | (g << 8) | b
    let entry = known.get(code)
    if (!entry) {
      entry = palette[nearest(toOklab({ r, g, b }))]!
      if (known.size < 200_000) known.set(code, entry)
    }
    return entry
  }
  const rows = [new Float32Array((widthPx + 2) * 3), new Float32Array((widthPx + 2) * 3)] as [
    Float32Array,
    Float32Array,
  ]
  const clamp = (value: number) => Math.max(0, Math.min(255, Math.round(value)))
  for (let y = 0; y < heightPx; y++) {
    const [now, next] = y % 2 === 0 ? rows : ([rows[1], rows[0]] as const)
    next.fill(0)
    for (let x = 0; x < widthPx; x++) {
      const at = (y * widthPx + x) * 4
      const slot = (x + 1) * 3
      const wanted = [0, 1, 2].map((c) => pixels[at + c]! + now[slot + c]! * dither)
      const entry = match(clamp(wanted[0]!), clamp(wanted[1]!), clamp(wanted[2]!))
      const found = [entry.r, entry.g, entry.b]
      for (let c = 0; c < 3; c++) {
        pixels[at + c] = found[c]!
        if (dither === 0 || pixels[at + 3] === 0) continue
        const error = clamp(wanted[c]!) - found[c]!
        now[slot + 3 + c]! += (error * 7) / 16
        next[slot - 3 + c]! += (error * 3) / 16
        next[slot + c]! += (error * 5) / 16
        next[slot + 3 + c]! += error / 16
      }
    }
  }
  return { ...picture, pixels }
}

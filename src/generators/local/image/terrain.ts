import type { Oklch } from '../../../core/color.ts'
import type { Random } from '../../../core/random.ts'
import { curve, n, path, polyline, rect, type Drawing, type Point } from './drawing.ts'
import { css, mix, tone } from './palette.ts'
import { createNoise, fractal } from './value-noise.ts'

export const terrains = ['mountains', 'hills', 'forest', 'dunes', 'sea', 'city'] as const
export type Terrain = (typeof terrains)[number]

/** What a terrain is drawn into: the sky is there already. */
export interface Scene {
  drawing: Drawing
  random: Random
  /** Height of the horizon in units. */
  horizon: number
  haze: Oklch
  far: Oklch
  near: Oklch
  /** The sky just above the horizon. */
  sky: Oklch
  sun: Oklch
  sunX: number
  dark: boolean
  /** Windows are lit. */
  lit: boolean
  layers: number
}

type Ridge = (x: number) => number

/** Colour of a layer by depth: 0 stands far in the haze, 1 in front. */
const depthColor = ({ far, near, sky }: Scene, depth: number) =>
  mix(mix(far, sky, 0.34 * (1 - depth) ** 2), near, depth ** 1.25)

/** Fill below a ridge; the foot fades into mist. */
function fillLayer(scene: Scene, top: string, depth: number, y: number, mist = 0.55): void {
  const { drawing, haze } = scene
  const color = depthColor(scene, depth)
  const foot = mix(color, haze, mist * (1 - depth) ** 0.8)
  const fill = drawing.linear([{ at: 0, color }, { at: 0.3, color: mix(color, foot, 0.4) }, { at: 0.75, color: foot }])
  const bottom = Math.max(drawing.height, y) + 4
  drawing.add(path(`${top}L${n(drawing.width + 8)} ${n(bottom)}L-8 ${n(bottom)}Z`, fill))
}

const along = (drawing: Drawing, step: number, ridge: Ridge): Point[] =>
  Array.from({ length: Math.ceil((drawing.width + 16) / step) + 1 }, (_, i) => [-8 + i * step, ridge(-8 + i * step)])

function layersOf(scene: Scene, draw: (depth: number, base: number, index: number) => void): void {
  const { horizon, drawing, layers } = scene
  for (let i = 0; i < layers; i++) {
    const depth = i / (layers - 1)
    draw(depth, horizon - 18 + (drawing.height - horizon + 4) * depth ** 1.35 * 0.86, i)
  }
}

function rollingRidge(random: Random, base: number, swing: number, wavelength: number): Ridge {
  const field = fractal(createNoise(random), 2)
  const start = random.between(0, 60)
  return (x) => base + field(start + x / wavelength, 3.7) * swing
}

/** Peaks: folded noise gives sharp crests, finer octaves break the slopes. */
function jaggedRidge(random: Random, base: number, swing: number, wavelength: number): Ridge {
  const noise = createNoise(random)
  const start = random.between(0, 60)
  return (x) => {
    let sum = 0
    for (let octave = 0; octave < 6; octave++) {
      const value = noise(start + (x / wavelength) * 2 ** octave, octave * 5.3)
      sum += (octave < 2 ? 1 - 2 * Math.abs(value) : value * 0.8) * 0.48 ** octave
    }
    return base - sum * swing * 0.62
  }
}

function mountains(scene: Scene): void {
  const { drawing, random } = scene
  layersOf(scene, (depth, base, i) => {
    const swing = 108 * (1 - depth * 0.55)
    const ridge =
      i < scene.layers - 2
        ? jaggedRidge(random, base - swing * 0.35, swing, 210 + 90 * depth)
        : rollingRidge(random, base, 34, 190)
    if (i < scene.layers - 2) {
      fillLayer(scene, polyline(along(drawing, 3, ridge)), depth, base + swing)
    } else if (i === scene.layers - 2) {
      woodedLayer(scene, ridge, depth, base, 12, 20)
    } else {
      woodedLayer(scene, ridge, depth, base, 26, 46)
    }
  })
}

function hills(scene: Scene): void {
  const { drawing, random } = scene
  layersOf(scene, (depth, base, i) => {
    const ridge = rollingRidge(random, base, 46 + 26 * depth, 170 + 130 * depth)
    fillLayer(scene, curve(along(drawing, 24, ridge)), depth, base, 0.6)
    if (i > 0) copses(scene, ridge, depth)
  })
}

/** A few round trees in groups, with the size of their distance. */
function copses(scene: Scene, ridge: Ridge, depth: number): void {
  const { drawing, random } = scene
  const groups = random.int(1, 3)
  const color = css(mix(depthColor(scene, depth), scene.near, 0.3))
  for (let g = 0; g < groups; g++) {
    const middle = random.between(0, drawing.width)
    for (let i = 0; i < random.int(2, 6); i++) {
      const size = (5 + 15 * depth) * random.between(0.7, 1.25)
      const x = middle + random.between(-3, 3) * size
      const y = ridge(x)
      drawing.add(
        rect(x - size * 0.07, y - size * 0.7, size * 0.14, size * 0.9, color),
        `<ellipse cx="${n(x)}" cy="${n(y - size * 1.1)}" rx="${n(size * 0.5)}" ry="${n(size * 0.72)}" fill="${color}"/>`,
      )
    }
  }
}

function forest(scene: Scene): void {
  const { random } = scene
  layersOf(scene, (depth, base, i) => {
    const ridge = i < 2 ? jaggedRidge(random, base - 40, 70, 240) : rollingRidge(random, base + 14 * depth, 40, 210)
    if (i < 1) fillLayer(scene, polyline(along(scene.drawing, 3, ridge)), depth, base + 60)
    else woodedLayer(scene, ridge, depth, base, 9 + 50 * depth ** 1.6, 16 + 84 * depth ** 1.6, 0.7)
  })
}

/** A ridge whose edge is the tops of pines; gaps and heights vary in drifts, as woods grow. */
function woodedLayer(
  scene: Scene,
  ridge: Ridge,
  depth: number,
  base: number,
  low: number,
  high: number,
  mist?: number,
): void {
  const { drawing, random } = scene
  const drift = createNoise(random)
  const trees: string[] = []
  for (let x = -high; x < drawing.width + high; ) {
    const wood = 0.5 + 0.5 * drift(x / 90, depth * 9)
    const height = low + (high - low) * Math.max(0, wood * 0.75 + random.between(-0.2, 0.4))
    if (wood > 0.3 || random.next() < 0.2) trees.push(pine(x, ridge(x) + height * 0.1, height, random))
    x += height * random.between(0.16, 0.42) + (wood < 0.3 ? height * 0.6 : 0)
  }
  const group = trees.join('')
  const color = depthColor(scene, depth)
  drawing.add(path(group, css(color)))
  fillLayer(scene, curve(along(drawing, 16, ridge)), depth, base + 40, mist)
}

/** One pine as a closed outline: tiers that widen downwards, each edge drooping. */
function pine(x: number, y: number, height: number, random: Random): string {
  const tiers = height > 30 ? 7 : height > 14 ? 5 : 3
  const half = height * random.between(0.15, 0.21)
  const side = (sign: 1 | -1): Point[] => {
    const points: Point[] = []
    for (let tier = 1; tier <= tiers; tier++) {
      const level = y - height + (height * 0.92 * tier) / tiers
      const reach = half * (tier / tiers) ** 0.85 * random.between(0.82, 1.12)
      points.push([x + sign * reach, level + height * 0.02], [x + sign * reach * 0.5, level - height * 0.01])
    }
    return points
  }
  const outline: Point[] = [
    [x, y - height],
    ...side(1),
    [x + height * 0.02, y],
    [x - height * 0.02, y],
    ...side(-1).reverse(),
  ]
  return `${polyline(outline)}Z`
}

/** Dunes: each has a lit slope and a shaded one that meet in a winding crest. */
function dunes(scene: Scene): void {
  const { drawing, random, haze, sunX } = scene
  layersOf(scene, (depth, base) => {
    const ridge = rollingRidge(random, base, 40 + 34 * depth, 230 + 160 * depth)
    fillLayer(scene, curve(along(drawing, 20, ridge)), depth * 0.82, base + 30, 0.5)
    const peaks = along(drawing, 8, ridge).filter(([x, y]) => y < ridge(x - 40) - 2 && y < ridge(x + 40) - 2)
    const apart = peaks.filter(([x], i) => i === 0 || x - peaks[i - 1]![0] > 120)
    for (const [x, y] of apart) {
      const away = x > sunX ? 1 : -1
      const reach = random.between(150, 260) * (0.4 + depth * 0.8)
      const shade = mix(depthColor(scene, Math.min(1, depth * 0.82 + 0.22)), haze, 0.1)
      const slope: Point[] = Array.from({ length: 10 }, (_, i) => [
        x + (away * reach * i) / 9,
        ridge(x + (away * reach * i) / 9),
      ])
      const back: Point[] = [
        [x + away * reach * 0.62, ridge(x + away * reach) + 30 + 60 * depth],
        [x + away * reach * 0.3, y + 40 + 84 * depth],
        [x + away * reach * 0.16, y + 22 + 34 * depth],
      ]
      const fill = drawing.linear([{ at: 0, color: shade, alpha: 0.75 }, { at: 1, color: shade, alpha: 0 }])
      drawing.add(path(`${curve([...slope, ...back, [x, y]])}Z`, fill))
    }
  })
}

function sea(scene: Scene): void {
  const { drawing, random, horizon, haze, far, near, sky, sun, sunX } = scene
  const { width, height } = drawing
  for (const depth of [0.08, 0.24]) {
    const land = jaggedRidge(random, horizon - 12, 46 * (1 - depth), 260)
    const field = createNoise(random)
    const shaped: Ridge = (x) =>
      Math.min(horizon + 2, horizon - Math.max(0, horizon - land(x)) * Math.max(0, field(x / 260, 1) + 0.35))
    drawing.add(
      path(
        `${polyline(along(drawing, 4, shaped))}L${n(width + 8)} ${n(horizon + 2)}L-8 ${n(horizon + 2)}Z`,
        css(mix(far, haze, 0.4 - depth)),
      ),
    )
  }
  const water = [
    { at: 0, color: mix(sky, far, 0.35) },
    { at: 0.25, color: mix(far, sky, 0.2) },
    { at: 1, color: mix(far, near, 0.78) },
  ]
  drawing.add(rect(-4, horizon, width + 8, height - horizon + 4, drawing.linear(water)))
  for (let i = 0; i < 90; i++) {
    const t = (i / 89) ** 1.7
    const y = horizon + 3 + t * (height - horizon)
    const inGlitter = random.next() < 0.5
    const spread = 16 + t * 130
    const x = inGlitter ? sunX + random.between(-1, 1) * random.next() * spread : random.between(0, width)
    const length = (8 + 70 * t) * random.between(0.5, 1.3)
    const color = inGlitter ? sun : mix(sky, haze, 0.5)
    const strength = inGlitter ? random.between(0.35, 0.85) : random.between(0.05, 0.2)
    drawing.add(rect(x - length / 2, y, length, 0.9 + 2.6 * t, css(color), `rx="${n(0.45 + 1.3 * t)}" opacity="${n(strength)}"`))
  }
  const shore = rollingRidge(random, height * 0.965, 20, 220)
  const rise: Ridge = (x) =>
    shore(x) -
    Math.max(
      0,
      (Math.abs(x / width - (sunX > width / 2 ? 0 : 1)) < 0.42 ? 1 : 0) *
        (0.42 - Math.abs(x / width - (sunX > width / 2 ? 0 : 1))),
    ) *
      190
  woodedLayer(scene, rise, 1, height, 18, 44)
}

function city(scene: Scene): void {
  const { drawing, random, horizon, near, sun, lit } = scene
  const { width, height } = drawing
  const rows = Math.max(3, scene.layers - 1)
  for (let row = 0; row < rows; row++) {
    const depth = row / (rows - 1)
    const color = depthColor(scene, depth * 0.96)
    const foot = mix(color, scene.haze, 0.5 * (1 - depth))
    const fill = drawing.linear([{ at: 0, color }, { at: 1, color: foot }])
    const skyline = createNoise(random)
    for (let x = -20; x < width + 20; ) {
      const w = (16 + 34 * depth) * random.between(0.7, 1.5)
      const rise = 0.5 + 0.5 * skyline(x / 150, row * 3)
      const h = (60 + 150 * (1 - depth * 0.5)) * (0.25 + rise * random.between(0.5, 0.95))
      const y = horizon + 20 + (height - horizon) * depth * 0.7 - h
      drawing.add(rect(x, y, w + 0.6, height - y + 4, fill))
      if (random.next() < 0.3) drawing.add(rect(x + w * 0.25, y - h * 0.08, w * 0.5, h * 0.09, css(color)))
      if (random.next() < 0.16) drawing.add(rect(x + w * 0.48, y - h * 0.3, 1 + depth, h * 0.3, css(color)))
      if (row > 0) windows(x, y, w, depth)
      x += w - 0.6
    }
  }
  function windows(x: number, y: number, w: number, depth: number): void {
    const cell = 4.5 + 3.5 * depth
    const columns = Math.floor((w - cell * 0.8) / cell)
    const light = lit ? css(mix(sun, { l: 0.86, c: 0.13, h: 80 }, 0.6)) : css(tone(near, 0.55))
    const margin = (w - columns * cell) / 2
    for (let row = 0; row < 22 && y + row * cell * 1.3 < height; row++) {
      for (let column = 0; column < columns; column++) {
        if (random.next() > (lit ? 0.3 : 0.2)) continue
        drawing.add(rect(x + margin + column * cell + cell * 0.22, y + cell + row * cell * 1.3, cell * 0.52, cell * 0.66, light, `opacity="${n(random.between(0.35, 0.95) * (lit ? 1 : 0.35) * (0.4 + 0.6 * depth))}"`))
      }
    }
  }
}

const draws: Record<Terrain, (scene: Scene) => void> = { mountains, hills, forest, dunes, sea, city }

export function drawTerrain(terrain: Terrain, scene: Scene): void {
  draws[terrain](scene)
}

import * as z from 'zod'
import type { Oklch } from '../../../core/color.ts'
import { circle, createDrawing, ellipse, path, polar, polyline, type Drawing, type Stop } from './drawing.ts'
import { paletteFor, tone, type Palette } from './palette.ts'
import { chooseByWords, defineRecipe, type DrawRequest } from './recipe.ts'

const shapes = ['soft', 'glow', 'spark', 'ring', 'smoke', 'bubble'] as const
type Shape = (typeof shapes)[number]

const white: Oklch = { l: 1, c: 0, h: 0 }

/** Alpha that falls smoothly to nothing at the rim: (1 − t²)^k. */
const falloff = (color: Oklch, k: number, peak = 1): Stop[] =>
  Array.from({ length: 13 }, (_, i) => ({ at: i / 12, color, alpha: peak * (1 - (i / 12) ** 2) ** k }))

const shapeOf: Record<Shape, (drawing: Drawing, palette: Palette, softness: number, request: DrawRequest) => void> = {
  soft: (drawing, { main }, softness, { random }) => {
    const [x, y] = [drawing.width / 2, drawing.height / 2]
    drawing.add(circle(x, y, 254, drawing.radial(falloff(main, 0.5 + softness * 2.6 + random.between(0, 0.3)))))
  },
  glow: (drawing, { main }, softness, { random }) => {
    const [x, y] = [drawing.width / 2, drawing.height / 2]
    drawing.add(
      circle(x, y, 254, drawing.radial(falloff(main, 1.6 + softness * 2, 0.75))),
      circle(x, y, 170, drawing.radial(falloff(tone(main, Math.min(0.92, main.l + 0.14)), 1.6, 0.9))),
      circle(x, y, random.between(82, 112), drawing.radial(falloff(white, 1.1))),
    )
  },
  spark: (drawing, { main }, softness, { random }) => {
    const [x, y] = [drawing.width / 2, drawing.height / 2]
    drawing.add(circle(x, y, 250, drawing.radial(falloff(main, 2.6 + softness * 2, 0.55))))
    const turn = random.between(-10, 10)
    const light = tone(main, Math.min(0.97, main.l + 0.22), 0.6)
    const ray = (angle: number, length: number, width: number, color: Oklch) => {
      const tip = (degrees: number, r: number) => polar(x, y, r, turn + angle + degrees)
      const corners = [
        tip(0, length),
        tip(45, width),
        tip(90, width * 0.9),
        tip(135, width),
        tip(180, length),
        tip(225, width),
        tip(270, width * 0.9),
        tip(315, width),
      ]
      drawing.add(path(`${polyline(corners)}Z`, drawing.radial([...falloff(color, 0.7)])))
    }
    ray(0, 250, 17, light)
    ray(90, 250, 17, light)
    ray(45, 128, 15, light)
    ray(135, 128, 15, light)
    drawing.add(circle(x, y, 62, drawing.radial(falloff(white, 1))))
  },
  ring: (drawing, { main }, softness, { random }) => {
    const [x, y] = [drawing.width / 2, drawing.height / 2]
    const middle = random.between(0.7, 0.78)
    const width = 0.07 + softness * 0.12
    const stops = Array.from({ length: 41 }, (_, i): Stop => {
      const t = i / 40
      const edge = Math.min(1, (1 - t) / 0.08)
      return {
        at: t,
        color: main,
        alpha: edge * (Math.exp(-(((t - middle) / width) ** 2)) + 0.1 * (t / middle) ** 4 * (t < middle ? 1 : 0)),
      }
    })
    drawing.add(circle(x, y, 254, drawing.radial(stops.map((stop) => ({ ...stop, alpha: Math.min(1, stop.alpha!) })))))
  },
  smoke: (drawing, { main }, softness, { random }) => {
    const [x, y] = [drawing.width / 2, drawing.height / 2]
    for (let i = 0; i < 16; i++) {
      const [px, py] = polar(x, y, random.between(20, 120), i * 137.5 + random.between(-20, 20))
      const shade = tone(main, Math.max(0, Math.min(1, main.l + (py < y ? 0.08 : -0.08) + random.between(-0.03, 0.03))))
      const r = random.between(86, 132)
      drawing.add(ellipse(px, py, r, r * random.between(0.85, 1), drawing.radial(falloff(shade, 1 + softness, 0.62))))
    }
  },
  bubble: (drawing, { main }, _softness, { random }) => {
    const [x, y] = [drawing.width / 2, drawing.height / 2]
    const rim = tone(main, Math.min(0.95, main.l + 0.12))
    const stops: Stop[] = [0, 0.6, 0.82, 0.93, 0.975, 1].map((at, i) => ({
      at,
      color: rim,
      alpha: [0.04, 0.08, 0.24, 0.6, 0.85, 0][i]!,
    }))
    drawing.add(
      circle(x, y, 248, drawing.radial(stops)),
      ellipse(
        x - 84,
        y - 104,
        random.between(62, 76),
        42,
        drawing.radial(falloff(white, 1, 0.95)),
        `transform="rotate(-38 ${x - 84} ${y - 104})"`,
      ),
      circle(x + 104, y + 118, 30, drawing.radial(falloff(white, 1.2, 0.5))),
    )
  },
}

export const particle = defineRecipe({
  name: 'particle',
  words: ['particle', 'glow', 'spark', 'sparkle', 'smoke', 'dust', 'flare', 'bubble', 'ember', 'puff'],
  summary: 'One soft particle with alpha: a round glow, a spark, a ring, smoke or a bubble.',
  knobs: {
    shape: z.enum(shapes).optional().describe('Else by the words of the prompt, or by chance.'),
    softness: z.number().min(0).max(1).default(0.5).describe('0 has a defined edge, 1 is all haze.'),
  },
  draw: (request, { shape, softness, colors }) => {
    const { prompt, widthPx, heightPx, random } = request
    const palette = paletteFor(prompt, random, colors)
    const drawing = createDrawing(widthPx, heightPx)
    const named = chooseByWords<Shape>(
      prompt,
      {
        spark: ['spark', 'sparkle', 'star', 'twinkle', 'glint'],
        ring: ['ring', 'shockwave', 'ripple', 'halo'],
        smoke: ['smoke', 'puff', 'cloud', 'fog', 'dust', 'steam'],
        bubble: ['bubble', 'soap'],
        glow: ['glow', 'ember', 'flare', 'fire', 'magic', 'energy', 'firefly'],
        soft: ['soft', 'gradient', 'circle', 'dot'],
      },
      random,
      ['soft', 'glow', 'spark'],
    )
    shapeOf[shape ?? named](drawing, palette, softness, request)
    return drawing.finish()
  },
})

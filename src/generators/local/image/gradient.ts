import * as z from 'zod'
import type { Oklch } from '../../../core/color.ts'
import { createDrawing, ellipse, rect, type Stop } from './drawing.ts'
import { mix, paletteFor, tone } from './palette.ts'
import { chooseByWords, defineRecipe } from './recipe.ts'

const kinds = ['mesh', 'linear', 'radial'] as const

/** Stops mixed in OKLCH, so that the way between two hues stays vivid. */
const blend = (colors: readonly Oklch[]): Stop[] =>
  Array.from({ length: 13 }, (_, i) => {
    const place = (i / 12) * (colors.length - 1)
    const left = Math.min(colors.length - 2, Math.floor(place))
    return { at: i / 12, color: mix(colors[left]!, colors[left + 1]!, place - left) }
  })

const veil = (color: Oklch, peak: number): Stop[] =>
  Array.from({ length: 11 }, (_, i) => ({ at: i / 10, color, alpha: peak * (1 - (i / 10) ** 2) ** 2 }))

export const gradient = defineRecipe({
  name: 'gradient',
  words: ['gradient', 'ombre', 'blend', 'aurora', 'mesh'],
  summary: 'A smooth field of colour: a mesh of soft lights, or a plain linear or radial gradient.',
  knobs: {
    kind: z.enum(kinds).optional().describe('Else by the words of the prompt, else mesh.'),
    angle: z.number().min(0).max(360).optional().describe('Clockwise degrees of a linear gradient; 0 runs upwards.'),
  },
  draw: ({ prompt, widthPx, heightPx, random }, knobs) => {
    const { main, second, accent, asked } = paletteFor(prompt, random, knobs.colors)
    const drawing = createDrawing(widthPx, heightPx)
    const { width, height } = drawing
    const named = chooseByWords<(typeof kinds)[number]>(
      prompt,
      { linear: ['linear'], radial: ['radial'], mesh: ['mesh', 'aurora'] },
      random,
      ['mesh'],
    )
    const kind = knobs.kind ?? named
    const angle = ((knobs.angle ?? random.between(105, 165)) * Math.PI) / 180
    const colors = asked.length > 1 ? asked : [tone(second, second.l + 0.06), main, tone(main, main.l * 0.62, 0.95)]
    const [dx, dy] = [Math.sin(angle) / 2, -Math.cos(angle) / 2]
    if (kind === 'radial') {
      const middle = [random.between(0.35, 0.65), random.between(0.3, 0.5)] as const
      drawing.add(
        rect(
          0,
          0,
          width,
          height,
          drawing.radial(
            blend(colors).map((stop) => ({ ...stop, at: stop.at * 0.98 })),
            middle,
          ),
        ),
      )
      return drawing.finish()
    }
    drawing.add(rect(0, 0, width, height, drawing.linear(blend(colors), [0.5 - dx, 0.5 - dy, 0.5 + dx, 0.5 + dy])))
    if (kind === 'linear') return drawing.finish()
    const lights =
      asked.length > 1
        ? [...asked, mix(main, second, 0.5)]
        : [accent, second, tone(main, 0.9, 0.6), mix(second, accent, 0.25), tone(main, Math.max(0.42, main.l * 0.8))]
    const start = random.between(0, 360)
    lights.forEach((color, i) => {
      const direction = ((start + i * (360 / lights.length) + random.between(-18, 18)) * Math.PI) / 180
      const [x, y] = [width / 2 + Math.cos(direction) * width * 0.42, height / 2 + Math.sin(direction) * height * 0.42]
      const size = Math.max(width, height)
      const peak = i === 0 ? 0.8 : 0.72
      drawing.add(
        ellipse(
          x,
          y,
          size * random.between(0.42, 0.6),
          size * random.between(0.34, 0.5),
          drawing.radial(veil(color, peak)),
        ),
      )
    })
    return drawing.finish()
  },
})

import * as z from 'zod'
import { createDrawing, n, rect, type Drawing } from './drawing.ts'
import { css, mix, paletteFor, tone, type Palette } from './palette.ts'
import { chooseByWords, defineRecipe } from './recipe.ts'
import { createNoise, fractal } from './value-noise.ts'

const kinds = ['contour', 'clouds', 'grain'] as const

/** Line segments where a field passes a level, cell by cell (marching squares). */
function contourSegments(
  field: (x: number, y: number) => number,
  level: number,
  columns: number,
  rows: number,
): string {
  const parts: string[] = []
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]] as const
      const values = corners.map(([cx, cy]) => field(cx, cy) - level)
      const crossings: string[] = []
      for (let side = 0; side < 4; side++) {
        const [a, b] = [values[side]!, values[(side + 1) % 4]!]
        if (a < 0 === b < 0) continue
        const t = a / (a - b)
        const [from, to] = [corners[side]!, corners[(side + 1) % 4]!]
        crossings.push(`${n(from[0] + (to[0] - from[0]) * t)} ${n(from[1] + (to[1] - from[1]) * t)}`)
      }
      for (let i = 0; i + 1 < crossings.length; i += 2) parts.push(`M${crossings[i]}L${crossings[i + 1]}`)
    }
  }
  return parts.join('')
}

/** Filled bands of a field, darker with depth, as on a relief map. */
function drawContour(
  drawing: Drawing,
  { main, second, paper, accent }: Palette,
  field: (x: number, y: number) => number,
): void {
  const step = 4
  const [columns, rows] = [Math.ceil(drawing.width / step), Math.ceil(drawing.height / step)]
  const values = new Float64Array((columns + 1) * (rows + 1))
  for (let y = 0; y <= rows; y++)
    for (let x = 0; x <= columns; x++) values[y * (columns + 1) + x] = field(x * step, y * step)
  const at = (x: number, y: number) => values[y * (columns + 1) + x]!
  drawing.add(
    rect(
      0,
      0,
      drawing.width,
      drawing.height,
      drawing.linear(
        [
          { at: 0, color: tone(main, 0.34, 0.7) },
          { at: 1, color: tone(second, 0.24, 0.6) },
        ],
        [0, 0, 1, 1],
      ),
    ),
  )
  const levels = 15
  for (let i = 0; i < levels; i++) {
    const level = -0.62 + (i / (levels - 1)) * 1.24
    const color = mix(mix(main, second, i / levels), i > 10 ? accent : paper, 0.15 + 0.5 * (i / levels))
    const strong = i % 5 === 2
    drawing.add(
      `<path d="${contourSegments(at, level, columns, rows)}" transform="scale(${step})" fill="none" stroke="${css(color)}" ` +
        `stroke-width="${strong ? 0.62 : 0.34}" stroke-linecap="round" opacity="${strong ? 0.95 : 0.7}"/>`,
    )
  }
}

/** Blocks of colour by a field, small enough that the renderer's smoothing joins them into mist. */
function drawClouds(drawing: Drawing, { main, second, paper }: Palette, frequency: number, seed: number): void {
  const ramp = [tone(main, Math.min(0.5, main.l), 0.9), main, mix(main, second, 0.6), mix(second, paper, 0.7), paper]
  const table = (channel: number) =>
    ramp
      .map((color) => (Number.parseInt(css(color).slice(1 + channel * 2, 3 + channel * 2), 16) / 255).toFixed(3))
      .join(' ')
  // The wanted ramp is applied to one turbulence channel, stretched to use the whole ramp.
  const id = drawing.define(
    (id) =>
      `<filter id="${id}" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">` +
      `<feTurbulence type="fractalNoise" baseFrequency="${frequency.toFixed(5)}" numOctaves="4" seed="${seed}"/>` +
      '<feColorMatrix values="2 0 0 0 -0.55 2 0 0 0 -0.55 2 0 0 0 -0.55 0 0 0 0 1"/>' +
      `<feComponentTransfer><feFuncR type="table" tableValues="${table(0)}"/><feFuncG type="table" tableValues="${table(1)}"/>` +
      `<feFuncB type="table" tableValues="${table(2)}"/></feComponentTransfer></filter>`,
  )
  drawing.add(rect(0, 0, drawing.width, drawing.height, css(main), `filter="url(#${id})"`))
}

function drawGrain(drawing: Drawing, { main, second }: Palette, seed: number): void {
  drawing.add(
    rect(
      0,
      0,
      drawing.width,
      drawing.height,
      drawing.linear(
        [
          { at: 0, color: tone(second, second.l + 0.08) },
          { at: 1, color: tone(main, main.l * 0.85) },
        ],
        [0, 0, 1, 1],
      ),
    ),
  )
  const id = drawing.define(
    (id) =>
      `<filter id="${id}" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">` +
      `<feTurbulence type="fractalNoise" baseFrequency="0.9" numOctaves="2" seed="${seed}"/>` +
      '<feColorMatrix values="0 0 0 0 1 0 0 0 0 1 0 0 0 0 1 1.6 0 0 0 -0.68"/></filter>',
  )
  drawing.add(rect(0, 0, drawing.width, drawing.height, '#fff', `filter="url(#${id})" opacity="0.75"`))
}

export const noise = defineRecipe({
  name: 'noise',
  words: ['noise', 'contour', 'topographic', 'topography', 'grain', 'marble', 'perlin', 'fractal', 'static', 'nebula'],
  summary: 'A field of noise: contour lines of a map, coloured clouds or film grain.',
  knobs: {
    kind: z.enum(kinds).optional().describe('Else by the words of the prompt, or by chance.'),
    scale: z.number().min(1).max(40).default(2.6).describe('Features along the short side.'),
  },
  draw: ({ prompt, widthPx, heightPx, random }, { kind, scale, colors }) => {
    const palette = paletteFor(prompt, random, colors)
    const drawing = createDrawing(widthPx, heightPx)
    const named = chooseByWords(
      prompt,
      {
        contour: ['contour', 'topographic', 'topography', 'map'],
        grain: ['grain', 'grainy', 'film', 'static'],
        clouds: ['cloud', 'marble', 'perlin', 'fractal', 'nebula', 'smoke', 'noise'],
      },
      random,
    )
    const chosen = kind ?? named
    const seed = random.int(1, 9999)
    if (chosen === 'clouds') drawClouds(drawing, palette, scale / 900, seed)
    else if (chosen === 'grain') drawGrain(drawing, palette, seed)
    else {
      const field = fractal(createNoise(random), 2)
      drawContour(drawing, palette, (x, y) => 1.25 * field((x / 512) * scale, (y / 512) * scale))
    }
    return drawing.finish()
  },
})

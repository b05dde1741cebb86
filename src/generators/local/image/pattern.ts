import * as z from 'zod'
import type { Random } from '../../../core/random.ts'
import { circle, createDrawing, n, path, polyline, rect, star, type Drawing } from './drawing.ts'
import { css, mix, paletteFor, tone, type Palette } from './palette.ts'
import { chooseByWords, defineRecipe } from './recipe.ts'

const kinds = ['tiles', 'scales', 'dots', 'waves', 'triangles', 'hexagons', 'stripes', 'terrazzo'] as const
type Kind = (typeof kinds)[number]

interface Cloth {
  drawing: Drawing
  random: Random
  /** Ground first, then four figure colours. */
  colors: readonly [ground: string, ...figures: string[]]
  /** Side of one repeat in units. */
  cell: number
}

const cells = ({ drawing, cell }: Cloth, draw: (x: number, y: number, column: number, row: number) => void) => {
  for (let row = 0; row * cell < drawing.height; row++) {
    for (let column = 0; column * cell < drawing.width; column++) draw(column * cell, row * cell, column, row)
  }
}

const draw: Record<Kind, (cloth: Cloth) => void> = {
  tiles: (cloth) => {
    const { drawing, random, colors, cell: s } = cloth
    cells(cloth, (x, y) => {
      const shuffled = [...colors].sort(() => random.next() - 0.5) as [string, string, string]
      const [ground, figure, detail] = shuffled
      const h = s / 2
      drawing.add(rect(x, y, s + 0.5, s + 0.5, ground))
      const turn = `transform="rotate(${random.int(0, 3) * 90} ${n(x + h)} ${n(y + h)})"`
      const at = (dx: number, dy: number) => `${n(x + dx)} ${n(y + dy)}`
      const figures = [
        () => [path(`M${at(0, 0)}L${at(s, 0)}A${n(s)} ${n(s)} 0 0 1 ${at(0, s)}Z`, figure, turn)],
        () => [path(`M${at(0, 0)}L${at(s, 0)}A${n(h)} ${n(h)} 0 0 1 ${at(0, 0)}Z`, figure, turn), path(`M${at(0, h)}L${at(s, h)}A${n(h)} ${n(h)} 0 0 1 ${at(0, h)}Z`, detail, turn)],
        () => [circle(x + h, y + h, h, figure), circle(x + h, y + h, h * 0.46, detail)],
        () => [path(`M${at(0, 0)}A${n(s)} ${n(s)} 0 0 1 ${at(s, s)}A${n(s)} ${n(s)} 0 0 1 ${at(0, 0)}Z`, figure, turn)],
        () => [path(`M${at(0, 0)}L${at(s, 0)}L${at(0, s)}Z`, figure, turn), circle(x + s * 0.7, y + s * 0.7, s * 0.13, detail, turn)],
        () => [1, 0.68, 0.36].map((r, i) => path(`M${at(0, 0)}L${at(s * r, 0)}A${n(s * r)} ${n(s * r)} 0 0 1 ${at(0, s * r)}Z`, [figure, detail, ground][i]!, turn)),
      ]
      drawing.add(...random.pick(figures)())
    })
  },
  scales: ({ drawing, colors, cell, random }) => {
    const r = cell / 2
    const offset = random.int(0, 3)
    for (let row = -1; row * r * 0.5 < drawing.height + r; row++) {
      for (let column = -1; column * cell < drawing.width + cell; column++) {
        const [x, y] = [column * cell + (row % 2 === 0 ? 0 : r), row * r * 0.5]
        const figure = colors[1 + ((column + row + offset + 8) % (colors.length - 1))]!
        drawing.add(
          circle(x, y, r, colors[0]),
          circle(x, y, r * 0.9, figure),
          circle(x, y, r * 0.64, colors[0]),
          circle(x, y, r * 0.54, figure),
          circle(x, y, r * 0.28, colors[0]),
        )
      }
    }
  },
  dots: ({ drawing, colors, cell, random }) => {
    const step = cell * 0.55
    const [fx, fy] = [random.between(0.5, 1), random.between(0.5, 1)]
    for (let row = 0; row * step * 0.87 < drawing.height + step; row++) {
      for (let column = 0; column * step < drawing.width + step; column++) {
        const [x, y] = [column * step + (row % 2) * (step / 2), row * step * 0.87]
        const wave = 0.5 + 0.5 * Math.sin((x / drawing.width) * 5 * fx + (y / drawing.height) * 5 * fy + fx * 9)
        const figure = colors[1 + ((column * 2 + row * 3) % (colors.length - 1))]!
        drawing.add(circle(x, y, step * (0.1 + 0.32 * wave), figure))
      }
    }
  },
  waves: ({ drawing, colors, cell, random }) => {
    const step = cell * 0.42
    const phase = random.between(0, 6)
    for (let row = -2; row * step < drawing.height + cell; row++) {
      const points = Array.from({ length: Math.ceil(drawing.width / 8) + 2 }, (_, i): [number, number] => {
        const x = i * 8
        return [x, row * step + Math.sin((x / cell) * 2.2 + phase + row * 0.55) * cell * 0.24]
      })
      const figure = colors[1 + ((row + 20) % (colors.length - 1))]!
      drawing.add(path(`${polyline(points)}L${n(drawing.width + 8)} ${n(drawing.height + cell)}L0 ${n(drawing.height + cell)}Z`, figure))
    }
  },
  triangles: ({ drawing, colors, cell, random }) => {
    const height = cell * 0.866
    for (let row = 0; row * height < drawing.height; row++) {
      for (let column = -1; column * cell < drawing.width + cell; column++) {
        const x = column * cell + (row % 2) * (cell / 2)
        const [top, bottom] = [row * height, (row + 1) * height]
        const up = `M${n(x)} ${n(bottom)}L${n(x + cell / 2)} ${n(top)}L${n(x + cell)} ${n(bottom)}Z`
        const down = `M${n(x + cell / 2)} ${n(top)}L${n(x + cell * 1.5)} ${n(top)}L${n(x + cell)} ${n(bottom)}Z`
        for (const d of [up, down]) {
          const figure = random.pick(colors)
          drawing.add(path(d, figure, `stroke="${figure}" stroke-width="0.8"`))
        }
      }
    }
  },
  hexagons: ({ drawing, colors, cell, random }) => {
    const r = cell * 0.5
    for (let row = -1; row * r * 1.5 < drawing.height + r; row++) {
      for (let column = -1; column * r * 1.732 < drawing.width + cell; column++) {
        const [x, y] = [column * r * 1.732 + (row % 2 === 0 ? 0 : r * 0.866), row * r * 1.5]
        const figure = random.pick(colors.slice(1))
        drawing.add(path(star(x, y, 6, r * 0.94), figure))
        const inner = random.pick([colors[0], random.pick(colors.slice(1)), undefined, undefined])
        if (inner) drawing.add(path(star(x, y, 6, r * 0.56), inner))
      }
    }
  },
  stripes: ({ drawing, colors, cell, random }) => {
    const reach = drawing.width + drawing.height
    const slope = random.pick([1, -1] as const)
    for (let x = -drawing.height; x < reach; ) {
      const width = cell * random.pick([0.12, 0.2, 0.34, 0.5])
      const start = slope > 0 ? x : drawing.width - x
      const shift = slope * drawing.height
      const end = start + slope * width
      drawing.add(path(`M${n(start)} 0L${n(end)} 0L${n(end - shift)} ${n(drawing.height)}L${n(start - shift)} ${n(drawing.height)}Z`, random.pick(colors.slice(1))))
      x += width + cell * random.pick([0.1, 0.2, 0.3])
      if (x > reach + drawing.height) break
    }
  },
  terrazzo: (cloth) => {
    const { drawing, random, colors, cell } = cloth
    cells({ ...cloth, cell: cell * 0.6 }, (x, y) => {
      const size = cell * random.between(0.1, 0.32)
      const count = random.int(4, 7)
      const [cx, cy] = [x + random.between(0, cell * 0.6), y + random.between(0, cell * 0.6)]
      const start = random.between(0, 6.28)
      const corners = Array.from({ length: count }, (_, i): [number, number] => {
        const angle = start + (i / count) * 6.283
        const r = size * random.between(0.6, 1)
        return [cx + Math.cos(angle) * r, cy + Math.sin(angle) * r]
      })
      drawing.add(path(`${polyline(corners)}Z`, random.pick(colors.slice(1)), 'stroke-linejoin="round"'))
    })
  },
}

const clothColors = ({ main, second, accent, paper, ink, asked }: Palette): Cloth['colors'] =>
  asked.length > 2
    ? [css(asked[asked.length - 1]!), ...asked.slice(0, -1).map(css)]
    : [css(tone(paper, 0.955, 1.4)), css(main), css(accent), css(mix(second, paper, 0.25)), css(mix(ink, main, 0.3))]

export const pattern = defineRecipe({
  name: 'pattern',
  words: ['pattern', 'tile', 'tiles', 'texture', 'seamless', 'wallpaper', 'geometric', 'terrazzo', 'polka', 'stripes'],
  summary: 'Flat geometric cloth: tiles, scales, dots, waves, triangles, hexagons, stripes or terrazzo.',
  knobs: {
    kind: z.enum(kinds).optional().describe('Else by the words of the prompt, or by chance.'),
    repeats: z.number().int().min(2).max(24).default(6).describe('Repeats along the short side.'),
  },
  draw: ({ prompt, widthPx, heightPx, random }, { kind, repeats, colors }) => {
    const palette = paletteFor(prompt, random, colors)
    const drawing = createDrawing(widthPx, heightPx)
    const named = chooseByWords<Kind>(
      prompt,
      {
        scales: ['scale', 'scallop', 'fish', 'seigaiha'],
        dots: ['dot', 'dots', 'polka', 'halftone'],
        waves: ['wave', 'wavy'],
        triangles: ['triangle', 'polygon', 'lowpoly'],
        hexagons: ['hexagon', 'hex', 'honeycomb'],
        stripes: ['stripe', 'striped', 'diagonal'],
        terrazzo: ['terrazzo', 'confetti', 'speckle'],
        tiles: ['tile', 'bauhaus', 'mosaic', 'geometric'],
      },
      random,
    )
    const cloth: Cloth = { drawing, random, colors: clothColors(palette), cell: 512 / repeats }
    drawing.add(rect(0, 0, drawing.width, drawing.height, cloth.colors[0]))
    draw[kind ?? named](cloth)
    return drawing.finish()
  },
})

import * as z from 'zod'
import { circle, createDrawing, n, path, polar, polyline, star, type Drawing } from './drawing.ts'
import { grounds, groundShape, innerScale, sheen, type Ground } from './emblem.ts'
import { colorsInText, css, mix, paletteFor, tone, type Palette } from './palette.ts'
import { chooseByWords, defineRecipe, wordsOf, type DrawRequest } from './recipe.ts'
import { namedShapes, shapeNamedIn } from './shapes.ts'

const marks = ['petals', 'orbit', 'cube', 'arcs', 'prism', 'weave', 'spark'] as const
type Mark = (typeof marks)[number]

interface Paint {
  drawing: Drawing
  palette: Palette
  random: DrawRequest['random']
  x: number
  y: number
  r: number
}

const draw: Record<Mark, (paint: Paint) => void> = {
  petals: ({ drawing, palette: { main, second }, random, x, y, r }) => {
    const count = random.pick([5, 6, 8])
    const reach = r * 0.5
    const wide = r * random.between(0.3, 0.36) * (count === 5 ? 1.15 : count === 8 ? 0.8 : 1)
    for (let i = 0; i < count; i++) {
      const color = mix(main, second, Math.abs(1 - (2 * i) / count))
      const [px, py] = [x, y - reach]
      drawing.add(`<ellipse cx="${n(px)}" cy="${n(py)}" rx="${n(wide)}" ry="${n(reach)}" fill="${css(color)}" opacity="0.8" transform="rotate(${n((i * 360) / count)} ${n(x)} ${n(y)})"/>`)
    }
    drawing.add(circle(x, y, r * 0.14, css(tone(second, 0.96, 0.25))))
  },
  orbit: ({ drawing, palette: { main, second, accent }, random, x, y, r }) => {
    const turn = random.between(-40, 40)
    const stroke = (color: string) => `stroke="${color}" stroke-width="${n(r * 0.085)}" transform="rotate(TURN ${n(x)} ${n(y)})"`
    for (let i = 0; i < 3; i++) {
      drawing.add(`<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(r * 0.95)}" ry="${n(r * 0.36)}" fill="none" ${stroke(css(mix(main, second, i / 2))).replace('TURN', n(turn + i * 60))}/>`)
    }
    drawing.add(circle(x, y, r * 0.2, css(accent)))
    const [px, py] = polar(x, y, r * 0.95, 90 + turn)
    drawing.add(circle(px, py, r * 0.12, css(main)))
  },
  cube: ({ drawing, palette: { main, second }, random, x, y, r }) => {
    const p = (degrees: number, part = 1) => polar(x, y, r * 0.97 * part, degrees)
    const face = (points: readonly (readonly [number, number])[], color: string) => drawing.add(path(`${polyline(points)}Z`, color, `stroke="${color}" stroke-width="1" stroke-linejoin="round"`))
    const middle = [x, y] as const
    face([p(0), p(60), middle, p(300)], css(tone(main, Math.min(0.92, main.l + 0.14))))
    face([p(60), p(120), p(180), middle], css(mix(main, second, 0.35)))
    face([middle, p(180), p(240), p(300)], css(tone(main, main.l * 0.72)))
    if (random.next() < 0.6) {
      const inner = 0.48
      const q = (degrees: number) => polar(x, y, r * 0.97 * inner, degrees)
      face([q(0), q(60), middle, q(300)], css(tone(second, 0.94, 0.4)))
      face([q(60), q(120), q(180), middle], css(tone(second, 0.8, 0.7)))
      face([middle, q(180), q(240), q(300)], css(tone(second, 0.66, 0.9)))
    }
  },
  arcs: ({ drawing, palette: { main, second, accent }, random, x, y, r }) => {
    const rings = 4
    const width = r / (rings * 1.5)
    for (let i = 0; i < rings; i++) {
      const radius = r - width * (0.5 + i * 1.45)
      const start = random.between(0, 360)
      const sweep = random.between(170, 300)
      const [from, to] = [polar(x, y, radius, start), polar(x, y, radius, start + sweep)]
      const color = i === rings - 1 ? accent : mix(main, second, i / (rings - 2))
      drawing.add(path(`M${n(from[0])} ${n(from[1])}A${n(radius)} ${n(radius)} 0 ${sweep > 180 ? 1 : 0} 1 ${n(to[0])} ${n(to[1])}`, 'none', `stroke="${css(color)}" stroke-width="${n(width)}" stroke-linecap="round"`))
    }
  },
  prism: ({ drawing, palette: { main, second, accent }, random, x, y, r }) => {
    const count = random.pick([6, 8])
    const turn = count === 6 ? 0 : 22.5
    for (let i = 0; i < count; i++) {
      const [a, b] = [polar(x, y, r, turn + (i * 360) / count), polar(x, y, r, turn + ((i + 1) * 360) / count)]
      const t = 0.5 + 0.5 * Math.cos(((i + 0.5) / count) * 2 * Math.PI - 0.6)
      const color = mix(tone(mix(main, second, 0.5), 0.42), tone(main, Math.min(0.9, main.l + 0.16)), t)
      drawing.add(path(`M${n(x)} ${n(y)}L${n(a[0])} ${n(a[1])}L${n(b[0])} ${n(b[1])}Z`, css(color), `stroke="${css(color)}" stroke-width="0.8"`))
    }
    drawing.add(path(star(x, y, count, r * 0.42, undefined, turn), css(accent), 'opacity="0.92"'))
  },
  weave: ({ drawing, palette: { main, second }, random, x, y, r }) => {
    const count = random.pick([3, 4, 5])
    const radius = r * (count === 3 ? 0.54 : 0.5)
    const width = r * 0.155
    for (let i = 0; i < count; i++) {
      const [px, py] = polar(x, y, r - radius - width / 2, (i * 360) / count)
      drawing.add(circle(px, py, radius, 'none', `stroke="${css(mix(main, second, i / (count - 1)))}" stroke-width="${n(width)}" opacity="0.86"`))
    }
  },
  spark: ({ drawing, palette: { main, second, accent }, random, x, y, r }) => {
    const points = random.pick([4, 6, 8])
    const petal = (size: number, turn: number, color: string) => {
      const inner = size * (points === 4 ? 0.3 : 0.48)
      drawing.add(path(star(x, y, points, size, inner, turn), color, `stroke="${color}" stroke-width="${n(r * 0.06)}" stroke-linejoin="round"`))
    }
    petal(r * 0.95, 180 / points, css(tone(second, Math.min(0.9, second.l + 0.08))))
    petal(
      r * 0.8,
      0,
      drawing.linear([
        { at: 0, color: tone(main, main.l + 0.08) },
        { at: 1, color: tone(main, main.l * 0.86) },
      ]),
    )
    drawing.add(circle(x, y, r * 0.17, css(tone(accent, 0.96, 0.4))))
  },
}

export const icon = defineRecipe({
  name: 'icon',
  words: [
    'icon',
    'mark',
    'symbol',
    'glyph',
    'emblem',
    'favicon',
    'pictogram',
    'heart',
    'star',
    'bolt',
    'leaf',
    'gem',
    'crown',
    'gear',
  ],
  summary: 'A geometric mark: a named shape (heart, leaf, bolt, …) or an abstract figure, bare or on a tile.',
  knobs: {
    shape: z
      .enum([...marks, ...Object.keys(namedShapes)])
      .optional()
      .describe('Else by the words of the prompt, or by chance.'),
    ground: z
      .enum(grounds)
      .optional()
      .describe('The tile behind the mark; else by the words of the prompt, or by chance.'),
  },
  draw: ({ prompt, widthPx, heightPx, random }, knobs) => {
    const named = knobs.shape ?? shapeNamedIn(wordsOf(prompt))
    const natural = named && colorsInText(prompt).length === 0 ? namedShapes[named]?.natural : undefined
    const palette = paletteFor(prompt, random, knobs.colors ?? (natural ? [natural] : undefined))
    const { main, second, paper, ink } = palette
    const drawing = createDrawing(widthPx, heightPx)
    const [x, y] = [drawing.width / 2, drawing.height / 2]
    const shape = named ?? random.pick(marks)
    const namedGround = chooseByWords<Ground>(
      prompt,
      {
        squircle: ['app', 'tile', 'squircle', 'square'],
        circle: ['round', 'circle', 'circular'],
        hexagon: ['hexagon'],
        shield: ['shield'],
        diamond: [],
        none: ['transparent', 'bare'],
      },
      random,
      ['none'],
    )
    const ground = knobs.ground ?? namedGround
    const onGround = ground !== 'none'
    const full = 244
    if (onGround) {
      const fill = drawing.linear(
        [
          { at: 0, color: tone(main, Math.min(1, main.l + 0.06)) },
          { at: 1, color: mix(tone(main, main.l * 0.8), second, 0.3) },
        ],
        [0.1, 0, 0.9, 1],
      )
      drawing.add(groundShape(ground, x, y, full, fill), sheen(drawing, ground, x, y, full))
    }
    const r = full * innerScale[ground]
    const isMark = (marks as readonly string[]).includes(shape)
    if (isMark) {
      const light = tone(paper, 0.98)
      const painted = onGround ? { ...palette, main: light, second: tone(main, 0.86, 0.5), accent: light } : palette
      draw[shape as Mark]({ drawing, palette: painted, random, x, y, r })
      return drawing.finish()
    }
    const fill = onGround
      ? css(main.l > 0.8 ? ink : paper)
      : drawing.linear(
          [
            { at: 0, color: tone(main, Math.min(1, main.l + random.between(0.04, 0.09))) },
            { at: 1, color: mix(tone(main, main.l * 0.86), tone(second, main.l * 0.84), random.between(0.15, 0.5)) },
          ],
          [0.15, 0, 0.85, 1],
        )
    const scale = (r / 100) * 0.97
    const stroke = `stroke="${fill}" stroke-width="6" stroke-linejoin="round" fill-rule="evenodd"`
    drawing.add(path(namedShapes[shape]!.d, fill, `${stroke} transform="translate(${n(x)} ${n(y)}) scale(${n(scale)})"`))
    return drawing.finish()
  },
})

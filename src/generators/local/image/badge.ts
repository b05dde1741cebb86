import * as z from 'zod'
import type { Oklch } from '../../../core/color.ts'
import { circle, createDrawing, n, path, polar, polyline, star, type Drawing, type Point } from './drawing.ts'
import { groundShape } from './emblem.ts'
import { drawableText, fitLetters } from './letters.ts'
import { css, hex, mix, paletteFor, tone } from './palette.ts'
import { chooseByWords, defineRecipe, wordsOf } from './recipe.ts'
import { namedShapes, shapeNamedIn } from './shapes.ts'

const forms = ['seal', 'medal', 'shield', 'hexagon'] as const
type Form = (typeof forms)[number]

const metals: Record<string, string> = { gold: '#F2B632', silver: '#B9C2CF', bronze: '#C57F45', platinum: '#CBD6DF' }

/** An edge of shallow scallops. */
function scalloped(x: number, y: number, r: number, count: number, depth: number): string {
  const points: Point[] = Array.from({ length: count * 12 }, (_, i) => {
    const lobe = Math.abs(Math.sin((i / 12) * Math.PI))
    return polar(x, y, r * (1 - depth + depth * lobe ** 0.7), (i * 360) / (count * 12))
  })
  return `${polyline(points)}Z`
}

/** Two tails that hang behind a medal. */
function ribbons(drawing: Drawing, x: number, y: number, color: Oklch): void {
  for (const sign of [-1, 1] as const) {
    const corner = (dx: number, dy: number): Point => [x + sign * dx, y + dy]
    const tail = `${polyline([corner(4, 20), corner(96, 40), corner(142, 244), corner(98, 206), corner(52, 240)])}Z`
    const fold = `${polyline([corner(4, 20), corner(42, 30), corner(78, 232), corner(52, 240)])}Z`
    drawing.add(path(tail, css(color)), path(fold, css(tone(color, color.l * 0.8)), 'opacity="0.75"'))
  }
}

export const badge = defineRecipe({
  name: 'badge',
  words: ['badge', 'medal', 'award', 'achievement', 'seal', 'trophy', 'sticker', 'stamp', 'rank', 'level', 'insignia'],
  summary: 'A seal, medal, shield or hexagon with a mark or a few letters in the middle.',
  knobs: {
    form: z.enum(forms).optional().describe('Else by the words of the prompt, or by chance.'),
    text: z.string().min(1).max(5).optional().describe('Up to five characters in place of a mark, e.g. `NEW` or `10`.'),
    mark: z
      .enum(Object.keys(namedShapes) as [string, ...string[]])
      .optional()
      .describe('A named mark, as the icon recipe has them.'),
  },
  draw: ({ prompt, widthPx, heightPx, random }, knobs) => {
    const words = wordsOf(prompt)
    const metal = Object.keys(metals).find((name) => words.has(name))
    const palette = paletteFor(prompt, random, knobs.colors ?? (metal ? [metals[metal]!] : undefined))
    const { main, second, accent, ink, paper } = palette
    const named = chooseByWords<Form>(
      prompt,
      {
        medal: ['medal', 'award', 'winner', 'trophy', 'ribbon'],
        shield: ['shield', 'security', 'guard', 'rank'],
        hexagon: ['hexagon', 'hex', 'achievement', 'level'],
        seal: ['seal', 'stamp', 'sticker', 'certified'],
      },
      random,
    )
    const form = knobs.form ?? named
    const drawing = createDrawing(widthPx, heightPx)
    const [x, middle] = [drawing.width / 2, drawing.height / 2]
    const y = form === 'medal' ? middle - 52 : middle
    const r = form === 'medal' ? 188 : 238
    const rim = drawing.linear(
      [
        { at: 0, color: tone(main, Math.min(0.96, main.l + 0.14), 0.85) },
        { at: 0.5, color: main },
        { at: 1, color: tone(main, main.l * 0.74) },
      ],
      [0.2, 0, 0.8, 1],
    )
    const face = metal
      ? mix(tone(main, 0.34, 0.7), ink, 0.35)
      : mix(tone(main, Math.min(main.l * 0.6, 0.45)), tone(ink, 0.3), 0.25)
    const faceFill = drawing.linear([
      { at: 0, color: tone(face, face.l + 0.07) },
      { at: 1, color: tone(face, face.l * 0.86) },
    ])
    const line = css(tone(main, Math.min(0.94, main.l + 0.12), 0.8))
    if (form === 'medal') ribbons(drawing, x, y + 30, metal ? mix(second, hex('#D0313A'), 0.5) : second)
    const seal = form === 'seal' || form === 'medal'
    if (seal) {
      const count = random.int(16, 22)
      drawing.add(
        path(
          random.next() < 0.65 ? scalloped(x, y, r, count, 0.09) : star(x, y, count + 6, r, r * 0.9),
          rim,
          'stroke-linejoin="round"',
        ),
      )
      drawing.add(
        circle(x, y, r * 0.78, faceFill),
        circle(
          x,
          y,
          r * 0.7,
          'none',
          `stroke="${line}" stroke-width="${n(r * 0.018)}" stroke-dasharray="${n(r * 0.018)} ${n(r * 0.05)}" stroke-linecap="round"`,
        ),
      )
    } else {
      drawing.add(groundShape(form, x, y, r, rim), groundShape(form, x, y, r * 0.85, faceFill), groundShape(form, x, y, r * 0.78, 'none', `stroke="${line}" stroke-width="${n(r * 0.014)}" opacity="0.7"`))
    }
    const inner = r * (seal ? 0.62 : 0.56)
    const text = knobs.text === undefined ? quotedText(prompt) : drawableText(knobs.text)
    const markFill = drawing.linear([
      { at: 0, color: tone(metal ? main : paper, metal ? Math.min(0.95, main.l + 0.12) : 0.985) },
      { at: 1, color: metal ? tone(main, main.l * 0.9) : mix(paper, accent, 0.35) },
    ])
    if (text) {
      const letters = fitLetters(text, x, y, inner * 1.72, inner * (text.length < 3 ? 1.05 : 0.8), 0.18, 0.1)
      drawing.add(path(letters.d, 'none', `stroke="${css(metal ? tone(main, Math.min(0.94, main.l + 0.08)) : paper)}" stroke-width="${n(letters.weight)}" stroke-linecap="round" stroke-linejoin="round"`))
      const reach = letters.height / 2 + inner * 0.28
      for (const sign of [-1, 1])
        for (const dx of [-0.34, 0, 0.34]) {
          drawing.add(
            path(
              star(
                x + dx * inner,
                y + sign * reach,
                5,
                inner * (dx === 0 ? 0.12 : 0.085),
                inner * (dx === 0 ? 0.054 : 0.038),
              ),
              line,
            ),
          )
        }
    } else {
      const shape =
        knobs.mark ?? shapeNamedIn(words) ?? random.pick(['star', 'crown', 'bolt', 'check', 'gem', 'flame', 'mountain'])
      const scale = (inner / 100) * 0.82
      drawing.add(path(namedShapes[shape]!.d, markFill, `fill-rule="evenodd" stroke="${markFill}" stroke-width="5" stroke-linejoin="round" transform="translate(${n(x)} ${n(y)}) scale(${n(scale)})"`))
    }
    return drawing.finish()
  },
})

const quotedText = (prompt: string) => drawableText(/["“«]([^"”»]{1,5})["”»]/u.exec(prompt)?.[1] ?? '')

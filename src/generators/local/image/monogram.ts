import * as z from 'zod'
import { defineError } from '../../../core/errors.ts'
import { createDrawing, path } from './drawing.ts'
import { grounds, groundShape, innerScale, sheen, type Ground } from './emblem.ts'
import { drawableText, fitLetters } from './letters.ts'
import { css, mix, paletteFor, tone } from './palette.ts'
import { chooseByWords, defineRecipe } from './recipe.ts'

const textInvalid = defineError('RECIPE_TEXT', {
  summary: 'The text given to a local recipe has no letter that it can draw.',
  message: (d: { text: string }) => `${JSON.stringify(d.text)} holds no letter or digit that can be drawn.`,
  hint: () => 'Give Latin letters A to Z or digits; accents are dropped.',
  exit: 2,
})

const seldomNames = new Set(
  `a an and the for of in on with logo monogram initials letter letters brand mark wordmark icon simple modern minimal flat
  clean bold geometric company app style white black teal blue red green purple orange pink gold`.split(/\s+/),
)

/** Initials of a prompt: quoted text first, then capitals of names, then first letters of what is no common word. */
export function initialsOf(prompt: string): string {
  const quoted = /["'“‘«]([^"'”’»]{1,40})["'”’»]/u.exec(prompt)?.[1]
  const letters = (words: string[]) => drawableText(words.map((word) => [...word][0]!).join(''))
  if (quoted) {
    const whole = drawableText(quoted)
    if (whole.length > 0 && whole.length <= 3) return whole.replace(/ /g, '')
    const initials = letters(quoted.split(/\s+/).filter(Boolean))
    if (initials) return initials.slice(0, 3)
  }
  const words = (prompt.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !seldomNames.has(word.toLowerCase()))
  const short = words.find((word) => /^[A-Z0-9]{2,3}$/.test(word))
  if (short) return short
  const names = words.filter((word) => /^\p{Lu}/u.test(word))
  return letters(names.length > 0 ? names : words).slice(0, 2)
}

export const monogram = defineRecipe({
  name: 'monogram',
  words: ['monogram', 'logo', 'initial', 'initials', 'letter', 'lettermark', 'brand', 'wordmark'],
  summary: 'A logo of one to three initials, drawn as geometric strokes on a plain ground.',
  knobs: {
    text: z.string().min(1).max(4).optional().describe('One to four characters; else the initials of the prompt.'),
    ground: z
      .enum(grounds)
      .optional()
      .describe('The tile behind the letters; else by the words of the prompt, or by chance.'),
    weight: z.number().min(0.06).max(0.3).optional().describe("Stroke width as part of the letters' height."),
  },
  draw: ({ prompt, widthPx, heightPx, random }, knobs) => {
    const { main, second, ink, paper, asked } = paletteFor(prompt, random, knobs.colors)
    const chance = random.pick(['A', 'K', 'M', 'N', 'R', 'S', 'V', 'X', 'Z'])
    const text = knobs.text === undefined ? initialsOf(prompt) || chance : drawableText(knobs.text)
    if (text === '') throw textInvalid({ text: knobs.text ?? '' })
    const named = chooseByWords<Ground>(
      prompt,
      {
        hexagon: ['hexagon', 'hex'],
        shield: ['shield', 'crest'],
        diamond: ['diamond'],
        squircle: ['squircle', 'app', 'square', 'rounded'],
        circle: ['circle', 'round'],
        none: ['transparent', 'bare'],
      },
      random,
      ['circle', 'squircle', 'squircle', 'hexagon'],
    )
    const ground = knobs.ground ?? named
    const drawing = createDrawing(widthPx, heightPx)
    const [x, y, r] = [drawing.width / 2, drawing.height / 2, 240]
    const isDark = random.next() < 0.25 && asked.length === 0
    const top = isDark ? tone(ink, 0.34, 1.3) : tone(main, Math.min(1, main.l + 0.035))
    const end =
      asked.length > 1 ? asked[1]! : isDark ? ink : mix(tone(main, main.l * 0.84), tone(second, main.l * 0.8), 0.45)
    const lightGround = !isDark && main.l > 0.78
    drawing.add(
      groundShape(
        ground,
        x,
        y,
        r,
        drawing.linear(
          [
            { at: 0, color: top },
            { at: 1, color: end },
          ],
          [0.1, 0, 0.9, 1],
        ),
      ),
      sheen(drawing, ground, x, y, r),
    )
    const space = r * 2 * innerScale[ground]
    const weight = knobs.weight ?? random.pick([0.13, 0.16, 0.19])
    const letters = fitLetters(
      text,
      x,
      y,
      space * (text.length === 1 ? 0.8 : 1),
      space * (text.length === 1 ? 0.84 : 0.7),
      weight,
      text.length > 2 ? 0.1 : 0.08,
    )
    const color =
      ground === 'none'
        ? css(main)
        : css(lightGround ? tone(ink, 0.26, 1.4) : isDark ? tone(main, Math.max(0.74, main.l)) : paper)
    drawing.add(
      path(
        letters.d,
        'none',
        `stroke="${color}" stroke-width="${letters.weight.toFixed(2)}" stroke-linecap="round" stroke-linejoin="round"`,
      ),
    )
    return drawing.finish()
  },
})

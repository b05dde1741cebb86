import * as z from 'zod'
import type { Random } from '../../../core/random.ts'
import { circle, createDrawing, ellipse, n, path, rect, type Drawing } from './drawing.ts'
import { css, hex, mix, paletteFor, tone } from './palette.ts'
import { chooseByWords, defineRecipe } from './recipe.ts'

const skins = ['#FBE0CC', '#F3C9A5', '#E3AC7F', '#C68858', '#9C623A', '#6E4228', '#4B2C1E'] as const
const hairColors = ['#1F1A1C', '#3B2620', '#6B4226', '#A5652C', '#D9A441', '#B5482B', '#8C8F98', '#3A2E5C'] as const
const hairs = ['crop', 'bob', 'long', 'curls', 'bun', 'side', 'bald', 'spikes'] as const
type Hair = (typeof hairs)[number]

interface Head {
  drawing: Drawing
  random: Random
  /** Middle of the head. */
  x: number
  y: number
  hair: string
  shine: string
}

/** What lies behind the head and what lies over the brow; the face spans 82 units left and right, 100 up and down. */
const hairOf: Record<Hair, { back?(head: Head): string[]; front(head: Head): string[] }> = {
  bald: { front: () => [] },
  crop: { front: ({ x, y, hair }) => [path(`M${n(x - 86)} ${n(y - 18)}C${n(x - 92)} ${n(y - 92)} ${n(x - 40)} ${n(y - 122)} ${n(x + 4)} ${n(y - 120)}C${n(x + 60)} ${n(y - 120)} ${n(x + 94)} ${n(y - 84)} ${n(x + 86)} ${n(y - 18)}C${n(x + 78)} ${n(y - 44)} ${n(x + 62)} ${n(y - 60)} ${n(x + 40)} ${n(y - 64)}C${n(x + 4)} ${n(y - 60)} ${n(x - 34)} ${n(y - 62)} ${n(x - 56)} ${n(y - 68)}C${n(x - 74)} ${n(y - 56)} ${n(x - 80)} ${n(y - 40)} ${n(x - 86)} ${n(y - 18)}Z`, hair)] },
  side: { front: ({ x, y, hair }) => [path(`M${n(x - 86)} ${n(y - 10)}C${n(x - 98)} ${n(y - 90)} ${n(x - 50)} ${n(y - 132)} ${n(x + 14)} ${n(y - 126)}C${n(x + 72)} ${n(y - 122)} ${n(x + 98)} ${n(y - 76)} ${n(x + 86)} ${n(y - 10)}C${n(x + 82)} ${n(y - 36)} ${n(x + 76)} ${n(y - 50)} ${n(x + 66)} ${n(y - 60)}C${n(x + 20)} ${n(y - 50)} ${n(x - 20)} ${n(y - 66)} ${n(x - 40)} ${n(y - 92)}C${n(x - 52)} ${n(y - 62)} ${n(x - 78)} ${n(y - 50)} ${n(x - 86)} ${n(y - 10)}Z`, hair)] },
  bob: {
    back: ({ x, y, hair }) => [path(`M${n(x - 104)} ${n(y + 66)}C${n(x - 116)} ${n(y - 60)} ${n(x - 70)} ${n(y - 128)} ${n(x)} ${n(y - 128)}C${n(x + 70)} ${n(y - 128)} ${n(x + 116)} ${n(y - 60)} ${n(x + 104)} ${n(y + 66)}C${n(x + 80)} ${n(y + 84)} ${n(x - 80)} ${n(y + 84)} ${n(x - 104)} ${n(y + 66)}Z`, hair)],
    front: ({ x, y, hair }) => [path(`M${n(x - 90)} ${n(y + 6)}C${n(x - 98)} ${n(y - 84)} ${n(x - 52)} ${n(y - 124)} ${n(x)} ${n(y - 124)}C${n(x + 52)} ${n(y - 124)} ${n(x + 98)} ${n(y - 84)} ${n(x + 90)} ${n(y + 6)}C${n(x + 84)} ${n(y - 26)} ${n(x + 78)} ${n(y - 44)} ${n(x + 70)} ${n(y - 52)}C${n(x + 30)} ${n(y - 42)} ${n(x - 30)} ${n(y - 42)} ${n(x - 70)} ${n(y - 52)}C${n(x - 78)} ${n(y - 44)} ${n(x - 84)} ${n(y - 26)} ${n(x - 90)} ${n(y + 6)}Z`, hair)],
  },
  long: {
    back: ({ x, y, hair }) => [path(`M${n(x - 100)} ${n(y + 176)}C${n(x - 124)} ${n(y + 60)} ${n(x - 120)} ${n(y - 130)} ${n(x)} ${n(y - 130)}C${n(x + 120)} ${n(y - 130)} ${n(x + 124)} ${n(y + 60)} ${n(x + 100)} ${n(y + 176)}Z`, hair)],
    front: ({ x, y, hair }) => [path(`M${n(x - 88)} ${n(y + 20)}C${n(x - 98)} ${n(y - 88)} ${n(x - 50)} ${n(y - 124)} ${n(x)} ${n(y - 124)}C${n(x + 50)} ${n(y - 124)} ${n(x + 98)} ${n(y - 88)} ${n(x + 88)} ${n(y + 20)}C${n(x + 84)} ${n(y - 30)} ${n(x + 50)} ${n(y - 70)} ${n(x + 6)} ${n(y - 88)}C${n(x - 30)} ${n(y - 64)} ${n(x - 80)} ${n(y - 40)} ${n(x - 88)} ${n(y + 20)}Z`, hair)],
  },
  curls: {
    back: ({ x, y, hair }) =>
      Array.from({ length: 13 }, (_, i) =>
        circle(
          x + Math.cos(Math.PI + (i / 12) * Math.PI) * 90,
          y - 22 + Math.sin(Math.PI + (i / 12) * Math.PI) * 86,
          34,
          hair,
        ),
      ),
    front: ({ x, y, hair }) =>
      Array.from({ length: 7 }, (_, i) =>
        circle(
          x + Math.cos(Math.PI * (1.14 + (i / 6) * 0.72)) * 72,
          y - 20 + Math.sin(Math.PI * (1.14 + (i / 6) * 0.72)) * 78,
          27,
          hair,
        ),
      ),
  },
  bun: {
    back: ({ x, y, hair, shine }) => [circle(x, y - 132, 42, hair), ellipse(x - 8, y - 146, 20, 10, shine, 'opacity="0.5"')],
    front: ({ x, y, hair }) => [path(`M${n(x - 86)} ${n(y - 4)}C${n(x - 96)} ${n(y - 86)} ${n(x - 50)} ${n(y - 122)} ${n(x)} ${n(y - 122)}C${n(x + 50)} ${n(y - 122)} ${n(x + 96)} ${n(y - 86)} ${n(x + 86)} ${n(y - 4)}C${n(x + 78)} ${n(y - 50)} ${n(x + 44)} ${n(y - 78)} ${n(x)} ${n(y - 78)}C${n(x - 44)} ${n(y - 78)} ${n(x - 78)} ${n(y - 50)} ${n(x - 86)} ${n(y - 4)}Z`, hair)],
  },
  spikes: { front: ({ x, y, hair }) => [path(`M${n(x - 86)} ${n(y - 14)}L${n(x - 102)} ${n(y - 66)}L${n(x - 78)} ${n(y - 74)}L${n(x - 84)} ${n(y - 124)}L${n(x - 44)} ${n(y - 106)}L${n(x - 26)} ${n(y - 150)}L${n(x + 4)} ${n(y - 112)}L${n(x + 38)} ${n(y - 148)}L${n(x + 50)} ${n(y - 104)}L${n(x + 90)} ${n(y - 118)}L${n(x + 80)} ${n(y - 74)}L${n(x + 102)} ${n(y - 64)}L${n(x + 86)} ${n(y - 14)}L${n(x + 64)} ${n(y - 58)}L${n(x + 40)} ${n(y - 44)}L${n(x + 20)} ${n(y - 66)}L${n(x - 10)} ${n(y - 46)}L${n(x - 34)} ${n(y - 68)}L${n(x - 60)} ${n(y - 48)}Z`, hair, `stroke="${hair}" stroke-width="6" stroke-linejoin="round"`)] },
}

export const avatar = defineRecipe({
  name: 'avatar',
  words: ['avatar', 'face', 'portrait', 'profile', 'person', 'user', 'headshot', 'pfp'],
  summary: 'A friendly flat portrait with seeded skin, hair, clothes and expression.',
  knobs: {
    hair: z.enum(hairs).optional().describe('Else by the words of the prompt, or by chance.'),
    glasses: z.boolean().optional().describe('Else by chance.'),
    ground: z.enum(['full', 'circle', 'none']).default('full').describe('The ground behind the head.'),
  },
  draw: ({ prompt, widthPx, heightPx, random }, knobs) => {
    const { main, second, paper } = paletteFor(prompt, random, knobs.colors)
    const named = chooseByWords<Hair>(
      prompt,
      {
        bald: ['bald'],
        crop: ['short', 'man', 'boy'],
        side: [],
        bob: ['bob'],
        long: ['long', 'woman', 'girl'],
        curls: ['curly', 'curls', 'afro'],
        bun: ['bun'],
        spikes: ['spiky', 'punk'],
      },
      random,
    )
    const skin = hex(random.pick(skins))
    const hairColor = hex(random.pick(hairColors))
    const drawing = createDrawing(widthPx, heightPx)
    const [x, y] = [drawing.width / 2, drawing.height / 2 - 14]
    const ground = drawing.linear([
      { at: 0, color: tone(main, Math.min(0.95, main.l + 0.1), 0.8) },
      { at: 1, color: main },
    ])
    const clip = drawing.define(
      (id) => `<clipPath id="${id}"><circle cx="${n(x)}" cy="${n(drawing.height / 2)}" r="250"/></clipPath>`,
    )
    if (knobs.ground === 'full') drawing.add(rect(0, 0, drawing.width, drawing.height, ground))
    if (knobs.ground === 'circle') drawing.add(circle(x, drawing.height / 2, 250, ground))
    // The figure is drawn small and grown from the chin down, so that head and shoulders fill the frame.
    const figure = `<g transform="translate(${n(x)} ${n(y + 22)}) scale(1.24) translate(${n(-x)} ${n(-(y + 12))})">`
    drawing.add(knobs.ground === 'full' ? '<g>' : `<g clip-path="url(#${clip})">`, figure)

    const style = hairOf[knobs.hair ?? named]
    const head: Head = { drawing, random, x, y, hair: css(hairColor), shine: css(tone(hairColor, hairColor.l + 0.14)) }
    const shade = css(mix(tone(skin, skin.l - 0.09, 1.2), hex('#A0402A'), 0.08))
    const cloth = random.next() < 0.3 ? paper : second
    const bottom = drawing.height + 10
    drawing.add(
      ...(style.back?.(head) ?? []),
      path(`M${n(x - 190)} ${n(bottom)}C${n(x - 190)} ${n(y + 186)} ${n(x - 120)} ${n(y + 152)} ${n(x - 44)} ${n(y + 142)}L${n(x + 44)} ${n(y + 142)}C${n(x + 120)} ${n(y + 152)} ${n(x + 190)} ${n(y + 186)} ${n(x + 190)} ${n(bottom)}Z`, css(cloth)),
      path(`M${n(x - 58)} ${n(y + 138)}C${n(x - 40)} ${n(y + 192)} ${n(x + 40)} ${n(y + 192)} ${n(x + 58)} ${n(y + 138)}L${n(x + 40)} ${n(y + 130)}L${n(x - 40)} ${n(y + 130)}Z`, css(tone(cloth, cloth.l * 0.88))),
      path(`M${n(x - 40)} ${n(y + 60)}L${n(x + 40)} ${n(y + 60)}L${n(x + 40)} ${n(y + 138)}C${n(x + 26)} ${n(y + 172)} ${n(x - 26)} ${n(y + 172)} ${n(x - 40)} ${n(y + 138)}Z`, css(skin)),
      path(`M${n(x - 40)} ${n(y + 82)}C${n(x - 14)} ${n(y + 118)} ${n(x + 14)} ${n(y + 118)} ${n(x + 40)} ${n(y + 82)}L${n(x + 40)} ${n(y + 104)}C${n(x + 16)} ${n(y + 132)} ${n(x - 16)} ${n(y + 132)} ${n(x - 40)} ${n(y + 104)}Z`, shade, 'opacity="0.7"'),
      ellipse(x - 84, y + 8, 16, 22, css(skin)),
      ellipse(x + 84, y + 8, 16, 22, css(skin)),
      ellipse(x - 84, y + 9, 7, 11, shade, 'opacity="0.7"'),
      ellipse(x + 84, y + 9, 7, 11, shade, 'opacity="0.7"'),
      path(`M${n(x - 82)} ${n(y - 24)}C${n(x - 82)} ${n(y - 84)} ${n(x - 48)} ${n(y - 110)} ${n(x)} ${n(y - 110)}C${n(x + 48)} ${n(y - 110)} ${n(x + 82)} ${n(y - 84)} ${n(x + 82)} ${n(y - 24)}C${n(x + 82)} ${n(y + 56)} ${n(x + 46)} ${n(y + 104)} ${n(x)} ${n(y + 104)}C${n(x - 46)} ${n(y + 104)} ${n(x - 82)} ${n(y + 56)} ${n(x - 82)} ${n(y - 24)}Z`, css(skin)),
      ...style.front(head),
      ...face(),
      '</g></g>',
    )
    return drawing.finish()

    function face(): string[] {
      const dark = css(hex('#2A1F24'))
      const brow = css(mix(hairColor, hex('#2A1F24'), 0.3))
      const tilt = random.between(-4, 4)
      const wide = random.between(30, 36)
      const blush = css(mix(skin, hex('#E8605A'), 0.55))
      const smile = random.pick(['smile', 'grin', 'calm'] as const)
      const mouth = {
        smile: path(`M${n(x - 26)} ${n(y + 56)}Q${n(x)} ${n(y + 80)} ${n(x + 26)} ${n(y + 56)}`, 'none', `stroke="${dark}" stroke-width="6" stroke-linecap="round"`),
        grin: path(`M${n(x - 30)} ${n(y + 52)}Q${n(x)} ${n(y + 60)} ${n(x + 30)} ${n(y + 52)}Q${n(x + 24)} ${n(y + 84)} ${n(x)} ${n(y + 84)}Q${n(x - 24)} ${n(y + 84)} ${n(x - 30)} ${n(y + 52)}Z`, '#7A2E35') + path(`M${n(x - 27)} ${n(y + 53)}Q${n(x)} ${n(y + 60)} ${n(x + 27)} ${n(y + 53)}L${n(x + 24)} ${n(y + 64)}Q${n(x)} ${n(y + 70)} ${n(x - 24)} ${n(y + 64)}Z`, '#fff'),
        calm: path(`M${n(x - 18)} ${n(y + 62)}Q${n(x + 4)} ${n(y + 70)} ${n(x + 22)} ${n(y + 58)}`, 'none', `stroke="${dark}" stroke-width="6" stroke-linecap="round"`),
      }
      const glasses = knobs.glasses ?? (/glasses|spectacles|nerd/i.test(prompt) || random.next() < 0.25)
      const frame = css(mix(second, hex('#22202B'), 0.7))
      return [
        circle(x - 48, y + 36, 17, blush, 'opacity="0.45"'),
        circle(x + 48, y + 36, 17, blush, 'opacity="0.45"'),
        ...[-1, 1].flatMap((sign) => [
          ellipse(x + sign * wide, y + 4, 8.5, 10.5, dark),
          circle(x + sign * wide + 3, y, 3, '#fff'),
          path(`M${n(x + sign * (wide - 15))} ${n(y - 26 + tilt * 0.5)}Q${n(x + sign * wide)} ${n(y - 36)} ${n(x + sign * (wide + 17))} ${n(y - 25 - tilt * 0.3)}`, 'none', `stroke="${brow}" stroke-width="7" stroke-linecap="round"`),
        ]),
        path(`M${n(x - 2)} ${n(y + 12)}Q${n(x + 12)} ${n(y + 32)} ${n(x - 6)} ${n(y + 34)}`, 'none', `stroke="${shade}" stroke-width="5.5" stroke-linecap="round"`),
        mouth[smile],
        ...(glasses
          ? [
              ...[-1, 1].map((sign) =>
                rect(
                  x + sign * wide - 27,
                  y - 18,
                  54,
                  44,
                  '#fff',
                  `fill-opacity="0.16" rx="20" stroke="${frame}" stroke-width="6"`,
                ),
              ),
              path(
                `M${n(x - wide + 27)} ${n(y)}Q${n(x)} ${n(y - 9)} ${n(x + wide - 27)} ${n(y)}`,
                'none',
                `stroke="${frame}" stroke-width="6"`,
              ),
            ]
          : []),
      ]
    }
  },
})

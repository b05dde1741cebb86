import * as z from 'zod'
import type { Oklch } from '../../../core/color.ts'
import type { Random } from '../../../core/random.ts'
import { createDrawing, n } from './drawing.ts'
import { css, paletteFor, tone } from './palette.ts'
import { chooseByWords, defineRecipe } from './recipe.ts'

/*
 * Left halves, mirrored at the right edge. `#` always body, `?` body by chance, `+` second colour, `e` eye, `m` mouth,
 * `.` nothing. Eyes and mouths lie on the body.
 */
const halves = {
  slime: [
    '........',
    '........',
    '......##',
    '....####',
    '...#####',
    '..######',
    '.?######',
    '.####ee#',
    '#####ee#',
    '########',
    '#######m',
    '###+++++',
    '?#++++++',
    '.?######',
  ],
  ghost: [
    '.....###',
    '...#####',
    '..######',
    '.?######',
    '.####ee#',
    '?####ee#',
    '#####ee#',
    '########',
    '#######m',
    '########',
    '###+++++',
    '########',
    '##?###?#',
    '#..#?..#',
  ],
  invader: [
    '...?....',
    '..?#....',
    '...##..?',
    '..######',
    '.?######',
    '###ee###',
    '###ee###',
    '########',
    '#?####mm',
    '#.##++++',
    '?.##++++',
    '..#?..##',
    '..##.?..',
    '.##?....',
  ],
  robot: [
    '......?+',
    '.......#',
    '..######',
    '.?######',
    '.###ee##',
    '.+##ee##',
    '.+######',
    '.?###mmm',
    '..######',
    '.....###',
    '..?+++++',
    '.##+####',
    '.#.+#+++',
    '.#.#####',
    '...##...',
    '..###...',
  ],
  cat: [
    '.?#.....',
    '.##?....',
    '.###....',
    '.#######',
    '.#######',
    '.##ee###',
    '?##ee###',
    '.######+',
    '..####+m',
    '...#####',
    '..?####+',
    '..####++',
    '?.####++',
    '?#######',
  ],
  beetle: [
    '...#....',
    '....#..?',
    '.....###',
    '....####',
    '#..##ee#',
    '?#######',
    '..++++##',
    '.?+++++#',
    '#?++?++#',
    '..+++++#',
    '#.+?+++#',
    '.?+++++#',
    '#..++++#',
    '.....###',
  ],
  owl: [
    '..#.....',
    '..##?.??',
    '..######',
    '.#######',
    '.##eee##',
    '.##eee#+',
    '.##eee#+',
    '.#######',
    '##?#++++',
    '###+++++',
    '#?#++?++',
    '?##+++++',
    '..#####?',
    '...+.+..',
  ],
} as const
type Body = keyof typeof halves

type Cell = '.' | '#' | '+' | 'e' | 'm'
const width = 16

/** The whole grid: chance decided, mirrored, lone bits dropped. */
function grow(body: Body, random: Random): Cell[][] {
  const horn = random.int(0, 2)
  const rows = halves[body].map((row) => {
    // The outermost column stays free for the outline.
    const half = [...`.${row.slice(1)}`].map((mark) =>
      mark === '?' ? (random.next() < 0.5 ? '#' : '.') : mark,
    ) as Cell[]
    return [...half, ...[...half].reverse()]
  })
  const spots = random.next() < 0.45 && body !== 'robot'
  if (spots) {
    for (let i = 0; i < 3; i++) {
      const [x, y] = [random.int(1, 6), random.int(2, rows.length - 2)]
      if (rows[y]![x] === '#') rows[y]![x] = rows[y]![width - 1 - x] = '+'
    }
  }
  if (horn > 0 && (body === 'slime' || body === 'ghost')) {
    const first = rows.findIndex((row) => row.includes('#'))
    const x = horn === 1 ? 7 : 5
    rows.splice(
      Math.max(0, first - 1),
      1,
      Array.from({ length: width }, (_, i): Cell =>
        i === x || i === width - 1 - x ? '+' : (rows[first - 1]?.[i] ?? '.'),
      ),
    )
  }
  const blank = Array.from({ length: width }, (): Cell => '.')
  return [blank, ...rows.slice(-14), blank]
}

interface Colors {
  line: string
  light: string
  body: string
  shade: string
  second: string
  secondShade: string
  mouth: string
}

function shadeOf(grid: readonly Cell[][], x: number, y: number): 'light' | 'body' | 'shade' {
  const filled = (dx: number, dy: number) => (grid[y + dy]?.[x + dx] ?? '.') !== '.'
  if (!filled(0, -1) || (!filled(-1, 0) && x < width / 2 && filled(0, 1))) return 'light'
  if (!filled(0, 1) || !filled(1, 0) || (!filled(2, 0) && x > width / 2)) return 'shade'
  return 'body'
}

function colorOf(grid: readonly Cell[][], x: number, y: number, colors: Colors): string | undefined {
  const cell = grid[y]![x]!
  if (cell === '.') {
    const near = [[0, 1], [0, -1], [1, 0], [-1, 0]].some(([dx, dy]) => (grid[y + dy!]?.[x + dx!] ?? '.') !== '.')
    return near ? colors.line : undefined
  }
  if (cell === 'm') return colors.mouth
  if (cell === 'e') {
    // The pupil is the lower cell nearest to the middle of the face; the rest of the eye is white.
    const inner = x < width / 2 ? grid[y]![x + 1] !== 'e' : grid[y]![x - 1] !== 'e'
    const lowest = grid[y + 1]?.[x] !== 'e'
    const tall = grid[y - 1]?.[x] === 'e' && grid[y + 1]?.[x] === 'e'
    return inner && (lowest || tall) ? colors.line : '#FFFFFF'
  }
  const shade = shadeOf(grid, x, y)
  if (cell === '+') return shade === 'shade' ? colors.secondShade : colors.second
  return colors[shade]
}

export const sprite = defineRecipe({
  name: 'sprite',
  words: [
    'sprite',
    'pixel',
    'creature',
    'monster',
    'enemy',
    'character',
    'invader',
    'slime',
    'ghost',
    'robot',
    '8bit',
    'npc',
    'pet',
  ],
  summary: 'A symmetrical pixel creature on a transparent ground.',
  knobs: {
    body: z
      .enum(Object.keys(halves) as [Body, ...Body[]])
      .optional()
      .describe('Else by the words of the prompt, or by chance.'),
    outline: z.boolean().default(true).describe('A dark line around the creature.'),
  },
  draw: ({ prompt, widthPx, heightPx, random }, { body, outline, colors }) => {
    const { main, second, ink, asked } = paletteFor(prompt, random, colors)
    const named = chooseByWords<Body>(
      prompt,
      {
        slime: ['slime', 'blob', 'jelly'],
        ghost: ['ghost', 'spirit', 'spook'],
        invader: ['invader', 'alien', 'space', 'ufo'],
        robot: ['robot', 'droid', 'mech', 'bot'],
        cat: ['cat', 'kitten', 'fox', 'dog', 'animal', 'pet'],
        beetle: ['bug', 'beetle', 'insect', 'spider', 'ant'],
        owl: ['owl', 'bird', 'chick', 'penguin'],
      },
      random,
    )
    const grid = grow(body ?? named, random)
    const base: Oklch = { ...main, l: asked.length > 0 ? main.l : Math.max(0.6, main.l) }
    const hueShift = (color: Oklch, degrees: number): Oklch => ({ ...color, h: (color.h + degrees + 360) % 360 })
    const line = outline ? css(tone(ink, 0.22, 1.2)) : 'none'
    const palette: Colors = {
      line,
      light: css(hueShift(tone(base, Math.min(0.98, base.l + 0.11)), -8)),
      body: css(base),
      shade: css(hueShift(tone(base, base.l - 0.14), 14)),
      second: css(tone(second, Math.min(0.95, Math.max(second.l, base.l + 0.16)), 0.75)),
      secondShade: css(tone(second, Math.min(0.86, Math.max(second.l, base.l + 0.16) - 0.12), 0.8)),
      mouth: css(tone(ink, 0.3, 1.4)),
    }
    // Whole pixels per cell keep every edge hard; what is left over is an even margin.
    const cell =
      Math.min(widthPx, heightPx) >= width
        ? Math.floor(Math.min(widthPx, heightPx) / width)
        : Math.min(widthPx, heightPx) / width
    const drawing = createDrawing(widthPx, heightPx, Math.min(widthPx, heightPx))
    const left = Math.floor((widthPx - cell * width) / 2)
    const top = Math.floor((heightPx - cell * grid.length) / 2)
    const runs: string[] = []
    grid.forEach((_row, y) => {
      for (let x = 0; x < width; ) {
        const color = colorOf(grid, x, y, palette)
        let end = x + 1
        while (end < width && colorOf(grid, end, y, palette) === color) end++
        if (color && color !== 'none') {
          runs.push(`<path d="M${n(left + x * cell)} ${n(top + y * cell)}h${n((end - x) * cell)}v${n(cell)}h-${n((end - x) * cell)}z" fill="${color}"/>`)
        }
        x = end
      }
    })
    drawing.add(`<g shape-rendering="crispEdges">${runs.join('')}</g>`)
    return drawing.finish()
  },
})

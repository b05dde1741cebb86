import { curve, n, polar, polyline, star, type Point } from './drawing.ts'

/* Named marks as one filled path each, centred on the origin within a circle of radius 100. */

const heart =
  'M0 88C-30 62 -92 22 -92 -28C-92 -62 -66 -82 -40 -82C-22 -82 -8 -72 0 -58C8 -72 22 -82 40 -82C66 -82 92 -62 92 -28C92 22 30 62 0 88Z'
const drop = 'M0 -98C10 -70 66 -22 66 30A66 66 0 0 1 -66 30C-66 -22 -10 -70 0 -98Z'
const leaf = 'M-78 78C-92 -12 -40 -84 84 -84C88 40 12 92 -62 64L-72 84Z'
const flame =
  'M6 -100C14 -62 70 -40 70 22A70 70 0 0 1 -70 26C-70 -10 -46 -24 -40 -54C-24 -44 -16 -34 -14 -20C6 -40 10 -70 6 -100Z'
const bolt = 'M22 -100L-62 14L-8 14L-26 100L62 -22L6 -22Z'
const moon = 'M34 -92A96 96 0 1 0 92 44A76 76 0 0 1 34 -92Z'
const cloud = 'M-58 58A42 42 0 0 1 -66 -24A52 52 0 0 1 30 -44A44 44 0 0 1 62 58Z'
const shield = 'M0 -98L82 -70L82 -6C82 48 46 80 0 100C-46 80 -82 48 -82 -6L-82 -70Z'
const crown = 'M-90 -46L-44 -2L0 -78L44 -2L90 -46L74 66L-74 66Z'
const home = 'M0 -92L96 -4L70 -4L70 84L24 84L24 26L-24 26L-24 84L-70 84L-70 -4L-96 -4Z'
const note = 'M-30 -84L74 -100L74 46A34 28 0 1 1 46 18L46 -52L-4 -44L-4 62A34 28 0 1 1 -30 34Z'
const mountain = 'M-100 78L-34 -52L-6 -4L24 -70L100 78Z'
const key =
  'M-92 -46A46 46 0 1 1 0 -46A46 46 0 0 1 -8 -20L86 74L86 98L62 98L46 82L46 66L30 66L14 50L14 34L-2 34L-20 -8A46 46 0 0 1 -92 -46ZM-66 -46A20 20 0 1 0 -26 -46A20 20 0 1 0 -66 -46Z'
const gem = 'M-52 -78L52 -78L98 -22L0 92L-98 -22Z'
const arrow = 'M0 -96L84 -4L34 -4L34 92L-34 92L-34 -4L-84 -4Z'
const plus = 'M-28 -92L28 -92L28 -28L92 -28L92 28L28 28L28 92L-28 92L-28 28L-92 28L-92 -28L-28 -28Z'
const check = 'M-92 4L-58 -30L-22 6L60 -76L92 -44L-22 74Z'
const play = 'M-58 -88Q-58 -100 -46 -94L92 -12Q104 0 92 12L-46 94Q-58 100 -58 88Z'
const eye = 'M-100 0C-56 -74 56 -74 100 0C56 74 -56 74 -100 0ZM-36 0A36 36 0 1 0 36 0A36 36 0 1 0 -36 0Z'

const blob = (points: readonly Point[]) => curve(points, true)

function gear(): string {
  const corners: Point[] = []
  for (let i = 0; i < 8; i++) {
    for (const [offset, r] of [
      [-13, 76],
      [-9, 98],
      [9, 98],
      [13, 76],
    ] as const)
      corners.push(polar(0, 0, r, i * 45 + offset))
  }
  return `${polyline(corners)}ZM-32 0A32 32 0 1 0 32 0A32 32 0 1 0 -32 0Z`
}

function sun(): string {
  const rays = Array.from({ length: 12 }, (_, i) => {
    const corners = [polar(0, 0, 66, i * 30 - 8), polar(0, 0, 100, i * 30), polar(0, 0, 66, i * 30 + 8)]
    return `${polyline(corners)}Z`
  })
  return `M-54 0A54 54 0 1 1 54 0A54 54 0 1 1 -54 0Z${rays.join('')}`
}

function flower(): string {
  const petals = Array.from({ length: 6 }, (_, i) => {
    const [x, y] = polar(0, 0, 56, i * 60)
    return `M${n(x - 38)} ${n(y)}A38 38 0 1 1 ${n(x + 38)} ${n(y)}A38 38 0 1 1 ${n(x - 38)} ${n(y)}Z`
  })
  return petals.join('')
}

function wave(): string {
  const band = (y: number) =>
    `M-98 ${y}C-74 ${y - 34} -50 ${y - 34} -26 ${y}C-2 ${y + 34} 22 ${y + 34} 46 ${y}C64 ${y - 26} 80 ${y - 30} 98 ${y - 16}` +
    `L98 ${y + 16}C80 ${y + 2} 66 ${y + 8} 54 ${y + 26}C24 ${y + 64} -6 ${y + 60} -32 ${y + 26}C-52 ${y} -74 ${y} -98 ${y + 30}Z`
  return band(-62) + band(-4) + band(54)
}

const cat = blob([
  [-84, -92],
  [-36, -58],
  [0, -62],
  [36, -58],
  [84, -92],
  [88, -20],
  [78, 40],
  [40, 78],
  [0, 86],
  [-40, 78],
  [-78, 40],
  [-88, -20],
])

interface NamedShape {
  d: string
  words: readonly string[]
  /** The colour it has in the world, for prompts that name none. */
  natural?: string
}

export const namedShapes: Readonly<Record<string, NamedShape>> = {
  heart: { d: heart, words: ['heart', 'love', 'like', 'health'], natural: '#E8415A' },
  star: { d: star(0, 6, 5, 100, 44), words: ['star', 'favorite', 'favourite', 'rating'], natural: '#F6B93B' },
  bolt: { d: bolt, words: ['bolt', 'lightning', 'energy', 'fast', 'power', 'electric', 'thunder'], natural: '#FFB81C' },
  leaf: { d: leaf, words: ['leaf', 'eco', 'plant', 'nature', 'organic'], natural: '#3FA65A' },
  drop: { d: drop, words: ['drop', 'water', 'rain', 'liquid', 'oil'], natural: '#2C9BE6' },
  flame: { d: flame, words: ['flame', 'fire', 'hot', 'burn'], natural: '#F4652B' },
  moon: { d: moon, words: ['moon', 'night', 'sleep'], natural: '#6C7BD9' },
  sun: { d: sun(), words: ['sun', 'day', 'bright', 'summer'], natural: '#FBB829' },
  cloud: { d: cloud, words: ['cloud', 'weather', 'sky'], natural: '#58A9E8' },
  shield: { d: shield, words: ['shield', 'security', 'secure', 'safe', 'guard'] },
  crown: { d: crown, words: ['crown', 'king', 'queen', 'premium', 'royal'], natural: '#EFB02E' },
  home: { d: home, words: ['home', 'house'] },
  gear: { d: gear(), words: ['gear', 'settings', 'setting', 'cog', 'engine', 'machine'] },
  note: { d: note, words: ['music', 'note', 'song', 'audio', 'sound'] },
  mountain: { d: mountain, words: ['mountain', 'peak', 'summit', 'outdoor'], natural: '#5B7FA6' },
  gem: { d: gem, words: ['gem', 'diamond', 'jewel', 'crystal'], natural: '#26B5C9' },
  arrow: { d: arrow, words: ['arrow', 'up', 'upload', 'growth'] },
  plus: { d: plus, words: ['plus', 'add', 'medical', 'cross'], natural: '#E5484D' },
  check: { d: check, words: ['check', 'done', 'ok', 'success', 'verified', 'approved'], natural: '#2FA866' },
  play: { d: play, words: ['play', 'video', 'start'] },
  eye: { d: eye, words: ['eye', 'view', 'vision', 'watch'] },
  key: { d: key, words: ['key', 'login', 'password', 'access'] },
  flower: { d: flower(), words: ['flower', 'blossom', 'bloom', 'spring'], natural: '#EF6FA5' },
  wave: { d: wave(), words: ['wave', 'ocean', 'sea', 'surf'], natural: '#2389D0' },
  cat: { d: cat, words: ['cat', 'kitten', 'pet'], natural: '#F08A3C' },
  hexagon: { d: star(0, 0, 6, 98), words: ['hexagon', 'hex', 'honeycomb'] },
}

/** The shape that a prompt names, if any. */
export function shapeNamedIn(words: ReadonlySet<string>): string | undefined {
  return Object.entries(namedShapes).find(([, shape]) => shape.words.some((word) => words.has(word)))?.[0]
}

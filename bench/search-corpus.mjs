/**
 * Assets with names, tags, keywords and descriptions as a large library has them, and queries as people type them.
 * Everything comes from seeds, so that every machine searches for the same.
 */
const subjects =
  'hero banner logo icon avatar button card footer header sidebar gallery portrait landscape mountain river forest ocean city street office desk laptop phone camera coffee garden flower rocket planet satellite dragon castle knight wizard sword shield treasure potion explosion laser engine thunder rain wind footsteps door bell chime melody drum guitar piano violin trumpet chart graph table calendar clock compass map pin flag badge medal trophy ribbon ticket coupon cart basket wallet invoice receipt envelope folder document archive printer keyboard monitor headset microphone speaker battery plug cable bridge tower lighthouse harbour ship anchor sail balloon airplane bicycle train station tunnel window curtain lamp candle mirror chair sofa carpet kitchen kettle spoon plate apple orange lemon cherry bread cheese pasta pizza burger salad'.split(' ')
const manners =
  'dark light minimal bold soft sharp rounded flat outlined filled glossy matte vintage retro modern futuristic playful serious elegant rustic warm cold bright muted pastel neon monochrome colourful gradient textured transparent animated static large small wide narrow tall square circular hexagonal isometric abstract realistic sketched painted pixelated vector seamless tileable looping short long quiet loud deep high'.split(' ')
const places =
  'homepage landing checkout onboarding settings profile dashboard pricing contact about blog newsletter campaign tutorial loading error success warning empty intro outro menu level boss inventory dialogue cutscene credits notification toolbar tooltip modal carousel testimonial feature comparison signup login search results archive'.split(' ')
const families = ['Acme', 'Orbit', 'Lumen', 'Harbor', 'Wynwood', 'Northwind', 'Tessera', 'Quill']
const kinds = [
  ['image', 'Images', 'IMG'],
  ['image', 'Icons', 'ICON'],
  ['image', 'Logos', 'LOGO'],
  ['audio', 'Sound effects', 'SFX'],
  ['color', 'Colors', 'COLOR'],
]
const licences = ['MIT', 'CC-BY-4.0', 'CC0-1.0', undefined]
const [consonants, vowels] = ['bcdfghjklmnprstvz', 'aeiou']

export function seeded(seed) {
  let state = seed * 2654435761 + 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** Names of people, products and places: the words of a library that stand in few assets. */
function rareWords(count) {
  const random = seeded(7)
  const letter = (letters) => letters[Math.floor(random() * letters.length)]
  return Array.from({ length: count }, () =>
    Array.from({ length: 2 + Math.floor(random() * 3) }, () => letter(consonants) + letter(vowels)).join('') + (random() < 0.5 ? letter(consonants) : ''),
  )
}
const rare = rareWords(6000)

/** Words near the beginning come often, as in any language. */
const often = (list, random) => list[Math.floor(list.length ** random()) - 1] ?? list[0]

export function searchEntry(i) {
  const random = seeded(i + 1)
  const [kind, category, prefix] = kinds[Math.floor(random() * kinds.length)]
  const family = families[Math.floor(random() * families.length)]
  const [subject, manner, place, own] = [often(subjects, random), often(manners, random), often(places, random), often(rare, random)]
  const series = Math.floor(i / 900)
  const letters = String.fromCharCode(65 + Math.floor(series / 26), 65 + (series % 26))
  const token = `${prefix}-${family.toUpperCase()}-${subject.toUpperCase()}${letters}${String((i % 900) + 1).padStart(3, '0')}`
  const licence = licences[Math.floor(random() * licences.length)]
  const month = 1 + Math.floor(random() * 12)
  return [
    token,
    {
      token,
      kind,
      category,
      family: family.toUpperCase(),
      name: `${manner} ${subject} ${own}`,
      description: `A ${manner} ${often(manners, random)} ${subject} for the ${place} of ${own}, with ${often(subjects, random)} and ${often(subjects, random)} beside it`,
      tags: [...new Set([subject, manner, place, often(manners, random)])],
      keywords: [...new Set([often(subjects, random), often(places, random), often(rare, random)])],
      ...(licence && { license: licence }),
      version: '1.0.0',
      created: '2026-01-01T00:00:00Z',
      modified: `2026-${String(month).padStart(2, '0')}-01T00:00:00Z`,
      size: 1000 + Math.floor(random() * 1e6),
      source: { type: 'import' },
    },
  ]
}

/** One slip of the finger: a letter swapped, dropped, doubled or changed. */
function slip(word, random) {
  if (word.length < 5) return word
  const at = 1 + Math.floor(random() * (word.length - 2))
  const kind = Math.floor(random() * 4)
  if (kind === 0) return word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2)
  if (kind === 1) return word.slice(0, at) + word.slice(at + 1)
  if (kind === 2) return word.slice(0, at) + word[at] + word.slice(at)
  return word.slice(0, at) + vowels[Math.floor(random() * 5)] + word.slice(at + 1)
}

/** Every third with a slip: one, two and three words, beginnings of words, tags with commas, tokens. */
export function searchQueries(count, assets) {
  const random = seeded(99)
  const any = (list) => list[Math.floor(random() * list.length)]
  const shapes = [
    () => any(subjects),
    () => any(rare),
    () => `${any(manners)} ${any(subjects)}`,
    () => `${any(subjects)} ${any(rare)}`,
    () => `${any(manners)} ${any(subjects)} ${any(places)}`,
    () => `${any(subjects)}, ${any(manners)}`,
    () => any(subjects).slice(0, 4),
    () => `${any(manners)} ${any(places).slice(0, 3)}`,
    () => `${any(families)} ${any(subjects)}`,
    () => searchEntry(Math.floor(random() * assets))[0],
  ]
  return Array.from({ length: count }, (_, i) => {
    const query = shapes[i % shapes.length]()
    if (i % 3 !== 0) return query
    const words = query.split(' ')
    words[words.length - 1] = slip(words.at(-1), random)
    return words.join(' ')
  })
}

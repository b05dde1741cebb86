import type { Known } from './known.ts'

/** What a word is the name of in a project; one word may name several things. */
export interface Named {
  category?: string
  /** Several where a short name fits several: `prompts`. */
  kinds?: readonly string[]
  family?: string
  variant?: string
  tag?: string
  format?: string
  level?: string
  framework?: string
  site?: string
  spec?: string
  provider?: string
  /** `logos`, not `logo`: more than one is meant. */
  isPlural?: boolean
}

/** What people call kinds of media beside their names. */
const kindWords: Readonly<Record<string, string>> = { picture: 'image', sound: 'audio', colour: 'color', clip: 'video', colors: 'color' }

/** Every name of a project in small letters. */
export function namesOf(known: Known): ReadonlyMap<string, Named> {
  const names = new Map<string, Named>()
  const name = (text: string, named: Named) => {
    const word = text.toLowerCase()
    // What stood first wins: `primary` as a tag of this project, too, is still the tag.
    if (word !== '') names.set(word, { ...named, ...names.get(word) })
  }
  const both = (text: string, named: Named) => {
    name(plural(text), { ...named, isPlural: true })
    name(singular(text), named)
    name(text, named)
  }
  for (const { name: category, prefix } of known.categories) {
    both(category, { category })
    name(prefix, { category })
  }
  for (const [word, kinds] of kindNames(known.kinds)) both(word, { kinds })
  for (const [word, kind] of Object.entries(kindWords)) if (known.kinds.includes(kind)) both(word, { kinds: [kind] })
  for (const [code, display] of known.families) {
    name(code, { family: code })
    name(display, { family: code })
  }
  for (const tag of new Set(known.assets.flatMap(({ tags }) => tags))) {
    name(tag, { tag })
    if (!/s$/.test(tag)) name(plural(tag), { tag, isPlural: true })
  }
  for (const [code, display] of known.variants) {
    name(code, { variant: code })
    name(display, { variant: code })
  }
  for (const format of known.formats) name(format, { format })
  for (const level of known.levels) name(level, { level })
  for (const framework of known.frameworks) name(framework, { framework })
  for (const site of known.sites) name(site, { site })
  for (const spec of known.specs) name(spec, { spec })
  for (const provider of known.providers) name(provider, { provider })
  return names
}

/** `ai-prompts` is also `ai prompts` and, with style-prompts, `prompts`; `configs/global` is `global configs` and, with others, `configs`. */
function kindNames(kinds: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const name = (word: string, kind: string) => found.set(word, [...(found.get(word) ?? []), kind])
  for (const kind of kinds) {
    const [whole, part] = kind.split('/') as [string, string?]
    const spoken = (part ?? whole).replaceAll('-', ' ')
    name(kind, kind)
    if (part !== undefined) {
      name(`${spoken} ${whole}`, kind)
      name(whole, kind)
    }
    if (spoken !== kind) name(spoken, kind)
    const last = spoken.split(' ').at(-1)!
    if (last !== spoken && !kinds.includes(last)) name(last, kind)
  }
  return found
}

export function singular(word: string): string {
  if (/ies$/i.test(word)) return word.replace(/ies$/i, 'y')
  return /[^s]s$/i.test(word) ? word.slice(0, -1) : word
}

export function plural(word: string): string {
  if (/s$/i.test(word)) return word
  return /[^aeiou]y$/i.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`
}

import { refsByLastPart, type Value } from './value.ts'
import { isEmpty, namesFrom, takeSelection, isTagName, type Selection } from './selection.ts'
import { beginning, commands, isGlue, isPronoun, means, type Grammar, type Part } from './sentence.ts'
import { isVerb, type Concept } from './lexicon.ts'

/** What a frame made of a sentence: an operation with what it was told, and the assets that it is for. */
export interface Draft {
  operation: string
  input: Record<string, unknown>
  selection?: Selection
  /** Where the refs of the selection go. */
  member?: string
  /** One call for all, one for each, or one asset alone. */
  many?: 'list' | 'calls' | 'one'
  /** Members without which nothing can be done, in the order in which they are asked for. */
  needs?: readonly string[]
  /** `everything` needs no refs. */
  allIsNone?: boolean
}

/** A sentence while one frame reads it; what the frame understood is taken. */
export type Turn = ReturnType<typeof createTurn>

export function createTurn(sentence: readonly Part[], grammar: Grammar) {
  const parts = sentence.map((part): Part => ({ ...part }))
  const { at, asks } = beginning(parts)
  for (const part of parts.slice(0, at)) part.isTaken = true
  const head = parts[at]
  const own = parts.slice(at)
  const isPreview = own.some((part) => part.lower === 'would' || part.lower === "what'd" || means(part, 'preview')) || has('dry')
  const isLook = commands(head, 'look', 'search', 'get')
  const open = (part: Part) => !part.isTaken

  function has(lower: string): boolean {
    return own.some((part) => part.sort === 'word' && part.lower === lower && !part.isTaken)
  }
  function take(part: Part | undefined): boolean {
    if (part) part.isTaken = true
    return part !== undefined
  }
  const first = (test: (part: Part) => boolean) => own.find((part) => open(part) && test(part))

  return {
    parts: own,
    grammar,
    head,
    asks,
    isPreview,
    isLook,
    /** The command that the sentence begins with. A question is none. */
    begins: (...concepts: readonly Concept[]) => !asks && commands(head, ...concepts) && take(head),
    /** The same, and a word within the sentence will do when no other command begins it. */
    orders(...concepts: readonly Concept[]): boolean {
      if (asks && !isPreview) return false
      if (commands(head, ...concepts)) return take(head)
      const headIsOther = head?.meanings.some(({ concept, isBase }) => isBase && isVerb(concept)) === true && head.sort === 'word' && !isPreview && head.value === undefined
      return !headIsOther && take(first((part) => means(part, ...concepts)))
    },
    means: (...concepts: readonly Concept[]) => own.some((part) => open(part) && means(part, ...concepts)),
    take: (...concepts: readonly Concept[]) => take(first((part) => means(part, ...concepts))),
    drop(...concepts: readonly Concept[]): void {
      for (const part of own) if (open(part) && means(part, ...concepts)) part.isTaken = true
    },
    has,
    takeWord: (...words: readonly string[]) => take(first((part) => part.sort === 'word' && words.includes(part.lower))),
    dropWords(...words: readonly string[]): void {
      for (const part of own) if (part.sort === 'word' && words.includes(part.lower)) part.isTaken = true
    },
    peek: (type: Value['type']) => own.some((part) => open(part) && part.value?.type === type),
    value<T extends Value['type']>(type: T): Extract<Value, { type: T }> | undefined {
      const part = first((one) => one.value?.type === type)
      take(part)
      return part?.value as Extract<Value, { type: T }> | undefined
    },
    values<T extends Value['type']>(type: T): Extract<Value, { type: T }>[] {
      const found = own.filter((part) => open(part) && part.value?.type === type)
      found.forEach(take)
      return found.map((part) => part.value as Extract<Value, { type: T }>)
    },
    /** A path, or a plain word where only a path can stand: behind one of these words. */
    place(...before: readonly string[]): string | undefined {
      for (const [i, part] of own.entries()) {
        const skipped = own.slice(i + 1).findIndex(({ lower }) => !/^(?:the|a|folder|directory)$/.test(lower))
        const next = own[i + 1 + skipped]
        if (part.sort !== 'word' || !before.includes(part.lower) || !next || next.isTaken || next.sort === 'mark') continue
        if (next.value?.type === 'path' || (!next.value && isPlainName(next))) {
          for (const one of own.slice(i, i + 2 + skipped)) one.isTaken = true
          return next.text
        }
      }
      return undefined
    },
    /** The text behind a word that announces it: quoted, or up to the next mark. */
    told(...cues: readonly string[]): string | undefined {
      const cue = own.findIndex((part) => open(part) && part.sort === 'word' && cues.includes(part.lower))
      if (cue < 0) return undefined
      let next = cue + 1
      while (own[next] && own[next]!.sort === 'word' && announcing.has(own[next]!.lower)) next++
      const part = own[next]
      if (!part || part.sort === 'mark' || part.isTaken) return undefined
      for (const one of own.slice(cue, next + 1)) one.isTaken = true
      return part.text
    },
    /** The names in the list that begins behind a place. */
    names: (from: number) => namesFrom(own, from, isTagName),
    select(wish: { prefersKind?: boolean; describedOnly?: boolean } = {}): Selection {
      const selection = takeSelection(own, grammar, wish)
      const isNamed = selection.refs.length > 0 || selection.pronoun || selection.isAll
      if (wish.describedOnly || isNamed || (!isEmpty(selection) && selection.kind.length === 0)) return selection
      // `the release workflow`: the last part of an id, when only one asset has it.
      const byLast = refsByLastPart(grammar.known)
      const refOf = ({ text }: Part) => {
        const [ref, ...others] = (byLast.get(text) ?? []).filter((one) => selection.kind.length === 0 || selection.kind.some((kind) => one.startsWith(`${kind}/`)))
        return others.length === 0 ? ref : undefined
      }
      const part = first((one) => one.sort === 'word' && !isGlue(one) && refOf(one) !== undefined)
      if (!part) return selection
      take(part)
      return { ...selection, kind: [], refs: [refOf(part)!] }
    },
    /** Two assets, each as it was named, `it` among them. */
    left: () => own.filter(open),
    pronoun: () => own.find((part) => open(part) && isPronoun(part)),
  }
}

const announcing = new Set(['text', 'as', 'is', 'to', 'with', 'the', 'a', 'saying', ':', 'of', 'under', 'by', 'name', 'called', 'named'])

/** May be the name of a folder or of an item: a word that is nothing else. */
function isPlainName({ sort, named, lower, meanings, value }: Part): boolean {
  const isKnown = value !== undefined || Object.keys(named).length > 0 || meanings.some(({ isBase }) => isBase)
  const points = /^(?:the|a|an|my|our|all|it|them|this|that|these|those|version|everything)$/.test(lower)
  return sort === 'quoted' || (sort === 'word' && !isKnown && !points)
}
